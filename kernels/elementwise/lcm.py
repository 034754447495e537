"""lcm: the lowest common multiple."""

from ..language import Ufunc, quotient, typeof
from ._gcd import greatest_common_divisor, magnitude


def lcm(x, y):
    left, right = magnitude(x), magnitude(y)
    return typeof(x)(quotient(left, greatest_common_divisor(left, right)) * right)


ROW = Ufunc(
    name="lcm",
    body=lcm,
    loops="bb->b BB->B hh->h HH->H ii->i II->I ll->l LL->L qq->q QQ->Q OO->O",
    parameters="x1, x2",
    doc="""
Returns the lowest common multiple of ``|x1|`` and ``|x2|``.

Wraps around where it does not fit.

Parameters
----------
x1, x2 : array_like
    Integers. If ``x1.shape != x2.shape``, they must broadcast to a common shape.

Returns
-------
ndarray or scalar
    The lowest common multiple; 0 if one of them is 0.

Examples
--------
>>> import wasmnp as np
>>> np.lcm([12, 0], 20)
array([60,  0])
""",
)
