"""log1p: the logarithm of one plus a number."""

from ..language import DIVIDE, INVALID, Ufunc, any_lane, flag, select
from ._complex_functions import log1p_of_parts
from ._errors import INFINITY
from ._two_parts import log1p_quietly


def log1p(x):
    result = log1p_quietly(x)
    if any_lane(x <= -1.0):
        flag(DIVIDE, x == -1.0)
        flag(INVALID, x < -1.0)
        result = select(x < -1.0, float("nan"), select(x == -1.0, -INFINITY, result))
    return result


ROW = Ufunc(
    name="log1p",
    body=log1p,
    loops="e->e f->f d->d e->e f->f d->d g->g F->F D->D G->G O->O",
    parameters="x",
    errors=("divide", "invalid"),
    domain="x > -1",
    ulp={"f": 0.75, "d": 0.75, "F": 1.0, "D": 6.0},
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
