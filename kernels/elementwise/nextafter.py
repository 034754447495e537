"""nextafter: the next float towards another."""

from ..language import Ufunc
from ._neighbours import flag_step, next_after, next_half


def nextafter(x, y):
    result = next_after(x, y)
    flag_step(x, result, x != y)
    return result


def nextafter_half(x, y):
    """The same for halves, which are given as float32."""
    return next_half(x, y)


ROW = Ufunc(
    name="nextafter",
    body=nextafter,
    loops="ee->e ff->f dd->d gg->g",
    parameters="x1, x2",
    half=nextafter_half,
    errors=("overflow", "underflow"),
    doc="""
Return the next floating-point value after `x1` towards `x2`, element-wise.

Parameters
----------
x1, x2 : array_like
    Where to start, and the direction. If ``x1.shape != x2.shape``, they must broadcast to a common shape.

Returns
-------
ndarray or scalar
    The neighbour of `x1`; `x2` where they are equal.

Examples
--------
>>> import wasmnp as np
>>> np.nextafter(1, 2) == 2.0**-52 + 1
np.True_
""",
)
