"""Functions that order elements and find them; the work is native."""

from __future__ import annotations

from typing import Any

from .._globals import _NoValue
from ._multiarray_umath import asanyarray
from ._multiarray_umath import lexsort as _lexsort
from ._selection import _method
from .overrides import array_function_dispatch

__all__ = [
    "argmax",
    "argmin",
    "argpartition",
    "argsort",
    "cumprod",
    "cumsum",
    "lexsort",
    "partition",
    "searchsorted",
    "sort",
]


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


def _ordered_copy(a: Any, axis: Any) -> tuple[Any, Any]:
    """What to sort in place: a copy, flat where the axis is None."""
    array = asanyarray(a)
    return (array.flatten(), -1) if axis is None else (array.copy(order="K"), axis)


@array_function_dispatch(lambda a, axis=None, kind=None, order=None, *, stable=None: (a,))
def sort(a: Any, axis: Any = -1, kind: Any = None, order: Any = None, *, stable: Any = None) -> Any:
    """
    A sorted copy of an array.

    Parameters
    ----------
    a : array_like
    axis : int or None
        The axis to sort along; None sorts all elements.
    kind : {'quicksort', 'mergesort', 'heapsort', 'stable'}, optional
        ``'mergesort'`` and ``'stable'`` keep the order of equal elements.
    order : str or list of str, optional
        Fields to sort structured elements by.
    stable : bool, optional
        Keep the order of equal elements; instead of `kind`.

    Returns
    -------
    ndarray
        NaN goes last; complex numbers are sorted by their real parts first.

    Raises
    ------
    AxisError
        If there is no such axis.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.sort([[1, 4], [3, 1]])
    array([[1, 4],
           [1, 3]])
    """
    result, axis = _ordered_copy(a, axis)
    result.sort(axis=axis, kind=kind, order=order, stable=stable)
    return result


@array_function_dispatch(lambda a, axis=None, kind=None, order=None, *, stable=None: (a,))
def argsort(a: Any, axis: Any = -1, kind: Any = None, order: Any = None, *, stable: Any = None) -> Any:
    """
    Places of the elements in sorted order.

    Parameters
    ----------
    a, axis, kind, order, stable
        As for `sort`.

    Returns
    -------
    ndarray of ints

    Examples
    --------
    >>> import wasmnp as np
    >>> np.argsort([3, 1, 2])
    array([1, 2, 0])
    """
    return _method(a, "argsort")(axis=axis, kind=kind, order=order, stable=stable)


@array_function_dispatch(lambda a, kth, axis=None, kind=None, order=None: (a,))
def partition(a: Any, kth: Any, axis: Any = -1, kind: str = "introselect", order: Any = None) -> Any:
    """
    A copy of an array with the elements of given ranks in their places.

    Parameters
    ----------
    a : array_like
    kth : int or sequence of ints
        The ranks. Smaller elements come before each, larger ones after it.
    axis : int or None
        The axis; None takes all elements.
    kind : {'introselect'}
    order : str or list of str, optional
        Fields to sort structured elements by.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If a rank is out of bounds.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.partition([3, 4, 2, 1], 2)[2]
    np.int64(3)
    """
    result, axis = _ordered_copy(a, axis)
    result.partition(kth, axis=axis, kind=kind, order=order)
    return result


@array_function_dispatch(lambda a, kth, axis=None, kind=None, order=None: (a,))
def argpartition(a: Any, kth: Any, axis: Any = -1, kind: str = "introselect", order: Any = None) -> Any:
    """
    Places of the elements in the order that `partition` gives.

    Parameters
    ----------
    a, kth, axis, kind, order
        As for `partition`.

    Returns
    -------
    ndarray of ints

    Examples
    --------
    >>> import wasmnp as np
    >>> np.argpartition([30, 40, 20], 0)[0]
    np.int64(2)
    """
    return _method(a, "argpartition")(kth, axis=axis, kind=kind, order=order)


@array_function_dispatch(lambda a, v, side=None, sorter=None: (a, v, sorter))
def searchsorted(a: Any, v: Any, side: str = "left", sorter: Any = None) -> Any:
    """
    Where elements belong in a sorted array.

    Parameters
    ----------
    a : array_like, 1-d
        In ascending order, unless `sorter` is given.
    v : array_like
        What to find places for.
    side : {'left', 'right'}
        Before or after equal elements.
    sorter : array_like of int, optional
        The places of the elements of `a` in order.

    Returns
    -------
    ndarray of ints or int
        Of the shape of `v`.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.searchsorted([11, 12, 14], [12, 13])
    array([1, 2])
    """
    return _method(a, "searchsorted")(v, side=side, sorter=sorter)


@array_function_dispatch(lambda a, axis=None, dtype=None, out=None: (a, out))
def cumsum(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    """
    Sums of the elements up to each along an axis.

    Parameters
    ----------
    a : array_like
    axis : int, optional
        By default all elements in C order.
    dtype : dtype, optional
        The type to sum in.
    out : ndarray, optional
        Where to put the result.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> np.cumsum([1, 2, 3])
    array([1, 3, 6])
    """
    return _method(a, "cumsum")(axis=axis, dtype=dtype, out=out)


@array_function_dispatch(lambda a, axis=None, dtype=None, out=None: (a, out))
def cumprod(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    """
    Products of the elements up to each along an axis.

    Parameters
    ----------
    a, axis, dtype, out
        As for `cumsum`.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> np.cumprod([1, 2, 3])
    array([1, 2, 6])
    """
    return _method(a, "cumprod")(axis=axis, dtype=dtype, out=out)


lexsort = array_function_dispatch(lambda keys, axis=None: keys if isinstance(keys, tuple) else (keys,))(_lexsort)
