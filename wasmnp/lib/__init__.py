"""Functions built on the array core, laid out as ``numpy.lib``."""

from . import stride_tricks

__all__ = ["stride_tricks"]
