"""Sorting, partitions, bisection and running sums: the same as NumPy's."""

from __future__ import annotations

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wasmnp

from .differential import DTYPES, SWAPPED, same, values

SIZES = [0, 1, 2, 15, 16, 17, 40, 100, 300, 1000, 5000]


def random_array(xp, dtype, size, seed=0):
    """Numbers with ties, both zeros and NaN."""
    rng = numpy.random.default_rng(seed + size)
    raw = rng.integers(-40, 40, size) / 4 if rng.random() < 0.5 else rng.standard_normal(size) * 1e3
    code = numpy.dtype(dtype)
    if code.kind in "fc":
        raw = numpy.where(rng.random(size) < 0.1, numpy.nan, raw)
        raw = numpy.where(rng.random(size) < 0.1, -0.0, raw)
    if code.kind == "c":
        raw = raw + 1j * numpy.where(rng.random(size) < 0.1, numpy.nan, rng.integers(-2, 3, size))
    if code.kind in "ui":
        raw = raw.astype("i8")
    with numpy.errstate(all="ignore"):
        made = raw.astype(dtype)
    return xp.frombuffer(made.tobytes(), dtype=dtype).copy() if size else xp.zeros(0, dtype=dtype)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dtype", DTYPES + SWAPPED)
def test_sort(dtype, size):
    for kind in ("stable", "mergesort"):
        same(lambda xp, k=kind: xp.sort(random_array(xp, dtype, size), kind=k))
        same(lambda xp, k=kind: random_array(xp, dtype, size).argsort(kind=k))
    same(lambda xp: random_array(xp, dtype, size).argsort(stable=True))

    def unsigned_zeros(array):
        return [complex(item) + 0 for item in array.tolist()]

    same(lambda xp: unsigned_zeros(xp.sort(random_array(xp, dtype, size))))
    order = random_array(wasmnp, dtype, size).argsort().tolist()
    assert sorted(order) == list(range(size))
    same(
        lambda xp: unsigned_zeros(
            random_array(xp, dtype, size)[xp.array(order, dtype=int)]
            if xp is wasmnp
            else xp.sort(random_array(xp, dtype, size))
        )
    )


@pytest.mark.parametrize("dtype", ["i1", "f4", "c16", ">f8"])
@pytest.mark.parametrize("axis", [0, 1, -1, None, 2])
def test_sort_axes(axis, dtype):
    for layout in (lambda a: a, lambda a: a.T, lambda a: a[::-1, ::2]):
        same(lambda xp, f=layout: xp.sort(f(random_array(xp, dtype, 60).reshape(6, 10)), axis=axis, kind="stable"))
        same(lambda xp, f=layout: xp.argsort(f(random_array(xp, dtype, 60).reshape(6, 10)), axis=axis, kind="stable"))

    def in_place(xp):
        a = random_array(xp, dtype, 60).reshape(6, 10)
        a[::2, ::-1].sort(axis=axis, kind="stable")
        return a

    if axis is not None:
        same(in_place)


def test_sort_arguments():
    same(lambda xp: xp.arange(3).sort(kind="other"))
    same(lambda xp: xp.arange(3).sort(kind="q", stable=True))
    same(lambda xp: xp.arange(3).sort(order="x"))
    same(lambda xp: xp.array(3).sort())
    same(lambda xp: xp.array(3).argsort())
    same(lambda xp: xp.sort(3))
    same(lambda xp: xp.sort([3, 1, 2]))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", [1, 5, 17, 100, 1000])
