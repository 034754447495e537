"""sin: the trigonometric sine, for arguments of any size."""

from ..language import (
    INVALID,
    OVERFLOW,
    Ufunc,
    absolute,
    any_lane,
    bitcast,
    bits,
    complex64,
    complex128,
    each_lane,
    f32,
    f64,
    flag,
    isfinite,
    select,
    typeof,
    u32,
    u64,
)  # fmt: skip
from ._complex import narrowed, widened
from ._errors import INFINITY, with_sign
from ._exponential import polynomial, scaled, wide_exp, wide_exp_wgsl
from ._float32 import sin_wgsl, sine_and_cosine_wgsl
from ._trigonometric import FAR, HALF_PI, ROUNDER, reduce_huge, sine, sine_and_cosine
from .exp import exp_quietly, exp_wgsl

SIN_WIDE = (
    float.fromhex("-0x1.55554d001a46ep-3"),
    float.fromhex("0x1.110f02590b641p-7"),
    float.fromhex("-0x1.9f780f2c6b331p-13"),
    float.fromhex("0x1.5e29a0692a560p-19"),
)
PI_64 = (
    float.fromhex("0x1.921fb54400000p+1"),
    float.fromhex("0x1.0b4611a626331p-33"),
)
SINH64 = (
    float.fromhex("0x1.5555555555556p-3"),
    float.fromhex("0x1.11111111110a1p-7"),
    float.fromhex("0x1.a01a01a02921ap-13"),
    float.fromhex("0x1.71de3a45f5954p-19"),
    float.fromhex("0x1.ae646767ce5f1p-26"),
    float.fromhex("0x1.611a399f03a6dp-33"),
    float.fromhex("0x1.b4cfa0d8d63abp-41"),
)
INVERSE_PI = float.fromhex("0x1.45f306dc9c883p-2")


def sin_float32(x):
    """sin of a float32, computed in float64. The sign needs no care, because ``r`` is odd in ``x``."""
    wide = f64(x)
    rounded = wide * INVERSE_PI + ROUNDER
    turns = rounded - ROUNDER
    r = (wide - turns * PI_64[0]) - turns * PI_64[1]
    k = bits(rounded)
    if each_lane(not (absolute(x) <= FAR)):
        flag(INVALID, absolute(x) == INFINITY)
        quarters, high, _ = reduce_huge(absolute(wide))
        # Half turns: an odd quarter goes to the nearer one.
        odd = (quarters & 1) != 0
        backwards = odd and high > 0.0
        r = select(odd, select(backwards, high - HALF_PI, high + HALF_PI), high)
        k = (quarters >> 1) + select(backwards, u64(1), u64(0))
        r = select(isfinite(x), select(x < 0.0, -r, r), float("nan"))
    z = r * r
    ratio = SIN_WIDE[3]
    for coefficient in reversed(SIN_WIDE[:3]):
        ratio = ratio * z + coefficient
    value = f32(r * (1.0 + z * ratio))
    return bitcast(f32, bits(value) ^ (u32(k) << 31))


def sin_complex(z):
    """The sine of a complex128."""
    return from_hyperbolic(z, sine_and_cosine(z.real), wide_exp(absolute(z.imag)), exp_quietly)


def from_hyperbolic(z, angle, far_exponential, exponential_of):
    """``sin(x) * cosh(y) + 1j * cos(x) * sinh(y)`` (C99 annex G.7), scaled like exp_complex."""
    x, y = z.real, z.imag
    size = absolute(y)
    sine, cosine = angle
    p, k = far_exponential
    large = size > 40.0
    exponential = exponential_of(select(large, 40.0, size))
    inverse = 1.0 / exponential
    square = size * size
    small_sinh = size + size * square * polynomial(square, SINH64)
    cosh = select(large, p, 0.5 * (exponential + inverse))
    sinh = select(large, p, select(size < 1.0, small_sinh, 0.5 * (exponential - inverse)))
    shift = select(large, k - 1, 0)
    real = scaled(sine * cosh, shift)
    imag = scaled(cosine * with_sign(sinh, y), shift)
    real = select(x == 0.0, x, real)
    if any_lane(not isfinite(real) or not isfinite(imag)):
        imag = select((size == INFINITY or y == 0.0) and not isfinite(x), y, imag)
        infinite = absolute(real) == INFINITY or absolute(imag) == INFINITY
        flag(OVERFLOW, isfinite(x) and isfinite(y) and infinite)
    return typeof(z)(real, imag)


def sin_narrow(x):
    """The sine on float32 alone."""
    if typeof(x) is complex64:
        return from_hyperbolic(x, sine_and_cosine_wgsl(x.real), wide_exp_wgsl(absolute(x.imag)), exp_wgsl)
    return sin_wgsl(x)


def sin(x):
    if typeof(x) is complex64:
        return narrowed(sin_complex(widened(x)))
    if typeof(x) is complex128:
        return sin_complex(x)
    if typeof(x) is f32:
        return sin_float32(x)
    return sine(x)


ROW = Ufunc(
    name="sin",
    body=sin,
    loops="e->e f->f d->d g->g F->F D->D G->G O->O",
    parameters="x",
    errors=("invalid",),
    domain="finite numbers",
    wgsl=sin_narrow,
    wgsl_ulp=1.0,
    ulp={"f": 0.65, "d": 1.0, "F": 0.51, "D": 3.0},
    branch_unroll={"f": 4, "d": 2},
    doc="""
Trigonometric sine, element-wise.

The argument is reduced exactly whatever its size. The error is below one unit in the last place, and the bits are the
same on every processor.

Parameters
----------
x : array_like
    Angle, in radians.

Returns
-------
ndarray or scalar
    The sine of each element of `x`.

Examples
--------
>>> import wasmnp as np
>>> np.sin([0.0, np.pi / 2])
array([0., 1.])
""",
)
