"""Array text: the same characters as NumPy's for random arrays and options.

The module is loaded with NumPy's arrays and digit generator underneath, so that only its own work is compared.
"""

from __future__ import annotations

import importlib.util
import random
import sys
import types

import numpy as np
import pytest

from .native_build import ROOT

DTYPES = ["bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float16", "float32",
          "float64", "complex64", "complex128"]  # fmt: skip
SHAPES = [(), (1,), (3,), (7,), (30,), (2, 3), (5, 7), (2, 2, 3), (0,), (0, 3), (2, 0, 4), (1, 1, 1), (40, 3), (3, 60),
          (1001,), (40, 40), (2, 3, 300)]  # fmt: skip


@pytest.fixture(scope="module")
def arrayprint():
    base = types.ModuleType("printing._multiarray_umath")
    base.asarray, base.dtype, base.ndarray = np.asarray, np.dtype, np.ndarray
    base._set_print_options = lambda options: None
    base.flexible, base.void = np.flexible, np.void
    base.dragon4_positional = np._core.multiarray.dragon4_positional
    base.dragon4_scientific = np._core.multiarray.dragon4_scientific
    overrides = types.ModuleType("printing.overrides")
    overrides.array_function_dispatch = lambda dispatcher=None, module=None: lambda function: function
    package = types.ModuleType("printing")
    package.__path__ = []
    saved = {module.__name__: module for module in (package, base, overrides)}
    sys.modules.update(saved)
    for name in ("printoptions", "_element_text", "arrayprint"):
        path = ROOT / "wasmnp" / "_core" / f"{name}.py"
        spec = importlib.util.spec_from_file_location(f"printing.{name}", path)
        module = saved[spec.name] = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    yield module
    for name in saved:
        del sys.modules[name]


def random_floats(rng: np.random.Generator, count: int) -> np.ndarray:
    style = rng.integers(0, 7)
    values = rng.standard_normal(count)
    if style == 1:
        values *= 10.0 ** rng.integers(-20, 20, count)
    elif style == 2:
        values = rng.integers(-1000, 1000, count).astype(float)
    elif style == 3:
        values *= 10.0 ** rng.integers(-2, 4, count)
    elif style == 4:
        values = np.round(values * 100, int(rng.integers(0, 4)))
    elif style == 5:
        values = rng.integers(0, 2**63, count).view("f8").copy()
    elif style == 6:
        for k, special in enumerate((np.nan, np.inf, -np.inf, 0.0, -0.0)):
            values[rng.integers(0, 9, count) == k] = special
    return abs(values) if rng.random() < 0.3 else values


def random_array(rng: np.random.Generator, shape: tuple[int, ...], dtype: str) -> np.ndarray:
    count = int(np.prod(shape))
    kind = np.dtype(dtype).kind
    with np.errstate(all="ignore"):
        if kind == "b":
            return np.asarray(rng.integers(0, 2, shape)).astype(bool)
        if kind in "iu":
            info = np.iinfo(dtype)
            wide = rng.integers(info.min, info.max, shape, dtype=dtype, endpoint=True)
            return np.asarray(wide if rng.random() < 0.5 else wide % np.array(100, dtype))
        if kind == "c":
            return (random_floats(rng, count) + 1j * random_floats(rng, count)).astype(dtype).reshape(shape)
        return random_floats(rng, count).astype(dtype).reshape(shape)


def random_options(rng: random.Random) -> dict:
    choices = {
        "precision": [0, 1, 3, 8, 12], "suppress": [True, False], "sign": ["+", "-", " "],
        "floatmode": ["fixed", "unique", "maxprec", "maxprec_equal"], "linewidth": [10, 30, 60, 120],
        "threshold": [0, 5, 20, 10000], "edgeitems": [1, 2, 5], "nanstr": ["missing"], "infstr": ["oo"],
        "legacy": ["1.13", "1.21", "1.25", "2.1", "2.2"],
    }  # fmt: skip
    return {name: rng.choice(values) for name, values in choices.items() if rng.random() < 0.3}


class Subclass(np.ndarray):
    pass


@pytest.mark.parametrize("seed", range(5))
def test_same_text_as_numpy(arrayprint, seed):
    rng = random.Random(seed)
    for number in range(300):
        array = random_array(np.random.default_rng([seed, number]), rng.choice(SHAPES), rng.choice(DTYPES))
        if rng.random() < 0.1:
            array = array.view(Subclass)
        options = random_options(rng)
        around = {"separator": rng.choice([", ", ",", " | "]), "prefix": "abcd", "suffix": ";;"}
        with np.printoptions(**options), arrayprint.printoptions(**options), np.errstate(all="ignore"):
            assert arrayprint.array_repr(array) == np.array_repr(array), options
            assert arrayprint.array_str(array) == np.array_str(array), options
            assert arrayprint.array2string(array, **around) == np.array2string(array, **around), options


def test_formatters(arrayprint):
    for array in (np.arange(3), np.arange(3.0), np.array([True]), np.array([1j]), np.array([["a", "b"]])):
        for formatter in ({"all": "<{}>".format}, {"int_kind": hex}, {"float": "{:.1f}\n|".format, "bool": str}):
            assert arrayprint.array2string(array, formatter=formatter) == np.array2string(array, formatter=formatter)


def test_options_are_checked_and_restored(arrayprint):
    before = arrayprint.get_printoptions()
    assert before == np.get_printoptions()
    for bad, error in (
        ({"floatmode": "x"}, ValueError),
        ({"sign": "x"}, ValueError),
        ({"threshold": float("nan")}, ValueError),
        ({"threshold": "5"}, TypeError),
        ({"precision": 1.5}, TypeError),
    ):
        with pytest.raises(error), arrayprint.printoptions(**bad):
            pass
    with arrayprint.printoptions(precision=2) as inside:
        assert inside["precision"] == 2
    assert arrayprint.get_printoptions() == before


def test_single_numbers(arrayprint):
    for value in (1.0, -0.1, 1e16, 3.5e-9, np.float32(0.1)):
        assert arrayprint.format_float_positional(value) == np.format_float_positional(value)
        assert arrayprint.format_float_scientific(value) == np.format_float_scientific(value)
        assert arrayprint.format_float_positional(value, precision=3, unique=False, pad_left=5) == (
            np.format_float_positional(value, precision=3, unique=False, pad_left=5)
        )
    with pytest.raises(ValueError, match="precision must be greater than 0"):
        arrayprint.format_float_positional(1.0, precision=0, fractional=False)
