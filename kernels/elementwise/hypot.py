"""hypot: the hypotenuse of a right triangle."""

from ..language import Ufunc
from . import _complex
from ._complex import hypot_wgsl


def hypot(x, y):
    return _complex.hypot(x, y)


ROW = Ufunc(
    name="hypot",
    body=hypot,
    loops="ee->e ff->f dd->d gg->g OO->O",
    parameters="x1, x2",
    identity=0,
    errors=("overflow",),
    wgsl=hypot_wgsl,
    wgsl_ulp=2.5,
    ulp={"f": 1.0, "d": 1.0},
    doc="""
Given the "legs" of a right triangle, return its hypotenuse.

``sqrt(x1**2 + x2**2)`` without overflow on the way; infinite if a leg is.

Parameters
----------
x1, x2 : array_like
    Legs. If ``x1.shape != x2.shape``, they must broadcast to a common shape.

Returns
-------
ndarray or scalar
    The hypotenuse.

Examples
--------
>>> import wasmnp as np
>>> np.hypot([3.0, 5.0], [4.0, 12.0])
array([ 5., 13.])
""",
)
