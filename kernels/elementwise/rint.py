"""rint: the nearest integer, ties to even."""

from .. import language
from ..language import Ufunc, complex64, complex128, typeof


def rint(x):
    if typeof(x) in (complex64, complex128):
        return typeof(x)(language.rint(x.real), language.rint(x.imag))
    return language.rint(x)


ROW = Ufunc(
    name="rint",
    body=rint,
    loops="e->e f->f d->d f->f d->d g->g F->F D->D G->G O->O",
    parameters="x",
    cheap=True,
    unroll=4,
    doc="""
Round elements of the array to the nearest integer.

Halves go to the even neighbour.

Parameters
----------
x : array_like
    Input array.

Returns
-------
ndarray or scalar
    The rounded numbers, as the type of `x`.

Examples
--------
>>> import wasmnp as np
>>> np.rint([-1.7, 0.5, 1.5])
array([-2.,  0.,  2.])
""",
)
