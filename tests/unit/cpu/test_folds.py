"""Sums and extrema of one run, bit for bit against NumPy, on every level and stride."""

from __future__ import annotations

import numpy as np
import pytest

from .native_build import INVALID, OVERFLOW

COUNTS = [1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 63, 64, 65, 127, 128, 129, 136, 200, 255, 256, 257, 1000, 1023, 4099, 20000]
COMPLEX = ["complex64", "complex128"]
FLOATS = ["float32", "float64", *COMPLEX]
INTEGERS = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"]


def fold(table, kind: str, values: np.ndarray) -> tuple[np.ndarray, int]:
    out = np.empty((), values.dtype)
    function = table.fold(kind, values.dtype.name)
    errors = function(values.ctypes.data, values.strides[0], values.size, out.ctypes.data)
    return out, errors


def layouts(values: np.ndarray):
    yield values
    wide = np.zeros(values.size * 3, values.dtype)
    wide[::3] = values
    yield wide[::3]
    yield values[::-1].copy()[::-1]
    raw = np.zeros(values.nbytes + 1, np.uint8)[1:]
    odd = raw.view()
    odd[:] = values.view(np.uint8)
    yield odd.view(values.dtype)


def random_values(rng: np.random.Generator, dtype: str, count: int) -> np.ndarray:
    if dtype in INTEGERS:
        info = np.iinfo(dtype)
        return rng.integers(info.min, info.max, count, dtype=dtype, endpoint=True)
    values = rng.standard_normal(2 * count) * 10.0 ** rng.integers(-3, 4, 2 * count)
    return (values.view("complex128") if dtype in COMPLEX else values[:count]).astype(dtype)


@pytest.mark.parametrize("dtype", FLOATS + INTEGERS)
def test_sum_has_numpys_bits(tables, dtype):
    rng = np.random.default_rng(7)
    for count in COUNTS:
        values = random_values(rng, dtype, count)
        expected = np.add.reduce(values, dtype=dtype)
        for level, table in tables.items():
            for layout in layouts(values):
                total, errors = fold(table, "sum", layout)
                assert total.tobytes() == expected.tobytes(), (level, count, layout.strides, total, expected)
                assert errors == 0


@pytest.mark.parametrize("dtype", FLOATS)
def test_sum_of_negative_zeros_is_negative_zero(tables, dtype):
    for table in tables.values():
        for count in (1, 7, 8, 9, 130):
            total, _ = fold(table, "sum", np.full(count, complex(-0.0, -0.0) if dtype in COMPLEX else -0.0, dtype))
            assert np.signbit(total.real) and np.signbit(total.imag) == (dtype in COMPLEX)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("count", [3, 20, 500])
def test_sum_reports_overflow_and_invalid(tables, dtype, count):
    big = np.finfo(dtype).max
    for table in tables.values():
        values = np.zeros(count, dtype)
        values[0] = values[count - 1] = big
        assert fold(table, "sum", values)[1] == OVERFLOW
        values[0], values[count - 1] = np.inf, -np.inf
        assert fold(table, "sum", values)[1] == INVALID
        values[:] = np.nan
        assert fold(table, "sum", values)[1] == 0
        values[:] = np.inf
        assert fold(table, "sum", values)[1] == 0


@pytest.mark.parametrize("dtype", FLOATS + INTEGERS)
@pytest.mark.parametrize("kind", ["maximum", "minimum"])
def test_extrema(tables, dtype, kind):
    rng = np.random.default_rng(8)
    for count in COUNTS:
        values = random_values(rng, dtype, count)
        expected = getattr(np, kind).reduce(values)
        for level, table in tables.items():
            for layout in layouts(values):
                best, errors = fold(table, kind, layout)
                assert best == expected and errors == 0, (level, count, layout.strides, best, expected)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_extrema_keep_the_first_nan(tables, dtype):
    bits = "u4" if dtype == "float32" else "u8"
    nan = np.array([np.nan], dtype).view(bits)[0]
    for table in tables.values():
        for count in (1, 2, 40, 3000):
            for first in {0, count // 2, count - 1}:
                values = np.arange(count, dtype=dtype)
                values.view(bits)[first:] = nan + 5
                values.view(bits)[first] = nan + 3
                for kind in ("maximum", "minimum"):
                    best, errors = fold(table, kind, values)
                    assert best.view(bits) == nan + 3 and errors == 0


@pytest.mark.parametrize("dtype", COMPLEX)
def test_complex_extrema_with_nan_parts(tables, dtype):
    rng = np.random.default_rng(9)
    parts = np.array([0.0, 1.0, -1.0, np.nan, np.inf])
    for _ in range(200):
        values = np.empty(rng.integers(1, 6), dtype)
        values.real, values.imag = rng.choice(parts, (2, values.size))
        for table in tables.values():
            for kind in ("maximum", "minimum"):
                best, _ = fold(table, kind, values)
                np.testing.assert_equal(best, getattr(np, kind).reduce(values))


def test_bools(tables):
    for table in tables.values():
        assert table.fold("sum", "bool") is None
        for count in (1, 5, 300):
            for values in (np.zeros(count, bool), np.ones(count, bool), np.arange(count) == count - 1):
                assert fold(table, "maximum", values)[0] == values.any()
                assert fold(table, "minimum", values)[0] == values.all()


def test_extrema_of_zeros_are_the_same_on_every_level(tables):
    rng = np.random.default_rng(10)
    for dtype in ("float32", "float64"):
        for count in COUNTS:
            values = np.where(rng.integers(0, 2, count), -0.0, 0.0).astype(dtype)
            for kind in ("maximum", "minimum"):
                results = {fold(t, kind, layout)[0].tobytes() for t in tables.values() for layout in layouts(values)}
                assert len(results) == 1
