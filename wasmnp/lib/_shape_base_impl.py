"""Selection and functions along axes; arrays split, tiled and put together."""

from __future__ import annotations

import itertools
import warnings
from typing import Any

from .. import _core as _nx
from .._core._axes import normalize_axis_index, normalize_axis_tuple
from .._core._conversion import wrap_like
from .._core._multiarray_umath import arange, asanyarray, asarray, ndarray
from .._core.overrides import array_function_dispatch
from .._core.shape_base import _stack_dispatcher, _stacked, atleast_3d, vstack

__all__ = [
    "apply_along_axis",
    "apply_over_axes",
    "array_split",
    "column_stack",
    "dsplit",
    "dstack",
    "expand_dims",
    "hsplit",
    "kron",
    "put_along_axis",
    "row_stack",
    "split",
    "take_along_axis",
    "tile",
    "vsplit",
]


def _key_along(shape: tuple[int, ...], indices: ndarray, axis: int) -> tuple[Any, ...]:
    """The key that selects ``indices`` along one axis and everything, place by place, along the others."""
    if indices.dtype.kind not in "iu":
        raise IndexError("`indices` must be an integer array")
    if len(shape) != indices.ndim:
        raise ValueError("`indices` and `arr` must have the same number of dimensions")
    ones = [1] * indices.ndim
    return tuple(
        indices if place == axis else arange(extent).reshape([*ones[:place], -1, *ones[place + 1 :]])
        for place, extent in enumerate(shape)
    )


@array_function_dispatch(lambda arr, indices, axis=None: (arr, indices))
def take_along_axis(arr: Any, indices: Any, axis: Any = -1) -> Any:
    """
    Elements of each 1-d part of an array, by indices of their own.

    Parameters
    ----------
    arr : ndarray
        Where to take from.
    indices : ndarray of int
        As many axes as `arr`, broadcast against it along the others.
    axis : int or None
        The axis that the indices are along; None: the elements in C order.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> np.take_along_axis(np.array([[10, 30, 20], [60, 40, 50]]), np.array([[0, 2], [1, 2]]), axis=1)
    array([[10, 20],
           [40, 50]])
    """
    if axis is None:
        if indices.ndim != 1:
            raise ValueError("when axis=None, `indices` must have a single dimension.")
        arr, place = arr.ravel(), 0
    else:
        place = normalize_axis_index(axis, arr.ndim)
    return arr[_key_along(arr.shape, indices, place)]


@array_function_dispatch(lambda arr, indices, values, axis: (arr, indices, values))
def put_along_axis(arr: Any, indices: Any, values: Any, axis: Any) -> None:
    """
    Set elements of each 1-d part of an array, by indices of their own.

    Parameters
    ----------
    arr : ndarray
        The array to change.
    indices : ndarray of int
        As many axes as `arr`, broadcast against it along the others.
    values : array_like
        Broadcast to the elements that are set.
    axis : int or None
        The axis that the indices are along; None: the elements in C order.

    Examples
    --------
    >>> import wasmnp as np
    >>> a = np.array([[10, 30, 20], [60, 40, 50]])
    >>> np.put_along_axis(a, np.array([[1], [0]]), 99, axis=1)
    >>> a
    array([[10, 99, 20],
           [99, 40, 50]])
    """
    if axis is not None:
        arr[_key_along(arr.shape, indices, normalize_axis_index(axis, arr.ndim))] = values
        return
    if indices.ndim != 1:
        raise ValueError("when axis=None, `indices` must have a single dimension.")
    flat = arr.ravel()
    flat[indices] = values
    if not arr.flags.c_contiguous:
        arr[...] = flat.reshape(arr.shape)


