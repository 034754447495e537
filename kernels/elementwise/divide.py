"""divide: the quotient of floats."""

from ..language import (
    DIVIDE,
    INVALID,
    OVERFLOW,
    Ufunc,
    absolute,
    any_lane,
    complex64,
    complex128,
    flag,
    isfinite,
    isnan,
    select,
    typeof,
)
from ._errors import INFINITY, flag_quotient


def divide_complex(x, y):
    """Smith 1962, "Algorithm 116: complex division": scales by the larger part of the divisor."""
    real_larger = absolute(y.real) >= absolute(y.imag)
    zero = real_larger and y.real == 0.0
    larger = select(real_larger, y.real, y.imag)
    smaller = select(real_larger, y.imag, y.real)
    ratio = select(zero, 0.0, smaller / larger)
    scale = 1.0 / (larger + smaller * ratio)
    real = select(real_larger, x.real + x.imag * ratio, x.real * ratio + x.imag) * scale
    imag = select(real_larger, x.imag - x.real * ratio, x.imag * ratio - x.real) * scale
    real = select(zero, x.real / absolute(y.real), real)
    imag = select(zero, x.imag / absolute(y.real), imag)
    if any_lane(not isfinite(real) or not isfinite(imag)):
        known = not isnan(x.real) and not isnan(x.imag) and not isnan(y.real) and not isnan(y.imag)
        flag(INVALID, ((isnan(real) or isnan(imag)) and known) or (zero and (x.real == 0.0 or x.imag == 0.0)))
        flag(DIVIDE, zero and ((isfinite(x.real) and x.real != 0.0) or (isfinite(x.imag) and x.imag != 0.0)))
        infinite = absolute(real) == INFINITY or absolute(imag) == INFINITY
        flag(OVERFLOW, infinite and not zero and isfinite(x.real) and isfinite(x.imag) and known)
    return typeof(x)(real, imag)


def divide(x, y):
    if typeof(x) in (complex64, complex128):
        return divide_complex(x, y)
    result = x / y
    flag_quotient(x, y, result)
    return result


ROW = Ufunc(
    name="divide",
    body=divide,
    loops="ee->e ff->f dd->d gg->g FF->F DD->D GG->G mq->m md->m mm->d OO->O",
    parameters="x1, x2",
    alias="true_divide",
    errors=("divide", "overflow", "underflow", "invalid"),
    ulp={"f": 0.5, "d": 0.5, "F": 2.0**60, "D": 2.0**60},
    wgsl_ulp=2.5,
    cheap=True,
    unroll=2,
    doc="""
Divide arguments element-wise.

Parameters
----------
x1, x2 : array_like
    Dividend and divisor. If ``x1.shape != x2.shape``, they must broadcast to a common shape.

Returns
-------
ndarray or scalar
    The quotient ``x1/x2``, element-wise.

Examples
--------
>>> import wasmnp as np
>>> np.divide([1.0, 3.0], 2.0)
array([0.5, 1.5])
""",
)
