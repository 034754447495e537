"""Functions that select elements against NumPy."""

from __future__ import annotations

import contextlib
import inspect
import sys
from collections.abc import Callable
from typing import Any

import numpy
import pytest

import wasmnp

from .differential import DTYPES, LAYOUTS, SWAPPED, same, values

FUNCTIONS = [
    "take",
    "put",
    "putmask",
    "compress",
    "extract",
    "place",
    "nonzero",
    "argwhere",
    "flatnonzero",
    "where",
    "choose",
    "repeat",
    "count_nonzero",
    "take_along_axis",
    "put_along_axis",
    "ix_",
]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_signatures(name: str) -> None:
    assert str(inspect.signature(getattr(wasmnp, name))).split(" ->")[0].count(",") == str(
        inspect.signature(getattr(numpy, name))
    ).count(",")
    assert list(inspect.signature(getattr(wasmnp, name)).parameters) == list(
        inspect.signature(getattr(numpy, name)).parameters
    )


@pytest.mark.parametrize("mode", ["raise", "wrap", "clip", "x", 1])
@pytest.mark.parametrize("axis", [None, 0, 1, -1, 3])
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_take(layout: Callable[[Any], Any], axis: Any, mode: Any) -> None:
    for indices in ([1, 0], [[2, 0], [-1, 1]], 1, [], [7], [-9, 100], [1.5], True, -(2**63), [2**63 - 1]):
        if mode in ("wrap", 1) and indices in (-(2**63), [2**63 - 1]):
            continue  # NumPy's loop does not come to an end there
        same(lambda xp, indices=indices: xp.take(layout(values(xp, "f8", (3, 4, 2))), indices, axis=axis, mode=mode))
    same(lambda xp: xp.take(layout(values(xp, "f8", (3, 4, 2))), xp.array([0, 1], dtype="u1"), axis=axis, mode=mode))
    same(lambda xp: xp.take(layout(values(xp, "f8", (3, 4, 2))), xp.array([0.0]), axis=axis, mode=mode))


def test_wrapping_from_far() -> None:
    far = [-(2**63), 2**63 - 1]
    assert wasmnp.arange(7).take(far, mode="wrap").tolist() == [n % 7 for n in far]
    a = wasmnp.zeros(7)
    a.put(far, 1, mode="wrap")
    assert wasmnp.flatnonzero(a).tolist() == sorted({n % 7 for n in far})
    assert wasmnp.choose([-(2**63), 2**63 - 1], [10, 20, 30], mode="wrap").tolist() == [10 * (n % 3 + 1) for n in far]


@pytest.mark.parametrize("dtype", DTYPES + SWAPPED)
def test_take_types(dtype: str) -> None:
    def body(xp: Any) -> Any:
        a = values(xp, dtype, (5, 3))
        out = xp.zeros((2, 3), dtype=dtype)
        returned = a.take([4, 0], 0, out, "wrap")
        return a.take([3, 1]), a.take([2, 2, 4], axis=0), out, returned is out, a.take(0), a[0].take([[0]])

    same(body)


def test_take_out() -> None:
    for out in ("i8", "f8", "i2", "?", "c16"):
        same(lambda xp, out=out: xp.take(xp.arange(5), [1, 2], out=xp.zeros(2, dtype=out)))
    same(lambda xp: xp.take(xp.arange(5), [1, 2], out=xp.zeros(3, dtype="i8")))
    same(lambda xp: xp.take(xp.arange(5), [1, 2], out=[0, 0]))
    same(lambda xp: xp.take(xp.zeros((0, 3)), [0], axis=0))
    same(lambda xp: xp.take(xp.zeros((0, 3)), [], axis=0))
    same(lambda xp: xp.take(xp.zeros((0, 3)), [0], axis=1))
    same(lambda xp: xp.take(xp.zeros((0, 3)), [9], axis=1))
    same(lambda xp: xp.take(5, 0))
    same(lambda xp: xp.take(5, [0, 0], axis=0))


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_put(layout: Callable[[Any], Any]) -> None:
    for indices, given, mode in [
        ([0, 2], [7, 8], "raise"), ([0, 2, 1], [9], "raise"), (1, 5, "raise"), ([-1], [3.7], "raise"),
        ([0, 99], [1, 2], "raise"), ([-99], 1, "raise"), ([99, -99, 0], [1, 2], "wrap"), ([99, -99], [1, 2], "clip"),
        ([], [1], "raise"), ([0, 1], [], "raise"), ([1.5], 3, "raise"), ([0], 2**40, "raise"),
    ]:  # fmt: skip

        def body(xp: Any, indices: Any = indices, given: Any = given, mode: Any = mode) -> Any:
            a = xp.arange(12, dtype="i4").reshape(3, 4)
            view = layout(a)
            if layout is LAYOUTS["fortran"]:
                a = view
            return xp.put(view, indices, given, mode), a

        same(body)
    same(lambda xp: xp.put([1, 2], [0], 1))
    same(lambda xp: xp.put(xp.zeros(0), [0], 1))


