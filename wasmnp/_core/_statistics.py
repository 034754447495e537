"""Functions over whole arrays that do what their methods do: views of axes, spread, limits, rounding."""

from __future__ import annotations

from typing import Any

from .._globals import _NoValue
from ._multiarray_umath import asanyarray, ndarray
from ._selection import _method
from .overrides import array_function_dispatch

__all__ = ["around", "clip", "diagonal", "ptp", "round", "std", "swapaxes", "trace", "var"]


def _given(**options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not _NoValue}


@array_function_dispatch(lambda a, axis1, axis2: (a,))
def swapaxes(a: Any, axis1: int, axis2: int) -> Any:
    """
    Interchange two axes.

    Parameters
    ----------
    a : array_like
    axis1, axis2 : int

    Returns
    -------
    ndarray
        A view.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.swapaxes([[1, 2, 3]], 0, 1).shape
    (3, 1)
    """
    return _method(a, "swapaxes")(axis1, axis2)


@array_function_dispatch(lambda a, offset=None, axis1=None, axis2=None: (a,))
def diagonal(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """
    Diagonals over two axes, as a read-only view with the diagonal last.

    Parameters
    ----------
    a : array_like
    offset : int
        Of the diagonal from the main one; positive ones lie above it.
    axis1, axis2 : int
        The axes of the rows and of the columns.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If `a` has fewer than two axes.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.diagonal([[0, 1], [2, 3]])
    array([0, 3])
    """
    return asanyarray(a).diagonal(offset=offset, axis1=axis1, axis2=axis2)


@array_function_dispatch(lambda a, offset=None, axis1=None, axis2=None, dtype=None, out=None: (a, out))
def trace(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None, out: Any = None) -> Any:
    """
    Sums along the diagonals over two axes.

    Parameters
    ----------
    a : array_like
    offset, axis1, axis2
        As for `diagonal`.
    dtype : dtype, optional
        The type to sum in.
    out : ndarray, optional
        Where to put the result.

    Returns
    -------
    ndarray or scalar

    Examples
    --------
    >>> import wasmnp as np
    >>> np.trace([[1, 2], [3, 4]])
    np.int64(5)
    """
    return asanyarray(a).trace(offset=offset, axis1=axis1, axis2=axis2, dtype=dtype, out=out)


def _spread_dispatcher(
    a, axis=None, dtype=None, out=None, ddof=None, keepdims=None, *, where=None, mean=None, correction=None
):
    return a, where, out, mean


def _taken_off(ddof: Any, correction: Any) -> Any:
    """What the number of elements is made smaller by: `ddof`, or the array API's name of it."""
    if correction is _NoValue:
        return ddof
    if ddof != 0:
        raise ValueError("ddof and correction can't be provided simultaneously.")
    return correction


def _spread(name: str, a: Any, axis: Any, dtype: Any, out: Any, ddof: Any, correction: Any, options: Any) -> Any:
    ddof = _taken_off(ddof, correction)
    if type(a) is not ndarray:
        own = getattr(a, name, None)
        if own is not None:
            return own(axis=axis, dtype=dtype, out=out, ddof=ddof, **options)
    from . import _methods  # few programs need it

    return getattr(_methods, f"_{name}")(a, axis=axis, dtype=dtype, out=out, ddof=ddof, **options)


@array_function_dispatch(_spread_dispatcher)
def var(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    ddof: Any = 0,
    keepdims: Any = _NoValue,
    *,
    where: Any = _NoValue,
    mean: Any = _NoValue,
    correction: Any = _NoValue,
) -> Any:
    """
    Variance along given axes: the mean of the squared distances from the mean.

    Parameters
    ----------
    a : array_like
        Elements whose variance is wanted.
    axis : None, int or tuple of ints
        The axes to go along; all by default.
    dtype : dtype, optional
        The type to compute in. Integers and bools count as float64 by default.
    out : ndarray, optional
        Where to put the result.
    ddof : int or float
        Taken off the number of elements that the sum is divided by.
    keepdims : bool, optional
        Keep the axes with length 1.
    where : array_like of bool, optional
        The elements to include.
    mean : array_like, optional
        The mean, where it is known, with its axes kept.
    correction : int or float, optional
        The array API's name of `ddof`.

    Returns
    -------
    ndarray or scalar
        Of a real type.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.var([[1, 2], [3, 4]], axis=0)
    array([1., 1.])
    """
    return _spread("var", a, axis, dtype, out, ddof, correction, _given(keepdims=keepdims, where=where, mean=mean))


@array_function_dispatch(_spread_dispatcher)
def std(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    ddof: Any = 0,
    keepdims: Any = _NoValue,
    *,
    where: Any = _NoValue,
    mean: Any = _NoValue,
    correction: Any = _NoValue,
) -> Any:
    """
    Standard deviation along given axes: the square root of the variance.

    Parameters
    ----------
    a, axis, dtype, out, ddof, keepdims, where, mean, correction
        As for `var`.

    Returns
    -------
    ndarray or scalar

    Examples
    --------
    >>> import wasmnp as np
    >>> np.std([1.0, 3.0])
    np.float64(1.0)
    """
    return _spread("std", a, axis, dtype, out, ddof, correction, _given(keepdims=keepdims, where=where, mean=mean))


@array_function_dispatch(lambda a, axis=None, out=None, keepdims=None: (a, out))
def ptp(a: Any, axis: Any = None, out: Any = None, keepdims: Any = _NoValue) -> Any:
    """
    Range of the elements along given axes: largest less smallest.

    Parameters
    ----------
    a : array_like
    axis : None, int or tuple of ints
        All by default.
    out : ndarray, optional
        Where to put the result.
    keepdims : bool, optional
        Keep the axes with length 1.

    Returns
    -------
    ndarray or scalar

    Examples
    --------
    >>> import wasmnp as np
    >>> np.ptp([[1, 5], [2, 9]], axis=1)
    array([4, 7])
    """
    options = _given(keepdims=keepdims)
    if type(a) is not ndarray:
        own = getattr(a, "ptp", None)
        if own is not None:
            return own(axis=axis, out=out, **options)
    from . import _methods

    return _methods._ptp(asanyarray(a), axis=axis, out=out, **options)


@array_function_dispatch(
    lambda a, a_min=None, a_max=None, out=None, *, min=None, max=None, **kwargs: (a, a_min, a_max, out, min, max)
)
def clip(
    a: Any,
    a_min: Any = _NoValue,
    a_max: Any = _NoValue,
    out: Any = None,
    *,
    min: Any = _NoValue,
    max: Any = _NoValue,
    **kwargs: Any,
) -> Any:
    """
    Bring elements between two limits.

    Parameters
    ----------
    a : array_like
    a_min, a_max : array_like or None
        The limits; None is no limit.
    out : ndarray, optional
        Where to put the result.
    min, max : array_like or None
        Other names of the limits.
    **kwargs
        As of ufuncs.

    Returns
    -------
    ndarray or scalar

    Raises
    ------
    TypeError
        Where one of the limits is missing.
    ValueError
        Where limits are given under both names.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.clip([1, 5, 9], 2, 8)
    array([2, 5, 8])
    """
    if a_min is _NoValue and a_max is _NoValue:
        a_min = None if min is _NoValue else min
        a_max = None if max is _NoValue else max
    elif a_min is _NoValue:
        raise TypeError("clip() missing 1 required positional argument: 'a_min'")
    elif a_max is _NoValue:
        raise TypeError("clip() missing 1 required positional argument: 'a_max'")
    elif min is not _NoValue or max is not _NoValue:
        raise ValueError("Passing `min` or `max` keyword argument when `a_min` and `a_max` are provided is forbidden.")
    return _method(a, "clip")(a_min, a_max, out=out, **kwargs)


@array_function_dispatch(lambda a, decimals=None, out=None: (a, out))
def round(a: Any, decimals: int = 0, out: Any = None) -> Any:
    """
    Round to a number of decimals, halves to even.

    Parameters
    ----------
    a : array_like
    decimals : int
        Places after the point; negative ones before it.
    out : ndarray, optional
        Where to put the result.

    Returns
    -------
    ndarray or scalar
        Of the type of `a`.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.round([0.5, 1.56], 1)
    array([0.5, 1.6])
    """
    return _method(a, "round")(decimals=decimals, out=out)


@array_function_dispatch(lambda a, decimals=None, out=None: (a, out))
def around(a: Any, decimals: int = 0, out: Any = None) -> Any:
    """
    Another name of `round`.

    Parameters
    ----------
    a, decimals, out
        As for `round`.

    Returns
    -------
    ndarray or scalar

    Examples
    --------
    >>> import wasmnp as np
    >>> np.around(0.37, 1)
    np.float64(0.4)
    """
    return _method(a, "round")(decimals=decimals, out=out)
