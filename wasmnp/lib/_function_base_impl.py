"""Functions on arrays that need no machinery of their own."""

from __future__ import annotations

import math
from typing import Any

from .._core._multiarray_umath import _place, absolute, arange, array, asanyarray, ndarray, sin
from .._core._selection import flatnonzero
from .._core.overrides import array_function_dispatch

__all__ = ["extract", "hanning", "iterable", "place"]


def hanning(M):
    """
    Return the Hann window: one period of a raised cosine, zero at both ends.

    Parameters
    ----------
    M : int
        Number of points; an empty window for less than 1.

    Returns
    -------
    ndarray
        The window, float64, shape (M,), with maximum 1 (which is reached when M is odd). It is symmetric to the bit.

    Notes
    -----
    w(k) = 1/2 - 1/2 cos(2 pi k / (M - 1)), with the cosine taken as the sine of a quarter turn less or more.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.hanning(5)
    array([0. , 0.5, 1. , 0.5, 0. ])
    """
    if M < 1:
        return array([], dtype="f8")
    if M == 1:
        return array([1.0])
    # Twice the distance from the middle, counted in samples, so that both halves get the same arguments.
    distance = absolute(arange(1 - M, M, 2))
    return 0.5 + 0.5 * sin((M - 1 - 2 * distance) * (math.pi / 2 / (M - 1)))


hanning.__module__ = __name__.partition(".")[0]


@array_function_dispatch(lambda condition, arr: (condition, arr))
def extract(condition: Any, arr: Any) -> Any:
    """
    The elements of an array where a condition holds.

    Parameters
    ----------
    condition : array_like
        Its elements in C order, zero or not.
    arr : array_like
        As many elements.

    Returns
    -------
    ndarray
        1-d.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.extract([True, False, True], [1, 2, 3])
    array([1, 3])
    """
    return asanyarray(arr).ravel().take(flatnonzero(condition))


@array_function_dispatch(lambda arr, mask, vals: (arr, mask, vals))
def place(arr: ndarray, mask: Any, vals: Any) -> None:
    """
    Set the elements where a mask is true to values that are used one after the other.

    Parameters
    ----------
    arr : ndarray
        The array to change.
    mask : array_like of bool
        As many elements as `arr`.
    vals : array_like
        Started again when used up.

    Raises
    ------
    ValueError
        If there are elements to set and no values.

    Examples
    --------
    >>> import wasmnp as np
    >>> a = np.arange(6).reshape(2, 3)
    >>> np.place(a, a > 2, [44, 55])
    >>> a
    array([[ 0,  1,  2],
           [44, 55, 44]])
    """
    return _place(arr, mask, vals)


def iterable(y: Any) -> bool:
    """
    Whether an object can be iterated over; 0-d arrays cannot.

    Parameters
    ----------
    y : any
        The object.

    Returns
    -------
    bool

    Examples
    --------
    >>> import wasmnp as np
    >>> np.iterable([1, 2]), np.iterable(2)
    (True, False)
    """
    try:
        iter(y)
    except TypeError:
        return False
    return True


iterable.__module__ = __name__.partition(".")[0]
