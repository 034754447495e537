"""heaviside: the step function."""

from ..language import Ufunc, isnan, select, typeof


def heaviside(x, y):
    step = select(x < 0.0, typeof(x)(0.0), typeof(x)(1.0))
    return select(isnan(x), x, select(x == 0.0, y, step))


ROW = Ufunc(
    name="heaviside",
    body=heaviside,
    loops="ee->e ff->f dd->d gg->g",
    parameters="x1, x2",
    doc="""
Compute the Heaviside step function.

0 where ``x1 < 0``, `x2` where it is 0, and 1 where ``x1 > 0``.

Parameters
----------
x1, x2 : array_like
    Input values, and the values at 0. If ``x1.shape != x2.shape``, they must broadcast to a common shape.

Returns
-------
ndarray or scalar
    The step at each element of `x1`.

Examples
--------
>>> import wasmnp as np
>>> np.heaviside([-1.5, 0, 2.0], 0.5)
array([0. , 0.5, 1. ])
""",
)
