"""exp2: two raised to a power."""

from ..language import (
    OVERFLOW,
    UNDERFLOW,
    Ufunc,
    absolute,
    any_lane,
    each_lane,
    f32,
    f64,
    flag,
    isnan,
    rint,
    select,
    typeof,
)
from ._complex_functions import exp2_of_parts
from ._errors import INFINITY
from ._exponential import ROUNDER, scaled_sum, times_power
from ._two_parts import exp2_of_fraction, exp2_parts

# Where results stop being finite, normal, and more than zero.
LARGEST, SMALLEST, TO_ZERO = {f32: 128.0, f64: 1024.0}, {f32: -126.0, f64: -1022.0}, {f32: -150.0, f64: -1075.0}


def exp2_quietly(x):
    """``2**x`` of a float. Raises nothing."""
    number = typeof(x)
    rounded = x + ROUNDER[number]
    base, rest = exp2_of_fraction(x - (rounded - ROUNDER[number]))
    result = times_power(base + rest, rounded)
    # Up to a result that is almost subnormal or infinite.
    if each_lane(not (absolute(x) < -SMALLEST[number])):
        result = exp2_anywhere(x)
    return result


def exp2_anywhere(x):
    """The same for subnormal, infinite and other results."""
    highest, lowest = LARGEST[typeof(x)], TO_ZERO[typeof(x)]
    base, rest, k = exp2_parts(select(x > highest, highest, select(x < lowest, lowest, x)))
    result = select(x >= highest, INFINITY, select(x <= lowest, 0.0, scaled_sum(base, rest, k)))
    return select(isnan(x), x, result)


def exp2(x):
    number = typeof(x)
    result = exp2_quietly(x)
    highest, lowest = LARGEST[number], SMALLEST[number]
    if any_lane(not (x < highest and x >= lowest)):
        flag(OVERFLOW, x >= highest and x < INFINITY)
        # Integral powers are exact down to the smallest subnormal number.
        exact = rint(x) == x and x > TO_ZERO[number]
        flag(UNDERFLOW, x < lowest and x > -INFINITY and not exact)
    return result


ROW = Ufunc(
    name="exp2",
    body=exp2,
    loops="e->e f->f d->d e->e f->f d->d g->g F->F D->D G->G O->O",
    parameters="x",
    errors=("overflow", "underflow"),
    ulp={"f": 0.6, "d": 0.6, "F": 1.0, "D": 6.0},
    wgsl_ulp=1.0,
    branch_unroll={"f": 2, "d": 2},
    wgsl=exp2_anywhere,
    parts=exp2_of_parts,
    doc="""
Calculate ``2**p`` for all `p` in the input array.

Parameters
----------
x : array_like
    Input array.

Returns
-------
ndarray or scalar
    Two to the power of each element.

Examples
--------
>>> import wasmnp as np
>>> np.exp2([2, 3.5])
array([ 4.       , 11.3137085])
""",
)
