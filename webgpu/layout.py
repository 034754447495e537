"""Shapes, strides, and the boxes that iterations are cut into. Strides and offsets count elements."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

Shape = tuple[int, ...]


class Axis(NamedTuple):
    """Where an index along one axis of an array comes from: ``start + step * (index along `source`)``.

    `source` is an axis of another index space; -1: none, the index is `start`.
    """

    start: int
    step: int
    source: int


Mapping = tuple[Axis, ...]


@cache
def identity(ndim: int) -> Mapping:
    """Every index from the same axis."""
    return tuple(Axis(0, 1, axis) for axis in range(ndim))


@lru_cache(1000)
def compose(inner: Mapping, outer: Mapping) -> Mapping:
    """Indices of what `inner` reads, in terms of the space that `outer` maps from."""
    result = []
    for axis in inner:
        if axis.source < 0:
            result.append(axis)
            continue
        through = outer[axis.source]
        start = axis.start + axis.step * through.start
        result.append(
            Axis(start, axis.step * through.step, through.source) if through.source >= 0 else Axis(start, 0, -1)
        )
    return tuple(result)


@lru_cache(1000)
def broadcasting(shape: Shape, to: Shape) -> Mapping:
    """The mapping that repeats an array of ``shape`` to a shape that it broadcasts to."""
    shift = len(to) - len(shape)
    return tuple(Axis(0, 0, -1) if extent == 1 else Axis(0, 1, axis + shift) for axis, extent in enumerate(shape))


def broadcast_shapes(shapes: Sequence[Shape]) -> Shape:
    """The common shape.

    Raises
    ------
    ValueError
        As NumPy's, naming the shapes.
    """
    common = [shape for shape in dict.fromkeys(shapes) if shape]
    if len(common) < 2:
        return common[0] if common else ()
    ndim = max(map(len, common))
    result = [1] * ndim
    for shape in shapes:
        for axis, extent in enumerate(shape, ndim - len(shape)):
            if extent == 1 or extent == result[axis]:
                continue
            if result[axis] != 1:
                given = " ".join(str(tuple(shape)).replace(" ", "") for shape in shapes)
                raise ValueError(f"operands could not be broadcast together with shapes {given} ")
            result[axis] = extent
    return tuple(result)


def contiguous_strides(shape: Shape) -> Shape:
    """Strides of row-major memory."""
    strides = [1] * len(shape)
    for axis in range(len(shape) - 2, -1, -1):
        strides[axis] = strides[axis + 1] * max(shape[axis + 1], 1)
    return tuple(strides)


def is_contiguous(shape: Shape, strides: Shape) -> bool:
    """Whether elements lie in row-major order without gaps."""
    wanted = contiguous_strides(shape)
    return math.prod(shape) == 0 or all(
        extent == 1 or stride == want for extent, stride, want in zip(shape, strides, wanted, strict=True)
    )


def mapped_strides(mapping: Mapping, strides: Shape, offset: int, ndim: int) -> tuple[Shape, int]:
    """Strides and offset, in the space that `mapping` maps from, of what lies at ``strides`` and ``offset``."""
    result = [0] * ndim
    for axis, stride in zip(mapping, strides, strict=True):
        offset += axis.start * stride
        if axis.source >= 0:
            result[axis.source] += axis.step * stride
    return tuple(result), offset


def reshaped_strides(shape: Shape, strides: Shape, to: Shape) -> Shape | None:
    """Strides of the same elements in another shape; None where a copy is needed."""
    if math.prod(shape) == 0:
        return contiguous_strides(to)
    old = [(extent, stride) for extent, stride in zip(shape, strides, strict=True) if extent != 1]
    result: list[int] = []
    position = 0
    waiting = list(to)
    while waiting:
        extent = waiting.pop(0)
        if extent == 1:
            result.append(0)
            continue
        group, size = [extent], extent
        if position == len(old):
            return None
        run = [old[position]]
        span = run[0][0]
        position += 1
        while size != span:
            if size < span:
                following = waiting.pop(0)
                group.append(following)
                size *= following
            else:
                run.append(old[position])
                span *= run[-1][0]
                position += 1
        for (_, stride), (inner, inner_stride) in itertools.pairwise(run):
            if stride != inner * inner_stride:
                return None
        stride = run[-1][1]
        made = []
        for extent in reversed(group):
            made.append(stride)
            stride *= extent
        result += made[::-1]
    return tuple(result)


@dataclass(frozen=True)
class Span:
    """How one operand of an iteration lies in memory: ``itemsize`` bytes a step."""

    itemsize: int
    offset: int
    strides: Shape

    def at(self, starts: Sequence[int]) -> Span:
        """The same, seen from another first index."""
        moved = self.offset + sum(start * stride for start, stride in zip(starts, self.strides, strict=True))
        return Span(self.itemsize, moved, self.strides)

    def along(self, axes: int) -> Span:
        """The same along the first axes, at the first index of the others."""
        return Span(self.itemsize, self.offset, self.strides[:axes])

    def extent(self, shape: Sequence[int]) -> tuple[int, int]:
        """The first element that an iteration of this shape touches, and the one after the last."""
        low = high = self.offset
        for extent, stride in zip(shape, self.strides, strict=True):
            if extent > 1:
                low += min(stride, 0) * (extent - 1)
                high += max(stride, 0) * (extent - 1)
        return low, high + 1

    def elements(self, shape: Sequence[int]) -> int:
        """How many different elements an iteration touches, overlap aside."""
        return math.prod(extent for extent, stride in zip(shape, self.strides, strict=True) if stride)

    def bytes_within(self, shape: Sequence[int], alignment: int) -> int:
        """Bytes of the aligned range around what an iteration touches."""
        low, high = self.extent(shape)
        return high * self.itemsize - low * self.itemsize // alignment * alignment


def boxes(
    shape: Shape, spans: Sequence[Span], limit: int, alignment: int, axes: Sequence[int] | None = None
) -> Iterator[tuple[Shape, Shape]]:
    """Cut an iteration where some operand's range is larger than a binding may be.

    Parameters
    ----------
    shape : tuple of int
    spans : sequence of Span
    limit, alignment : int
        Bytes.
    axes : sequence of int, optional
        The axes that may be cut; all by default. Cutting them must suffice.

    Yields
    ------
    starts, shape : tuple of int
        Boxes, in order.
    """
    allowed = range(len(shape)) if axes is None else axes
    waiting = [((0,) * len(shape), shape)]
    while waiting:
        starts, box = waiting.pop()
        worst = max(spans, key=lambda span: span.bytes_within(box, alignment), default=None) if 0 not in box else None
        if worst is not None and worst.bytes_within(box, alignment) > limit:
            axis = max(allowed, key=lambda axis: (box[axis] - 1) * abs(worst.strides[axis]), default=-1)
            if axis >= 0 and box[axis] > 1 and worst.strides[axis]:
                waiting += halves(starts, box, axis)[::-1]
                continue
        yield starts, box


def halves(starts: Shape, box: Shape, axis: int) -> list[tuple[Shape, Shape]]:
    """A box cut in two along an axis: first indices and shapes."""
    half = box[axis] // 2
    second = (*starts[:axis], starts[axis] + half, *starts[axis + 1 :])
    return [
        (starts, (*box[:axis], half, *box[axis + 1 :])),
        (second, (*box[:axis], box[axis] - half, *box[axis + 1 :])),
    ]


def coalesced(shape: Sequence[int], strides: Sequence[Sequence[int]]) -> tuple[list[int], list[list[int]]]:
    """Fewest axes for an iteration over several operands: drops axes of length 1 and joins those that run on.

    Examples
    --------
    >>> coalesced((2, 3), [(3, 1), (0, 0)])
    ([6], [[1], [0]])
    """
    extents: list[int] = []
    moves: list[list[int]] = [[] for _ in strides]
    for axis, extent in enumerate(shape):
        if extent == 1:
            continue
        steps = [operand[axis] for operand in strides]
        if extents and all(before[-1] == extent * step for before, step in zip(moves, steps, strict=True)):
            extents[-1] *= extent
            for before, step in zip(moves, steps, strict=True):
                before[-1] = step
            continue
        extents.append(extent)
        for before, step in zip(moves, steps, strict=True):
            before.append(step)
    return extents, moves