def test_partition(dtype, size):
    for kth in (0, size // 2, size - 1, -1, [0, size // 3, size // 3, -1]):
        a = random_array(numpy, dtype, size)
        expected = numpy.sort(a)
        ranks = sorted(k % size for k in ([kth] if isinstance(kth, int) else kth))
        mine = random_array(wasmnp, dtype, size)
        places = mine.argpartition(kth).tolist()
        assert sorted(places) == list(range(size))
        for result in (wasmnp.partition(mine, kth), mine[wasmnp.asarray(places)]):
            got = numpy.frombuffer(result.tobytes(), dtype=dtype)
            numpy.testing.assert_array_equal(numpy.sort(got), expected)
            for rank in ranks:
                numpy.testing.assert_array_equal(got[rank], expected[rank])
                numpy.testing.assert_array_equal(numpy.sort(got[: rank + 1]), expected[: rank + 1])


def test_partition_arguments():
    same(lambda xp: xp.partition(xp.arange(3), 3))
    same(lambda xp: xp.partition(xp.arange(3), -4))
    same(lambda xp: xp.partition(xp.arange(3), 1.0))
    same(lambda xp: xp.partition(xp.arange(3), True))
    same(lambda xp: xp.partition(xp.arange(3), [[1]]))
    same(lambda xp: xp.partition(xp.arange(3), 1, kind="other"))
    same(lambda xp: xp.partition(xp.zeros((2, 0)), 0))
    same(lambda xp: xp.argpartition(xp.zeros((2, 3)), 0, axis=5))


@given(st.lists(st.integers(-5, 5), max_size=40), st.lists(st.integers(-5, 5), min_size=1, max_size=3), st.data())
def test_lexsort(first, widths, data):
    keys = [first] + [data.draw(st.lists(st.integers(0, 2), min_size=len(first), max_size=len(first))) for _ in widths]
    same(lambda xp: xp.lexsort([xp.array(key, dtype="i4") for key in keys]))
    same(lambda xp: xp.lexsort(xp.array([keys, keys], dtype="f4").reshape(2, len(keys), len(first)), axis=-1))


def test_lexsort_arguments():
    same(lambda xp: xp.lexsort(()))
    same(lambda xp: xp.lexsort(([1, 2], [1])))
    same(lambda xp: xp.lexsort([3, 1]))
    same(lambda xp: xp.lexsort((xp.arange(6).reshape(2, 3) % 2, xp.zeros((2, 3))), axis=0))


@pytest.mark.parametrize("side", ["left", "right", "middle"])
@pytest.mark.parametrize("dtype", DTYPES + SWAPPED)
def test_searchsorted(dtype, side):
    def body(xp, step):
        a = xp.sort(random_array(xp, dtype, 90))
        v = random_array(xp, dtype, 40, 7).reshape(4, 10)
        return a[::step].searchsorted(v.T, side), xp.searchsorted(a[::step], v[0, 0], side=side)

    same(body, 1)
    same(body, 3)
    same(
        lambda xp: xp.searchsorted(
            random_array(xp, dtype, 50),
            random_array(xp, dtype, 20, 3),
            side,
            random_array(xp, dtype, 50).argsort(kind="stable"),
        )
    )


def test_searchsorted_arguments():
    same(lambda xp: xp.searchsorted([1, 2, 3], 2.5))
    same(lambda xp: xp.searchsorted([], [1, 2]))
    same(lambda xp: xp.searchsorted([[1]], 1))
    same(lambda xp: xp.searchsorted(xp.broadcast_to(2, (5,)), [1, 2, 3], side="right"))
    same(lambda xp: xp.searchsorted([1, 2], [1, 2], sorter=[0]))
    same(lambda xp: xp.searchsorted([1, 2], [1, 2], sorter=[0, 7]))
    same(lambda xp: xp.searchsorted([1, 2], [1, 2], sorter=[0.0, 1.0]))


@pytest.mark.parametrize("name", ["cumsum", "cumprod"])
@pytest.mark.parametrize("dtype", DTYPES)
def test_running(name, dtype):
    for axis in (None, 0, 1, -1, 2):
        for layout in (lambda a: a, lambda a: a.T, lambda a: a[:, ::2]):
            same(lambda xp, x=axis, f=layout: getattr(f((xp.arange(24) % 3).astype(dtype).reshape(4, 6)), name)(x))
    same(lambda xp: getattr(xp, name)((xp.arange(240) % 3).astype(dtype).reshape(3, 80), axis=0))
    same(lambda xp: getattr(xp, name)(xp.ones(3, dtype=dtype), dtype="f4", out=xp.zeros(3)))
    same(lambda xp: getattr(xp.array(2, dtype=dtype), name)())
    same(lambda xp: getattr(values(xp, dtype, (3, 4)), name)(1))


@pytest.mark.parametrize(
    "elements",
    [
        [b"b", b"", b"abc", b"ab", b"b"],
        ["b", "", "abc", "é", "b", "\U0001f600"],
    ],
)
def test_order_of_text(elements):
    same(lambda xp: xp.sort(xp.array(elements)).tolist())
    same(lambda xp: xp.argsort(xp.array(elements), kind="stable"))
    same(lambda xp: xp.unique(xp.array(elements)).tolist())


def test_order_of_times():
    text = ["2020-01-05", "NaT", "1969-12-31", "2020-01-05", "1970-01-01"]
    for code in ("M8[D]", "m8[s]"):
        make = lambda xp: xp.array(text, "M8[D]") if code[0] == "M" else xp.array([5, "NaT", -7, 0], code)  # noqa: E731, B023
        same(lambda xp: xp.sort(make(xp)).astype("i8").tolist())  # noqa: B023
        same(lambda xp: xp.argsort(make(xp), kind="stable"))  # noqa: B023
        same(lambda xp: (xp.argmax(make(xp)), xp.argmin(make(xp))))  # noqa: B023


def test_order_of_structures():
    rows = [(2, 1.0), (1, 5.0), (2, float("nan")), (1, -5.0), (2, 0.5)]
    same(lambda xp: repr(xp.sort(xp.array(rows, dtype="i2,f8"))))
    same(lambda xp: xp.argsort(xp.array(rows, dtype="i2,f8"), kind="stable"))


@pytest.mark.parametrize("dtype", [[("a", "i4")], [("a", "i4", (2,)), ("b", "u1")], [("a", [("b", ">f8")])]])
def test_many_structures(dtype):
    """More than a loop goes through with Python's lock held."""

    def body(xp):
        numbers = (xp.arange(12000) * 7919 % 97).astype("u1")
        a = numbers[: 12000 // xp.dtype(dtype).itemsize * xp.dtype(dtype).itemsize].view(dtype)
        keys = xp.sort(a)
        return keys.tobytes(), xp.argsort(a, kind="stable"), xp.searchsorted(keys, a[::-3])

    same(body)
