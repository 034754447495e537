"""Functions of complex numbers as pairs of real and imaginary part, with the special cases of C99, annex G.

Inverse functions follow Kahan 1987, "Branch cuts for complex elementary functions".
"""

from ..language import (
    DIVIDE,
    OVERFLOW,
    absolute,
    f32,
    f64,
    flag,
    isfinite,
    isnan,
    select,
    typeof,
)
from ._arcsine import HALF_PI_PARTS
from ._arctangent import arctangent
from ._complex import SCALES, scale_for_squares, sqrt_of_parts
from ._errors import INFINITY, exact_product, exact_sum, power_of_two, with_sign
from ._exponential import FAR_BEYOND, exp_parts, exp_with_exponent, polynomial, scaled
from ._float32 import sine_and_cosine_wgsl
from ._hyperbolic import SINH, cosh_of, expm1_of, halves_of_exp, sinh_of
from ._trigonometric import sine_and_cosine
from ._two_parts import INVERSE_LN2, INVERSE_LN10, LN2, arcsinh_of, exp2_parts, log1p_quietly, log_of_sum, log_parts

# From here on only the largest terms of inverse functions count, and squares may overflow.
LARGE = {f32: 2.0**62, f64: 2.0**510}
LOG_OF_SCALE = {f32: 100.0 * LN2[f64][0], f64: 600.0 * LN2[f64][0]}
# Beyond, the rounding error of an angle is no small number.
MANY_TURNS = {f32: 2.0**10, f64: 2.0**30}
# Beyond, tanh is 1.
SATURATED = {f32: 10.0, f64: 20.0}


def sine_with_cosine(x):
    """sin and cos of a number of either type, in its type."""
    return sine_and_cosine_wgsl(x) if typeof(x) is f32 else sine_and_cosine(x)


def taken_apart(x):
    """exp of a number as base, rest and exponent, likewise."""
    return exp_with_exponent(x) if typeof(x) is f32 else exp_parts(x)


def is_infinite(x, y):
    """Whether a part is infinite."""
    return absolute(x) == INFINITY or absolute(y) == INFINITY


def flag_overflow(x, y, real, imag):
    """Overflow where finite parts gave an infinite one."""
    flag(OVERFLOW, isfinite(x) and isfinite(y) and is_infinite(real, imag))


# -- logarithms --------------------------------------------------------------------------------------------------------


def log_of_size(x, x_low, y):
    """``log(abs((x + x_low) + 1j * y))``: the sum of the squares is exact enough to cancel with 1."""
    number = typeof(x)
    x_size, y_size = absolute(x), absolute(y)
    larger = select(x_size > y_size, x_size, y_size)
    factor, _ = scale_for_squares(larger)
    across, up, low = x * factor, y * factor, x_low * factor
    first, first_low = exact_product(across, across)
    second, second_low = exact_product(up, up)
    # The larger square comes first.
    swap = first < second
    total, total_low = exact_sum(select(swap, second, first), select(swap, first, second))
    total_low = total_low + (first_low + second_low) + (across + across) * low
    result = 0.5 * log_of_sum(total, total_low)
    unscaled = number(LOG_OF_SCALE[number])
    result = result - select(factor > 1.0, unscaled, select(factor < 1.0, -unscaled, number(0.0)))
    flag(DIVIDE, larger == 0.0)
    result = select(larger == 0.0, -INFINITY, result)
    return select(is_infinite(x, y), INFINITY, select(isnan(x) or isnan(y), x + y, result))


def log_of_parts(x, y):
    """The principal logarithm."""
    return log_of_size(x, typeof(x)(0.0), y), arctangent(y, x)


def log2_of_parts(x, y):
    """The same to base 2."""
    real, imag = log_of_parts(x, y)
    return real * INVERSE_LN2[typeof(x)][0], imag * INVERSE_LN2[typeof(x)][0]


def log10_of_parts(x, y):
    """The same to base 10."""
    real, imag = log_of_parts(x, y)
    return real * INVERSE_LN10[typeof(x)][0], imag * INVERSE_LN10[typeof(x)][0]


def log1p_of_parts(x, y):
    """``log(1 + z)``."""
    high, low = exact_sum(typeof(x)(1.0), x)
    low = select(isfinite(x), low, 0.0)
    # Beside a small imaginary part, the real part is a logarithm of a real number.
    small = absolute(y) < 2.0**-500 if typeof(x) is f64 else absolute(y) < 2.0**-60
    flat = small and x > -1.0 and x < INFINITY
    real = select(flat, log1p_quietly(select(flat, x, 0.0)), log_of_size(high, low, select(flat, 1.0, y)))
    return real, arctangent(y, high)


# -- exponentials ------------------------------------------------------------------------------------------------------


