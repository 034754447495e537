"""copysign: a magnitude with the sign of another number."""

from ..language import Ufunc, absolute
from ._errors import with_sign


def copysign(x, y):
    return with_sign(absolute(x), y)


ROW = Ufunc(
    name="copysign",
    body=copysign,
    loops="ee->e ff->f dd->d gg->g",
    parameters="x1, x2",
    unroll=2,
    doc="""
Change the sign of `x1` to that of `x2`, element-wise.

Parameters
----------
x1, x2 : array_like
    Magnitudes, and whose signs they get. If ``x1.shape != x2.shape``, they must broadcast to a common shape.

Returns
-------
ndarray or scalar
    `x1` with the sign of `x2`.

Examples
--------
>>> import wasmnp as np
>>> np.copysign([1.3, -2.0], -0.0)
array([-1.3, -2. ])
""",
)
