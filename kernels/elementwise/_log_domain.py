"""What logarithms have in common: their domain and its errors."""

from ..language import DIVIDE, INVALID, any_lane, flag, select
from ._errors import INFINITY


def with_log_domain(x, result):
    """The logarithm of any float: `result` for positive finite ``x``."""
    if any_lane(not (x > 0.0 and x < INFINITY)):
        flag(DIVIDE, x == 0.0)
        flag(INVALID, x < 0.0)
        # Infinity and NaN stay.
        result = select(x > 0.0 and x < INFINITY, result, select(x == 0.0, -INFINITY, select(x < 0.0, float("nan"), x)))
    return result
