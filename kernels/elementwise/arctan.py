"""arctan: the inverse tangent."""

from ..language import Ufunc, typeof
from ._arctangent import arctangent
from ._complex_functions import arctan_of_parts


def arctan(x):
    return arctangent(x, typeof(x)(1.0))


ROW = Ufunc(
    name="arctan",
    body=arctan,
    loops="e->e f->f d->d e->e f->f d->d g->g F->F D->D G->G O->O",
    parameters="x",
    alias="atan",
    ulp={"f": 0.6, "d": 0.6, "F": 1.0, "D": 6.0},
    wgsl_ulp=1.5,
    parts=arctan_of_parts,
    doc="""
Trigonometric inverse tangent, element-wise.

Parameters
----------
x : array_like
    Input array.

Returns
-------
ndarray or scalar
    Angles in radians, from -pi/2 to pi/2.

Examples
--------
>>> import wasmnp as np
>>> np.arctan([0.0, 1.0])
array([0.        , 0.78539816])
""",
)
