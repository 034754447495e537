"""isinf: whether a number is positive or negative infinity."""

from ..language import Ufunc, absolute, complex64, complex128, typeof
from ._errors import INFINITY


def isinf(x):
    if typeof(x) in (complex64, complex128):
        return absolute(x.real) == INFINITY or absolute(x.imag) == INFINITY
    if typeof(x).is_float:
        return absolute(x) == INFINITY
    return False


ROW = Ufunc(
    name="isinf",
    body=isinf,
    loops="?->? b->? B->? h->? H->? i->? I->? l->? L->? q->? Q->? e->? f->? d->? g->? F->? D->? G->? m->? M->?",
    parameters="x",
    doc="""
Test element-wise for positive or negative infinity.

A complex number counts by either of its parts.

Parameters
----------
x : array_like
    Input array.

Returns
-------
ndarray or scalar of bool
    The answer for each element.

Examples
--------
>>> import wasmnp as np
>>> np.isinf([np.nan, np.inf, 1.0])
array([False,  True, False])
""",
)
