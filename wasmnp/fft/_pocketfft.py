"""Discrete Fourier transforms: lengths, axes and scaling around generalized ufuncs (the module's name is NumPy's)."""

from __future__ import annotations

import operator
import warnings
from typing import Any

from .._core._axes import normalize_axis_index
from .._core._multiarray_umath import asarray, conjugate, dtype, empty, empty_like, result_type
from .._core.fromnumeric import take
from .._core.overrides import array_function_dispatch
from . import _pocketfft_umath as _umath

__all__ = [
    "fft",
    "fft2",
    "fftn",
    "hfft",
    "ifft",
    "ifft2",
    "ifftn",
    "ihfft",
    "irfft",
    "irfft2",
    "irfftn",
    "rfft",
    "rfft2",
    "rfftn",
]

# What `norm` is called where the direction is the other one.
_OPPOSITE = {"backward": "forward", None: "forward", "ortho": "ortho", "forward": "backward"}

# By the type of the input: 1 in the type of factors, which selects the loop, then the real and the complex result.
_KINDS = {
    char: (dtype(factor).type(1), dtype(real), dtype(result))
    for chars, factor, real, result in (
        ("e", "f", "e", "F"),
        ("fF", "f", "f", "F"),
        ("?bBhHiIlLqQdD", "d", "d", "D"),
        ("gG", "g", "g", "G"),
    )
    for char in chars
}


def _swap_direction(norm: Any) -> str:
    try:
        return _OPPOSITE[norm]
    except (KeyError, TypeError):
        raise ValueError(f'Invalid norm value {norm}; should be "backward","ortho" or "forward".') from None


def _factor(one: Any, n: int, norm: Any, forward: bool) -> Any:
    """What a transform of length `n` is multiplied by."""
    norm = _swap_direction(norm)
    if norm == "ortho":
        return one / type(one)(n) ** type(one)(0.5)
    return one if (norm == "forward") == forward else one / type(one)(n)


def _raw_fft(a: Any, n: Any, axis: Any, is_real: bool, is_forward: bool, norm: Any, out: Any) -> Any:
    """One transform along one axis of an array: of complex numbers or, `is_real`, between reals and half a spectrum."""
    if n is None:
        n = a.shape[axis] if is_forward or not is_real else (a.shape[axis] - 1) * 2
    n = operator.index(n)
    if n < 1:
        raise ValueError(f"Invalid number of FFT data points ({n}) specified.")
    kind = _KINDS.get(a.dtype.char)
    if kind is None:  # texts and times have no common type with numbers; objects have, but no loop
        result_type(a.dtype, 1.0)
        kind = _KINDS["d"]
    one, real, result = kind
    factor = one if norm is None and is_forward else _factor(one, n, norm, is_forward)
    length = n
    if not is_real:
        function = _umath.fft if is_forward else _umath.ifft
    elif is_forward:
        function = _umath.rfft_n_odd if n % 2 else _umath.rfft_n_even
        length = n // 2 + 1
    else:
        function, result = _umath.irfft, real
    ndim = a.ndim
    axis = ndim - 1 if axis == -1 and ndim else normalize_axis_index(axis, ndim)
    if out is None:
        if ndim == 1:  # as the general case, in less time
            out = empty(length, result)
        else:
            out = empty_like(a, result, shape=(*a.shape[:axis], length, *a.shape[axis + 1 :]))
    else:
        shape = getattr(out, "shape", None)
        if shape is not None and (len(shape) != ndim or shape[axis] != length):
            raise ValueError("output array has wrong shape.")
    if axis == ndim - 1:
        return function(a, factor, out=out)
    return function(a, factor, out=out, axes=[(axis,), (), (axis,)])


