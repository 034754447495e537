"""Functions that give complex results where real ones do not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import _core as _nx
from .._core._multiarray_umath import asarray
from .._core.overrides import array_function_dispatch

__all__ = ["arccos", "arcsin", "arctanh", "log", "log2", "log10", "logn", "power", "sqrt"]


def _tocomplex(arr: Any) -> Any:
    """Numbers as complex ones of the precision that holds them: single for half and integers of up to 16 bits, too."""
    code = arr.dtype.char
    return arr.astype("F" if code in "efbhBHF" else "G" if code in "gG" else "D")


def _fixed(x: Any, leaves: Callable[[Any], Any]) -> Any:
    """The numbers, as complex ones if a real one leaves the domain."""
    x = asarray(x)
    return _tocomplex(x) if x.dtype.kind != "c" and _nx.any(leaves(x)) else x


def _negative(x: Any) -> Any:
    return x < 0


def _beyond_one(x: Any) -> Any:
    return abs(x) > 1


@array_function_dispatch(lambda x: (x,))
def sqrt(x: Any) -> Any:
    """
    Square roots, complex for negative numbers.

    Parameters
    ----------
    x : array_like
        The numbers.

    Returns
    -------
    ndarray or scalar

    Examples
    --------
    >>> import wasmnp as np
    >>> np.emath.sqrt([-1, 4])
    array([0.+1.j, 2.+0.j])
    """
    return _nx.sqrt(_fixed(x, _negative))


@array_function_dispatch(lambda x: (x,))
def log(x: Any) -> Any:
    """
    Natural logarithms, complex for negative numbers.

    Parameters
    ----------
    x : array_like
        The numbers.

    Returns
    -------
    ndarray or scalar

    Examples
    --------
    >>> import wasmnp as np
    >>> np.emath.log(-np.e).round(3)
    np.complex128(1+3.142j)
    """
    return _nx.log(_fixed(x, _negative))


@array_function_dispatch(lambda x: (x,))
def log10(x: Any) -> Any:
    """
    Logarithms to base 10, complex for negative numbers.

    Parameters
    ----------
    x : array_like
        The numbers.

    Returns
    -------
    ndarray or scalar

    Examples
    --------
    >>> import wasmnp as np
    >>> np.emath.log10([10, 100])
    array([1., 2.])
    """
    return _nx.log10(_fixed(x, _negative))


@array_function_dispatch(lambda n, x: (n, x))
def logn(n: Any, x: Any) -> Any:
    """
    Logarithms to a given base, complex for negative numbers.

    Parameters
    ----------
    n : array_like
        The base.
    x : array_like
        The numbers.

    Returns
    -------
    ndarray or scalar

    Examples
    --------
    >>> import wasmnp as np
    >>> np.emath.logn(2, [4, 8])
    array([2., 3.])
    """
    return _nx.log(_fixed(x, _negative)) / _nx.log(_fixed(n, _negative))


@array_function_dispatch(lambda x: (x,))
def log2(x: Any) -> Any:
    """
    Logarithms to base 2, complex for negative numbers.

    Parameters
    ----------
    x : array_like
        The numbers.

    Returns
    -------
    ndarray or scalar

    Examples
    --------
    >>> import wasmnp as np
    >>> np.emath.log2([4, 8])
    array([2., 3.])
    """
    return _nx.log2(_fixed(x, _negative))


@array_function_dispatch(lambda x, p: (x, p))
def power(x: Any, p: Any) -> Any:
    """
    Powers, complex for negative bases; integers become floats for negative exponents.

    Parameters
    ----------
    x : array_like
        The bases.
    p : array_like
        The exponents.

    Returns
    -------
    ndarray or scalar

    Examples
    --------
    >>> import wasmnp as np
    >>> np.emath.power([2, 4], -2)
    array([0.25  , 0.0625])
    """
    x, p = _fixed(x, _negative), asarray(p)
    if p.dtype.kind in "iu" and _nx.any(p < 0):
        p = p * 1.0
    return _nx.power(x, p)


@array_function_dispatch(lambda x: (x,))
def arccos(x: Any) -> Any:
    """
    Inverse cosines, complex for numbers beyond one.

    Parameters
    ----------
    x : array_like
        The numbers.

    Returns
    -------
    ndarray or scalar

    Examples
    --------
    >>> import wasmnp as np
    >>> np.emath.arccos(1)
    np.float64(0.0)
    """
    return _nx.arccos(_fixed(x, _beyond_one))


@array_function_dispatch(lambda x: (x,))
def arcsin(x: Any) -> Any:
    """
    Inverse sines, complex for numbers beyond one.

    Parameters
    ----------
    x : array_like
        The numbers.

    Returns
    -------
    ndarray or scalar

    Examples
    --------
    >>> import wasmnp as np
    >>> np.emath.arcsin(0)
    np.float64(0.0)
    """
    return _nx.arcsin(_fixed(x, _beyond_one))


@array_function_dispatch(lambda x: (x,))
def arctanh(x: Any) -> Any:
    """
    Inverse hyperbolic tangents, complex for numbers beyond one.

    Parameters
    ----------
    x : array_like
        The numbers.

    Returns
    -------
    ndarray or scalar

    Examples
    --------
    >>> import wasmnp as np
    >>> np.emath.arctanh(0)
    np.float64(0.0)
    """
    return _nx.arctanh(_fixed(x, _beyond_one))
