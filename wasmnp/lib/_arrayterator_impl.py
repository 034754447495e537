"""Arrays read block by block."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from .._utils import set_module

__all__ = ["Arrayterator"]


@set_module("lib")
class Arrayterator:
    """
    An array that is read in blocks, for files larger than memory.

    Parameters
    ----------
    var : array_like
        What has ``shape`` and can be indexed with slices.
    buf_size : int, optional
        How many elements a block may have; by default all.

    Examples
    --------
    >>> import wasmnp as np
    >>> [block.shape for block in np.lib.Arrayterator(np.zeros((3, 4)), 8)]
    [(2, 4), (1, 4)]
    """

    def __init__(self, var: Any, buf_size: int | None = None) -> None:
        self.var = var
        self.buf_size = buf_size
        self.start = [0] * len(var.shape)
        self.stop = list(var.shape)
        self.step = [1] * len(var.shape)

    def __getattr__(self, attr: str) -> Any:
        return getattr(self.var, attr)

    def __getitem__(self, index: Any) -> Arrayterator:
        keys = list(index) if isinstance(index, tuple) else [index]
        count = len(self.var.shape)
        if Ellipsis in [key for key in keys if not hasattr(key, "dtype")]:
            place = keys.index(Ellipsis)
            keys[place : place + 1] = [slice(None)] * (count - len(keys) + 1)
        keys += [slice(None)] * (count - len(keys))
        result = type(self)(self.var, self.buf_size)
        for axis, key in enumerate(keys):
            if isinstance(key, int):
                key = slice(key, key + 1)
            start, stop, step = self.start[axis], self.stop[axis], self.step[axis]
            first, last, stride = key.indices(len(range(start, stop, step)))
            result.start[axis] = start + first * step
            result.stop[axis] = min(start + last * step, stop)
            result.step[axis] = step * stride
        return result

    def _whole(self) -> tuple[slice, ...]:
        return tuple(map(slice, self.start, self.stop, self.step))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return self.var[self._whole()]

    @property
    def flat(self) -> Iterator[Any]:
        """The elements, in C order."""
        for block in self:
            yield from block.flat

    @property
    def shape(self) -> tuple[int, ...]:
        """Lengths of the axes."""
        return tuple(len(range(*ends)) for ends in zip(self.start, self.stop, self.step, strict=True))

    def __iter__(self) -> Iterator[Any]:
        shape = self.shape
        if 0 in shape:
            return
        left = self.buf_size or math.prod(shape)
        # As many whole last axes as fit, then as much of the axis before them as fits; the rest one by one.
        lengths = [1] * len(shape)
        for axis in reversed(range(len(shape))):
            lengths[axis] = max(1, min(left, shape[axis]))
            left //= shape[axis]
            if left == 0:
                break
        from itertools import product

        starts = [range(0, extent, length) for extent, length in zip(shape, lengths, strict=True)]
        for places in product(*starts):
            yield self.var[
                tuple(
                    slice(start + place * step, min(start + (place + length) * step, stop), step)
                    for start, stop, step, place, length in zip(
                        self.start, self.stop, self.step, places, lengths, strict=True
                    )
                )
            ]
