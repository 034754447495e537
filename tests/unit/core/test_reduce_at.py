"""ufunc.reduceat and ufunc.at: the same as NumPy's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .differential import DTYPES, same

UFUNCS = ["add", "multiply", "maximum", "subtract", "logical_and"]


@pytest.mark.parametrize("name", UFUNCS)
@pytest.mark.parametrize("dtype", [*DTYPES, ">f8", ">i2", "O"])
def test_reduceat(name, dtype):
    def body(xp, axis, layout):
        a = layout((xp.arange(60) % 3 + 1).astype(dtype).reshape(6, 10))
        return getattr(xp, name).reduceat(a, [0, 3, 1, 4, 4, 5], axis)

    for axis in (0, 1):
        for layout in (lambda a: a, lambda a: a.copy("F"), lambda a: a[::-1]):
            same(body, axis, layout)


def test_reduceat_arguments():
    same(lambda xp: xp.add.reduceat(xp.arange(8.0), [0, 4, 8]))
    same(lambda xp: xp.add.reduceat(xp.arange(8.0), [-1]))
    same(lambda xp: xp.add.reduceat(xp.arange(8.0), []))
    same(lambda xp: xp.add.reduceat(5, [0]))
    same(lambda xp: xp.add.reduceat(xp.arange(8), [0, 2], dtype="f4"))
    same(lambda xp: xp.add.reduceat(xp.arange(8), [0, 2], out=xp.zeros(2)))
    same(lambda xp: xp.sqrt.reduceat(xp.arange(8), [0, 2]))
    same(lambda xp: xp.add.reduceat(xp.arange(1000) * 0.1, [0, 900, 5]))


@pytest.mark.parametrize("name", UFUNCS[:4])
@pytest.mark.parametrize("dtype", [*DTYPES, ">f8", ">i2", "O"])
def test_at(name, dtype):
    def body(xp, key, b):
        a = (xp.arange(12) % 3).astype(dtype).reshape(3, 4)[:, ::-1]
        getattr(xp, name).at(a, key, b)
        return a

    for key in ((0, 1), ([0, 0, 2], [1, 1, -1]), [1, 1], slice(1, None), (slice(None), [0, 0])):
        for b in (1, 2.5, True):
            same(body, key, b)


def test_at_arguments():
    def body(xp, *args, name="add"):
        a = xp.arange(5)
        getattr(xp, name).at(a, *args)
        return a

    same(body, [0, 0, 4], [1, 2, 3])
    same(body, [0, 5], 1)
    same(body, [0, 1], [1, 2, 3])
    same(body, [0, 1])
    same(lambda xp: body(xp, [0, 1], 1, name="negative"))
    same(lambda xp: body(xp, [0, 0, 1], name="negative"))
    same(lambda xp: body(xp, [0, 0, 1], name="modf"))
    same(lambda xp: xp.add.at([1, 2], 0, 1))
    same(lambda xp: body(xp, xp.array([0, 0, 4]), xp.array([1, 2, 3])))
    same(lambda xp: body(xp, xp.arange(5), xp.arange(5)[::-1]))


@given(st.lists(st.integers(-6, 5), max_size=30))
def test_at_counts(places):
    def body(xp):
        counts = xp.zeros(6)
        xp.add.at(counts, xp.array(places, dtype=int), 1)
        return counts

    same(body)
