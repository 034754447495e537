"""logaddexp: the logarithm of a sum of exponentials."""

from ..language import INVALID, Ufunc, absolute, any_lane, flag, isfinite, isnan, select, typeof
from ._errors import exact_sum
from ._two_parts import LN2, log_of_sum
from .exp import exp_quietly, exp_wgsl


def logaddexp_of(x, y, exponential):
    """``log(exp(x) + exp(y))`` with the exponential function for their type."""
    high, low = exact_sum(typeof(x)(1.0), exponential(-absolute(x - y)))
    more = log_of_sum(high, low)
    # Equal infinities have no difference; an infinite one leaves the larger operand.
    larger = select(x > y, x, y)
    result = select(x == y, x + LN2[typeof(x)][0], larger + more)
    if any_lane(isnan(x) or isnan(y)):
        flag(INVALID, isnan(x) or isnan(y))  # NumPy compares their difference
    return select(isfinite(x - y) or x == y, result, select(x == x and y == y, larger, x + y))


def logaddexp(x, y):
    return logaddexp_of(x, y, exp_quietly)


def logaddexp_wgsl(x, y):
    """The same on float32 alone."""
    return logaddexp_of(x, y, exp_wgsl)


ROW = Ufunc(
    name="logaddexp",
    body=logaddexp,
    loops="ee->e ff->f dd->d gg->g",
    parameters="x1, x2",
    identity=float("-inf"),
    errors=("invalid",),
    domain="all numbers; close to a result of 0 the error is relative to the operands",
    ulp={"f": 1.5, "d": 1.5},
    wgsl_ulp=4.0,
    wgsl=logaddexp_wgsl,
    doc="""
Logarithm of the sum of exponentials of the inputs.

Parameters
----------
x1, x2 : array_like
    Logarithms. If ``x1.shape != x2.shape``, they must broadcast to a common shape.

Returns
-------
ndarray or scalar
    ``log(exp(x1) + exp(x2))``.

Examples
--------
>>> import wasmnp as np
>>> np.logaddexp(np.log(1e-50), np.log(2.5e-50)) == np.log(3.5e-50)
np.True_
""",
)
