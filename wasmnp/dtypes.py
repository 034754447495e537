"""Classes of the data types, laid out as ``numpy.dtypes``."""

from ._core._multiarray_umath import dtype as _dtype

_classes = {cls.__name__: cls for cls in _dtype.__subclasses__() if not cls.__name__.startswith("_")}
globals().update(_classes)
__all__ = list(_classes)
