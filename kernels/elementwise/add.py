"""add: the sum; logical or for bools."""

from ..language import Ufunc, bool_, complex64, complex128, typeof
from ._errors import flag_sum


def add(x, y):
    if typeof(x) is bool_:
        return x or y
    if typeof(x) in (complex64, complex128):
        return typeof(x)(add(x.real, y.real), add(x.imag, y.imag))
    result = x + y
    if typeof(x).is_float:
        flag_sum(x, y, result)
    return result


ROW = Ufunc(
    name="add",
    body=add,
    loops="""??->? bb->b BB->B hh->h HH->H ii->i II->I ll->l LL->L qq->q QQ->Q ee->e ff->f dd->d gg->g FF->F DD->D GG->G
        Mm->M mm->m mM->M OO->O""",
    parameters="x1, x2",
    identity=0,
    errors=("overflow", "invalid"),
    ulp={"f": 0.5, "d": 0.5, "F": 0.5, "D": 0.5},
    cheap=True,
    unroll=4,
    branch_unroll={"f": 4, "d": 4},
    doc="""
Add arguments element-wise.

Integers wrap around; for booleans the sum is the logical or.

Parameters
----------
x1, x2 : array_like
    The summands. If ``x1.shape != x2.shape``, they must broadcast to a common shape.

Returns
-------
ndarray or scalar
    The sum of `x1` and `x2`, element-wise.

Examples
--------
>>> import wasmnp as np
>>> np.add([1.0, 2.0], 4.0)
array([5., 6.])
""",
)
