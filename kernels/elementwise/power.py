"""power: one number raised to another."""

from ..language import (
    DIVIDE,
    INVALID,
    NEGATIVE_POWER,
    OVERFLOW,
    UNDERFLOW,
    Ufunc,
    absolute,
    bitcast,
    bits,
    complex64,
    complex128,
    each_lane,
    f32,
    f64,
    flag,
    isfinite,
    isnan,
    select,
    trunc,
    typeof,
)  # fmt: skip
from ..language.parts import narrowed, widened
from ._complex_power import general_power, general_power_wgsl, power_complex
from ._errors import INFINITY, SMALLEST_NORMAL
from ._exponential import (
    EXP64,
    INVERSE_LN2,
    LN2_64,
    ROUNDER,
    exp_of_difference,
    low_integer,
    polynomial,
    scaled_sum,
    times_power,
)
from ._float32 import magnitude_float32
from ._logarithm import log_in_two_parts, log_quickly

LOW_HALF = 2**27 - 1


def power_integer(x, y):
    """By squaring; wraps around."""
    number = typeof(x)
    if number.kind == "i":
        flag(NEGATIVE_POWER, y < 0)
        y = select(y < 0, 0, y)
    result = number(1)
    while y > 0:
        result = select((y & 1) != 0, result * x, result)
        x = x * x
        y = y >> 1
    return result


def is_odd(y):
    """Whether a float is an odd integer."""
    half = y * 0.5
    return trunc(y) == y and trunc(half) != half and absolute(y) < INFINITY


def exp_of_sum(high, low):
    """``exp(high + low)`` for float64, in all of its range; 0 or infinite outside."""
    clamped = select(high > 800.0, 800.0, select(high < -800.0, -800.0, high))
    rounded = clamped * INVERSE_LN2 + ROUNDER[f64]
    k = rounded - ROUNDER[f64]
    base, rest = exp_of_difference(clamped - k * LN2_64[0], k * LN2_64[1] - low)
    result = times_power(base + rest, rounded)
    if each_lane(not (absolute(high) <= 707.0)):
        result = scaled_sum(base, rest, low_integer(rounded))
        result = select(high > 760.0, INFINITY, select(high < -760.0, 0.0, result))
    return result


def magnitude_of_power(x, y):
    """``x**y`` for float64 ``x > 0``. The product of ``y`` and the logarithm keeps its rounding error."""
    log_high, log_low = log_in_two_parts(x)
    y_high = bitcast(f64, bits(y) & ~LOW_HALF)
    upper = bitcast(f64, bits(log_high) & ~LOW_HALF)
    product = y_high * upper
    low = (y - y_high) * upper + y * ((log_high - upper) + log_low)
    total = product + low
    return exp_of_sum(total, (product - total) + low)


def power_float(x, y):
    """C99's pow."""
    number = typeof(x)
    size = absolute(x)
    if number is f32:
        wide = f64(size)
        # The float32 result is infinite or zero long before the clamped float64 one.
        exponent = f64(y) * log_quickly(wide)
        exponent = select(exponent > 200.0, 200.0, select(exponent < -200.0, -200.0, exponent))
        rounded = exponent * INVERSE_LN2 + ROUNDER[f64]
        k = rounded - ROUNDER[f64]
        r = (exponent - k * LN2_64[0]) - k * LN2_64[1]
        result = f32(times_power(1.0 + (r + r * r * (0.5 + r * polynomial(r, EXP64[:7]))), rounded))
    else:
        result = magnitude_of_power(size, y)
    return with_special_cases(x, y, result)


def with_special_cases(x, y, result):
    """C99's pow (F.10.4.4) from ``abs(x)**y``, with its errors."""
    number = typeof(x)
    size = absolute(x)
    ordinary = x > 0.0 and x < INFINITY and result > SMALLEST_NORMAL[number] and result < INFINITY
    if each_lane(not ordinary or not isfinite(y)):
        flips = is_odd(y) and (bitcast(number.signed, bits(x)) < number.signed(0))
        integral = trunc(y) == y
        zero, infinite = size == 0.0, size == INFINITY
        y_infinite = absolute(y) == INFINITY
        # Where the logarithm has no meaning: zero, infinity, and infinite exponents.
        grows = (size > 1.0) == (y > 0.0)
        limit = select(grows, INFINITY, number(0.0))
        result = select(zero or infinite or y_infinite, limit, result)
        result = select(flips, -result, result)
        result = select(size == 1.0 and y_infinite, 1.0, result)
        result = select(x < 0.0 and not integral and not infinite, float("nan"), result)
        known = not isnan(x) and not isnan(y)
        result = select(known, result, x + y)
        result = select(y == 0.0 or x == 1.0, 1.0, result)
        flag(INVALID, isnan(result) and known)
        flag(DIVIDE, zero and y < 0.0 and not y_infinite)
        finite = known and not zero and not infinite and not y_infinite
        flag(OVERFLOW, finite and absolute(result) == INFINITY)
        exact = y == 1.0 or ((bits(size) << 12 if number is f64 else bits(size) << 9) == 0 and result != 0.0)
        flag(UNDERFLOW, finite and absolute(result) < SMALLEST_NORMAL[number] and not exact)
    return result


def power(x, y):
    if typeof(x) is complex64:
        return narrowed(power_complex(widened(x), widened(y), general_power))
    if typeof(x) is complex128:
        return power_complex(x, y, general_power)
    if typeof(x).is_float:
        return power_float(x, y)
    return power_integer(x, y)


def power_wgsl(x, y):
    """The same on float32 alone. Complex numbers lose as many bits as the exponent and its turns have."""
    if typeof(x) is complex64:
        return power_complex(x, y, general_power_wgsl)
    return with_special_cases(x, y, magnitude_float32(absolute(x), y))


ROW = Ufunc(
    name="power",
    body=power,
    loops="""bb->b BB->B hh->h HH->H ii->i II->I ll->l LL->L qq->q QQ->Q ee->e ff->f dd->d ee->e ff->f dd->d gg->g
        FF->F DD->D GG->G OO->O""",
    parameters="x1, x2",
    errors=("divide", "overflow", "underflow", "invalid", "negative_power"),
    domain="x1 >= 0, or x2 integral; integers have no negative powers",
    wgsl=power_wgsl,
    wgsl_ulp=2.0,
    ulp={"f": 0.51, "d": 0.6, "F": 2.0**60, "D": 2.0**60},
    doc="""
First array elements raised to powers from second array, element-wise.

Integer powers wrap around. A negative power of an integer raises ValueError; use a floating-point type for it.

Parameters
----------
x1 : array_like
    The bases.
x2 : array_like
    The exponents. If ``x1.shape != x2.shape``, they must broadcast to a common shape.

Returns
-------
ndarray or scalar
    The bases in `x1` raised to the exponents in `x2`.

Examples
--------
>>> import wasmnp as np
>>> np.power([1.0, 2.0, 3.0], 2.0)
array([1., 4., 9.])
""",
)
