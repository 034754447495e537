"""logical_and: the truth of x1 and x2."""

from ..language import Ufunc
from ._truth import is_true


def logical_and(x, y):
    return is_true(x) and is_true(y)


ROW = Ufunc(
    name="logical_and",
    body=logical_and,
    loops="""??->? bb->? BB->? hh->? HH->? ii->? II->? ll->? LL->? qq->? QQ->? ee->? ff->? dd->? gg->? FF->? DD->?
        GG->? OO->O""",
    parameters="x1, x2",
    identity=1,
    doc="""
Compute the truth value of x1 and x2, element-wise.

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
>>> np.logical_and([1, 0], [2.0, 3.0])
array([ True, False])
""",
)
