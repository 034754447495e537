"""arccosh: the inverse hyperbolic cosine."""

from ..language import INVALID, Ufunc, any_lane, flag, select, typeof
from ._complex_functions import arccosh_of_parts
from ._errors import INFINITY
from ._two_parts import FAR, log_of_root


def arccosh(x):
    result = log_of_root(x, -1.0, FAR[typeof(x)])
    if any_lane(not (x >= 1.0 and x < INFINITY)):
        flag(INVALID, x < 1.0)
        result = select(x >= 1.0 and x < INFINITY, result, select(x < 1.0, float("nan"), x))
    return result


ROW = Ufunc(
    name="arccosh",
    body=arccosh,
    loops="e->e f->f d->d e->e f->f d->d g->g F->F D->D G->G O->O",
    parameters="x",
    alias="acosh",
    errors=("invalid",),
    domain="x >= 1",
    ulp={"f": 0.6, "d": 0.6, "F": 1.0, "D": 6.0},
    wgsl_ulp=1.5,
    parts=arccosh_of_parts,
    doc="""
Inverse hyperbolic cosine, element-wise.

Parameters
----------
x : array_like
    Input array.

Returns
-------
ndarray or scalar
    The number, not negative, whose hyperbolic cosine is `x`; NaN below 1.

Examples
--------
>>> import wasmnp as np
>>> np.arccosh([1.0, 10.0])
array([0.        , 2.99322285])
""",
)