def _cook_nd_args(a: Any, s: Any = None, axes: Any = None, invreal: bool = False) -> tuple[list[Any], Any]:
    """Lengths and axes of an n-dimensional transform; a length of None is the default of its axis."""
    shapeless = s is None
    if shapeless:
        s = list(a.shape) if axes is None else take(a.shape, axes).tolist()
    else:
        s = list(s)
        if None in s:
            warnings.warn(
                "Passing an array containing `None` values to `s` is deprecated in NumPy 2.0 and will raise an error "
                "in a future version of NumPy. To use the default behaviour of the corresponding 1-D transform, pass "
                "the value matching the default for its `n` parameter. To use the default behaviour for every axis, "
                "the `s` argument can be omitted.",
                DeprecationWarning,
                stacklevel=3,
            )
    if axes is None:
        if not shapeless:
            warnings.warn(
                "`axes` should not be `None` if `s` is not `None` (Deprecated in NumPy 2.0). In a future version of "
                "NumPy, this will raise an error and `s[i]` will correspond to the size along the transformed axis "
                "specified by `axes[i]`. To retain current behaviour, pass a sequence [0, ..., k-1] to `axes` for an "
                "array of dimension k.",
                DeprecationWarning,
                stacklevel=3,
            )
        axes = list(range(-len(s), 0))
    if len(s) != len(axes):
        raise ValueError("Shape and axes have different lengths.")
    if invreal and shapeless:
        s[-1] = (a.shape[axes[-1]] - 1) * 2
    # -1 stands for all of the axis
    return [a.shape[axis] if n == -1 else n for n, axis in zip(s, axes, strict=True)], axes


def _each_axis(a: Any, s: Any, axes: Any, is_forward: bool, norm: Any, out: Any) -> Any:
    """Complex transforms along the axes, the last one first."""
    for n, axis in zip(reversed(s), reversed(axes), strict=True):
        a = _raw_fft(a, n, axis, False, is_forward, norm, out)
    return a


def _real_forward(a: Any, s: Any, axes: Any, norm: Any, out: Any) -> Any:
    a = _raw_fft(a, s[-1], axes[-1], True, True, norm, out)
    return _each_axis(a, s[:-1], axes[:-1], True, norm, out)


def _real_inverse(a: Any, s: Any, axes: Any, norm: Any, out: Any) -> Any:
    for n, axis in zip(s[:-1], axes[:-1], strict=True):
        a = _raw_fft(a, n, axis, False, False, norm, None)
    return _raw_fft(a, s[-1], axes[-1], True, False, norm, out)


def _fft_dispatcher(a: Any, n: Any = None, axis: Any = None, norm: Any = None, out: Any = None) -> tuple[Any, ...]:
    return (a, out)


def _fftn_dispatcher(a: Any, s: Any = None, axes: Any = None, norm: Any = None, out: Any = None) -> tuple[Any, ...]:
    return (a, out)


@array_function_dispatch(_fft_dispatcher, module="fft")
def fft(a, n=None, axis=-1, norm=None, out=None):
    """
    Discrete Fourier transform.

    Parameters
    ----------
    a : array_like
        Real or complex input.
    n : int, optional
        Length of the transform, to which the input is cut or continued with zeros; its own by default.
    axis : int, optional
        The last one by default.
    norm : {"backward", "ortho", "forward"}, optional
        Which direction is scaled: "backward" (default) leaves this one alone, "ortho" multiplies by 1/sqrt(n),
        "forward" by 1/n.
    out : complex ndarray, optional
        Array of the right shape for the result.

    Returns
    -------
    complex ndarray
        The spectrum: entry m is ``sum(a[k] * exp(-2j * pi * m * k / n))``;
        its precision is that of the input, at least single.

    Raises
    ------
    ValueError
        If the length is less than 1, `norm` unknown, or `out` of another shape.
    IndexError
        If there is no such axis.
    TypeError
        If there is no transform of the input's type.

    See Also
    --------
    ifft : The inverse.
    rfft : Half of the spectrum of real input.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.fft.fft([1, 2, 3, 4])
    array([10.+0.j, -2.+2.j, -2.+0.j, -2.-2.j])
    """
    return _raw_fft(asarray(a), n, axis, False, True, norm, out)


@array_function_dispatch(_fft_dispatcher, module="fft")
def ifft(a, n=None, axis=-1, norm=None, out=None):
    """
    Inverse of `fft`.

    Parameters
    ----------
    a : array_like
        Real or complex input.
    n : int, optional
        Length of the transform, to which the input is cut or continued with zeros; its own by default.
    axis : int, optional
        The last one by default.
    norm : {"backward", "ortho", "forward"}, optional
        Which direction is scaled: "backward" (default) multiplies this one by 1/n, "ortho" by 1/sqrt(n),
        "forward" leaves it alone.
    out : complex ndarray, optional
        Array of the right shape for the result.

    Returns
    -------
    complex ndarray
        Entry m is ``sum(a[k] * exp(2j * pi * m * k / n)) / n``; its precision is that of the input, at least single.

    Raises
    ------
    ValueError
        If the length is less than 1, `norm` unknown, or `out` of another shape.
    IndexError
        If there is no such axis.
    TypeError
        If there is no transform of the input's type.

    See Also
    --------
    fft : The forward transform.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.fft.ifft([0, 4, 0, 0])
    array([ 1.+0.j,  0.+1.j, -1.+0.j,  0.-1.j])
    """
    return _raw_fft(asarray(a), n, axis, False, False, norm, out)


