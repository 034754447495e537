"""ceil: the smallest integer that is not below a number."""

from .. import language
from ..language import Ufunc, typeof


def ceil(x):
    if typeof(x).is_float:
        return language.ceil(x)
    return x


ROW = Ufunc(
    name="ceil",
    body=ceil,
    loops="?->? b->b B->B h->h H->H i->i I->I l->l L->L q->q Q->Q e->e f->f d->d f->f d->d g->g O->O",
    parameters="x",
    cheap=True,
    unroll=4,
    doc="""
Return the smallest integer that is not below the input, element-wise.

Integers and booleans are returned as they are.

Parameters
----------
x : array_like
    Input data.

Returns
-------
ndarray or scalar
    The smallest integer that is not below each element, as the type of `x`.

Examples
--------
>>> import wasmnp as np
>>> np.ceil([-1.7, -0.2, 0.2])
array([-1., -0.,  1.])
""",
)
