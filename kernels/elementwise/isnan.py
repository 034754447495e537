"""isnan: whether a number is NaN."""

from .. import language
from ..language import Ufunc, complex64, complex128, typeof


def isnan(x):
    if typeof(x) in (complex64, complex128):
        return language.isnan(x.real) or language.isnan(x.imag)
    if typeof(x).is_float:
        return language.isnan(x)
    return False


ROW = Ufunc(
    name="isnan",
    body=isnan,
    loops="?->? b->? B->? h->? H->? i->? I->? l->? L->? q->? Q->? e->? f->? d->? g->? F->? D->? G->? m->? M->?",
    parameters="x",
    doc="""
Test element-wise for NaN.

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
>>> np.isnan([np.nan, np.inf, 1.0])
array([ True, False, False])
""",
)