@array_function_dispatch(_fft_dispatcher, module="fft")
def rfft(a, n=None, axis=-1, norm=None, out=None):
    """
    First half of the discrete Fourier transform of real input; the other half is its conjugate.

    Parameters
    ----------
    a : array_like
        Real input.
    n : int, optional
        Length of the transform, to which the input is cut or continued with zeros; its own by default.
    axis : int, optional
        The last one by default.
    norm : {"backward", "ortho", "forward"}, optional
        Which direction is scaled: "backward" (default) leaves this one alone, "ortho" multiplies by 1/sqrt(n),
        "forward" by 1/n.
    out : complex ndarray, optional
        Array of the right shape for the result.

    Returns
    -------
    complex ndarray
        ``n // 2 + 1`` numbers along `axis`; its precision is that of the input, at least single.

    Raises
    ------
    ValueError
        If the length is less than 1, `norm` unknown, or `out` of another shape.
    IndexError
        If there is no such axis.
    TypeError
        If there is no transform of the input's type.

    See Also
    --------
    irfft : The inverse.
    fft : The whole spectrum.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.fft.rfft([0, 1, 0, 0])
    array([ 1.+0.j,  0.-1.j, -1.+0.j])
    """
    return _raw_fft(asarray(a), n, axis, True, True, norm, out)


@array_function_dispatch(_fft_dispatcher, module="fft")
def irfft(a, n=None, axis=-1, norm=None, out=None):
    """
    Inverse of `rfft`: the real signal that has a given spectrum.

    Parameters
    ----------
    a : array_like
        The first half of a spectrum. Imaginary parts that the spectrum of a real signal lacks are ignored.
    n : int, optional
        Length of the signal: ``n // 2 + 1`` numbers are used, cut or continued with zeros. By default
        ``2 * (m - 1)`` for m numbers; an odd length has to be given.
    axis : int, optional
        The last one by default.
    norm : {"backward", "ortho", "forward"}, optional
        Which direction is scaled: "backward" (default) multiplies this one by 1/n, "ortho" by 1/sqrt(n),
        "forward" leaves it alone.
    out : float ndarray, optional
        Array of the right shape for the result.

    Returns
    -------
    float ndarray
        `n` numbers along `axis`; its precision is that of the input.

    Raises
    ------
    ValueError
        If the length is less than 1, `norm` unknown, or `out` of another shape.
    IndexError
        If there is no such axis.
    TypeError
        If there is no transform of the input's type.

    See Also
    --------
    rfft : The forward transform.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.fft.irfft([1, -1j, -1])
    array([0., 1., 0., 0.])
    """
    return _raw_fft(asarray(a), n, axis, True, False, norm, out)


@array_function_dispatch(_fft_dispatcher, module="fft")
def hfft(a, n=None, axis=-1, norm=None, out=None):
    """
    Discrete Fourier transform of a signal with Hermitian symmetry, which is real.

    Parameters
    ----------
    a : array_like
        The first half of the signal.
    n : int, optional
        Length of the result: ``n // 2 + 1`` numbers are used, cut or continued with zeros. By default
        ``2 * (m - 1)`` for m numbers; an odd length has to be given.
    axis : int, optional
        The last one by default.
    norm : {"backward", "ortho", "forward"}, optional
        Which direction is scaled: "backward" (default) leaves this one alone, "ortho" multiplies by 1/sqrt(n),
        "forward" by 1/n.
    out : float ndarray, optional
        Array of the right shape for the result.

    Returns
    -------
    float ndarray
        `n` numbers along `axis`; its precision is that of the input.

    Raises
    ------
    ValueError
        If the length is less than 1, `norm` unknown, or `out` of another shape.
    IndexError
        If there is no such axis.
    TypeError
        If there is no transform of the input's type.

    See Also
    --------
    ihfft : The inverse.
    irfft : The same but for direction and scaling.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.fft.hfft([1, 2, 3])
    array([ 8., -2.,  0., -2.])
    """
    a = asarray(a)
    norm = _swap_direction(norm)
    return _raw_fft(conjugate(a), n, axis, True, False, norm, out)


