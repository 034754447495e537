"""sinh: the hyperbolic sine."""

from ..language import Ufunc
from ._complex_functions import sinh_of_parts
from ._exponential import exp_parts, exp_with_exponent
from ._hyperbolic import flag_overflow, sinh_of


def sinh(x):
    result = sinh_of(x, exp_parts)
    flag_overflow(x, result)
    return result


def sinh_wgsl(x):
    """The same on float32 alone."""
    return sinh_of(x, exp_with_exponent)


ROW = Ufunc(
    name="sinh",
    body=sinh,
    loops="e->e f->f d->d e->e f->f d->d g->g F->F D->D G->G O->O",
    parameters="x",
    errors=("overflow",),
    wgsl=sinh_wgsl,
    wgsl_ulp=2.5,
    ulp={"f": 0.85, "d": 0.85, "F": 1.0, "D": 6.0},
    branch_unroll={"f": 2, "d": 2},
    parts=sinh_of_parts,
    doc="""
Hyperbolic sine, element-wise.

Parameters
----------
x : array_like
    Input array.

Returns
-------
ndarray or scalar
    The hyperbolic sine of each element.

Examples
--------
>>> import wasmnp as np
>>> np.sinh([0.0, 1.0])
array([0.        , 1.17520119])
""",
)