@array_function_dispatch(lambda func1d, axis, arr, *args, **kwargs: (arr,))
def apply_along_axis(func1d: Any, axis: int, arr: Any, *args: Any, **kwargs: Any) -> Any:
    """
    A function applied to each 1-d part of an array along an axis.

    Parameters
    ----------
    func1d : callable
        Takes a 1-d array; what it returns has the same shape for all parts.
    axis : int
        The axis that the parts lie along.
    arr : array_like
        The array.
    *args, **kwargs
        Passed to the function.

    Returns
    -------
    ndarray
        The axis is replaced by those of what the function returns.

    Raises
    ------
    ValueError
        If there is no part.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.apply_along_axis(np.max, 1, [[1, 5], [4, 2]])
    array([5, 4])
    """
    array = asanyarray(arr)
    axis = normalize_axis_index(axis, array.ndim)
    lines = _nx.moveaxis(array, axis, -1)
    places = _places(lines.shape[:-1])
    try:
        first = next(places)
    except StopIteration:
        raise ValueError("Cannot apply_along_axis when any iteration dimensions are 0") from None
    value = asanyarray(func1d(lines[(*first, ...)], *args, **kwargs))
    matrix = _is_matrix(value)
    results = _nx.zeros_like(asarray(value) if matrix else value, shape=lines.shape[:-1] + value.shape)
    results[(*first, ...)] = value
    for place in places:
        results[(*place, ...)] = asanyarray(func1d(lines[(*place, ...)], *args, **kwargs))
    kept = lines.ndim - 1
    order = list(range(results.ndim))
    results = results.transpose(order[:axis] + order[kept:] + order[axis:kept])
    return wrap_like(results, value) if matrix else results


def _places(shape: tuple[int, ...]) -> Any:
    from itertools import product

    return product(*map(range, shape))


@array_function_dispatch(lambda func, a, axes: (a,))
def apply_over_axes(func: Any, a: Any, axes: Any) -> Any:
    """
    A function applied along one axis after the other.

    Parameters
    ----------
    func : callable
        Takes an array and an axis; returns an array with that axis of any length, or without it.
    a : array_like
        The array.
    axes : int or sequence of ints
        The axes.

    Returns
    -------
    ndarray
        With as many axes as `a`.

    Raises
    ------
    ValueError
        If the function returns something else.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.apply_over_axes(np.sum, np.ones((2, 3, 4)), [0, 2])
    array([[[8.],
            [8.],
            [8.]]])
    """
    value = asarray(a)
    count = a.ndim
    for axis in (axes,) if _nx.ndim(axes) == 0 else axes:
        axis = axis + count if axis < 0 else axis
        result = func(value, axis)
        if result.ndim != value.ndim:
            result = expand_dims(result, axis)
            if result.ndim != value.ndim:
                raise ValueError("function is not returning an array of the correct shape")
        value = result
    return value


@array_function_dispatch(lambda a, axis: (a,))
def expand_dims(a: Any, axis: Any) -> Any:
    """
    An array with new axes of length 1.

    Parameters
    ----------
    a : array_like
        The array.
    axis : int or tuple of ints
        The places of the new axes in the result.

    Returns
    -------
    ndarray
        A view.

    Raises
    ------
    AxisError
        If there is no such place.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.expand_dims([1, 2], axis=0).shape
    (1, 2)
    """
    # A matrix stays two-dimensional whatever is done to it.
    array = a if type(a) is ndarray else asarray(a) if _is_matrix(a) else asanyarray(a)
    places = axis if isinstance(axis, tuple | list) else (axis,)
    new = normalize_axis_tuple(places, len(places) + array.ndim)
    extents = iter(array.shape)
    return array.reshape([1 if place in new else next(extents) for place in range(len(new) + array.ndim)])


def _is_matrix(a: Any) -> bool:
    return any(kind.__name__ == "matrix" for kind in type(a).__mro__)


@array_function_dispatch(lambda tup: _stack_dispatcher(tup))
def column_stack(tup: Any) -> Any:
    """
    1-d arrays as the columns of a 2-d array; 2-d arrays are put side by side with them.

    Parameters
    ----------
    tup : sequence of array_like
        Of the same length along the first axis.

    Returns
    -------
    ndarray, 2-d

    Examples
    --------
    >>> import wasmnp as np
    >>> np.column_stack(([1, 2], [3, 4]))
    array([[1, 3],
           [2, 4]])
    """
    columns = [asanyarray(one) for one in _stack_dispatcher(tup)]
    return _nx.concatenate([one if one.ndim > 1 else one.reshape(-1, 1) for one in columns], 1)


