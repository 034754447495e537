"""bincount, interpolation and sliding products: the same as NumPy's."""

from __future__ import annotations

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wasmnp
from wasmnp._core import multiarray

from .differential import DTYPES, observe, same


def test_bincount():
    same(lambda xp: xp.bincount([0, 1, 1, 3], minlength=7))
    same(lambda xp: xp.bincount(xp.array([5, 1], dtype="u1"), weights=[0.5, 2]))
    for arguments in (([],), ([-1],), ([1.0],), ([[1]],), ([1], [1, 2]), ([1], None, -1), ([1], None, None), ([1], 1j)):
        same(lambda xp, a=arguments: xp.bincount(*a))


def both(name, *args):
    """What the native function does, and NumPy's."""
    theirs = getattr(numpy._core.multiarray, name)
    expected = observe(lambda xp: theirs(*[xp.asarray(a) for a in args]), numpy)
    actual = observe(lambda xp: getattr(multiarray, name)(*[xp.asarray(a) for a in args]), wasmnp)
    assert actual == expected, (name, args)


@given(
    st.lists(st.floats(-5, 5), max_size=10),
    st.lists(st.integers(-5, 5), min_size=1, max_size=8, unique=True),
    st.data(),
)
def test_interp(x, points, data):
    values = data.draw(st.lists(st.floats(-3, 3), min_size=len(points), max_size=len(points)))
    both("interp", x, sorted(points), values)
    both("interp_complex", x, sorted(points), [complex(v, -v) for v in values])


def test_interp_special():
    inf, nan = float("inf"), float("nan")
    both("interp", [nan, 0.5, inf, -inf], [0, 1], [inf, inf])
    both("interp", [0.5, 1.5], [0, 1, 2], [0, inf, 1])
    both("interp", [0.5], [], [])
    both("interp", [0.5], [1], [1, 2])
    both("interp", [[0.5, 3]], [1], [4])


@pytest.mark.parametrize("name", ["correlate", "correlate2"])
@pytest.mark.parametrize("dtype", [d for d in DTYPES if d not in ("c8", "f2")])
def test_correlate(name, dtype):
    for n in range(1, 7):
        for m in range(1, 7):
            for mode in range(3):
                a, v = (numpy.arange(n) % 3).astype(dtype), (numpy.arange(m) + 1).astype(dtype)
                if dtype == "c16":
                    a, v = a * (1 + 2j), v * (2 - 1j)
                expected = getattr(numpy._core.multiarray, name)(a, v, mode)
                mine = [wasmnp.array(x.tolist(), dtype=dtype) for x in (a, v)]
                actual = getattr(multiarray, name)(*mine, mode)
                assert (actual + 0).tolist() == (expected + 0).tolist()


def test_monotonicity():
    for values in ([1, 2, 2, 3], [3, 1], [1, 3, 2], [1, 1], [], [1.0, float("nan"), 0.0]):
        both("_monotonicity", values)