@pytest.mark.parametrize("dtype", DTYPES + SWAPPED)
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_putmask_and_place(layout: Callable[[Any], Any], dtype: str) -> None:
    for name in ("putmask", "place"):
        for given in ([1], [1, 0, 1], range(20), [], 0):

            def body(xp: Any, name: str = name, given: Any = given) -> Any:
                a = values(xp, dtype, (3, 4)).copy()
                view = layout(a)
                given = xp.array(given).astype(dtype) if given != [] else xp.array([], dtype=dtype)
                getattr(xp, name)(view, [[i % 3 != 1 for i in range(n)] for n in [view.shape[1]] * len(view)], given)
                return view

            same(body)


def test_putmask_errors() -> None:
    for name in ("putmask", "place"):
        same(lambda xp, name=name: getattr(xp, name)([1, 2], [1, 0], 3))
        same(lambda xp, name=name: getattr(xp, name)(xp.arange(3), [1, 0], 3))
        same(lambda xp, name=name: getattr(xp, name)(xp.arange(3), [0, 0, 0], []))
        same(lambda xp, name=name: getattr(xp, name)(xp.arange(3), [0, 1, 0], []))

        def overlap(xp: Any, name: str = name) -> Any:
            a = xp.array([True, False, True, True])
            getattr(xp, name)(a, a, a[::-1])
            b = xp.arange(6)
            if name == "putmask":  # NumPy's place reads what it has written
                getattr(xp, name)(b[1:], b[1:] > 0, b[:-1])
            return a, b

        same(overlap)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_compress(layout: Callable[[Any], Any]) -> None:
    for condition in ([True, False, True], [0, 1], [], [False] * 3, [1] * 30, [[1]], 1, [0.5, 0.0, float("nan")]):
        for axis in (None, 0, 1, 5):
            same(lambda xp, c=condition, axis=axis: xp.compress(c, layout(values(xp, "f4", (3, 4))), axis=axis))
        same(lambda xp, c=condition: layout(values(xp, "i2", (3, 4))).compress(c, 0))
    same(lambda xp: xp.extract(xp.arange(12).reshape(3, 4) > 4, layout(xp.arange(12).reshape(3, 4))))


@pytest.mark.parametrize("dtype", DTYPES + SWAPPED)
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_nonzero(layout: Callable[[Any], Any], dtype: str) -> None:
    for shape in ((12,), (3, 4), (2, 3, 4), (0, 3), (3, 0), ()):
        if shape == () and layout not in (LAYOUTS["contiguous"], LAYOUTS["fortran"], LAYOUTS["transposed"]):
            continue
        same(lambda xp, s=shape: layout(values(xp, dtype, s)).nonzero())
        same(lambda xp, s=shape: xp.nonzero(layout(values(xp, dtype, s))))
        same(lambda xp, s=shape: xp.flatnonzero(layout(values(xp, dtype, s))))
        same(lambda xp, s=shape: xp.argwhere(layout(values(xp, dtype, s))).tolist())
        same(lambda xp, s=shape: int(xp.count_nonzero(layout(values(xp, dtype, s)))))
        for axis in (0, -1, (0, 1), 7):
            same(lambda xp, s=shape, axis=axis: xp.count_nonzero(layout(values(xp, dtype, s)), axis=axis))
        same(lambda xp, s=shape: xp.count_nonzero(layout(values(xp, dtype, s)), keepdims=True))


