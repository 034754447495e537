"""Reductions that leave NaNs out."""

from __future__ import annotations

import warnings
from typing import Any

from .. import _core as _nx
from .._core._multiarray_umath import array, asanyarray, ndarray
from .._core._statistics import _taken_off
from .._core.overrides import array_function_dispatch
from .._globals import _NoValue
from ._index_tricks_impl import ndindex
from ._quantile_impl import (
    _are_fractions,
    _fractions,
    _lerp,
    _quantile_dispatcher,
    _QuantileMethods,
    _real,
    _ureduce,
    _weighted_quantile,
    median,
    quantile,
)
from ._shape_base_impl import take_along_axis
from ._statistics_impl import _weights_along
from ._stride_tricks_impl import broadcast_to

__all__ = [
    "nanargmax",
    "nanargmin",
    "nancumprod",
    "nancumsum",
    "nanmax",
    "nanmean",
    "nanmedian",
    "nanmin",
    "nanpercentile",
    "nanprod",
    "nanquantile",
    "nanstd",
    "nansum",
    "nanvar",
]


def _nan_mask(a: Any, out: Any = None) -> Any:
    """Where elements are not NaN; True, if they cannot be."""
    if a.dtype.kind not in "fc":
        return True
    mask = _nx.isnan(a, out=out)
    return _nx.invert(mask, out=mask)


def _replace_nan(a: Any, val: Any) -> tuple[Any, Any]:
    """A copy with a value in place of NaNs, and where they were; the array itself and None, if there can be none."""
    a = asanyarray(a)
    if a.dtype.kind == "O":
        mask = _nx.not_equal(a, a, dtype=bool)
    elif a.dtype.kind in "fc":
        mask = _nx.isnan(a)
    else:
        return a, None
    a = array(a, subok=True, copy=True)
    _nx.copyto(a, val, where=mask)
    return a, mask


def _copyto(a: Any, val: Any, mask: Any) -> Any:
    """A result with a value where the mask says so."""
    if isinstance(a, ndarray):
        _nx.copyto(a, val, where=mask, casting="unsafe")
        return a
    return a.dtype.type(val) if hasattr(a, "dtype") else val


def _divide_by_count(a: Any, b: Any, out: Any = None) -> Any:
    """``a / b`` in the type of ``a``, in place of it; without warnings."""
    with _nx.errstate(invalid="ignore", divide="ignore"):
        if isinstance(a, ndarray):
            return _nx.divide(a, b, out=a if out is None else out, casting="unsafe")
        if out is not None:
            return _nx.divide(a, b, out=out, casting="unsafe")
        # Objects without a dtype divide as they do.
        return a.dtype.type(a / b) if hasattr(a, "dtype") else a / b


def _given(**options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not _NoValue}


def _extreme(a: Any, fold: Any, reduce: Any, axis: Any, out: Any, options: dict[str, Any], fill: float) -> Any:
    if type(a) is ndarray and a.dtype.kind != "O":
        result = fold.reduce(a, axis=axis, out=out, **options)
        if _nx.isnan(result).any():
            warnings.warn("All-NaN slice encountered", RuntimeWarning, stacklevel=3)
        return result
    a, mask = _replace_nan(a, fill)
    result = reduce(a, axis=axis, out=out, **options)
    if mask is None:
        return result
    options.pop("initial", None)
    empty = _nx.all(mask, axis=axis, **options)
    if _nx.any(empty):
        result = _copyto(result, _nx.nan, empty)
        warnings.warn("All-NaN axis encountered", RuntimeWarning, stacklevel=3)
    return result


def _extreme_dispatcher(a, axis=None, out=None, keepdims=None, initial=None, where=None):
    return a, out


