"""remainder: of floored division, with the sign of the divisor."""

from ..language import DIVIDE, Ufunc, flag, modulus, select, typeof
from ._division import float_modulus, float_remainder


def remainder(x, y):
    if typeof(x).is_float:
        return float_remainder(x, y, float_modulus(x, y))
    flag(DIVIDE, y == 0)
    rest = modulus(x, y)
    if typeof(x).kind == "u":
        return rest
    return select(rest != 0 and ((rest ^ y) < 0), rest + y, rest)


ROW = Ufunc(
    name="remainder",
    body=remainder,
    loops="bb->b BB->B hh->h HH->H ii->i II->I ll->l LL->L qq->q QQ->Q ee->e ff->f dd->d gg->g mm->m OO->O",
    parameters="x1, x2",
    alias="mod",
    errors=("divide", "invalid"),
    domain="x2 != 0",
    ulp={"f": 0.5, "d": 0.5},
    doc="""
Returns the element-wise remainder of division.

The result has the sign of the divisor `x2`, as Python's ``%``.

Parameters
----------
x1, x2 : array_like
    Dividend and divisor. If ``x1.shape != x2.shape``, they must broadcast to a common shape.

Returns
-------
ndarray or scalar
    ``x1 - floor(x1 / x2) * x2``, element-wise.

Examples
--------
>>> import wasmnp as np
>>> np.remainder([4, -7], [2, 3])
array([0, 2])
""",
)
