"""sin: the trigonometric sine, for arguments of any size."""

from ..language import (
    OVERFLOW,
    Ufunc,
    absolute,
    any_lane,
    complex64,
    complex128,
    f32,
    flag,
    isfinite,
    select,
    typeof,
)  # fmt: skip
from ..language.parts import narrowed, widened
from ._errors import INFINITY, with_sign
from ._exponential import polynomial, scaled, wide_exp, wide_exp_wgsl
from ._float32 import sin_wgsl, sine_and_cosine_wgsl
from ._hyperbolic import SINH64
from ._sine_float32 import sine_of_turned
from ._trigonometric import sine, sine_and_cosine
from .exp import exp_quietly, exp_wgsl


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
        return sine_of_turned(x, 0)
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
