"""arcsin: the inverse sine."""

from ..language import Ufunc, absolute, select, typeof
from ._arcsine import HALF_PI_PARTS, arcsine_parts, difference, flag_domain
from ._complex_functions import arcsin_of_parts
from ._errors import with_sign


def arcsin(x):
    flag_domain(x)
    half_pi, half_pi_low = HALF_PI_PARTS[typeof(x)]
    upper, s, more = arcsine_parts(absolute(x))
    angle = select(upper, difference(half_pi, half_pi_low, s + s, more + more), s + more)
    return with_sign(angle, x)


ROW = Ufunc(
    name="arcsin",
    body=arcsin,
    loops="e->e f->f d->d e->e f->f d->d g->g F->F D->D G->G O->O",
    parameters="x",
    alias="asin",
    errors=("invalid",),
    domain="-1 <= x <= 1",
    ulp={"f": 0.9, "d": 0.9, "F": 1.0, "D": 6.0},
    wgsl_ulp=2.5,
    parts=arcsin_of_parts,
    doc="""
Inverse sine, element-wise.

Parameters
----------
x : array_like
    y-coordinates on the unit circle.

Returns
-------
ndarray or scalar
    Angles in radians, from -pi/2 to pi/2; NaN outside of [-1, 1].

Examples
--------
>>> import wasmnp as np
>>> np.arcsin([0.0, 1.0])
array([0.        , 1.57079633])
""",
)
