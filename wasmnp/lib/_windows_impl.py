"""Window functions, and the special functions that they are made of."""

from __future__ import annotations

from typing import Any

from .. import _core as _nx
from .._core._multiarray_umath import arange, array, asanyarray, ndarray
from .._core.overrides import array_function_dispatch
from .._utils import set_module

__all__ = ["bartlett", "blackman", "hamming", "hanning", "i0", "kaiser", "sinc"]


def _points(M: Any) -> Any:
    """The number of points as a scalar of at least double precision, which the window then has."""
    return array([0.0, M])[1]


@set_module()
def bartlett(M: Any) -> ndarray:
    """
    Return the Bartlett window: a triangle, zero at both ends.

    Parameters
    ----------
    M : int
        Number of points; an empty window for less than 1.

    Returns
    -------
    ndarray, shape (M,)

    Examples
    --------
    >>> import wasmnp as np
    >>> np.bartlett(5)
    array([0. , 0.5, 1. , 0.5, 0. ])
    """
    M = _points(M)
    if M < 1:
        return array([], dtype=M.dtype)
    if M == 1:
        return _nx.ones(1, dtype=M.dtype)
    return 1 - abs(arange(1 - M, M, 2)) / (M - 1)


@set_module()
def blackman(M: Any) -> ndarray:
    """
    Return the Blackman window: the first three terms of a sum of cosines.

    Parameters
    ----------
    M : int
        Number of points; an empty window for less than 1.

    Returns
    -------
    ndarray, shape (M,)

    Examples
    --------
    >>> import wasmnp as np
    >>> np.blackman(5).round(2)
    array([-0.  ,  0.34,  1.  ,  0.34, -0.  ])
    """
    M = _points(M)
    if M < 1:
        return array([], dtype=M.dtype)
    if M == 1:
        return _nx.ones(1, dtype=M.dtype)
    n = arange(1 - M, M, 2)
    return 0.42 + 0.5 * _nx.cos(_nx.pi * n / (M - 1)) + 0.08 * _nx.cos(2.0 * _nx.pi * n / (M - 1))


@set_module()
def hanning(M: Any) -> ndarray:
    """
    Return the Hann window: one period of a raised cosine, zero at both ends.

    Parameters
    ----------
    M : int
        Number of points; an empty window for less than 1.

    Returns
    -------
    ndarray
        The window, shape (M,), with maximum 1 (which is reached when M is odd). It is symmetric to the bit.

    Notes
    -----
    w(k) = 1/2 - 1/2 cos(2 pi k / (M - 1)), with the cosine taken as the sine of a quarter turn less or more.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.hanning(5)
    array([0. , 0.5, 1. , 0.5, 0. ])
    """
    M = _points(M)
    if M < 1:
        return array([], dtype=M.dtype)
    if M == 1:
        return _nx.ones(1, dtype=M.dtype)
    # Twice the distance from the middle, counted in samples, so that both halves get the same arguments.
    distance = abs(arange(1 - M, M, 2))
    return 0.5 + 0.5 * _nx.sin((M - 1 - 2 * distance) * (_nx.pi / 2 / (M - 1)))


@set_module()
def hamming(M: Any) -> ndarray:
    """
    Return the Hamming window: a raised cosine whose nearest side lobe is smallest; 0.08 at both ends.

    Parameters
    ----------
    M : int
        Number of points; an empty window for less than 1.

    Returns
    -------
    ndarray, shape (M,)

    Examples
    --------
    >>> import wasmnp as np
    >>> np.hamming(5)
    array([0.08, 0.54, 1.  , 0.54, 0.08])
    """
    M = _points(M)
    if M < 1:
        return array([], dtype=M.dtype)
    if M == 1:
        return _nx.ones(1, dtype=M.dtype)
    return 0.54 + 0.46 * _nx.cos(_nx.pi * arange(1 - M, M, 2) / (M - 1))


@set_module()
def kaiser(M: Any, beta: Any) -> ndarray:
    """
    Return the Kaiser window: a Bessel function of a semicircle.

    Parameters
    ----------
    M : int
        Number of points; an empty window for less than 1.
    beta : float
        How narrow it is: 0 gives a rectangle, 5 nearly a Hamming, 6 a Hann, 8.6 a Blackman window.

    Returns
    -------
    ndarray, shape (M,)

    Examples
    --------
    >>> import wasmnp as np
    >>> np.kaiser(3, 1).round(8)
    array([0.78984831, 1.        , 0.78984831])
    """
    M, beta = array([0.0, M, beta])[1:]
    if M == 1:
        return _nx.ones(1, dtype=M.dtype)
    alpha = (M - 1) / 2.0
    return i0(beta * _nx.sqrt(1 - ((arange(0, M) - alpha) / alpha) ** 2.0)) / i0(beta)


