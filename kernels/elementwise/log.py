"""log: the natural logarithm."""

from ..language import Ufunc
from ._complex_functions import log_of_parts
from ._log_domain import log_to_base, with_log_domain
from ._two_parts import log_parts


def log_careful(x):
    """In two parts; of float32, without wider types."""
    high, _ = log_parts(x)
    return with_log_domain(x, high)


def log(x):
    return log_to_base(x, None)


ROW = Ufunc(
    name="log",
    body=log,
    loops="e->e f->f d->d f->f d->d g->g F->F D->D G->G O->O",
    parameters="x",
    errors=("divide", "invalid"),
    domain="x > 0",
    wgsl=log_careful,
    wgsl_ulp=1.0,
    ulp={"f": 0.9, "d": 0.9, "F": 1.0, "D": 6.0},
    branch_unroll={"f": 2, "d": 2},
    parts=log_of_parts,
    doc="""
Natural logarithm, element-wise.

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
>>> np.log([1.0, 0.5])
array([ 0.        , -0.69314718])
""",
)
