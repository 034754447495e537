"""The exponential function, for exp and what is made of it.

``exp(x) = 2**k * exp(r)`` with ``|r| <= log(2) / 2``. ``r`` is kept as ``high - low``, and the polynomial is added to
the small parts first, so that the last addition makes nearly all of the error (as in fdlibm's e_exp.c, Sun 1993).
Coefficients and constants: coefficients/minimax.py.
"""

from ..language import bitcast, bits, f32, f64, select, typeof

EXP32 = (
    float.fromhex("0x1.fffffc0000000p-2"),
    float.fromhex("0x1.5554940000000p-3"),
    float.fromhex("0x1.5558c00000000p-5"),
    float.fromhex("0x1.1238a80000000p-7"),
    float.fromhex("0x1.6a41bc0000000p-10"),
)
EXP64 = (
    float.fromhex("0x1.0000000000008p-1"),
    float.fromhex("0x1.5555555555501p-3"),
    float.fromhex("0x1.5555555550dc7p-5"),
    float.fromhex("0x1.111111112689ap-7"),
    float.fromhex("0x1.6c16c18333b9ep-10"),
    float.fromhex("0x1.a01a012ecea77p-13"),
    float.fromhex("0x1.a0199c4ed67c3p-16"),
    float.fromhex("0x1.71df1eb5345cap-19"),
    float.fromhex("0x1.28ab97c94675bp-22"),
    float.fromhex("0x1.ad85db6ad5a4ap-26"),
)
LN2_32 = (
    float.fromhex("0x1.62e8000000000p-1"),
    float.fromhex("-0x1.e8082e0000000p-16"),
)
LN2_64 = (
    float.fromhex("0x1.62e42fefa4000p-1"),
    float.fromhex("-0x1.8432a1b0e2634p-43"),
)
POLYNOMIAL = {f32: EXP32, f64: EXP64}
LN2 = {f32: LN2_32, f64: LN2_64}
INVERSE_LN2 = float.fromhex("0x1.71547652b82fep+0")
# Adding it rounds to an integer, which then stands in the low bits.
ROUNDER = {f32: 1.5 * 2.0**23, f64: 1.5 * 2.0**52}
MANTISSA_BITS = {f32: 23, f64: 52}
BIAS = {f32: 127, f64: 1023}


def polynomial(x, coefficients):
    """A polynomial of degree >= 3 in ``x``, lowest coefficient first, in two interleaved Horner schemes."""
    square = x * x
    even = coefficients[(len(coefficients) - 1) // 2 * 2]
    odd = coefficients[len(coefficients) // 2 * 2 - 1]
    for index in reversed(range((len(coefficients) - 1) // 2)):
        even = even * square + coefficients[2 * index]
    for index in reversed(range(len(coefficients) // 2 - 1)):
        odd = odd * square + coefficients[2 * index + 1]
    return even + odd * x


def reduced_exp(x):
    """``(t, p)``: ``exp(x) = 2**k * p`` with ``p`` in [0.7, 1.5), and ``k`` in the low bits of the float ``t``."""
    number = typeof(x)
    rounded = x * INVERSE_LN2 + ROUNDER[number]
    k = rounded - ROUNDER[number]
    high = x - k * LN2[number][0]
    low = k * LN2[number][1]
    r = high - low
    return rounded, 1.0 + (high - (low - r * r * polynomial(r, POLYNOMIAL[number])))


def times_power(p, rounded):
    """``p * 2**k`` where neither is subnormal nor infinite."""
    number = typeof(p)
    return bitcast(number, bits(p) + (bits(rounded) << MANTISSA_BITS[number]))


def scaled(p, k):
    """``p * 2**k`` for a signed integer ``k`` of up to twice the exponent range; rounds once."""
    number = typeof(p)
    bias = BIAS[number]
    width = MANTISSA_BITS[number]
    half = k >> 1
    first = bitcast(number, (half + bias) << width)
    second = bitcast(number, (k - half + bias) << width)
    return (p * first) * second


def wide_exp(x):
    """``(p, k)`` with ``exp(x) = p * 2**k`` for float64 far beyond its range; then 0 or infinite even times 2**-60."""
    clamped = select(x > 1400.0, 1400.0, select(x < -1400.0, -1400.0, x))
    rounded, p = reduced_exp(clamped)
    return p, typeof(x).signed(bits(rounded) << 52) >> 52
