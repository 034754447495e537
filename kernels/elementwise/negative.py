"""negative: the number with the other sign."""

from ..language import Ufunc, complex64, complex128, typeof


def negative(x):
    if typeof(x) in (complex64, complex128):
        return typeof(x)(-x.real, -x.imag)
    return -x


ROW = Ufunc(
    name="negative",
    body=negative,
    loops="b->b B->B h->h H->H i->i I->I l->l L->L q->q Q->Q e->e f->f d->d g->g m->m F->F D->D G->G O->O",
    parameters="x",
    cheap=True,
    unroll=4,
    doc="""
Numerical negative, element-wise.

Integers wrap around; booleans have none.

Parameters
----------
x : array_like
    Input array.

Returns
-------
ndarray or scalar
    ``-x``.

Examples
--------
>>> import wasmnp as np
>>> np.negative([1.0, -1.0])
array([-1.,  1.])
""",
)