@array_function_dispatch(_fft_dispatcher, module="fft")
def ihfft(a, n=None, axis=-1, norm=None, out=None):
    """
    Inverse of `hfft`: the first half of a Hermitian signal whose transform is given.

    Parameters
    ----------
    a : array_like
        Real input.
    n : int, optional
        Length of the transform, to which the input is cut or continued with zeros; its own by default.
    axis : int, optional
        The last one by default.
    norm : {"backward", "ortho", "forward"}, optional
        Which direction is scaled: "backward" (default) multiplies this one by 1/n, "ortho" by 1/sqrt(n),
        "forward" leaves it alone.
    out : complex ndarray, optional
        Array of the right shape for the result.

    Returns
    -------
    complex ndarray
        ``n // 2 + 1`` numbers along `axis`; its precision is that of the input, at least single.

    Raises
    ------
    ValueError
        If the length is less than 1, `norm` unknown, or `out` of another shape.
    IndexError
        If there is no such axis.
    TypeError
        If there is no transform of the input's type.

    See Also
    --------
    hfft : The forward transform.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.fft.ihfft([8, -2, 0, -2])
    array([1.-0.j, 2.-0.j, 3.-0.j])
    """
    norm = _swap_direction(norm)
    out = _raw_fft(asarray(a), n, axis, True, True, norm, out)
    return conjugate(out, out=out)


@array_function_dispatch(_fftn_dispatcher, module="fft")
def fftn(a, s=None, axes=None, norm=None, out=None):
    """
    Discrete Fourier transform over several axes.

    Parameters
    ----------
    a : array_like
        Real or complex input.
    s : sequence of int, optional
        Lengths along `axes`, to which the input is cut or continued with zeros; its own by default, and for -1.
    axes : sequence of int, optional
        The last ``len(s)`` axes by default, all without `s`.
    norm : {"backward", "ortho", "forward"}, optional
        Which direction is scaled: "backward" (default) leaves this one alone, "ortho" multiplies by 1/sqrt(N),
        "forward" by 1/N, for N points in all.
    out : complex ndarray, optional
        Array of the right shape for the result.

    Returns
    -------
    complex ndarray
        The spectrum; its precision is that of the input, at least single.

    Raises
    ------
    ValueError
        If a length is less than 1, `s` and `axes` differ in length, `norm` is unknown, or `out` of another shape.
    IndexError
        If there is no such axis.
    TypeError
        If there is no transform of the input's type.

    See Also
    --------
    ifftn : The inverse.
    fft : Along one axis.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.fft.fftn([[1, 2], [3, 4]])
    array([[10.+0.j, -2.+0.j],
           [-4.+0.j,  0.+0.j]])
    """
    a = asarray(a)
    s, axes = _cook_nd_args(a, s, axes)
    return _each_axis(a, s, axes, True, norm, out)


@array_function_dispatch(_fftn_dispatcher, module="fft")
def ifftn(a, s=None, axes=None, norm=None, out=None):
    """
    Inverse of `fftn`.

    Parameters
    ----------
    a : array_like
        Real or complex input.
    s : sequence of int, optional
        Lengths along `axes`, to which the input is cut or continued with zeros; its own by default, and for -1.
    axes : sequence of int, optional
        The last ``len(s)`` axes by default, all without `s`.
    norm : {"backward", "ortho", "forward"}, optional
        Which direction is scaled: "backward" (default) multiplies this one by 1/N for N points, "ortho" by 1/sqrt(N),
        "forward" leaves it alone.
    out : complex ndarray, optional
        Array of the right shape for the result.

    Returns
    -------
    complex ndarray
        The transform; its precision is that of the input, at least single.

    Raises
    ------
    ValueError
        If a length is less than 1, `s` and `axes` differ in length, `norm` is unknown, or `out` of another shape.
    IndexError
        If there is no such axis.
    TypeError
        If there is no transform of the input's type.

    See Also
    --------
    fftn : The forward transform.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.fft.ifftn([[10, -2], [-4, 0]])
    array([[1.+0.j, 2.+0.j],
           [3.+0.j, 4.+0.j]])
    """
    a = asarray(a)
    s, axes = _cook_nd_args(a, s, axes)
    return _each_axis(a, s, axes, False, norm, out)


