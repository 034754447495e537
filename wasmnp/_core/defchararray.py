"""Comparisons of arrays of text as Fortran has them: blanks at the end do not count."""

from __future__ import annotations

from typing import Any

from . import umath
from ._multiarray_umath import asarray, empty, ndarray
from .overrides import array_function_dispatch

__all__ = ["compare_chararrays", "equal", "greater", "greater_equal", "less", "less_equal", "not_equal"]

_OPERATIONS = {
    "==": umath.equal,
    "!=": umath.not_equal,
    "<": umath.less,
    "<=": umath.less_equal,
    ">": umath.greater,
    ">=": umath.greater_equal,
}


def _text(array: Any) -> ndarray:
    text = asarray(array)
    if text.dtype.kind not in "SU":
        raise TypeError("comparison of non-string arrays")
    return text


def _stripped(text: ndarray) -> ndarray:
    out = empty(text.shape, object)
    flat = out.reshape(-1)
    for i, value in enumerate(text.reshape(-1).tolist()):
        flat[i] = value.rstrip()
    return out.astype(text.dtype)


def compare_chararrays(a1: Any, a2: Any, cmp: str, rstrip: bool) -> Any:
    """
    Compare two arrays of text element by element.

    Parameters
    ----------
    a1, a2 : array_like of str or bytes
        Of the same shape.
    cmp : {"<", "<=", "==", ">=", ">", "!="}
    rstrip : bool
        Whether blanks at the end are left out.

    Returns
    -------
    ndarray of bool

    Raises
    ------
    ValueError
        For another `cmp`.
    TypeError
        If an array is not of text.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.char.compare_chararrays(["a", "b "], ["a", "b"], "==", True)
    array([ True,  True])
    """
    if isinstance(cmp, bytes):
        cmp = cmp.decode("ascii")
    if cmp not in _OPERATIONS:
        raise ValueError(f"comparison must be '==', '!=', '<', '>', '<=', '>=', not {cmp!r}")
    first, second = _text(a1), _text(a2)
    if rstrip:
        first, second = _stripped(first), _stripped(second)
    return _OPERATIONS[cmp](first, second)


def _comparison(name: str, sign: str) -> Any:
    def compare(x1: Any, x2: Any) -> Any:
        return compare_chararrays(x1, x2, sign, True)

    compare.__name__ = compare.__qualname__ = name
    compare.__doc__ = f"""
    Whether ``x1 {sign} x2``, element by element, with blanks at the end left out.

    Parameters
    ----------
    x1, x2 : array_like of str or bytes

    Returns
    -------
    ndarray of bool

    Examples
    --------
    >>> import wasmnp as np
    >>> np.char.{name}(["a "], ["a"]).tolist() in ([True], [False])
    True
    """
    return array_function_dispatch(lambda x1, x2: (x1, x2), module="char")(compare)


equal = _comparison("equal", "==")
not_equal = _comparison("not_equal", "!=")
less = _comparison("less", "<")
less_equal = _comparison("less_equal", "<=")
greater = _comparison("greater", ">")
greater_equal = _comparison("greater_equal", ">=")
