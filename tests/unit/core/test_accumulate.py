"""ufunc.accumulate and ufunc.outer, as NumPy has them."""

from __future__ import annotations

import numpy
import pytest

import wasmnp

from .differential import DTYPES, LAYOUTS, SWAPPED, same, values


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", [*DTYPES, *SWAPPED])
@pytest.mark.parametrize("name", ["add", "multiply", "maximum"])
def test_accumulate(name, dtype, layout):
    def body(xp):
        a = LAYOUTS[layout](values(xp, dtype.lstrip(">"), (5, 4)).astype(dtype))
        with xp.errstate(all="ignore"):
            return [getattr(xp, name).accumulate(a, axis=axis) for axis in (0, 1, -1)]

    same(body)


@pytest.mark.parametrize("name", ["subtract", "divide", "power", "less", "floor_divide"])
@pytest.mark.parametrize("count", [0, 1, 2, 7, 3000])
def test_accumulate_in_order(name, count):
    def body(xp):
        return getattr(xp, name).accumulate(xp.arange(count, dtype="f8") * 0.001 + 1)

    same(body)


def test_accumulate_arguments():
    same(lambda xp: xp.add.accumulate(xp.arange(5, dtype="i2"), dtype="f4"))
    same(lambda xp: xp.add.accumulate(xp.arange(5.0), 0, None, xp.zeros(5, dtype="f4")))
    same(lambda xp: xp.add.accumulate([1, 2, 3], out=(xp.zeros(3),)))

    def into_itself(xp):
        a = xp.arange(6.0)
        xp.add.accumulate(a[::-1], out=a)
        return a

    same(into_itself)


@pytest.mark.parametrize(
    "body",
    [
        lambda xp: xp.add.accumulate(xp.float64(1)),
        lambda xp: xp.sqrt.accumulate(xp.ones(3)),
        lambda xp: xp.modf.accumulate(xp.ones(3)),
        lambda xp: xp.add.accumulate(xp.ones(3), axis=1),
        lambda xp: xp.add.accumulate(xp.ones(3), out=xp.ones(4)),
        lambda xp: xp.add.accumulate(xp.ones(3), axis=0.5),
        lambda xp: xp.add.accumulate(),
        lambda xp: xp.sqrt.outer([1.0], [2.0]),
        lambda xp: xp.add.outer([1.0]),
    ],
)
def test_errors(body):
    same(body)


@pytest.mark.parametrize("first", [(), (3,), (2, 3), (0,)])
@pytest.mark.parametrize("second", [(), (2,), (0, 2), (1, 4)])
def test_outer(first, second):
    same(lambda xp: xp.subtract.outer(xp.ones(first) * 3, values(xp, "f4", second)))


def test_outer_arguments():
    same(lambda xp: xp.multiply.outer([1, 2], (3.5, 4)))
    same(lambda xp: xp.add.outer(xp.array([1, 2], dtype="f4"), 2.5))
    same(lambda xp: xp.add.outer(xp.arange(2), xp.arange(3), dtype="f8"))
    same(lambda xp: xp.add.outer(xp.arange(2), xp.arange(3), out=xp.zeros((2, 3))))
    same(lambda xp: xp.add.outer(xp.arange(4).reshape(2, 2).T, xp.arange(3)))


def test_overrides_see_the_method():
    class Recorder:
        def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
            return ufunc.__name__, method, len(inputs), sorted(kwargs)

    recorder = Recorder()
    assert wasmnp.add.accumulate(recorder) == numpy.add.accumulate(recorder) == ("add", "accumulate", 1, [])
    assert wasmnp.add.outer(recorder, 1) == numpy.add.outer(recorder, 1) == ("add", "outer", 2, [])
