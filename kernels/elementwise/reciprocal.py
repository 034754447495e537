"""reciprocal: one divided by a number."""

from ..language import (
    DIVIDE,
    INVALID,
    OVERFLOW,
    Ufunc,
    absolute,
    any_lane,
    complex64,
    complex128,
    flag,
    isfinite,
    isnan,
    select,
    typeof,
)
from ._errors import INFINITY, flag_quotient


def reciprocal_complex(x):
    """Smith 1962: scales by the larger part."""
    real_larger = absolute(x.imag) <= absolute(x.real)
    larger = select(real_larger, x.real, x.imag)
    smaller = select(real_larger, x.imag, x.real)
    ratio = smaller / larger
    scale = select(real_larger, larger + smaller * ratio, smaller * ratio + larger)
    real = select(real_larger, 1.0 / scale, ratio / scale)
    imag = select(real_larger, -ratio / scale, -1.0 / scale)
    if any_lane(not isfinite(real) or not isfinite(imag)):
        known = not isnan(x.real) and not isnan(x.imag)
        flag(INVALID, (isnan(real) or isnan(imag)) and known)
        infinite = absolute(real) == INFINITY or absolute(imag) == INFINITY
        flag(OVERFLOW, infinite and known)
    return typeof(x)(real, imag)


def reciprocal(x):
    if typeof(x) in (complex64, complex128):
        return reciprocal_complex(x)
    if typeof(x).is_integer:
        # The quotient truncates: only 1, -1 and the error of 0 are not zero.
        # NumPy converts 1.0 / x, which is infinite for 0.
        flag(DIVIDE, x == 0)
        flag(INVALID, x == 0)
        at_zero = typeof(x).minimum if typeof(x).kind == "i" and typeof(x).bits >= 32 else 0
        if typeof(x).kind == "u":
            return select(x == 1, x, 0)
        return select(x == 0, at_zero, select(x == 1 or x == -1, x, 0))
    result = 1.0 / x
    flag_quotient(typeof(x)(1.0), x, result)
    return result


ROW = Ufunc(
    name="reciprocal",
    body=reciprocal,
    loops="b->b B->B h->h H->H i->i I->I l->l L->L q->q Q->Q e->e f->f d->d g->g F->F D->D G->G O->O",
    parameters="x",
    errors=("divide", "overflow", "underflow", "invalid"),
    ulp={"f": 0.5, "d": 0.5, "F": 4.0, "D": 4.0},
    wgsl_ulp=2.5,
    unroll=2,
    doc="""
Return the reciprocal of the argument, element-wise.

Integers are truncated; the reciprocal of the integer 0 raises a divide error.

Parameters
----------
x : array_like
    Input array.

Returns
-------
ndarray or scalar
    ``1/x``, of the type of `x`.

Examples
--------
>>> import wasmnp as np
>>> np.reciprocal([2.0, 4.0])
array([0.5 , 0.25])
""",
)
