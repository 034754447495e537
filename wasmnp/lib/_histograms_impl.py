"""How many values lie in each of a row of bins, or of a grid of cells."""

from __future__ import annotations

import contextlib
import math
import operator
import warnings
from typing import Any

from .. import _core as _nx
from .._core._multiarray_umath import asarray
from .._core.overrides import array_function_dispatch
from ._calculus_impl import diff

__all__ = ["histogram", "histogram_bin_edges", "histogramdd"]

# Values are counted in blocks that stay in the cache with what is made of them.
_BLOCK = 65536


def _unsigned_subtract(a: Any, b: Any) -> Any:
    """``a - b`` for a >= b, in the unsigned type of that size, which holds every such difference."""
    dtype = _nx.result_type(a, b)
    if dtype.kind != "i":
        return _nx.subtract(a, b, dtype=dtype)
    a, b = asarray(a, dtype=dtype), asarray(b, dtype=dtype)
    return _nx.subtract(a, b, casting="unsafe", dtype=f"u{dtype.itemsize}")


def _spread(x: Any) -> Any:
    return _unsigned_subtract(x.max(), x.min())


# Rules for the width of bins; the papers are Sturges, JASA 21 (1926); Scott, Biometrika 66 (1979); Freedman and
# Diaconis,
# Z. Wahrscheinlichkeitstheorie 57 (1981); Doane, American Statistician 30 (1976); Stone, Berkeley conference (1984).


def _by_square_root(x: Any, range: Any) -> Any:
    return _spread(x) / math.sqrt(x.size)


def _by_sturges(x: Any, range: Any) -> Any:
    return _spread(x) / (math.log2(x.size) + 1.0)


def _by_rice(x: Any, range: Any) -> Any:
    return _spread(x) / (2.0 * x.size ** (1.0 / 3))


def _by_scott(x: Any, range: Any) -> Any:
    return (24.0 * math.pi**0.5 / x.size) ** (1.0 / 3.0) * x.std()


def _by_stone(x: Any, range: Any) -> Any:
    n, spread = x.size, _spread(x)
    if n <= 1 or spread == 0:
        return 0

    def expected_loss(bins: int) -> float:
        share = histogram(x, bins=bins, range=range)[0] / n
        return (2 - (n + 1) * float((share * share).sum())) * bins / spread

    most = max(100, int(math.sqrt(n)))
    best = min(_counts(most), key=expected_loss)
    if best == most:
        warnings.warn("The number of bins estimated may be suboptimal.", RuntimeWarning, stacklevel=3)
    return spread / best


def _counts(most: int) -> Any:
    return iter(_nx.arange(1, most + 1).tolist())


def _by_doane(x: Any, range: Any) -> Any:
    n = x.size
    if n <= 2:
        return 0.0
    deviation = x.std()
    if not deviation > 0.0:
        return 0.0
    skewness = (((x - x.mean()) / deviation) ** 3).mean()
    scale = math.sqrt(6.0 * (n - 2) / ((n + 1.0) * (n + 3)))
    return _spread(x) / (1.0 + math.log2(n) + math.log2(1.0 + abs(float(skewness)) / scale))


def _by_freedman_diaconis(x: Any, range: Any) -> Any:
    from ._quantile_impl import percentile

    upper, lower = percentile(x, [75, 25])
    return 2.0 * (upper - lower) * x.size ** (-1.0 / 3.0)


def _by_best(x: Any, range: Any) -> Any:
    # The square root keeps the number of bins down where quartiles nearly coincide.
    width = max(_by_freedman_diaconis(x, range), _by_square_root(x, range) / 2)
    return min(width, _by_sturges(x, range)) if width else _by_sturges(x, range)


_RULES = {
    "stone": _by_stone,
    "auto": _by_best,
    "doane": _by_doane,
    "fd": _by_freedman_diaconis,
    "rice": _by_rice,
    "scott": _by_scott,
    "sqrt": _by_square_root,
    "sturges": _by_sturges,
}


def _with_weights(a: Any, weights: Any) -> tuple[Any, Any]:
    a = asarray(a)
    if a.dtype.kind == "b":
        warnings.warn(
            f"Converting input from {a.dtype} to {_nx.uint8} for compatibility.", RuntimeWarning, stacklevel=3
        )
        a = a.astype("u1")
    if weights is not None:
        weights = asarray(weights)
        if weights.shape != a.shape:
            raise ValueError("weights should have the same shape as a.")
        weights = weights.ravel()
    return a.ravel(), weights


def _outer_edges(a: Any, range: Any) -> tuple[Any, Any]:
    if range is not None:
        first, last = range
        if first > last:
            raise ValueError("max must be larger than min in range parameter.")
        given = "supplied"
    elif a.size == 0:
        return 0, 1
    else:
        first, last = a.min(), a.max()
        given = "autodetected"
    if not (_nx.isfinite(first) and _nx.isfinite(last)):
        raise ValueError(f"{given} range of [{first}, {last}] is not finite")
    if first == last:
        first, last = first - 0.5, last + 0.5
    return first, last


