"""rad2deg: from radians to degrees."""

from ..language import Ufunc, typeof
from ._angles import RADIAN
from ._errors import multiply_parts


def rad2deg(x):
    return multiply_parts(x, typeof(x)(RADIAN[typeof(x)]))


ROW = Ufunc(
    name="rad2deg",
    body=rad2deg,
    loops="e->e f->f d->d g->g O->O",
    parameters="x",
    errors=("overflow", "underflow"),
    ulp={"f": 1.5, "d": 1.5},
    doc="""
Convert angles from radians to degrees.

Parameters
----------
x : array_like
    Angles in radians.

Returns
-------
ndarray or scalar
    The angles in degrees.

Examples
--------
>>> import wasmnp as np
>>> np.rad2deg(np.pi / 2)
np.float64(90.0)
""",
)
