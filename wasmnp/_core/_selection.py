"""Functions that select elements by index or condition; the work is native."""

from __future__ import annotations

from typing import Any

from . import _multiarray_umath
from ._multiarray_umath import _count_nonzero, asanyarray, asarray, ndarray
from .overrides import array_function_dispatch

_INTP = _multiarray_umath.dtype("p").type

__all__ = [
    "argwhere",
    "choose",
    "compress",
    "count_nonzero",
    "flatnonzero",
    "nonzero",
    "put",
    "putmask",
    "repeat",
    "take",
    "where",
]

where = array_function_dispatch(lambda condition, x=None, y=None, /: (condition, x, y))(_multiarray_umath.where)
putmask = array_function_dispatch(lambda a, /, mask, values: (a, mask, values))(_multiarray_umath.putmask)


def _method(a: Any, name: str) -> Any:
    """The method of ``a`` where it is an array of any kind, else of the array made from it."""
    own = getattr(a, name, None)
    return asarray(a).__getattribute__(name) if own is None or isinstance(a, list | tuple) else own


@array_function_dispatch(lambda a, indices, axis=None, out=None, mode=None: (a, out))
def take(a: Any, indices: Any, axis: Any = None, out: Any = None, mode: str = "raise") -> Any:
    """
    Elements of an array along an axis, by their indices.

    Parameters
    ----------
    a : array_like
        Where to take from.
    indices : array_like of int
        Any shape.
    axis : int, optional
        The axis; by default the elements in C order.
    out : ndarray, optional
        Where to put the result, of the right shape.
    mode : {'raise', 'wrap', 'clip'}
        What happens to indices out of bounds. ``'clip'`` makes negative ones 0.

    Returns
    -------
    ndarray
        The axis is replaced by those of `indices`.

    Raises
    ------
    IndexError
        For indices out of bounds under ``'raise'``.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.take([4, 3, 5, 7], [[0, 1], [2, 3]])
    array([[4, 3],
           [5, 7]])
    """
    return _method(a, "take")(indices, axis=axis, out=out, mode=mode)


@array_function_dispatch(lambda a, ind, v, mode=None: (a, ind, v))
def put(a: ndarray, ind: Any, v: Any, mode: str = "raise") -> None:
    """
    Set elements of an array by their indices in C order.

    Parameters
    ----------
    a : ndarray
        The array to change.
    ind : array_like of int
        The places.
    v : array_like
        The values, repeated where there are fewer of them.
    mode : {'raise', 'wrap', 'clip'}
        What happens to indices out of bounds.

    Raises
    ------
    TypeError
        If `a` is not an array.
    IndexError
        For indices out of bounds under ``'raise'``; nothing is written then.

    Examples
    --------
    >>> import wasmnp as np
    >>> a = np.arange(5)
    >>> np.put(a, [0, 2], [-44, -55])
    >>> a
    array([-44,   1, -55,   3,   4])
    """
    try:
        method = a.put
    except AttributeError as error:
        raise TypeError(f"argument 1 must be numpy.ndarray, not {type(a)}") from error
    return method(ind, v, mode=mode)


@array_function_dispatch(lambda condition, a, axis=None, out=None: (condition, a, out))
def compress(condition: Any, a: Any, axis: Any = None, out: Any = None) -> Any:
    """
    Parts of an array along an axis where a condition holds.

    Parameters
    ----------
    condition : array_like of bool, 1-d
        If it is shorter than the axis, the rest is left out.
    a : array_like
        Where to take from.
    axis : int, optional
        The axis; by default the elements in C order.
    out : ndarray, optional
        Where to put the result.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> np.compress([False, True, True], [[1, 2], [3, 4], [5, 6]], axis=0)
    array([[3, 4],
           [5, 6]])
    """
    return _method(a, "compress")(condition, axis=axis, out=out)


@array_function_dispatch(lambda a, repeats, axis=None: (a,))
def repeat(a: Any, repeats: Any, axis: Any = None) -> Any:
    """
    Each element of an array several times in a row.

    Parameters
    ----------
    a : array_like
        What to repeat.
    repeats : int or array_like of int
        How often, for all or for each place of the axis.
    axis : int, optional
        The axis; by default the elements in C order.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> np.repeat([[1, 2], [3, 4]], [1, 2], axis=0)
    array([[1, 2],
           [3, 4],
           [3, 4]])
    """
    return _method(a, "repeat")(repeats, axis=axis)


@array_function_dispatch(lambda a, choices, out=None, mode=None: (a, *choices, out))
def choose(a: Any, choices: Any, out: Any = None, mode: str = "raise") -> Any:
    """
    An array put together from several, an index saying which.

    Parameters
    ----------
    a : array_like of int
        The choice to take each element from.
    choices : sequence of array_like
        They are broadcast together with `a`.
    out : ndarray, optional
        Where to put the result.
    mode : {'raise', 'wrap', 'clip'}
        What happens to numbers that are no choice.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        For numbers that are no choice under ``'raise'``, negative ones included.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.choose([1, 0, 1], [[0, 1, 2], [10, 11, 12]])
    array([10,  1, 12])
    """
    return _method(a, "choose")(choices, out=out, mode=mode)


@array_function_dispatch(lambda a: (a,))
def nonzero(a: Any) -> Any:
    """
    Indices of the elements that are not zero.

    Parameters
    ----------
    a : array_like
        At least one axis.

    Returns
    -------
    tuple of ndarray
        An array for each axis; together they index the elements in C order.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.nonzero([[3, 0], [0, 4]])
    (array([0, 1]), array([0, 1]))
    """
    return _method(a, "nonzero")()


@array_function_dispatch(lambda a: (a,))
def argwhere(a: Any) -> Any:
    """
    Indices of the elements that are not zero, a row for each.

    Parameters
    ----------
    a : array_like
        Elements to test.

    Returns
    -------
    ndarray of intp, shape (N, a.ndim)

    Examples
    --------
    >>> import wasmnp as np
    >>> np.argwhere([[3, 0], [0, 4]])
    array([[0, 0],
           [1, 1]])
    """
    array = asanyarray(a)
    if array.ndim == 0:
        return argwhere(array.reshape(1))[:, :0]
    columns = array.nonzero()
    result = _multiarray_umath.empty((array.ndim, len(columns[0])), dtype=columns[0].dtype)
    for axis, column in enumerate(columns):
        result[axis] = column
    return result.T


@array_function_dispatch(lambda a: (a,))
def flatnonzero(a: Any) -> Any:
    """
    Indices, in C order, of the elements that are not zero.

    Parameters
    ----------
    a : array_like
        Elements to test.

    Returns
    -------
    ndarray of intp

    Examples
    --------
    >>> import wasmnp as np
    >>> np.flatnonzero([[3, 0], [0, 4]])
    array([0, 3])
    """
    return asanyarray(a).ravel().nonzero()[0]


@array_function_dispatch(lambda a, axis=None, *, keepdims=None: (a,))
def count_nonzero(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    """
    How many elements are not zero.

    Parameters
    ----------
    a : array_like
        Elements to test.
    axis : None, int or tuple of ints
        The axes to count along; all by default.
    keepdims : bool
        Keep the axes with length 1.

    Returns
    -------
    intp or ndarray of intp

    Examples
    --------
    >>> import wasmnp as np
    >>> np.count_nonzero([[0, 1, 7], [3, 0, 2]], axis=1)
    array([2, 2])
    """
    if axis is None and not keepdims:
        return _INTP(_count_nonzero(a))
    return asanyarray(a).astype(bool).sum(axis=axis, dtype="p", keepdims=keepdims)
