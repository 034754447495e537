"""Sine and cosine: reduction of the argument by multiples of pi / 2, and the polynomials.

The reduction has three stages. Up to `FAR`, two parts of pi / 2 suffice unless the result is close to a zero, and
four parts do always (Cody and Waite 1980). Beyond, the argument is multiplied by as many bits of 2 / pi as
matter (Payne and Hanek 1983, "Radian reduction for trigonometric functions"), one lane at a time.
Coefficients and constants: coefficients/minimax.py.
"""

from ..language import (
    INVALID,
    Table,
    absolute,
    bitcast,
    bits,
    each_lane,
    f64,
    flag,
    i64,
    lookup,
    select,
    u32,
    u64,
)  # fmt: skip
from ._errors import INFINITY, exact_product, exact_sum, significand_and_exponent
from ._exponential import polynomial

SIN64 = (
    float.fromhex("-0x1.5555555555549p-3"),
    float.fromhex("0x1.111111110f87bp-7"),
    float.fromhex("-0x1.a01a019c11bd7p-13"),
    float.fromhex("0x1.71de3577e3b64p-19"),
    float.fromhex("-0x1.ae5e6665e9e1bp-26"),
    float.fromhex("0x1.5d930f6737ca1p-33"),
)
COS64 = (
    float.fromhex("0x1.555555555554cp-5"),
    float.fromhex("-0x1.6c16c16c15182p-10"),
    float.fromhex("0x1.a01a019cb224fp-16"),
    float.fromhex("-0x1.27e4f80a3dfcdp-22"),
    float.fromhex("0x1.1ee9ec1f7e646p-29"),
    float.fromhex("-0x1.8faeb96c0a525p-37"),
)
HALF_PI_64 = (
    float.fromhex("0x1.921fb54400000p+0"),
    float.fromhex("0x1.0b4611a600000p-34"),
    float.fromhex("0x1.3198a2e000000p-69"),
    float.fromhex("0x1.b839a252049c1p-104"),
)
HALF_PI_SECOND = HALF_PI_64[1] + (HALF_PI_64[2] + HALF_PI_64[3])
HALF_PI_LOW = float.fromhex("0x1.1a62633145c07p-54")  # pi / 2 - float(pi / 2)
HALF_PI = float.fromhex("0x1.921fb54442d18p+0")
INVERSE_HALF_PI = float.fromhex("0x1.45f306dc9c883p-1")
ROUNDER = 1.5 * 2.0**52
# Turns below 2**19 have so few bits that their product with the first part, of 33 bits, is exact.
FAR_TURNS = 2.0**19
FAR = 2.0**19
# Two parts of pi / 2 leave an error of 2**-86 a turn, which may be 2**-58 of the result.
CANCELLATION = 2.0**-28