@pytest.mark.parametrize("x", DTYPES)
@pytest.mark.parametrize("y", DTYPES)
def test_where_types(x: str, y: str) -> None:
    if numpy.result_type(x, y).char != "e":
        same(lambda xp: xp.where([[True], [False], [3]], values(xp, x, (4,)), values(xp, y, (3, 1))))


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_where(layout: Callable[[Any], Any]) -> None:
    def operands(xp: Any) -> tuple[Any, ...]:
        a = layout(values(xp, "f8", (4, 4)))
        return a, layout(xp.arange(16).reshape(4, 4)), a > 0

    for body in (
        lambda xp, a, b, c: xp.where(c, a, b),
        lambda xp, a, b, c: xp.where(c, a, 0),
        lambda xp, a, b, c: xp.where(c, 1, b),
        lambda xp, a, b, c: xp.where(c, 1.5, 2),
        lambda xp, a, b, c: xp.where(c, 1, 2),
        lambda xp, a, b, c: xp.where(a, xp.float32(2), b),
        lambda xp, a, b, c: xp.where(b, b.T if b.shape[0] == b.shape[1] else b, a),
        lambda xp, a, b, c: xp.where(c),
        lambda xp, a, b, c: xp.where(c, a),
        lambda xp, a, b, c: xp.where(c, xp.zeros(7), a),
        lambda xp, a, b, c: xp.where(c, True, b),
        lambda xp, a, b, c: xp.where(c, xp.int8(3), 2**40),
    ):
        same(lambda xp, body=body: body(xp, *operands(xp)))
    same(lambda xp: xp.where(True, 1, 2))
    same(lambda xp: xp.where(0, [1.0], [[2], [3]]))


@pytest.mark.parametrize("mode", ["raise", "wrap", "clip"])
def test_choose(mode: str) -> None:
    for indices, choices in [
        ([0, 1, 0], [[1, 2, 3], [10, 20, 30]]), ([[0], [1]], [[1, 2], 5.5]), ([2], [1, 2]), ([-1], [1, 2]),
        ([1], []), (0, [1, 2]), ([True, False], [[1, 2], [3, 4]]), ([1.5], [1, 2]), ([0, 1], [[1, 2, 3]]),
        ([[0, 1], [1, 0]], [[True, False], [1.5, 2]]),
    ]:  # fmt: skip
        same(lambda xp, i=indices, c=choices: xp.choose(i, c, mode=mode))
        same(lambda xp, i=indices, c=choices: xp.choose(i, c, xp.zeros(2), mode))
    same(lambda xp: xp.array([1, 0]).choose(xp.arange(2), xp.arange(2) * 10, mode=mode))
    same(lambda xp: xp.array([1, 0]).choose([xp.arange(2).T, xp.arange(4).reshape(2, 2).T]))


@pytest.mark.parametrize("dtype", ["?", "i2", "f4", ">f8", "c16"])
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_repeat(layout: Callable[[Any], Any], dtype: str) -> None:
    for repeats in (2, [1, 2, 0], [2], 0, -1, [1, -2, 1], 1.9, [[1]], [1, 2], True, [0, 3, 1, 2], []):
        for axis in (None, 0, 1, -1, 4):
            same(lambda xp, r=repeats, axis=axis: xp.repeat(layout(values(xp, dtype, (3, 4))), r, axis=axis))
    same(lambda xp: xp.repeat(5, 3))
    same(lambda xp: xp.repeat(5, 3, axis=0))


def test_repeat_beyond_memory() -> None:
    for repeats in (2**62, [2**62, 2**62]):
        with pytest.raises((ValueError, MemoryError)):
            wasmnp.repeat([1, 2], repeats)


