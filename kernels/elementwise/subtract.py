"""subtract: the difference."""

from ..language import Ufunc, complex64, complex128, typeof
from ._errors import flag_sum


def subtract(x, y):
    if typeof(x) in (complex64, complex128):
        return typeof(x)(subtract(x.real, y.real), subtract(x.imag, y.imag))
    result = x - y
    if typeof(x).is_float:
        flag_sum(x, y, result)
    return result


ROW = Ufunc(
    name="subtract",
    body=subtract,
    loops="""bb->b BB->B hh->h HH->H ii->i II->I ll->l LL->L qq->q QQ->Q ee->e ff->f dd->d gg->g FF->F DD->D GG->G
        Mm->M mm->m MM->m OO->O""",
    parameters="x1, x2",
    errors=("overflow", "invalid"),
    ulp={"f": 0.5, "d": 0.5, "F": 0.5, "D": 0.5},
    cheap=True,
    unroll=4,
    branch_unroll={"f": 4, "d": 4},
    doc="""
Subtract arguments, element-wise.

Integers wrap around; booleans have no difference.

Parameters
----------
x1, x2 : array_like
    Minuend and subtrahend. If ``x1.shape != x2.shape``, they must broadcast to a common shape.

Returns
-------
ndarray or scalar
    The difference of `x1` and `x2`, element-wise.

Examples
--------
>>> import wasmnp as np
>>> np.subtract([1.0, 2.0], 4.0)
array([-3., -2.])
""",
)
