"""Arrays put together from others along old or new axes."""

from __future__ import annotations

import itertools
from typing import Any

from . import fromnumeric as _from_nx
from . import multiarray as _multiarray
from ._axes import moveaxis, normalize_axis_index
from .multiarray import asanyarray, empty, ndarray, result_type
from .overrides import array_function_dispatch

__all__ = ["atleast_1d", "atleast_2d", "atleast_3d", "block", "hstack", "stack", "unstack", "vstack"]


def _each(arys: tuple[Any, ...], widen: Any) -> Any:
    if len(arys) == 1:
        return widen(asanyarray(arys[0]))
    return tuple(widen(asanyarray(one)) for one in arys)


@array_function_dispatch(lambda *arys: arys)
def atleast_1d(*arys: Any) -> Any:
    """
    Arrays with at least one axis.

    Parameters
    ----------
    *arys : array_like
        Numbers become arrays of shape (1,), the rest stays as it is.

    Returns
    -------
    ndarray, or tuple of ndarrays
        A tuple unless there is one argument.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.atleast_1d(1.0, [3, 4])
    (array([1.]), array([3, 4]))
    """
    return _each(arys, lambda array: array if array.ndim else array.reshape(1))


@array_function_dispatch(lambda *arys: arys)
def atleast_2d(*arys: Any) -> Any:
    """
    Arrays with at least two axes; new ones come first.

    Parameters
    ----------
    *arys : array_like
        Arrays of shape (N,) become (1, N).

    Returns
    -------
    ndarray, or tuple of ndarrays
        A tuple unless there is one argument.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.atleast_2d([1, 2])
    array([[1, 2]])
    """

    def widen(array: Any) -> Any:
        return array if array.ndim > 1 else array[None, :] if array.ndim else array.reshape(1, 1)

    return _each(arys, widen)


@array_function_dispatch(lambda *arys: arys)
def atleast_3d(*arys: Any) -> Any:
    """
    Arrays with at least three axes.

    Parameters
    ----------
    *arys : array_like
        Arrays of shape (N,) become (1, N, 1), those of shape (M, N) become (M, N, 1).

    Returns
    -------
    ndarray, or tuple of ndarrays
        A tuple unless there is one argument.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.atleast_3d([1, 2]).shape
    (1, 2, 1)
    """

    def widen(array: Any) -> Any:
        if array.ndim > 2:
            return array
        if array.ndim == 2:
            return array[:, :, None]
        return array[None, :, None] if array.ndim else array.reshape(1, 1, 1)

    return _each(arys, widen)


def _stack_dispatcher(arrays: Any) -> Any:
    if not hasattr(arrays, "__getitem__"):
        raise TypeError('arrays to stack must be passed as a "sequence" type such as list or tuple.')
    return tuple(arrays)


def _stacked(arrays: Any, widen: Any) -> list[Any]:
    """The parts as arrays that `widen` has given enough axes."""
    widened = widen(*_stack_dispatcher(arrays))
    return list(widened) if isinstance(widened, tuple) else [widened]


@array_function_dispatch(lambda tup, *, dtype=None, casting=None: _stack_dispatcher(tup))
def vstack(tup: Any, *, dtype: Any = None, casting: str = "same_kind") -> Any:
    """
    Arrays one below the other: concatenated along the first axis, 1-d arrays counting as rows.

    Parameters
    ----------
    tup : sequence of array_like
        Of the same shape but for the first axis.
    dtype : dtype, optional
        Type of the result.
    casting : {'no', 'equiv', 'safe', 'same_kind', 'unsafe'}
        What casts to it are allowed.

    Returns
    -------
    ndarray
        At least 2-d.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.vstack(([1, 2], [3, 4]))
    array([[1, 2],
           [3, 4]])
    """
    return _multiarray.concatenate(_stacked(tup, atleast_2d), 0, dtype=dtype, casting=casting)


