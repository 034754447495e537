"""What logarithms have in common: their domain and its errors."""

from ..language import DIVIDE, INVALID, any_lane, flag, select, typeof
from ._errors import INFINITY, SMALLEST_NORMAL
from ._exponential import MANTISSA_BITS
from ._logarithm import log_of_power_and_rest, power_and_rest
from ._two_parts import log_parts, product_of_log


def log_of_any(x, result):
    """The logarithm of any float: `result` for positive finite ``x``."""
    flag(DIVIDE, x == 0.0)
    flag(INVALID, x < 0.0)
    # Infinity and NaN stay.
    return select(x > 0.0 and x < INFINITY, result, select(x == 0.0, -INFINITY, select(x < 0.0, float("nan"), x)))


def with_log_domain(x, result):
    """The same, where most numbers are positive and finite."""
    if any_lane(not (x > 0.0 and x < INFINITY)):
        result = log_of_any(x, result)
    return result


def log_to_base_in_parts(x, inverse):
    """The logarithm to another base, by the inverse of that base's own; of float32, without wider types."""
    high, low = log_parts(x)
    return with_log_domain(x, product_of_log(high, low, inverse[typeof(x)]))


def log_to_base(x, base):
    """The logarithm to the base e (None), 2 or 10, of any float."""
    number, shift = typeof(x), MANTISSA_BITS[typeof(x)]
    _, k, f = power_and_rest(x)
    result = log_of_power_and_rest(k, f, (), base)
    if any_lane(not (x >= SMALLEST_NORMAL[number] and x < INFINITY)):
        _, k, f = power_and_rest(x * 2.0**shift)
        raised = log_of_power_and_rest(k - float(shift), f, (), base)
        result = log_of_any(x, select(x < SMALLEST_NORMAL[number], raised, result))
    return result
