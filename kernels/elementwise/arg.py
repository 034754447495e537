"""arg: the angle of a complex number."""

from ..language import Ufunc
from ._arctangent import arctangent


def arg(z):
    return arctangent(z.imag, z.real)


ROW = Ufunc(
    name="_arg",
    body=arg,
    loops="F->f D->d G->g",
    parameters="x",
    ulp={"F": 0.65, "D": 0.65},
    doc="""
The angle of complex numbers.

`angle` is the public function.

Parameters
----------
x : array_like
    Input array.

Returns
-------
ndarray or scalar
    The angle, in radians.

Examples
--------
>>> import wasmnp as np
>>> np._core._multiarray_umath._arg([1j])
array([1.57079633])
""",
)
