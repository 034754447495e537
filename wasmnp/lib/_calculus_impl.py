"""Differences, slopes, areas, interpolation."""

from __future__ import annotations

from typing import Any

from .. import _core as _nx
from .._core._axes import normalize_axis_index, normalize_axis_tuple
from .._core._multiarray_umath import array, asanyarray, asarray, subtract
from .._core.overrides import array_function_dispatch
from .._globals import _NoValue
from ._stride_tricks_impl import broadcast_to

__all__ = ["diff", "gradient", "interp", "trapezoid", "unwrap"]


def _diff_dispatcher(a, n=None, axis=None, prepend=None, append=None):
    return a, prepend, append


@array_function_dispatch(_diff_dispatcher)
def diff(a: Any, n: int = 1, axis: int = -1, prepend: Any = _NoValue, append: Any = _NoValue) -> Any:
    """
    Differences between neighbours along an axis; of bools whether they differ.

    Parameters
    ----------
    a : array_like
        The array.
    n : int
        How many times differences are taken.
    axis : int
        The axis, which gets shorter by `n`.
    prepend, append : array_like, optional
        What comes before and after `a`; numbers stand for one part.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If `n` is negative or `a` has no axis.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.diff([1, 2, 4, 7])
    array([1, 2, 3])
    """
    if n == 0:
        return a
    if n < 0:
        raise ValueError(f"order must be non-negative but got {n!r}")
    a = asanyarray(a)
    if a.ndim == 0:
        raise ValueError("diff requires input that is at least one dimensional")
    axis = normalize_axis_index(axis, a.ndim)
    parts = [a]
    for more, place in ((prepend, 0), (append, len(parts))):
        if more is _NoValue:
            continue
        more = asanyarray(more)
        if more.ndim == 0:
            shape = list(a.shape)
            shape[axis] = 1
            more = broadcast_to(more, tuple(shape))
        parts.insert(0 if place == 0 else len(parts), more)
    if len(parts) > 1:
        a = _nx.concatenate(parts, axis)
    before = (slice(None),) * axis
    later, earlier = (*before, slice(1, None)), (*before, slice(None, -1))
    step = _nx.not_equal if a.dtype.kind == "b" else subtract
    for _ in range(n):
        a = step(a[later], a[earlier])
    return a


def _gradient_dispatcher(f, *varargs, axis=None, edge_order=None):
    yield f
    yield from varargs


@array_function_dispatch(_gradient_dispatcher)
def gradient(f: Any, *varargs: Any, axis: Any = None, edge_order: int = 1) -> Any:
    """
    Slopes of sampled values along axes: central differences inside, one-sided ones at the ends.

    Parameters
    ----------
    f : array_like
        The values.
    *varargs : scalar or 1-d array_like, optional
        Distance of the samples, or where they are; for all axes, or for each.
    axis : int or tuple of ints, optional
        The axes; all by default.
    edge_order : {1, 2}
        Order of the differences at the ends.

    Returns
    -------
    ndarray, or tuple of ndarrays for more than one axis
        Of the shape of `f`.

    Raises
    ------
    ValueError
        If an axis has too few samples, or distances do not match it.
    TypeError
        For another number of distances.

    Notes
    -----
    Inside, at distances h and k to the neighbours, the slope is that of the parabola through the three points
    (Fornberg, Mathematics of Computation 51, 1988, gives the weights).

    Examples
    --------
    >>> import wasmnp as np
    >>> np.gradient([1.0, 2.0, 4.0, 7.0])
    array([1. , 1.5, 2.5, 3. ])
    """
    f = asanyarray(f)
    axes = tuple(range(f.ndim)) if axis is None else normalize_axis_tuple(axis, f.ndim)
    distances = _distances(f, varargs, axes)
    if edge_order > 2:
        raise ValueError("'edge_order' greater than 2 not supported")
    if f.dtype.kind in "mM":
        f = f.view(f.dtype.str.replace("M8", "m8"))
    elif f.dtype.kind not in "fcO":
        f = f.astype(float)  # differences of unsigned integers would wrap
    slopes = tuple(_slopes(f, one, h, edge_order) for one, h in zip(axes, distances, strict=True))
    return slopes[0] if len(axes) == 1 else slopes


