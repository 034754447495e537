"""Arrays with a margin."""

from __future__ import annotations

from typing import Any

from .. import _core as _nx
from .._core._multiarray_umath import arange, array, asarray
from .._core.overrides import array_function_dispatch
from ._index_tricks_impl import ndindex
from ._quantile_impl import median
from ._stride_tricks_impl import broadcast_to

__all__ = ["pad"]


def _as_pairs(x: Any, ndim: int, as_index: bool = False) -> Any:
    """
    A pair of values for each axis.

    Parameters
    ----------
    x : None, scalar or array_like
        Broadcast to the shape (ndim, 2).
    ndim : int
        How many axes there are.
    as_index : bool
        Round to integers, which must not be negative.

    Returns
    -------
    nested sequence, shape (ndim, 2)
    """
    if x is None:
        return ((None, None),) * ndim
    x = array(x)
    if as_index:
        x = asarray(_nx.round(x)).astype("p", copy=False)
        if x.size and x.min() < 0:
            raise ValueError("index can't contain negative values")
    return broadcast_to(x, (ndim, 2)).tolist()


def _at(axis: int, key: Any) -> tuple[Any, ...]:
    return (*(slice(None),) * axis, key)


def _mirrored(source: Any, axis: int, left: int, right: int, edge_twice: bool, odd: bool) -> Any:
    """Elements reflected at the ends as often as needed; `odd`: through the end point instead."""
    n = source.shape[axis]
    places = arange(-left, n + right)
    if n == 1 and not edge_twice:
        return source.take(_nx.zeros(places.size, "p"), axis)
    period = 2 * n if edge_twice else 2 * (n - 1)
    turn, place = places // period, places % period
    back = place >= n
    place = _nx.where(back, period - edge_twice - place, place)
    result = source.take(place, axis)
    if odd:
        first, last = source[_at(axis, slice(0, 1))], source[_at(axis, slice(-1, None))]
        across = (-1,) + (1,) * (source.ndim - axis - 1)
        turn, back = turn.reshape(across), back.reshape(across)
        # Two reflections, at both ends, are a shift; so whole periods add up.
        result = _nx.where(back, 2 * last - result, result) + (2 * (last - first)) * turn.astype(source.dtype)
    return result.astype(source.dtype, copy=False)


def _taken(source: Any, axis: int, left: int, right: int, mode: str, options: dict[str, Any]) -> Any:
    if mode in ("reflect", "symmetric"):
        odd = options.get("reflect_type", "even") == "odd"
        return _mirrored(source, axis, left, right, mode == "symmetric", odd)
    return source.take(arange(-left, source.shape[axis] + right) % source.shape[axis], axis)


def _one_turn(source: Any, widths: list[list[int]], mode: str) -> Any:
    """Margins that are no wider than the elements: pieces of them, which are copied faster than element by element."""
    result, inside = _framed(source, widths)
    for axis, (left, right) in enumerate(widths):
        n = source.shape[axis]
        end = left + n
        before, behind = {
            "edge": (slice(left, left + 1), slice(end - 1, end)),
            "wrap": (slice(n, n + left), slice(left, left + right)),
            "reflect": (slice(2 * left, left, -1), slice(end - 2, end - 2 - right if end - 2 >= right else None, -1)),
            "symmetric": (
                slice(2 * left - 1, left - 1 if left else None, -1),
                slice(end - 1, end - 1 - right if end - 1 >= right else None, -1),
            ),
        }[mode]
        # Later axes are not yet wider than the elements.
        view = result[(*_at(axis, slice(None)), *inside[axis + 1 :])]
        if left:
            view[_at(axis, slice(0, left))] = view[_at(axis, before)]
        if right:
            view[_at(axis, slice(end, None))] = view[_at(axis, behind)]
    return result


_STATISTICS = {"maximum": "amax", "minimum": "amin", "mean": "mean", "median": "median"}


def _statistic(source: Any, axis: int, mode: str, lengths: Any) -> list[Any]:
    """The statistic of the elements at both ends."""
    n = source.shape[axis]
    result = []
    for length, key in zip(lengths, (slice, lambda count: slice(n - count, n)), strict=True):
        length = n if length is None else min(length, n)
        if length == 0 and mode in ("maximum", "minimum"):
            raise ValueError("stat_length of 0 yields no value for padding")
        chunk = source[_at(axis, key(length))]
        find = median if mode == "median" else getattr(_nx, _STATISTICS[mode])
        value = asarray(find(chunk, axis=axis, keepdims=True))
        if source.dtype.kind in "iu" and value.dtype.kind == "f":
            value = _nx.rint(value)
        result.append(value.astype(source.dtype, copy=False))
    return result


def _margins(source: Any, axis: int, widths: Any, mode: str, pairs: list[Any]) -> tuple[Any, Any]:
    """What comes before and behind the elements along an axis."""
    if mode == "linear_ramp":
        edges = source[_at(axis, 0)], source[_at(axis, -1)]
        ramps = [
            _nx.linspace(end, edge, num=width, endpoint=False, dtype=source.dtype, axis=axis)
            for end, edge, width in zip(pairs[axis], edges, widths, strict=True)
        ]
        return ramps[0], ramps[1][_at(axis, slice(None, None, -1))]
    values = _statistic(source, axis, mode, pairs[axis])
    left, right = (
        broadcast_to(value, (*source.shape[:axis], width, *source.shape[axis + 1 :]))
        for value, width in zip(values, widths, strict=True)
    )
    return left, right


