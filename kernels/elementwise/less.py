"""less: whether the first operand is less than the second."""

from ..language import Ufunc, bool_, typeof
from ._compare import is_less


def less(x, y):
    if typeof(x) is bool_:
        return not x and y
    return is_less(x, y)


ROW = Ufunc(
    name="less",
    body=less,
    loops="""??->? bb->? BB->? hh->? HH->? ii->? II->? ll->? LL->? qq->? QQ->? qQ->? Qq->? ee->? ff->? dd->? gg->?
        FF->? DD->? GG->? MM->? mm->? OO->? OO->O""",
    parameters="x1, x2",
    cheap=True,
    unroll=4,
    doc="""
Return the truth value of (x1 < x2) element-wise.

Complex numbers compare by their real parts, and by their imaginary parts where those are equal.

Parameters
----------
x1, x2 : array_like
    Operands. If ``x1.shape != x2.shape``, they must broadcast to a common shape.

Returns
-------
ndarray of bool or bool
    Whether `x1` is less than `x2`, element-wise.

Examples
--------
>>> import wasmnp as np
>>> np.less([1, 2], [2, 2])
array([ True, False])
""",
)
