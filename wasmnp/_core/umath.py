"""Ufuncs of the compiled core."""

from . import _multiarray_umath
from ._multiarray_umath import ufunc

__all__ = sorted(name for name in dir(_multiarray_umath) if isinstance(getattr(_multiarray_umath, name), ufunc))
globals().update({name: getattr(_multiarray_umath, name) for name in __all__})
