"""Moves of many elements: planes contiguous along different axes, runs that repeat, casts in blocks."""

from __future__ import annotations

import numpy
import pytest

import wasmnp

from .differential import same

WORDS = ["u1", "i2", "f4", "f8", "c16", "g", "G", "S3"]
SHAPES = [(1, 9), (2, 2), (3, 70), (70, 3), (16, 8), (33, 41), (129, 67)]


def numbers(xp, dtype, shape):
    count = int(numpy.prod(shape))
    return xp.arange(count).astype(dtype).reshape(shape)


@pytest.mark.parametrize("dtype", WORDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_transposed_copies(dtype, shape):
    def body(xp):
        a = numbers(xp, dtype, shape)
        target = xp.zeros(shape[::-1], dtype=dtype, order="F")
        target[...] = numbers(xp, dtype, shape[::-1])
        return [b.astype("S40").tolist() for b in (a.T.copy(), a.copy(order="F"), target, a[:, ::-1].T.copy())]

    same(body)


@pytest.mark.parametrize("axes", [(0, 2, 1), (2, 1, 0), (1, 2, 0), (2, 0, 1), (1, 0, 2)])
@pytest.mark.parametrize("dtype", ["i2", "f8", ">f8"])
def test_transposed_copies_of_blocks(dtype, axes):
    same(lambda xp: numbers(xp, dtype, (5, 19, 12)).transpose(axes).copy())
    same(lambda xp: numbers(xp, dtype, (10, 19, 24))[::2, :, ::2].transpose(axes).copy())


@pytest.mark.parametrize("times", [0, 1, 2, 3, 4, 5, 7, 8, 16, 17, 40])
@pytest.mark.parametrize("dtype", ["u1", "i2", "f4", "f8", "c16", "S3"])
def test_repeat(dtype, times):
    for count in (0, 1, 2, 3, 17):
        same(lambda xp, n=count: numbers(xp, dtype, (n,)).repeat(times))
    same(lambda xp: numbers(xp, dtype, (3, 4, 2)).repeat(times, axis=1))


@pytest.mark.parametrize("bad", [0, 511, 512, 700, 1536])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1e300, 3.5e38, 2.0**31, -(2.0**31)])
@pytest.mark.parametrize("to", ["f4", "i4", "i8", "i2"])
def test_one_value_that_does_not_fit(to, value, bad):
    def body(xp):
        a = xp.linspace(-100.0, 100.0, 1600)
        a[bad] = value
        return a.astype(to), a[::-1].astype(to), a.astype("f4").astype(to)

    same(body)


def test_blocks_of_memory_are_kept_and_given_back():
    """Sizes that come in turns do not keep the block cache full of what nobody asks for."""
    for size in (1 << 20, 3 << 20, 1 << 21, 5 << 20):
        for _ in range(3):
            a = wasmnp.zeros(size)
            a[-1] = size
            b = wasmnp.empty(size - 7)
            b[...] = 1.0
            assert a.sum() == size and wasmnp.zeros(size).sum() == 0.0
