"""Operations leave nothing behind: no objects, no references to their operands and types, no memory."""

from __future__ import annotations

import gc
import io
import pickle
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import wasmnp as np

FLOATS = np.arange(64.0).reshape(8, 8)
INTEGERS = np.arange(64).reshape(8, 8)
MASK = INTEGERS % 3 == 0
OBJECTS = np.array([[object(), None, "text"], [1 << 80, 2.5, (1, 2)]], dtype=object)
NUMBERS = np.array([1 << 70, 2, 3], dtype=object)
RECORDS = np.array(
    [(1, 2.5, "a", (1 << 80)), (2, 3.5, "b", None)], dtype=[("i", "i4"), ("f", "f8"), ("s", "U3"), ("o", "O")]
)
TEXT = np.array(["one", "two", "three"])
BYTES = np.array([b"one", b"two", b"three"])
TIMES = np.array(["2001-02-03", "NaT", "1999-01-01"], dtype="M8[D]")
SWAPPED = FLOATS.astype(">f8")
FIXED = np.zeros((4, 4))
HELD = [FLOATS, INTEGERS, MASK, OBJECTS, NUMBERS, RECORDS, TEXT, BYTES, TIMES, SWAPPED, FIXED]


class Sub(np.ndarray):
    """A subclass with a dictionary."""


class ArrayLike:
    """What becomes an array by its method."""

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return np.ones(3)


class Overriding:
    """What takes over ufuncs and functions."""

    def __array_ufunc__(self, *args: Any, **kwargs: Any) -> str:
        return "ufunc"

    def __array_function__(self, *args: Any, **kwargs: Any) -> str:
        return "function"


def fails(action: Callable[[], Any]) -> Callable[[], Any]:
    """The action, which has to raise."""

    def attempt() -> None:
        try:
            action()
        except (TypeError, ValueError, IndexError, ZeroDivisionError, BufferError):
            return
        raise AssertionError("nothing was raised")

    return attempt


def failing_items() -> Iterator[Any]:
    yield 1.0
    raise ValueError("in the middle")


def saved() -> Any:
    buffer = io.BytesIO()
    np.save(buffer, FLOATS)
    buffer.seek(0)
    return np.load(buffer)


def assigned(index: Any, value: Any) -> None:
    FIXED[index] = value


def exchanged() -> None:
    OBJECTS[0, 0], OBJECTS[0, 1] = OBJECTS[0, 1], OBJECTS[0, 0]
    copy = OBJECTS.copy()
    copy[...] = OBJECTS[::-1]
    copy[[0, 1]] = None
    copy.fill(object())


def buffered() -> None:
    with np.nditer(
        [SWAPPED, None], flags=["buffered", "external_loop"], op_dtypes=["f4", "f8"], casting="unsafe"
    ) as steps:
        for x, y in steps:
            y[...] = x


