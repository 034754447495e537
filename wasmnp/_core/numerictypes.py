"""The tree of scalar types."""

from . import _multiarray_umath
from ._multiarray_umath import generic

__all__ = sorted(
    name
    for name in dir(_multiarray_umath)
    if isinstance(getattr(_multiarray_umath, name), type) and issubclass(getattr(_multiarray_umath, name), generic)
)
globals().update({name: getattr(_multiarray_umath, name) for name in __all__ if not name.startswith("_")})
__all__ = [name for name in __all__ if not name.startswith("_")]
