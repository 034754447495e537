"""The words of the kernel language that are not Python's own.

Kernels are read, not run: each name here stands for an operation, and calling it from ordinary Python is an error.
"""

from __future__ import annotations

from typing import Any

DIVIDE = "divide"
OVERFLOW = "overflow"
UNDERFLOW = "underflow"
INVALID = "invalid"
NEGATIVE_POWER = "negative_power"

INTRINSICS: dict[Any, str] = {}


def _word(function: Any) -> Any:
    INTRINSICS[function] = function.__name__
    return function


def _unavailable() -> Any:
    raise TypeError("words of the kernel language have a meaning only inside a kernel")


@_word
def typeof(value: Any) -> Any:
    """The type of a value, known when the kernel is compiled: ``if typeof(x) is f32:`` picks a branch for good."""
    _unavailable()


@_word
def select(condition: Any, if_true: Any, if_false: Any) -> Any:
    """``if_true`` where ``condition`` holds, else ``if_false``; both are computed."""
    _unavailable()


@_word
def bitcast(to: Any, value: Any) -> Any:
    """The same bits read as another type of the same width."""
    _unavailable()


@_word
def bits(value: Any) -> Any:
    """The bits of a float, as an unsigned integer of its width."""
    _unavailable()


@_word
def isnan(value: Any) -> Any:
    """Whether a float is not a number; emitters may test its bits."""
    _unavailable()


@_word
def isfinite(value: Any) -> Any:
    """Whether a float is neither infinite nor NaN."""
    _unavailable()


@_word
def isnormal(value: Any) -> Any:
    """Whether a float is finite and at least the smallest normal number in size: not zero, not subnormal."""
    _unavailable()


@_word
def sqrt(value: Any) -> Any:
    """Correctly rounded square root."""
    _unavailable()


@_word
def floor(value: Any) -> Any:
    """Largest integral float that is not above ``value``."""
    _unavailable()


@_word
def ceil(value: Any) -> Any:
    """Smallest integral float that is not below ``value``."""
    _unavailable()


@_word
def trunc(value: Any) -> Any:
    """``value`` without its fraction."""
    _unavailable()


@_word
def rint(value: Any) -> Any:
    """Nearest integral float, ties to even."""
    _unavailable()


@_word
def absolute(value: Any) -> Any:
    """A float without its sign; a signed integer's magnitude, wrapping for the smallest one."""
    _unavailable()


@_word
def fma(x: Any, y: Any, z: Any) -> Any:
    """``x * y + z`` with one rounding."""
    _unavailable()


@_word
def quotient(x: Any, y: Any) -> Any:
    """Integer division that truncates; 0 for a zero divisor, wraps for the smallest integer by -1."""
    _unavailable()


@_word
def modulus(x: Any, y: Any) -> Any:
    """Remainder of `quotient`, with the sign of ``x``; 0 for a zero divisor."""
    _unavailable()


@_word
def opaque(value: Any) -> Any:
    """The value itself, which a shader compiler may not see through: keeps ``(x + y) - x`` from becoming ``y``."""
    _unavailable()


@_word
def lookup(table: Any, index: Any) -> Any:
    """``table[index]``, the index taken modulo the table's length."""
    _unavailable()


@_word
def flag(kind: str, mask: Any) -> None:
    """Raise the floating-point error ``kind`` where ``mask`` holds."""
    _unavailable()


@_word
def any_lane(mask: Any) -> Any:
    """Marks the condition of an ``if`` as rarely true; vector code skips the branch when no lane needs it."""
    _unavailable()


@_word
def each_lane(mask: Any) -> Any:
    """Like `any_lane`, for long branches: vector code runs them one lane at a time; with ``True``, all of them."""
    _unavailable()
