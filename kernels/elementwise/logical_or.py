"""logical_or: the truth of x1 or x2."""

from ..language import Ufunc
from ._truth import is_true


def logical_or(x, y):
    return is_true(x) or is_true(y)


ROW = Ufunc(
    name="logical_or",
    body=logical_or,
    loops="""??->? bb->? BB->? hh->? HH->? ii->? II->? ll->? LL->? qq->? QQ->? ee->? ff->? dd->? gg->? FF->? DD->?
        GG->? OO->O""",
    parameters="x1, x2",
    identity=0,
    doc="""
Compute the truth value of x1 or x2, element-wise.

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
>>> np.logical_or([1, 0], [0.0, 0.0])
array([ True, False])
""",
)
