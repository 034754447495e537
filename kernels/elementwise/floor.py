"""floor: the largest integer that is not above a number."""

from .. import language
from ..language import Ufunc, typeof


def floor(x):
    if typeof(x).is_float:
        return language.floor(x)
    return x


ROW = Ufunc(
    name="floor",
    body=floor,
    loops="?->? b->b B->B h->h H->H i->i I->I l->l L->L q->q Q->Q e->e f->f d->d f->f d->d g->g O->O",
    parameters="x",
    cheap=True,
    unroll=4,
    doc="""
Return the largest integer that is not above the input, element-wise.

Integers and booleans are returned as they are.

Parameters
----------
x : array_like
    Input data.

Returns
-------
ndarray or scalar
    The largest integer that is not above each element, as the type of `x`.

Examples
--------
>>> import wasmnp as np
>>> np.floor([-1.7, -0.2, 0.2])
array([-2., -1.,  0.])
""",
)
