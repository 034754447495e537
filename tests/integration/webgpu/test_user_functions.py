"""Functions of users on device arrays: control flow, types, several results, fusion."""

from __future__ import annotations

import cmath
import math

import numpy
import pytest
from wasmnp.jit import vectorize

import wasmnp as np


def on_device(values, dtype="f4"):
    return np.webgpu.asarray(np.array(values, dtype=dtype))


@vectorize(target="webgpu")
def escape(real, imag):
    x = 0.0
    y = 0.0
    for turn in range(60):
        if x * x + y * y > 4.0:
            return turn
        x, y = x * x - y * y + real, 2.0 * x * y + imag
    return 60


def escape_here(real: float, imag: float) -> int:
    x = y = 0.0
    for turn in range(60):
        if x * x + y * y > 4.0:
            return turn
        x, y = x * x - y * y + real, 2.0 * x * y + imag
    return 60


def test_loops_and_early_exits():
    # Multiples of 1/8: the first turns are exact in float32, and later ones escape by far.
    real, imag = [index / 8 - 2 for index in range(20)], [index / 8 for index in range(9)]
    found = escape(on_device(real)[None, :], on_device(imag)[:, None])
    assert found.dtype == "i4" and found.shape == (9, 20)
    wrong = [
        (x, y) for y, row in zip(imag, found.tolist(), strict=True) for x, n in zip(real, row, strict=True)
        if abs(n - escape_here(x, y)) > 1
    ]  # fmt: skip
    assert not wrong, f"escape differs at {wrong[0]}"


def test_part_of_a_kernel():
    x, y = on_device([0.1, 0.2, 0.3]), on_device([0.0])
    result = (escape(x + 0.1, y) * 2).max()
    assert np.webgpu.explain(result).dispatches == 1
    assert result.item() == 120


@vectorize(target="webgpu")
def turned(x, y):
    return x * y, x > y, abs(x)


@pytest.mark.parametrize("dtype", ["f4", "i4", "u4"])
def test_types_and_several_results(dtype):
    x, y = on_device([1, 5, 7], dtype), on_device([2, 3, 9], dtype)
    product, larger, size = turned(x, y)
    assert (product.dtype, larger.dtype, size.dtype) == (np.dtype(dtype), np.dtype("?"), np.dtype(dtype))
    assert product.tolist() == [2, 15, 63] and larger.tolist() == [False, True, False] and size.tolist() == [1, 5, 7]
    assert np.webgpu.explain(*turned(x, y)).dispatches == 1


@vectorize(target="webgpu")
def rotated(z, turns):
    return z * z + turns


def test_complex_numbers_and_numbers():
    values = [1 + 2j, -0.5j, 3.0, 0.25 - 1j]
    found = rotated(on_device(values, "c8"), 0.5).tolist()
    for value, got in zip(values, found, strict=True):
        assert cmath.isclose(got, value * value + 0.5, rel_tol=1e-6, abs_tol=1e-6), (value, got)
    assert rotated(on_device([1, 2, 3]), 1).tolist() == [2, 5, 10]
    assert rotated(on_device([1, 2, 3], "i4"), 1).dtype == "i4"


@vectorize(target="webgpu")
def wave(x, decay):
    return np.exp(-x * decay) * np.sin(x)


def test_functions_of_numpy():
    numbers = [index / 16 for index in range(200)]
    found = wave(on_device(numbers), 0.25).tolist()
    expected = [math.exp(-x * 0.25) * math.sin(x) for x in numbers]
    numpy.testing.assert_allclose(found, expected, rtol=2e-5, atol=1e-6)


def test_what_is_refused():
    with pytest.raises(TypeError, match="device arrays"):
        wave(np.ones(3, dtype="f4"), on_device([1.0]))
    with pytest.raises(TypeError, match="device arrays"):
        wave(1.0, 2.0)
    with pytest.raises(TypeError, match="float64"):
        wave(on_device([1.0]), np.float64(2))
    with pytest.raises(ValueError, match="broadcast"):
        wave(on_device([1.0, 2.0]), on_device([1.0, 2.0, 3.0]))
