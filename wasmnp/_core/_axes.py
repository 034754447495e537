"""Numbers of axes, and functions that move axes or the elements along them."""

from __future__ import annotations

import contextlib
import operator
from typing import Any

from ..exceptions import AxisError
from ._multiarray_umath import asanyarray, asarray, empty_like
from .overrides import array_function_dispatch

__all__ = ["moveaxis", "normalize_axis_index", "normalize_axis_tuple", "roll", "rollaxis"]


def normalize_axis_index(axis: Any, ndim: int, msg_prefix: str | None = None) -> int:
    """
    The number of an axis, counted from the front.

    Parameters
    ----------
    axis : int
        Counted from the back where it is negative.
    ndim : int
        How many axes there are.
    msg_prefix : str, optional
        What the message of the error begins with.

    Returns
    -------
    int

    Raises
    ------
    AxisError
        If there is no such axis.

    Examples
    --------
    >>> from wasmnp.lib.array_utils import normalize_axis_index
    >>> normalize_axis_index(-1, ndim=3)
    2
    """
    try:
        number = operator.index(axis)
    except TypeError:
        raise TypeError(f"integer argument expected, got {type(axis).__name__}") from None
    if not -ndim <= number < ndim:
        raise AxisError(number, ndim, msg_prefix)
    return number + ndim if number < 0 else number


def normalize_axis_tuple(
    axis: Any, ndim: int, argname: str | None = None, allow_duplicate: bool = False
) -> tuple[int, ...]:
    """
    The numbers of one or several axes, counted from the front.

    Parameters
    ----------
    axis : int or iterable of int
        Counted from the back where they are negative.
    ndim : int
        How many axes there are.
    argname : str, optional
        The argument that the message of an error names.
    allow_duplicate : bool
        Whether an axis may be named twice.

    Returns
    -------
    tuple of int

    Raises
    ------
    AxisError
        If there is no such axis.
    ValueError
        If an axis is named twice.

    Examples
    --------
    >>> from wasmnp.lib.array_utils import normalize_axis_tuple
    >>> normalize_axis_tuple((-1, 0), 3)
    (2, 0)
    """
    if type(axis) not in (tuple, list):
        with contextlib.suppress(TypeError):
            axis = (operator.index(axis),)
    axes = tuple(normalize_axis_index(one, ndim, argname) for one in axis)
    if not allow_duplicate and len(set(axes)) != len(axes):
        raise ValueError(f"repeated axis in `{argname}` argument" if argname else "repeated axis")
    return axes


@array_function_dispatch(lambda a, shift, axis=None: (a,))
def roll(a: Any, shift: Any, axis: Any = None) -> Any:
    """
    The elements of an array moved along axes; those that leave at the end come in at the front.

    Parameters
    ----------
    a : array_like
        What to roll.
    shift : int or tuple of ints
        By how many places, for each axis.
    axis : int or tuple of ints, optional
        The axes; by default the elements in C order.

    Returns
    -------
    ndarray
        Of the shape of `a`.

    Raises
    ------
    ValueError
        If shifts and axes do not match.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.roll([0, 1, 2, 3, 4], 2)
    array([3, 4, 0, 1, 2])
    """
    a = asanyarray(a)
    if axis is None:
        return roll(a.ravel(), shift, 0).reshape(a.shape)
    axes = normalize_axis_tuple(axis, a.ndim, allow_duplicate=True)
    moves = asarray(shift)
    if moves.ndim > 1:
        raise ValueError("'shift' and 'axis' should be scalars or 1D sequences")
    steps = [int(step) for step in moves.ravel().tolist()]
    if len(steps) != len(axes):
        if 1 not in (len(steps), len(axes)):
            raise ValueError("'shift' and 'axis' should be scalars or 1D sequences of the same length")
        steps, axes = steps * max(1, len(axes)), axes * max(1, len(steps))
    total = dict.fromkeys(axes, 0)
    for one, step in zip(axes, steps, strict=False):
        total[one] += step
    # For each axis the one or two pieces that stay together: where they come from, and where they go.
    pieces: list[list[tuple[slice, slice]]] = [[(slice(None), slice(None))] for _ in range(a.ndim)]
    for one, step in total.items():
        step %= a.shape[one] or 1
        if step:
            pieces[one] = [(slice(None, -step), slice(step, None)), (slice(-step, None), slice(None, step))]
    result = empty_like(a)
    from itertools import product

    for choice in product(*pieces):
        result[tuple(to for _, to in choice)] = a[tuple(source for source, _ in choice)]
    return result


@array_function_dispatch(lambda a, axis, start=None: (a,))
def rollaxis(a: Any, axis: int, start: int = 0) -> Any:
    """
    The array with one axis moved in front of another; `moveaxis` is easier to understand.

    Parameters
    ----------
    a : ndarray
        Array whose axes are moved.
    axis : int
        The axis to move.
    start : int
        The axis that it goes in front of; ``a.ndim``: behind all.

    Returns
    -------
    ndarray
        A view.

    Raises
    ------
    AxisError
        If there is no such axis or place.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.rollaxis(np.ones((3, 4, 5, 6)), 3, 1).shape
    (3, 6, 4, 5)
    """
    n = a.ndim
    axis = normalize_axis_index(axis, n)
    place = start + n if start < 0 else start
    if not 0 <= place < n + 1:
        raise AxisError(f"`start` arg requires {-n} <= start < {n + 1}, but {place} was passed in")
    if axis < place:
        place -= 1
    if axis == place:
        return a[...]
    axes = [one for one in range(n) if one != axis]
    axes.insert(place, axis)
    return a.transpose(axes)


@array_function_dispatch(lambda a, source, destination: (a,))
def moveaxis(a: Any, source: Any, destination: Any) -> Any:
    """
    The array with some axes at other places, the rest in their order.

    Parameters
    ----------
    a : ndarray
        Array whose axes are moved.
    source : int or sequence of int
        The axes to move.
    destination : int or sequence of int
        Where each goes.

    Returns
    -------
    ndarray
        A view.

    Raises
    ------
    AxisError
        If there is no such axis or place.
    ValueError
        If an axis or a place is named twice, or their numbers differ.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.moveaxis(np.zeros((3, 4, 5)), 0, -1).shape
    (4, 5, 3)
    """
    transpose = getattr(a, "transpose", None)
    if transpose is None:
        a = asarray(a)
        transpose = a.transpose
    sources = normalize_axis_tuple(source, a.ndim, "source")
    places = normalize_axis_tuple(destination, a.ndim, "destination")
    if len(sources) != len(places):
        raise ValueError("`source` and `destination` arguments must have the same number of elements")
    order = [one for one in range(a.ndim) if one not in sources]
    for place, one in sorted(zip(places, sources, strict=True)):
        order.insert(place, one)
    return transpose(order)
