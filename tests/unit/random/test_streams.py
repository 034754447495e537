"""The streams of random numbers are NumPy's, draw for draw."""

from __future__ import annotations

import pickle

import numpy
import pytest

import wasmnp

SEEDS = [0, 7, 12345, 2**32 - 1, [1, 2, 3]]
INTEGERS = ["?", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"]


def same(draw):
    expected, actual = draw(numpy), draw(wasmnp)
    numpy.testing.assert_array_equal(actual.tolist() if hasattr(actual, "tolist") else actual, expected)


@pytest.mark.parametrize("seed", SEEDS, ids=str)
@pytest.mark.parametrize("maker", ["RandomState", "default_rng"])
def test_draws(maker, seed):
    def fresh(xp):
        return getattr(xp.random, maker)(seed)

    same(lambda xp: fresh(xp).random(1000))
    same(lambda xp: fresh(xp).random())
    same(lambda xp: fresh(xp).uniform(-3, 5, (3, 4)))
    same(lambda xp: fresh(xp).uniform([0, 1], [2, 4], (3, 2)))
    same(lambda xp: fresh(xp).permutation(100))
    same(lambda xp: fresh(xp).permutation(numpy.arange(30).reshape(10, 3).tolist()))
    for options in ({}, {"replace": False}, {"p": [0.01] * 100}, {"p": [0.01] * 100, "replace": False}):
        same(lambda xp, options=options: fresh(xp).choice(100, (2, 5), **options))
    same(lambda xp: fresh(xp).choice(20000, 1000, replace=False))
    same(lambda xp: fresh(xp).choice(["a", "b", "c"], 20))


@pytest.mark.parametrize("seed", SEEDS, ids=str)
@pytest.mark.parametrize("dtype", INTEGERS)
def test_integers(seed, dtype):
    high = 2 if dtype == "?" else 100
    same(lambda xp: xp.random.RandomState(seed).randint(0, high, 101, dtype=dtype))
    same(lambda xp: xp.random.default_rng(seed).integers(0, high, 101, dtype=dtype))
    info = numpy.iinfo(dtype) if dtype != "?" else None
    if info:
        same(lambda xp: xp.random.RandomState(seed).randint(info.min, int(info.max) + 1, 50, dtype=dtype))
        same(lambda xp: xp.random.default_rng(seed).integers(info.min, info.max, 50, dtype=dtype, endpoint=True))


def test_wide_ranges():
    same(lambda xp: xp.random.RandomState(3).randint(-5, 2**40, 101))
    same(lambda xp: xp.random.default_rng(3).integers(-(2**50), 2**40, 101))
    same(lambda xp: xp.random.default_rng(3).integers([1, 10], [5, 1000], (4, 2)))


def test_normal_numbers():
    """Of the ziggurat exactly; of the polar method but for the last digit of a few logarithms."""
    same(lambda xp: xp.random.default_rng(0).standard_normal(100000))
    same(lambda xp: xp.random.default_rng(5).normal(2, [1, 3], (7, 2)))
    expected = numpy.random.RandomState(0).randn(10001)
    numpy.testing.assert_array_max_ulp(numpy.array(wasmnp.random.RandomState(0).randn(10001).tolist()), expected, 2)


def test_seeds_and_states():
    same(lambda xp: xp.random.SeedSequence(2**100 + 5).generate_state(10))
    same(lambda xp: xp.random.SeedSequence([1, 2, 3, 4, 5, 6]).spawn(3)[2].generate_state(4, "u8"))
    for maker in (wasmnp.random.RandomState, wasmnp.random.default_rng):
        one = maker(9)
        one.standard_normal()
        other = pickle.loads(pickle.dumps(one)) if maker is wasmnp.random.RandomState else maker(9)
        if maker is not wasmnp.random.RandomState:
            other.bit_generator.state = one.bit_generator.state
        assert one.random(5).tolist() == other.random(5).tolist()
    wasmnp.random.seed(3)
    first = wasmnp.random.rand(4).tolist()
    wasmnp.random.seed(3)
    assert wasmnp.random.random_sample(4).tolist() == first


@pytest.mark.parametrize(
    "call",
    [
        lambda xp: xp.random.RandomState(-1),
        lambda xp: xp.random.RandomState(2**32),
        lambda xp: xp.random.RandomState([]),
        lambda xp: xp.random.RandomState(0).randint(5, 5),
        lambda xp: xp.random.RandomState(0).randint(0, 300, dtype="u1"),
        lambda xp: xp.random.RandomState(0).randint(0, 3, dtype="f8"),
        lambda xp: xp.random.RandomState(0).normal(0, -1),
        lambda xp: xp.random.RandomState(0).choice(3, 5, replace=False),
        lambda xp: xp.random.RandomState(0).choice(3, p=[0.5, 0.5]),
        lambda xp: xp.random.RandomState(0).choice(2, p=[0.5, 0.6]),
        lambda xp: xp.random.RandomState(0).shuffle(xp.array(3)),
        lambda xp: xp.random.default_rng(0).uniform(3, 1),
        lambda xp: xp.random.default_rng("x"),
        lambda xp: xp.random.default_rng(0).choice(0, 3),
    ],
)
def test_errors(call):
    with pytest.raises(Exception) as expected:
        call(numpy)
    with pytest.raises(expected.type):
        call(wasmnp)
