"""equal: whether the operands are the same."""

from ..language import Ufunc
from ._compare import is_equal


def equal(x, y):
    return is_equal(x, y)


ROW = Ufunc(
    name="equal",
    body=equal,
    loops="""??->? bb->? BB->? hh->? HH->? ii->? II->? ll->? LL->? qq->? QQ->? qQ->? Qq->? ee->? ff->? dd->? gg->?
        FF->? DD->? GG->? MM->? mm->? OO->? OO->O""",
    parameters="x1, x2",
    cheap=True,
    unroll=4,
    doc="""
Return (x1 == x2) element-wise.

Parameters
----------
x1, x2 : array_like
    Operands. If ``x1.shape != x2.shape``, they must broadcast to a common shape.

Returns
-------
ndarray of bool or bool
    Whether `x1` is equal to `x2`, element-wise.

Examples
--------
>>> import wasmnp as np
>>> np.equal([1, 2], [2, 2])
array([False,  True])
""",
)
