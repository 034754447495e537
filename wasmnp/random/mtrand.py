"""RandomState, whose streams never change, and the functions of the one that the module keeps."""

from __future__ import annotations

from typing import Any

from .. import _native
from .._core._multiarray_umath import array, asarray, empty, ndarray, zeros
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
from .bit_generator import MT19937

_PUBLIC = (
    "choice get_state normal permutation rand randint randn random random_integers random_sample ranf sample seed "
    "set_state shuffle standard_normal uniform"
)


class RandomState:
    """
    Random numbers of the streams that NumPy has frozen.

    Parameters
    ----------
    seed : None, int, array_like of int, or a bit generator

    Examples
    --------
    >>> import wasmnp as np
    >>> np.random.RandomState(0).randint(10, size=5)
    array([5, 0, 3, 3, 7])
    """

    def __init__(self, seed: Any = None) -> None:
        if hasattr(seed, "_state"):
            self._bits = seed
        else:
            self._bits = MT19937(0)
            self._bits._legacy_seeding(seed)
        self._kept = zeros(2, "f8")

    def __repr__(self) -> str:
        return f"RandomState({type(self._bits).__name__}) at 0x{id(self):X}"

    def __str__(self) -> str:
        return f"RandomState({type(self._bits).__name__})"

    def __getstate__(self) -> dict[str, Any]:
        return self.get_state(legacy=False)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.set_state(state)

    def __reduce__(self) -> tuple[Any, ...]:
        return RandomState, (0,), self.get_state(legacy=False)

    @property
    def _state(self) -> ndarray:
        return self._bits._state

    def seed(self, seed: Any = None) -> None:
        """Start the stream of a seed: an integer below 2**32, or an array of them."""
        if not isinstance(self._bits, MT19937):
            raise TypeError("can only re-seed a MT19937 BitGenerator")
        self._bits._legacy_seeding(seed)
        self._kept[:] = 0

    def get_state(self, legacy: bool = True) -> Any:
        """The state as a dictionary or, `legacy`, as a tuple."""
        state = self._bits.state
        has_gauss, gauss = int(self._kept[0]), float(self._kept[1])
        if legacy:
            return state["bit_generator"], state["state"]["key"], state["state"]["pos"], has_gauss, gauss
        return {**state, "has_gauss": has_gauss, "gauss": gauss}

    def set_state(self, state: Any) -> None:
        """Continue from a state that `get_state` gave."""
        if isinstance(state, dict):
            self._bits.state = {name: state[name] for name in state if name not in ("has_gauss", "gauss")}
            self._kept[:] = [state.get("has_gauss", 0), state.get("gauss", 0.0)]
            return
        if not isinstance(state, (tuple, list)):
            raise TypeError("state must be a dict or a tuple.")
        if state[0] != "MT19937":
            raise ValueError("set_state can only be used with legacy MT19937 state instances.")
        self._bits.state = tuple(state[:3])
        self._kept[:] = [state[3], state[4]] if len(state) > 3 else 0

    def random_sample(self, size: Any = None) -> Any:
        """Floats in ``[0, 1)``."""
        return filled(size, lambda out: _native._random_doubles(self._state, out))

    def random(self, size: Any = None) -> Any:
        """Floats in ``[0, 1)``."""
        return self.random_sample(size)

    def rand(self, *args: int) -> Any:
        """Floats in ``[0, 1)`` of the shape of the arguments."""
        return self.random_sample(args if args else None)

    def standard_normal(self, size: Any = None) -> Any:
        """Normal numbers of mean 0 and standard deviation 1."""
        return filled(size, lambda out: _native._random_polar_normals(self._state, self._kept, out))

    def randn(self, *args: int) -> Any:
        """Normal numbers of the shape of the arguments."""
        return self.standard_normal(args if args else None)

    def normal(self, loc: Any = 0.0, scale: Any = 1.0, size: Any = None) -> Any:
        """Normal numbers of mean `loc` and standard deviation `scale`."""
        return normals(self.standard_normal, loc, scale, size)

    def uniform(self, low: Any = 0.0, high: Any = 1.0, size: Any = None) -> Any:
        """Floats in ``[low, high)``."""
        first, last = asarray(low, dtype="f8"), asarray(high, dtype="f8")
        span = last - first
        if not ((span - span) == 0).all():
            raise OverflowError("Range exceeds valid bounds")
        return moved_and_scaled(self.random_sample, first, span, size)

    def randint(self, low: Any, high: Any = None, size: Any = None, dtype: Any = int) -> Any:
        """Integers in ``[low, high)``, or below `low` where `high` is not given."""
        return bounded_integers(self._state, low, high, size, dtype, masked=True, endpoint=False)

    def random_integers(self, low: Any, high: Any = None, size: Any = None) -> Any:
        """Integers in ``[low, high]``; deprecated."""
        import warnings

        if high is None:
            low, high = 1, low
        warnings.warn(
            f"This function is deprecated. Please call randint({low}, {high} + 1) instead",
            DeprecationWarning,
            stacklevel=2,
        )
        return self.randint(low, int(high) + 1, size=size, dtype="l")

    def shuffle(self, x: Any) -> None:
        """Put the items of an array or a list in a random order."""
        shuffle_in_place(self._state, x, 0, masked=True)

    def permutation(self, x: Any) -> ndarray:
        """The numbers below `x`, or a copy of the items of `x`, in a random order."""
        if isinstance(x, int) or (hasattr(x, "__index__") and not isinstance(x, ndarray)):
            return shuffled_order(self._state, int(x), 1, masked=True).astype("l", copy=False)
        items = asarray(x)
        if items.ndim == 0:
            raise IndexError("x must be an integer or at least 1-dimensional")
        return items[shuffled_order(self._state, items.shape[0], 1, masked=True)]

    def choice(self, a: Any, size: Any = None, replace: bool = True, p: Any = None) -> Any:
        """Items of `a`, or numbers below it, drawn evenly or with the probabilities `p`."""
        items, population = population_of(a, size, replace)
        count = 1 if size is None else int(empty(size, "?").size)
        if population == 0 and count:
            raise ValueError("'a' cannot be empty unless no samples are taken")
        if not replace and count > population:
            raise ValueError("Cannot take a larger sample than population when 'replace=False'")
        if p is not None:
            chosen = chosen_with_weights(lambda n: asarray(self.random_sample(n)), population, size, replace, p)
        elif replace:
            chosen = array(self.randint(0, population, size=size, dtype="i8"))
        else:
            chosen = self.permutation(population)[:count].reshape(() if size is None else size)
        if items is None:
            return int(chosen) if size is None else chosen.astype("l", copy=False)
        return items[int(chosen)] if size is None else items[chosen]

    ranf = sample = random_sample


_rand = RandomState()
globals().update({name: getattr(_rand, name) for name in _PUBLIC.split()})


def get_state(legacy: bool = True) -> Any:
    """The state of the module's own stream, as ``RandomState.get_state``."""
    return _rand.get_state(legacy)


__all__ = ["RandomState", *_PUBLIC.split()]
