"""Functions that give complex results where real ones do not exist (``wasmnp.emath``)."""

from ._scimath_impl import arccos, arcsin, arctanh, log, log2, log10, logn, power, sqrt

__all__ = ["arccos", "arcsin", "arctanh", "log", "log2", "log10", "logn", "power", "sqrt"]
