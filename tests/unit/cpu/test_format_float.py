"""Float text: the same characters as NumPy for every option."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from .float_text import FloatText


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> FloatText:
    return FloatText(tmp_path_factory.mktemp("float_text"))


def random_floats(count: int, seed: int) -> list:
    """Random bit patterns, subnormals, powers of two and ten with their neighbours, short decimals; both widths."""
    rng = random.Random(seed)
    values: list = []
    while len(values) < count:
        wide = np.array([rng.getrandbits(64)], "u8").view("f8")[0]
        narrow = np.array([rng.getrandbits(32)], "u4").view("f4")[0]
        values += [wide, narrow, np.array([rng.getrandbits(rng.randrange(1, 52))], "u8").view("f8")[0]]
        values += [np.array([rng.getrandbits(rng.randrange(1, 23))], "u4").view("f4")[0]]
        for power in (2.0 ** rng.randrange(-1074, 1024), 10.0 ** rng.randrange(-300, 300)):
            values += [np.nextafter(power, 0), np.float64(power), np.nextafter(power, np.inf)]
        single = np.float32(2.0 ** rng.randrange(-149, 128))
        values += [np.nextafter(single, np.float32(0)), single, np.nextafter(single, np.float32(np.inf))]
        values += [np.float64(round(rng.uniform(-1000, 1000), rng.randrange(0, 6)))]
        values += [np.float32(round(rng.uniform(-10, 10), rng.randrange(0, 6))), np.float64(rng.randrange(-100, 100))]
        values += [np.float64(rng.randrange(-40, 40) / 8), np.float64(rng.randrange(10**17)), np.float64(0.0)]
    return [v for v in values if np.isfinite(v)]


def test_scalar_text(text):
    for value in random_floats(6000, 1):
        assert text.repr(value) == str(value), value.hex() if hasattr(value, "hex") else value
    for value in (math.nan, math.inf, -math.inf, 0.0, -0.0, 1e16, 1e-4, 9.999e-5, 1e22, 5e-324):
        assert text.repr(value) == str(np.float64(value))
        with np.errstate(over="ignore"):
            assert text.repr(np.float32(value)) == str(np.float32(value))


def test_complex_scalar_text(text):
    special = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, 1e-5, -2.5, 1e9, 1e17]
    for real in special + random_floats(30, 3):
        for imag in special:
            for kind in (np.complex64, np.complex128):
                with np.errstate(all="ignore"):
                    value = kind(complex(real, imag))
                assert text.repr_complex(value) == str(value), (real, imag)


def test_shortest_digits(text):
    for value in random_floats(2000, 2):
        digits, exponent = text.digits(value)
        if value != 0:
            again = type(value)(f"0.{digits}e{exponent}")
            assert again == abs(value)
            if isinstance(value, np.float64):
                mantissa = repr(abs(float(value))).split("e")[0].replace(".", "").strip("0")
                assert digits == mantissa
    assert text.digits(0.0) == ("0", 1) and text.digits(math.nan)[0] == ""


@pytest.mark.parametrize("seed", range(4))
def test_positional(text, seed):
    rng = random.Random(seed)
    for value in random_floats(2500, seed + 10):
        unique = rng.random() < 0.6
        fractional = rng.random() < 0.7
        precision = rng.choice([-1, 0, 1, 2, 3, 5, 8, 17, 30]) if unique else rng.choice([0, 1, 2, 3, 8, 30])
        if not fractional and precision == 0:
            precision = 4
        least = rng.choice([-1, -1, 0, 1, 3, 9]) if unique else -1
        if 0 <= precision < least:
            least = precision
        options = {
            "precision": precision, "unique": unique, "fractional": fractional, "trim": rng.choice("k.0-"),
            "sign": rng.random() < 0.3, "pad_left": rng.choice([-1, 0, 3, 12]), "pad_right": rng.choice([-1, 0, 3, 12]),
            "min_digits": least,
        }  # fmt: skip
        assert text.positional(value, **options) == np._core.multiarray.dragon4_positional(value, **options), (
            value, options)  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_scientific(text, seed):
    rng = random.Random(seed)
    for value in random_floats(2500, seed + 20):
        unique = rng.random() < 0.6
        precision = rng.choice([-1, 0, 1, 2, 3, 5, 8, 17, 30]) if unique else rng.choice([0, 1, 2, 3, 8, 30])
        least = rng.choice([-1, -1, 0, 1, 3, 9]) if unique else -1
        if 0 <= precision < least:
            least = precision
        options = {
            "precision": precision, "unique": unique, "trim": rng.choice("k.0-"), "sign": rng.random() < 0.3,
            "pad_left": rng.choice([-1, 0, 3, 12]), "exp_digits": rng.choice([-1, 0, 1, 3, 6]), "min_digits": least,
        }  # fmt: skip
        assert text.scientific(value, **options) == np._core.multiarray.dragon4_scientific(value, **options), (
            value, options)  # fmt: skip


def test_many_digits(text):
    tiny = np.float64(5e-324)
    assert text.positional(tiny, precision=1200, unique=False) == np.format_float_positional(
        tiny, precision=1200, unique=False)  # fmt: skip
    huge = np.finfo("f8").max
    assert text.positional(huge) == np.format_float_positional(huge)
    for value in (math.nan, math.inf, -math.inf):
        assert text.positional(value, sign=True, pad_left=8) == np.format_float_positional(
            value, sign=True, pad_left=8)  # fmt: skip
