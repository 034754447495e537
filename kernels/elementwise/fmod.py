"""fmod: the remainder of truncated division, exact."""

from ..language import DIVIDE, Ufunc, flag, modulus, typeof
from ._division import float_modulus


def fmod(x, y):
    if typeof(x).is_float:
        return float_modulus(x, y)
    flag(DIVIDE, y == 0)
    return modulus(x, y)


ROW = Ufunc(
    name="fmod",
    body=fmod,
    loops="bb->b BB->B hh->h HH->H ii->i II->I ll->l LL->L qq->q QQ->Q ee->e ff->f dd->d gg->g OO->O",
    parameters="x1, x2",
    errors=("divide", "invalid"),
    domain="x2 != 0",
    doc="""
Returns the element-wise remainder of division.

The result has the sign of the dividend `x1`; see `remainder` for the sign of the divisor.

Parameters
----------
x1, x2 : array_like
    Dividend and divisor. If ``x1.shape != x2.shape``, they must broadcast to a common shape.

Returns
-------
ndarray or scalar
    The remainder of the division of `x1` by `x2`; exact.

Examples
--------
>>> import wasmnp as np
>>> np.fmod([-3, -2, 5], 2)
array([-1,  0,  1])
""",
)
