"""isfinite: whether a number is finite: not infinity and not NaN."""

from .. import language
from ..language import Ufunc, complex64, complex128, typeof


def isfinite(x):
    if typeof(x) in (complex64, complex128):
        return language.isfinite(x.real) and language.isfinite(x.imag)
    if typeof(x).is_float:
        return language.isfinite(x)
    return True


ROW = Ufunc(
    name="isfinite",
    body=isfinite,
    loops="?->? b->? B->? h->? H->? i->? I->? l->? L->? q->? Q->? e->? f->? d->? g->? F->? D->? G->? m->? M->?",
    parameters="x",
    doc="""
Test element-wise whether numbers are finite: not infinity and not NaN.

A complex number counts by both of its parts.

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
>>> np.isfinite([np.nan, np.inf, 1.0])
array([False, False,  True])
""",
)
