"""arcsinh: the inverse hyperbolic sine."""

from ..language import Ufunc
from ._complex_functions import arcsinh_of_parts
from ._two_parts import arcsinh_of


def arcsinh(x):
    return arcsinh_of(x)


ROW = Ufunc(
    name="arcsinh",
    body=arcsinh,
    loops="e->e f->f d->d e->e f->f d->d g->g F->F D->D G->G O->O",
    parameters="x",
    alias="asinh",
    ulp={"f": 0.6, "d": 0.6, "F": 1.0, "D": 6.0},
    wgsl_ulp=1.5,
    parts=arcsinh_of_parts,
    doc="""
Inverse hyperbolic sine element-wise.

Parameters
----------
x : array_like
    Input array.

Returns
-------
ndarray or scalar
    The number whose hyperbolic sine is `x`.

Examples
--------
>>> import wasmnp as np
>>> np.arcsinh([0.0, 1.0])
array([0.        , 0.88137359])
""",
)
