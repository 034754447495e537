"""logaddexp2: the logarithm of a sum of powers of two."""

from ..language import INVALID, Ufunc, absolute, any_lane, flag, isfinite, isnan, select, typeof
from ._errors import exact_sum
from ._two_parts import INVERSE_LN2, log_parts, product_of_log
from .exp2 import exp2_anywhere, exp2_quietly


def logaddexp2_of(x, y, power):
    """``log2(2**x + 2**y)`` with the power of two for their type."""
    high, low = exact_sum(typeof(x)(1.0), power(-absolute(x - y)))
    whole, rest = log_parts(high)
    more = product_of_log(whole, rest + low / high, INVERSE_LN2[typeof(x)])
    # Equal infinities have no difference; an infinite one leaves the larger operand.
    larger = select(x > y, x, y)
    result = select(x == y, x + 1.0, larger + more)
    if any_lane(isnan(x) or isnan(y)):
        flag(INVALID, isnan(x) or isnan(y))  # NumPy compares their difference
    return select(isfinite(x - y) or x == y, result, select(x == x and y == y, larger, x + y))


def logaddexp2(x, y):
    return logaddexp2_of(x, y, exp2_quietly)


def logaddexp2_wgsl(x, y):
    """The same without tricks of rounding."""
    return logaddexp2_of(x, y, exp2_anywhere)


ROW = Ufunc(
    name="logaddexp2",
    body=logaddexp2,
    loops="ee->e ff->f dd->d gg->g",
    parameters="x1, x2",
    identity=float("-inf"),
    errors=("invalid",),
    domain="all numbers; close to a result of 0 the error is relative to the operands",
    ulp={"f": 1.5, "d": 1.5},
    wgsl=logaddexp2_wgsl,
    wgsl_ulp=4.0,
    doc="""
Logarithm of the sum of powers of two of the inputs in base-2.

Parameters
----------
x1, x2 : array_like
    Logarithms. If ``x1.shape != x2.shape``, they must broadcast to a common shape.

Returns
-------
ndarray or scalar
    ``log2(2**x1 + 2**x2)``.

Examples
--------
>>> import wasmnp as np
>>> np.logaddexp2([3, -1], [3, -1])
array([4., 0.])
""",
)