def bits_of_two_over_pi():
    """2 / pi as a binary fraction: 32-bit words, the first of which hold bits before and after the binary point.

    The digits of pi come from Machin's formula, in integers.
    """
    precision = 32 * 64

    def arctangent_of_inverse(n):
        term = (1 << precision) // n
        total, divisor, sign = term, 1, 1
        while term:
            term //= n * n
            divisor += 2
            sign = -sign
            total += sign * (term // divisor)
        return total

    pi = 4 * (4 * arctangent_of_inverse(5) - arctangent_of_inverse(239))
    # Two words of zeros lead, so that a window may start before the binary point.
    used = 62 * 32
    two_over_pi = (2 << (precision + used)) // pi
    return (0, 0, *(two_over_pi >> (used - 32 * (index + 1)) & 0xFFFFFFFF for index in range(62)))


TWO_OVER_PI = Table("two_over_pi", u32, bits_of_two_over_pi())


def high_product(x, y):
    """Upper 64 bits of the product of two u64."""
    x_low, x_high = x & 0xFFFFFFFF, x >> 32
    y_low, y_high = y & 0xFFFFFFFF, y >> 32
    middle = x_high * y_low + ((x_low * y_low) >> 32)
    other = x_low * y_high + (middle & 0xFFFFFFFF)
    return x_high * y_high + (middle >> 32) + (other >> 32)


def window(position):
    """64 bits of 2 / pi from a bit position on, counted from the start of the table."""
    index = position >> 5
    shift = position & 31
    first = u64(lookup(TWO_OVER_PI, index))
    second = u64(lookup(TWO_OVER_PI, index + 1))
    third = u64(lookup(TWO_OVER_PI, index + 2))
    left = (first << 32) | second
    return select(shift == 0, left, (left << shift) | (third >> (32 - shift)))


def reduce_huge(x):
    """``(k, high, low)`` with ``x = k * pi / 2 + high + low``, ``k`` modulo 4, for finite ``x >= 2**10``."""
    _, exponent = significand_and_exponent(x)
    significand = (bits(x) & (2**52 - 1)) | 2**52
    # x = significand * 2**scale. Bits of 2 / pi of weight 2**(2 - scale) and more make multiples of 4.
    scale = exponent - 52
    # The first bit after the point stands at 64 in the table; the window starts at weight 2**(1 - scale).
    position = u64(scale + 62)
    first, second, third = window(position), window(position + 64), window(position + 128)
    # 192-bit product, modulo 2**192: two bits of k, then the fraction.
    bottom = high_product(significand, third)
    product = significand * second
    middle = product + bottom
    carry = select(middle < bottom, u64(1), u64(0))
    top = significand * first + high_product(significand, second) + carry
    k = (top + (u64(1) << 61)) >> 62
    # The fraction, between -1/2 and 1/2 quarter turns, as a signed 128-bit number.
    upper = (top << 2) | (middle >> 62)
    lower = middle << 2
    high_part = f64(i64(upper) >> 32) * 2.0**-32
    second_part = f64(i64(upper & 0xFFFFFFFF)) * 2.0**-64
    third_part = f64(i64(lower >> 32)) * 2.0**-96
    last_part = f64(i64(lower & 0xFFFFFFFF)) * 2.0**-128
    total, error = exact_sum(high_part, second_part)
    rest, rest_error = exact_sum(third_part, last_part)
    turn, turn_error = exact_sum(total, rest)
    turn_low = turn_error + (error + rest_error)
    high, high_error = exact_product(turn, f64(HALF_PI))
    low = high_error + (turn * HALF_PI_LOW + turn_low * HALF_PI)
    total, error = exact_sum(high, low)
    return k, total, error


def reduce_by_half_pi(x):
    """``(k, high, low)`` as `reduce_huge`, for any float64, odd in ``x``; ``k`` in the low bits. Infinity is invalid.

    ``low`` is given with the other sign, and is +0 when ``x`` is -0 (see `sine`). NaN and infinity give NaN.
    """
    rounded = x * INVERSE_HALF_PI + ROUNDER
    turns = rounded - ROUNDER
    first = x - turns * HALF_PI_64[0]
    part = turns * HALF_PI_SECOND
    high = first - part
    minus_low = part - (first - high)
    k = bits(rounded)
    squared = turns * turns
    if each_lane(not (squared <= FAR_TURNS**2) or high * high < squared * CANCELLATION**2):
        flag(INVALID, absolute(x) == INFINITY)
        k, high, low = reduce_carefully(absolute(x), absolute(turns), bits(absolute(turns) + ROUNDER))
        k, high, minus_low = select(x < 0.0, -k, k), select(x < 0.0, -high, high), select(x < 0.0, low, -low)
    return k, high, minus_low


def reduce_carefully(x, turns, k):
    """`reduce_by_half_pi` where the result is close to zero, or ``x`` is large or not finite."""
    if turns > FAR_TURNS:
        k, high, low = reduce_huge(x)
    else:
        # Every product is exact but the last.
        difference, error = exact_sum(x - turns * HALF_PI_64[0], -(turns * HALF_PI_64[1]))
        total, other_error = exact_sum(difference, -(turns * HALF_PI_64[2]))
        high, low = exact_sum(total, (error + other_error) - turns * HALF_PI_64[3])
    return k, select(x < INFINITY, high, float("nan")), low


def sine_polynomial(high, minus_low):
    """sin(high - minus_low) for up to pi / 4. The order of the signs keeps -0."""
    z = high * high
    return high - (minus_low - high * z * polynomial(z, SIN64))


def cosine_polynomial(high, minus_low):
    """cos(high - minus_low) for up to pi / 4: the rounding error of 1 - z / 2 is added back."""
    z = high * high
    half = 0.5 * z
    whole = 1.0 - half
    return whole + (((1.0 - whole) - half) + (z * z * polynomial(z, COS64) + high * minus_low))


def flip(value, sign):
    """``value`` with its sign bit changed where the top bit of the u64 ``sign`` is set."""
    return bitcast(f64, bits(value) ^ (sign & (1 << 63)))


def sine(x):
    """sin of a float64 of any size."""
    k, high, minus_low = reduce_by_half_pi(x)
    value = select((k & 1) == 0, sine_polynomial(high, minus_low), cosine_polynomial(high, minus_low))
    return flip(value, k << 62)


def cosine(x):
    """cos of a float64 of any size."""
    k, high, minus_low = reduce_by_half_pi(x)
    value = select((k & 1) == 0, cosine_polynomial(high, minus_low), sine_polynomial(high, minus_low))
    return flip(value, (k + 1) << 62)


def tangent_parts(x):
    """``(y, y_low, z, z_low)``: tan of a float64 of any size is ``(y + y_low) / (z + z_low)``."""
    k, high, minus_low = reduce_by_half_pi(x)
    square = high * high
    bend = high * square * polynomial(square, SIN64) - minus_low
    sine_value = high + bend
    sine_low = (high - sine_value) + bend
    half = 0.5 * square
    whole = 1.0 - half
    bend = ((1.0 - whole) - half) + (square * square * polynomial(square, COS64) + high * minus_low)
    cosine_value = whole + bend
    cosine_low = (whole - cosine_value) + bend
    odd = (k & 1) != 0
    return (
        select(odd, -cosine_value, sine_value),
        select(odd, -cosine_low, sine_low),
        select(odd, sine_value, cosine_value),
        select(odd, sine_low, cosine_low),
    )


def tangent_quickly(x):
    """tan of a float64 of any size with an error that is small enough for float32."""
    k, high, _ = reduce_by_half_pi(x)
    z = high * high
    sine_value = high + high * z * polynomial(z, SIN64[:5])
    cosine_value = 1.0 - (0.5 * z - z * z * polynomial(z, COS64[:5]))
    odd = (k & 1) != 0
    return select(odd, -cosine_value, sine_value) / select(odd, sine_value, cosine_value)


def sine_and_cosine(x):
    """sin and cos of a float64 of any size."""
    k, high, minus_low = reduce_by_half_pi(x)
    even = (k & 1) == 0
    straight, across = sine_polynomial(high, minus_low), cosine_polynomial(high, minus_low)
    sine_value = flip(select(even, straight, across), k << 62)
    cosine_value = flip(select(even, across, straight), (k + 1) << 62)
    return sine_value, cosine_value
