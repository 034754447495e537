"""The exponential function, for exp and what is made of it.

``exp(x) = 2**k * exp(r)`` with ``|r| <= log(2) / 2``. Of ``r``, as many leading bits are taken as make the sum of 1,
them and half of their square exact; it carries all but the last rounding error. Below 0.53 ULP.
Coefficients and constants: coefficients/minimax.py.
"""

from ..language import bitcast, bits, f32, f64, opaque, rint, select, typeof

EXP32 = (
    float.fromhex("0x1.5555540000000p-3"),
    float.fromhex("0x1.5554e80000000p-5"),
    float.fromhex("0x1.1113140000000p-7"),
    float.fromhex("0x1.6d4c820000000p-10"),
    float.fromhex("0x1.9df6760000000p-13"),
)
EXP64 = (
    float.fromhex("0x1.555555555555ap-3"),
    float.fromhex("0x1.5555555555533p-5"),
    float.fromhex("0x1.111111110f347p-7"),
    float.fromhex("0x1.6c16c16c263bbp-10"),
    float.fromhex("0x1.a01a01b140a64p-13"),
    float.fromhex("0x1.a01a01546f46dp-16"),
    float.fromhex("0x1.71ddf4f72d5e4p-19"),
    float.fromhex("0x1.27e58bc92d241p-22"),
    float.fromhex("0x1.af647486d68d7p-26"),
    float.fromhex("0x1.1e655c9244c00p-29"),
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
# About twice the range of exponents, as far as `scaled` goes.
FAR_BEYOND = {f32: 176.375, f64: 1400.0}
# Adding and subtracting it leaves multiples of 2**-11 and 2**-25.
LEADING = {f32: 1.5 * 2.0**12, f64: 1.5 * 2.0**27}


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


def exp_of_difference(high, low):
    """``exp(high - low)`` for a reduced argument as a sum of two floats: an exact one and one below 0.01."""
    number = typeof(high)
    upper = opaque(opaque(high + LEADING[number]) - LEADING[number])
    lower = opaque(high - upper) - low
    r = high - low
    base = opaque(1.0 + (upper + upper * (0.5 * upper)))
    rest = lower + (lower * (0.5 * (upper + r)) + r * r * r * polynomial(r, POLYNOMIAL[number]))
    return base, rest


def reduced_exp(x):
    """``(t, base, rest)``: ``exp(x) = 2**k * (base + rest)``, the sum in [0.7, 1.5), ``k`` in the low bits of ``t``."""
    number = typeof(x)
    rounded = x * INVERSE_LN2 + ROUNDER[number]
    k = rounded - ROUNDER[number]
    base, rest = exp_of_difference(x - k * LN2[number][0], k * LN2[number][1])
    return rounded, base, rest


def exp_parts(x):
    """``(base, rest, k)``: ``exp(x) = 2**k * (base + rest)``."""
    rounded, base, rest = reduced_exp(x)
    return base, rest, low_integer(rounded)


def low_integer(rounded):
    """The signed integer that stands in the low bits of a float after the addition of ROUNDER."""
    number = typeof(rounded)
    return number.signed(bits(rounded) << (number.bits - 12)) >> (number.bits - 12)


def scaled_sum(base, rest, k):
    """``(base + rest) * 2**k`` for a sum in [0.7, 1.5), rounded once, subnormal results included."""
    number = typeof(base)
    lowest = 1 - BIAS[number]
    lost = select(k < lowest, lowest - k, 0)
    # Where the sum is below this power of two, adding it rounds to the bits that a subnormal result keeps.
    rounder = bitcast(number, (lost + BIAS[number]) << MANTISSA_BITS[number])
    total = rounder + base
    error = (rounder - total) + base
    subnormal = (total + (error + rest)) - rounder
    result = base + rest
    return scaled(select(k < lowest or (k == lowest and result < 1.0), subnormal, result), k)


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
    """``(p, k)`` with ``exp(x) = p * 2**k``, far beyond the range of the type; then 0 or infinite even times 2**-60."""
    limit = FAR_BEYOND[typeof(x)]
    clamped = select(x > limit, limit, select(x < -limit, -limit, x))
    rounded, base, rest = reduced_exp(clamped)
    return base + rest, low_integer(rounded)


def wide_exp_wgsl(x):
    """The same with conversions instead of tricks with rounding, which a shader compiler may undo."""
    limit = FAR_BEYOND[typeof(x)]
    clamped = select(x > limit, limit, select(x < -limit, -limit, x))
    base, rest, k = exp_with_exponent(clamped)
    p = base + rest
    return select(x > limit, p * 2.0**30, p), k


def exp_with_exponent(x):
    """``(base, rest, k)``: ``exp(x) = 2**k * (base + rest)``, the exponent by conversion."""
    number = typeof(x)
    k = rint(x * INVERSE_LN2)
    base, rest = exp_of_difference(x - k * LN2[number][0], k * LN2[number][1])
    return base, rest, number.signed(k)
