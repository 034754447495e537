"""Functions that order elements and find them; the work is native."""

from __future__ import annotations

from typing import Any

from .._globals import _NoValue
from ._selection import _method
from .overrides import array_function_dispatch

__all__ = ["argmax", "argmin"]


def _kept(keepdims: Any) -> dict[str, Any]:
    return {} if keepdims is _NoValue else {"keepdims": keepdims}


@array_function_dispatch(lambda a, axis=None, out=None, *, keepdims=None: (a, out))
def argmax(a: Any, axis: Any = None, out: Any = None, *, keepdims: Any = _NoValue) -> Any:
    """
    Places of the largest elements along an axis, the first of equals; NaN is the largest.

    Parameters
    ----------
    a : array_like
    axis : int, optional
        By default the place among all elements in C order.
    out : ndarray, optional
        Where to put the result.
    keepdims : bool, optional
        Keep the axis with length 1.

    Returns
    -------
    ndarray of ints or scalar

    Raises
    ------
    ValueError
        If there are no elements along the axis.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.argmax([[1, 9, 2], [7, 3, 5]], axis=1)
    array([1, 0])
    """
    return _method(a, "argmax")(axis=axis, out=out, **_kept(keepdims))


@array_function_dispatch(lambda a, axis=None, out=None, *, keepdims=None: (a, out))
def argmin(a: Any, axis: Any = None, out: Any = None, *, keepdims: Any = _NoValue) -> Any:
    """
    Places of the smallest elements along an axis, the first of equals; NaN is the smallest.

    Parameters
    ----------
    a, axis, out, keepdims
        As for `argmax`.

    Returns
    -------
    ndarray of ints or scalar

    Examples
    --------
    >>> import wasmnp as np
    >>> np.argmin([[1, 9, 2], [7, 3, 5]], axis=1)
    array([0, 1])
    """
    return _method(a, "argmin")(axis=axis, out=out, **_kept(keepdims))
