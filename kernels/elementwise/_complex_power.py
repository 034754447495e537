"""Powers of complex numbers, with NumPy's special cases."""

from ..language import INVALID, absolute, any_lane, flag, select, trunc, typeof
from ._arctangent import arctangent
from ._complex import hypot_quietly, hypot_wgsl
from ._errors import INFINITY
from ._float32 import log_float32, sine_and_cosine_wgsl
from ._logarithm import log_in_two_parts
from ._trigonometric import sine_and_cosine
from .exp import exp_quietly, exp_wgsl


def product(x, y):
    """Real and imaginary part of the product of two pairs."""
    return x[0] * y[0] - x[1] * y[1], x[0] * y[1] + x[1] * y[0]


def small_power(x, n):
    """A pair to an integer power below 100, by squaring; ``n`` is a float."""
    left = absolute(n)
    base_real, base_imag = x[0], x[1]
    real, imag = typeof(left)(1.0), typeof(left)(0.0)
    # Squares and cubes are products, as in NumPy; other powers start from 1, which makes NaN of infinities.
    started = not (n == 2.0 or n == 3.0)
    while left >= 1.0:
        half = trunc(left * 0.5)
        odd = half + half != left
        next_real, next_imag = product((real, imag), (base_real, base_imag))
        real = select(odd, select(started, next_real, base_real), real)
        imag = select(odd, select(started, next_imag, base_imag), imag)
        started = started or odd
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
        positive = y.real > 0.0
        nothing = y.real == 0.0 and y.imag == 0.0
        lost = zero and not positive and not nothing
        nan = float("nan")
        real = select(zero, select(positive, typeof(real)(0.0), nan), real)
        imag = select(zero, select(positive, typeof(imag)(0.0), nan), imag)
        real, imag = select(nothing, 1.0, real), select(nothing, 0.0, imag)
        flag(INVALID, lost)
    same = y.real == 1.0 and y.imag == 0.0
    return typeof(x)(select(same, x.real, real), select(same, x.imag, imag))
