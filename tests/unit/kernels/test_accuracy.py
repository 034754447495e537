"""Errors of the transcendental loops in units in the last place, against mpmath."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
import support

COUNT = 40_000 if support.FULL else 1_500
ROWS = support.submodule("registry").rows()
FORMATS = {"f": (24, -149, 128), "d": (53, -1074, 1024)}


@pytest.fixture(scope="module")
def kernels():
    """Compiled loops of the highest level."""
    return support.Kernels(support.levels_here()[-1])


def ulp_error(found: float, exact: mp.mpf, character: str) -> float:
    """Distance of a result from the exact number in units in the last place of the type."""
    digits, lowest, highest = FORMATS[character]
    if np.isinf(found):
        limit = mp.mpf(2) ** highest * (1 - mp.mpf(2) ** -(digits + 1))
        return 0.0 if abs(exact) >= limit else np.inf
    if exact == 0:
        return 0.0 if found == 0 else np.inf
    return float(abs(mp.mpf(found) - exact) / mp.mpf(2) ** max(mp.frexp(exact)[1] - digits, lowest))


def uniform(low, high):
    return lambda rng, n: rng.uniform(low, high, n)


def scaled(low, high):
    return lambda rng, n: np.exp(rng.uniform(low, high, n)) * rng.choice([-1.0, 1.0], n)


def near_zeros(step):
    """Numbers next to multiples of a constant."""
    return lambda rng, n: np.arange(1, n + 1) * step * rng.choice([1.0, 1e3, 1e7], n)


CASES = [
    ("exp", "f", mp.exp, [uniform(-104, 88.8)]),
    ("exp", "f", mp.exp, [uniform(-1, 1)]),
    ("exp", "d", mp.exp, [uniform(-745.2, 709.8)]),
    ("exp", "d", mp.exp, [uniform(-745.2, -700)]),
    ("exp", "d", mp.exp, [uniform(709, 709.8)]),
    ("exp", "d", mp.exp, [scaled(-40, 2)]),
    ("sin", "f", mp.sin, [uniform(-10, 10)]),
    ("sin", "f", mp.sin, [scaled(-90, 88)]),
    ("sin", "f", mp.sin, [near_zeros(np.pi / 2)]),
    ("sin", "d", mp.sin, [uniform(-10, 10)]),
    ("sin", "d", mp.sin, [uniform(-1e6, 1e6)]),
    ("sin", "d", mp.sin, [scaled(-700, 709)]),
    ("sin", "d", mp.sin, [near_zeros(np.pi / 2)]),
    ("power", "d", mp.power, [uniform(0, 10), uniform(-100, 100)]),
    ("power", "d", mp.power, [lambda rng, n: np.exp(rng.uniform(-1, 1, n)), uniform(-700, 700)]),
    (
        "power",
        "d",
        mp.power,
        [lambda rng, n: 1 + rng.uniform(-1, 1, n) * 2.0 ** -rng.integers(4, 40, n), uniform(-1e4, 1e4)],
    ),
    ("power", "d", mp.power, [lambda rng, n: np.exp(rng.uniform(-740, 700, n)), uniform(-1, 1)]),
    ("power", "f", mp.power, [uniform(0, 10), uniform(-40, 40)]),
]


@pytest.mark.parametrize(("name", "character", "function", "domains"), CASES)
def test_error_is_as_stated(kernels, name, character, function, domains):
    generator = np.random.default_rng(7)
    inputs = [np.ascontiguousarray(domain(generator, COUNT).astype(character)) for domain in domains]
    (results,), _ = kernels(name, f"{character * len(inputs)}->{character}", *inputs)
    worst, at = 0.0, 0
    with mp.workprec(200):
        for index, found in enumerate(results.tolist()):
            exact = function(*(mp.mpf(float(array[index])) for array in inputs))
            error = ulp_error(found, exact, character)
            if error > worst:
                worst, at = error, index
    stated = ROWS[name].ulp[character]
    print(f"{name} {character}: {worst:.4f} ULP at {[array[at] for array in inputs]}")
    assert worst <= stated, f"{name} of {[array[at] for array in inputs]} is off by {worst} ULP, stated {stated}"


DERIVED = [(name, s[0]) for name, row in ROWS.items() if row.nin == row.nout == 1 and hasattr(mp, name)
           for s in row.signatures if s in ("f->f", "d->d") and s[0] in row.ulp]  # fmt: skip


@pytest.mark.parametrize(("name", "character"), DERIVED)
def test_every_row_keeps_its_ulp(kernels, name, character):
    """Random bit patterns and moderate numbers, for every function that mpmath has under the same name."""
    numbers = support.random_values(character, COUNT, 21)
    numbers = numbers[np.isfinite(numbers)]
    (results,), _ = kernels(name, f"{character}->{character}", numbers)
    with mp.workprec(1200):
        for number, found in zip(numbers.tolist(), results.tolist(), strict=True):
            if np.isnan(found):
                continue
            exact = getattr(mp, name)(mp.mpf(number)) if abs(number) < 800 or name != "exp" else mp.mpf(0)
            if mp.im(exact) != 0:  # mpmath takes the principal branch
                exact = -getattr(mp, name)(mp.mpf(-number))
            if name == "exp" and abs(number) >= 800:
                continue
            assert ulp_error(found, exact, character) <= ROWS[name].ulp[character], f"{name}({number!r}) is {found!r}"


# Doubles that are very close to multiples of pi / 2, found by continued fractions (Kahan 1983; Muller 2016, ch. 11).
HARD_SINES = [6381956970095103.0 * 2.0**797, 5319372648326541.0 * 2.0**-49, 1e22, 1.5e300, 2.0**1023, 355.0, 103993.0,
              52174.0 * 103993.0]  # fmt: skip


def test_hard_arguments_of_sin(kernels):
    (results,), _ = kernels("sin", "d->d", np.array(HARD_SINES))
    with mp.workprec(1400):
        for x, found in zip(HARD_SINES, results.tolist(), strict=True):
            assert ulp_error(found, mp.sin(mp.mpf(x)), "d") <= 1.0, x


def test_signed_zeros_and_tiny_numbers(kernels):
    values = np.array([0.0, -0.0, 5e-324, -5e-324, 1e-310, -1e-200])
    (results,), flags = kernels("sin", "d->d", values)
    assert support.same_bits(results, values).all()
    (results,), _ = kernels("sin", "f->f", values.astype("f"))
    assert support.same_bits(results, values.astype("f")).all()
    assert flags == set()


COMPLEX_CASES = [
    ("absolute", lambda z: abs(z)), ("sqrt", mp.sqrt), ("exp", mp.exp), ("sin", mp.sin),
]  # fmt: skip


@pytest.mark.parametrize("character", ["F", "D"])
@pytest.mark.parametrize(("name", "function"), COMPLEX_CASES)
def test_complex_parts(kernels, name, function, character):
    generator = np.random.default_rng(8)
    parts = [generator.uniform(-5, 5, COUNT // 3), generator.uniform(-5, 5, COUNT // 3)]
    numbers = (parts[0] + 1j * parts[1]).astype(character)
    part = character.lower()
    (results,), _ = kernels(name, f"{character}->{part if name == 'absolute' else character}", numbers)
    with mp.workprec(300):
        for number, found in zip(numbers.tolist(), results.tolist(), strict=True):
            exact = function(mp.mpc(number))
            pairs = [(found.real, mp.re(exact)), (found.imag, mp.im(exact))]
            for ours, theirs in pairs:
                assert ulp_error(ours, theirs, part) <= ROWS[name].ulp[character], f"{name}({number})"