@array_function_dispatch(_fftn_dispatcher, module="fft")
def rfftn(a, s=None, axes=None, norm=None, out=None):
    """
    Half of the discrete Fourier transform of real input over several axes.

    Parameters
    ----------
    a : array_like
        Real input.
    s : sequence of int, optional
        Lengths along `axes`, to which the input is cut or continued with zeros; its own by default, and for -1.
    axes : sequence of int, optional
        The last ``len(s)`` axes by default, all without `s`.
    norm : {"backward", "ortho", "forward"}, optional
        Which direction is scaled: "backward" (default) leaves this one alone, "ortho" multiplies by 1/sqrt(N),
        "forward" by 1/N, for N points in all.
    out : complex ndarray, optional
        Array of the right shape for the result.

    Returns
    -------
    complex ndarray
        ``n // 2 + 1`` numbers along the last of `axes`; its precision is that of the input, at least single.

    Raises
    ------
    ValueError
        If a length is less than 1, `s` and `axes` differ in length, `norm` is unknown, or `out` of another shape.
    IndexError
        If there is no such axis.
    TypeError
        If there is no transform of the input's type.

    See Also
    --------
    irfftn : The inverse.
    rfft : Along one axis.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.fft.rfftn([[1, 2], [3, 4]])
    array([[10.+0.j, -2.+0.j],
           [-4.+0.j,  0.+0.j]])
    """
    a = asarray(a)
    s, axes = _cook_nd_args(a, s, axes)
    return _real_forward(a, s, axes, norm, out)


@array_function_dispatch(_fftn_dispatcher, module="fft")
def irfftn(a, s=None, axes=None, norm=None, out=None):
    """
    Inverse of `rfftn`: the real array that has a given spectrum.

    Parameters
    ----------
    a : array_like
        Half of a spectrum.
    s : sequence of int, optional
        Lengths of the result along `axes`, the last one as in `irfft`. By default those of the input, and
        ``2 * (m - 1)`` for m numbers along the last.
    axes : sequence of int, optional
        The last ``len(s)`` axes by default, all without `s`.
    norm : {"backward", "ortho", "forward"}, optional
        Which direction is scaled: "backward" (default) multiplies this one by 1/N for N points, "ortho" by 1/sqrt(N),
        "forward" leaves it alone.
    out : float ndarray, optional
        Array of the right shape for the result.

    Returns
    -------
    float ndarray
        The array; its precision is that of the input.

    Raises
    ------
    ValueError
        If a length is less than 1, `s` and `axes` differ in length, `norm` is unknown, or `out` of another shape.
    IndexError
        If there is no such axis.
    TypeError
        If there is no transform of the input's type.

    See Also
    --------
    rfftn : The forward transform.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.fft.irfftn([[10, -2], [-4, 0]])
    array([[1., 2.],
           [3., 4.]])
    """
    a = asarray(a)
    s, axes = _cook_nd_args(a, s, axes, invreal=True)
    return _real_inverse(a, s, axes, norm, out)


@array_function_dispatch(_fftn_dispatcher, module="fft")
def fft2(a, s=None, axes=(-2, -1), norm=None, out=None):
    """
    Discrete Fourier transform over two axes.

    Parameters
    ----------
    a : array_like
        Real or complex input.
    s : sequence of int, optional
        Lengths along `axes`, to which the input is cut or continued with zeros; its own by default, and for -1.
    axes : sequence of int, optional
        The last two by default.
    norm : {"backward", "ortho", "forward"}, optional
        Which direction is scaled: "backward" (default) leaves this one alone, "ortho" multiplies by 1/sqrt(N),
        "forward" by 1/N, for N points in all.
    out : complex ndarray, optional
        Array of the right shape for the result.

    Returns
    -------
    complex ndarray
        The spectrum; its precision is that of the input, at least single.

    Raises
    ------
    ValueError
        If a length is less than 1, `s` and `axes` differ in length, `norm` is unknown, or `out` of another shape.
    IndexError
        If there is no such axis.
    TypeError
        If there is no transform of the input's type.

    See Also
    --------
    ifft2 : The inverse.
    fft : Along one axis.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.fft.fft2([[1, 2], [3, 4]])
    array([[10.+0.j, -2.+0.j],
           [-4.+0.j,  0.+0.j]])
    """
    a = asarray(a)
    s, axes = _cook_nd_args(a, s, axes)
    return _each_axis(a, s, axes, True, norm, out)


