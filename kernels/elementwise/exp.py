"""exp: e raised to a power."""

from ..language import (
    OVERFLOW,
    UNDERFLOW,
    Ufunc,
    absolute,
    any_lane,
    complex64,
    complex128,
    each_lane,
    f32,
    f64,
    flag,
    isfinite,
    isnan,
    select,
    typeof,
)  # fmt: skip
from ..language.parts import narrowed, widened
from ._errors import INFINITY, with_sign
from ._exponential import (
    exp_with_exponent,
    low_integer,
    reduced_exp,
    scaled,
    scaled_sum,
    times_power,
    wide_exp,
    wide_exp_wgsl,
)
from ._float32 import sine_and_cosine_wgsl
from ._trigonometric import sine_and_cosine

# Up to here the result is a normal number.
ORDINARY = {f32: 87.0, f64: 708.0}
# Up to here exp is finite, from here on normal, from here on not zero: coefficients/minimax.py.
LARGEST = {f32: float.fromhex("0x1.62e42e0000000p+6"), f64: float.fromhex("0x1.62e42fefa39efp+9")}
SMALLEST = {f32: float.fromhex("-0x1.5d589e0000000p+6"), f64: float.fromhex("-0x1.6232bdd7abcd2p+9")}
TO_ZERO = {f32: float.fromhex("-0x1.9fe3680000000p+6"), f64: float.fromhex("-0x1.74910d52d3051p+9")}


def exp_quietly(x):
    """exp of a float. Raises nothing."""
    number = typeof(x)
    rounded, base, rest = reduced_exp(x)
    result = times_power(base + rest, rounded)
    far = not (absolute(x) <= ORDINARY[number])
    if any_lane(far):
        result = select(x < TO_ZERO[number], 0.0, result)  # the usual case of the rare ones
        if each_lane(far and not (x < TO_ZERO[number])):
            result = far_exp(x, rounded, base, rest)
    return result


def far_exp(x, rounded, base, rest):
    """exp where it is subnormal, infinite or NaN, or almost; the other arguments come from `reduced_exp`."""
    number = typeof(x)
    result = scaled_sum(base, rest, low_integer(rounded))
    result = select(x > LARGEST[number], INFINITY, result)
    return select(isnan(x), x, result)


def exp_float(x):
    """exp of a float, with its errors."""
    number = typeof(x)
    rounded, base, rest = reduced_exp(x)
    result = times_power(base + rest, rounded)
    far = not (absolute(x) <= ORDINARY[number])
    if any_lane(far):
        flag(OVERFLOW, x > LARGEST[number] and x != INFINITY)
        flag(UNDERFLOW, x < SMALLEST[number] and x != -INFINITY)
        result = select(x < TO_ZERO[number], 0.0, result)  # the usual case of the rare ones
        if each_lane(far and not (x < TO_ZERO[number])):
            result = far_exp(x, rounded, base, rest)
    return result


def exp_complex(z):
    """The exponential of a complex128."""
    return rotated(z, wide_exp(z.real), sine_and_cosine(z.imag))


def rotated(z, exponential, angle):
    """``exp(x) * (cos(y) + 1j * sin(y))`` (C99 annex G.6.3.1), the power of two last: nothing overflows early."""
    x, y = z.real, z.imag
    p, k = exponential
    sine, cosine = angle
    real, imag = scaled(p * cosine, k), scaled(p * sine, k)
    imag = select(y == 0.0, y, imag)
    if any_lane(not (absolute(x) <= ORDINARY[typeof(x)]) or not isfinite(y)):
        y_finite = isfinite(y)
        infinite = absolute(real) == INFINITY or absolute(imag) == INFINITY
        flag(OVERFLOW, isfinite(x) and y_finite and infinite)
        flag(UNDERFLOW, x < SMALLEST[typeof(x)] and x != -INFINITY and y_finite)
        # Without an angle: zeros for -inf, an infinite real part for +inf.
        real = select(not y_finite, select(x == -INFINITY, 0.0, select(x == INFINITY, x, real)), real)
        imag = select(not y_finite and x == -INFINITY, with_sign(typeof(x)(0.0), y), imag)
        real = select(isnan(x), x, real)
    return typeof(z)(real, imag)


def exp(x):
    if typeof(x) is complex64:
        return narrowed(exp_complex(widened(x)))
    if typeof(x) is complex128:
        return exp_complex(x)
    return exp_float(x)


def exp_wgsl(x):
    """The same on float32 alone."""
    if typeof(x) is complex64:
        return rotated(x, wide_exp_wgsl(x.real), sine_and_cosine_wgsl(x.imag))
    base, rest, k = exp_with_exponent(select(x > 89.0, 89.0, select(x < -104.0, -104.0, x)))
    result = scaled(base + rest, k)
    return select(isnan(x), x, select(x > LARGEST[f32], INFINITY, select(x < TO_ZERO[f32], 0.0, result)))


ROW = Ufunc(
    name="exp",
    body=exp,
    loops="e->e f->f d->d f->f d->d g->g F->F D->D G->G O->O",
    parameters="x",
    errors=("overflow", "underflow"),
    ulp={"f": 0.53, "d": 0.53, "F": 0.51, "D": 3.0},
    branch_unroll={"f": 2, "d": 2},
    wgsl=exp_wgsl,
    wgsl_ulp=1.0,
    doc="""
Calculate the exponential of all elements in the input array.

The error is below 0.53 units in the last place, and the bits are the same on every processor.

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
