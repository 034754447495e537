"""The tree of scalar types."""

from __future__ import annotations

from typing import Any

from . import _multiarray_umath
from ._multiarray_umath import dtype, generic

__all__ = sorted(
    name
    for name in dir(_multiarray_umath)
    if isinstance(getattr(_multiarray_umath, name), type) and issubclass(getattr(_multiarray_umath, name), generic)
)
globals().update({name: getattr(_multiarray_umath, name) for name in __all__ if not name.startswith("_")})
__all__ = [name for name in __all__ if not name.startswith("_")]


def issubdtype(arg1: Any, arg2: Any) -> bool:
    """
    Whether a data type is another one, or lies below it in the tree of types.

    Parameters
    ----------
    arg1, arg2 : dtype or scalar type, or what makes a dtype
        `arg2` is mostly an abstract type, for example ``np.floating``.

    Returns
    -------
    bool

    Examples
    --------
    >>> import wasmnp as np
    >>> np.issubdtype("f4", np.floating)
    True
    >>> np.issubdtype(np.float64, np.float32)
    False
    """
    below, above = (
        kind if isinstance(kind, type) and issubclass(kind, generic) else dtype(kind).type for kind in (arg1, arg2)
    )
    return issubclass(below, above)


issubdtype.__module__ = __name__.partition(".")[0]
__all__ += ["issubdtype"]
