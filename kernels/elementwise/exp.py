"""exp: e raised to a power."""

from ..language import (
    OVERFLOW, UNDERFLOW, Ufunc, absolute, any_lane, bits, complex64, complex128, f32, f64, flag, isnan, rint, select,
    typeof,
)  # fmt: skip
from ._errors import INFINITY
from ._exponential import LN2, MANTISSA_BITS, POLYNOMIAL, INVERSE_LN2, polynomial, reduced_exp, scaled, times_power

# Up to here the result is a normal number; beyond, exp is infinite or rounds to zero.
ORDINARY = {f32: 87.0, f64: 708.0}
LARGEST = {f32: float.fromhex("0x1.62e42e0000000p+6"), f64: float.fromhex("0x1.62e42fefa39efp+9")}
SMALLEST = {f32: float.fromhex("-0x1.5d589e0000000p+6"), f64: float.fromhex("-0x1.6232bdd7abcd2p+9")}
TO_ZERO = {f32: float.fromhex("-0x1.9fe3680000000p+6"), f64: float.fromhex("-0x1.74910d52d3051p+9")}


def exp_float(x):
    """exp of a float, with its errors."""
    number = typeof(x)
    rounded, p = reduced_exp(x)
    result = times_power(p, rounded)
    ordinary = absolute(x) <= ORDINARY[number]
    if any_lane(not ordinary):
        width = MANTISSA_BITS[number]
        k = number.signed(bits(rounded) << (number.bits - 12)) >> (number.bits - 12)
        flag(OVERFLOW, x > LARGEST[number] and x != INFINITY)
        flag(UNDERFLOW, x < SMALLEST[number] and x != -INFINITY)
        result = scaled(p, k)
        result = select(x > LARGEST[number], INFINITY, select(x < TO_ZERO[number], 0.0, result))
        result = select(isnan(x), x, result)
    return result


def exp(x):
    return exp_float(x)


def exp_wgsl(x):
    """The same with conversions instead of tricks with rounding, which a shader compiler may undo."""
    clamped = select(x > 89.0, 89.0, select(x < -104.0, -104.0, x))
    k = rint(clamped * INVERSE_LN2)
    high = clamped - k * LN2[f32][0]
    low = k * LN2[f32][1]
    r = high - low
    p = 1.0 + (high - (low - r * r * polynomial(r, POLYNOMIAL[f32])))
    result = scaled(p, typeof(x).signed(k))
    return select(isnan(x), x, select(x > LARGEST[f32], INFINITY, select(x < TO_ZERO[f32], 0.0, result)))


ROW = Ufunc(
    name="exp",
    body=exp,
    loops="e->e f->f d->d f->f d->d g->g F->F G->G O->O",
    parameters="x",
    errors=("overflow", "underflow"),
    ulp={"f": 1.0, "d": 1.0, "D": 2.0},
    unroll=2,
    wgsl=exp_wgsl,
    wgsl_ulp=1.0,
    doc="""
Calculate the exponential of all elements in the input array.

The error is below one unit in the last place, and the bits are the same on every processor.

Parameters
----------
x : array_like
    Input values.

Returns
-------
ndarray or scalar
    The element-wise exponential of `x`.

Examples
--------
>>> import wasmnp as np
>>> np.exp([0.0, 1.0])
array([1.        , 2.71828183])
""",
)
