"""radians: from degrees to radians."""

from ..language import Ufunc
from ._angles import to_radians

ROW = Ufunc(
    name="radians",
    body=to_radians,
    loops="e->e f->f d->d g->g O->O",
    parameters="x",
    errors=("underflow",),
    ulp={"f": 1.5, "d": 1.5},
    doc="""
Convert angles from degrees to radians.

Parameters
----------
x : array_like
    Angles in degrees.

Returns
-------
ndarray or scalar
    The angles in radians.

Examples
--------
>>> import wasmnp as np
>>> np.radians(180)
np.float64(3.141592653589793)
""",
)
