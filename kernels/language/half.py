"""Half-precision loops: operands are bit patterns in u16, computing is done in f32, and results are rounded once.

No target has to know the type: the conversions are integer and f32 operations of the language. One rounding after the
operation is also correct for ``+ - * /`` and the square root, because 24 >= 2 * 11 + 2 (Figueroa 1995).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .intrinsics import OVERFLOW, UNDERFLOW, bitcast, bits, flag, select
from .typesystem import f32, u16, u32

INFINITE = 0x7F800000  # bits of an infinite f32
SMALLEST_NORMAL = 113 << 23  # bits of 2**-14, the smallest normal half, as an f32
BEYOND = 143 << 23  # bits of 2**16


def widened(pattern: Any) -> Any:
    """The half with these bits as an f32."""
    # Scaling by a power of two turns exponents of halves, 0 for subnormals included, into exponents of f32.
    scaled = bits(bitcast(f32, u32(pattern & 0x7FFF) << 13) * 2.0**112)
    special = (pattern & 0x7C00) == 0x7C00
    return bitcast(f32, select(special, scaled | INFINITE, scaled) | (u32(pattern & 0x8000) << 16))


def rounded(x: Any) -> Any:
    """The bits of the nearest half, ties to even; overflow, and underflow of an inexact subnormal or zero result.

    NaNs keep the upper bits of their payloads, as in NumPy.
    """
    pattern = bits(x)
    size = pattern & 0x7FFFFFFF
    # Adding 1/2 leaves the multiple of 2**-24, the unit of subnormal halves, in the low bits.
    shifted = bitcast(f32, size) + 0.5
    small = bits(shifted) - (126 << 23)
    normal = (size - (112 << 23) + 0xFFF + ((size >> 13) & 1)) >> 13
    payload = (size & 0x7FFFFF) >> 13
    nan = select(payload == 0, 1, payload) | 0x7C00
    finite = select(size < SMALLEST_NORMAL, small, select(size < BEYOND, normal, 0x7C00))
    result = select(size > INFINITE, nan, finite)
    flag(OVERFLOW, result == 0x7C00 and size < INFINITE)
    flag(UNDERFLOW, size < SMALLEST_NORMAL and shifted - 0.5 != bitcast(f32, size))
    return u16(result | ((pattern >> 16) & 0x8000))


def half_kernel(body: Callable[..., Any], signature: str) -> Callable[..., Any]:
    """A kernel on bit patterns from one on f32.

    Parameters
    ----------
    body : function
        A kernel that computes with f32.
    signature : str
        Loop over halves, such as ``"ee->e"``, ``"ee->?"`` or ``"ei->e"``.

    Returns
    -------
    function
        A kernel whose halves are u16.
    """
    inputs, outputs = signature.split("->")
    finish = {"e": rounded, "ee": _both_rounded, "ei": _first_rounded, "?": _unchanged}[outputs]
    second = widened if inputs[1:2] == "e" else _unchanged

    def unary(x: Any) -> Any:
        return finish(body(widened(x)))

    def binary(x: Any, y: Any) -> Any:
        return finish(body(widened(x), second(y)))

    def ternary(x: Any, y: Any, z: Any) -> Any:
        return finish(body(widened(x), widened(y), widened(z)))

    return (unary, binary, ternary)[len(inputs) - 1]


def _both_rounded(pair: Any) -> Any:
    first, second = pair
    return rounded(first), rounded(second)


def _first_rounded(pair: Any) -> Any:
    first, second = pair
    return rounded(first), second


def _unchanged(item: Any) -> Any:
    return item
