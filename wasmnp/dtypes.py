"""Classes of the data types, laid out as ``numpy.dtypes``."""

from ._core._multiarray_umath import dtype as _dtype

__all__ = []
for _code in ("?", "i1", "u1", "i2", "i4", "i8", "f4", "f8", "c8", "c16"):
    _class = type(_dtype(_code))
    globals()[_class.__name__] = _class
    __all__.append(_class.__name__)
