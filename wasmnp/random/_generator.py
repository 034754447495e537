"""Generator, and default_rng, which makes one."""

from __future__ import annotations

from typing import Any

from .. import _native
from .._core._multiarray_umath import asarray, dtype, empty, ndarray
from ._draws import (
    bounded_integers,
    chosen_with_weights,
    filled,
    moved_and_scaled,
    normals,
    population_of,
    shuffle_in_place,
    shuffled_order,
)
from ._ziggurat import normal_layers
from .bit_generator import PCG64, BitGenerator, SeedSequence

__all__ = ["Generator", "default_rng"]


def _draw_normals(state: ndarray, out: ndarray) -> None:
    _native._random_normals(state, *normal_layers(), out)


class Generator:
    """
    Random numbers of a bit generator.

    Parameters
    ----------
    bit_generator : BitGenerator

    Examples
    --------
    >>> import wasmnp as np
    >>> np.random.default_rng(0).integers(10, size=5)
    array([8, 6, 5, 2, 3])
    """

    def __init__(self, bit_generator: BitGenerator) -> None:
        if not isinstance(bit_generator, BitGenerator):
            raise ValueError("Bit generator must be initialized. The expected type is BitGenerator.")
        self.bit_generator = bit_generator

    @property
    def _state(self) -> ndarray:
        return self.bit_generator._state

    def __repr__(self) -> str:
        return f"{self} at 0x{id(self):X}"

    def __str__(self) -> str:
        return f"Generator({type(self.bit_generator).__name__})"

    def spawn(self, n_children: int) -> list[Generator]:
        """Generators that are independent of this one."""
        return [type(self)(bits) for bits in self.bit_generator.spawn(n_children)]

    def random(self, size: Any = None, dtype: Any = "f8", out: Any = None) -> Any:
        """Floats in ``[0, 1)``."""
        return self._floats(size, dtype, out, _native._random_doubles)

    def standard_normal(self, size: Any = None, dtype: Any = "f8", out: Any = None) -> Any:
        """Normal numbers of mean 0 and standard deviation 1."""
        return self._floats(size, dtype, out, _draw_normals)

    def _floats(self, size: Any, kind: Any, out: Any, draw: Any) -> Any:
        if dtype(kind) != dtype("f8"):
            raise TypeError(f"Unsupported dtype {dtype(kind)!r} for random: float64 is drawn")
        if out is None:
            return filled(size, lambda array: draw(self._state, array))
        if out.dtype != dtype("f8") or not out.flags.c_contiguous or not out.flags.writeable:
            raise ValueError("Supplied output array must be contiguous, writable, aligned, and in machine byte-order.")
        if size is not None and empty(size, "?").shape != out.shape:
            raise ValueError("size must match out.shape when used together")
        draw(self._state, out)
        return out

    def normal(self, loc: Any = 0.0, scale: Any = 1.0, size: Any = None) -> Any:
        """Normal numbers of mean `loc` and standard deviation `scale`."""
        return normals(self.standard_normal, loc, scale, size)

    def uniform(self, low: Any = 0.0, high: Any = 1.0, size: Any = None) -> Any:
        """Floats in ``[low, high)``."""
        first, last = asarray(low, dtype="f8"), asarray(high, dtype="f8")
        span = last - first
        if not ((span - span) == 0).all():
            raise OverflowError("high - low range exceeds valid bounds")
        if (span < 0).any():
            raise ValueError("high < low")
        return moved_and_scaled(self.random, first, span, size)

    def integers(self, low: Any, high: Any = None, size: Any = None, dtype: Any = "i8", endpoint: bool = False) -> Any:
        """Integers in ``[low, high)``, or up to `high` with `endpoint`; below `low` where `high` is not given."""
        return bounded_integers(self._state, low, high, size, dtype, masked=False, endpoint=endpoint)

    def bytes(self, length: int) -> bytes:
        """Random bytes."""
        words = self.integers(0, 0xFFFFFFFF, size=(length - 1) // 4 + 1, dtype="u4", endpoint=True)
        return words.astype("<u4").tobytes()[:length]

    def shuffle(self, x: Any, axis: int = 0) -> None:
        """Put the items of an array or a list in a random order, in place."""
        shuffle_in_place(self._state, x, axis, masked=True)

    def permutation(self, x: Any, axis: int = 0) -> ndarray:
        """The numbers below `x`, or a copy of the items of `x`, in a random order."""
        if isinstance(x, int) or (hasattr(x, "__index__") and not isinstance(x, ndarray)):
            return shuffled_order(self._state, int(x), 1, masked=True).astype("p", copy=False)
        items = asarray(x)
        order = shuffled_order(self._state, items.shape[axis], 1, masked=True)
        return items.swapaxes(0, axis)[order].swapaxes(0, axis)

    def choice(
        self, a: Any, size: Any = None, replace: bool = True, p: Any = None, axis: int = 0, shuffle: bool = True
    ) -> Any:
        """Items of `a` along an axis, or numbers below it, drawn evenly or with the probabilities `p`."""
        items, population = population_of(a, size, replace)
        if items is not None:
            population = items.shape[axis]
        count = 1 if size is None else int(empty(size, "?").size)
        if population == 0 and count:
            raise ValueError("a cannot be empty unless no samples are taken")
        if not replace and count > population:
            raise ValueError("Cannot take a larger sample than population when replace is False")
        if p is not None:
            chosen = chosen_with_weights(lambda n: asarray(self.random(n)), population, size, replace, p)
        elif replace:
            chosen = asarray(self.integers(0, population, size=size))
        else:
            chosen = self._without_repeats(population, count, shuffle).reshape(() if size is None else size)
        if items is None:
            return int(chosen) if size is None else chosen.astype("i8", copy=False)
        return items.take(int(chosen) if size is None else chosen, axis=axis)

    def _without_repeats(self, population: int, count: int, shuffle: bool) -> ndarray:
        if population > 10000 and count > population // (50 if shuffle else 20):
            return shuffled_order(self._state, population, max(population - count, 1), masked=False)[
                population - count :
            ].copy()
        # Floyd's algorithm (Bentley, "Programming pearls: a sample of brilliance", 1987).
        chosen = empty(count, "i8")
        seen: set[int] = set()
        for place, last in enumerate(range(population - count, population)):
            value = int(self.integers(0, last, endpoint=True))
            if value in seen:
                value = last
            seen.add(value)
            chosen[place] = value
        if shuffle:
            _native._random_shuffle(self._state, chosen, 1, False)
        return chosen


def default_rng(seed: Any = None) -> Generator:
    """
    A generator of random numbers with NumPy's default bits, PCG64.

    Parameters
    ----------
    seed : None, int, sequence of int, SeedSequence, BitGenerator, Generator or RandomState
        A generator is returned as it is.

    Returns
    -------
    Generator

    Examples
    --------
    >>> import wasmnp as np
    >>> float(np.random.default_rng(0).random())
    0.6369616873214543
    """
    if isinstance(seed, Generator):
        return seed
    if isinstance(seed, BitGenerator):
        return Generator(seed)
    if isinstance(seed, SeedSequence) or not hasattr(seed, "_bits"):
        return Generator(PCG64(seed))
    return Generator(seed._bits)
