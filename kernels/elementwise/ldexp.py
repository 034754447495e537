"""ldexp: a number times a power of two."""

from ..language import OVERFLOW, UNDERFLOW, Ufunc, absolute, any_lane, flag, isfinite, isnormal, select, typeof
from ._errors import INFINITY, SMALLEST_NORMAL, significand_and_exponent
from ._exponential import scaled


def ldexp(x, n):
    number = typeof(x)
    significand, exponent = significand_and_exponent(x)
    # Beyond these bounds everything is 0 or infinite.
    limit, bound = (300, 200) if number.bits == 32 else (2400, 1200)
    shift = number.signed(select(n > limit, limit, select(n < -limit, -limit, n)))
    power = exponent + shift
    power = select(power > bound, bound, select(power < -bound, -bound, power))
    result = scaled(significand, power)
    result = select(x == 0.0 or not isfinite(x), x, result)
    if any_lane(not isnormal(result)):
        finite = isfinite(x) and x != 0.0
        flag(OVERFLOW, finite and absolute(result) == INFINITY)
        lost = result == 0.0 or scaled(result, -power) != significand
        flag(UNDERFLOW, finite and absolute(result) < SMALLEST_NORMAL[number] and lost)
    return result


ROW = Ufunc(
    name="ldexp",
    body=ldexp,
    loops="ei->e fi->f el->e fl->f di->d dl->d gi->g gl->g",
    wide_long=True,
    parameters="x1, x2",
    errors=("overflow", "underflow"),
    ulp={"f": 0.5, "d": 0.5},
    doc="""
Returns ``x1 * 2**x2``, element-wise.

The inverse of `frexp`; rounds once.

Parameters
----------
x1, x2 : array_like
    Numbers, and integer exponents of two. If ``x1.shape != x2.shape``, they must broadcast to a common shape.

Returns
-------
ndarray or scalar
    ``x1 * 2**x2``.

Examples
--------
>>> import wasmnp as np
>>> np.ldexp(5, [0, 1, 2])
array([ 5., 10., 20.])
""",
)
