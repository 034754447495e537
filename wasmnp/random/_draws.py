"""What both kinds of generators draw with: shapes, bounds, orders and choices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import _native
from .._core._multiarray_umath import arange, array, asarray, dtype, empty, ndarray

# The bounds of the integer types, low and one past high.
_BOUNDS = {
    code: (-(1 << bits - 1), 1 << bits - 1) if code in "bhilq" else (0, 1 << bits)
    for code, bits in ((c, 8 * dtype(c).itemsize if c != "?" else 1) for c in "?bBhHiIlLqQ")
}


def filled(size: Any, fill: Callable[[ndarray], Any], kind: str = "f8") -> Any:
    """An array of a size that a function fills; a Python number without a size."""
    out = empty(() if size is None else size, kind)
    fill(out)
    return out.item() if size is None else out


def broadcast_size(size: Any, *parameters: ndarray) -> Any:
    """The shape of draws whose parameters are arrays, which has to hold them."""
    from ..lib._stride_tricks_impl import broadcast_shapes

    shape = broadcast_shapes(*(parameter.shape for parameter in parameters))
    if size is None:
        return shape
    size = (size,) if isinstance(size, int) else tuple(size)
    if broadcast_shapes(size, shape) != size:
        raise ValueError(f"Output size {size} is not compatible with broadcast dimensions of inputs {shape}.")
    return size


def moved_and_scaled(draw: Callable[[Any], Any], start: ndarray, width: ndarray, size: Any) -> Any:
    """Draws of a standard distribution times `width`, from `start` on; their shapes and that of the draws broadcast."""
    if start.ndim or width.ndim:
        return start + width * draw(broadcast_size(size, start, width))
    return float(start) + float(width) * draw(size)


def normals(draw: Callable[[Any], Any], loc: Any, scale: Any, size: Any) -> Any:
    """Normal numbers from draws of mean 0 and standard deviation 1."""
    centre, width = asarray(loc, dtype="f8"), asarray(scale, dtype="f8")
    if (width < 0).any() or (width != width).any():
        raise ValueError("scale < 0")
    return moved_and_scaled(draw, centre, width, size)


def bounded_integers(state: ndarray, low: Any, high: Any, size: Any, kind: Any, masked: bool, endpoint: bool) -> Any:
    """Integers of a type in ``[low, high)``, or ``[low, high]`` with `endpoint`."""
    is_python = kind is int or kind is bool
    own = dtype(kind)
    if own.char not in _BOUNDS:
        raise TypeError(f"Unsupported dtype {own!r} for randint")
    if not own.isnative:
        raise ValueError(f"Providing a dtype with a non-native byteorder is not supported: {own!r}")
    if high is None:
        low, high = 0, low
    least, beyond = _BOUNDS[own.char]
    lows, highs = asarray(low), asarray(high)
    if lows.ndim == 0 and highs.ndim == 0:
        first, last = _whole(low), _whole(high) - (not endpoint)
        _check_bounds(first, last, least, beyond, endpoint)
        out = empty(() if size is None else size, own)
        _draw(state, out, first, last - first, masked)
        return (out.item() if is_python else out[()]) if size is None else out
    shape = broadcast_size(size, lows, highs)
    out = empty(shape, own)
    from ..lib._stride_tricks_impl import broadcast_to

    flat = out.reshape(-1)
    pairs = zip(
        broadcast_to(lows, shape).reshape(-1).tolist(), broadcast_to(highs, shape).reshape(-1).tolist(), strict=True
    )
    for i, (first, last) in enumerate(pairs):
        first, last = _whole(first), _whole(last) - (not endpoint)
        _check_bounds(first, last, least, beyond, endpoint)
        _draw(state, flat[i : i + 1], first, last - first, masked)
    return out


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else int(value)


def _check_bounds(first: int, last: int, least: int, beyond: int, endpoint: bool) -> None:
    if first < least:
        raise ValueError(f"low is out of bounds: {first} is below {least}")
    if last >= beyond:
        raise ValueError(f"high is out of bounds: {last} is above {beyond - 1}")
    if first > last:
        raise ValueError(f"low {'>' if endpoint else '>='} high")


def _draw(state: ndarray, out: ndarray, first: int, span: int, masked: bool) -> None:
    drawn = empty(out.shape, "u8")
    width = 1 if out.dtype.char == "?" else 8 * out.dtype.itemsize
    if width <= 16:
        _native._random_narrow_integers(state, drawn, span, masked, width)
    else:
        _native._random_integers(state, drawn, span, masked)
    if out.dtype.char == "?":
        out[...] = drawn + first != 0
    else:
        # Modulo 2**64, which wraps where the bounds are negative.
        drawn += first & 0xFFFFFFFFFFFFFFFF
        out[...] = drawn.astype(out.dtype)


def shuffled_order(state: ndarray, count: int, first: int, masked: bool) -> ndarray:
    """The numbers below `count` in a random order, from place `first` on."""
    order = arange(count, dtype="i8")
    _native._random_shuffle(state, order, max(first, 1), masked)
    return order


def shuffle_in_place(state: ndarray, x: Any, axis: int, masked: bool) -> None:
    """Put the items of an array or a list in a random order."""
    if isinstance(x, ndarray):
        if x.ndim == 0:
            raise TypeError("cannot shuffle a 0-d array")
        moved = x.swapaxes(0, axis)
        moved[...] = moved[shuffled_order(state, moved.shape[0], 1, masked)]
        return
    order = shuffled_order(state, len(x), 1, masked).tolist()
    x[:] = [x[i] for i in order]


def chosen_with_weights(draw: Callable[[Any], ndarray], population: int, size: Any, replace: bool, p: Any) -> ndarray:
    """Indices below `population`, drawn with the probabilities `p`."""
    weights = array(p, dtype="f8")
    if weights.ndim != 1:
        raise ValueError("'p' must be 1-dimensional")
    if weights.size != population:
        raise ValueError("'a' and 'p' must have same size")
    total = weights.sum()
    if total != total:
        raise ValueError("probabilities contain NaN")
    if (weights < 0).any():
        raise ValueError("probabilities are not non-negative")
    if abs(total - 1.0) > max(1.5e-8, 1.5e-8):
        raise ValueError("probabilities do not sum to 1")
    shape = () if size is None else size
    count = int(empty(shape, "?").size)
    if replace:
        edges = weights.cumsum()
        edges /= edges[-1]
        return asarray(edges.searchsorted(draw(size), side="right"))
    if (weights > 0).sum() < count:
        raise ValueError("Fewer non-zero entries in p than size")
    found = empty(shape, "i8").reshape(-1)
    known = 0
    while known < count:
        draws = draw((count - known,))
        if known:
            weights[found[:known]] = 0
        edges = weights.cumsum()
        edges /= edges[-1]
        places = edges.searchsorted(draws, side="right")
        from ..lib._arraysetops_impl import unique

        _, first = unique(places, return_index=True)
        first.sort()
        fresh = places[first]
        found[known : known + fresh.size] = fresh
        known += fresh.size
    return found.reshape(shape)


def population_of(a: Any, size: Any, replace: bool) -> tuple[Any, int]:
    """What is chosen from (None: the numbers themselves), and how many there are."""
    items = array(a, copy=None)
    if items.ndim == 0:
        population = int(items)
        if population <= 0 and (size is None or int(empty(size, "?").size) != 0):
            raise ValueError("a must be a positive integer unless no samples are taken")
        return None, population
    return items, items.shape[0]
