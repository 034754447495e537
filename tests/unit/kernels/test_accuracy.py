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


def exact(name: str):
    """mpmath's function of a name of NumPy's, or None."""
    others = {"exp2": lambda x: mp.power(2, x), "log2": lambda x: mp.log(x, 2)}
    return others.get(name) or getattr(mp, name.replace("arc", "a"), None)


def positive(domain):
    return lambda rng, n: abs(domain(rng, n))


def near_one(rng, n):
    return 1 + rng.uniform(-1, 1, n) * 2.0 ** -rng.integers(1, 52, n)


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

for _character, _logs, _exps in (("f", 87, 88), ("d", 708, 709)):
    _wide, _even = scaled(-_logs, _logs), scaled(-40, 3)
    CASES += [
        *((name, _character, exact(name), [positive(_wide)]) for name in ("log", "log2", "log10")),
        *((name, _character, exact(name), [near_one]) for name in ("log", "log2", "log10")),
        *((name, _character, exact(name), [_even]) for name in ("expm1", "sinh", "cosh", "tanh", "arctan", "arcsinh")),
        *((name, _character, exact(name), [uniform(-_exps, _exps)]) for name in ("expm1", "sinh", "cosh", "arctan")),
        *((name, _character, exact(name), [uniform(-3, 3)]) for name in ("expm1", "exp2", "sinh", "cosh", "tanh")),
        ("exp2", _character, exact("exp2"), [uniform(-_exps * 1.5, _exps * 1.4)]),
        *((name, _character, exact(name), [lambda rng, n: near_one(rng, n) - 1]) for name in ("log1p", "arcsin")),
        *((name, _character, exact(name), [uniform(-1, 1)]) for name in ("log1p", "arcsin", "arccos", "arctanh")),
        *((name, _character, exact(name), [scaled(-40, 0)]) for name in ("log1p", "arcsin", "arccos", "arctanh")),
        ("log1p", _character, exact("log1p"), [positive(_wide)]),
        ("arcsinh", _character, exact("arcsinh"), [_wide]),
        ("arccosh", _character, exact("arccosh"), [lambda rng, n: 1 + abs(near_one(rng, n) - 1)]),
        ("arccosh", _character, exact("arccosh"), [lambda rng, n, high=_logs: np.exp(rng.uniform(0, high, n))]),
        *((name, _character, exact(name), [near_zeros(np.pi / 2)]) for name in ("cos", "tan")),
        *((name, _character, exact(name), [uniform(-10, 10)]) for name in ("cos", "tan")),
        *((name, _character, exact(name), [_wide]) for name in ("cos", "tan", "tanh", "arctan")),
        ("arctan2", _character, mp.atan2, [_wide, _wide]),
        ("arctan2", _character, mp.atan2, [uniform(-1, 1), uniform(-1, 1)]),
        ("hypot", _character, mp.hypot, [_even, _even]),
        ("logaddexp", _character, lambda x, y: mp.log(mp.exp(x) + mp.exp(y)), [uniform(1, 9), uniform(-9, 30)]),
        ("logaddexp2", _character, lambda x, y: mp.log(2**x + 2**y, 2), [uniform(1, 9), uniform(-9, 30)]),
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


DERIVED = [(name, s[0]) for name, row in ROWS.items() if row.nin == row.nout == 1 and exact(name)
           for s in row.signatures if s in ("f->f", "d->d") and s[0] in row.ulp]  # fmt: skip
# Beyond these the results are infinite, zero, or one.
BOUNDED = {"exp": 800, "exp2": 1100, "expm1": 800, "sinh": 800, "cosh": 800, "tanh": 800}


@pytest.mark.parametrize(("name", "character"), DERIVED)
def test_every_row_keeps_its_ulp(kernels, name, character):
    """Random bit patterns and moderate numbers, for every function that mpmath has under the same name."""
    numbers = support.random_values(character, COUNT, 21)
    numbers = numbers[np.isfinite(numbers)]
    (results,), _ = kernels(name, f"{character}->{character}", numbers)
    with mp.workprec(1200):
        for number, found in zip(numbers.tolist(), results.tolist(), strict=True):
            if np.isnan(found) or abs(number) > BOUNDED.get(name, np.inf) or (np.isinf(found) and "log" in name):
                continue
            value = exact(name)(mp.mpf(number))
            if mp.im(value) != 0:  # mpmath takes the principal branch
                value = -exact(name)(mp.mpf(-number))
            assert ulp_error(found, value, character) <= ROWS[name].ulp[character], f"{name}({number!r}) is {found!r}"


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
    *((name, exact(name)) for name, row in ROWS.items() if row.parts),
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
