"""Views that show elements of an array more than once."""

from __future__ import annotations

import operator

from .._core._multiarray_umath import _strided_view, array
from .._core.overrides import array_function_dispatch
from ..exceptions import AxisError


def _axes(axis, ndim: int) -> tuple[int, ...]:
    """One axis or several, counted from the front."""
    axes = tuple(axis) if hasattr(axis, "__iter__") else (axis,)
    for number in axes:
        if not -ndim <= operator.index(number) < ndim:
            raise AxisError(number, ndim)
    return tuple(operator.index(number) % ndim for number in axes)


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
        axes = _axes(axis, x.ndim)
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
