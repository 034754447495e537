"""ones_like: one, of the type of a number."""

from ..language import Ufunc, bool_, complex64, complex128, typeof


def ones_like(x):
    if typeof(x) in (complex64, complex128):
        return typeof(x)(1.0, 0.0)
    return typeof(x)(True if typeof(x) is bool_ else 1)


ROW = Ufunc(
    name="_ones_like",
    body=ones_like,
    loops="""?->? b->b B->B h->h H->H i->i I->I l->l L->L q->q Q->Q e->e f->f d->d g->g F->F D->D G->G m->m M->M
        O->O""",
    parameters="x",
    doc="""
Ones of the type of the elements.

`ones_like` is the public function.

Parameters
----------
x : array_like
    Input array.

Returns
-------
ndarray or scalar
    Ones.

Examples
--------
>>> import wasmnp as np
>>> np._core._multiarray_umath._ones_like([5, 6])
array([1, 1])
""",
)
