"""The natural logarithm: to less than the last bit at once, and of float64 in two parts, good for 67 bits, for power.

In two parts: ``x = 2**k * z``, and ``z = c * (1 + r)`` for the nearest of 64 values ``c`` whose reciprocals have ten
bits (Tang 1990, "Table-driven implementation of the logarithm function"). Polynomials: coefficients/minimax.py.
"""

from decimal import Decimal, localcontext

from ..language import Table, bitcast, bits, f32, f64, i64, lookup, select, typeof, u64
from ._exponential import LN2 as SHORT_LN2
from ._exponential import MANTISSA_BITS, polynomial

LOG64 = (
    float.fromhex("0x1.5555555555555p-2"),
    float.fromhex("-0x1.0000000000000p-2"),
    float.fromhex("0x1.9999999999cdep-3"),
    float.fromhex("-0x1.5555555555b05p-3"),
    float.fromhex("0x1.24924903356a3p-3"),
    float.fromhex("-0x1.ffffffa720e83p-4"),
    float.fromhex("0x1.c72d39d943071p-4"),
    float.fromhex("-0x1.99abc6f50aeffp-4"),
)
LOG_QUOTIENT = {
    f32: (
        float.fromhex("0x1.5555540000000p-1"),
        float.fromhex("0x1.999a7a0000000p-2"),
        float.fromhex("0x1.2438d40000000p-2"),
        float.fromhex("0x1.e2f7140000000p-3"),
    ),
    f64: (
        float.fromhex("0x1.5555555555592p-1"),
        float.fromhex("0x1.999999997fd71p-2"),
        float.fromhex("0x1.24924941f53acp-2"),
        float.fromhex("0x1.c71c5205e4ea7p-3"),
        float.fromhex("0x1.74663fa6fa7f9p-3"),
        float.fromhex("0x1.39a1a6a6765e8p-3"),
        float.fromhex("0x1.2f06366dbcc69p-3"),
    ),
}
# The inverse of the base's logarithm, so short at first that its products with UPPER are exact, and log(2) to the base.
BASE_2 = {
    f32: (float.fromhex("0x1.7160000000000p+0"), float.fromhex("-0x1.7135a80000000p-13"), 1.0, 0.0),
    f64: (float.fromhex("0x1.7154700000000p+0"), float.fromhex("0x1.94ae0bf85ddf4p-22"), 1.0, 0.0),
}
BASE_10 = {
    f32: (
        float.fromhex("0x1.bcc0000000000p-2"),
        float.fromhex("-0x1.09d5b20000000p-15"),
        float.fromhex("0x1.3442000000000p-2"),
        float.fromhex("-0x1.95ec100000000p-19"),
    ),
    f64: (
        float.fromhex("0x1.bcb7b00000000p-2"),
        float.fromhex("0x1.526e50e32a6abp-26"),
        float.fromhex("0x1.34413509f8000p-2"),
        float.fromhex("-0x1.80433b83b532ap-44"),
    ),
}
UPPER = {f32: ~(2**12 - 1), f64: ~(2**32 - 1)}
ROOT_OF_HALF = {f32: 0x3F3504F3, f64: 0x3FE6A09E667F3BCD}  # their bits
STEPS = 64
STEP_BITS = 46  # 52 - log2(STEPS)
ONE = 0x3FF0000000000000
# Start of the range of z, near 0.7. One step reaches equally far to both sides of 1.
START = ONE - (38 * 2**STEP_BITS + 2 * 2**STEP_BITS // 3)
ROUNDER = 1.5 * 2.0**52
LN2_HIGH_BITS = 42  # so that k * LN2_HIGH + LOG_HIGH is exact
LOW_BITS_OF_Z = 29


def build_tables():
    """``1 / c``, ``log(c)`` rounded to a multiple of 2**-42, and the rest of ``log(c)``; then log(2) likewise."""
    inverses, highs, lows = [], [], []
    with localcontext() as context:
        context.prec = 60
        unit = Decimal(2) ** -LN2_HIGH_BITS

        def parts(value):
            high = (value / unit).to_integral_value() * unit
            return float(high), float(value - high)

        for index in range(STEPS):
            middle = START + index * 2**STEP_BITS + 2 ** (STEP_BITS - 1)
            exponent, fraction = divmod(middle - ONE, 2**52)
            center = (1 + fraction / 2**52) * 2.0**exponent
            inverse = round(2**9 / center) / 2**9
            if START + index * 2**STEP_BITS <= ONE < START + (index + 1) * 2**STEP_BITS:
                inverse = 1.0
            high, low = parts(-Decimal(inverse).ln())
            inverses.append(inverse)
            highs.append(high)
            lows.append(low)
        ln2 = parts(Decimal(2).ln())
    return inverses, highs, lows, ln2


_INVERSES, _HIGHS, _LOWS, LN2 = build_tables()
INVERSE = Table("log_inverse", f64, tuple(_INVERSES))
LOG_HIGH = Table("log_high", f64, tuple(_HIGHS))
LOG_LOW = Table("log_low", f64, tuple(_LOWS))


def decompose(x):
    """``(k, z, index)`` for a positive finite float64; ``k`` as a float."""
    subnormal = x < 2.0**-1022
    pattern = bits(select(subnormal, x * 2.0**52, x))
    offset = pattern - START
    index = (offset >> STEP_BITS) & (STEPS - 1)
    whole = bitcast(i64, offset) >> 52
    z = bitcast(f64, pattern - (bitcast(u64, whole) << 52))
    # Integer to float: the integer is added to the bits of a large float.
    k = bitcast(f64, bitcast(u64, whole) + 0x4338000000000000) - ROUNDER
    return select(subnormal, k - 52.0, k), z, index


def log_in_two_parts(x):
    """``high + low = log(x)``, relative error below 2**-67, for positive finite ``x``."""
    k, z, index = decompose(x)
    inverse = lookup(INVERSE, index)
    # z_high has so few bits that r_high and its square are exact, and is 1 for numbers next to 1.
    z_high = bitcast(f64, (bits(z) + 2 ** (LOW_BITS_OF_Z - 1)) & ~(2**LOW_BITS_OF_Z - 1))
    r_high = z_high * inverse - 1.0
    r_low = (z - z_high) * inverse
    r = r_high + r_low
    r_error = (r_high - r) + r_low
    start = k * LN2[0] + lookup(LOG_HIGH, index)
    total = start + r
    error = (start - total) + r
    square = r_high * (-0.5 * r_high)
    high = total + square
    square_error = (total - high) + square
    rest = k * LN2[1] + lookup(LOG_LOW, index)
    rest = rest + (error + square_error) + (r_error - 0.5 * r_low * (r + r_high))
    low = rest + r * (r * r) * polynomial(r, LOG64)
    result = high + low
    return result, (high - result) + low


def log_quickly(x):
    """log of a positive finite float64 with an absolute error below 2**-50 times its size: enough for float32."""
    k, z, index = decompose(x)
    r = z * lookup(INVERSE, index) - 1.0
    small = r * r * (-0.5 + r * polynomial(r, LOG64[:4]))
    return (k * LN2[0] + lookup(LOG_HIGH, index)) + (r + small)


def power_and_rest(x):
    """``(n, k, f)``: a positive normal ``x`` is ``2**n * (1 + f)``, ``1 + f`` within sqrt(2) of 1; ``k`` is ``n``."""
    number = typeof(x)
    pattern = bits(x)
    n = bitcast(number.signed, pattern - ROOT_OF_HALF[number]) >> MANTISSA_BITS[number]
    f = bitcast(number, pattern - (bitcast(number.unsigned, n) << MANTISSA_BITS[number])) - 1.0
    # In place of a conversion of 64 bits, the integer is added to the bits of a large float.
    k = bitcast(f64, bitcast(u64, n) + 0x4338000000000000) - ROUNDER if number is f64 else f32(n)
    return n, k, f


def log_of_power_and_rest(k, f, rests, base):
    """The logarithm of ``2**k * (1 + f)`` to the base e (None), 2 or 10, to less than 0.9 units of the last place.

    `rests` is empty, or holds what rounding left of ``f``.

    ``log(1 + f) = f - (f**2 / 2 - s * (f**2 / 2 + R(s**2)))`` with ``s = f / (2 + f)``, as in fdlibm (Ng 1986).
    """
    number = typeof(f)
    s = f / (2.0 + f)
    z = s * s
    half = 0.5 * (f * f)
    rest = s * (half + z * polynomial(z, LOG_QUOTIENT[number]))
    for f_low in rests:
        rest = rest + f_low * (1.0 - f + f * f)
    if base is None:
        return k * SHORT_LN2[number][0] - ((half - (rest + k * SHORT_LN2[number][1])) - f)
    inverse, inverse_low, unit, unit_low = base[number]
    upper = bitcast(number, bits(f - half) & UPPER[number])
    lower = (f - upper) - half + rest
    whole, head = k * unit, upper * inverse
    tail = lower * inverse + (lower + upper) * inverse_low + k * unit_low
    total = whole + head
    return total + (((whole - total) + head) + tail)
