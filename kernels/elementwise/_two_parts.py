"""Numbers as unevaluated sums of two floats, for results whose operands must not be rounded."""

from .. import language
from ..language import absolute, f32, f64, isfinite, isnan, rint, select, typeof
from ._errors import INFINITY, exact_product, exact_sum, with_sign
from ._exponential import exp_of_difference
from ._float32 import log_float32
from ._logarithm import log_in_two_parts

# Constants rounded to a type, and what rounding leaves: coefficients/minimax.py.
LN2 = {
    f32: (float.fromhex("0x1.62e4300000000p-1"), float.fromhex("-0x1.05c6100000000p-29")),
    f64: (float.fromhex("0x1.62e42fefa39efp-1"), float.fromhex("0x1.abc9e3b39803fp-56")),
}
INVERSE_LN2 = {
    f32: (float.fromhex("0x1.7154760000000p+0"), float.fromhex("0x1.4ae0c00000000p-26")),
    f64: (float.fromhex("0x1.71547652b82fep+0"), float.fromhex("0x1.777d0ffda0d24p-56")),
}
INVERSE_LN10 = {
    f32: (float.fromhex("0x1.bcb7b20000000p-2"), float.fromhex("-0x1.5b235e0000000p-27")),
    f64: (float.fromhex("0x1.bcb7b1526e50ep-2"), float.fromhex("0x1.95355baaafad3p-57")),
}


# Up to the first, arcsinh(x) and arctanh(x) are x; beyond the second, arcsinh(x) is log(2 x).
ITSELF_UP_TO = {f32: 2.0**-12, f64: 2.0**-27}
FAR = {f32: 2.0**14, f64: 2.0**28}


def quotient_in_two_parts(x, x_low, y, y_low):
    """``(x + x_low) / (y + y_low)`` from the rounded quotient and what it leaves."""
    quotient = x / y
    product, error = exact_product(quotient, y)
    rest = (((x - product) - error) + x_low) - quotient * y_low
    return quotient, rest / y


def root_in_two_parts(x, x_low):
    """``sqrt(x + x_low)``; 0 for 0."""
    root = language.sqrt(x)
    square, error = exact_product(root, root)
    rest = ((x - square) - error) + x_low
    return root, select(root == 0.0, 0.0, rest / (root + root))


def exp2_of_fraction(fraction):
    """``(base, rest)``: two to a power between -1/2 and 1/2."""
    number = typeof(fraction)
    product, error = exact_product(fraction, number(LN2[number][0]))
    return exp_of_difference(product, -(error + fraction * LN2[number][1]))


def exp2_parts(x):
    """``(base, rest, k)``: ``2**x = 2**k * (base + rest)``."""
    k = rint(x)
    base, rest = exp2_of_fraction(x - k)
    return base, rest, typeof(x).signed(select(isnan(x), 0.0, k))


def log_parts(x):
    """``high + low = log(x)`` for positive finite ``x``, with some bits more than a float has."""
    return log_float32(x) if typeof(x) is f32 else log_in_two_parts(x)


def log_of_sum(high, low):
    """``log(high + low)``: right to the last bit or so even where the sum is close to 1."""
    whole, rest = log_parts(high)
    return whole + (rest + low / high)


def product_of_log(high, low, factor):
    """``(high + low) * factor`` for a logarithm, and for a factor in two parts."""
    product, error = exact_product(high, typeof(high)(factor[0]))
    return product + (error + (high * factor[1] + low * factor[0]))


def log_of_root(x, one, far):
    """``log(x + sqrt(x**2 + one))`` for ``x > 0`` and ``one`` 1 or -1; ``log(2 x)`` where ``x > far``."""
    large = x > far
    near = select(large, 1.0, x)
    square, square_low = exact_product(near, near)
    total, total_low = exact_sum(square, typeof(x)(one))
    root, root_low = root_in_two_parts(total, total_low + square_low)
    number, number_low = exact_sum(near, root)
    number = select(large, x, number)
    high, low = log_parts(number)
    low = low + select(large, 0.0, (number_low + root_low) / number)
    doubled, doubled_low = LN2[typeof(x)]
    sum_high = high + select(large, doubled, typeof(x)(0.0))
    error = (high - sum_high) + select(large, doubled, typeof(x)(0.0))
    return sum_high + (error + (low + select(large, doubled_low, typeof(x)(0.0))))


def log1p_quietly(x):
    """``log(1 + x)`` above -1; raises nothing."""
    high, low = exact_sum(typeof(x)(1.0), x)
    return select(x > -1.0 and x < INFINITY and x != 0.0, log_of_sum(high, low), x)


def arcsinh_of(x):
    """The inverse hyperbolic sine of a float."""
    size = absolute(x)
    result = log_of_root(size, 1.0, FAR[typeof(x)])
    return with_sign(select(isfinite(x) and size > ITSELF_UP_TO[typeof(x)], result, size), x)
