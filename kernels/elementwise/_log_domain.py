"""What logarithms have in common: their domain and its errors."""

from ..language import DIVIDE, INVALID, any_lane, f32, f64, flag, select, typeof
from ._errors import INFINITY
from ._logarithm import log_quickly
from ._two_parts import log_parts, product_of_log


def with_log_domain(x, result):
    """The logarithm of any float: `result` for positive finite ``x``."""
    if any_lane(not (x > 0.0 and x < INFINITY)):
        flag(DIVIDE, x == 0.0)
        flag(INVALID, x < 0.0)
        # Infinity and NaN stay.
        result = select(x > 0.0 and x < INFINITY, result, select(x == 0.0, -INFINITY, select(x < 0.0, float("nan"), x)))
    return result


def log_to_base_in_parts(x, inverse):
    """The logarithm to another base, by the inverse of that base's own; of float32, without wider types."""
    high, low = log_parts(x)
    return with_log_domain(x, product_of_log(high, low, inverse[typeof(x)]))


def log_to_base(x, inverse):
    if typeof(x) is f32:
        return with_log_domain(x, f32(log_quickly(f64(x)) * inverse[f64][0]))
    return log_to_base_in_parts(x, inverse)
