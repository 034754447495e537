"""Run one body on NumPy and on wasmnp, and compare everything that a user can see."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy

import wasmnp

DTYPES = ["?", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8", "c8", "c16"]
SWAPPED = [">i2", ">i4", ">u8", ">f2", ">f4", ">f8", ">c16"]
PAIRS = [(a, b) for a in DTYPES for b in DTYPES]


def observe(body: Callable[..., Any], xp: Any, *args: Any) -> dict[str, Any]:
    """The outcome of ``body(xp, *args)``: result or error, and warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            outcome: Any = describe(body(xp, *args))
        except Exception as error:
            outcome = ("error", kind_of(error))
    return {"outcome": outcome, "warnings": sorted((w.category.__name__, str(w.message)) for w in caught)}


def kind_of(error: Exception) -> str:
    """The public class of an error: private subclasses count as their base."""
    for kind in type(error).__mro__:
        if not kind.__name__.startswith("_"):
            return kind.__name__
    return "Exception"


def describe(value: Any) -> Any:
    """A value as plain Python data: type, dtype, shape, strides and elements."""
    if isinstance(value, tuple | list):
        return type(value).__name__, [describe(item) for item in value]
    if hasattr(value, "dtype") and hasattr(value, "strides"):
        elements = value.tolist()
        moves = [s if n > 1 else None for s, n in zip(value.strides, value.shape, strict=True)] if value.size else None
        return type(value).__name__, str(value.dtype), value.shape, moves, exact(elements)
    if isinstance(value, float | complex):
        return type(value).__name__, exact(value)
    if type(value).__module__.partition(".")[0] in ("numpy", "wasmnp"):
        return repr(value)
    return value


def exact(value: Any) -> Any:
    """Numbers as text that tells -0.0 from 0.0 and compares NaNs as equal."""
    if isinstance(value, list):
        return [exact(item) for item in value]
    if isinstance(value, float):
        return value.hex()
    if isinstance(value, complex):
        return value.real.hex(), value.imag.hex()
    return value


def same(body: Callable[..., Any], *args: Any) -> Any:
    """Assert that `body` does the same on both, and return what wasmnp did."""
    expected = observe(body, numpy, *args)
    actual = observe(body, wasmnp, *args)
    assert actual == expected, f"arguments {args!r}\n  numpy  {expected}\n  wasmnp {actual}"
    return actual["outcome"]


def values(xp: Any, dtype: str, shape: tuple[int, ...]) -> Any:
    """An array with the type's interesting values, the same on both."""
    code = numpy.dtype(dtype)
    count = int(numpy.prod(shape, dtype=int))
    if code.kind == "b":
        pool: list[Any] = [True, False, True]
    elif code.kind in "iu":
        info = numpy.iinfo(code)
        pool = [1, 2, 3, 0, info.max, info.min, 7, info.max - 1]
    elif code.kind == "f":
        pool = [1.5, -2.0, 0.0, -0.0, 3.25, float("inf"), float("nan"), -7.0, 0.5]
    else:
        pool = [1 + 2j, -0.5j, 0j, 3 - 1j, complex(2, 0.25), -1 + 0j]
    elements = [pool[i * 5 % len(pool)] for i in range(count)]
    return xp.array(elements, dtype=dtype).reshape(shape)


LAYOUTS: dict[str, Callable[[Any], Any]] = {
    "contiguous": lambda a: a,
    "reversed": lambda a: a[::-1],
    "strided": lambda a: a[::2],
    "transposed": lambda a: a.T,
    "fortran": lambda a: a.copy(order="F"),
    "broadcast": lambda a: a[:1],
    "empty": lambda a: a[:0],
}
