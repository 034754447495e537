"""The run-time compiler: ``vectorize`` and ``jit``."""
