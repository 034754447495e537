"""cos: the trigonometric cosine, for arguments of any size."""

from ..language import Ufunc, f32, typeof
from ._complex_functions import cos_of_parts
from ._float32 import sine_and_cosine_wgsl
from ._sine_float32 import sine_of_turned
from ._trigonometric import cosine


def cos(x):
    if typeof(x) is f32:
        return sine_of_turned(x, 1)
    return cosine(x)


def cos_wgsl(x):
    """The cosine on float32 alone."""
    _, result = sine_and_cosine_wgsl(x)
    return result


ROW = Ufunc(
    name="cos",
    body=cos,
    loops="e->e f->f d->d g->g F->F D->D G->G O->O",
    parameters="x",
    errors=("invalid",),
    domain="finite numbers",
    wgsl=cos_wgsl,
    wgsl_ulp=1.0,
    ulp={"f": 0.65, "d": 1.0, "F": 1.0, "D": 6.0},
    branch_unroll={"f": 4, "d": 2},
    parts=cos_of_parts,
    doc="""
Cosine, element-wise.

The argument is reduced exactly whatever its size.

Parameters
----------
x : array_like
    Angle, in radians.

Returns
-------
ndarray or scalar
    The cosine of each element of `x`.

Examples
--------
>>> import wasmnp as np
>>> np.cos([0.0, np.pi])
array([ 1., -1.])
""",
)
