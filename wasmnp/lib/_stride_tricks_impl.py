"""Views that show elements of an array more than once."""

from __future__ import annotations

import operator
from typing import Any

from .._core._axes import normalize_axis_tuple
from .._core._multiarray_umath import _strided_view, array, asarray, ndarray
from .._core.overrides import array_function_dispatch
from .._utils import set_module


@set_module("lib.stride_tricks")
def as_strided(x: Any, shape: Any = None, strides: Any = None, subok: bool = False, writeable: bool = True) -> ndarray:
    """
    A view of the memory of an array with any shape and strides. Nothing is checked.

    Elements outside the array's memory can be reached, which may end the process; `sliding_window_view` and
    `broadcast_to` are safe. Parallel and repeated writes through such a view have no defined result.

    Parameters
    ----------
    x : array_like
        The array.
    shape : sequence of int, optional
        By default that of the array.
    strides : sequence of int, optional
        In bytes; by default those of the array.
    subok : bool
        Keep subclasses of ndarray.
    writeable : bool
        Whether the view can be written to, if the array can.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If there are not as many strides as axes.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.lib.stride_tricks.as_strided(np.arange(4), shape=(2,), strides=(16,))
    array([0, 2])
    """
    own = array(x, copy=None, subok=subok)
    shape = own.shape if shape is None else tuple(shape)
    strides = own.strides if strides is None else tuple(strides)
    return _strided_view(own, shape, strides, writeable, subok, False)


def _sliding_window_view_dispatcher(x, window_shape, axis=None, *, subok=None, writeable=None):
    return (x,)


@array_function_dispatch(_sliding_window_view_dispatcher, module="lib.stride_tricks")
def sliding_window_view(x, window_shape, axis=None, *, subok=False, writeable=False):
    """
    Show all windows of a given shape over an array, without copying.

    Parameters
    ----------
    x : array_like
        Array to slide the window over.
    window_shape : int or tuple of int
        Size of the window along each axis that takes part.
    axis : int or tuple of int, optional
        Axes along which the window slides. By default all axes, from the first to the last, and `window_shape` must
        have one size for each. An axis that is named twice is windowed twice.
    subok : bool, optional
        If True, a subclass of ndarray stays one; by default the result is a plain array.
    writeable : bool, optional
        If True, the view can be written to. Elements are shared between windows, so a write shows in many places.

    Returns
    -------
    ndarray
        View of `x`: the position of the window along each axis, then the axes of the window. An axis of length L that
        is windowed with size w becomes one of length L - w + 1.

    Raises
    ------
    ValueError
        If a window size is negative or larger than its axis, or if sizes and axes do not match.
    AxisError
        If `axis` is not an axis of `x`.

    Examples
    --------
    >>> import wasmnp as np
    >>> from wasmnp.lib.stride_tricks import sliding_window_view
    >>> sliding_window_view(np.arange(5), 3)
    array([[0, 1, 2],
           [1, 2, 3],
           [2, 3, 4]])

    Every second window:

    >>> sliding_window_view(np.arange(5), 3)[::2]
    array([[0, 1, 2],
           [2, 3, 4]])
    """
    sizes = tuple(window_shape) if hasattr(window_shape, "__iter__") else (window_shape,)
    x = array(x, copy=None, subok=subok)
    if any(size < 0 for size in sizes):
        raise ValueError("`window_shape` cannot contain negative values")
    if axis is None:
        axes = tuple(range(x.ndim))
        if len(sizes) != len(axes):
            raise ValueError(
                f"Since axis is `None`, must provide window_shape for all dimensions of `x`; got {len(sizes)} "
                f"window_shape elements and `x.ndim` is {x.ndim}."
            )
    else:
        axes = normalize_axis_tuple(axis, x.ndim, allow_duplicate=True)
        if len(sizes) != len(axes):
            raise ValueError(
                f"Must provide matching length window_shape and axis; got {len(sizes)} window_shape elements and "
                f"{len(axes)} axes elements."
            )
    positions = list(x.shape)
    for number, size in zip(axes, sizes, strict=True):
        if positions[number] < size:
            raise ValueError("window shape cannot be larger than input array shape")
        positions[number] -= size - 1
    strides = x.strides + tuple(x.strides[number] for number in axes)
    return _strided_view(x, (*positions, *sizes), strides, writeable, subok)


def _as_shape(shape: Any) -> tuple[int, ...]:
    items = tuple(shape) if hasattr(shape, "__iter__") and not isinstance(shape, str) else (shape,)
    return tuple(operator.index(extent) for extent in items)


