"""Functions built on the array core, laid out as ``numpy.lib``."""