@array_function_dispatch(lambda tup: _stack_dispatcher(tup))
def dstack(tup: Any) -> Any:
    """
    Arrays one behind the other: concatenated along the third axis.

    Parameters
    ----------
    tup : sequence of array_like
        Arrays of shape (M, N) count as (M, N, 1), those of shape (N,) as (1, N, 1).

    Returns
    -------
    ndarray
        At least 3-d.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.dstack(([1, 2], [3, 4]))
    array([[[1, 3],
            [2, 4]]])
    """
    return _nx.concatenate(_stacked(tup, atleast_3d), 2)


@array_function_dispatch(lambda tup, *, dtype=None, casting=None: _stack_dispatcher(tup))
def row_stack(tup: Any, *, dtype: Any = None, casting: str = "same_kind") -> Any:
    """
    Deprecated: `vstack`.

    Parameters
    ----------
    tup, dtype, casting
        As for `vstack`.

    Returns
    -------
    ndarray
    """
    warnings.warn(
        "`row_stack` alias is deprecated. Use `np.vstack` directly.", category=DeprecationWarning, stacklevel=2
    )
    return vstack(tup, dtype=dtype, casting=casting)


def _split_dispatcher(ary, indices_or_sections, axis=None):
    return ary, indices_or_sections


@array_function_dispatch(_split_dispatcher)
def array_split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    """
    Parts of an array along an axis, of lengths that may differ.

    Parameters
    ----------
    ary : array_like
        The array.
    indices_or_sections : int or 1-d array_like of int
        How many parts, the first of which are one longer if they must be; or where the parts after the first begin.
    axis : int
        The axis.

    Returns
    -------
    list of ndarray
        Views.

    Raises
    ------
    ValueError
        If there would be less than one part.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.array_split(np.arange(5), 2)
    [array([0, 1, 2]), array([3, 4])]
    """
    array = ary if hasattr(ary, "shape") else asanyarray(ary)
    total = array.shape[axis]
    try:
        bounds = [0, *indices_or_sections, total]
    except TypeError:
        sections = int(indices_or_sections)
        if sections <= 0:
            raise ValueError("number sections must be larger than 0.") from None
        each, more = divmod(total, sections)
        bounds = [number * each + min(number, more) for number in range(sections + 1)]
    before = (slice(None),) * (axis if axis >= 0 else axis + array.ndim)
    return [array[(*before, slice(start, stop))] for start, stop in itertools.pairwise(bounds)]


@array_function_dispatch(_split_dispatcher)
def split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    """
    Parts of an array along an axis.

    Parameters
    ----------
    ary : ndarray
        The array.
    indices_or_sections : int or 1-d array_like of int
        How many parts of equal length; or where the parts after the first begin.
    axis : int
        The axis.

    Returns
    -------
    list of ndarray
        Views.

    Raises
    ------
    ValueError
        If the parts cannot have equal length.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.split(np.arange(4), [1, 3])
    [array([0]), array([1, 2]), array([3])]
    """
    if not hasattr(indices_or_sections, "__len__") and ary.shape[axis] % indices_or_sections:
        raise ValueError("array split does not result in an equal division")
    return array_split(ary, indices_or_sections, axis)


def _split_of(name: str, least: int, ary: Any, indices_or_sections: Any, axis: int) -> list[Any]:
    if _nx.ndim(ary) < least:
        raise ValueError(f"{name} only works on arrays of {least} or more dimensions")
    return split(ary, indices_or_sections, axis)


