"""Indexing with arrays against NumPy: reading and assigning, layouts, errors."""

from __future__ import annotations

import contextlib
import random
import sys
from collections.abc import Callable
from typing import Any

import numpy
import pytest

import wasmnp

from .differential import DTYPES, LAYOUTS, SWAPPED, same, values

KEYS: dict[str, Callable[[Any], Any]] = {
    "list": lambda xp: [0, 2],
    "tuple of list": lambda xp: ([2, 0, 2],),
    "array": lambda xp: xp.array([1, 0, -1]),
    "int8": lambda xp: xp.array([1, 0, -1], dtype="i1"),
    "uint8": lambda xp: xp.array([1, 0], dtype="u1"),
    "swapped": lambda xp: xp.array([1, 0, -1], dtype=">i4"),
    "uint32": lambda xp: xp.array([1, 0], dtype="u4"),
    "nested": lambda xp: [[0, 1], [2, 2]],
    "strided": lambda xp: xp.array([2, 9, 0, 9, 1, 9])[::2],
    "reversed": lambda xp: xp.array([2, 0, 1])[::-1],
    "fortran": lambda xp: xp.array([[0, 1, 2], [2, 1, 0]]).copy(order="F"),
    "3-d transposed": lambda xp: xp.array([[[0, 1], [2, 0]], [[1, 1], [2, 2]], [[0, 2], [0, 1]]]).transpose(1, 2, 0),
    "two": lambda xp: ([0, 1], [1, 0]),
    "two broadcast": lambda xp: ([[0], [2]], [1, 0, 1]),
    "two orders": lambda xp: (xp.array([[0, 1], [2, 0]]).T, xp.array([[0, 1], [1, 0]])),
    "separated": lambda xp: ([0, 1], slice(None), [1, 0]),
    "after slice": lambda xp: (slice(None), [1, 0]),
    "last": lambda xp: (Ellipsis, [1, 0]),
    "ellipsis between": lambda xp: ([1, 0], Ellipsis, [0, 1]),
    "empty ellipsis between": lambda xp: (slice(None), [1], Ellipsis, [0]),
    "newaxis between": lambda xp: ([1, 0], None, [0, 1]),
    "newaxis first": lambda xp: (None, [1, 0]),
    "newaxis after": lambda xp: ([1, 0], None),
    "integer and array": lambda xp: (0, [1, 0]),
    "integer apart": lambda xp: (0, slice(None), [1, 0]),
    "negative step": lambda xp: (slice(None, None, -1), [1, 0]),
    "empty list": lambda xp: [],
    "empty nested": lambda xp: [[]],
    "empty with slice": lambda xp: (slice(1), []),
    "empty int array": lambda xp: xp.zeros((2, 0), dtype="i8"),
    "empty float array": lambda xp: xp.zeros((0,)),
    "scalar array": lambda xp: xp.array(1),
    "scalar array and slice": lambda xp: (slice(None), xp.array(1)),
    "scalar array and ellipsis": lambda xp: (xp.array(1), Ellipsis),
    "numpy integer": lambda xp: xp.int32(1),
    "numpy integers": lambda xp: (xp.int32(1), [0, 1]),
    "True": lambda xp: True,
    "False": lambda xp: False,
    "True and list": lambda xp: (True, [0, 1]),
    "False and list": lambda xp: (False, [0, 1]),
    "True in the middle": lambda xp: (slice(None), True),
    "True and integer": lambda xp: (True, 0),
    "0-d bool": lambda xp: xp.array(True),
    "numpy bool": lambda xp: xp.bool_(False),
    "two bools": lambda xp: (True, None, True),
    "mask first axis": lambda xp: [True, False, True],
    "mask array": lambda xp: xp.array([False, True, True]),
    "mask none": lambda xp: xp.array([False, False, False]),
    "mask and list": lambda xp: (xp.array([True, False, True]), [0, 1]),
    "mask and slice": lambda xp: (slice(1, None), xp.array([True, False, True, True])),
    "mask 2-d": lambda xp: xp.array([[True, False, True, True]] * 3),
    "mask 2-d tuple": lambda xp: (xp.array([[True, False, True, True]] * 3), slice(None, None, 2)),
    "mask behind": lambda xp: (Ellipsis, xp.array([True, False, True, True])),
    "mask strided": lambda xp: xp.array([True, False, True, True, False, False])[::2],
    "bools and integers in a list": lambda xp: [True, 2],
    "mask too short": lambda xp: xp.array([True, False]),
    "mask too long": lambda xp: xp.array([True] * 7),
    "mask of too many axes": lambda xp: xp.zeros((3, 4, 5, 6), dtype="?"),
    "out of bounds": lambda xp: [0, 5],
    "out of bounds below": lambda xp: xp.array([0, -4]),
    "out of bounds second": lambda xp: ([0, 1], [0, 9]),
    "smallest": lambda xp: xp.array([-(2**63)]),
    "largest": lambda xp: xp.array([0, 2**63 - 1]),
    "out of bounds broadcast away": lambda xp: ([10], [[]]),
    "no broadcast": lambda xp: ([0, 1], [0, 1, 2]),
    "no broadcast with integer": lambda xp: ([0, 1], 0, [0, 1, 2]),
    "too many": lambda xp: ([0], [0], [0], [0]),
    "two ellipses": lambda xp: ([0], Ellipsis, Ellipsis),
    "float": lambda xp: 1.0,
    "float list": lambda xp: [1.0, 2.0],
    "float array": lambda xp: xp.array([1.0]),
    "float scalar array": lambda xp: xp.array(1.0),
    "complex": lambda xp: 1j,
    "text": lambda xp: "field",
    "list of text": lambda xp: ["field"],
    "object": lambda xp: object(),
    "list of object": lambda xp: [object()],
    "ragged": lambda xp: [[0, 1], [2]],
    "dict": lambda xp: {},
}
SHAPES = [(3,), (3, 4), (3, 4, 5), (3, 3, 3, 3), (3, 0, 4), (0,), ()]


