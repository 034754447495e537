"""arccos: the inverse cosine."""

from ..language import Ufunc, absolute, select, typeof
from ._arcsine import HALF_PI_PARTS, arcsine_parts, difference, flag_domain
from ._complex_functions import arccos_of_parts


def arccos(x):
    flag_domain(x)
    half_pi, half_pi_low = HALF_PI_PARTS[typeof(x)]
    upper, s, more = arcsine_parts(absolute(x))
    # Where |x| <= 1/2, s and more have the sign of x; beyond, only negative numbers are far from 0.
    signed = select(x < 0.0, -s, s)
    signed_more = select(x < 0.0, -more, more)
    left = select(upper, s, signed)
    angle = difference(half_pi, half_pi_low, left, select(upper, more, signed_more))
    return select(upper, select(x > 0.0, 2.0 * (s + more), 2.0 * angle), angle)


ROW = Ufunc(
    name="arccos",
    body=arccos,
    loops="e->e f->f d->d e->e f->f d->d g->g F->F D->D G->G O->O",
    parameters="x",
    alias="acos",
    errors=("invalid",),
    domain="-1 <= x <= 1",
    ulp={"f": 0.9, "d": 0.9, "F": 1.0, "D": 6.0},
    wgsl_ulp=2.5,
    parts=arccos_of_parts,
    doc="""
Trigonometric inverse cosine, element-wise.

Parameters
----------
x : array_like
    x-coordinates on the unit circle.

Returns
-------
ndarray or scalar
    Angles in radians, from 0 to pi; NaN outside of [-1, 1].

Examples
--------
>>> import wasmnp as np
>>> np.arccos([1.0, -1.0])
array([0.        , 3.14159265])
""",
)