@array_function_dispatch(lambda ary, indices_or_sections: (ary, indices_or_sections))
def hsplit(ary: Any, indices_or_sections: Any) -> list[Any]:
    """
    Parts of an array along the second axis, of 1-d arrays along the only one.

    Parameters
    ----------
    ary, indices_or_sections
        As for `split`.

    Returns
    -------
    list of ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> np.hsplit(np.array([[1, 2], [3, 4]]), 2)
    [array([[1],
           [3]]), array([[2],
           [4]])]
    """
    return _split_of("hsplit", 1, ary, indices_or_sections, 1 if _nx.ndim(ary) > 1 else 0)


@array_function_dispatch(lambda ary, indices_or_sections: (ary, indices_or_sections))
def vsplit(ary: Any, indices_or_sections: Any) -> list[Any]:
    """
    Parts of an array along the first axis; it has at least two.

    Parameters
    ----------
    ary, indices_or_sections
        As for `split`.

    Returns
    -------
    list of ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> np.vsplit(np.array([[1, 2], [3, 4]]), 2)
    [array([[1, 2]]), array([[3, 4]])]
    """
    return _split_of("vsplit", 2, ary, indices_or_sections, 0)


@array_function_dispatch(lambda ary, indices_or_sections: (ary, indices_or_sections))
def dsplit(ary: Any, indices_or_sections: Any) -> list[Any]:
    """
    Parts of an array along the third axis.

    Parameters
    ----------
    ary, indices_or_sections
        As for `split`.

    Returns
    -------
    list of ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> [part.shape for part in np.dsplit(np.ones((1, 2, 4)), 2)]
    [(1, 2, 2), (1, 2, 2)]
    """
    return _split_of("dsplit", 3, ary, indices_or_sections, 2)


@array_function_dispatch(lambda a, b: (a, b))
def kron(a: Any, b: Any) -> Any:
    """
    Kronecker product: blocks that are `b` times each element of `a`.

    Parameters
    ----------
    a, b : array_like
        The one with fewer axes gets new ones in front.

    Returns
    -------
    ndarray
        Each axis has the product of the lengths.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.kron([1, 10], [5, 6])
    array([ 5,  6, 50, 60])
    """
    a, b = asanyarray(a), asanyarray(b)
    matrices = _is_matrix(a) or _is_matrix(b)
    if matrices:
        kind = type(a) if _is_matrix(a) else type(b)
        a, b = asarray(a), asarray(b)
    ndim = max(a.ndim, b.ndim)
    if not ndim:
        return _nx.multiply(a, b)
    shape_a, shape_b = ((1,) * (ndim - one.ndim) + one.shape for one in (a, b))
    # Axes of `a` and `b` in turn, so that each pair becomes one.
    spread_a = a.reshape([extent for one in shape_a for extent in (one, 1)])
    spread_b = b.reshape([extent for one in shape_b for extent in (1, one)])
    result = _nx.multiply(spread_a, spread_b).reshape([m * n for m, n in zip(shape_a, shape_b, strict=True)])
    return kind(result) if matrices else result


@array_function_dispatch(lambda A, reps: (A, reps))
def tile(A: Any, reps: Any) -> Any:
    """
    An array repeated as a whole along its axes.

    Parameters
    ----------
    A : array_like
        The array; it gets new axes in front if `reps` has more numbers.
    reps : int or sequence of ints
        How often, for the last axes.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> np.tile([[1, 2]], (2, 2))
    array([[1, 2, 1, 2],
           [1, 2, 1, 2]])
    """
    try:
        times = tuple(reps)
    except TypeError:
        times = (reps,)
    array = _nx.array(A, copy=None, subok=True, ndmin=len(times))
    times = (1,) * (array.ndim - len(times)) + times
    result = _nx.empty_like(array, order="C", shape=[n * extent for n, extent in zip(times, array.shape, strict=True)])
    # Axes that are repeated are written as two; the elements are broadcast along the first.
    spread = [
        part for n, extent in zip(times, array.shape, strict=True) for part in ((n, extent) if n != 1 else (extent,))
    ]
    source = [
        part for n, extent in zip(times, array.shape, strict=True) for part in ((1, extent) if n != 1 else (extent,))
    ]
    if result.size:
        result.reshape(spread)[...] = array.reshape(source)
    return result
