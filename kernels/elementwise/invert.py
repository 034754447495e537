"""invert: all bits the other way round; not for bools."""

from ..language import Ufunc, bool_, typeof


def invert(x):
    return not x if typeof(x) is bool_ else ~x


ROW = Ufunc(
    name="invert",
    body=invert,
    loops="?->? b->b B->B h->h H->H i->i I->I l->l L->L q->q Q->Q O->O",
    parameters="x",
    alias="bitwise_not bitwise_invert",
    cheap=True,
    unroll=4,
    doc="""
Compute the bit-wise not, element-wise.

Python's ``~``; logical not for booleans.

Parameters
----------
x : array_like
    Integers or booleans.

Returns
-------
ndarray or scalar
    The result, of the type of `x`.

Examples
--------
>>> import wasmnp as np
>>> np.invert(np.array([0, 13], np.uint8))
array([255, 242], dtype=uint8)
""",
)