OPERATIONS: dict[str, Callable[[], Any]] = {
    "zeros": lambda: np.zeros((5, 7)),
    "large": lambda: np.zeros(200_000),
    "array of lists": lambda: np.array([[1, 2.5], [3, 4]]),
    "array of objects": lambda: np.array([object(), None, [1], {}], dtype=object),
    "array-like": lambda: np.asarray(ArrayLike()),
    "fromiter": lambda: np.fromiter((i for i in range(5)), float),
    "frombuffer": lambda: np.frombuffer(b"12345678", "u2"),
    "arange": lambda: (np.arange(5), np.linspace(0, 1, 5), np.eye(3)),
    "dtype": lambda: np.dtype([("a", ">i4"), ("b", "U5"), ("c", "f4", (2, 3)), ("d", "M8[ns]")]),
    "views": lambda: (FLOATS.T, FLOATS.reshape(4, 16), FLOATS.view("u8"), FLOATS[::2, ::-1], FLOATS.real),
    "subclass": lambda: FLOATS.view(Sub)[1:].T + 1,
    "broadcast": lambda: (np.broadcast(FLOATS, FLOATS[0]).shape, np.broadcast_to(FLOATS, (2, 8, 8))),
    "index": lambda: (FLOATS[1, 2], FLOATS[1], FLOATS[..., None], FLOATS[MASK], FLOATS[[0, 1], [1, 2]]),
    "index objects": lambda: (OBJECTS[0, 1], OBJECTS[0], OBJECTS[[1, 0]], OBJECTS.ravel()[::2], OBJECTS.tolist()),
    "assign": lambda: (assigned(1, 2.5), assigned((slice(None), 0), FIXED[0]), assigned(([0, 1], [1, 2]), [3, 4])),
    "assign objects": exchanged,
    "take": lambda: (FLOATS.take([0, 1]), FLOATS.repeat(2), np.where(MASK, FLOATS, 0), OBJECTS.take([0, 3, 1])),
    "cast": lambda: (FLOATS.astype("f4"), SWAPPED.astype("i4"), INTEGERS.astype("c16"), FLOATS.astype("O")),
    "cast objects": lambda: (NUMBERS[1:].astype("f8"), TEXT.astype("O"), TEXT.astype("S"), OBJECTS[1, :2].astype(str)),
    "ufunc": lambda: (FLOATS + 1, np.sin(FLOATS), FLOATS * SWAPPED, INTEGERS // 3, np.add(FLOATS, 1, dtype="f4")),
    "ufunc out": lambda: (np.add(FIXED, 1, out=FIXED), np.multiply(FIXED, 0, out=FIXED, where=FIXED > 0)),
    "ufunc objects": lambda: (NUMBERS + 1, NUMBERS * NUMBERS, NUMBERS == NUMBERS, np.maximum(NUMBERS, 1)),
    "ufunc methods": lambda: (
        np.add.outer(FLOATS[0], FLOATS[0]),
        np.add.accumulate(NUMBERS),
        np.add.reduceat(NUMBERS, [0, 1]),
    ),
    "scalars": lambda: (np.float64(1.5) + 1, np.int8(3) * np.int16(2), -np.float32(2), np.complex64(1j) == 1j),
    "reduce": lambda: (
        FLOATS.sum(),
        FLOATS.max(0),
        FLOATS.mean(axis=(0, 1), keepdims=True),
        MASK.any(1),
        NUMBERS.sum(),
    ),
    "reduce where": lambda: (FLOATS.sum(where=MASK), np.add.reduce(NUMBERS, initial=1 << 90), FLOATS.argmax(1)),
    "sort": lambda: (np.sort(FLOATS, axis=0), np.argsort(TEXT), np.sort(NUMBERS), np.unique(INTEGERS), np.sort(TIMES)),
    "join": lambda: (
        np.concatenate([FLOATS, SWAPPED]),
        np.stack([OBJECTS, OBJECTS]),
        np.hstack([TEXT, BYTES.astype(str)]),
    ),
    "products": lambda: (FLOATS @ FLOATS, np.dot(NUMBERS, NUMBERS), np.einsum("ij,jk", FLOATS, FLOATS)),
    "records": lambda: (
        RECORDS["o"],
        RECORDS[0],
        RECORDS[0]["o"],
        RECORDS.copy(),
        RECORDS[["i", "o"]],
        RECORDS == RECORDS,
    ),
    "records to lists": lambda: (RECORDS.tolist(), np.array(RECORDS.tolist(), dtype=RECORDS.dtype)),
    "text": lambda: (
        TEXT == "two",
        TEXT.tolist(),
        BYTES.astype(str) > TEXT,
        BYTES[::-1].copy(),
        np.array(["a", "bcd"]),
    ),
    "times": lambda: (TIMES - TIMES[0], TIMES.astype("M8[s]"), TIMES.tolist(), np.datetime64("2001-01-01") + 1),
    "iterate": lambda: (list(FLOATS.flat), list(OBJECTS), list(np.nditer(FLOATS)), list(np.ndenumerate(FIXED))),
    "nditer": buffered,
    "flat": lambda: (FLOATS.flat[::2], FLOATS.flat[[1, 2]], OBJECTS.flat[1], FLOATS.flat == FLOATS.flat),
    "print": lambda: (repr(FLOATS), str(INTEGERS), repr(RECORDS), repr(TEXT), str(OBJECTS[1]), repr(TIMES)),
    "pickle": lambda: [
        pickle.loads(pickle.dumps(a, p)) for a in (FLOATS, RECORDS, NUMBERS, TEXT, TIMES) for p in (2, 5)
    ],
    "save": saved,
    "buffers": lambda: (memoryview(FLOATS).tolist(), bytes(TEXT), np.asarray(memoryview(BYTES)), FLOATS.tobytes()),
    "dlpack": lambda: (np.from_dlpack(FLOATS), FLOATS.__dlpack__(), FLOATS.__array_interface__),
    "overrides": lambda: (np.add(FLOATS, Overriding()), np.concatenate([FLOATS, Overriding()]), FLOATS + Overriding()),
    "vectorize": lambda: (np.vectorize(lambda x: x + 1)(INTEGERS[0]), np.frompyfunc(lambda x: x, 1, 1)(FLOATS[0])),
    "errors": fails(lambda: FLOATS + np.ones(3)),
    "errors of indices": fails(lambda: FLOATS[8]),
    "errors of casts": fails(lambda: np.array(["x", "1"]).astype(int)),
    "errors of shapes": fails(lambda: FLOATS.reshape(3, 3)),
    "errors of objects": fails(lambda: NUMBERS + np.array([1, "x", None], dtype=object)),
    "errors of sums": fails(lambda: OBJECTS.sum()),
    "errors in items": fails(lambda: np.fromiter(failing_items(), float)),
    "errors of types": fails(lambda: np.dtype("no type")),
    "errors of ragged lists": fails(lambda: np.array([[1, 2], [3]])),
    "errors of output": fails(lambda: np.add(FLOATS, 1j, out=FIXED)),
}
TYPES = [np.dtype(code) for code in ("f8", "f4", "i8", "i4", "?", "O", "U3", "M8[D]")]
SINGLETONS = [None, np.float64, np.ndarray, np.True_, np.False_, np.add, ()]


def resident() -> int:
    """Bytes of memory that the process holds; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * 4096
    except OSError:
        return 0


def held() -> list[int]:
    """Counts of objects, of the interpreter's blocks of memory (untracked objects included), and of references."""
    watched = [*HELD, *(a.dtype for a in HELD), *TYPES, *SINGLETONS, *OBJECTS.flat]
    return [len(gc.get_objects()), sys.getallocatedblocks(), *map(sys.getrefcount, watched)]


@pytest.mark.parametrize("name", OPERATIONS)
def test_operations_leave_nothing_behind(name: str) -> None:
    operation = OPERATIONS[name]
    rounds = 1000

    def repeat(times: int) -> None:
        for _ in range(times):
            operation()

    repeat(20)  # caches fill
    memory = resident()
    for last in (False, False, True):
        gc.collect()
        before = held()
        repeat(rounds)
        gc.collect()
        grown = [y - x for x, y in zip(before, held(), strict=True)]
        # A leak is one in every round, and every time; what a cache keeps is less, or comes once.
        if max(map(abs, grown)) < rounds // 8:
            break
        assert not last, grown
    # Enough for the pages that an allocator keeps, too little for a leak of 32 KB in every round.
    assert resident() - memory < 32 << 20