@pytest.mark.parametrize("axis", [0, 1, -1, None, 3])
def test_along_axis(axis: Any) -> None:
    for indices in ([[0, 1, 1]], [[1], [0]], [[0, 0, 0], [1, 1, 1]], [0, 1], [[5]], [[0.5]], 0):
        same(lambda xp, i=indices: xp.take_along_axis(xp.arange(6).reshape(2, 3), xp.array(i), axis))

        def put(xp: Any, indices: Any = indices) -> Any:
            a = xp.arange(6).reshape(2, 3).T.copy().T
            xp.put_along_axis(a, xp.array(indices), 50, axis)
            return a

        if axis is not None:
            same(put)


def test_put_along_axis_of_all() -> None:
    a = wasmnp.arange(6).reshape(2, 3).T
    wasmnp.put_along_axis(a, wasmnp.array([0, 1]), [50, 60], None)
    assert a.tolist() == [[50, 60], [1, 4], [2, 5]]


def test_ix() -> None:
    for args in ([], [[0, 1], [2, 4]], [[True, False], [2]], [[[1]]], [[], [1]], [range(2), (1, 2), [0]]):
        same(lambda xp, args=args: xp.ix_(*args))
    same(lambda xp: xp.arange(24).reshape(2, 3, 4)[xp.ix_([1, 0], [2], [3, 0])])


def test_subclasses() -> None:
    def body(xp: Any) -> Any:
        class Child(xp.ndarray):
            pass

        a = xp.arange(6).reshape(2, 3).view(Child)
        return [
            type(item).__name__
            for item in (a.take([0]), a.take(0), a.compress([1]), a.repeat(2), a.nonzero()[0], xp.where(a, a, a),
                         xp.take(a, [0]), xp.argwhere(a), xp.repeat(a, 2), a.choose([1, 2, 3, 4, 5, 6]))
        ]  # fmt: skip

    same(body)


def test_long_runs() -> None:
    def body(xp: Any) -> Any:
        a = xp.arange(20000, dtype="i4").reshape(100, 200)
        flags = xp.array([[i * j % 7 < 3 for i in range(200)] for j in range(100)])
        b = a.copy()
        xp.putmask(b, flags, a[::-1])
        c = a.copy()
        xp.place(c, flags, [1, 2, 3])
        parts = [xp.where(flags, a, -a), xp.where(flags, a, 5), xp.where(flags.T, a.T, 1.5), b, c, a[flags]]
        parts += [*flags.nonzero(), a.take([5, 99, 3], 0), a.take([5, 99, 3], 1), a.repeat([1, 2] * 50, 0)]
        parts += [xp.repeat(a, 3), a.compress([True, False] * 100, 1)]
        return [part.tobytes() for part in parts], int(xp.count_nonzero(flags))

    same(body)


def test_references() -> None:
    a, index, mask = wasmnp.arange(4), wasmnp.array([0, 1]), wasmnp.array([True, False, True, True])
    objects = [a, index, mask, a.dtype, mask.dtype]
    bodies: list[Callable[[], Any]] = [
        lambda: a.take(index), lambda: a.take(index, out=index.copy()), lambda: a.take([9]), lambda: a.take(index, 5),
        lambda: a.put(index, a), lambda: a.put([9], a), lambda: wasmnp.putmask(a, mask, a), lambda: a.compress(mask),
        lambda: wasmnp.place(a, mask, a), lambda: wasmnp.place(a, mask, []), lambda: a.repeat(2), lambda: a.repeat(-1),
        lambda: wasmnp.where(mask, a, a), lambda: wasmnp.where(mask, a, 1.5), lambda: wasmnp.where(mask, a, index),
        lambda: index.choose([a, a]), lambda: a.choose([mask]), lambda: a.nonzero(), lambda: wasmnp.count_nonzero(a),
        lambda: wasmnp.argwhere(mask), lambda: wasmnp.where(mask), lambda: wasmnp.where(mask, a, 2**70),
    ]  # fmt: skip

    def work() -> None:
        for body in bodies:
            with contextlib.suppress(IndexError, ValueError, TypeError, OverflowError):
                body()

    work()
    before = [sys.getrefcount(item) for item in objects]
    for _ in range(50):
        work()
    assert [sys.getrefcount(item) for item in objects] == before
