"""Classes of the data types, laid out as ``numpy.dtypes``."""

from ._core._multiarray_umath import dtype as _dtype

_classes = {cls.__name__: cls for cls in _dtype.__subclasses__() if not cls.__name__.startswith("_")}
# C's integers; which of these names are second names of a class depends on the platform.
for _name, _code in {"Byte": "b", "Short": "h", "Int": "i", "Long": "l", "LongLong": "q"}.items():
    _classes |= {f"{_name}DType": type(_dtype(_code)), f"U{_name}DType": type(_dtype(_code.upper()))}
globals().update(_classes)
__all__ = list(_classes)