def _edges(a: Any, bins: Any, range: Any, weights: Any) -> tuple[Any, tuple[Any, Any, int] | None]:
    """The edges and, of bins of equal width, the first, the last, and how many there are."""
    if isinstance(bins, str):
        if bins not in _RULES:
            raise ValueError(f"{bins!r} is not a valid estimator for `bins`")
        if weights is not None:
            raise TypeError("Automated estimation of the number of bins is not supported for weighted data")
        first, last = _outer_edges(a, range)
        if range is not None:
            a = a[(a >= first) & (a <= last)]
        count = 1
        if a.size:
            width = _RULES[bins](a, (first, last))
            if width:
                if a.dtype.kind in "iu" and width < 1:
                    width = 1
                count = math.ceil(_unsigned_subtract(last, first) / width)
    elif _nx.ndim(bins) == 0:
        try:
            count = operator.index(bins)
        except TypeError:
            raise TypeError("`bins` must be an integer, a string, or an array") from None
        if count < 1:
            raise ValueError("`bins` must be positive")
        first, last = _outer_edges(a, range)
    elif _nx.ndim(bins) == 1:
        edges = asarray(bins)
        if _nx.any(edges[:-1] > edges[1:]):
            raise ValueError("`bins` must increase monotonically, when an array")
        return edges, None
    else:
        raise ValueError("`bins` must be 1d, when an array")
    dtype = _nx.result_type(first, last, a)
    if dtype.kind in "iu":
        dtype = _nx.result_type(dtype, float)
    edges = _nx.linspace(first, last, count + 1, endpoint=True, dtype=dtype)
    if _nx.any(edges[:-1] >= edges[1:]):
        raise ValueError(f"Too many bins for data range. Cannot create {count} finite-sized bins.")
    return edges, (first, last, count)


@array_function_dispatch(lambda a, bins=None, range=None, weights=None: (a, bins, weights))
def histogram_bin_edges(a: Any, bins: Any = 10, range: Any = None, weights: Any = None) -> Any:
    """
    The edges of the bins that `histogram` counts in.

    Parameters
    ----------
    a, bins, range, weights
        As for `histogram`.

    Returns
    -------
    ndarray of float

    Raises
    ------
    ValueError, TypeError
        As `histogram` does.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.histogram_bin_edges([0, 1, 4], bins=4)
    array([0., 1., 2., 3., 4.])
    """
    a, weights = _with_weights(a, weights)
    return _edges(a, bins, range, weights)[0]


def _histogram_dispatcher(a, bins=None, range=None, density=None, weights=None):
    return a, bins, weights


@array_function_dispatch(_histogram_dispatcher)
def histogram(
    a: Any, bins: Any = 10, range: Any = None, density: bool | None = None, weights: Any = None
) -> tuple[Any, Any]:
    """
    How many values lie in each bin.

    Parameters
    ----------
    a : array_like
        The values.
    bins : int, array_like or str
        How many bins of equal width; or their edges, increasing; or a rule for the width: ``'auto'``, ``'fd'``,
        ``'doane'``, ``'scott'``, ``'stone'``, ``'rice'``, ``'sturges'``, ``'sqrt'``.
    range : (float, float), optional
        Between which ends bins lie; by default the smallest and the largest value. Values elsewhere are not counted.
    density : bool, optional
        Divide by the number of values and by the width of the bin.
    weights : array_like, optional
        What each value counts, of the shape of `a`.

    Returns
    -------
    hist : ndarray
        The counts.
    bin_edges : ndarray
        The edges, one more. A bin contains its left edge, the last one both.

    Raises
    ------
    ValueError
        If bins, range or weights make no sense.
    TypeError
        For bins of other types, and for a rule together with weights.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.histogram([1, 2, 1], bins=[0, 1, 2, 3])
    (array([0, 2, 1]), array([0, 1, 2, 3]))
    """
    a, weights = _with_weights(a, weights)
    edges, uniform = _edges(a, bins, range, weights)
    simple = weights is None or weights.dtype.kind == "c" or _nx.can_cast(weights.dtype, "f8")
    if uniform is not None and simple:
        counts = _count_uniform(a, weights, edges, *uniform)
    else:
        counts = _count_by_bisection(a, weights, edges)
    if density:
        return counts / asarray(diff(edges), dtype=float) / counts.sum(), edges
    return counts, edges


def _blocks(size: int) -> Any:
    start = 0
    while start < size:
        yield slice(start, start + _BLOCK)
        start += _BLOCK


