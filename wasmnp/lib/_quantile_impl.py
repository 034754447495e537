"""Medians, quantiles, and the bins of values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from .. import _core as _nx
from .._core._axes import normalize_axis_tuple
from .._core._multiarray_umath import asanyarray, asarray
from .._core.overrides import array_function_dispatch
from .._globals import _NoValue
from ._index_tricks_impl import ndindex
from ._shape_base_impl import take_along_axis
from ._statistics_impl import _weights_along
from ._stride_tricks_impl import broadcast_to

__all__ = ["digitize", "median", "percentile", "quantile"]


def _ureduce(a: Any, func: Any, keepdims: Any = False, **options: Any) -> Any:
    """
    A reduction along one axis applied to several, which become one.

    Parameters
    ----------
    a : array_like
        The elements.
    func : callable
        Takes ``a``, ``axis``, ``out`` and the other options; `axis` is an int or None.
    keepdims : bool
        Keep the axes with length 1.
    **options
        ``axis`` and ``out`` among them; ``weights``, if there are any, have the shape of `a`.

    Returns
    -------
    ndarray or scalar
    """
    a = asanyarray(a)
    ndim = a.ndim
    axis, out = options.get("axis"), options.get("out")
    keepdims = False if keepdims is _NoValue else keepdims
    axes = tuple(range(a.ndim)) if axis is None else normalize_axis_tuple(axis, a.ndim)
    if keepdims and out is not None:
        options["out"] = out[(..., *(0 if one in axes else slice(None) for one in range(a.ndim)))]
    if axis is not None:
        if len(axes) == 1:
            options["axis"] = axes[0]
        else:
            kept = [one for one in range(a.ndim) if one not in axes]

            def merged(array: Any) -> Any:
                array = array.transpose([*kept, *axes])
                return array.reshape((*array.shape[: len(kept)], -1))

            a = merged(a)
            if options.get("weights") is not None:
                options["weights"] = merged(options["weights"])
            options["axis"] = -1
    result = func(a, **options)
    if out is not None:
        return out
    if keepdims:
        return asanyarray(result)[(..., *(None if one in axes else slice(None) for one in range(ndim)))]
    return result


def _median_dispatcher(a, axis=None, out=None, overwrite_input=None, keepdims=None):
    return a, out


@array_function_dispatch(_median_dispatcher)
def median(a: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False, keepdims: bool = False) -> Any:
    """
    Medians along axes: half of the elements are smaller, half are larger.

    Parameters
    ----------
    a : array_like
        The elements.
    axis : None, int or tuple of ints
        The axes to go along; all by default.
    out : ndarray, optional
        Where to put the result.
    overwrite_input : bool
        Whether `a` may be sorted in part instead of copied.
    keepdims : bool
        Keep the axes with length 1.

    Returns
    -------
    ndarray or scalar
        The mean of the middle two for an even number; NaN where there is one.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.median([[10, 7, 4], [3, 2, 1]])
    np.float64(3.5)
    """
    return _ureduce(a, func=_median, keepdims=keepdims, axis=axis, out=out, overwrite_input=overwrite_input)


def _has_nan(dtype: Any) -> bool:
    return dtype.kind in "fcmM"


def _median(a: Any, axis: int | None = None, out: Any = None, overwrite_input: bool = False) -> Any:
    a = asanyarray(a)
    count = a.size if axis is None else a.shape[axis]
    middle = count // 2
    places = [middle] if count % 2 else [middle - 1, middle]
    nans = _has_nan(a.dtype) and count > 0
    if nans:
        places.append(-1)
    if axis is None:
        part = a.ravel() if overwrite_input else a.flatten()
        axis = 0
    else:
        part = a if overwrite_input else a.copy()
    if count:
        part.partition(places, axis=axis)
    if part.ndim == 0:
        return part.item()
    key: list[Any] = [slice(None)] * part.ndim
    key[axis] = slice(middle, middle + 1) if count % 2 else slice(max(middle - 1, 0), middle + 1)
    result = _nx.mean(part[tuple(key)], axis=axis, out=out)
    return _median_nancheck(part, result, axis) if nans else result


def _median_nancheck(data: Any, result: Any, axis: int) -> Any:
    """The result with NaN where the data has one, which has been sorted to the end."""
    if data.size == 0:
        return result
    last = data.take(-1, axis=axis)
    nan = _nx.isnan(last)
    if isinstance(nan, _nx.generic) or nan.ndim == 0:
        if not nan:
            return result
        if isinstance(result, _nx.ndarray):
            result[...] = last
            return result
        return result.dtype.type(last) if isinstance(result, _nx.generic) else last
    if nan.any():
        if isinstance(result, _nx.ndarray):
            _nx.copyto(result, last, where=nan)
        else:
            return last
    return result


class _Method(NamedTuple):
    """How a method finds the place of a quantile among n sorted elements, counted from 0."""

    place: Callable[[int, Any], Any]
    weight: Callable[[Any, Any], Any] = lambda gamma, place: gamma  # of the next element; `gamma` is where between two


def _continuous(alpha: float, beta: float) -> _Method:
    # Hyndman and Fan, The American Statistician 50 (1996), section 2: p[k] = (k - alpha) / (n + 1 - alpha - beta).
    return _Method(lambda n, q: n * q + (alpha + q * (1 - alpha - beta)) - 1)


def _discrete(place: Any, up: Any) -> Any:
    """Whole places: the one above where `up` says so of the distance to the one below, and of that."""
    below = _nx.floor(place)
    result = _nx.where(up(place - below, below), below + 1, below)
    return _nx.maximum(result, 0).astype("p")


_QuantileMethods = {
    "inverted_cdf": _Method(lambda n, q: _discrete(n * q - 1, lambda gamma, below: gamma > 0)),
    "averaged_inverted_cdf": _Method(lambda n, q: n * q - 1, lambda gamma, place: _nx.where(gamma == 0, 0.5, 1.0)),
    "closest_observation": _Method(
        lambda n, q: _discrete(n * q - 1.5, lambda gamma, below: ~((gamma == 0) & (below % 2 == 1)))
    ),
    "interpolated_inverted_cdf": _continuous(0, 1),
    "hazen": _continuous(0.5, 0.5),
    "weibull": _continuous(0, 0),
    "linear": _Method(lambda n, q: (n - 1) * q),
    "median_unbiased": _continuous(1 / 3, 1 / 3),
    "normal_unbiased": _continuous(3 / 8, 3 / 8),
    "lower": _Method(lambda n, q: _nx.floor((n - 1) * q).astype("p")),
    "higher": _Method(lambda n, q: _nx.ceil((n - 1) * q).astype("p")),
    "midpoint": _Method(
        lambda n, q: 0.5 * (_nx.floor((n - 1) * q) + _nx.ceil((n - 1) * q)),
        lambda gamma, place: _nx.where(place % 1 == 0, 0.0, 0.5),
    ),
    "nearest": _Method(lambda n, q: _nx.rint((n - 1) * q).astype("p")),
}


def _quantile_dispatcher(a, q, axis=None, out=None, overwrite_input=None, method=None, keepdims=None, *, weights=None):
    return a, q, out, weights


@array_function_dispatch(_quantile_dispatcher)
def percentile(
    a: Any,
    q: Any,
    axis: Any = None,
    out: Any = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: bool = False,
    *,
    weights: Any = None,
) -> Any:
    """
    Percentiles along axes: quantiles, in hundredths.

    Parameters
    ----------
    a : array_like of real numbers
        The elements.
    q : array_like of float
        From 0 to 100.
    axis, out, overwrite_input, method, keepdims, weights
        As for `quantile`.

    Returns
    -------
    ndarray or scalar

    Raises
    ------
    ValueError, TypeError
        As `quantile` does.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.percentile([[10, 7, 4], [3, 2, 1]], 50)
    np.float64(3.5)
    """
    a = _real(a)
    q, weak = _fractions(a, q, 100)
    if not _are_fractions(q):
        raise ValueError("Percentiles must be in the range [0, 100]")
    return _checked_quantile(a, q, axis, out, overwrite_input, method, keepdims, weights, weak)


@array_function_dispatch(_quantile_dispatcher)
def quantile(
    a: Any,
    q: Any,
    axis: Any = None,
    out: Any = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: bool = False,
    *,
    weights: Any = None,
) -> Any:
    """
    Quantiles along axes: which value a fraction of the elements does not exceed.

    Parameters
    ----------
    a : array_like of real numbers
        The elements.
    q : array_like of float
        The fractions, from 0 to 1.
    axis : None, int or tuple of ints
        The axes to go along; all by default.
    out : ndarray, optional
        Where to put the result.
    overwrite_input : bool
        Whether `a` may be sorted in part instead of copied.
    method : str
        Hyndman and Fan's nine: ``'inverted_cdf'``, ``'averaged_inverted_cdf'``, ``'closest_observation'``,
        ``'interpolated_inverted_cdf'``, ``'hazen'``, ``'weibull'``, ``'linear'``, ``'median_unbiased'``,
        ``'normal_unbiased'``; and ``'lower'``, ``'higher'``, ``'midpoint'``, ``'nearest'``.
    keepdims : bool
        Keep the axes with length 1.
    weights : array_like, optional
        Weights of the elements, of the shape of `a` or of its shape along the axes; with ``'inverted_cdf'`` alone.

    Returns
    -------
    ndarray or scalar
        The axes of `q`, then those of `a` without `axis`; NaN where there is one.

    Raises
    ------
    ValueError
        If fractions are out of bounds, or weights do not fit.
    TypeError
        For complex numbers.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.quantile([1, 2, 3, 4], [0.25, 0.5])
    array([1.75, 2.5 ])
    """
    a = _real(a)
    q, weak = _fractions(a, q, 1)
    if not _are_fractions(q):
        raise ValueError("Quantiles must be in the range [0, 1]")
    return _checked_quantile(a, q, axis, out, overwrite_input, method, keepdims, weights, weak)


def _real(a: Any) -> Any:
    a = asanyarray(a)
    if a.dtype.kind == "c":
        raise TypeError("a must be an array of real numbers")
    return a


def _fractions(a: Any, q: Any, unit: int) -> tuple[Any, bool]:
    """The fractions as an array, and whether the type of the elements `a` counts alone: for a number of Python."""
    weak = type(q) in (int, float) and a.dtype.kind == "f"
    if unit == 1:
        return asanyarray(float(q) if weak else q), weak
    return asanyarray(q / unit if weak else _nx.true_divide(q, unit)), weak


def _are_fractions(q: Any) -> bool:
    return q.size == 0 or bool(q.min() >= 0 and q.max() <= 1)


def _checked_quantile(
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
            axis = normalize_axis_tuple(axis, a.ndim, argname="axis")
        weights = _weights_along(weights, a, axis)
        if _nx.any(weights < 0):
            raise ValueError("Weights must be non-negative.")
    return _quantile_unchecked(a, q, axis, out, overwrite_input, method, keepdims, weights, weak)


def _quantile_unchecked(
    a: Any,
    q: Any,
    axis: Any = None,
    out: Any = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: Any = False,
    weights: Any = None,
    weak: bool = False,
) -> Any:
    if weights is not None:
        weights = broadcast_to(weights, a.shape)
    return _ureduce(
        a,
        func=_quantile,
        q=q,
        weights=weights,
        keepdims=keepdims,
        axis=axis,
        out=out,
        overwrite_input=overwrite_input,
        method=method,
        weak=weak,
    )


def _quantile(
    a: Any, q: Any, weights: Any, axis: int | None, out: Any, overwrite_input: bool, method: str, weak: bool
) -> Any:
    if q.ndim > 2:
        raise ValueError("q must be a scalar or 1d")
    if axis is None:
        values = a.ravel() if overwrite_input else a.flatten()
        weights = None if weights is None else weights.ravel()
    else:
        values = _nx.moveaxis(a if overwrite_input else a.copy(), axis, 0)
        weights = None if weights is None else _nx.moveaxis(weights, axis, 0)
    try:
        rule = _QuantileMethods[method]
    except KeyError:
        raise ValueError(f"{method!r} is not a valid method. Use one of: {_QuantileMethods.keys()}") from None
    if weights is None:
        result, last = _plain_quantile(values, q, rule, out, weak)
    else:
        result, last = _weighted_quantile(values, weights, q, out)
    if _has_nan(values.dtype):
        nan = _nx.isnan(last)
        if _nx.any(nan):
            if out is None and _nx.ndim(result) == 0:
                return last[()]
            _nx.copyto(result, last, where=nan)
    return result


def _plain_quantile(values: Any, q: Any, rule: _Method, out: Any, weak: bool) -> tuple[Any, Any]:
    """The quantiles along the first axis, and the largest elements (NaN, if there is one)."""
    n = values.shape[0]
    # Half precision counts to 2048, single to 16777216: further places are found in double precision.
    exact = q.astype("f8") if q.dtype.kind == "f" and q.dtype.itemsize < 8 and n >> _nx.finfo(q.dtype).nmant else q
    place = asanyarray(rule.place(n, exact))
    if place.dtype.kind in "iu":
        place = _nx.minimum(_nx.maximum(place, 0), n - 1)
        values.partition(_nx.concatenate((place.ravel(), [-1])), axis=0)
        return _nx.take(values, place, axis=0, out=out), values[-1, ...]
    below = asanyarray(_nx.floor(place))
    above = below + 1
    # Before the first and behind the last element there is only that one.
    above, below = (_nx.where(place < 0, 0, _nx.where(place >= n - 1, -1, one)).astype("p") for one in (above, below))
    values.partition(
        sorted({0, n - 1, *(one % n for one in below.ravel().tolist()), *(one % n for one in above.ravel().tolist())}),
        axis=0,
    )
    gamma = asanyarray(rule.weight(place - _nx.floor(place), place))
    kind = values.dtype if weak else q.dtype
    if kind.kind == "f":
        gamma = gamma.astype(kind)
    gamma = gamma.reshape(gamma.shape + (1,) * (values.ndim - 1))
    return _lerp(values[below], values[above], gamma, out=out), values[-1, ...]


def _lerp(a: Any, b: Any, t: Any, out: Any = None) -> Any:
    """
    ``a`` and ``b`` mixed, with weight ``t`` for ``b``.

    Above one half it starts from ``b``: so the result is ``b`` where ``t`` is one, does not fall as ``t`` grows, and
    is the same with ends and weights exchanged.
    """
    span = _nx.subtract(b, a)
    result = asanyarray(_nx.add(a, span * t, out=out))
    _nx.subtract(b, span * (1 - t), out=result, where=t >= 0.5, casting="unsafe", dtype=type(result.dtype))
    return result[()] if result.ndim == 0 and out is None else result


def _weighted_quantile(values: Any, weights: Any, q: Any, out: Any) -> tuple[Any, Any]:
    """Quantiles along the first axis by the inverse of the distribution that the weights make."""
    order = values.argsort(axis=0, kind="stable")
    values = take_along_axis(values, order, axis=0)
    share = take_along_axis(weights.astype("f8"), order, axis=0).cumsum(axis=0)
    share = share / share[-1, ...]
    if _nx.isnan(share[-1]).any():
        raise ValueError("Weights included NaN, inf or were all zero.")
    if q.dtype.kind == "f":
        share = share.astype(q.dtype)  # so that fractions that are meant to be equal are
    # Elements that weigh nothing at the front are no quantile, not even that of zero.
    share[share == 0] = -1
    shape = q.shape + values.shape[1:]
    result = _nx.empty(shape, values.dtype) if out is None else out
    wanted = asarray(q)
    for place in ndindex(values.shape[1:]):
        column = (slice(None), *place)
        found = _nx.searchsorted(share[column], wanted, side="left")
        result[(..., *place)] = values[column][_nx.minimum(found, values.shape[0] - 1)]
    return result[()] if out is None and result.ndim == 0 else result, values[-1, ...]


@array_function_dispatch(lambda x, bins, right=None: (x, bins))
def digitize(x: Any, bins: Any, right: bool = False) -> Any:
    """
    In which bin each value lies.

    Parameters
    ----------
    x : array_like of real numbers
        The values.
    bins : array_like, 1-d
        Edges, rising or falling.
    right : bool
        Whether a bin contains its right edge instead of its left one.

    Returns
    -------
    ndarray of intp, or intp
        Number of the edge above; 0 below all, ``len(bins)`` above all.

    Raises
    ------
    ValueError
        If the edges neither rise nor fall.
    TypeError
        For complex numbers.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.digitize([0.2, 6.4, 3.0], [0.0, 1.0, 3.0, 10.0])
    array([1, 3, 3])
    """
    x, bins = asarray(x), asarray(bins)
    if x.dtype.kind == "c" or bins.dtype.kind == "c":
        raise TypeError(f"{'x' if x.dtype.kind == 'c' else 'bins'} may not be complex")
    if bins.ndim != 1:
        raise ValueError(
            "object too deep for desired array" if bins.ndim else "object of too small depth for desired array"
        )
    side = "left" if right else "right"
    if _nx.all(bins[1:] >= bins[:-1]):
        return _nx.searchsorted(bins, x, side=side)
    if _nx.all(bins[1:] <= bins[:-1]):
        return len(bins) - _nx.searchsorted(bins[::-1], x, side=side)
    raise ValueError("bins must be monotonically increasing or decreasing")
