"""cosh: the hyperbolic cosine."""

from ..language import Ufunc
from ._complex_functions import cosh_of_parts
from ._exponential import exp_parts, exp_with_exponent
from ._hyperbolic import cosh_of, flag_overflow


def cosh(x):
    result = cosh_of(x, exp_parts)
    flag_overflow(x, result)
    return result


def cosh_wgsl(x):
    """The same on float32 alone."""
    return cosh_of(x, exp_with_exponent)


ROW = Ufunc(
    name="cosh",
    body=cosh,
    loops="e->e f->f d->d e->e f->f d->d g->g F->F D->D G->G O->O",
    parameters="x",
    errors=("overflow",),
    wgsl=cosh_wgsl,
    wgsl_ulp=2.5,
    ulp={"f": 1.0, "d": 1.0, "F": 1.0, "D": 6.0},
    branch_unroll={"f": 2, "d": 2},
    parts=cosh_of_parts,
    doc="""
Hyperbolic cosine, element-wise.

Parameters
----------
x : array_like
    Input array.

Returns
-------
ndarray or scalar
    The hyperbolic cosine of each element.

Examples
--------
>>> import wasmnp as np
>>> np.cosh([0.0, 1.0])
array([1.        , 1.54308063])
""",
)