@array_function_dispatch(_extreme_dispatcher)
def nanmin(
    a: Any,
    axis: Any = None,
    out: Any = None,
    keepdims: Any = _NoValue,
    initial: Any = _NoValue,
    where: Any = _NoValue,
) -> Any:
    """
    Smallest elements along axes, NaNs left out.

    Parameters
    ----------
    a, axis, out, keepdims, initial, where
        As for `min`.

    Returns
    -------
    ndarray or scalar
        NaN, with a warning, where there is nothing else.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.nanmin([[1, 2], [3, np.nan]], axis=0)
    array([1., 2.])
    """
    options = _given(keepdims=keepdims, initial=initial, where=where)
    return _extreme(a, _nx.fmin, _nx.amin, axis, out, options, _nx.inf)


@array_function_dispatch(_extreme_dispatcher)
def nanmax(
    a: Any,
    axis: Any = None,
    out: Any = None,
    keepdims: Any = _NoValue,
    initial: Any = _NoValue,
    where: Any = _NoValue,
) -> Any:
    """
    Largest elements along axes, NaNs left out.

    Parameters
    ----------
    a, axis, out, keepdims, initial, where
        As for `max`.

    Returns
    -------
    ndarray or scalar
        NaN, with a warning, where there is nothing else.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.nanmax([[1, 2], [3, np.nan]], axis=0)
    array([3., 2.])
    """
    options = _given(keepdims=keepdims, initial=initial, where=where)
    return _extreme(a, _nx.fmax, _nx.amax, axis, out, options, -_nx.inf)


def _place_of_extreme(a: Any, fill: float, find: Any, axis: Any, out: Any, keepdims: Any) -> Any:
    a, mask = _replace_nan(a, fill)
    if mask is not None and mask.size and _nx.any(_nx.all(mask, axis=axis)):
        raise ValueError("All-NaN slice encountered")
    return find(a, axis=axis, out=out, **_given(keepdims=keepdims))


@array_function_dispatch(lambda a, axis=None, out=None, *, keepdims=None: (a,))
def nanargmin(a: Any, axis: Any = None, out: Any = None, *, keepdims: Any = _NoValue) -> Any:
    """
    Places of the smallest elements along an axis, NaNs left out.

    Parameters
    ----------
    a, axis, out, keepdims
        As for `argmin`.

    Returns
    -------
    ndarray of intp, or intp

    Raises
    ------
    ValueError
        If there is nothing but NaN.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.nanargmin([[np.nan, 4], [2, 3]])
    np.int64(2)
    """
    return _place_of_extreme(a, _nx.inf, _nx.argmin, axis, out, keepdims)


@array_function_dispatch(lambda a, axis=None, out=None, *, keepdims=None: (a,))
def nanargmax(a: Any, axis: Any = None, out: Any = None, *, keepdims: Any = _NoValue) -> Any:
    """
    Places of the largest elements along an axis, NaNs left out.

    Parameters
    ----------
    a, axis, out, keepdims
        As for `argmax`.

    Returns
    -------
    ndarray of intp, or intp

    Raises
    ------
    ValueError
        If there is nothing but NaN.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.nanargmax([[np.nan, 4], [2, 3]])
    np.int64(1)
    """
    return _place_of_extreme(a, -_nx.inf, _nx.argmax, axis, out, keepdims)


def _nansum_dispatcher(a, axis=None, dtype=None, out=None, keepdims=None, initial=None, where=None):
    return a, out


@array_function_dispatch(_nansum_dispatcher)
def nansum(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    keepdims: Any = _NoValue,
    initial: Any = _NoValue,
    where: Any = _NoValue,
) -> Any:
    """
    Sums along axes, NaNs counting as zero.

    Parameters
    ----------
    a, axis, dtype, out, keepdims, initial, where
        As for `sum`.

    Returns
    -------
    ndarray or scalar

    Examples
    --------
    >>> import wasmnp as np
    >>> np.nansum([1, np.nan])
    np.float64(1.0)
    """
    a, _ = _replace_nan(a, 0)
    return _nx.sum(a, axis=axis, dtype=dtype, out=out, **_given(keepdims=keepdims, initial=initial, where=where))