def exp2_of_parts(x, y):
    """``2**z``. The angle ``y log(2)`` keeps its rounding error."""
    number = typeof(x)
    limit = FAR_BEYOND[number]
    base, rest, k = exp2_parts(select(x > limit, limit, select(x < -limit, -limit, x)))
    factor, factor_low = LN2[number]
    bounded = select(absolute(y) < MANY_TURNS[number], y, 0.0)
    _, error = exact_product(bounded, number(factor))
    error = error + bounded * factor_low
    sine, cosine = sine_with_cosine(y * factor)
    size = base + rest
    real, imag = scaled(size * (cosine - error * sine), k), scaled(size * (sine + error * cosine), k)
    imag = select(y == 0.0, y, imag)
    unturned = absolute(x) == INFINITY and not isfinite(y)
    real = select(unturned, select(x > 0.0, x, 0.0), real)
    imag = select(unturned and x < 0.0, 0.0, imag)
    real = select(isnan(x), x, real)
    flag_overflow(x, y, real, imag)
    return real, imag


def expm1_of_parts(x, y):
    """``exp(z) - 1``: ``expm1(x) cos(y) - 2 sin(y / 2)**2``."""
    sine, cosine = sine_with_cosine(y)
    half, _ = sine_with_cosine(0.5 * y)
    limit = FAR_BEYOND[typeof(x)]
    base, rest, k = taken_apart(select(x > limit, limit, select(x < -limit, -limit, x)))
    # Far out the 1 does not count, and expm1 would be infinite too early.
    far = absolute(x) > 40.0
    near = expm1_of(select(far, 0.0, x), taken_apart) * cosine - (half + half) * half
    size = base + rest
    real = select(far, select(x > 0.0, scaled(size * cosine, k), -1.0), near)
    imag = scaled(size * sine, k)
    imag = select(y == 0.0, y, imag)
    real = select(absolute(x) == INFINITY and not isfinite(y), select(x > 0.0, x, -1.0), real)
    imag = select(x == -INFINITY and not isfinite(y), 0.0, imag)
    real = select(isnan(x), x, real)
    flag_overflow(x, y, real, imag)
    return real, imag


def hyperbolic_parts(x):
    """``(c, s, k)``: cosh(x) is ``c * 2**k`` and sinh(x) is ``s * 2**k``, far beyond the range of the type."""
    number = typeof(x)
    size = absolute(x)
    base, rest, inverse, k = halves_of_exp(size, taken_apart, FAR_BEYOND[number])
    square = size * size
    small = size + size * (square * polynomial(square, SINH[number]))
    # Up to 1, k is at most 1.
    small = small * power_of_two(1 - select(k > 1, 1, k), x)
    sinh = select(size < 1.0, small, base + (rest - inverse))
    return base + (rest + inverse), with_sign(sinh, x), k - 1


def cosh_of_parts(x, y):
    """``cosh(x) cos(y) + 1j * sinh(x) sin(y)``."""
    sine, cosine = sine_with_cosine(y)
    cosh, sinh, k = hyperbolic_parts(x)
    real, imag = scaled(cosh * cosine, k), scaled(sinh * sine, k)
    zero = with_sign(typeof(x)(0.0), x) * with_sign(typeof(x)(1.0), y)
    imag = select(x == 0.0 or y == 0.0, zero, imag)
    real = select(absolute(x) == INFINITY and not isfinite(y), INFINITY, real)
    flag_overflow(x, y, real, imag)
    return real, imag


def sinh_of_parts(x, y):
    """``sinh(x) cos(y) + 1j * cosh(x) sin(y)``."""
    sine, cosine = sine_with_cosine(y)
    cosh, sinh, k = hyperbolic_parts(x)
    real, imag = scaled(sinh * cosine, k), scaled(cosh * sine, k)
    real = select(x == 0.0 or (absolute(x) == INFINITY and not isfinite(y)), x, real)
    imag = select(y == 0.0, y, imag)
    flag_overflow(x, y, real, imag)
    return real, imag


def cos_of_parts(x, y):
    """``cosh(1j * z)``."""
    return cosh_of_parts(-y, x)


def tanh_of_parts(x, y):
    """``(sinh(x) cosh(x) + 1j * sin(y) cos(y)) / (sinh(x)**2 + cos(y)**2)``."""
    number = typeof(x)
    size = absolute(x)
    sine, cosine = sine_with_cosine(y)
    far = size > SATURATED[number]
    near = select(far, 0.0, x)
    sinh, cosh = sinh_of(near, taken_apart), cosh_of(near, taken_apart)
    divisor = sinh * sinh + cosine * cosine
    real = select(far, with_sign(number(1.0), x), sinh * cosh / divisor)
    limit = FAR_BEYOND[number] * 0.5
    base, rest, k = taken_apart(-2.0 * select(size > limit, limit, size))
    faded = scaled(4.0 * (sine * cosine) * (base + rest), k)
    imag = select(far, faded, sine * cosine / divisor)
    real = select(x == 0.0, x, real)
    imag = select(y == 0.0, y, select(size == INFINITY and not isfinite(y), 0.0, imag))
    return real, imag


