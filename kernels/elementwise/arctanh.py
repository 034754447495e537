"""arctanh: the inverse hyperbolic tangent."""

from ..language import DIVIDE, INVALID, Ufunc, absolute, any_lane, flag, select, typeof
from ._complex_functions import arctanh_of_parts
from ._errors import INFINITY, exact_sum, with_sign
from ._two_parts import ITSELF_UP_TO, log_of_sum, quotient_in_two_parts


def arctanh(x):
    size = absolute(x)
    one = typeof(x)(1.0)
    upper, upper_low = exact_sum(one, size)
    lower, lower_low = exact_sum(one, -size)
    quotient, rest = quotient_in_two_parts(upper, upper_low, lower, lower_low)
    result = absolute(0.5 * log_of_sum(quotient, rest))
    result = with_sign(select(size > ITSELF_UP_TO[typeof(x)], result, size), x)
    if any_lane(not (size < 1.0)):
        flag(DIVIDE, size == 1.0)
        flag(INVALID, size > 1.0)
        outside = select(size == 1.0, with_sign(one * INFINITY, x), select(size > 1.0, float("nan"), x))
        result = select(size < 1.0, result, outside)
    return result


ROW = Ufunc(
    name="arctanh",
    body=arctanh,
    loops="e->e f->f d->d e->e f->f d->d g->g F->F D->D G->G O->O",
    parameters="x",
    alias="atanh",
    errors=("divide", "invalid"),
    domain="-1 < x < 1",
    ulp={"f": 0.6, "d": 0.6, "F": 1.0, "D": 6.0},
    wgsl_ulp=1.5,
    parts=arctanh_of_parts,
    doc="""
Inverse hyperbolic tangent element-wise.

Parameters
----------
x : array_like
    Input array.

Returns
-------
ndarray or scalar
    The number whose hyperbolic tangent is `x`; infinite at -1 and 1, NaN beyond.

Examples
--------
>>> import wasmnp as np
>>> np.arctanh([0.0, 0.5])
array([0.        , 0.54930614])
""",
)
