"""log10: the base-10 logarithm."""

from ..language import Ufunc
from ._complex_functions import log10_of_parts
from ._log_domain import log_to_base, log_to_base_in_parts
from ._logarithm import BASE_10
from ._two_parts import INVERSE_LN10


def log10_careful(x):
    return log_to_base_in_parts(x, INVERSE_LN10)


def log10(x):
    return log_to_base(x, BASE_10)


ROW = Ufunc(
    name="log10",
    body=log10,
    loops="e->e f->f d->d e->e f->f d->d g->g F->F D->D G->G O->O",
    parameters="x",
    errors=("divide", "invalid"),
    domain="x > 0",
    wgsl=log10_careful,
    wgsl_ulp=1.0,
    ulp={"f": 0.9, "d": 0.9, "F": 1.0, "D": 6.0},
    branch_unroll={"f": 2, "d": 2},
    parts=log10_of_parts,
    doc="""
Base-10 logarithm, element-wise.

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
>>> np.log10([1.0, 0.1, 1000.0])
array([ 0., -1.,  3.])
""",
)
