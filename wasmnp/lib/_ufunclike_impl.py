"""Functions of elements that are made of ufuncs."""

from __future__ import annotations

from typing import Any

from .. import _core as _nx
from .._core.overrides import array_function_dispatch

__all__ = ["fix", "isneginf", "isposinf"]


@array_function_dispatch(lambda x, out=None: (x, out))
def fix(x: Any, out: Any = None) -> Any:
    """
    Numbers rounded towards zero.

    Parameters
    ----------
    x : array_like
        The numbers.
    out : ndarray, optional
        Where to put the result.

    Returns
    -------
    ndarray or scalar

    Examples
    --------
    >>> import wasmnp as np
    >>> np.fix([2.1, -2.9])
    array([ 2., -2.])
    """
    return _nx.trunc(x, out=out)


def _infinite(x: Any, out: Any, negative: bool) -> Any:
    infinite = _nx.isinf(x)
    try:
        signs = _nx.signbit(x)
    except TypeError as error:
        dtype = _nx.asanyarray(x).dtype
        raise TypeError(f"This operation is not supported for {dtype} values because it would be ambiguous.") from error
    return _nx.logical_and(infinite, signs if negative else _nx.logical_not(signs), out)


@array_function_dispatch(lambda x, out=None: (x, out))
def isposinf(x: Any, out: Any = None) -> Any:
    """
    Where numbers are positive infinity.

    Parameters
    ----------
    x : array_like of real numbers
        The numbers.
    out : ndarray, optional
        Where to put the result.

    Returns
    -------
    ndarray of bool, or bool

    Raises
    ------
    TypeError
        For complex numbers.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.isposinf([np.inf, -np.inf, 1.0])
    array([ True, False, False])
    """
    return _infinite(x, out, negative=False)


@array_function_dispatch(lambda x, out=None: (x, out))
def isneginf(x: Any, out: Any = None) -> Any:
    """
    Where numbers are negative infinity.

    Parameters
    ----------
    x : array_like of real numbers
        The numbers.
    out : ndarray, optional
        Where to put the result.

    Returns
    -------
    ndarray of bool, or bool

    Raises
    ------
    TypeError
        For complex numbers.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.isneginf([np.inf, -np.inf, 1.0])
    array([False,  True, False])
    """
    return _infinite(x, out, negative=True)
