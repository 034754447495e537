"""Selection along one axis."""

from __future__ import annotations

import operator
from typing import Any

from .._core._multiarray_umath import arange, ndarray
from .._core.overrides import array_function_dispatch
from ..exceptions import AxisError

__all__ = ["put_along_axis", "take_along_axis"]


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


def _normal_axis(axis: Any, ndim: int) -> int:
    number = operator.index(axis)
    if not -ndim <= number < ndim:
        raise AxisError(number, ndim)
    return number % ndim


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
        place = _normal_axis(axis, arr.ndim)
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
        arr[_key_along(arr.shape, indices, _normal_axis(axis, arr.ndim))] = values
        return
    if indices.ndim != 1:
        raise ValueError("when axis=None, `indices` must have a single dimension.")
    flat = arr.ravel()
    flat[indices] = values
    if not arr.flags.c_contiguous:
        arr[...] = flat.reshape(arr.shape)
