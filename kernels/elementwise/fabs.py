"""fabs: the magnitude of a float."""

from ..language import Ufunc, absolute


def fabs(x):
    return absolute(x)


ROW = Ufunc(
    name="fabs",
    body=fabs,
    loops="e->e f->f d->d g->g O->O",
    parameters="x",
    cheap=True,
    unroll=2,
    doc="""
Compute the absolute values element-wise, in floating point.

Parameters
----------
x : array_like
    Input array.

Returns
-------
ndarray or scalar
    The absolute values; always floats.

Examples
--------
>>> import wasmnp as np
>>> np.fabs([-1, 2])
array([1., 2.])
""",
)
