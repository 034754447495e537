"""logical_xor: the truth of x1 xor x2."""

from ..language import Ufunc
from ._truth import is_true


def logical_xor(x, y):
    return is_true(x) ^ is_true(y)


ROW = Ufunc(
    name="logical_xor",
    body=logical_xor,
    loops="""??->? bb->? BB->? hh->? HH->? ii->? II->? ll->? LL->? qq->? QQ->? ee->? ff->? dd->? gg->? FF->? DD->?
        GG->? OO->O""",
    parameters="x1, x2",
    identity=0,
    doc="""
Compute the truth value of x1 xor x2, element-wise.

Everything but zero is true.

Parameters
----------
x1, x2 : array_like
    Numbers or booleans. If ``x1.shape != x2.shape``, they must broadcast to a common shape.

Returns
-------
ndarray or scalar of bool
    The truth value of each pair.

Examples
--------
>>> import wasmnp as np
>>> np.logical_xor([1, 0], [2.0, 3.0])
array([False,  True])
""",
)
