"""Print the Chebyshev coefficients of the modified Bessel function I0 that `wasmnp/lib/_windows_impl.py` holds.

Needs mpmath. For |x| <= 8 the function is exp(-x) I0(x) over x / 2 - 2 in [-2, 2], beyond it sqrt(x) exp(-x) I0(x) over
32 / x - 2: C. W. Clenshaw, Chebyshev Series for Mathematical Functions (1962).
"""

from __future__ import annotations

from collections.abc import Callable

import mpmath

mpmath.mp.dps = 60
NODES = 120


def coefficients(function: Callable[[mpmath.mpf], mpmath.mpf], least: float) -> list[float]:
    """Coefficients of the series on [-1, 1], the last first, down to those below `least`."""
    angles = [mpmath.pi * (2 * k + 1) / (2 * NODES) for k in range(NODES)]
    values = [function(mpmath.cos(angle)) for angle in angles]
    series = [
        2 * mpmath.fsum(value * mpmath.cos(n * angle) for value, angle in zip(values, angles, strict=True)) / NODES
        for n in range(40)
    ]
    kept = [float(one) for one in series if abs(one) > least]
    return kept[::-1]


def near(t: mpmath.mpf) -> mpmath.mpf:
    x = 4 * (t + 1)
    return mpmath.exp(-x) * mpmath.besseli(0, x)


def far(t: mpmath.mpf) -> mpmath.mpf:
    if t == -1:
        return 1 / mpmath.sqrt(2 * mpmath.pi)
    x = 16 / (t + 1)
    return mpmath.sqrt(x) * mpmath.exp(-x) * mpmath.besseli(0, x)


if __name__ == "__main__":
    for name, function in (("NEAR", near), ("FAR", far)):
        numbers = coefficients(function, 2e-18)
        print(f"_{name} = (", *(f"    {number!r}," for number in numbers), ")", sep="\n")
