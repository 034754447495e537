"""multiply: the product; logical and for bools."""

from ..language import Ufunc, bool_, complex64, complex128, typeof
from ._errors import add_parts, flag_product, multiply_parts, subtract_parts


def multiply(x, y):
    if typeof(x) is bool_:
        return x and y
    if typeof(x) in (complex64, complex128):
        real = subtract_parts(multiply_parts(x.real, y.real), multiply_parts(x.imag, y.imag))
        imag = add_parts(multiply_parts(x.real, y.imag), multiply_parts(x.imag, y.real))
        return typeof(x)(real, imag)
    result = x * y
    if typeof(x).is_float:
        flag_product(x, y, result)
    return result


ROW = Ufunc(
    name="multiply",
    body=multiply,
    loops="""??->? bb->b BB->B hh->h HH->H ii->i II->I ll->l LL->L qq->q QQ->Q ee->e ff->f dd->d gg->g FF->F DD->D
        GG->G mq->m qm->m md->m dm->m OO->O""",
    parameters="x1, x2",
    identity=1,
    errors=("overflow", "underflow", "invalid"),
    ulp={"f": 0.5, "d": 0.5, "F": 2.0**60, "D": 2.0**60},
    cheap=True,
    unroll=4,
    branch_unroll={"f": 4, "d": 4},
    doc="""
Multiply arguments element-wise.

Integers wrap around; for booleans the product is the logical and.

Parameters
----------
x1, x2 : array_like
    The factors. If ``x1.shape != x2.shape``, they must broadcast to a common shape.

Returns
-------
ndarray or scalar
    The product of `x1` and `x2`, element-wise.

Examples
--------
>>> import wasmnp as np
>>> np.multiply([1.0, 2.0], 4.0)
array([4., 8.])
""",
)
