"""logical_not: the opposite of truth."""

from ..language import Ufunc
from ._truth import is_true


def logical_not(x):
    return not is_true(x)


ROW = Ufunc(
    name="logical_not",
    body=logical_not,
    loops="?->? b->? B->? h->? H->? i->? I->? l->? L->? q->? Q->? e->? f->? d->? g->? F->? D->? G->? O->O",
    parameters="x",
    doc="""
Compute the truth value of not x, element-wise.

Parameters
----------
x : array_like
    Input array.

Returns
-------
ndarray or scalar of bool
    True where `x` is zero or False.

Examples
--------
>>> import wasmnp as np
>>> np.logical_not([3, 0])
array([False,  True])
""",
)
