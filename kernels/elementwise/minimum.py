"""minimum: the smaller operand; NaN if one is."""

from ..language import Ufunc, bool_, complex64, complex128, isnan, select, typeof
from ._compare import is_less_equal


def minimum(x, y):
    if typeof(x) is bool_:
        return x and y
    if typeof(x) in (complex64, complex128):
        return select(is_less_equal(x, y) or isnan(x.real) or isnan(x.imag), x, y)
    if typeof(x).is_float:
        return select(x < y or isnan(x), x, y)
    return select(x < y, x, y)


def minimum_of_halves(x, y):
    """The same; of equal numbers (zeros of different sign) the first."""
    return select(x <= y or isnan(x), x, y)


ROW = Ufunc(
    name="minimum",
    body=minimum,
    loops="""??->? bb->b BB->B hh->h HH->H ii->i II->I ll->l LL->L qq->q QQ->Q ee->e ff->f dd->d gg->g FF->F DD->D
        GG->G mm->m MM->M OO->O""",
    parameters="x1, x2",
    half=minimum_of_halves,
    cheap=True,
    unroll=4,
    doc="""
Element-wise minimum of array elements.

If one of the elements is a NaN, that is the result; the first one if both are.

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
>>> np.minimum([2, 3, 4], [1, 5, 2])
array([1, 3, 2])
""",
)
