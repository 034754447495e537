"""Powers of complex numbers, with NumPy's special cases."""

from ..language import INVALID, absolute, any_lane, bitcast, bits, f32, f64, flag, select, trunc, typeof
from ._complex import hypot_quietly, hypot_wgsl
from ._errors import INFINITY, with_sign
from ._exponential import polynomial
from ._float32 import HALF_PI_HIGH as HALF_PI_HIGH_32
from ._float32 import HALF_PI_LOW as HALF_PI_LOW_32
from ._float32 import log_float32, sine_and_cosine_wgsl
from ._logarithm import log_in_two_parts
from ._trigonometric import HALF_PI, HALF_PI_LOW, sine_and_cosine
from .exp import exp_quietly, exp_wgsl

ATAN64 = (
    float.fromhex("-0x1.555555555553dp-2"),
    float.fromhex("0x1.99999999958eep-3"),
    float.fromhex("-0x1.24924922b1333p-3"),
    float.fromhex("0x1.c71c70e7a9c6bp-4"),
    float.fromhex("-0x1.745cf90bf63c8p-4"),
    float.fromhex("0x1.3b111c73f948ep-4"),
    float.fromhex("-0x1.10ebde4ec6b68p-4"),
    float.fromhex("0x1.df117188a8a33p-5"),
    float.fromhex("-0x1.9cdc53f5ebe75p-5"),
    float.fromhex("0x1.37edb2372a094p-5"),
    float.fromhex("-0x1.259e40e75c7ccp-6"),
)
HALF_PI_PARTS = {f32: (HALF_PI_HIGH_32, HALF_PI_LOW_32), f64: (HALF_PI, HALF_PI_LOW)}
TANGENT_OF_EIGHTH = float.fromhex("0x1.a827999fcef32p-2")  # tan(pi / 8)


def arctangent(y, x):
    """The angle of the point (x, y). Not for two infinite coordinates."""
    half_pi, half_pi_low = HALF_PI_PARTS[typeof(x)]
    x_size, y_size = absolute(x), absolute(y)
    steep = y_size > x_size
    larger, smaller = select(steep, y_size, x_size), select(steep, x_size, y_size)
    ratio = select(larger == 0.0, 0.0, smaller / larger)
    wide = ratio > TANGENT_OF_EIGHTH
    t = select(wide, (smaller - larger) / (smaller + larger), ratio)
    z = t * t
    angle = t + t * z * polynomial(z, ATAN64)
    angle = select(wide, half_pi * 0.5 + (angle + half_pi_low * 0.5), angle)
    angle = select(steep, half_pi - (angle - half_pi_low), angle)
    left = bitcast(typeof(x).signed, bits(x)) < typeof(x).signed(0)
    angle = select(left, 2.0 * half_pi - (angle - 2.0 * half_pi_low), angle)
    return with_sign(angle, y)


def product(x, y):
    """Real and imaginary part of the product of two pairs."""
    return x[0] * y[0] - x[1] * y[1], x[0] * y[1] + x[1] * y[0]


def small_power(x, n):
    """A pair to an integer power below 100, by squaring; ``n`` is a float."""
    left = absolute(n)
    base_real, base_imag = x[0], x[1]
    real, imag = typeof(left)(1.0), typeof(left)(0.0)
    while left >= 1.0:
        half = trunc(left * 0.5)
        odd = half + half != left
        next_real, next_imag = product((real, imag), (base_real, base_imag))
        real, imag = select(odd, next_real, real), select(odd, next_imag, imag)
        square_real, square_imag = product((base_real, base_imag), (base_real, base_imag))
        base_real = square_real
        base_imag = square_imag
        left = half
    # Smith's reciprocal for negative powers, as in divide.
    real_larger = absolute(real) >= absolute(imag)
    larger, smaller = select(real_larger, real, imag), select(real_larger, imag, real)
    ratio = smaller / larger
    scale = 1.0 / (larger + smaller * ratio)
    inverse_real = select(real_larger, scale, ratio * scale)
    inverse_imag = select(real_larger, (0.0 - ratio) * scale, -scale)
    return select(n < 0.0, inverse_real, real), select(n < 0.0, inverse_imag, imag)


def general_power(x, y):
    """``exp(y * log(x))`` of pairs of float64."""
    return rotated_power(x, y, (hypot_quietly, log_in_two_parts, exp_quietly, sine_and_cosine))


def general_power_wgsl(x, y):
    """``exp(y * log(x))`` of pairs of float32."""
    return rotated_power(x, y, (hypot_wgsl, log_float32, exp_wgsl, sine_and_cosine_wgsl))


def rotated_power(x, y, functions):
    """``exp(y * log(x))`` of pairs, with magnitude, logarithm, exponential, and sine with cosine for their type."""
    magnitude, logarithm, exponential, sine_with_cosine = functions
    base_size = magnitude(x[0], x[1])
    log_size, log_low = logarithm(base_size)
    log_size = select(base_size == INFINITY, INFINITY, log_size)
    angle = arctangent(x[1], x[0])
    exponent = (y[0] * log_size - y[1] * angle) + y[0] * log_low
    turn = (y[1] * log_size + y[0] * angle) + y[1] * log_low
    size = exponential(exponent)
    sine, cosine = sine_with_cosine(turn)
    vanishes = size == 0.0
    return select(vanishes, 0.0, size * cosine), select(vanishes, 0.0, size * sine)


def power_complex(x, y, general):
    """NumPy's order of cases: powers 0 and 1, base 0, small integers, then the logarithm, which `general` takes."""
    base, exponent = (x.real, x.imag), (y.real, y.imag)
    integral = y.imag == 0.0 and trunc(y.real) == y.real and absolute(y.real) < 100.0
    real, imag = small_power(base, select(integral, y.real, 0.0))
    zero = x.real == 0.0 and x.imag == 0.0
    if any_lane(not integral or zero):
        general_real, general_imag = general(base, exponent)
        real, imag = select(integral, real, general_real), select(integral, imag, general_imag)
        positive = y.real > 0.0 and y.imag == 0.0
        nothing = y.real == 0.0 and y.imag == 0.0
        lost = zero and not positive and not nothing
        nan = float("nan")
        real = select(zero, select(positive, typeof(real)(0.0), nan), real)
        imag = select(zero, select(positive, typeof(imag)(0.0), nan), imag)
        real, imag = select(nothing, 1.0, real), select(nothing, 0.0, imag)
        flag(INVALID, lost)
    same = y.real == 1.0 and y.imag == 0.0
    return typeof(x)(select(same, x.real, real), select(same, x.imag, imag))