def with_message(body: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The body, with an IndexError or ValueError as its text."""

    def run(xp: Any) -> Any:
        try:
            return body(xp)
        except (IndexError, ValueError, TypeError) as error:
            # What elements make of sequences is tested elsewhere, with other words.
            own = not isinstance(error, IndexError) and str(error).startswith(
                ("setting an array", "could not broadcast")
            )
            return type(error).__name__, own or str(error)

    return run


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_get(key: Callable[[Any], Any], shape: tuple[int, ...]) -> None:
    def body(xp: Any) -> Any:
        result = values(xp, "i4", shape)[key(xp)]
        return (result, result.base is None, result.flags.writeable) if isinstance(result, xp.ndarray) else result

    same(with_message(body))


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_get_layouts(key: Callable[[Any], Any], layout: Callable[[Any], Any]) -> None:
    same(lambda xp: layout(values(xp, "f8", (3, 4, 5)))[key(xp)])


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_set(key: Callable[[Any], Any], shape: tuple[int, ...]) -> None:
    def body(xp: Any, value: Any) -> Any:
        a = values(xp, "i4", shape)
        a[key(xp)] = value(xp)
        return a

    for value in (
        lambda xp: 77,
        lambda xp: [[1.5], [2.5]],
        lambda xp: xp.arange(2),
        lambda xp: xp.arange(20, dtype=">i2").reshape(4, 5),
        lambda xp: xp.ones((1, 1, 1, 1, 1)),
        lambda xp: [],
    ):
        if (
            shape == (3,)
            and key in (KEYS["scalar array"], KEYS["numpy integer"])
            and not isinstance(value(wasmnp), int)
        ):
            continue  # one element: what it makes of sequences is not for here
        same(with_message(lambda xp, value=value: body(xp, value)))


@pytest.mark.parametrize("dtype", DTYPES + SWAPPED)
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_types(layout: Callable[[Any], Any], dtype: str) -> None:
    for key in ("array", "nested", "mask array", "mask 2-d", "separated", "after slice", "two broadcast"):
        same(with_message(lambda xp, key=key: layout(values(xp, dtype, (4, 4, 3)))[KEYS[key](xp)]))

        def assign(xp: Any, key: str = key) -> Any:
            a = values(xp, dtype, (4, 4, 3))
            view = layout(a)
            view[KEYS[key](xp)] = xp.array(1, dtype="i2")
            return a

        same(with_message(assign))


@pytest.mark.parametrize("source", DTYPES)
@pytest.mark.parametrize("target", DTYPES)
def test_assignment_casts(target: str, source: str) -> None:
    def body(xp: Any) -> Any:
        a = xp.zeros(6, dtype=target)
        a[[4, 1, 4]] = xp.array([1, 0, 1]).astype(source)
        a[xp.array([False, False, True] * 2)] = xp.array([1, 1]).astype(source)
        return a

    same(body)


def test_unaligned() -> None:
    def body(xp: Any) -> Any:
        raw = xp.zeros(8 * 12 + 1, dtype="u1")
        a = raw[1:].view("f8").reshape(3, 4)
        a[...] = xp.arange(12).reshape(3, 4)
        index = xp.zeros(25, dtype="u1")[1:].view("i8")
        index[...] = [2, 0, -1]
        a[index, [0, 1, 2]] = 50
        return a[index], a[a > 4], a[:, index], a

    same(body)


def test_last_of_repeated_indices_wins() -> None:
    def body(xp: Any) -> Any:
        a = xp.zeros((3, 2))
        a[[0, 1, 0, 1, 0]] = xp.arange(10).reshape(5, 2)
        b = xp.zeros(5)
        b[xp.array([i % 5 for i in range(3000)])] = xp.arange(3000)
        return a, b

    same(body)


def test_operands_that_overlap() -> None:
    def body(xp: Any) -> Any:
        a = xp.arange(6)
        a[[0, 1, 2]] = a[1:4]
        b = xp.arange(6)[::-1]
        b[b] = b
        c = xp.array([True, False, True, False])
        c[c] = [False, True]
        d = xp.arange(6)
        d[d > 2] = d[:3]
        e = xp.array([1, 2, 0])
        e[e] = 2
        return a, b, c, d, e

    same(body)


def test_nothing_is_written_where_an_index_is_out_of_bounds() -> None:
    for key in ([0, 1, 7], ([0, 1], [0, -9]), (slice(None), [0, 2**40]), (numpy.arange(3000) % 9,)):
        a = wasmnp.zeros((3, 4))
        with pytest.raises(IndexError, match="out of bounds"):
            a[wasmnp.array(key[0]) if isinstance(key[0], numpy.ndarray) else key] = 1
        assert a.sum() == 0


def test_read_only() -> None:
    def body(xp: Any) -> Any:
        a = xp.arange(4)
        a.setflags(write=False)
        a[[0]] = 1

    same(with_message(body))
    assert wasmnp.frombuffer(b"abcd", dtype="u1")[[0, 1]].flags.writeable


@pytest.mark.parametrize("xp", [numpy, wasmnp], ids=["numpy", "wasmnp"])
def test_subclasses(xp: Any) -> None:
    seen: list[Any] = []

    class Child(xp.ndarray):
        def __array_finalize__(self, parent: Any) -> None:
            seen.append(type(parent).__name__)

    a = xp.arange(12).reshape(3, 4).view(Child)
    for key in ([0, 2], (slice(None), [1, 0]), a > 3, ([0], [1])):
        seen.clear()
        result = a[key] if not isinstance(key, Child) else a[key.view(xp.ndarray)]
        assert type(result) is Child
        assert type(result.base) is xp.ndarray
        assert seen[-1] == "Child"
    assert type(xp.arange(12)[a[0]]) is xp.ndarray


def random_key(rng: random.Random, shape: tuple[int, ...]) -> list[Any]:
    """Items of a key that mostly fits, as instructions for `built`."""
    items: list[Any] = []
    axis = 0
    outer = [rng.randint(1, 3) for _ in range(rng.randint(0, 2))]
    ellipsis = rng.random() < 0.3
    while axis < len(shape) and rng.random() < 0.9:
        kind = rng.choice(["int", "slice", "fancy", "fancy", "none", "mask", "bool", "ellipsis"])
        length = shape[axis]
        if kind == "int" and length:
            items.append(("plain", rng.randrange(-length, length)))
            axis += 1
        elif kind == "slice":
            step = rng.choice([-2, -1, 1, 1, 2])
            items.append(("plain", slice(rng.randint(-4, 4), rng.choice([None, -1, 2, 5]), step)))
            axis += 1
        elif kind == "fancy" and length:
            own = [n if rng.random() < 0.8 else 1 for n in outer[rng.randint(0, len(outer)) :]] or [1]
            count = int(numpy.prod(own))
            flat = [rng.randrange(-length, length) for _ in range(count)]
            items.append(("fancy", flat, own, rng.choice("CF"), rng.choice(["i1", "i4", "i8", ">i8"])))
            axis += 1
        elif kind == "none":
            items.append(("plain", None))
        elif kind == "mask":
            nd = rng.randint(1, min(2, len(shape) - axis))
            part = shape[axis : axis + nd]
            count = int(numpy.prod(part))
            items.append(("fancy", [rng.random() < 0.3 for _ in range(count)], list(part), rng.choice("CF"), "?"))
            axis += nd
        elif kind == "bool" and rng.random() < 0.2:
            items.append(("plain", rng.random() < 0.8))
        elif kind == "ellipsis" and ellipsis:
            ellipsis = False
            items.append(("plain", Ellipsis))
    return items


def built(xp: Any, items: list[Any]) -> tuple[Any, ...]:
    """The key that `random_key` describes."""
    return tuple(
        item[1] if item[0] == "plain" else xp.array(item[1], dtype=item[4]).reshape(item[2]).copy(order=item[3])
        for item in items
    )


@pytest.mark.parametrize("seed", range(40))
def test_random_keys(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(40):
        shape = tuple(rng.choice([0, 1, 2, 3, 3, 4]) for _ in range(rng.randint(1, 5)))
        items = random_key(rng, shape)
        axes = list(range(len(shape)))
        rng.shuffle(axes)
        inverse = sorted(range(len(axes)), key=axes.__getitem__)
        dtype = rng.choice(DTYPES)

        def make(
            xp: Any,
            shape: tuple[int, ...] = shape,
            axes: list[int] = axes,
            inverse: list[int] = inverse,
            kind: str = dtype,
        ) -> Any:
            return values(xp, kind, tuple(shape[i] for i in axes)).transpose(inverse)

        def get(xp: Any, items: list[Any] = items, make: Any = make) -> Any:
            return make(xp)[built(xp, items)]

        outcome = same(with_message(get))
        if not isinstance(outcome, tuple) or len(outcome) != 5:
            continue
        value_shape = [n if rng.random() < 0.7 else 1 for n in outcome[2]][rng.randint(0, len(outcome[2])) :]

        def assign(xp: Any, items: list[Any] = items, make: Any = make, value_shape: list[int] = value_shape) -> Any:
            a = make(xp)
            a[built(xp, items)] = values(xp, "u1", tuple(value_shape)).astype(a.dtype)
            return a

        same(with_message(assign))


@pytest.mark.parametrize("count", [499, 5000, 70000])
@pytest.mark.parametrize("dtype", ["?", "i2", "f4", "f8", "c16"])
def test_long_runs(dtype: str, count: int) -> None:
    """Lengths that take blocks, whole words of masks and a released interpreter lock."""

    def body(xp: Any) -> Any:
        a = values(xp, dtype, (count,))
        places = [i * 7919 % count for i in range(count)]
        order = xp.array(places)
        mask = xp.array([i > 64 and place % 5 < 3 for i, place in enumerate(places)])
        rest = xp.array([i <= 64 or place % 5 >= 3 for i, place in enumerate(places)])
        b, c = a.copy(), a.copy()
        b[order] = a
        b[-order[::3] - 1] = a[0]
        c[mask] = a[: int(mask.sum())]
        c[rest] = a[1]
        return a[order], a[mask], a[::2][mask[::2]], a.reshape(-1, 1)[order[:9]], b, c

    same(lambda xp: [part.tobytes() for part in body(xp)])


@pytest.mark.parametrize("key", [2**70, -(2**70), [2**70], ([0], 2**70), (..., [-(2**64)])], ids=repr)
def test_integers_beyond_an_index(key: Any) -> None:
    same(lambda xp: xp.zeros((3, 4))[key])


def test_bools_that_are_not_one() -> None:
    def body(xp: Any) -> Any:
        mask = xp.array([0, 2, 255, 0, 1, 128, 0, 0, 7, 3], dtype="u1").view("?")
        a = xp.arange(10)
        a[mask] = -1
        return a, xp.arange(10)[mask], xp.arange(20).reshape(10, 2)[mask]

    same(body)


def test_more_arrays_than_the_iterator_has_operands() -> None:
    def body(xp: Any) -> Any:
        a = xp.arange(2**14).reshape((2,) * 14)
        key = tuple(xp.array([0, 1, i % 2]) for i in range(14))
        a[key[:12]] = -5
        return a[key], a[key[:11]].sum(), a.sum()

    same(body)


def test_references() -> None:
    a, index, mask = wasmnp.arange(5), wasmnp.array([0, 1]), wasmnp.array([True, False, True, False, True])
    objects = [a, index, mask, a.dtype, index.dtype, mask.dtype]

    def work() -> None:
        for key in (index, mask, [0, 2], (index, None), (Ellipsis, mask), [9], [1.5], "x", (True, index), ([0], [1])):
            for value in (3, [1], index[0], wasmnp.zeros((2, 2)), object()):
                with contextlib.suppress(IndexError, ValueError, TypeError):
                    a[key] = value
            with contextlib.suppress(IndexError):
                a[key]

    work()
    before = [sys.getrefcount(item) for item in objects]
    for _ in range(50):
        work()
    assert [sys.getrefcount(item) for item in objects] == before
