"""The natural logarithm of float64 as an unevaluated sum of two floats, good for 67 bits: what power needs.

``x = 2**k * z``, and ``z = c * (1 + r)`` for the nearest of 64 values ``c`` whose reciprocals have ten bits (Tang 1990,
"Table-driven implementation of the logarithm function"). Polynomial: coefficients/minimax.py.
"""

from decimal import Decimal, localcontext

from ..language import Table, bitcast, bits, f64, i64, lookup, select, u64
from ._exponential import polynomial

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
