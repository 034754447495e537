"""sin and cos of float32, computed in float64."""

from ..language import INVALID, absolute, bitcast, bits, each_lane, f32, f64, flag, isfinite, select, u32, u64
from ._errors import INFINITY
from ._trigonometric import FAR, HALF_PI, ROUNDER, reduce_huge

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
INVERSE_PI = float.fromhex("0x1.45f306dc9c883p-2")


def sine_of_turned(x, quarter):
    """``sin(x + quarter * pi / 2)`` for `quarter` 0 or 1. The sign of the sine needs no care: ``r`` is odd in ``x``."""
    wide = f64(x)
    rounded = wide * INVERSE_PI + ROUNDER if quarter == 0 else (wide * INVERSE_PI + 0.5) + ROUNDER
    turns = rounded - ROUNDER if quarter == 0 else (rounded - ROUNDER) - 0.5
    r = (wide - turns * PI_64[0]) - turns * PI_64[1]
    k = bits(rounded)
    if each_lane(not (absolute(x) <= FAR)):
        flag(INVALID, absolute(x) == INFINITY)
        quarters, high, _ = reduce_huge(absolute(wide))
        quarters = quarters + quarter
        # Half turns: an odd quarter goes to the nearer one.
        odd = (quarters & 1) != 0
        backwards = odd and high > 0.0
        r = select(odd, select(backwards, high - HALF_PI, high + HALF_PI), high)
        k = (quarters >> 1) + select(backwards, u64(1), u64(0))
        r = select(isfinite(x), select(x < 0.0, -r, r) if quarter == 0 else r, float("nan"))
    z = r * r
    ratio = SIN_WIDE[3]
    for coefficient in reversed(SIN_WIDE[:3]):
        ratio = ratio * z + coefficient
    value = f32(r * (1.0 + z * ratio))
    return bitcast(f32, bits(value) ^ (u32(k) << 31))
