"""floor_divide: the largest integer that is not above the quotient."""

from ..language import DIVIDE, OVERFLOW, Ufunc, flag, quotient, select, typeof
from ._division import float_floor_quotient, float_modulus_quietly


def floor_divide(x, y):
    if typeof(x).is_float:
        return float_floor_quotient(x, y, float_modulus_quietly(x, y))
    flag(DIVIDE, y == 0)
    whole = quotient(x, y)
    if typeof(x).kind == "u":
        return whole
    flag(OVERFLOW, x == typeof(x).minimum and y == -1)
    return select(whole * y != x and ((x ^ y) < 0) and y != 0, whole - 1, whole)


ROW = Ufunc(
    name="floor_divide",
    body=floor_divide,
    loops="""bb->b BB->B hh->h HH->H ii->i II->I ll->l LL->L qq->q QQ->Q ee->e ff->f dd->d gg->g mq->m md->m mm->q
        OO->O""",
    parameters="x1, x2",
    errors=("divide", "overflow", "underflow", "invalid"),
    domain="x2 != 0",
    ulp={"f": 0.5, "d": 0.5},
    doc="""
Return the largest integer smaller or equal to the division of the inputs.

Division of an integer by 0 gives 0 and raises a divide error.

Parameters
----------
x1, x2 : array_like
    Numerator and denominator. If ``x1.shape != x2.shape``, they must broadcast to a common shape.

Returns
-------
ndarray or scalar
    ``floor(x1 / x2)``, element-wise.

Examples
--------
>>> import wasmnp as np
>>> np.floor_divide([7, -7], 2)
array([ 3, -4])
""",
)
