"""Frequencies of discrete transforms, and spectra with the zero frequency in the middle."""

from __future__ import annotations

from typing import Any

from .._core._axes import roll
from .._core._multiarray_umath import arange, asarray, empty, integer
from .._core.overrides import array_function_dispatch
from .._utils import set_module

__all__ = ["fftfreq", "fftshift", "ifftshift", "rfftfreq"]


def _fftshift_dispatcher(x: Any, axes: Any = None) -> tuple[Any, ...]:
    return (x,)


def _rolled(x: Any, axes: Any, shift: Any) -> Any:
    """`x` rolled along each axis by `shift` of its length."""
    x = asarray(x)
    if axes is None:
        axes = tuple(range(x.ndim))
    if isinstance(axes, (int, integer)):
        return roll(x, shift(x.shape[axes]), axes)
    return roll(x, [shift(x.shape[axis]) for axis in axes], axes)


@array_function_dispatch(_fftshift_dispatcher, module="fft")
def fftshift(x, axes=None):
    """
    Move the zero frequency to the middle of a spectrum.

    Parameters
    ----------
    x : array_like
    axes : int or sequence of int, optional
        Axes to shift, all by default.

    Returns
    -------
    ndarray
        A copy in which entry 0 is at ``n // 2`` along each shifted axis of length n.

    Raises
    ------
    IndexError
        If there is no such axis.

    See Also
    --------
    ifftshift : The inverse.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.fft.fftshift(np.fft.fftfreq(5, 0.2))
    array([-2., -1.,  0.,  1.,  2.])
    """
    return _rolled(x, axes, lambda n: n // 2)


@array_function_dispatch(_fftshift_dispatcher, module="fft")
def ifftshift(x, axes=None):
    """
    Undo `fftshift`, from which it differs for axes of odd length.

    Parameters
    ----------
    x : array_like
    axes : int or sequence of int, optional
        Axes to shift, all by default.

    Returns
    -------
    ndarray
        A copy in which entry ``n // 2`` is at 0 along each shifted axis of length n.

    Raises
    ------
    IndexError
        If there is no such axis.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.fft.ifftshift([-2, -1, 0, 1, 2])
    array([ 0,  1,  2, -2, -1])
    """
    return _rolled(x, axes, lambda n: -(n // 2))


def _checked_length(n: Any) -> Any:
    if not isinstance(n, (int, integer)):
        raise ValueError("n should be an integer")
    return n


@set_module("fft")
def fftfreq(n, d=1.0, device=None):
    """
    Frequencies of the entries of a transform of `n` samples.

    Parameters
    ----------
    n : int
        Number of samples.
    d : float, optional
        Time between samples.
    device : None or "cpu", optional

    Returns
    -------
    (n,) ndarray of float64
        In units of 1/`d`: 0, 1, ..., then the negative ones ..., -1, over ``n * d``.

    Raises
    ------
    ValueError
        If `n` is no integer or the device is another one.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.fft.fftfreq(8, d=0.125)
    array([ 0.,  1.,  2.,  3., -4., -3., -2., -1.])
    """
    unit = 1.0 / (_checked_length(n) * d)
    result = empty(n, int, device=device)
    positive = (n - 1) // 2 + 1
    result[:positive] = arange(positive, dtype=int)
    result[positive:] = arange(-(n // 2), 0, dtype=int)
    return result * unit


@set_module("fft")
def rfftfreq(n, d=1.0, device=None):
    """
    Frequencies of the entries of a transform of `n` real samples, as `rfft` gives it.

    Parameters
    ----------
    n : int
        Number of samples.
    d : float, optional
        Time between samples.
    device : None or "cpu", optional

    Returns
    -------
    (n // 2 + 1,) ndarray of float64
        In units of 1/`d`: 0, 1, ... over ``n * d``.

    Raises
    ------
    ValueError
        If `n` is no integer or the device is another one.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.fft.rfftfreq(8, d=0.125)
    array([0., 1., 2., 3., 4.])
    """
    unit = 1.0 / (_checked_length(n) * d)
    return arange(0, n // 2 + 1, dtype=int, device=device) * unit
