"""Averages and covariances."""

from __future__ import annotations

import warnings
from typing import Any

from .. import _core as _nx
from .._core._axes import normalize_axis_tuple
from .._core._multiarray_umath import array, asanyarray, asarray, result_type
from .._core.overrides import array_function_dispatch
from .._globals import _NoValue
from ._stride_tricks_impl import broadcast_to

__all__ = ["average", "corrcoef", "cov"]


def _weights_along(weights: Any, a: Any, axis: Any) -> Any:
    """Weights as an array that broadcasts against ``a``; ``axis`` is a tuple or None."""
    weights = asanyarray(weights)
    if a.shape == weights.shape:
        return weights
    if axis is None:
        raise TypeError("Axis must be specified when shapes of a and weights differ.")
    if weights.shape != tuple(a.shape[one] for one in axis):
        raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
    weights = weights.transpose(sorted(range(len(axis)), key=axis.__getitem__))
    return weights.reshape([extent if place in axis else 1 for place, extent in enumerate(a.shape)])


@array_function_dispatch(lambda a, axis=None, weights=None, returned=None, *, keepdims=None: (a, weights))
def average(a: Any, axis: Any = None, weights: Any = None, returned: bool = False, *, keepdims: Any = _NoValue) -> Any:
    """
    Weighted mean along axes.

    Parameters
    ----------
    a : array_like
        The elements.
    axis : None, int or tuple of ints
        The axes to go along; all by default.
    weights : array_like, optional
        Of the shape of `a`, or of its shape along the axes; all equal by default.
    returned : bool
        Return the sum of weights, too.
    keepdims : bool, optional
        Keep the axes with length 1.

    Returns
    -------
    ndarray or scalar, or tuple of two

    Raises
    ------
    ZeroDivisionError
        If weights sum to zero.
    TypeError, ValueError
        If they have another shape.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.average([1, 2, 3, 4], weights=[4, 3, 2, 1])
    np.float64(2.0)
    """
    a = asanyarray(a)
    if axis is not None:
        axis = normalize_axis_tuple(axis, a.ndim, argname="axis")
    kept = {} if keepdims is _NoValue else {"keepdims": keepdims}
    if weights is None:
        mean = a.mean(axis, **kept)
        total = asanyarray(mean).dtype.type(a.size / asanyarray(mean).size)
    else:
        weights = _weights_along(weights, a, axis)
        dtype = result_type(a.dtype, weights.dtype, *(("f8",) if a.dtype.kind in "iub" else ()))
        total = weights.sum(axis=axis, dtype=dtype, **kept)
        if _nx.any(total == 0.0):
            raise ZeroDivisionError("Weights sum to zero, can't be normalized")
        mean = _nx.multiply(a, weights, dtype=dtype).sum(axis, **kept) / total
    if not returned:
        return mean
    if asanyarray(total).shape != asanyarray(mean).shape:
        total = broadcast_to(total, asanyarray(mean).shape, subok=True).copy()
    return mean, total


def _cov_dispatcher(m, y=None, rowvar=None, bias=None, ddof=None, fweights=None, aweights=None, *, dtype=None):
    return m, y, fweights, aweights


