"""Elements put into arrays and taken out of them."""

from __future__ import annotations

import operator
from typing import Any

from .. import _core as _nx
from .._core._axes import normalize_axis_index, normalize_axis_tuple
from .._core._conversion import _array_converter
from .._core._multiarray_umath import arange, array, asanyarray, ndarray
from .._core.overrides import array_function_dispatch

__all__ = ["append", "delete", "insert", "trim_zeros"]


@array_function_dispatch(lambda arr, values, axis=None: (arr, values))
def append(arr: Any, values: Any, axis: int | None = None) -> Any:
    """
    An array with others behind it; a copy.

    Parameters
    ----------
    arr : array_like
        The array.
    values : array_like
        What comes behind it, of the same shape but for the axis.
    axis : int, optional
        The axis; by default the elements of both in C order.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> np.append([1, 2], [[3, 4]])
    array([1, 2, 3, 4])
    """
    arr = asanyarray(arr)
    if axis is None:
        arr, values, axis = arr.ravel(), _nx.ravel(values), 0
    return _nx.concatenate((arr, values), axis=axis)


def _along(arr: Any, axis: Any) -> tuple[Any, int]:
    """The array and the axis; without one the elements in C order."""
    if axis is None:
        arr = arr if arr.ndim == 1 else arr.ravel()
        return arr, arr.ndim - 1
    return arr, normalize_axis_index(axis, arr.ndim)


def _checked(index: Any, axis: int, length: int) -> int:
    index = operator.index(index)
    if not -length <= index < length:
        raise IndexError(f"index {index} is out of bounds for axis {axis} with size {length}")
    return index % length if length else index


@array_function_dispatch(lambda arr, obj, axis=None: (arr, obj))
def delete(arr: Any, obj: Any, axis: int | None = None) -> Any:
    """
    An array without parts along an axis; a copy.

    Parameters
    ----------
    arr : array_like
        The array.
    obj : slice, int, or array_like of int or bool
        The parts to leave out.
    axis : int, optional
        The axis; by default the elements in C order.

    Returns
    -------
    ndarray

    Raises
    ------
    IndexError
        If there is no such part.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.delete([[1, 2], [3, 4], [5, 6]], 1, axis=0)
    array([[1, 2],
           [5, 6]])
    """
    converter = _array_converter(arr)
    (arr,) = converter.as_arrays()
    order = "F" if arr.flags.fnc else "C"
    arr, axis = _along(arr, axis)
    length = arr.shape[axis]
    before = (slice(None),) * axis
    start = stop = None
    if isinstance(obj, slice):
        places = range(*obj.indices(length))
        if not places:
            return converter.wrap(arr.copy(order), to_scalar=False)
        if abs(places.step) == 1 or len(places) == 1:
            start, stop = min(places), max(places) + 1
        obj = list(places)
    else:
        given = obj
        obj = array(obj)
        if obj.size == 0 and not isinstance(given, ndarray):
            obj = obj.astype("p")
        elif obj.size == 1 and obj.dtype.kind in "iu":
            start = _checked(obj.item(), axis, length)
            stop = start + 1
    if start is not None:
        shape = list(arr.shape)
        shape[axis] -= stop - start
        result = _nx.empty(shape, arr.dtype, order)
        result[(*before, slice(None, start))] = arr[(*before, slice(None, start))]
        result[(*before, slice(start, None))] = arr[(*before, slice(stop, None))]
        return converter.wrap(result, to_scalar=False)
    keep = _nx.ones(length, dtype=bool)
    if isinstance(obj, ndarray) and obj.dtype.kind == "b":
        if obj.shape != (length,):
            raise ValueError(
                f"boolean array argument obj to delete must be one dimensional and match the axis length of {length}"
            )
        keep[obj] = False
    else:
        keep[obj,] = False
    return converter.wrap(arr[(*before, keep)], to_scalar=False)


