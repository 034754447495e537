"""tan: the trigonometric tangent, for arguments of any size."""

from ..language import Ufunc, f32, f64, select, typeof
from ._complex_functions import tan_of_parts
from ._float32 import sine_and_cosine_wgsl
from ._trigonometric import tangent_parts, tangent_quickly
from ._two_parts import quotient_in_two_parts


def tan(x):
    if typeof(x) is f32:
        return select(x == 0.0, x, f32(tangent_quickly(f64(x))))
    y, y_low, z, z_low = tangent_parts(x)
    quotient, rest = quotient_in_two_parts(y, y_low, z, z_low)
    return select(x == 0.0, x, quotient + rest)


def tan_wgsl(x):
    """The tangent on float32 alone."""
    sine, cosine = sine_and_cosine_wgsl(x)
    return sine / cosine


ROW = Ufunc(
    name="tan",
    body=tan,
    loops="e->e f->f d->d e->e f->f d->d g->g F->F D->D G->G O->O",
    parameters="x",
    errors=("invalid",),
    domain="finite numbers",
    wgsl=tan_wgsl,
    wgsl_ulp=5.0,
    ulp={"f": 0.51, "d": 0.75, "F": 1.0, "D": 6.0},
    parts=tan_of_parts,
    doc="""
Compute tangent element-wise.

The argument is reduced exactly whatever its size.

Parameters
----------
x : array_like
    Angle, in radians.

Returns
-------
ndarray or scalar
    The tangent of each element of `x`.

Examples
--------
>>> import wasmnp as np
>>> np.tan([0.0, np.pi / 4])
array([0., 1.])
""",
)
