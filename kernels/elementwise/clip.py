"""clip: a number brought between two others."""

from ..language import Ufunc, bool_, complex64, complex128, isnan, select, typeof


def comes_before(x, y):
    """The lexicographic order of complex numbers."""
    return x.real < y.real or (x.real == y.real and x.imag < y.imag)


def larger(x, y):
    """The maximum; the first operand if it is a NaN."""
    if typeof(x) is bool_:
        return x or y
    if typeof(x) in (complex64, complex128):
        return select(comes_before(y, x) or isnan(x.real) or isnan(x.imag), x, y)
    if typeof(x).is_float:
        return select(x > y or isnan(x), x, y)
    return select(x > y, x, y)


def smaller(x, y):
    """The minimum, likewise."""
    if typeof(x) is bool_:
        return x and y
    if typeof(x) in (complex64, complex128):
        return select(comes_before(x, y) or isnan(x.real) or isnan(x.imag), x, y)
    if typeof(x).is_float:
        return select(x < y or isnan(x), x, y)
    return select(x < y, x, y)


def clip(x, low, high):
    return smaller(larger(x, low), high)


ROW = Ufunc(
    name="clip",
    body=clip,
    loops="""???->? bbb->b BBB->B hhh->h HHH->H iii->i III->I lll->l LLL->L qqq->q QQQ->Q eee->e fff->f ddd->d ggg->g
        FFF->F DDD->D GGG->G mmm->m MMM->M OOO->O""",
    parameters="x1, x2, x3",
    unroll=2,
    doc="""
Clip the values of an array.

The upper bound wins over the lower one; NaNs stay.

Parameters
----------
x1, x2, x3 : array_like
    Numbers, lower and upper bounds. They must broadcast to a common shape.

Returns
-------
ndarray or scalar
    ``minimum(x3, maximum(x1, x2))``, element-wise.

Examples
--------
>>> import wasmnp as np
>>> np._core.umath.clip([1, 5, 9], 3, 7)
array([3, 5, 7])
""",
)
