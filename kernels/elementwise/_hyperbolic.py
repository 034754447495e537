"""What sinh, cosh and tanh are made of: an exponential in two parts."""

from ..language import OVERFLOW, absolute, any_lane, f32, f64, flag, isfinite, select, typeof
from ._errors import INFINITY, exact_sum, power_of_two, with_sign
from ._exponential import polynomial, scaled
from ._two_parts import quotient_in_two_parts

# sinh(x) = x + x z H(z), z = x**2, up to x = 1: coefficients/minimax.py.
SINH64 = (
    float.fromhex("0x1.5555555555556p-3"),
    float.fromhex("0x1.11111111110a1p-7"),
    float.fromhex("0x1.a01a01a02921ap-13"),
    float.fromhex("0x1.71de3a45f5954p-19"),
    float.fromhex("0x1.ae646767ce5f1p-26"),
    float.fromhex("0x1.611a399f03a6dp-33"),
    float.fromhex("0x1.b4cfa0d8d63abp-41"),
)
SINH = {f32: SINH64[:4], f64: SINH64}
# Beyond the first, sinh and cosh are infinite; from the second on, exp(-2 x) is nothing beside 1.
ALL_INFINITE = {f32: 92.0, f64: 712.0}
NEGLIGIBLE = {f32: 30, f64: 60}
ONE_FROM = {f32: 10.0, f64: 22.0}  # there tanh is 1
ITSELF_UP_TO = {f32: 2.0**-13, f64: 2.0**-28}  # there tanh(x) is x


def halves_of_exp(size, parts, limit):
    """``(base, rest, inverse, k)``: ``exp(size) = 2**k * (base + rest)``, ``exp(-size) = 2**k * inverse``."""
    number = typeof(size)
    base, rest, k = parts(select(size > limit, limit, size))
    bound = NEGLIGIBLE[number]
    inverse = power_of_two(-2 * select(k > bound, bound, k), size) / (base + rest)
    return base, rest, inverse, k


def expm1_of(x, parts):
    """``exp(x) - 1`` with the function that takes an exponential apart for its type."""
    lowest, highest, negligible = (-20.0, 100.0, 60) if typeof(x) is f32 else (-50.0, 720.0, 120)
    base, rest, k = parts(select(x > highest, highest, select(x < lowest, lowest, x)))
    # exp(x) - 1 = 2**k * ((base - 2**-k) + rest); the difference is exact.
    one = power_of_two(-select(k > negligible, negligible, k), x)
    total, error = exact_sum(base, -one)
    return select(x == 0.0, x, scaled(total + (error + rest), k))


def sinh_of(x, parts):
    """sinh with the function that takes an exponential apart for the type of ``x``."""
    size = absolute(x)
    base, rest, inverse, k = halves_of_exp(size, parts, ALL_INFINITE[typeof(x)])
    z = x * x
    small = size + size * (z * polynomial(z, SINH[typeof(x)]))
    return with_sign(select(size < 1.0, small, scaled(base + (rest - inverse), k - 1)), x)


def cosh_of(x, parts):
    """cosh likewise."""
    base, rest, inverse, k = halves_of_exp(absolute(x), parts, ALL_INFINITE[typeof(x)])
    return scaled(base + (rest + inverse), k - 1)


def tanh_of(x, parts):
    """tanh likewise: ``(E - 1) / (E + 1)`` for ``E = exp(2 x)``."""
    number = typeof(x)
    size = absolute(x)
    limit = ONE_FROM[number]
    bounded = select(size > limit, limit, size)
    base, rest, k = parts(bounded + bounded)
    one = power_of_two(-k, x)
    total, error = exact_sum(base, -one)
    upper = total + (error + rest)
    upper_low = (total - upper) + (error + rest)
    total, error = exact_sum(base, one)
    lower = total + (error + rest)
    lower_low = (total - lower) + (error + rest)
    quotient, more = quotient_in_two_parts(upper, upper_low, lower, lower_low)
    return with_sign(select(size < ITSELF_UP_TO[number], size, quotient + more), x)


def flag_overflow(x, result):
    """Overflow where a finite number gave an infinite one."""
    if any_lane(absolute(result) == INFINITY):
        flag(OVERFLOW, absolute(result) == INFINITY and isfinite(x))
