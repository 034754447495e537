"""gcd: the greatest common divisor."""

from ..language import Ufunc, typeof
from ._gcd import greatest_common_divisor, magnitude


def gcd(x, y):
    return typeof(x)(greatest_common_divisor(magnitude(x), magnitude(y)))


ROW = Ufunc(
    name="gcd",
    body=gcd,
    loops="bb->b BB->B hh->h HH->H ii->i II->I ll->l LL->L qq->q QQ->Q OO->O",
    parameters="x1, x2",
    identity=0,
    doc="""
Returns the greatest common divisor of ``|x1|`` and ``|x2|``.

Parameters
----------
x1, x2 : array_like
    Integers. If ``x1.shape != x2.shape``, they must broadcast to a common shape.

Returns
-------
ndarray or scalar
    The greatest common divisor; 0 of two zeros.

Examples
--------
>>> import wasmnp as np
>>> np.gcd([12, 0], 20)
array([ 4, 20])
""",
)
