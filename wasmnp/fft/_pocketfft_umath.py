"""The generalized ufuncs of Fourier transforms: of an input, with a factor, to an output that says the length."""

from .. import _native

fft = _native._fft_fft
ifft = _native._fft_ifft
irfft = _native._fft_irfft
rfft_n_even = _native._fft_rfft_n_even
rfft_n_odd = _native._fft_rfft_n_odd

__all__ = ["fft", "ifft", "irfft", "rfft_n_even", "rfft_n_odd"]
