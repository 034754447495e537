"""Magnitude and square root of complex numbers, without overflow or underflow in between."""

from .. import language
from ..language import (
    OVERFLOW,
    absolute,
    any_lane,
    f32,
    f64,
    flag,
    isfinite,
    isnan,
    select,
    typeof,
)
from ._errors import INFINITY, exact_product, with_sign

# Below the first and above the second, squares or their rounding errors leave the range; multiplying by the third, or
# dividing by it, brings them back. It is an even power of two: its root is one too.
SCALES = {f32: (2.0**-38, 2.0**62, 2.0**100), f64: (2.0**-300, 2.0**480, 2.0**600)}


def scaled_hypot(larger, smaller):
    """``sqrt(larger**2 + smaller**2)`` for numbers whose squares stay in range.

    The rounding error of the square root is taken from the exact squares (as Borges 2019, "An improved algorithm for
    hypot(x, y)", does with fused multiply-add): below 0.51 ULP.
    """
    root = language.sqrt(larger * larger + smaller * smaller)
    larger_square, larger_error = exact_product(larger, larger)
    smaller_square, smaller_error = exact_product(smaller, smaller)
    root_square, root_error = exact_product(root, root)
    excess = ((larger_square - root_square) + smaller_square) + ((larger_error - root_error) + smaller_error)
    return select(root == 0.0, root, root + excess / (root + root))


def scale_for_squares(larger):
    """A power of two that brings the larger of two numbers where its square is exact, and its inverse."""
    number = typeof(larger)
    low, high, power = SCALES[number]
    up = larger < low
    down = larger > high
    factor = select(up, number(power), select(down, 1.0 / power, number(1.0)))
    inverse = select(up, number(1.0 / power), select(down, power, number(1.0)))
    return factor, inverse


def scaled_magnitude(x, y):
    """``sqrt(x**2 + y**2)`` of finite numbers, in their own type."""
    x_size, y_size = absolute(x), absolute(y)
    x_larger = x_size >= y_size
    larger = select(x_larger, x_size, y_size)
    smaller = select(x_larger, y_size, x_size)
    factor, inverse = scale_for_squares(larger)
    return scaled_hypot(larger * factor, smaller * factor) * inverse


def with_infinities(x, y, magnitude):
    """``magnitude`` of finite ``x`` and ``y``; infinite if one is, NaN if one is and none is infinite."""
    infinite = absolute(x) == INFINITY or absolute(y) == INFINITY
    return select(infinite, INFINITY, select(isnan(x) or isnan(y), absolute(x) + absolute(y), magnitude))


def hypot_quietly(x, y):
    """``sqrt(x**2 + y**2)``; infinite if a part is, NaN included. Raises nothing."""
    if typeof(x) is f32:
        # The squares are exact in float64, and cannot leave its range.
        wide_x, wide_y = f64(x), f64(y)
        result = f32(language.sqrt(wide_x * wide_x + wide_y * wide_y))
    else:
        result = scaled_magnitude(x, y)
    return with_infinities(x, y, result)


def hypot_wgsl(x, y):
    """As `hypot_quietly`, without wider types."""
    return with_infinities(x, y, scaled_magnitude(x, y))


def hypot(x, y):
    """As `hypot_quietly`, with overflow."""
    result = hypot_quietly(x, y)
    if any_lane(result == INFINITY):
        flag(OVERFLOW, result == INFINITY and isfinite(x) and isfinite(y))
    return result


def sqrt_of_parts(x, y):
    """The root of ``x + 1j * y`` in the right half-plane (C99 annex G; formulas: Kahan 1987, "Branch cuts")."""
    x_size, y_size = absolute(x), absolute(y)
    x_larger = x_size >= y_size
    larger = select(x_larger, x_size, y_size)
    smaller = select(x_larger, y_size, x_size)
    factor, _ = scale_for_squares(larger)
    root_of_power = SCALES[typeof(x)][2] ** 0.5
    back = select(factor == 1.0, typeof(x)(1.0), select(factor > 1.0, 1.0 / root_of_power, typeof(x)(root_of_power)))
    size = scaled_hypot(larger * factor, smaller * factor)
    root = language.sqrt((x_size * factor + size) * 0.5) * back
    other = y_size / (root + root)
    zero = larger == 0.0
    right = x >= 0.0
    real = select(zero, 0.0, select(right, root, other))
    imag = select(zero, 0.0, select(right, other, root))
    nan = x + y
    x_infinite = x_size == INFINITY
    real = select(
        isnan(x) or isnan(y),
        select(x_infinite and right, x, nan),
        select(x_infinite, select(right, x, 0.0), real),
    )
    imag = select(
        isnan(x) or isnan(y),
        select(x_infinite and not right, INFINITY, nan),
        select(x_infinite, select(right, typeof(x)(0.0), INFINITY), imag),
    )
    y_infinite = y_size == INFINITY
    real = select(y_infinite, INFINITY, real)
    imag = select(y_infinite, INFINITY, imag)
    return real, with_sign(absolute(imag), y)


def sqrt_complex(z):
    """The root of a complex number."""
    real, imag = sqrt_of_parts(z.real, z.imag)
    return typeof(z)(real, imag)
