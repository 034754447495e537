"""greater: whether the first operand is greater than the second."""

from ..language import Ufunc, bool_, typeof
from ._compare import is_less


def greater(x, y):
    if typeof(x) is bool_:
        return x and not y
    return is_less(y, x)


ROW = Ufunc(
    name="greater",
    body=greater,
    loops="""??->? bb->? BB->? hh->? HH->? ii->? II->? ll->? LL->? qq->? QQ->? qQ->? Qq->? ee->? ff->? dd->? gg->?
        FF->? DD->? GG->? MM->? mm->? OO->? OO->O""",
    parameters="x1, x2",
    cheap=True,
    unroll=4,
    doc="""
Return the truth value of (x1 > x2) element-wise.

Complex numbers compare by their real parts, and by their imaginary parts where those are equal.

Parameters
----------
x1, x2 : array_like
    Operands. If ``x1.shape != x2.shape``, they must broadcast to a common shape.

Returns
-------
ndarray of bool or bool
    Whether `x1` is greater than `x2`, element-wise.

Examples
--------
>>> import wasmnp as np
>>> np.greater([1, 2], [2, 2])
array([False, False])
""",
)
