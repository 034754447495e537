"""Discrete Fourier transforms.

==================================  ==================================================================
`fft`, `ifft`                       complex numbers to complex numbers, along one axis
`rfft`, `irfft`                     real numbers to the first half of their spectrum, along one axis
`hfft`, `ihfft`                     half of a Hermitian signal to its real spectrum
`fft2`, `rfft2`, `fftn`, `rfftn`    the same along two or several axes, with their inverses
`fftfreq`, `rfftfreq`               the frequencies of the entries
`fftshift`, `ifftshift`             frequency zero to the middle and back
==================================  ==================================================================

For a signal a of length n::

    A[m] = sum(a[k] * exp(-2j * pi * m * k / n) for k in range(n))

The inverse has the opposite sign and the factor 1/n; ``norm="ortho"`` gives both directions 1/sqrt(n),
``norm="forward"`` moves 1/n to the forward transform. Single precision stays single. Any length takes a time of
n log n. The bits of a result are the same on every platform, those of long doubles excepted.
"""

from . import _helper, _pocketfft
from ._helper import *  # noqa: F403
from ._pocketfft import *  # noqa: F403

__all__ = [*_pocketfft.__all__, *_helper.__all__]
