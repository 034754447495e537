"""expm1: the exponential less one."""

from ..language import OVERFLOW, Ufunc, any_lane, flag, typeof
from ._complex_functions import expm1_of_parts
from ._errors import INFINITY
from ._exponential import exp_parts, exp_with_exponent
from ._hyperbolic import expm1_of
from .exp import LARGEST


def expm1(x):
    result = expm1_of(x, exp_parts)
    if any_lane(x > LARGEST[typeof(x)]):
        flag(OVERFLOW, x > LARGEST[typeof(x)] and x < INFINITY)
    return result


def expm1_wgsl(x):
    """The same on float32 alone."""
    return expm1_of(x, exp_with_exponent)


ROW = Ufunc(
    name="expm1",
    body=expm1,
    loops="e->e f->f d->d e->e f->f d->d g->g F->F D->D G->G O->O",
    parameters="x",
    errors=("overflow",),
    wgsl=expm1_wgsl,
    wgsl_ulp=1.5,
    ulp={"f": 0.75, "d": 0.75, "F": 1.0, "D": 6.0},
    branch_unroll={"f": 2, "d": 2},
    parts=expm1_of_parts,
    doc="""
Calculate ``exp(x) - 1`` for all elements in the array.

Exact to the last bits for small `x`, too.

Parameters
----------
x : array_like
    Input array.

Returns
-------
ndarray or scalar
    ``exp(x) - 1``.

Examples
--------
>>> import wasmnp as np
>>> np.expm1([1e-10, 1.0])
array([1.00000000e-10, 1.71828183e+00])
""",
)