def tan_of_parts(x, y):
    """``-1j * tanh(1j * z)``."""
    imag, real = tanh_of_parts(y, x)
    return real, imag


# -- inverse functions -------------------------------------------------------------------------------------------------


def is_large(x, y):
    """Whether a part is so large that squares may overflow, or infinite."""
    return absolute(x) > LARGE[typeof(x)] or absolute(y) > LARGE[typeof(x)]


def arcsin_of_parts(x, y):
    """The inverse sine."""
    large = is_large(x, y)
    u, v = select(large, 0.0, x), select(large, 0.0, y)
    left, left_imag = sqrt_of_parts(1.0 - u, -v)
    right, right_imag = sqrt_of_parts(1.0 + u, v)
    angle = arctangent(select(large, x, u), select(large, absolute(y), left * right - left_imag * right_imag))
    size = select(large, log_of_double(x, y), absolute(arcsinh_of(left * right_imag - left_imag * right)))
    real = select(x == 0.0, x, angle)
    return real, select(y == 0.0 and (isnan(x) or absolute(x) <= 1.0), y, with_sign(size, y))


def log_of_double(x, y):
    """``log(2 * abs(x + 1j * y))`` for large numbers."""
    return log_of_size(0.5 * x, typeof(x)(0.0), 0.5 * y) + 2.0 * LN2[typeof(x)][0]


def arccos_of_parts(x, y):
    """The inverse cosine."""
    half_pi, _ = HALF_PI_PARTS[typeof(x)]
    large = is_large(x, y)
    u, v = select(large, 0.0, x), select(large, 0.0, y)
    left, left_imag = sqrt_of_parts(1.0 - u, -v)
    right, right_imag = sqrt_of_parts(1.0 + u, v)
    angle = arctangent(select(large, absolute(y), left), select(large, x, right))
    size = select(large, log_of_double(x, y), absolute(arcsinh_of(right * left_imag - right_imag * left)))
    real = select(large, angle, angle + angle)
    # The sign is the opposite of the sign of y.
    return select(x == 0.0 and not is_infinite(x, y), half_pi, real), with_sign(size, -y)


def arccosh_of_parts(x, y):
    """The inverse hyperbolic cosine: the inverse cosine, a quarter turn on."""
    real, imag = arccos_of_parts(x, y)
    return absolute(imag), with_sign(absolute(real), y)


def arcsinh_of_parts(x, y):
    """``-1j * arcsin(1j * z)``."""
    imag, real = arcsin_of_parts(y, x)
    return real, imag


def arctanh_of_parts(x, y):
    """The inverse hyperbolic tangent."""
    number = typeof(x)
    half_pi, _ = HALF_PI_PARTS[number]
    x_size, y_size = absolute(x), absolute(y)
    large = is_large(x, y)
    infinite = is_infinite(x, y)
    u, v = select(large, 0.0, x_size), select(large, 0.0, y_size)
    gap = 1.0 - u
    near = 0.25 * log1p_quietly(4.0 * u / (gap * gap + v * v))
    # Next to 1 the squares vanish.
    close = u == 1.0 and v < 2.0 / LARGE[number]
    flag(DIVIDE, close and v == 0.0)
    log_of_gap, _ = log_parts(select(close and v > 0.0, v, 1.0))
    beside = 0.5 * (LN2[number][0] - log_of_gap)
    near = select(close, select(v == 0.0, INFINITY, beside), near)
    # 1 / z
    scale = 1.0 / SCALES[number][2]
    small_x, small_y = select(large, x_size, 1.0) * scale, select(large, y_size, 0.0) * scale
    far = select(infinite, 0.0, small_x / (small_x * small_x + small_y * small_y) * scale)
    real = select(x == 0.0, number(0.0), select(large, far, near))
    imag = select(large, half_pi, 0.5 * arctangent(v + v, gap * (1.0 + u) - v * v))
    imag = select(isnan(y) or (isnan(x) and y_size != INFINITY), x + y, imag)
    real = select(isnan(x) and not infinite, x, real)
    return with_sign(real, x), with_sign(imag, y)


def arctan_of_parts(x, y):
    """``-1j * arctanh(1j * z)``."""
    imag, real = arctanh_of_parts(y, x)
    return real, imag
