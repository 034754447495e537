"""spacing: the distance to the next float."""

from ..language import (
    INVALID,
    OVERFLOW,
    UNDERFLOW,
    Ufunc,
    absolute,
    bitcast,
    bits,
    flag,
    isfinite,
    isnan,
    select,
    typeof,
)
from ..language.half import rounded, widened
from ._errors import INFINITY, SMALLEST_NORMAL
from ._neighbours import step


def spacing(x):
    number = typeof(x)
    neighbour = bitcast(number, step(bits(x), x >= 0.0))
    result = neighbour - x
    flag(OVERFLOW, isfinite(x) and absolute(result) == INFINITY)
    flag(UNDERFLOW, x != 0.0 and absolute(neighbour) < SMALLEST_NORMAL[number])
    return select(absolute(x) == INFINITY, float("nan"), select(isnan(x), x, result))


def spacing_half(x):
    """The same for halves, which are given as float32: the distance to the next larger one."""
    pattern = rounded(x)
    result = widened(step(pattern, pattern == pattern)) - x
    flag(INVALID, not isfinite(x))
    flag(OVERFLOW, isfinite(x) and absolute(result) == INFINITY)
    return select(absolute(x) == INFINITY, float("nan"), select(isnan(x), x, result))


ROW = Ufunc(
    name="spacing",
    body=spacing,
    loops="e->e f->f d->d g->g",
    parameters="x",
    half=spacing_half,
    errors=("invalid", "overflow", "underflow"),
    doc="""
Return the distance between `x` and the nearest adjacent number.

Parameters
----------
x : array_like
    Input array.

Returns
-------
ndarray or scalar
    The distance, with the sign of `x`; NaN for infinity.

Examples
--------
>>> import wasmnp as np
>>> np.spacing(1) == 2.0**-52
np.True_
""",
)
