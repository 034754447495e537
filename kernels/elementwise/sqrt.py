"""sqrt: the non-negative square root."""

from .. import language
from ..language import INVALID, Ufunc, any_lane, complex64, complex128, flag, typeof
from ..language.parts import narrowed, widened
from ._complex import sqrt_complex


def sqrt(x):
    if typeof(x) is complex64:
        return narrowed(sqrt_complex(widened(x)))
    if typeof(x) is complex128:
        return sqrt_complex(x)
    if any_lane(x < 0.0):
        flag(INVALID, x < 0.0)
    return language.sqrt(x)


def sqrt_wgsl(x):
    """The same without wider types."""
    return sqrt_complex(x) if typeof(x) is complex64 else language.sqrt(x)


ROW = Ufunc(
    name="sqrt",
    body=sqrt,
    loops="e->e f->f d->d f->f d->d g->g F->F D->D G->G O->O",
    parameters="x",
    errors=("invalid",),
    domain="x >= 0",
    ulp={"f": 0.5, "d": 0.5, "F": 0.51, "D": 2.0},
    wgsl=sqrt_wgsl,
    wgsl_ulp=3.0,
    cheap=True,
    unroll=2,
    doc="""
Return the non-negative square-root of an array, element-wise.

Negative real numbers raise an invalid error and give NaN; complex numbers have a branch cut along them.

Parameters
----------
x : array_like
    The values whose square-roots are wanted.

Returns
-------
ndarray or scalar
    The square roots.

Examples
--------
>>> import wasmnp as np
>>> np.sqrt([1.0, 4.0, 9.0])
array([1., 2., 3.])
""",
)
