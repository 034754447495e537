"""modf: the fractional and the integral part."""

from ..language import Ufunc, absolute, select, trunc
from ._errors import INFINITY, with_sign


def modf(x):
    whole = trunc(x)
    fraction = select(absolute(x) == INFINITY, 0.0, x - whole)
    # NaN stays NaN; a zero fraction has the sign of x.
    return with_sign(absolute(fraction), x), whole


ROW = Ufunc(
    name="modf",
    body=modf,
    loops="e->ee f->ff d->dd g->gg",
    parameters="x",
    unroll=2,
    doc="""
Return the fractional and integral parts of an array, element-wise.

Both have the sign of the given number.

Parameters
----------
x : array_like
    Input array.

Returns
-------
y1 : ndarray or scalar
    Fractional part of `x`.
y2 : ndarray or scalar
    Integral part of `x`.

Examples
--------
>>> import wasmnp as np
>>> np.modf([0.0, 3.5])
(array([0. , 0.5]), array([0., 3.]))
""",
)