def _broadcast_shape(*args: Any) -> tuple[int, ...]:
    """The shape that arrays broadcast to."""
    return _common_shape([asarray(one).shape for one in args])


def _common_shape(shapes: list[tuple[int, ...]]) -> tuple[int, ...]:
    """The shape that all shapes broadcast to."""
    common: list[int] = [1] * max((len(shape) for shape in shapes), default=0)
    sources = [0] * len(common)  # which shape gave the extent
    for number, shape in enumerate(shapes):
        first = len(common) - len(shape)
        for axis, extent in enumerate(shape, first):
            if extent == 1 or extent == common[axis]:
                continue
            if common[axis] != 1:
                other = sources[axis]
                raise ValueError(
                    "shape mismatch: objects cannot be broadcast to a single shape.  Mismatch is between arg "
                    f"{other} with shape {shapes[other]} and arg {number} with shape {shape}."
                )
            common[axis], sources[axis] = extent, number
    return tuple(common)


@set_module()
def broadcast_shapes(*args):
    """
    The shape that results from broadcasting shapes against each other.

    Parameters
    ----------
    *args : tuples of ints, or ints
        The shapes.

    Returns
    -------
    tuple of ints

    Raises
    ------
    ValueError
        If the shapes do not broadcast, or an extent is negative.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.broadcast_shapes((1, 2), (3, 1), 2)
    (3, 2)
    """
    shapes = [_as_shape(shape) for shape in args]
    if any(extent < 0 for shape in shapes for extent in shape):
        raise ValueError("negative dimensions are not allowed")
    return _common_shape(shapes)


def _broadcast_view(array: ndarray, shape: tuple[int, ...], subok: bool) -> ndarray:
    """A view of the shape, which the array is known to broadcast to; not writeable."""
    first = len(shape) - array.ndim
    moves = [0] * first + [0 if extent == 1 else move for extent, move in zip(array.shape, array.strides, strict=True)]
    if 0 in shape:
        moves = [0] * len(shape)
    return _strided_view(array, shape, tuple(moves), False, subok)


@array_function_dispatch(lambda array, shape, subok=None: (array,))
def broadcast_to(array: Any, shape: Any, subok: bool = False) -> ndarray:
    """
    An array broadcast to a shape, without copying.

    Parameters
    ----------
    array : array_like
        What to broadcast.
    shape : tuple of ints, or int
        The shape wanted.
    subok : bool
        Keep subclasses of ndarray.

    Returns
    -------
    ndarray
        A view that cannot be written to: many places share an element.

    Raises
    ------
    ValueError
        If the array does not broadcast to the shape.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.broadcast_to(np.arange(3), (2, 3))
    array([[0, 1, 2],
           [0, 1, 2]])
    """
    target = _as_shape(shape)
    source = _as_array(array, subok)
    if not target and source.shape:
        raise ValueError("cannot broadcast a non-scalar to a scalar array")
    if any(extent < 0 for extent in target):
        raise ValueError("all elements of broadcast shape must be non-negative")
    if source.ndim > len(target):
        raise ValueError(
            "input operand has more dimensions than allowed by the axis remapping"
            if target
            else "cannot broadcast a non-scalar to a scalar array"
        )
    for extent, wanted in zip(reversed(source.shape), reversed(target), strict=False):
        if extent not in (1, wanted):
            raise ValueError(
                "operands could not be broadcast together with remapped shapes [original->remapped]: "
                f"{_shape_text(source.shape)}  and requested shape {_shape_text(target)}"
            )
    return _broadcast_view(source, target, subok)


def _shape_text(shape: tuple[int, ...]) -> str:
    return f"({','.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def _as_array(value: Any, subok: bool) -> ndarray:
    return array(value, copy=None, subok=True) if subok else asarray(value)


@array_function_dispatch(lambda *args, subok=None: args)
def broadcast_arrays(*args: Any, subok: bool = False) -> tuple[ndarray, ...]:
    """
    Arrays broadcast against each other, without copying.

    Parameters
    ----------
    *args : array_likes
        What to broadcast.
    subok : bool
        Keep subclasses of ndarray.

    Returns
    -------
    tuple of ndarrays
        The arrays themselves where all have the same shape, else views that cannot be written to.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.broadcast_arrays([[1, 2]], [[3], [4]])
    (array([[1, 2],
           [1, 2]]), array([[3, 3],
           [4, 4]]))
    """
    arrays = [_as_array(value, subok) for value in args]
    shape = _common_shape([one.shape for one in arrays])
    if all(one.shape == shape for one in arrays):
        return tuple(arrays)
    return tuple(_broadcast_view(one, shape, subok) for one in arrays)
