"""The layers of the ziggurat under the normal density.

Marsaglia and Tsang, "The ziggurat method for generating random variables" (2000), with 256 layers. The tail starts
where the layers close at the top; the area of a layer is that of the tail and of the rectangle before it,
r * exp(-r * r / 2) + sqrt(pi / 2) * erfc(r / sqrt(2)).
"""

from __future__ import annotations

import functools
import math

from .._core._multiarray_umath import array, ndarray

_TAIL, _AREA = 3.6541528853610088, 0.004928673233974652
_SCALE = 2.0**52
# NumPy's table is what the recursion gives in doubles, but for one height that is rounded up.
_ROUNDED_UP = 38


@functools.cache
def normal_layers() -> tuple[ndarray, ndarray, ndarray]:
    """Widths per unit of 52 random bits, heights, and the bits below which a draw lies inside a layer."""
    x = previous = _TAIL
    height = math.exp(-0.5 * x * x)
    base = _AREA / height
    widths, heights, inside = [0.0] * 256, [0.0] * 256, [0] * 256
    widths[0], widths[255] = base / _SCALE, x / _SCALE
    heights[0], heights[255] = 1.0, height
    inside[0] = int(x / base * _SCALE)
    for i in range(254, 0, -1):
        x = math.sqrt(-2.0 * math.log(_AREA / x + height))
        inside[i + 1] = int(x / previous * _SCALE)
        previous = x
        height = math.exp(-0.5 * x * x)
        if i == _ROUNDED_UP:
            height = math.nextafter(height, 1.0)
        widths[i], heights[i] = x / _SCALE, height
    return array(widths), array(heights), array(inside, dtype="u8")
