"""What views keep alive: one owner, and no array of another type on the way to it is left out."""

from __future__ import annotations

import itertools

import numpy
import pytest

import wasmnp


@pytest.mark.parametrize("buffer", [False, True])
@pytest.mark.parametrize("kinds", list(itertools.product("AST-", repeat=3)))
def test_bases_of_chains(kinds: tuple[str, ...], buffer: bool) -> None:
    """Views as arrays (A), as a subclass (S), as a subclass of that (T), and slices (-)."""

    def bases(xp) -> list[int | str | None]:
        class Sub(xp.ndarray):
            pass

        class Deeper(Sub):
            pass

        types = {"A": xp.ndarray, "S": Sub, "T": Deeper}
        chain = [xp.frombuffer(bytearray(80)) if buffer else xp.arange(10.0)]
        for kind in kinds:
            chain.append(chain[-1][1:] if kind == "-" else chain[-1].view(types[kind]))
        owners = [array.base for array in chain]
        places = {id(array): i for i, array in enumerate(chain)}
        return [None if owner is None else places.get(id(owner), type(owner).__name__) for owner in owners]

    assert bases(wasmnp) == bases(numpy)