@array_function_dispatch(lambda tup, *, dtype=None, casting=None: _stack_dispatcher(tup))
def hstack(tup: Any, *, dtype: Any = None, casting: str = "same_kind") -> Any:
    """
    Arrays side by side: concatenated along the second axis, 1-d arrays along their only one.

    Parameters
    ----------
    tup : sequence of array_like
        Of the same shape but for that axis.
    dtype : dtype, optional
        Type of the result.
    casting : {'no', 'equiv', 'safe', 'same_kind', 'unsafe'}
        What casts to it are allowed.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> np.hstack(([[1], [2]], [[3], [4]]))
    array([[1, 3],
           [2, 4]])
    """
    arrays = _stacked(tup, atleast_1d)
    axis = 0 if arrays and arrays[0].ndim == 1 else 1
    return _multiarray.concatenate(arrays, axis, dtype=dtype, casting=casting)


def _stack_with_out(arrays, axis=None, out=None, *, dtype=None, casting=None):
    arrays = _stack_dispatcher(arrays)
    return arrays if out is None else [*arrays, out]


@array_function_dispatch(_stack_with_out)
def stack(arrays: Any, axis: int = 0, out: Any = None, *, dtype: Any = None, casting: str = "same_kind") -> Any:
    """
    Arrays joined along a new axis.

    Parameters
    ----------
    arrays : sequence of array_like
        All of one shape.
    axis : int
        The place of the new axis in the result.
    out : ndarray, optional
        Where to put the result.
    dtype : dtype, optional
        Type of the result; not together with `out`.
    casting : {'no', 'equiv', 'safe', 'same_kind', 'unsafe'}
        What casts are allowed.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If there are no arrays, or they have different shapes.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.stack(([1, 2], [3, 4]), axis=-1)
    array([[1, 3],
           [2, 4]])
    """
    parts = [asanyarray(one) for one in arrays]
    if not parts:
        raise ValueError("need at least one array to stack")
    if len({one.shape for one in parts}) != 1:
        raise ValueError("all input arrays must have the same shape")
    place = normalize_axis_index(axis, parts[0].ndim + 1)
    key = (slice(None),) * place + (None,)
    return _multiarray.concatenate([one[key] for one in parts], axis=place, out=out, dtype=dtype, casting=casting)


@array_function_dispatch(lambda x, /, *, axis=None: (x,))
def unstack(x: Any, /, *, axis: int = 0) -> tuple[Any, ...]:
    """
    The parts of an array along an axis; the inverse of `stack`.

    Parameters
    ----------
    x : ndarray
        At least 1-d.
    axis : int
        The axis to split along, which the parts lack.

    Returns
    -------
    tuple of ndarrays
        Views.

    Raises
    ------
    ValueError
        If `x` has no axis.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.unstack(np.array([[1, 2], [3, 4]]), axis=1)
    (array([1, 3]), array([2, 4]))
    """
    if x.ndim == 0:
        raise ValueError("Input array must be at least 1-d.")
    return tuple(moveaxis(x, axis, 0))


def _place_text(place: tuple[int, ...]) -> str:
    return "arrays" + "".join(f"[{number}]" for number in place)


def _leaves(arrays: Any, place: tuple[int, ...] = ()) -> Any:
    """The arrays in nested lists, each with the numbers that lead to it; an empty list counts as a leaf."""
    if type(arrays) is tuple:
        raise TypeError(
            f"{_place_text(place)} is a tuple. Only lists can be used to arrange blocks, and np.block does not allow "
            "implicit conversion from tuple to ndarray."
        )
    if type(arrays) is not list:
        yield place, arrays
    elif not arrays:
        yield (*place, None), arrays
    else:
        for number, item in enumerate(arrays):
            yield from _leaves(item, (*place, number))


