"""not_equal: whether the operands are different."""

from ..language import Ufunc
from ._compare import is_equal


def not_equal(x, y):
    return not is_equal(x, y)


ROW = Ufunc(
    name="not_equal",
    body=not_equal,
    loops="""??->? bb->? BB->? hh->? HH->? ii->? II->? ll->? LL->? qq->? QQ->? qQ->? Qq->? ee->? ff->? dd->? gg->?
        FF->? DD->? GG->? MM->? mm->? OO->? OO->O""",
    parameters="x1, x2",
    cheap=True,
    unroll=4,
    doc="""
Return (x1 != x2) element-wise.

Parameters
----------
x1, x2 : array_like
    Operands. If ``x1.shape != x2.shape``, they must broadcast to a common shape.

Returns
-------
ndarray of bool or bool
    Whether `x1` is different from `x2`, element-wise.

Examples
--------
>>> import wasmnp as np
>>> np.not_equal([1, 2], [2, 2])
array([ True, False])
""",
)
