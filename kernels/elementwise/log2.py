"""log2: the base-2 logarithm."""

from ..language import Ufunc
from ._complex_functions import log2_of_parts
from ._log_domain import log_to_base, log_to_base_in_parts
from ._logarithm import BASE_2
from ._two_parts import INVERSE_LN2


def log2_careful(x):
    return log_to_base_in_parts(x, INVERSE_LN2)


def log2(x):
    return log_to_base(x, BASE_2)


ROW = Ufunc(
    name="log2",
    body=log2,
    loops="e->e f->f d->d e->e f->f d->d g->g F->F D->D G->G O->O",
    parameters="x",
    errors=("divide", "invalid"),
    domain="x > 0",
    wgsl=log2_careful,
    wgsl_ulp=1.0,
    ulp={"f": 0.9, "d": 0.9, "F": 1.0, "D": 6.0},
    branch_unroll={"f": 2, "d": 2},
    parts=log2_of_parts,
    doc="""
Base-2 logarithm, element-wise.

0 gives -inf and a divide error, negative numbers NaN.

Parameters
----------
x : array_like
    Input array.

Returns
-------
ndarray or scalar
    The logarithm of each element.

Examples
--------
>>> import wasmnp as np
>>> np.log2([1.0, 0.5, 8.0])
array([ 0., -1.,  3.])
""",
)