def _distances(f: Any, given: tuple[Any, ...], axes: tuple[int, ...]) -> list[Any]:
    """For each axis the distance between samples: a scalar, or an array of all."""
    if not given:
        return [1.0] * len(axes)
    if len(given) == 1 and _nx.ndim(given[0]) == 0:
        return list(given) * len(axes)
    if len(given) != len(axes):
        raise TypeError("invalid number of arguments")
    distances: list[Any] = []
    for one, number in zip(given, axes, strict=True):
        one = asanyarray(one)
        if one.ndim == 0:
            distances.append(one)
            continue
        if one.ndim != 1:
            raise ValueError("distances must be either scalars or 1d")
        if len(one) != f.shape[number]:
            raise ValueError("when 1d, distances must match the length of the corresponding dimension")
        steps = diff(one.astype(float) if one.dtype.kind in "iu" else one)
        distances.append(steps[0] if (steps == steps[0]).all() else steps)
    return distances


def _slopes(f: Any, axis: int, h: Any, edge_order: int) -> Any:
    length = f.shape[axis]
    if length < edge_order + 1:
        raise ValueError(
            "Shape of array too small to calculate a numerical gradient, at least (edge_order + 1) elements are "
            "required."
        )

    def at(key: Any) -> tuple[Any, ...]:
        return (*(slice(None),) * axis, key)

    def across(weights: Any) -> Any:
        return weights.reshape((-1,) + (1,) * (f.ndim - axis - 1))

    result = _nx.empty_like(f)
    before, here, after = at(slice(None, -2)), at(slice(1, -1)), at(slice(2, None))
    even = _nx.ndim(h) == 0
    if even:
        result[here] = (f[after] - f[before]) / (2.0 * h)
    else:
        left, right = h[:-1], h[1:]
        weights = -right / (left * (left + right)), (right - left) / (left * right), left / (right * (left + right))
        a, b, c = (across(one) for one in weights)
        result[here] = a * f[before] + b * f[here] + c * f[after]
    first, last = (h, h) if even else (h[0], h[-1])
    if edge_order == 1:
        result[at(0)] = (f[at(1)] - f[at(0)]) / first
        result[at(-1)] = (f[at(-1)] - f[at(-2)]) / last
        return result
    if even:
        ends = ((-1.5 / h, 2.0 / h, -0.5 / h), (0.5 / h, -2.0 / h, 1.5 / h))
    else:
        p, q = h[0], h[1]
        r, s = h[-2], h[-1]
        ends = (
            (-(2.0 * p + q) / (p * (p + q)), (p + q) / (p * q), -p / (q * (p + q))),
            (s / (r * (r + s)), -(s + r) / (r * s), (2.0 * s + r) / (s * (r + s))),
        )
    for place, samples, (a, b, c) in ((0, (0, 1, 2), ends[0]), (-1, (-3, -2, -1), ends[1])):
        result[at(place)] = a * f[at(samples[0])] + b * f[at(samples[1])] + c * f[at(samples[2])]
    return result


@array_function_dispatch(lambda y, x=None, dx=None, axis=None: (y, x))
def trapezoid(y: Any, x: Any = None, dx: float = 1.0, axis: int = -1) -> Any:
    """
    Area under sampled values along an axis, by the trapezoidal rule.

    Parameters
    ----------
    y : array_like
        The values.
    x : array_like, optional
        Where they are.
    dx : scalar
        Their distance, if `x` is not given.
    axis : int
        The axis.

    Returns
    -------
    ndarray or scalar

    Examples
    --------
    >>> import wasmnp as np
    >>> np.trapezoid([1, 2, 3], x=[4, 6, 8])
    np.float64(8.0)
    """
    y = asanyarray(y)
    if x is None:
        d = dx
    else:
        x = asanyarray(x)
        if x.ndim == 1:
            d = diff(x)
            shape = [1] * y.ndim
            shape[axis] = d.shape[0]
            d = d.reshape(shape)
        else:
            d = diff(x, axis=axis)
    axis = normalize_axis_index(axis, y.ndim)
    before = (slice(None),) * axis
    left, right = y[(*before, slice(None, -1))], y[(*before, slice(1, None))]
    try:
        return (d * (right + left) / 2.0).sum(axis)
    except ValueError:
        # Subclasses may refuse the product.
        return _nx.add.reduce(asarray(d) * (asarray(right) + asarray(left)) / 2.0, axis)


