"""Floating-point errors that several kernels raise."""

from ..language import INVALID, OVERFLOW, absolute, any_lane, f32, f64, flag, isnan, typeof

INFINITY = float("inf")
SMALLEST = {f32: 2.0**-126, f64: 2.0**-1022}


def is_finite(x):
    """Neither infinite nor NaN."""
    return absolute(x) < INFINITY


def tiny(x):
    """Smallest normal number of the type of ``x``: 2**-126 or 2**-1022."""
    return SMALLEST[typeof(x)]


def flag_sum(x, y, result):
    """Errors of ``x + y`` or ``x - y``: invalid for infinities that cancel, overflow for finite operands."""
    if any_lane(not is_finite(result)):
        flag(INVALID, isnan(result) and not isnan(x) and not isnan(y))
        flag(OVERFLOW, absolute(result) == INFINITY and is_finite(x) and is_finite(y))