@array_function_dispatch(_fftn_dispatcher, module="fft")
def ifft2(a, s=None, axes=(-2, -1), norm=None, out=None):
    """
    Inverse of `fft2`.

    Parameters
    ----------
    a : array_like
        Real or complex input.
    s : sequence of int, optional
        Lengths along `axes`, to which the input is cut or continued with zeros; its own by default, and for -1.
    axes : sequence of int, optional
        The last two by default.
    norm : {"backward", "ortho", "forward"}, optional
        Which direction is scaled: "backward" (default) multiplies this one by 1/N for N points, "ortho" by 1/sqrt(N),
        "forward" leaves it alone.
    out : complex ndarray, optional
        Array of the right shape for the result.

    Returns
    -------
    complex ndarray
        The transform; its precision is that of the input, at least single.

    Raises
    ------
    ValueError
        If a length is less than 1, `s` and `axes` differ in length, `norm` is unknown, or `out` of another shape.
    IndexError
        If there is no such axis.
    TypeError
        If there is no transform of the input's type.

    See Also
    --------
    fft2 : The forward transform.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.fft.ifft2([[10, -2], [-4, 0]])
    array([[1.+0.j, 2.+0.j],
           [3.+0.j, 4.+0.j]])
    """
    a = asarray(a)
    s, axes = _cook_nd_args(a, s, axes)
    return _each_axis(a, s, axes, False, norm, out)


@array_function_dispatch(_fftn_dispatcher, module="fft")
def rfft2(a, s=None, axes=(-2, -1), norm=None, out=None):
    """
    Half of the discrete Fourier transform of real input over two axes.

    Parameters
    ----------
    a : array_like
        Real input.
    s : sequence of int, optional
        Lengths along `axes`, to which the input is cut or continued with zeros; its own by default, and for -1.
    axes : sequence of int, optional
        The last two by default.
    norm : {"backward", "ortho", "forward"}, optional
        Which direction is scaled: "backward" (default) leaves this one alone, "ortho" multiplies by 1/sqrt(N),
        "forward" by 1/N, for N points in all.
    out : complex ndarray, optional
        Array of the right shape for the result.

    Returns
    -------
    complex ndarray
        ``n // 2 + 1`` numbers along the last of `axes`; its precision is that of the input, at least single.

    Raises
    ------
    ValueError
        If a length is less than 1, `s` and `axes` differ in length, `norm` is unknown, or `out` of another shape.
    IndexError
        If there is no such axis.
    TypeError
        If there is no transform of the input's type.

    See Also
    --------
    irfft2 : The inverse.
    rfft : Along one axis.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.fft.rfft2([[1, 2], [3, 4]])
    array([[10.+0.j, -2.+0.j],
           [-4.+0.j,  0.+0.j]])
    """
    a = asarray(a)
    s, axes = _cook_nd_args(a, s, axes)
    return _real_forward(a, s, axes, norm, out)


@array_function_dispatch(_fftn_dispatcher, module="fft")
def irfft2(a, s=None, axes=(-2, -1), norm=None, out=None):
    """
    Inverse of `rfft2`: the real array that has a given spectrum.

    Parameters
    ----------
    a : array_like
        Half of a spectrum.
    s : sequence of int, optional
        Lengths of the result along `axes`, the last one as in `irfft`. By default those of the input, and
        ``2 * (m - 1)`` for m numbers along the last.
    axes : sequence of int, optional
        The last two by default.
    norm : {"backward", "ortho", "forward"}, optional
        Which direction is scaled: "backward" (default) multiplies this one by 1/N for N points, "ortho" by 1/sqrt(N),
        "forward" leaves it alone.
    out : float ndarray, optional
        Array of the right shape for the result.

    Returns
    -------
    float ndarray
        The array; its precision is that of the input.

    Raises
    ------
    ValueError
        If a length is less than 1, `s` and `axes` differ in length, `norm` is unknown, or `out` of another shape.
    IndexError
        If there is no such axis.
    TypeError
        If there is no transform of the input's type.

    See Also
    --------
    rfft2 : The forward transform.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.fft.irfft2([[10, -2], [-4, 0]])
    array([[1., 2.],
           [3., 4.]])
    """
    a = asarray(a)
    s, axes = _cook_nd_args(a, s, axes, invreal=True)
    return _real_inverse(a, s, axes, norm, out)
