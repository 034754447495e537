"""positive: the number itself."""

from ..language import Ufunc


def positive(x):
    return x


ROW = Ufunc(
    name="positive",
    body=positive,
    loops="b->b B->B h->h H->H i->i I->I l->l L->L q->q Q->Q e->e f->f d->d g->g m->m F->F D->D G->G O->O",
    parameters="x",
    cheap=True,
    unroll=4,
    doc="""
Numerical positive, element-wise.

Python's unary ``+``; booleans have none.

Parameters
----------
x : array_like
    Input array.

Returns
-------
ndarray or scalar
    ``+x``: a copy.

Examples
--------
>>> import wasmnp as np
>>> np.positive([1, -1])
array([ 1, -1])
""",
)
