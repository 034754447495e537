"""Complex loops from kernels on real and imaginary parts, computed in float64 and one lane at a time.

The code of such a loop exists once for both types, and as scalar code alone: these functions are long and seldom used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .intrinsics import OVERFLOW, UNDERFLOW, absolute, each_lane, flag, isfinite, typeof
from .typesystem import complex64, complex128, f32, f64

INFINITY = float("inf")
SMALLEST_NORMAL = 2.0**-126


def widened(z: Any) -> Any:
    """A complex64 as a complex128."""
    return complex128(f64(z.real), f64(z.imag))


def narrowed(z: Any) -> Any:
    """A complex128 rounded to complex64, with overflow, and underflow of inexact subnormal parts."""
    real, imag = f32(z.real), f32(z.imag)
    beyond_real = absolute(real) == INFINITY and isfinite(z.real)
    beyond_imag = absolute(imag) == INFINITY and isfinite(z.imag)
    flag(OVERFLOW, beyond_real or beyond_imag)
    lost_real = absolute(real) < SMALLEST_NORMAL and f64(real) != z.real
    lost_imag = absolute(imag) < SMALLEST_NORMAL and f64(imag) != z.imag
    flag(UNDERFLOW, lost_real or lost_imag)
    return complex64(real, imag)


def kernel_of_parts(parts: Callable[..., Any]) -> Callable[..., Any]:
    """A kernel on complex numbers.

    Parameters
    ----------
    parts : function
        A kernel that takes the real and the imaginary part of a number and gives those of the result.

    Returns
    -------
    function
        A kernel of one complex64 or complex128.
    """

    def lane_by_lane(z: Any) -> Any:
        wide = widened(z) if typeof(z) is complex64 else z
        real, imag = wide.real, wide.imag
        if each_lane(True):
            real, imag = parts(real, imag)
        result = complex128(real, imag)
        return narrowed(result) if typeof(z) is complex64 else result

    return lane_by_lane


def narrow_kernel_of_parts(parts: Callable[..., Any]) -> Callable[..., Any]:
    """The same in the type of the number itself, for targets without wider types."""

    def kernel(z: Any) -> Any:
        real, imag = parts(z.real, z.imag)
        return typeof(z)(real, imag)

    return kernel
