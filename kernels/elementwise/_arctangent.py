"""The angle of a point: arctan, arctan2, and what complex functions need.

The smaller coordinate is divided by the larger one, or, from an eighth of a right angle on, their difference by their
sum. Quotients and sums keep their rounding errors. Coefficients: coefficients/minimax.py.
"""

from ..language import absolute, bitcast, bits, f32, f64, isnan, opaque, select, typeof
from ._arcsine import HALF_PI_PARTS
from ._complex import scale_for_squares
from ._errors import INFINITY, exact_sum, with_sign
from ._exponential import polynomial
from ._two_parts import quotient_in_two_parts

ATAN32 = (
    float.fromhex("-0x1.55554a0000000p-2"),
    float.fromhex("0x1.9991ae0000000p-3"),
    float.fromhex("-0x1.23b6be0000000p-3"),
    float.fromhex("0x1.b202520000000p-4"),
    float.fromhex("-0x1.f256e40000000p-5"),
)
ATAN64 = (
    float.fromhex("-0x1.555555555553dp-2"),
    float.fromhex("0x1.99999999958eep-3"),
    float.fromhex("-0x1.24924922b1333p-3"),
    float.fromhex("0x1.c71c70e7a9c6bp-4"),
    float.fromhex("-0x1.745cf90bf63c8p-4"),
    float.fromhex("0x1.3b111c73f948ep-4"),
    float.fromhex("-0x1.10ebde4ec6b68p-4"),
    float.fromhex("0x1.df117188a8a33p-5"),
    float.fromhex("-0x1.9cdc53f5ebe75p-5"),
    float.fromhex("0x1.37edb2372a094p-5"),
    float.fromhex("-0x1.259e40e75c7ccp-6"),
)
ATAN = {f32: ATAN32, f64: ATAN64}
NEGLIGIBLE = {f32: 2.0**-30, f64: 2.0**-60}
TANGENT_OF_EIGHTH = float.fromhex("0x1.a827999fcef32p-2")  # tan(pi / 8)


def arctangent(y, x):
    """The angle of the point (x, y), from -pi to pi, with C99's special cases."""
    number = typeof(x)
    half_pi, half_pi_low = HALF_PI_PARTS[number]
    x_size, y_size = absolute(x), absolute(y)
    steep = y_size > x_size
    larger, smaller = select(steep, y_size, x_size), select(steep, x_size, y_size)
    # Points at infinity are those of a square.
    infinite = larger == INFINITY
    smaller = select(infinite, select(smaller == INFINITY, 1.0, number(0.0)), smaller)
    larger = select(infinite or larger == 0.0, 1.0, larger)
    # A quotient far below 1 is the angle, and needs no correction.
    tiny = smaller < larger * NEGLIGIBLE[number]
    factor, _ = scale_for_squares(larger)
    factor = select(tiny, 1.0, factor)
    larger, smaller = opaque(larger * factor), opaque(smaller * factor)
    wide = smaller > larger * TANGENT_OF_EIGHTH
    difference, difference_low = exact_sum(smaller, -larger)
    total, total_low = exact_sum(smaller, larger)
    zero = number(0.0)
    t, t_low = quotient_in_two_parts(
        select(wide, difference, smaller),
        select(wide, difference_low, zero),
        select(wide, total, larger),
        select(wide, total_low, zero),
    )
    z = t * t
    low = t * (z * polynomial(z, ATAN[number])) + select(tiny, 0.0, t_low)
    # From here on the angle is high + low, taken from pi / 4, pi / 2 and pi in turn.
    high = select(wide, 0.5 * half_pi + t, t)
    low = select(wide, ((0.5 * half_pi - high) + t) + (low + 0.5 * half_pi_low), low)
    high, low = subtracted(half_pi, half_pi_low, high, low, steep)
    left = bitcast(number.signed, bits(x)) < number.signed(0)
    high, low = subtracted(2.0 * half_pi, 2.0 * half_pi_low, high, low, left)
    return select(isnan(x) or isnan(y), x + y, with_sign(high + low, y))


def subtracted(start, start_low, high, low, where):
    """``start - angle`` in two parts where a condition holds, else the angle."""
    rest = start - high
    rest_low = ((start - rest) - high) + (start_low - low)
    return select(where, rest, high), select(where, rest_low, low)
