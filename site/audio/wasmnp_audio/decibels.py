"""Decibels without a logarithm among the ufuncs."""

from __future__ import annotations

import math

import wasmnp as np

_DECIBELS_PER_OCTAVE = 20.0 * math.log10(2.0)


def decibels(amplitude, floor: float = -200.0):
    """
    Convert amplitudes to decibels, 20 log10(amplitude).

    Parameters
    ----------
    amplitude : ndarray, float64
        Nonnegative numbers, finite.
    floor : float, optional
        Smaller values are raised to this one, in decibels; at least -6000.

    Returns
    -------
    ndarray, float64, of the same shape

    Notes
    -----
    The bits of a positive double, read as an integer, are 2**52 (exponent + 1023 + fraction). So their quotient by
    2**52 gives exponent and fraction, and log2(1 + fraction) = 2 atanh(s) / ln 2 with s = fraction / (2 + fraction),
    at most 1/3. Five terms of the series leave less than 2e-6, which is 1.2e-5 decibels.

    Examples
    --------
    >>> import wasmnp as np
    >>> float(abs(decibels(np.array([10.0]))[0] - 20) < 2e-5)
    1.0
    """
    raised = np.maximum(amplitude, 10.0 ** (floor / 20.0))
    octaves = raised.view("i8").astype("f8")
    octaves *= 2.0**-52
    octaves -= 1023.0
    exponent = np.floor(octaves)
    octaves -= exponent
    octaves /= octaves + 2.0
    square = octaves * octaves
    series = square * (1.0 / 9.0)
    for denominator in (7.0, 5.0, 3.0):
        series += 1.0 / denominator
        series *= square
    series += 1.0
    series *= octaves
    series *= 2.0 / math.log(2.0)
    series += exponent
    series *= _DECIBELS_PER_OCTAVE
    return series
