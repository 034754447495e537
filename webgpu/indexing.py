"""Basic indices as mappings of axes."""

from __future__ import annotations

import operator
from typing import Any

from .layout import Axis, Mapping, Shape


def basic_index(shape: Shape, index: Any) -> tuple[Mapping, Shape]:
    """Mapping and shape of ``x[index]``.

    Parameters
    ----------
    shape : tuple of int
        Of ``x``.
    index : int, slice, Ellipsis, None, or a tuple of them

    Raises
    ------
    IndexError
        As NumPy's: too many indices, out of bounds.
    TypeError
        For any other index.
    """
    items = list(index) if isinstance(index, tuple) else [index]
    used = sum(1 for item in items if item is not None and item is not Ellipsis)
    if used > len(shape):
        raise IndexError(f"too many indices for array: array is {len(shape)}-dimensional, but {used} were indexed")
    if sum(1 for item in items if item is Ellipsis) > 1:
        raise IndexError("an index can only have a single ellipsis ('...')")
    if not any(item is Ellipsis for item in items):
        items.append(Ellipsis)
    mapping: list[Axis] = []
    result: list[int] = []
    for item in items:
        if item is None:
            result.append(1)
        elif item is Ellipsis:
            for _ in range(len(shape) - used):
                mapping.append(Axis(0, 1, len(result)))
                result.append(shape[len(mapping) - 1])
        elif isinstance(item, slice):
            extent = shape[len(mapping)]
            start, stop, step = item.indices(extent)
            count = len(range(start, stop, step))
            mapping.append(Axis(start if count else 0, step, len(result)))
            result.append(count)
        else:
            mapping.append(Axis(_integer(item, shape[len(mapping)], len(mapping)), 0, -1))
    return tuple(mapping), tuple(result)


def _integer(item: Any, extent: int, axis: int) -> int:
    if isinstance(item, bool) or not hasattr(item, "__index__") or getattr(item, "ndim", None):
        raise TypeError(
            f"device arrays take integers, slices, ... and None as indices, not {type(item).__name__}; "
            "for others, index x.to_device('cpu')"
        )
    place = operator.index(item)
    if not -extent <= place < extent:
        raise IndexError(f"index {place} is out of bounds for axis {axis} with size {extent}")
    return place + extent if place < 0 else place


def normalized_axes(axis: Any, ndim: int) -> tuple[int, ...]:
    """Axes as non-negative numbers in order; None means all.

    Raises
    ------
    numpy.exceptions.AxisError
        For an axis that is not there.
    ValueError
        For one that is named twice.
    """
    from ..exceptions import AxisError

    if axis is None:
        return tuple(range(ndim))
    axes = []
    for item in axis if isinstance(axis, tuple | list) else (axis,):
        place = operator.index(item)
        if not -ndim <= place < ndim:
            raise AxisError(place, ndim)
        axes.append(place % ndim)
    if len(set(axes)) != len(axes):
        raise ValueError("duplicate value in 'axis'")
    return tuple(sorted(axes))


def resolved_shape(size: int, shape: Any) -> Shape:
    """A shape with its -1 filled in.

    Raises
    ------
    ValueError
        If the sizes differ.
    """
    extents = [operator.index(item) for item in (shape if isinstance(shape, tuple | list) else (shape,))]
    unknown = [axis for axis, extent in enumerate(extents) if extent < 0]
    known = 1
    for extent in extents:
        known *= extent if extent >= 0 else 1
    if len(unknown) > 1 or any(extents[axis] != -1 for axis in unknown):
        raise ValueError("can only specify one unknown dimension")
    if unknown and known and size % known == 0:
        extents[unknown[0]] = size // known
    elif unknown or known != size:
        text = ",".join(map(str, extents)) + ("," if len(extents) == 1 else "")
        raise ValueError(f"cannot reshape array of size {size} into shape ({text})")
    return tuple(extents)
