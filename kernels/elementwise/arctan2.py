"""arctan2: the angle of a point."""

from ..language import Ufunc
from ._arctangent import arctangent


def arctan2(y, x):
    return arctangent(y, x)


ROW = Ufunc(
    name="arctan2",
    body=arctan2,
    loops="ee->e ff->f dd->d gg->g OO->O",
    parameters="x1, x2",
    alias="atan2",
    ulp={"f": 0.65, "d": 0.65},
    wgsl_ulp=1.5,
    doc="""
Element-wise arc tangent of ``x1/x2`` choosing the quadrant correctly.

Parameters
----------
x1, x2 : array_like
    y-coordinates, and x-coordinates. If ``x1.shape != x2.shape``, they must broadcast to a common shape.

Returns
-------
ndarray or scalar
    Angles in radians, from -pi to pi.

Examples
--------
>>> import wasmnp as np
>>> np.arctan2([1.0, -1.0], [1.0, -1.0]) * 4 / np.pi
array([ 1., -3.])
""",
)