@array_function_dispatch(lambda arr, obj, values, axis=None: (arr, obj, values))
def insert(arr: Any, obj: Any, values: Any, axis: int | None = None) -> Any:
    """
    An array with values put in before given parts; a copy.

    Parameters
    ----------
    arr : array_like
        The array.
    obj : slice, int, or array_like of int or bool
        Before which parts of `arr`.
    values : array_like
        Cast to the type of `arr` and broadcast to what is put in.
    axis : int, optional
        The axis; by default the elements in C order.

    Returns
    -------
    ndarray

    Raises
    ------
    IndexError
        If there is no such part.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.insert([1, 2, 3], 1, [8, 9])
    array([1, 8, 9, 2, 3])
    """
    converter = _array_converter(arr)
    (arr,) = converter.as_arrays()
    order = "F" if arr.flags.fnc else "C"
    arr, axis = _along(arr, axis)
    length = arr.shape[axis]
    before = (slice(None),) * axis
    if isinstance(obj, slice):
        places = arange(*obj.indices(length), dtype="p")
    else:
        places = array(obj)
        if places.dtype.kind == "b":
            if places.ndim != 1:
                raise ValueError("boolean array argument obj to insert must be one dimensional")
            places = _nx.flatnonzero(places)
        elif places.ndim > 1:
            raise ValueError("index array argument obj to insert must be one dimensional or scalar")
        if places.size == 0 and not isinstance(obj, ndarray):
            places = places.astype("p")
    shape = list(arr.shape)
    if places.size == 1:
        place = places.item()
        if not -length <= place <= length:
            raise IndexError(f"index {obj} is out of bounds for axis {axis} with size {length}")
        place += length if place < 0 else 0
        values = array(values, copy=None, ndmin=arr.ndim, dtype=arr.dtype)
        if places.ndim == 0:
            # Of `a[:, 0, :] = values` broadcasting is as if the axis was not there.
            values = _nx.moveaxis(values, 0, axis)
        count = values.shape[axis]
        shape[axis] += count
        result = _nx.empty(shape, arr.dtype, order)
        result[(*before, slice(None, place))] = arr[(*before, slice(None, place))]
        result[(*before, slice(place, place + count))] = values
        result[(*before, slice(place + count, None))] = arr[(*before, slice(place, None))]
        return converter.wrap(result, to_scalar=False)
    places = places.copy()
    if places.dtype.kind == "u":
        places = places.astype("p")
    places[places < 0] += length
    # What is put in first moves everything behind it.
    sequence = places.argsort(kind="stable")
    places[sequence] += arange(places.size)
    shape[axis] += places.size
    old = _nx.ones(shape[axis], dtype=bool)
    old[places] = False
    result = _nx.empty(shape, arr.dtype, order)
    result[(*before, places)] = values
    result[(*before, old)] = arr
    return converter.wrap(result, to_scalar=False)


@array_function_dispatch(lambda filt, trim=None, axis=None: (filt,))
def trim_zeros(filt: Any, trim: str = "fb", axis: Any = None) -> Any:
    """
    An array without the zeros around its other elements.

    Parameters
    ----------
    filt : array_like
        The array.
    trim : str
        ``'f'``: trim at the front; ``'b'``: at the back.
    axis : int or sequence of ints, optional
        The axes to trim along; all by default.

    Returns
    -------
    ndarray or sequence
        A part of `filt`.

    Raises
    ------
    ValueError
        For another `trim`.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.trim_zeros(np.array([0, 0, 1, 0, 2, 0]))
    array([1, 0, 2])
    """
    source = asanyarray(filt)
    trim = trim.lower()
    if trim not in ("f", "b", "fb", "bf"):
        raise ValueError(f"unexpected character(s) in `trim`: {trim!r}")
    axes = range(source.ndim) if axis is None else normalize_axis_tuple(axis, source.ndim, argname="axis")
    if source.ndim == 0:
        return source
    places = _nx.not_equal(source, 0).nonzero()  # what is no number is not zero
    key = [slice(None)] * source.ndim
    for one in axes:
        found = places[one].size
        first = int(places[one].min()) if found else source.shape[one]
        last = int(places[one].max()) + 1 if found else 0
        key[one] = slice(first if "f" in trim else None, last if "b" in trim else None)
    if source.ndim == 1:
        return filt[key[0]]
    return source[tuple(key)]
