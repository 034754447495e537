"""Quotients and remainders of integers, around every value where one that goes through floats could be wrong."""

from __future__ import annotations

import itertools
import random

import numpy
import pytest

import wasmnp

NAMES = ["floor_divide", "remainder", "fmod"]


def check(name: str, x: numpy.ndarray, y: numpy.ndarray) -> None:
    with numpy.errstate(all="ignore"), wasmnp.errstate(all="ignore"):
        expected = getattr(numpy, name)(x, y)
        actual = getattr(wasmnp, name)(wasmnp.array(x), wasmnp.array(y))
    wrong = numpy.flatnonzero(expected != numpy.array(actual))
    assert not wrong.size, [(x[i], y[i], expected[i], actual[i]) for i in wrong[:5]]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", ["i1", "u1"])
def test_all_bytes(name, dtype):
    every = numpy.arange(256, dtype="u1").view(dtype)
    x, y = (grid.ravel() for grid in numpy.meshgrid(every, every))
    check(name, x, y)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", ["i2", "u2", "i4", "u4", "i8", "u8"])
def test_around_multiples(name, dtype):
    info = numpy.iinfo(dtype)
    draw = random.Random(5)
    ends = [info.max, info.max - 1, info.min, info.min + 1, 0, 1, 2, 3, 255, 256, info.max // 2, info.max // 2 + 1]
    if info.min:
        ends += [-1, -2, -3]
    pairs = list(itertools.product(ends, ends))
    for _ in range(4000):
        divisor = draw.randrange(1, 2 ** draw.randrange(1, info.bits))
        multiple = divisor * draw.randrange(info.max // divisor + 1)
        pairs += [(min(multiple + offset, info.max), divisor) for offset in (-1, 0, 1) if multiple + offset >= info.min]
        if info.min:
            pairs += [(-x, d) for x, d in pairs[-2:]] + [(x, -d) for x, d in pairs[-2:]]
    x, y = numpy.array(pairs, dtype=dtype).T.copy()
    check(name, x, y)