_OPTIONS: dict[str, list[str]] = {
    "empty": [],
    "edge": [],
    "wrap": [],
    "constant": ["constant_values"],
    "linear_ramp": ["end_values"],
    "maximum": ["stat_length"],
    "mean": ["stat_length"],
    "median": ["stat_length"],
    "minimum": ["stat_length"],
    "reflect": ["reflect_type"],
    "symmetric": ["reflect_type"],
}


def _widths(pad_width: Any, ndim: int) -> list[list[int]]:
    if isinstance(pad_width, dict):
        pairs = [(0, 0)] * ndim
        for axis, width in pad_width.items():
            pairs[axis] = width if isinstance(width, tuple) else (width, width)
        pad_width = pairs
    pad_width = asarray(pad_width)
    if pad_width.dtype.kind not in "iu":
        raise TypeError("`pad_width` must be of integral type.")
    return _as_pairs(pad_width, ndim, as_index=True)


def _framed(source: Any, widths: list[list[int]]) -> tuple[Any, tuple[slice, ...]]:
    """A new array with the elements inside a margin that is not written, and where they are."""
    shape = [left + n + right for n, (left, right) in zip(source.shape, widths, strict=True)]
    inside = tuple(slice(left, left + n) for n, (left, _) in zip(source.shape, widths, strict=True))
    result = _nx.empty(shape, dtype=source.dtype, order="F" if source.flags.fnc else "C")
    result[inside] = source
    return result, inside


@array_function_dispatch(lambda array, pad_width, mode=None, **kwargs: (array,))
def pad(array: Any, pad_width: Any, mode: Any = "constant", **kwargs: Any) -> Any:
    """
    An array with a margin around it.

    Parameters
    ----------
    array : array_like
        The array.
    pad_width : int, (before, after), one such pair for each axis, or dict of axis to pair
        How wide the margin is.
    mode : str or callable
        ``'constant'``; ``'edge'``; ``'linear_ramp'``: straight lines to `end_values`; ``'maximum'``, ``'minimum'``,
        ``'mean'``, ``'median'`` of the `stat_length` elements at the end; ``'reflect'``: mirrored at the last element;
        ``'symmetric'``: mirrored behind it; ``'wrap'``; ``'empty'``: whatever the memory holds. A function is called
        with each 1-d part, the pair of widths, the axis and the keywords, and changes the part.
    stat_length : int or pairs, optional
        By default all elements.
    constant_values, end_values : scalar or pairs
        0 by default.
    reflect_type : {'even', 'odd'}
        Odd: the margin is twice the last element less the mirrored one.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        For other modes and options, and where an empty axis cannot be continued.
    TypeError
        If widths are not integers.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.pad([1, 2, 3], (2, 1), constant_values=9)
    array([9, 9, 1, 2, 3, 9])
    >>> np.pad([1, 2, 3], 2, mode="reflect")
    array([3, 2, 1, 2, 3, 2, 1])
    """
    source = asarray(array)
    widths = _widths(pad_width, source.ndim)
    if callable(mode):
        result, _ = _framed(source, widths)
        for axis, (left, right) in enumerate(widths):
            result[_at(axis, slice(0, left))] = 0
            result[_at(axis, slice(result.shape[axis] - right, None))] = 0
        for axis in range(source.ndim):
            lines = _nx.moveaxis(result, axis, -1)
            for place in ndindex(lines.shape[:-1]):
                mode(lines[place], tuple(widths[axis]), axis, kwargs)
        return result
    if mode not in _OPTIONS:
        raise ValueError(f"mode '{mode}' is not supported")
    unknown = set(kwargs) - set(_OPTIONS[mode])
    if unknown:
        raise ValueError(f"unsupported keyword arguments for mode '{mode}': {unknown}")
    if mode in ("constant", "empty"):
        result, inside = _framed(source, widths)
        values = _as_pairs(kwargs.get("constant_values", 0), source.ndim)
        for axis, (left, right) in enumerate(widths):
            if mode == "empty":
                break
            # Corners belong to the last axis: later ones are not yet wider than the elements.
            rest = inside[axis + 1 :]
            result[(*_at(axis, slice(0, left)), *rest)] = values[axis][0]
            result[(*_at(axis, slice(result.shape[axis] - right, None)), *rest)] = values[axis][1]
        return result
    for axis, (left, right) in enumerate(widths):
        if source.shape[axis] == 0 and (left or right):
            raise ValueError(f"can't extend empty axis {axis} using modes other than 'constant' or 'empty'")
    option = kwargs.get(_OPTIONS[mode][0]) if _OPTIONS[mode] else None
    pairs = []
    if mode == "linear_ramp":
        pairs = _as_pairs(0 if option is None else option, source.ndim)
    elif mode in _STATISTICS:
        pairs = _as_pairs(option, source.ndim, as_index=True)
    if source.size == 0:
        return _framed(source, widths)[0]
    narrow = all(max(width) < n for n, width in zip(source.shape, widths, strict=True))
    if mode == "edge" or (
        mode in ("wrap", "reflect", "symmetric") and narrow and kwargs.get("reflect_type", "even") == "even"
    ):
        return _one_turn(source, widths, mode)
    result = source.copy()
    for axis, (left, right) in enumerate(widths):
        if mode in ("wrap", "reflect", "symmetric"):
            result = _taken(result, axis, left, right, mode, kwargs) if left or right else result
        else:
            before, behind = _margins(result, axis, (left, right), mode, pairs)
            result = _nx.concatenate((before, result, behind), axis=axis)
    return result.copy("F") if source.flags.fnc else result