@array_function_dispatch(lambda x, xp, fp, left=None, right=None, period=None: (x, xp, fp))
def interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None) -> Any:
    """
    Values between given points, on straight lines.

    Parameters
    ----------
    x : array_like
        Where.
    xp : array_like, 1-d
        Where the points are, increasing.
    fp : array_like, 1-d
        Their values, real or complex.
    left, right : float or complex, optional
        The value before the first and after the last point; by default theirs.
    period : float, optional
        Of a periodic function; `xp` need not be sorted then.

    Returns
    -------
    ndarray or float

    Raises
    ------
    ValueError
        If the points are not 1-d sequences of the same length, or the period is zero.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.interp([0, 1.5, 4], [1, 2, 3], [3, 2, 0])
    array([3. , 2.5, 0. ])
    """
    fp = asarray(fp)
    if fp.dtype.kind == "c":
        between, kind = _nx._multiarray_umath.interp_complex, complex
    else:
        between, kind = _nx._multiarray_umath.interp, float
    if period is not None:
        if period == 0:
            raise ValueError("period must be a non-zero value")
        period = abs(period)
        left = right = None
        x, xp, fp = asarray(x, dtype=float), asarray(xp, dtype=float), asarray(fp, dtype=kind)
        if xp.ndim != 1 or fp.ndim != 1:
            raise ValueError("Data points must be 1-D sequences")
        if xp.shape[0] != fp.shape[0]:
            raise ValueError("fp and xp are not of the same length")
        x, xp = x % period, xp % period
        order = xp.argsort()
        xp, fp = xp[order], fp[order]
        xp = _nx.concatenate((xp[-1:] - period, xp, xp[0:1] + period))
        fp = _nx.concatenate((fp[-1:], fp, fp[0:1]))
    return between(x, xp, fp, left, right)


@array_function_dispatch(lambda p, discont=None, axis=None, *, period=None: (p,))
def unwrap(p: Any, discont: Any = None, axis: int = -1, *, period: Any = 6.283185307179586) -> Any:
    """
    A sequence of angles without jumps: multiples of the period are added.

    Parameters
    ----------
    p : array_like
        The angles.
    discont : float, optional
        Steps up to this are left; half a period by default, which is the least.
    axis : int
        The axis that the sequence is along.
    period : float
        The period, 2 pi by default.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> np.unwrap([0, 1, 2, -1, 0], period=4)
    array([0, 1, 2, 3, 4])
    """
    p = asarray(p)
    steps = diff(p, axis=axis)
    if discont is None:
        discont = period / 2
    dtype = _nx.result_type(steps, period)
    if dtype.kind in "iu":
        high, rest = divmod(period, 2)
        ambiguous = rest == 0
    else:
        high, ambiguous = period / 2, True
    low = -high
    short = _nx.mod(steps - low, period) + low
    if ambiguous:
        # Half a period up stays half a period up.
        _nx.copyto(short, high, where=_nx.multiply(short == low, steps > 0))
    change = short - steps
    _nx.copyto(change, 0, where=abs(steps) < discont)
    result = array(p, copy=True, dtype=dtype)
    later = (*(slice(None),) * normalize_axis_index(axis, p.ndim), slice(1, None))
    result[later] = p[later] + change.cumsum(axis)
    return result
