"""Arrays with properties that are asked for."""

from __future__ import annotations

from typing import Any

from .multiarray import array, asanyarray
from .overrides import array_function_dispatch

__all__ = ["require"]

_PROPERTIES = {
    **dict.fromkeys(("C", "C_CONTIGUOUS", "CONTIGUOUS"), "C"),
    **dict.fromkeys(("F", "F_CONTIGUOUS", "FORTRAN"), "F"),
    **dict.fromkeys(("A", "ALIGNED"), "A"),
    **dict.fromkeys(("W", "WRITEABLE"), "W"),
    **dict.fromkeys(("O", "OWNDATA"), "O"),
    **dict.fromkeys(("E", "ENSUREARRAY"), "E"),
}


@array_function_dispatch()
def require(a: Any, dtype: Any = None, requirements: Any = None, *, like: Any = None) -> Any:
    """
    An array that has the properties wanted; a copy only if it must be.

    Parameters
    ----------
    a : array_like
        What to convert.
    dtype : dtype, optional
        Type of the elements.
    requirements : str or sequence of str, optional
        ``'C'``, ``'F'``: contiguous in that order; ``'A'``: aligned; ``'W'``: writeable; ``'O'``: owns its memory;
        ``'E'``: no subclass. Their long names are known, too.
    like : array_like, optional
        Create through its ``__array_function__``.

    Returns
    -------
    ndarray

    Raises
    ------
    KeyError
        For other properties.
    ValueError
        If both orders are asked for.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.require(np.arange(6).reshape(2, 3).T, requirements="C").flags.c_contiguous
    True
    """
    if not requirements:
        return asanyarray(a, dtype=dtype)
    wanted = {_PROPERTIES[one.upper()] for one in requirements}
    subok = "E" not in wanted
    wanted.discard("E")
    if {"C", "F"} <= wanted:
        raise ValueError('Cannot specify both "C" and "F" order')
    order = next((one for one in "CF" if one in wanted), "A")
    result = array(a, dtype=dtype, order=order, copy=None, subok=subok)
    if any(not result.flags[one] for one in wanted - {"C", "F"}):
        return result.copy(order)
    return result
