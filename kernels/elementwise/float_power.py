"""float_power: one number raised to another, in float64 at least."""

from ..language import Ufunc
from .power import power


def float_power(x, y):
    return power(x, y)


ROW = Ufunc(
    name="float_power",
    body=float_power,
    loops="dd->d gg->g DD->D GG->G",
    parameters="x1, x2",
    errors=("divide", "overflow", "underflow", "invalid"),
    domain="x1 >= 0, or x2 integral",
    ulp={"d": 0.6, "D": 2.0**60},
    doc="""
First array elements raised to powers from second array, element-wise, in double precision.

Integers have negative powers here, unlike with `power`.

Parameters
----------
x1, x2 : array_like
    The bases, and the exponents. If ``x1.shape != x2.shape``, they must broadcast to a common shape.

Returns
-------
ndarray or scalar
    The bases raised to the exponents.

Examples
--------
>>> import wasmnp as np
>>> np.float_power([1, 2, 4], -1)
array([1.  , 0.5 , 0.25])
""",
)
