"""Which floating-point errors an operation raised, worked out from its operands and result.

WebAssembly has no status flags, so that nothing here may rely on the processor's. Signalling NaNs count as quiet.
"""

from ..language import (
    DIVIDE,
    INVALID,
    OVERFLOW,
    UNDERFLOW,
    absolute,
    any_lane,
    bitcast,
    bits,
    each_lane,
    f32,
    f64,
    flag,
    isfinite,
    isnan,
    isnormal,
    opaque,
    select,
    typeof,
)  # fmt: skip

INFINITY = float("inf")
SMALLEST_NORMAL = {f32: 2.0**-126, f64: 2.0**-1022}
SPLITTER = {f32: 2.0**12 + 1.0, f64: 2.0**27 + 1.0}  # Dekker 1971: half of the significand
MANTISSA_BITS = {f32: 23, f64: 52}


def split(x):
    """High and low half of a float, each of at most half its bits (Dekker 1971)."""
    scaled = opaque(x * SPLITTER[typeof(x)])
    high = scaled - opaque(scaled - x)
    return high, x - high


def exact_product(x, y):
    """``x * y`` as an unevaluated sum of two floats, provided that nothing over- or underflows (Dekker 1971)."""
    product = opaque(x * y)
    x_high, x_low = split(x)
    y_high, y_low = split(y)
    error = ((x_high * y_high - product) + x_high * y_low + x_low * y_high) + x_low * y_low
    return product, error


def exact_sum(x, y):
    """``x + y`` as an unevaluated sum of two floats (Knuth, TAOCP 4.2.2)."""
    total = opaque(x + y)
    shifted = opaque(total - x)
    return total, (x - opaque(total - shifted)) + (y - shifted)


def power_of_two(exponent, like):
    """``2.0**exponent`` for an exponent of a normal number."""
    if typeof(like) is f32:
        return bitcast(f32, (exponent + 127) << 23)
    return bitcast(f64, (exponent + 1023) << 52)


def significand_and_exponent(x):
    """A non-zero finite float as a number in [1, 2) with its sign, and an integer exponent of its width."""
    number = typeof(x)
    width = MANTISSA_BITS[number]
    subnormal = absolute(x) < SMALLEST_NORMAL[number]
    scaled = select(subnormal, x * 2.0 ** (width + 1), x)
    pattern = bits(scaled)
    bias = number.unsigned.maximum >> (width + 2)
    exponent = number.signed((pattern >> width) & (2 * bias + 1)) - bias
    exponent = select(subnormal, exponent - (width + 1), exponent)
    cleared = pattern & ~((2 * bias + 1) << width)
    return bitcast(number, cleared | (bias << width)), exponent


def underflows(x, y, result):
    """Whether ``x * y`` is tiny and not ``result``, its rounded value, which is subnormal or the smallest normal.

    Tiny means, as on x86: below the smallest normal after rounding to full precision.
    """
    x_part, x_exponent = significand_and_exponent(x)
    y_part, y_exponent = significand_and_exponent(y)
    product, error = exact_product(x_part, y_part)
    # The result is tiny, so that its scaling is exact; it takes two steps because the factor may not be a float.
    up = -(x_exponent + y_exponent)
    half = up >> 1
    scaled = (result * power_of_two(half, x)) * power_of_two(up - half, x)
    exact = error == 0.0 and product == scaled
    normal = absolute(result) == SMALLEST_NORMAL[typeof(x)] and absolute(product) >= absolute(scaled)
    return not exact and not normal


def flag_sum(x, y, result):
    """Errors of ``x + y`` or ``x - y``: invalid for infinities that cancel, overflow for finite operands."""
    if any_lane(not isfinite(result)):
        invalid = isnan(result) and not isnan(x) and not isnan(y)
        overflow = absolute(result) == INFINITY and isfinite(x) and isfinite(y)
        if each_lane(invalid or overflow):
            flag(INVALID, invalid)
            flag(OVERFLOW, overflow)


def flag_product(x, y, result):
    """Errors of ``x * y``: invalid, overflow, and underflow of an inexact subnormal or zero result."""
    if any_lane(not isnormal(result)):  # noqa: SIM102
        # Products with a zero or a NaN raise nothing, and are frequent enough to stay with the vectors.
        if each_lane(not isnormal(result) and not (result == 0.0 and (x == 0.0 or y == 0.0)) and x == x and y == y):
            flag(INVALID, isnan(result))
            flag(OVERFLOW, absolute(result) == INFINITY and isfinite(x) and isfinite(y))
            if absolute(result) <= SMALLEST_NORMAL[typeof(x)]:
                flag(UNDERFLOW, result == 0.0 or underflows(x, y, result))


def flag_quotient(x, y, result):
    """Errors of ``x / y``: divide, invalid, overflow, and underflow of an inexact subnormal or zero result."""
    if any_lane(not isnormal(result)):  # noqa: SIM102
        if each_lane(not isnormal(result) and not (x == 0.0 and result == 0.0) and x == x and y == y):
            flag(INVALID, isnan(result))
            flag(DIVIDE, y == 0.0 and x != 0.0 and isfinite(x))
            flag(OVERFLOW, absolute(result) == INFINITY and isfinite(x) and y != 0.0)
            if absolute(result) < SMALLEST_NORMAL[typeof(x)] and isfinite(y):
                flag(UNDERFLOW, result == 0.0 or not is_exact_quotient(x, y, result))


def is_exact_quotient(x, y, result):
    """Whether ``result``, the rounded quotient of non-zero finite numbers, is exact. For subnormal results."""
    quotient_part, _ = significand_and_exponent(result)
    y_part, _ = significand_and_exponent(y)
    x_part, _ = significand_and_exponent(x)
    product, error = exact_product(quotient_part, y_part)
    # The product of two numbers in [1, 2) is x_part or twice x_part.
    return error == 0.0 and (product == x_part or product == x_part + x_part)


def multiply_parts(x, y):
    """``x * y`` of two floats, with its errors."""
    result = x * y
    flag_product(x, y, result)
    return result


def add_parts(x, y):
    """``x + y`` of two floats, with its errors."""
    result = x + y
    flag_sum(x, y, result)
    return result


def subtract_parts(x, y):
    """``x - y`` of two floats, with its errors."""
    result = x - y
    flag_sum(x, y, result)
    return result


def with_sign(magnitude, sign):
    """``magnitude`` (not negative) with the sign bit of ``sign``."""
    number = typeof(magnitude)
    mask = 1 << (number.bits - 1)
    return bitcast(number, bits(magnitude) | (bits(sign) & mask))
