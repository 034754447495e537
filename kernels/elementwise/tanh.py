"""tanh: the hyperbolic tangent."""

from ..language import Ufunc
from ._complex_functions import tanh_of_parts
from ._exponential import exp_parts, exp_with_exponent
from ._hyperbolic import tanh_of


def tanh(x):
    return tanh_of(x, exp_parts)


def tanh_wgsl(x):
    """The same on float32 alone."""
    return tanh_of(x, exp_with_exponent)


ROW = Ufunc(
    name="tanh",
    body=tanh,
    loops="e->e f->f d->d e->e f->f d->d g->g F->F D->D G->G O->O",
    parameters="x",
    wgsl=tanh_wgsl,
    wgsl_ulp=1.5,
    ulp={"f": 0.9, "d": 0.9, "F": 1.0, "D": 6.0},
    branch_unroll={"f": 2, "d": 2},
    parts=tanh_of_parts,
    doc="""
Hyperbolic tangent, element-wise.

Parameters
----------
x : array_like
    Input array.

Returns
-------
ndarray or scalar
    The hyperbolic tangent of each element.

Examples
--------
>>> import wasmnp as np
>>> np.tanh([0.0, 1.0])
array([0.        , 0.76159416])
""",
)