@array_function_dispatch(_cov_dispatcher)
def cov(
    m: Any,
    y: Any = None,
    rowvar: bool = True,
    bias: bool = False,
    ddof: int | None = None,
    fweights: Any = None,
    aweights: Any = None,
    *,
    dtype: Any = None,
) -> Any:
    """
    Covariances between variables.

    Parameters
    ----------
    m : array_like, at most 2-d
        Observations of a variable in each row.
    y : array_like, optional
        More variables.
    rowvar : bool
        Variables in rows; else in columns.
    bias : bool
        Divide by the number of observations instead of one less.
    ddof : int, optional
        Divide by their number less this; `bias` does not count then.
    fweights : array_like of int, 1-d, optional
        How often each observation was made.
    aweights : array_like, 1-d, optional
        Weight of each observation.
    dtype : dtype, optional
        Type of the result, at least float64 by default.

    Returns
    -------
    ndarray, shape (variables, variables), or 0-d for one

    Raises
    ------
    ValueError, TypeError, RuntimeError
        If arguments have the wrong shape or type.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.cov([[0, 1, 2], [2, 1, 0]])
    array([[ 1., -1.],
           [-1.,  1.]])
    """
    if ddof is not None and ddof != int(ddof):
        raise ValueError("ddof must be integer")
    m = asarray(m)
    if m.ndim > 2:
        raise ValueError("m has more than 2 dimensions")
    if y is not None:
        y = asarray(y)
        if y.ndim > 2:
            raise ValueError("y has more than 2 dimensions")
    if dtype is None:
        dtype = result_type(m, "f8") if y is None else result_type(m, y, "f8")
    X = array(m, ndmin=2, dtype=dtype)
    if not rowvar and m.ndim != 1:
        X = X.T
    if X.shape[0] == 0:
        return array([]).reshape(0, 0)
    if y is not None:
        y = array(y, copy=None, ndmin=2, dtype=dtype)
        if not rowvar and y.shape[0] != 1:
            y = y.T
        X = _nx.concatenate((X, y), axis=0)
    if ddof is None:
        ddof = 0 if bias else 1
    counts, weights = _observation_weights(fweights, aweights, X.shape[1])
    w = weights if counts is None else counts if weights is None else counts * weights
    mean, total = average(X, axis=1, weights=w, returned=True)
    total = total[0]
    if w is None:
        divisor = X.shape[1] - ddof
    elif ddof == 0:
        divisor = total
    elif weights is None:
        divisor = total - ddof
    else:
        divisor = total - ddof * sum(w * weights) / total
    if divisor <= 0:
        warnings.warn("Degrees of freedom <= 0 for slice", RuntimeWarning, stacklevel=2)
        divisor = 0.0
    X -= mean[:, None]
    weighted = X if w is None else X * w
    c = _nx.dot(X, weighted.T.conj())
    c *= _nx.true_divide(1, divisor)
    return c.squeeze()


def _observation_weights(fweights: Any, aweights: Any, count: int) -> tuple[Any, Any]:
    given = []
    for name, weights in (("fweights", fweights), ("aweights", aweights)):
        if weights is not None:
            weights = asarray(weights, dtype=float)
            if name == "fweights" and not _nx.all(weights == _nx.rint(weights)):
                raise TypeError("fweights must be integer")
            if weights.ndim > 1:
                raise RuntimeError(f"cannot handle multidimensional {name}")
            if weights.shape[0] != count:
                raise RuntimeError(f"incompatible numbers of samples and {name}")
            if _nx.any(weights < 0):
                raise ValueError(f"{name} cannot be negative")
        given.append(weights)
    return given[0], given[1]


@array_function_dispatch(lambda x, y=None, rowvar=None, *, dtype=None: (x, y))
def corrcoef(x: Any, y: Any = None, rowvar: bool = True, *, dtype: Any = None) -> Any:
    """
    Correlation coefficients between variables.

    Parameters
    ----------
    x, y, rowvar, dtype
        As `m`, `y`, `rowvar` and `dtype` of `cov`.

    Returns
    -------
    ndarray, shape (variables, variables), or scalar for one

    Examples
    --------
    >>> import wasmnp as np
    >>> np.corrcoef([0, 1, 2], [2, 1, 0])
    array([[ 1., -1.],
           [-1.,  1.]])
    """
    c = cov(x, y, rowvar, dtype=dtype)
    if c.ndim != 2:  # one variable: 1, or NaN where it does not vary
        return c / c
    deviation = _nx.sqrt(c.diagonal().real)
    c /= deviation[:, None]
    c /= deviation[None, :]
    # Rounding may have brought them out of bounds.
    _nx.clip(c.real, -1, 1, out=c.real)
    if c.dtype.kind == "c":
        _nx.clip(c.imag, -1, 1, out=c.imag)
    return c