def _block_setup(arrays: Any) -> tuple[Any, int, int, int]:
    """The blocks, the depth of their lists, the number of axes of the result, and how many elements it has."""
    depth, axes, size = None, 0, 0
    for place, leaf in _leaves(arrays):
        if depth is None:
            depth = len(place)
        elif len(place) != depth:
            raise ValueError(
                f"List depths are mismatched. First element was at depth {depth}, but there is an element at depth "
                f"{len(place)} ({_place_text(tuple(number for number in place if number is not None))})"
            )
        if place and place[-1] is None:
            continue
        axes, size = max(axes, _from_nx.ndim(leaf)), size + _from_nx.size(leaf)
    for place, _ in _leaves(arrays):
        if place and place[-1] is None:
            raise ValueError(f"List at {_place_text(place[:-1])} cannot be empty")
    return arrays, depth or 0, max(axes, depth or 0), size


def _widened(leaf: Any, ndim: int) -> ndarray:
    array = asanyarray(leaf)
    return array if array.ndim == ndim else array.reshape((1,) * (ndim - array.ndim) + array.shape)


def _block_concatenate(arrays: Any, list_ndim: int, result_ndim: int) -> Any:
    """The block array by concatenation, list by list."""

    def join(item: Any, depth: int) -> Any:
        if depth == list_ndim:
            return _widened(item, result_ndim)
        return _multiarray.concatenate([join(part, depth + 1) for part in item], axis=depth - list_ndim)

    result = join(arrays, 0)
    return result.copy() if list_ndim == 0 else result


def _block_slicing(arrays: Any, list_ndim: int, result_ndim: int) -> Any:
    """The block array by assignment of each block to its place in the result."""
    blocks: list[tuple[tuple[int, ...], ndarray]] = []  # with the offset of each

    def lay(item: Any, depth: int, offset: tuple[int, ...]) -> tuple[int, ...]:
        if depth == list_ndim:
            array = _widened(item, result_ndim)
            blocks.append((offset, array))
            return array.shape
        axis = result_ndim + depth - list_ndim
        shape: tuple[int, ...] | None = None
        length = 0
        for part in item:
            one = lay(part, depth + 1, (*offset[:axis], offset[axis] + length, *offset[axis + 1 :]))
            length += one[axis]
            if shape is None:
                shape = one
            elif any(a != b for place, (a, b) in enumerate(zip(shape, one, strict=True)) if place != axis):
                raise ValueError(f"Mismatched array shapes in block along axis {axis}.")
        return (*shape[:axis], length, *shape[axis + 1 :]) if shape else ()

    shape = lay(arrays, 0, (0,) * result_ndim)
    parts = [array for _, array in blocks]
    fortran = all(one.flags.f_contiguous for one in parts) and not all(one.flags.c_contiguous for one in parts)
    result = empty(shape, dtype=result_type(*(one.dtype for one in parts)), order="F" if fortran else "C")
    for offset, array in blocks:
        result[tuple(slice(start, start + n) for start, n in zip(offset, array.shape, strict=True))] = array
    return result


def _block_dispatcher(arrays: Any) -> Any:
    if type(arrays) is not list:
        return [arrays]
    return list(itertools.chain.from_iterable(_block_dispatcher(item) for item in arrays))


# Concatenation copies elements once for each level of lists: with more elements than this, assignment is faster.
_CONCATENATED = 1 << 18


@array_function_dispatch(_block_dispatcher)
def block(arrays: Any) -> Any:
    """
    An array put together from blocks in nested lists.

    Blocks in the innermost lists are joined along the last axis, those in the lists around them along the last but one,
    and so on. Blocks with too few axes get new ones in front.

    Parameters
    ----------
    arrays : array_like, or nested lists of them
        All at the same depth; tuples are not lists here.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If depths or shapes do not match, or a list is empty.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.block([[np.ones((1, 1)), np.zeros((1, 2))], [np.full((1, 3), 7)]])
    array([[1., 0., 0.],
           [7., 7., 7.]])
    """
    arrays, depth, ndim, size = _block_setup(arrays)
    build = _block_slicing if depth * size > _CONCATENATED else _block_concatenate
    return build(arrays, depth, ndim)
