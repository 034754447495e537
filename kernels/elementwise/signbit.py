"""signbit: whether the sign bit is set."""

from ..language import Ufunc, bitcast, bits, typeof


def signbit(x):
    signed = typeof(x).signed
    return bitcast(signed, bits(x)) < signed(0)


ROW = Ufunc(
    name="signbit",
    body=signbit,
    loops="e->? f->? d->? g->?",
    parameters="x",
    doc="""
Returns element-wise True where the sign bit is set (less than zero).

True for -0.0 and for NaNs with that bit, too.

Parameters
----------
x : array_like
    Input array.

Returns
-------
ndarray or scalar of bool
    The answer for each element.

Examples
--------
>>> import wasmnp as np
>>> np.signbit([-1.2, -0.0, 0.0])
array([ True,  True, False])
""",
)
