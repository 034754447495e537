"""Arc sine and arc cosine.

``arcsin(x) = x + x z A(z)`` with ``z = x**2`` up to 1/2; beyond, ``pi / 2 - 2 arcsin(sqrt((1 - x) / 2))``, whose root
and whose differences keep their rounding errors. Coefficients: coefficients/minimax.py.
"""

from ..language import INVALID, absolute, any_lane, f32, f64, flag, select, typeof
from ._exponential import polynomial
from ._float32 import HALF_PI_HIGH, HALF_PI_LOW
from ._trigonometric import HALF_PI
from ._trigonometric import HALF_PI_LOW as HALF_PI_LOW_64
from ._two_parts import root_in_two_parts

ASIN32 = (
    float.fromhex("0x1.5555ca0000000p-3"),
    float.fromhex("0x1.3301340000000p-4"),
    float.fromhex("0x1.748f280000000p-5"),
    float.fromhex("0x1.8b85500000000p-6"),
    float.fromhex("0x1.59f4e40000000p-5"),
)
ASIN64 = (
    float.fromhex("0x1.5555555555578p-3"),
    float.fromhex("0x1.333333332dee5p-4"),
    float.fromhex("0x1.6db6db722d461p-5"),
    float.fromhex("0x1.f1c71a8b0187ap-6"),
    float.fromhex("0x1.6e8bdff5ac056p-6"),
    float.fromhex("0x1.1c49dd0dff58dp-6"),
    float.fromhex("0x1.ca215912dd527p-7"),
    float.fromhex("0x1.7576f0b304d31p-7"),
    float.fromhex("0x1.618de7bd73426p-7"),
    float.fromhex("0x1.e12e7631af2a9p-9"),
    float.fromhex("0x1.650ecad9e9c03p-6"),
    float.fromhex("-0x1.5a0793bc4d4e4p-6"),
    float.fromhex("0x1.0be9739a8a994p-5"),
)
ASIN = {f32: ASIN32, f64: ASIN64}
HALF_PI_PARTS = {f32: (HALF_PI_HIGH, HALF_PI_LOW), f64: (HALF_PI, HALF_PI_LOW_64)}


def arcsine_parts(size):
    """``(upper, s, more)``: whether ``size > 1/2``; then s + more is half of the complement, else the angle itself."""
    upper = size > 0.5
    z = select(upper, 0.5 * (1.0 - size), size * size)
    root, root_low = root_in_two_parts(z, typeof(z)(0.0))
    s = select(upper, root, size)
    return upper, s, s * (z * polynomial(z, ASIN[typeof(size)])) + select(upper, root_low, typeof(z)(0.0))


def difference(x, x_low, y, y_low):
    """``(x + x_low) - (y + y_low)`` for ``x > y``, rounded about once."""
    total = x - y
    return total + (((x - total) - y) + (x_low - y_low))


def flag_domain(x):
    """Invalid outside of -1 to 1."""
    if any_lane(absolute(x) > 1.0):
        flag(INVALID, absolute(x) > 1.0)
