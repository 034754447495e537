"""cbrt: the cube root."""

from ..language import Ufunc, absolute, bitcast, bits, f32, f64, rint, select, typeof
from ._errors import INFINITY, power_of_two, significand_and_exponent, with_sign

# Minimax polynomial for the cube root on [1/2, 4], relative error 2**-10.5, in float32 as that is enough; made with
# coefficients/minimax.py: remez(cbrt, 1 / cbrt, 1/2, 4, 5).
START = (
    float.fromhex("0x1.dd2cec0000000p-2"),
    float.fromhex("0x1.aba2ca0000000p-1"),
    float.fromhex("-0x1.b55d540000000p-2"),
    float.fromhex("0x1.3a7bbe0000000p-3"),
    float.fromhex("-0x1.e0430a0000000p-6"),
    float.fromhex("0x1.255de80000000p-9"),
)
# Low bits to clear so that the square of what remains is exact.
CLEARED = {f32: 2**13 - 1, f64: 2**30 - 1}


def halley(t, m):
    """A better cube root of ``m`` from ``t``; the error is cubed."""
    cube = t * t * t
    return t * (cube + 2.0 * m) / (2.0 * cube + m)


def cbrt(x):
    number = typeof(x)
    m, exponent = significand_and_exponent(absolute(x))
    third = rint(number(exponent) * number(1.0 / 3.0))
    thirds = number.signed(third)
    m = m * power_of_two(exponent - 3 * thirds, x)
    t = START[5]
    for coefficient in reversed(START[:5]):
        t = t * m + coefficient
    t = halley(t, m)
    # The last step starts from so few bits that t * t is exact, and the difference m / t**2 - t nearly so.
    t = bitcast(number, bits(t) & ~CLEARED[number])
    ratio = m / (t * t)
    t = t + t * ((ratio - t) / (t + t + ratio))
    root = with_sign(t * power_of_two(thirds, x), x)
    return select(absolute(x) < INFINITY and x != 0.0, root, x)


ROW = Ufunc(
    name="cbrt",
    body=cbrt,
    loops="e->e f->f d->d e->e f->f d->d g->g O->O",
    parameters="x",
    ulp={"f": 1.0, "d": 1.0},
    wgsl_ulp=2.0,
    branch_unroll={"f": 2, "d": 2},
    doc="""
Return the cube-root of an array, element-wise.

Parameters
----------
x : array_like
    The values whose cube-roots are required.

Returns
-------
ndarray or scalar
    The cube root of each element, with the sign of the element.

Examples
--------
>>> import wasmnp as np
>>> np.cbrt([1.0, 8.0, -27.0])
array([ 1.,  2., -3.])
""",
)
