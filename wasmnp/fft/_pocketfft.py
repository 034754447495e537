"""The real transforms: axes, lengths and scaling around the native ones (the module's name is NumPy's)."""

from __future__ import annotations

import math
import operator
from typing import Any

from .._core._multiarray_umath import _irfft, _rfft, asarray, zeros
from .._core.overrides import array_function_dispatch
from ..exceptions import AxisError


def _scale(norm: str | None, n: int, forward: bool) -> float:
    """The factor of a transform of length n in one direction."""
    if norm == "ortho":
        return 1.0 / math.sqrt(n)
    if norm not in (None, "backward", "forward"):
        raise ValueError(f'Invalid norm value {norm}; should be "backward", "ortho" or "forward".')
    return 1.0 / n if (norm == "forward") == forward else 1.0


def _checked_length(n: Any) -> int:
    n = operator.index(n)
    if n < 1:
        raise ValueError(f"Invalid number of FFT data points ({n}) specified.")
    if n & (n - 1):
        below = 1 << (n.bit_length() - 1)
        raise NotImplementedError(
            f"transforms of length {n} are not available yet: only powers of two are (the nearest are {below} and "
            f"{2 * below})"
        )
    return n


def _axis_last(ndim: int, axis: int) -> tuple[int, ...]:
    """The permutation that moves an axis to the end."""
    return (*range(axis), *range(axis + 1, ndim), axis)


def _transform(native: Any, a: Any, length: int, n: int, axis: int, scale: float, out: Any) -> Any:
    """Apply a native transform that takes `length` elements along the last axis to any axis of `a`."""
    if not -a.ndim <= axis < a.ndim:
        raise AxisError(axis, a.ndim)
    axis %= a.ndim
    moved = axis != a.ndim - 1
    if moved:
        a = a.transpose(_axis_last(a.ndim, axis))
    if a.shape[-1] > length:
        a = a[..., :length]
    elif a.shape[-1] < length:
        padded = zeros((*a.shape[:-1], length), a.dtype)
        padded[..., : a.shape[-1]] = a
        a = padded
    if not a.flags.c_contiguous:
        a = a.copy("C")
    result = native(a, n, scale)
    if moved:
        ndim = result.ndim
        result = result.transpose((*range(axis), ndim - 1, *range(axis, ndim - 1)))
    if out is None:
        return result
    if out.shape != result.shape:
        raise ValueError(f"output array has wrong shape: {out.shape}, needed is {result.shape}")
    if out.dtype.kind not in ("c" if result.dtype.kind == "c" else "fc"):
        raise TypeError(f"out must hold {result.dtype} values, not {out.dtype}")
    out[...] = result
    return out


def _rfft_dispatcher(a, n=None, axis=None, norm=None, out=None):
    return (a, out)


@array_function_dispatch(_rfft_dispatcher, module="fft")
def rfft(a, n=None, axis=-1, norm=None, out=None):
    """
    Compute the discrete Fourier transform of a real signal.

    Parameters
    ----------
    a : array_like
        Real input. Boolean and integer input is taken as float64.
    n : int, optional
        Number of points of the signal to use, a power of two: a longer signal is cut, a shorter one is continued with
        zeros. Default: the length of `a` along `axis`.
    axis : int, optional
        Axis of the signal, the last one by default.
    norm : {"backward", "ortho", "forward"}, optional
        Which direction is scaled: "backward" (default) leaves this one alone, "ortho" multiplies by 1/sqrt(n),
        "forward" by 1/n.
    out : complex ndarray, optional
        Array of the right shape for the result.

    Returns
    -------
    complex ndarray
        The spectrum: n/2 + 1 numbers along `axis` (one for n = 1); complex64 for float32 input, else complex128.

    Raises
    ------
    TypeError
        If `a` is complex or not numeric.
    ValueError
        If `n` is less than 1 or `norm` is unknown.
    NotImplementedError
        If the length is not a power of two.
    AxisError
        If `axis` is not an axis of `a`.

    See Also
    --------
    irfft : The inverse.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.fft.rfft([0, 1, 0, 0])
    array([ 1.+0.j,  0.-1.j, -1.+0.j])
    """
    a = asarray(a)
    kind = a.dtype.kind
    if kind not in "biuf":
        raise TypeError(f"rfft needs real input (bool, integer or float), not {a.dtype}")
    n = _checked_length(a.shape[axis] if n is None else n)
    target = "f4" if kind == "f" and a.dtype.itemsize == 4 else "f8"
    if a.dtype != target:
        a = a.astype(target)
    return _transform(_rfft, a, n, n, operator.index(axis), _scale(norm, n, True), out)


def _irfft_dispatcher(a, n=None, axis=None, norm=None, out=None):
    return (a, out)


@array_function_dispatch(_irfft_dispatcher, module="fft")
def irfft(a, n=None, axis=-1, norm=None, out=None):
    """
    Compute the real signal that has a given spectrum: the inverse of `rfft`.

    Parameters
    ----------
    a : array_like
        The first half of a spectrum, as `rfft` gives it. The imaginary parts of its first and last number, which a
        real signal does not have, are ignored.
    n : int, optional
        Number of points of the signal, a power of two; n/2 + 1 numbers of the spectrum are used, cut or continued with
        zeros. Default: ``2 * (m - 1)`` for m numbers along `axis`.
    axis : int, optional
        Axis of the spectrum, the last one by default.
    norm : {"backward", "ortho", "forward"}, optional
        Which direction is scaled: "backward" (default) multiplies this one by 1/n, "ortho" by 1/sqrt(n), "forward"
        leaves it alone.
    out : float ndarray, optional
        Array of the right shape for the result.

    Returns
    -------
    float ndarray
        The signal: n numbers along `axis`; float32 for complex64 and float32 input, else float64.

    Raises
    ------
    TypeError
        If `a` is not numeric.
    ValueError
        If `n` is less than 1 or `norm` is unknown.
    NotImplementedError
        If the length is not a power of two.
    AxisError
        If `axis` is not an axis of `a`.

    See Also
    --------
    rfft : The forward transform.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.fft.irfft([1, -1j, -1])
    array([0., 1., 0., 0.])
    """
    a = asarray(a)
    kind, itemsize = a.dtype.kind, a.dtype.itemsize
    if kind not in "biufc":
        raise TypeError(f"irfft needs numeric input, not {a.dtype}")
    n = _checked_length((a.shape[axis] - 1) * 2 if n is None else n)
    target = "c8" if (kind, itemsize) in (("f", 4), ("c", 8)) else "c16"
    if a.dtype != target:
        a = a.astype(target)
    return _transform(_irfft, a, n // 2 + 1, n, operator.index(axis), _scale(norm, n, False), out)
