"""absolute: the magnitude."""

from .. import language
from ..language import Ufunc, bool_, complex64, complex128, typeof
from ._complex import hypot, hypot_wgsl


def absolute(x):
    if typeof(x) is bool_:
        return x
    if typeof(x) in (complex64, complex128):
        return hypot(x.real, x.imag)
    return language.absolute(x)


def absolute_wgsl(x):
    """The same without wider types."""
    return hypot_wgsl(x.real, x.imag) if typeof(x) is complex64 else absolute(x)


ROW = Ufunc(
    name="absolute",
    body=absolute,
    loops="?->? b->b B->B h->h H->H i->i I->I l->l L->L q->q Q->Q e->e f->f d->d g->g m->m F->f D->d G->g O->O",
    parameters="x",
    alias="abs",
    errors=("overflow",),
    ulp={"F": 1.0, "D": 1.0},
    cheap=True,
    unroll=2,
    wgsl=absolute_wgsl,
    doc="""
Calculate the absolute value element-wise.

The smallest integer of a signed type has no positive counterpart and stays as it is.

Parameters
----------
x : array_like
    Input array.

Returns
-------
ndarray or scalar
    The magnitude of each element; a float for complex input.

Examples
--------
>>> import wasmnp as np
>>> np.absolute([-1.5, 2.0])
array([1.5, 2. ])
""",
)
