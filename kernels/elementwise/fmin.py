"""fmin: the minimum; a NaN only if both are."""

from ..language import Ufunc, bool_, complex64, complex128, isnan, select, typeof
from ._compare import is_less_equal


def fmin(x, y):
    if typeof(x) is bool_:
        return x and y
    if typeof(x) in (complex64, complex128):
        return select(is_less_equal(x, y) or isnan(y.real) or isnan(y.imag), x, y)
    if typeof(x).is_float:
        return select(x < y or isnan(y), x, y)
    return select(x < y, x, y)


def fmin_of_halves(x, y):
    """The same; of equal numbers (zeros of different sign) the first."""
    return select(x <= y or isnan(y), x, y)


ROW = Ufunc(
    name="fmin",
    body=fmin,
    loops="""??->? bb->b BB->B hh->h HH->H ii->i II->I ll->l LL->L qq->q QQ->Q ee->e ff->f dd->d gg->g FF->F DD->D
        GG->G mm->m MM->M OO->O""",
    parameters="x1, x2",
    identity="reorderable",
    half=fmin_of_halves,
    unroll=2,
    doc="""
Element-wise minimum of array elements that ignores NaNs.

If one of the elements is a NaN, the other one is the result.

Parameters
----------
x1, x2 : array_like
    The numbers to compare. If ``x1.shape != x2.shape``, they must broadcast to a common shape.

Returns
-------
ndarray or scalar
    The minimum of `x1` and `x2`, element-wise.

Examples
--------
>>> import wasmnp as np
>>> np.fmin([2, np.nan, 4], [1, 5, np.nan])
array([1., 5., 4.])
""",
)
