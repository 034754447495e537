"""conjugate: the complex conjugate."""

from ..language import Ufunc, complex64, complex128, typeof


def conjugate(x):
    return typeof(x)(x.real, -x.imag) if typeof(x) in (complex64, complex128) else x


ROW = Ufunc(
    name="conjugate",
    body=conjugate,
    loops="b->b B->B h->h H->H i->i I->I l->l L->L q->q Q->Q e->e f->f d->d g->g F->F D->D G->G O->O",
    parameters="x",
    alias="conj",
    cheap=True,
    unroll=4,
    doc="""
Return the complex conjugate, element-wise.

Parameters
----------
x : array_like
    Input array.

Returns
-------
ndarray or scalar
    `x` with the sign of its imaginary part changed.

Examples
--------
>>> import wasmnp as np
>>> np.conjugate([1 + 2j, 3])
array([1.-2.j, 3.-0.j])
""",
)
