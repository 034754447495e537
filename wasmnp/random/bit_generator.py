"""Seeds and bit generators."""

from __future__ import annotations

import secrets
import threading
from typing import Any

from .. import _native
from .._core._multiarray_umath import array, asarray, empty, ndarray, zeros

__all__ = ["MT19937", "PCG64", "BitGenerator", "SeedSequence"]

_WORD = 0xFFFFFFFF


def _words_of(value: Any) -> list[int]:
    """An integer, or a sequence of them, as words of 32 bits, the lowest first."""
    if isinstance(value, str):
        if value.startswith("0x"):
            value = int(value, 16)
        elif value.isdigit():
            value = int(value)
        else:
            raise ValueError("unrecognized seed string")
    if hasattr(value, "__index__") and not (isinstance(value, ndarray) and value.ndim):
        value = int(value)
        if value < 0:
            raise ValueError("expected non-negative integer")
        words = [value & _WORD]
        while value := value >> 32:
            words.append(value & _WORD)
        return words
    if isinstance(value, float):
        raise TypeError("seed must be integer")
    return [word for item in value for word in _words_of(item)]


class SeedSequence:
    """
    Mixes entropy into seeds of any length, and spawns independent sequences (O'Neill's ``seed_seq_fe``, 2015).

    Parameters
    ----------
    entropy : int or sequence of int, optional
        From the operating system where it is not given.
    spawn_key : sequence of int
        What tells spawned sequences apart.
    pool_size : int
        Words of 32 bits that entropy is mixed in, at least 4.
    n_children_spawned : int
        How many sequences were spawned before.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.random.SeedSequence(7).generate_state(2).tolist()
    [1001303857, 3138120894]
    """

    def __init__(
        self, entropy: Any = None, *, spawn_key: Any = (), pool_size: int = 4, n_children_spawned: int = 0
    ) -> None:
        if pool_size < 4:
            raise ValueError(f"The size of the entropy pool should be at least 4, not {pool_size}")
        if isinstance(entropy, (str, float)):
            raise TypeError(f"SeedSequence expects int or sequence of ints for entropy not {entropy!r}")
        if entropy is None:
            entropy = secrets.randbits(pool_size * 32)
        self.entropy = entropy
        self.spawn_key = tuple(spawn_key)
        self.pool_size = pool_size
        self.n_children_spawned = n_children_spawned
        run = _words_of(entropy)
        if self.spawn_key and len(run) < pool_size:
            run += [0] * (pool_size - len(run))
        run += _words_of(self.spawn_key)
        self._pool = self._mixed(run)

    def _mixed(self, entropy: list[int]) -> list[int]:
        constant = 0x43B0D7E5

        def hashed(value: int) -> int:
            nonlocal constant
            value ^= constant
            constant = constant * 0x931E8875 & _WORD
            value = value * constant & _WORD
            return value ^ value >> 16

        def mixed(x: int, y: int) -> int:
            result = (0xCA01F9DD * x - 0x4973F715 * y) & _WORD
            return result ^ result >> 16

        size = self.pool_size
        pool = [hashed(entropy[i] if i < len(entropy) else 0) for i in range(size)]
        for source in range(size):
            for target in range(size):
                if source != target:
                    pool[target] = mixed(pool[target], hashed(pool[source]))
        for source in range(size, len(entropy)):
            for target in range(size):
                pool[target] = mixed(pool[target], hashed(entropy[source]))
        return pool

    @property
    def pool(self) -> ndarray:
        """The mixed entropy, as uint32."""
        return array(self._pool, dtype="u4")

    @property
    def state(self) -> dict[str, Any]:
        """What the sequence was made of."""
        names = ("entropy", "spawn_key", "pool_size", "n_children_spawned")
        return {name: getattr(self, name) for name in names if getattr(self, name)}

    def __repr__(self) -> str:
        lines = [f"SeedSequence(\n    entropy={self.entropy!r},"]
        if self.spawn_key:
            lines.append(f"    spawn_key={self.spawn_key!r},")
        if self.pool_size != 4:
            lines.append(f"    pool_size={self.pool_size!r},")
        if self.n_children_spawned:
            lines.append(f"    n_children_spawned={self.n_children_spawned!r},")
        return "\n".join([*lines, ")"])

    def generate_state(self, n_words: int, dtype: Any = "u4") -> ndarray:
        """Words of 32 or, with ``dtype="u8"``, 64 bits."""
        kind = empty(0, dtype).dtype
        if kind.kind != "u" or kind.itemsize not in (4, 8):
            raise ValueError("only support uint32 or uint64")
        count = n_words * (kind.itemsize // 4)
        constant = 0x8B51F9DD
        words = []
        for i in range(count):
            value = self._pool[i % self.pool_size] ^ constant
            constant = constant * 0x58F38DED & _WORD
            value = value * constant & _WORD
            words.append(value ^ value >> 16)
        state = array(words, dtype="<u4")
        return state if kind.itemsize == 4 else state.view("<u8").astype("u8")

    def spawn(self, n_children: int) -> list[SeedSequence]:
        """Sequences that are independent of this one and of each other."""
        first = self.n_children_spawned
        children = [
            SeedSequence(self.entropy, spawn_key=(*self.spawn_key, i), pool_size=self.pool_size)
            for i in range(first, first + n_children)
        ]
        self.n_children_spawned += n_children
        return children


class BitGenerator:
    """
    Base of the sources of random bits.

    Parameters
    ----------
    seed : None, int, sequence of int or SeedSequence
    """

    _state: ndarray

    def __init__(self, seed: Any = None) -> None:
        if type(self) is BitGenerator:
            raise NotImplementedError("BitGenerator is a base class and cannot be instantized")
        self.lock = threading.RLock()
        self.seed_seq = seed if hasattr(seed, "generate_state") else SeedSequence(seed)

    def random_raw(self, size: Any = None, output: bool = True) -> Any:
        """Words of 64 bits as they come (of 32 from generators that have no more)."""
        out = empty(() if size is None else size, "u8")
        _native._random_words(self._state, out)
        if not output:
            return None
        return int(out) if size is None else out

    def spawn(self, n_children: int) -> list[BitGenerator]:
        """Generators of the same kind that are independent of this one."""
        return [type(self)(seed) for seed in self.seed_seq.spawn(n_children)]

    def __getstate__(self) -> tuple[dict[str, Any], SeedSequence]:
        return self.state, self.seed_seq

    def __setstate__(self, state: tuple[dict[str, Any], SeedSequence]) -> None:
        self.state, self.seed_seq = state

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (0,), self.__getstate__()

    state: Any


class PCG64(BitGenerator):
    """
    O'Neill's generator of 128 bits of state, the one of ``default_rng``.

    Parameters
    ----------
    seed : None, int, sequence of int or SeedSequence

    Examples
    --------
    >>> import wasmnp as np
    >>> float(np.random.Generator(np.random.PCG64(7)).random())
    0.625095466604667
    """

    def __init__(self, seed: Any = None) -> None:
        super().__init__(seed)
        self._state = zeros(6, "u8")
        _native._random_seed_pcg64(self._state, self.seed_seq.generate_state(4, "u8"))

    @property
    def state(self) -> dict[str, Any]:
        """The numbers that the next draw follows from."""
        high, low, increment_high, increment_low, has_half, half = self._state.tolist()
        return {
            "bit_generator": type(self).__name__,
            "state": {"state": high << 64 | low, "inc": increment_high << 64 | increment_low},
            "has_uint32": has_half,
            "uinteger": half,
        }

    @state.setter
    def state(self, value: dict[str, Any]) -> None:
        if not isinstance(value, dict):
            raise TypeError("state must be a dict")
        if value.get("bit_generator", "") != type(self).__name__:
            raise ValueError(f"state must be for a {type(self).__name__} RNG")
        state, increment = value["state"]["state"], value["state"]["inc"]
        low = (1 << 64) - 1
        self._state[:] = [
            state >> 64,
            state & low,
            increment >> 64,
            increment & low,
            value["has_uint32"],
            value["uinteger"],
        ]


class MT19937(BitGenerator):
    """
    The Mersenne twister, the generator of ``RandomState``.

    Parameters
    ----------
    seed : None, int, sequence of int or SeedSequence

    Examples
    --------
    >>> import wasmnp as np
    >>> float(np.random.RandomState(7).random_sample())
    0.07630828937395717
    """

    def __init__(self, seed: Any = None) -> None:
        super().__init__(seed)
        self._state = zeros(625, "u4")
        words = self.seed_seq.generate_state(624)
        self._state[:624] = words
        self._state[0] = 0x80000000
        self._state[624] = 623

    def _legacy_seeding(self, seed: Any) -> None:
        """Seed as ``RandomState`` always has: by one word, or by an array of them."""
        if seed is None:
            _native._random_seed_mt19937(self._state, SeedSequence().generate_state(624))
            return
        try:
            if hasattr(seed, "squeeze"):
                seed = seed.squeeze()
            import operator

            word = operator.index(seed)
        except TypeError:
            given = asarray(seed)
            if given.size == 0:
                raise ValueError("Seed must be non-empty") from None
            given = given.astype("i8", casting="safe")
            if given.ndim != 1:
                raise ValueError("Seed array must be 1-d") from None
            if ((given > _WORD) | (given < 0)).any():
                raise ValueError("Seed must be between 0 and 2**32 - 1") from None
            _native._random_seed_mt19937(self._state, given.astype("u4"))
            return
        if not 0 <= word <= _WORD:
            raise ValueError("Seed must be between 0 and 2**32 - 1")
        _native._random_seed_mt19937(self._state, word)

    @property
    def state(self) -> dict[str, Any]:
        """The numbers that the next draw follows from."""
        return {
            "bit_generator": type(self).__name__,
            "state": {"key": self._state[:624].copy(), "pos": int(self._state[624])},
        }

    @state.setter
    def state(self, value: Any) -> None:
        if isinstance(value, tuple):
            if value[0] != "MT19937" or len(value) not in (3, 5):
                raise ValueError("state is not a legacy MT19937 state")
            value = {"bit_generator": "MT19937", "state": {"key": value[1], "pos": value[2]}}
        if not isinstance(value, dict):
            raise TypeError("state must be a dict")
        if value.get("bit_generator", "") != type(self).__name__:
            raise ValueError(f"state must be for a {type(self).__name__} PRNG")
        key = asarray(value["state"]["key"])
        if key.shape != (624,):
            raise ValueError("the key of a state has 624 words")
        self._state[:624] = key.astype("u4")
        self._state[624] = value["state"]["pos"]
