"""rad2deg: from radians to degrees."""

from ..language import Ufunc
from ._angles import to_degrees

ROW = Ufunc(
    name="rad2deg",
    body=to_degrees,
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