def _count_uniform(a: Any, weights: Any, edges: Any, first: Any, last: Any, count: int) -> Any:
    total = _nx.zeros(count, "p" if weights is None else weights.dtype)
    width = _unsigned_subtract(last, first)
    for block in _blocks(len(a)):
        values = a[block]
        weight = None if weights is None else weights[block]
        inside = (values >= first) & (values <= last)
        if not inside.all():
            values = values[inside]
            weight = None if weight is None else weight[inside]
        values = values.astype(edges.dtype, copy=False)
        places = (_unsigned_subtract(values, first) / width * count).astype("p")
        places[places == count] -= 1  # the last bin has its right edge
        # Rounding may have gone past an edge.
        places[values < edges[places]] -= 1
        places[(values >= edges[places + 1]) & (places != count - 1)] += 1
        if total.dtype.kind == "c":
            total.real += _nx.bincount(places, weights=weight.real, minlength=count)
            total.imag += _nx.bincount(places, weights=weight.imag, minlength=count)
        else:
            total += _nx.bincount(places, weights=weight, minlength=count).astype(total.dtype)
    return total


def _count_by_bisection(a: Any, weights: Any, edges: Any) -> Any:
    below = _nx.zeros(edges.shape, "p" if weights is None else weights.dtype)
    for block in _blocks(len(a)):
        values = a[block]
        if weights is None:
            below += _inclusive(_nx.sort(values), edges)
            continue
        order = values.argsort()
        sums = _nx.concatenate((_nx.zeros(1, weights.dtype), weights[block][order].cumsum()))
        below += sums[_inclusive(values[order], edges)]
    return diff(below)


def _inclusive(values: Any, edges: Any) -> Any:
    """How many sorted values lie below each edge; those at the last edge count as below."""
    return _nx.concatenate((values.searchsorted(edges[:-1], "left"), values.searchsorted(edges[-1:], "right")))


def _histogramdd_dispatcher(sample, bins=None, range=None, density=None, weights=None):
    if hasattr(sample, "shape"):
        yield sample
    else:
        yield from sample
    with contextlib.suppress(TypeError):
        yield from bins
    yield weights


@array_function_dispatch(_histogramdd_dispatcher)
def histogramdd(
    sample: Any, bins: Any = 10, range: Any = None, density: bool | None = None, weights: Any = None
) -> tuple[Any, tuple[Any, ...]]:
    """
    How many points lie in each cell of a grid.

    Parameters
    ----------
    sample : ndarray, shape (N, D), or sequence of D array_likes
        The points: a row for each, or the coordinates along each axis.
    bins : int or sequence of int or array_like
        How many bins of equal width along each axis, or their edges; or one number for all.
    range : sequence of (float, float) or None, optional
        For each axis the ends that bins lie between; points elsewhere are not counted.
    density : bool, optional
        Divide by the number of points and by the volume of the cell.
    weights : array_like, shape (N,), optional
        What each point counts.

    Returns
    -------
    H : ndarray of float
        The counts.
    edges : tuple of ndarray
        The edges along each axis.

    Raises
    ------
    ValueError, TypeError
        If bins or range make no sense.

    Examples
    --------
    >>> import wasmnp as np
    >>> counts, edges = np.histogramdd(np.array([[0.0, 0.0], [1.0, 1.0]]), bins=2)
    >>> counts
    array([[1., 0.],
           [0., 1.]])
    """
    try:
        _, axes = sample.shape
    except (AttributeError, ValueError):
        sample = _nx.atleast_2d(sample).T
        _, axes = sample.shape
    weights = None if weights is None else asarray(weights)
    try:
        if len(bins) != axes:
            raise ValueError("The dimension of bins must be equal to the dimension of the sample x.")
    except TypeError:
        bins = axes * [bins]
    if range is None:
        range = (None,) * axes
    elif len(range) != axes:
        raise ValueError("range argument must have one entry per dimension")
    edges = [_axis_edges(number, sample[:, number], one, range[number]) for number, one in enumerate(bins)]
    places = []
    for number, one in enumerate(edges):
        place = one.searchsorted(sample[:, number], side="right")
        place[sample[:, number] == one[-1]] -= 1  # the last bin has its right edge
        places.append(place)
    # One more bin at each end for the points outside.
    shape = tuple(len(one) + 1 for one in edges)
    cells = _nx.ravel_multi_index(tuple(places), shape)
    counts = _nx.bincount(cells, weights, minlength=math.prod(shape)).reshape(shape)
    counts = counts.astype(float, casting="safe")[axes * (slice(1, -1),)]
    if density:
        total = counts.sum()
        for number, one in enumerate(edges):
            counts = counts / diff(one).reshape((-1,) + (1,) * (axes - number - 1))
        counts /= total
    return counts, tuple(edges)


def _axis_edges(number: int, values: Any, bins: Any, range: Any) -> Any:
    if _nx.ndim(bins) == 0:
        if bins < 1:
            raise ValueError(f"`bins[{number}]` must be positive, when an integer")
        first, last = _outer_edges(values, range)
        try:
            count = operator.index(bins)
        except TypeError as error:
            raise TypeError(f"`bins[{number}]` must be an integer, when a scalar") from error
        return _nx.linspace(first, last, count + 1)
    if _nx.ndim(bins) != 1:
        raise ValueError(f"`bins[{number}]` must be a scalar or 1d array")
    edges = asarray(bins)
    if _nx.any(edges[:-1] > edges[1:]):
        raise ValueError(f"`bins[{number}]` must be monotonically increasing, when an array")
    return edges
