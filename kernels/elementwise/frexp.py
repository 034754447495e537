"""frexp: significand and exponent."""

from ..language import Ufunc, i32, isfinite, select
from ._errors import significand_and_exponent


def frexp(x):
    significand, exponent = significand_and_exponent(x)
    ordinary = isfinite(x) and x != 0.0
    return select(ordinary, 0.5 * significand, x), select(ordinary, i32(exponent) + 1, 0)


ROW = Ufunc(
    name="frexp",
    body=frexp,
    loops="e->ei f->fi d->di g->gi",
    parameters="x",
    doc="""
Decompose the elements of `x` into mantissa and twos exponent.

Parameters
----------
x : array_like
    Input array.

Returns
-------
mantissa : ndarray or scalar
    Numbers of size 0.5 to 1, or 0; infinity and NaN stay.
exponent : ndarray or scalar of int32
    ``x = mantissa * 2**exponent``; 0 where `x` is not finite.

Examples
--------
>>> import wasmnp as np
>>> np.frexp([3.0, 16.0])
(array([0.75, 0.5 ]), array([2, 5], dtype=int32))
""",
)
