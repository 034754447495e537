"""log1p: the logarithm of one plus a number."""

from ..language import DIVIDE, INVALID, Ufunc, any_lane, flag, select, typeof
from ._complex_functions import log1p_of_parts
from ._errors import INFINITY, exact_sum, power_of_two, with_sign
from ._logarithm import log_of_power_and_rest, power_and_rest
from ._two_parts import log1p_quietly


def log1p_careful(x):
    return with_errors(x, log1p_quietly(x))


def log1p(x):
    total, error = exact_sum(typeof(x)(1.0), x)
    n, k, f = power_and_rest(total)
    # Times 2**-n, which may be 0 where the error no longer counts.
    error = error * 0.5 * power_of_two(1 - n, x)
    result = log_of_power_and_rest(k, select(n == 0, x, f), (select(n == 0, 0.0, error),), None)
    return with_errors(x, with_sign(result, x))


def with_errors(x, result):
    if any_lane(not (x > -1.0 and x < INFINITY)):
        flag(DIVIDE, x == -1.0)
        flag(INVALID, x < -1.0)
        # Infinity and NaN stay.
        result = select(x > -1.0, select(x < INFINITY, result, x), select(x < -1.0, float("nan"), x))
        result = select(x == -1.0, -INFINITY, result)
    return result


ROW = Ufunc(
    name="log1p",
    body=log1p,
    loops="e->e f->f d->d e->e f->f d->d g->g F->F D->D G->G O->O",
    parameters="x",
    errors=("divide", "invalid"),
    domain="x > -1",
    wgsl=log1p_careful,
    ulp={"f": 0.9, "d": 0.9, "F": 1.0, "D": 6.0},
    wgsl_ulp=1.0,
    branch_unroll={"f": 2, "d": 2},
    parts=log1p_of_parts,
    doc="""
Return the natural logarithm of one plus the input array, element-wise.

Exact to the last bits for small `x`, too. -1 gives -inf and a divide error.

Parameters
----------
x : array_like
    Input array.

Returns
-------
ndarray or scalar
    ``log(1 + x)``.

Examples
--------
>>> import wasmnp as np
>>> np.log1p([1e-99, 1.0])
array([1.00000000e-99, 6.93147181e-01])
""",
)