# tools/bessel_i0.py prints these.
_NEAR = (
    -4.4153416464793395e-18,
    3.3307945188222384e-17,
    -2.431279846547955e-16,
    1.715391285555133e-15,
    -1.1685332877993451e-14,
    7.676185498604936e-14,
    -4.856446783111929e-13,
    2.95505266312964e-12,
    -1.726826291441556e-11,
    9.675809035373237e-11,
    -5.189795601635263e-10,
    2.6598237246823866e-09,
    -1.300025009986248e-08,
    6.046995022541919e-08,
    -2.670793853940612e-07,
    1.1173875391201037e-06,
    -4.4167383584587505e-06,
    1.6448448070728896e-05,
    -5.754195010082104e-05,
    0.00018850288509584165,
    -0.0005763755745385824,
    0.0016394756169413357,
    -0.004324309995050576,
    0.010546460394594998,
    -0.02373741480589947,
    0.04930528423967071,
    -0.09490109704804764,
    0.17162090152220877,
    -0.3046826723431984,
    0.6767952744094761,
)
_FAR = (
    -7.233180487874754e-18,
    -4.830504485944182e-18,
    4.46562142029676e-17,
    3.461222867697461e-17,
    -2.8276239805165836e-16,
    -3.425485619677219e-16,
    1.7725601330565263e-15,
    3.8116806693526224e-15,
    -9.554846698828307e-15,
    -4.150569347287222e-14,
    1.54008621752141e-14,
    3.8527783827421426e-13,
    7.180124451383666e-13,
    -1.7941785315068062e-12,
    -1.3215811840447713e-11,
    -3.1499165279632416e-11,
    1.1889147107846439e-11,
    4.94060238822497e-10,
    3.3962320257083865e-09,
    2.266668990498178e-08,
    2.0489185894690638e-07,
    2.8913705208347567e-06,
    6.889758346916825e-05,
    0.0033691164782556943,
    0.8044904110141088,
)


def _series(t: Any, coefficients: tuple[float, ...]) -> Any:
    """The sum of a Chebyshev series at `t` / 2, by Clenshaw's recurrence."""
    last = before = 0.0 * t
    newest = before
    for one in coefficients:
        last, before = before, newest
        newest = t * before - last + one
    return 0.5 * (newest - last)


@array_function_dispatch(lambda x: (x,))
def i0(x: Any) -> Any:
    """
    Modified Bessel function of the first kind and order 0.

    Parameters
    ----------
    x : array_like of real numbers
        Where.

    Returns
    -------
    ndarray
        Within 1e-15 of the function, relative to it, up to 30.

    Raises
    ------
    TypeError
        For complex numbers.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.i0(0.0)
    array(1.)
    """
    x = asanyarray(x)
    if x.dtype.kind == "c":
        raise TypeError("i0 not supported for complex values")
    if x.dtype.kind != "f":
        x = x.astype(float)
    x = abs(x)
    near = _nx.less_equal(x, 8.0)
    # Each series gets arguments that it is made for; exp(x) belongs to both.
    inner, outer = _nx.where(near, x, 0.0), _nx.where(near, 8.0, x)
    values = _nx.where(
        near,
        _series(inner / 2.0 - 2.0, _NEAR),
        _series(32.0 / outer - 2.0, _FAR) / _nx.sqrt(outer),
    )
    return asanyarray((_nx.exp(x) * values).astype(x.dtype, copy=False))


@array_function_dispatch(lambda x: (x,))
def sinc(x: Any) -> Any:
    """
    ``sin(pi x) / (pi x)``, 1 at zero.

    Parameters
    ----------
    x : array_like
        Where.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> np.sinc([0.0, 0.5])
    array([1.        , 0.63661977])
    """
    x = _nx.multiply(_nx.pi, asanyarray(x))
    # At zero a number so small that its sine is itself.
    small = _nx.finfo(x.dtype).eps if x.dtype.kind in "fc" else 1e-20
    y = _nx.where(x, x, small)
    return _nx.sin(y) / y
