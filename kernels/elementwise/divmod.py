"""divmod: floored quotient and remainder."""

from ..language import Ufunc, typeof
from ._division import float_floor_quotient, float_modulus, float_remainder
from .floor_divide import floor_divide
from .remainder import remainder


def divmod(x, y):
    if typeof(x).is_float:
        rest = float_modulus(x, y)
        return float_floor_quotient(x, y, rest), float_remainder(x, y, rest)
    return floor_divide(x, y), remainder(x, y)


ROW = Ufunc(
    name="divmod",
    body=divmod,
    loops="""bb->bb BB->BB hh->hh HH->HH ii->ii II->II ll->ll LL->LL qq->qq QQ->QQ ee->ee ff->ff dd->dd gg->gg
        mm->qm""",
    parameters="x1, x2",
    errors=("divide", "overflow", "underflow", "invalid"),
    domain="x2 != 0",
    ulp={"f": 0.5, "d": 0.5},
    doc="""
Return element-wise quotient and remainder simultaneously.

``(x1 // x2, x1 % x2)``.

Parameters
----------
x1, x2 : array_like
    Dividend and divisor. If ``x1.shape != x2.shape``, they must broadcast to a common shape.

Returns
-------
out1 : ndarray or scalar
    The floored quotient.
out2 : ndarray or scalar
    The remainder, with the sign of `x2`.

Examples
--------
>>> import wasmnp as np
>>> np.divmod([7, -7], 2)
(array([ 3, -4]), array([1, 1]))
""",
)
