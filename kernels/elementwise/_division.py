"""Remainders of floats: exact, by long division of the significands."""

from ..language import (
    DIVIDE,
    INVALID,
    OVERFLOW,
    absolute,
    any_lane,
    bits,
    flag,
    floor,
    isfinite,
    isnan,
    modulus,
    select,
    typeof,
)  # fmt: skip
from ._errors import INFINITY, MANTISSA_BITS, power_of_two, significand_and_exponent, with_sign

NAN = float("nan")


def float_modulus_quietly(x, y):
    """The remainder of the truncated quotient, with the sign of ``x``; NaN where there is none. Raises nothing.

    The significand of ``x`` is brought to the exponent of ``y`` some bits at a time, and reduced at each step.
    """
    number = typeof(x)
    width = MANTISSA_BITS[number]
    step = number.bits - width - 1  # how far a significand can be shifted within its word
    has_one = isfinite(x) and y != 0.0 and not isnan(y)
    divides = has_one and absolute(x) >= absolute(y)
    x_part, x_exponent = significand_and_exponent(absolute(x))
    y_part, y_exponent = significand_and_exponent(absolute(y))
    implicit = 1 << width
    divisor = (bits(y_part) & (implicit - 1)) | implicit
    distance = select(divides, x_exponent - y_exponent, 0)
    rest = (bits(x_part) & (implicit - 1)) | implicit
    rest = modulus(rest, divisor)
    while distance > 0:
        shift = select(distance < step, distance, step)
        rest = modulus(rest << number.unsigned(shift), divisor)
        distance = distance - shift
    # The result is exact, so that scaling it in two steps is, too.
    scale = y_exponent - width
    half = scale >> 1
    result = number(number.signed(rest)) * power_of_two(half, x) * power_of_two(scale - half, x)
    return select(has_one, select(divides, with_sign(result, x), x), NAN)


def float_modulus(x, y):
    """As `float_modulus_quietly`; invalid where no NaN is given and the result is one. NaNs are handed on."""
    result = float_modulus_quietly(x, y)
    known = not isnan(x) and not isnan(y)
    flag(INVALID, isnan(result) and known)
    return select(known, result, x + y)


def float_remainder(x, y, rest):
    """The remainder of the floored quotient from that of the truncated one: it has the sign of ``y``."""
    moved = select((y < 0.0) != (rest < 0.0), rest + y, rest)
    return select(rest == 0.0, with_sign(absolute(rest), y), moved)


def float_floor_quotient(x, y, rest):
    """The floored quotient, from the remainder of the truncated one (as Python's float division)."""
    by_zero = y == 0.0
    quotient = (x - rest) / y
    quotient = select(rest != 0.0 and (y < 0.0) != (rest < 0.0), quotient - 1.0, quotient)
    whole = floor(quotient)
    whole = select(quotient - whole > 0.5, whole + 1.0, whole)
    plain = x / y
    whole = select(quotient == 0.0, with_sign(absolute(quotient), plain), whole)
    result = select(by_zero, plain, whole)
    if any_lane(not isfinite(result)):
        known = not isnan(x) and not isnan(y)
        flag(INVALID, isnan(result) and known)
        flag(DIVIDE, by_zero and isfinite(x) and x != 0.0)
        overflow = absolute(result) == INFINITY and not by_zero and isfinite(x)
        flag(OVERFLOW, overflow)
        flag(INVALID, overflow)  # NumPy subtracts the quotient from its floor
    return result
