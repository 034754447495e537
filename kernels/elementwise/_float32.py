"""sin and power on float32 and 32-bit integers alone, for targets without wider types."""

from ..language import Table, absolute, bitcast, bits, f32, i32, lookup, opaque, rint, select, u32
from ._errors import INFINITY, exact_product, exact_sum, significand_and_exponent
from ._exponential import INVERSE_LN2, LN2_32, exp_of_difference, polynomial, scaled
from ._trigonometric import TWO_OVER_PI

SIN32 = (
    float.fromhex("-0x1.5555460000000p-3"),
    float.fromhex("0x1.1107600000000p-7"),
    float.fromhex("-0x1.994e960000000p-13"),
)
COS32 = (
    float.fromhex("0x1.55554a0000000p-5"),
    float.fromhex("-0x1.6c0c8c0000000p-10"),
    float.fromhex("0x1.9a02380000000p-16"),
)
HALF_PI_HIGH = float.fromhex("0x1.921fb60000000p+0")  # float32(pi / 2)
HALF_PI_LOW = float.fromhex("-0x1.777a5c0000000p-25")  # float32(pi / 2 - HALF_PI_HIGH)
QUARTER_PI = float.fromhex("0x1.921fb40000000p-1")
# The first 12 words hold what a float32 can need.
BITS_OF_TWO_OVER_PI = Table("two_over_pi_32", u32, TWO_OVER_PI.values[:16])


def wide_product(x, y):
    """High and low 32 bits of the product of two u32."""
    x_low, x_high = x & 0xFFFF, x >> 16
    y_low, y_high = y & 0xFFFF, y >> 16
    middle = x_high * y_low + ((x_low * y_low) >> 16)
    other = x_low * y_high + (middle & 0xFFFF)
    return x_high * y_high + (middle >> 16) + (other >> 16), x * y


def window(position):
    """32 bits of 2 / pi from a bit position on."""
    shift = position & 31
    first = lookup(BITS_OF_TWO_OVER_PI, position >> 5)
    second = lookup(BITS_OF_TWO_OVER_PI, (position >> 5) + 1)
    return select(shift == 0, first, (first << shift) | (second >> (32 - shift)))


def reduce_float32(x):
    """``(k, high, low)`` with ``x = k * pi / 2 + high + low``, ``k`` modulo 4, for finite ``x >= pi / 4``.

    Payne and Hanek 1983, as `_trigonometric.reduce_huge` with 96 bits.
    """
    _, exponent = significand_and_exponent(x)
    significand = (bits(x) & (2**23 - 1)) | 2**23
    position = u32(exponent - 23 + 62)
    first, second, third = window(position), window(position + 32), window(position + 64)
    bottom, last = wide_product(significand, third)
    above, middle = wide_product(significand, second)
    middle = middle + bottom
    top = significand * first + above + select(middle < bottom, u32(1), u32(0))
    k = (top + (u32(1) << 29)) >> 30
    upper = bitcast(i32, (top << 2) | (middle >> 30))
    lower = (middle << 2) | (last >> 30)
    total, error = exact_sum(f32(upper >> 16) * 2.0**-16, f32(upper & 0xFFFF) * 2.0**-32)
    turn, other_error = exact_sum(total, f32(lower >> 16) * 2.0**-48)
    turn_low = (error + other_error) + f32(lower & 0xFFFF) * 2.0**-64
    high, high_error = exact_product(turn, f32(HALF_PI_HIGH))
    low = high_error + (turn * HALF_PI_LOW + turn_low * HALF_PI_HIGH)
    high, low = exact_sum(high, low)
    return k, high, low


def quarter_turns(x):
    """``(k, sine, cosine)`` of ``abs(x) - k * pi / 2``, for finite ``x``; of another number for others."""
    size = absolute(x)
    k, high, low = u32(0), size, f32(0.0)
    if size > QUARTER_PI:
        k, high, low = reduce_float32(select(size < INFINITY, size, f32(1.0)))
    z = high * high
    sine = high + (low + high * z * polynomial(z, SIN32))
    half = 0.5 * z
    cosine = 1.0 - (half - (z * z * polynomial(z, COS32) - high * low))
    return k, sine, cosine


def turned_sine(x, k, sine, cosine):
    """The sine of ``x`` from what `quarter_turns` gave."""
    value = select((k & 1) == 0, sine, cosine)
    value = bitcast(f32, bits(value) ^ (((k << 30) ^ bits(x)) & 0x80000000))
    return select((bits(x) & 0x7FFFFFFF) >= 0x7F800000, float("nan"), value)


def sine_and_cosine_wgsl(x):
    """sin and cos of a float32."""
    k, sine, cosine = quarter_turns(x)
    return turned_sine(x, k, sine, cosine), turned_sine(absolute(x), k + 1, sine, cosine)


def sin_wgsl(x):
    """sin of a float32."""
    k, sine, cosine = quarter_turns(x)
    return turned_sine(x, k, sine, cosine)


def log_float32(x):
    """``high + low = log(x)`` for positive finite ``x``: twice the inverse hyperbolic tangent of (m - 1) / (m + 1)."""
    m, exponent = significand_and_exponent(x)
    upper = m > 1.4142135
    m = select(upper, m * 0.5, m)
    k = f32(select(upper, exponent + 1, exponent))
    numerator = m - 1.0
    denominator, denominator_low = exact_sum(m, f32(1.0))
    s = numerator / denominator
    product, product_error = exact_product(s, denominator)
    s_low = (((numerator - product) - product_error) - s * denominator_low) / denominator
    z, z_error = exact_product(s, s)
    # 2 s (1 + z / 3 + z**2 / 5 + ...); the term in z / 3 needs its rounding error.
    third, third_error = exact_product(z, f32(THIRD))
    more = z * z * (0.2 + z * (1.0 / 7.0 + z * (1.0 / 9.0 + z * (1.0 / 11.0))))
    more = more + (third_error + (z * THIRD_LOW + z_error * THIRD))
    series, series_low = exact_sum(third, more)
    tail, tail_error = exact_product(s, series)
    tail_low = tail_error + (s * series_low + s_low * series)
    first, first_low = exact_sum(s, tail)
    first_low = first_low + (tail_low + s_low)
    total, error = exact_sum(k * LN2_32[0], first + first)
    low = error + (first_low + first_low) + k * LN2_32[1]
    return exact_sum(total, low)


THIRD = float.fromhex("0x1.5555560000000p-2")  # float32(1 / 3)
THIRD_LOW = float.fromhex("-0x1.5555560000000p-27")  # float32(1 / 3 - THIRD)


def magnitude_float32(x, y):
    """``x**y`` for float32 ``x > 0``."""
    log_high, log_low = log_float32(x)
    bounded = select(y > 2.0**60, 2.0**60, select(y < -(2.0**60), -(2.0**60), y))
    product, error = exact_product(bounded, log_high)
    low = error + bounded * log_low
    total = opaque(product + low)
    low = (product - total) + low
    far = absolute(total) > 120.0
    low = select(far, 0.0, low)
    clamped = select(total > 120.0, 120.0, select(total < -120.0, -120.0, total))
    k = rint(clamped * INVERSE_LN2)
    base, rest = exp_of_difference(clamped - k * LN2_32[0], k * LN2_32[1] - low)
    result = scaled(base + rest, i32(k))
    return select(total >= 120.0, INFINITY, select(total <= -120.0, 0.0, result))
