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


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_long_running_sums(dtype):
    """Of whole numbers they are exact, so that the order does not count; of others they are close."""
    same(lambda xp: (xp.arange(3000) % 7).astype(dtype).cumsum())
    same(lambda xp: (xp.arange(3000) % 7).astype(dtype).reshape(30, 100)[:, ::3].cumsum(0))
    same(lambda xp: (xp.arange(6000) % 7).astype(dtype).reshape(6, 1000)[::-2].cumsum(1))
    values = numpy.random.default_rng(0).standard_normal(5000).astype(dtype)
    exact = values.astype("g").cumsum()
    size = numpy.abs(values.astype("g")).cumsum()
    error = numpy.abs(numpy.array(wasmnp.array(values).cumsum()) - exact)
    assert (error <= size * float(numpy.finfo(dtype).eps) * 40).all()


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("place", [3, 255, 256, 402, 998])
def test_running_sums_beyond_all_numbers(dtype, place):
    def body(xp, *values):
        a = xp.zeros(1000, dtype=dtype)
        for offset, value in enumerate(values):
            a[place + offset] = value
        return a.cumsum()

    largest = float(numpy.finfo(dtype).max)
    for extremes in ([largest, largest], [float("inf"), 1], [float("inf"), float("-inf")], [float("nan")]):
        same(body, *extremes[: 1000 - place])