@array_function_dispatch(_nansum_dispatcher)
def nanprod(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    keepdims: Any = _NoValue,
    initial: Any = _NoValue,
    where: Any = _NoValue,
) -> Any:
    """
    Products along axes, NaNs counting as one.

    Parameters
    ----------
    a, axis, dtype, out, keepdims, initial, where
        As for `prod`.

    Returns
    -------
    ndarray or scalar

    Examples
    --------
    >>> import wasmnp as np
    >>> np.nanprod([2, np.nan])
    np.float64(2.0)
    """
    a, _ = _replace_nan(a, 1)
    return _nx.prod(a, axis=axis, dtype=dtype, out=out, **_given(keepdims=keepdims, initial=initial, where=where))


@array_function_dispatch(lambda a, axis=None, dtype=None, out=None: (a, out))
def nancumsum(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    """
    Running sums along an axis, NaNs counting as zero.

    Parameters
    ----------
    a, axis, dtype, out
        As for `cumsum`.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> np.nancumsum([1, np.nan, 2])
    array([1., 1., 3.])
    """
    a, _ = _replace_nan(a, 0)
    return _nx.cumsum(a, axis=axis, dtype=dtype, out=out)


@array_function_dispatch(lambda a, axis=None, dtype=None, out=None: (a, out))
def nancumprod(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    """
    Running products along an axis, NaNs counting as one.

    Parameters
    ----------
    a, axis, dtype, out
        As for `cumprod`.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> np.nancumprod([1, np.nan, 2])
    array([1., 1., 2.])
    """
    a, _ = _replace_nan(a, 1)
    return _nx.cumprod(a, axis=axis, dtype=dtype, out=out)


def _check_types(dtype: Any, out: Any) -> Any:
    """The dtype as one; it and the type of ``out`` must be inexact."""
    if dtype is not None:
        dtype = _nx.dtype(dtype)
        if dtype.kind not in "fc":
            raise TypeError("If a is inexact, then dtype must be inexact")
    if out is not None and out.dtype.kind not in "fc":
        raise TypeError("If a is inexact, then out must be inexact")
    return dtype


@array_function_dispatch(lambda a, axis=None, dtype=None, out=None, keepdims=None, *, where=None: (a, out))
def nanmean(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    keepdims: Any = _NoValue,
    *,
    where: Any = _NoValue,
) -> Any:
    """
    Means along axes, NaNs left out.

    Parameters
    ----------
    a, axis, dtype, out, keepdims, where
        As for `mean`.

    Returns
    -------
    ndarray or scalar
        NaN, with a warning, where there is nothing else.

    Raises
    ------
    TypeError
        If `dtype` is not inexact.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.nanmean([[1, np.nan], [3, 4]], axis=0)
    array([2., 4.])
    """
    options = _given(keepdims=keepdims, where=where)
    values, mask = _replace_nan(a, 0)
    if mask is None:
        return _nx.mean(values, axis=axis, dtype=dtype, out=out, **options)
    dtype = _check_types(dtype, out)
    count = _nx.sum(~mask, axis=axis, dtype="p", **options)
    total = _nx.sum(values, axis=axis, dtype=dtype, out=out, **options)
    mean = _divide_by_count(total, count, out=out)
    if _nx.any(count == 0):
        warnings.warn("Mean of empty slice", RuntimeWarning, stacklevel=2)
    return mean


@array_function_dispatch(lambda a, axis=None, out=None, overwrite_input=None, keepdims=None: (a, out))
def nanmedian(
    a: Any,
    axis: Any = None,
    out: Any = None,
    overwrite_input: bool = False,
    keepdims: bool = _NoValue,  # type: ignore[assignment]
) -> Any:
    """
    Medians along axes, NaNs left out.

    Parameters
    ----------
    a, axis, out, overwrite_input, keepdims
        As for `median`.

    Returns
    -------
    ndarray or scalar
        NaN, with a warning, where there is nothing else.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.nanmedian([[10.0, np.nan, 4], [3, 2, 1]])
    np.float64(3.0)
    """
    a = asanyarray(a)
    if a.size == 0 or a.dtype.kind not in "fcmMO":
        # Of nothing the mean is NaN, with its warning.
        if a.size == 0:
            return nanmean(a, axis, out=out, keepdims=keepdims)
        keepdims = False if keepdims is _NoValue else keepdims
        return median(a, axis=axis, out=out, overwrite_input=overwrite_input, keepdims=keepdims)
    return _ureduce(a, func=_nanmedian, keepdims=keepdims, axis=axis, out=out, overwrite_input=overwrite_input)


def _sorted_first(a: Any, axis: int | None, overwrite_input: bool) -> tuple[Any, Any]:
    """Sorted elements along the first axis, NaNs at the end, and how many there are without them."""
    if axis is None:
        values = a.ravel() if overwrite_input else a.flatten()
    else:
        values = _nx.moveaxis(a if overwrite_input else a.copy(), axis, 0)
    nan = _nx.not_equal(values, values, dtype=bool) if values.dtype.kind == "O" else _nx.isnan(values)
    count = values.shape[0] - nan.sum(axis=0, dtype="p")
    if values.dtype.kind == "O":
        _nx.copyto(values, _nx.inf, where=nan)  # objects that are not ordered go to the end as infinities
    values.sort(axis=0)
    return values, asanyarray(count)


def _nanmedian(a: Any, axis: int | None = None, out: Any = None, overwrite_input: bool = False) -> Any:
    values, count = _sorted_first(a, axis, overwrite_input)
    lower = asanyarray(_nx.maximum((count - 1) // 2, 0))[None]
    upper = asanyarray(_nx.minimum(count // 2, values.shape[0] - 1))[None]
    pair = _nx.concatenate([take_along_axis(values, place, axis=0) for place in (lower, upper)])
    with _nx.errstate(over="ignore", invalid="ignore"):
        result = asanyarray(_nx.mean(pair, axis=0))
    # One element in the middle is the median; the mean of it with itself may overflow.
    result = _nx.where(count % 2 == 1, pair[0], result)
    return _finished(result, count, out)


def _finished(result: Any, count: Any, out: Any) -> Any:
    """The result, NaN where nothing was counted."""
    empty = count == 0
    if _nx.any(empty):
        for _ in range(int(empty.sum())):  # one for each slice, as NumPy has it
            warnings.warn("All-NaN slice encountered", RuntimeWarning, stacklevel=6)
        if result.dtype.kind not in "mM":  # NaT is there already
            result = _nx.where(empty, _nx.nan if result.dtype.kind == "O" else result.dtype.type(_nx.nan), result)
    if out is not None:
        out[...] = result
        return out
    return result[()] if isinstance(result, ndarray) and result.ndim == 0 else result


@array_function_dispatch(_quantile_dispatcher)
def nanpercentile(
    a: Any,
    q: Any,
    axis: Any = None,
    out: Any = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: bool = _NoValue,  # type: ignore[assignment]
    *,
    weights: Any = None,
) -> Any:
    """
    Percentiles along axes, NaNs left out.

    Parameters
    ----------
    a, q, axis, out, overwrite_input, method, keepdims, weights
        As for `percentile`.

    Returns
    -------
    ndarray or scalar
        NaN, with a warning, where there is nothing else.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.nanpercentile([[10.0, np.nan, 4], [3, 2, 1]], 50)
    np.float64(3.0)
    """
    a = _real(a)
    q, weak = _fractions(a, q, 100)
    if not _are_fractions(q):
        raise ValueError("Percentiles must be in the range [0, 100]")
    return _nanquantile_unchecked(a, q, axis, out, overwrite_input, method, keepdims, weights, weak)


@array_function_dispatch(_quantile_dispatcher)
def nanquantile(
    a: Any,
    q: Any,
    axis: Any = None,
    out: Any = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: bool = _NoValue,  # type: ignore[assignment]
    *,
    weights: Any = None,
) -> Any:
    """
    Quantiles along axes, NaNs left out.

    Parameters
    ----------
    a, q, axis, out, overwrite_input, method, keepdims, weights
        As for `quantile`.

    Returns
    -------
    ndarray or scalar
        NaN, with a warning, where there is nothing else.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.nanquantile([[10.0, np.nan, 4], [3, 2, 1]], 0.5)
    np.float64(3.0)
    """
    a = _real(a)
    q, weak = _fractions(a, q, 1)
    if not _are_fractions(q):
        raise ValueError("Quantiles must be in the range [0, 1]")
    return _nanquantile_unchecked(a, q, axis, out, overwrite_input, method, keepdims, weights, weak)


def _nanquantile_unchecked(
    a: Any,
    q: Any,
    axis: Any,
    out: Any,
    overwrite_input: bool,
    method: str,
    keepdims: Any,
    weights: Any,
    weak: bool,
) -> Any:
    if weights is not None:
        if method != "inverted_cdf":
            raise ValueError(f"Only method 'inverted_cdf' supports weights. Got: {method}.")
        if axis is not None:
            axis = _nx.normalize_axis_tuple(axis, a.ndim, argname="axis")
        weights = _weights_along(weights, a, axis)
        if _nx.any(weights < 0):
            raise ValueError("Weights must be non-negative.")
        weights = broadcast_to(weights, a.shape)
    if a.size == 0:
        return nanmean(a, axis, out=out, keepdims=keepdims)
    return _ureduce(
        a,
        func=_nanquantile,
        q=q,
        weights=weights,
        keepdims=keepdims,
        axis=axis,
        out=out,
        overwrite_input=overwrite_input,
        method=method,
        weak=weak,
    )


def _nanquantile(
    a: Any, q: Any, weights: Any, axis: int | None, out: Any, overwrite_input: bool, method: str, weak: bool
) -> Any:
    if q.ndim > 2:
        raise ValueError("q must be a scalar or 1d")
    try:
        rule = _QuantileMethods[method]
    except KeyError:
        raise ValueError(f"{method!r} is not a valid method. Use one of: {_QuantileMethods.keys()}") from None
    if a.dtype.kind not in "fmMO" and weights is None:
        return quantile(a, q, axis=axis, out=out, overwrite_input=overwrite_input, method=method)
    if weights is not None:
        return _weighted_nanquantile(a, q, weights, axis, out)
    values, count = _sorted_first(a, axis, overwrite_input)
    rest = values.ndim - 1
    q = q.reshape(q.shape + (1,) * rest)
    wide = q.dtype.kind == "f" and q.dtype.itemsize < 8 and values.shape[0] >> _nx.finfo(q.dtype).nmant
    exact = q.astype("f8") if wide else q
    n = count.astype(exact.dtype) if exact.dtype.kind == "f" else count
    place = asanyarray(rule.place(n, exact))
    last = _nx.maximum(count - 1, 0)
    shape = place.shape

    def at(places: Any) -> Any:
        # The axes of q as one, along the axis of the elements.
        places = _nx.minimum(_nx.maximum(places, 0), last).astype("p")
        return take_along_axis(values, places.reshape((-1, *values.shape[1:])), axis=0).reshape(shape)

    if place.dtype.kind in "iu":
        result = at(place)
    else:
        below = _nx.floor(place)
        gamma = asanyarray(rule.weight(place - below, place))
        kind = values.dtype if weak else q.dtype
        if kind.kind == "f":
            gamma = gamma.astype(kind)
        # Before the first and behind the last element there is only that one.
        result = asanyarray(_lerp(at(below), at(_nx.where(place < 0, 0, below + 1)), gamma))
    return _finished(result, count, out)


def _weighted_nanquantile(a: Any, q: Any, weights: Any, axis: int | None, out: Any) -> Any:
    if axis is None:
        values, weights = a.ravel(), weights.ravel()
    else:
        values, weights = _nx.moveaxis(a, axis, 0), _nx.moveaxis(weights, axis, 0)
    result = _nx.empty(q.shape + values.shape[1:], values.dtype)
    count = _nx.zeros(values.shape[1:], "p")
    for place in ndindex(values.shape[1:]):
        column = (slice(None), *place)
        kept = values[column] == values[column]
        count[place] = kept.sum()
        if count[place]:
            result[(..., *place)] = _weighted_quantile(values[column][kept], weights[column][kept], q, None)[0]
    return _finished(result, count, out)


def _nanvar_dispatcher(
    a, axis=None, dtype=None, out=None, ddof=None, keepdims=None, *, where=None, mean=None, correction=None
):
    return a, out


@array_function_dispatch(_nanvar_dispatcher)
def nanvar(
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
    Variances along axes, NaNs left out.

    Parameters
    ----------
    a, axis, dtype, out, ddof, keepdims, where, mean, correction
        As for `var`.

    Returns
    -------
    ndarray or scalar
        NaN, with a warning, where there are not more elements than `ddof`.

    Raises
    ------
    TypeError
        If `dtype` is not inexact.
    ValueError
        If `ddof` and `correction` are given.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.nanvar([[1, np.nan], [3, 4]], axis=0)
    array([1., 0.])
    """
    values, mask = _replace_nan(a, 0)
    options = _given(keepdims=keepdims, where=where)
    if mask is None:
        return _nx.var(
            values,
            axis=axis,
            dtype=dtype,
            out=out,
            ddof=ddof,
            **options,
            **_given(mean=mean, correction=correction),
        )
    ddof = _taken_off(ddof, correction)
    dtype = _check_types(dtype, out)
    selected = _given(where=where)
    count = _nx.sum(~mask, axis=axis, dtype="p", keepdims=True, **selected)
    if mean is _NoValue:
        mean = _divide_by_count(_nx.sum(values, axis=axis, dtype=dtype, keepdims=True, **selected), count)
    values = asanyarray(_nx.subtract(values, mean, dtype=dtype, casting="unsafe"))
    values = _copyto(values, 0, mask)
    squares = _nx.multiply(values, values.conj()).real if values.dtype.kind == "c" else _nx.multiply(values, values)
    total = _nx.sum(squares, axis=axis, dtype=dtype, out=out, **options)
    if asanyarray(total).ndim < count.ndim:
        count = count.squeeze(axis)
    freedom = count - ddof
    result = _divide_by_count(total, freedom)
    bad = freedom <= 0
    if _nx.any(bad):
        warnings.warn("Degrees of freedom <= 0 for slice.", RuntimeWarning, stacklevel=2)
        result = _copyto(result, _nx.nan, bad)
    return result


@array_function_dispatch(_nanvar_dispatcher)
def nanstd(
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
    Standard deviations along axes, NaNs left out.

    Parameters
    ----------
    a, axis, dtype, out, ddof, keepdims, where, mean, correction
        As for `nanvar`.

    Returns
    -------
    ndarray or scalar

    Examples
    --------
    >>> import wasmnp as np
    >>> np.nanstd([[1, np.nan], [3, 4]], axis=0)
    array([1., 0.])
    """
    variance = nanvar(
        a,
        axis=axis,
        dtype=dtype,
        out=out,
        ddof=ddof,
        keepdims=keepdims,
        where=where,
        mean=mean,
        correction=correction,
    )
    if isinstance(variance, ndarray):
        return _nx.sqrt(variance, out=variance)
    return variance.dtype.type(_nx.sqrt(variance)) if hasattr(variance, "dtype") else _nx.sqrt(variance)
