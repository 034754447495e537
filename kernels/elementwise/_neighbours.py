"""The next float of a type in a direction, on bits."""

from ..language import OVERFLOW, UNDERFLOW, absolute, bitcast, bits, flag, isfinite, isnan, select, typeof
from ..language.half import rounded, widened
from ._errors import INFINITY, SMALLEST_NORMAL


def step(pattern, direction):
    """The bits of the neighbour of the float with bits `pattern`: upwards where `direction` holds."""
    unsigned = typeof(pattern)
    sign = 1 << (unsigned.bits - 1)
    negative = (pattern & sign) != 0
    zero = (pattern & (sign - 1)) == 0
    moved = select(negative == direction, pattern - 1, pattern + 1)
    return select(zero, select(direction, unsigned(1), unsigned(sign + 1)), moved)


def next_after(x, y):
    """The neighbour of `x` towards `y`. Raises nothing."""
    moved = bitcast(typeof(x), step(bits(x), x < y))
    return select(isnan(x) or isnan(y), x + y, select(x == y, y, moved))


def next_half(x, y):
    """The same for halves that are given as float32."""
    moved = widened(step(rounded(x), x < y))
    flag(OVERFLOW, isfinite(x) and x != y and absolute(moved) == INFINITY)
    return select(isnan(x) or isnan(y), x + y, select(x == y, x, moved))


def flag_step(x, result, moved):
    """Errors of nextafter: those of a result that is infinite, or subnormal or zero."""
    flag(OVERFLOW, isfinite(x) and absolute(result) == INFINITY)
    flag(UNDERFLOW, moved and absolute(result) < SMALLEST_NORMAL[typeof(x)])
