"""Discrete Fourier transforms of real signals whose length is a power of two.

=========  =======================================
`rfft`     spectrum of a real signal
`irfft`    real signal of a spectrum
=========  =======================================

For a real signal a of length n, with m = 0, ..., n/2::

    A[m] = sum(a[k] * exp(-2j * pi * m * k / n) for k in range(n))

The other half of the spectrum is the complex conjugate of this one and not computed. The inverse carries the factor
1/n; ``norm="ortho"`` gives both directions 1/sqrt(n), ``norm="forward"`` moves 1/n to the forward transform. Single
precision stays single. The bits of a result are the same on every platform.
"""

from ._pocketfft import irfft, rfft

__all__ = ["irfft", "rfft"]
