"""square: the product of a number with itself."""

from ..language import Ufunc, complex64, complex128, typeof
from ._errors import add_parts, flag_product, multiply_parts, subtract_parts


def square(x):
    if typeof(x) in (complex64, complex128):
        real = subtract_parts(multiply_parts(x.real, x.real), multiply_parts(x.imag, x.imag))
        cross = multiply_parts(x.real, x.imag)
        return typeof(x)(real, add_parts(cross, cross))
    result = x * x
    if typeof(x).is_float:
        flag_product(x, x, result)
    return result


ROW = Ufunc(
    name="square",
    body=square,
    loops="b->b B->B h->h H->H i->i I->I l->l L->L q->q Q->Q e->e f->f d->d g->g F->F D->D G->G O->O",
    parameters="x",
    errors=("overflow", "underflow", "invalid"),
    ulp={"f": 0.5, "d": 0.5, "F": 2.0**60, "D": 2.0**60},
    cheap=True,
    unroll=4,
    branch_unroll={"f": 4, "d": 4},
    doc="""
Return the element-wise square of the input.

Parameters
----------
x : array_like
    Input data.

Returns
-------
ndarray or scalar
    ``x*x``, of the type of `x`.

Examples
--------
>>> import wasmnp as np
>>> np.square([-1.0, 3.0])
array([1., 9.])
""",
)
