"""Transforms, windows and array text, with nothing but wasmnp: these tests also run inside Pyodide."""

from __future__ import annotations

import cmath
import math
import random

import pytest

import wasmnp as np
from wasmnp.lib.stride_tricks import sliding_window_view


def naive(values: list[float]) -> list[complex]:
    n = len(values)
    roots = [cmath.exp(-2j * cmath.pi * k / n) for k in range(n)]
    return [sum(values[j] * roots[j * k % n] for j in range(n)) for k in range(n // 2 + 1)]


def numbers(count: int, seed: int = 1) -> list[float]:
    rng = random.Random(seed)
    return [rng.gauss(0, 1) for _ in range(count)]


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 7, 8, 12, 13, 61, 64, 67, 100, 134, 256])
def test_rfft_is_the_sum_that_it_stands_for(n):
    values = numbers(n)
    spectrum = np.fft.rfft(values)
    assert spectrum.dtype == np.complex128 and spectrum.shape == (n // 2 + 1,)
    assert spectrum.tolist() == pytest.approx(naive(values), abs=1e-12)
    single = np.fft.rfft(np.array(values, np.float32))
    assert single.dtype == np.complex64
    assert single.tolist() == pytest.approx(naive(values), abs=1e-4)


@pytest.mark.parametrize("norm", [None, "backward", "ortho", "forward"])
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_irfft_undoes_rfft(norm, axis):
    values = np.array(numbers(4 * 8)).reshape(4, 8)
    spectrum = np.fft.rfft(values, axis=axis, norm=norm)
    back = np.fft.irfft(spectrum, axis=axis, norm=norm)
    assert sum(abs(np.subtract(back, values)).reshape(-1).tolist()) < 1e-13
    scale = {"ortho": (4 if axis == 0 else 8) ** -0.5, "forward": 1 / (4 if axis == 0 else 8)}.get(norm, 1.0)
    plain = np.fft.rfft(values, axis=axis)
    assert spectrum.reshape(-1).tolist() == pytest.approx((plain * scale).reshape(-1).tolist(), rel=1e-14)


@pytest.mark.parametrize("n", [1, 2, 3, 6, 7, 30, 64, 67, 81])
def test_complex_transforms(n):
    values = np.array(numbers(2 * n)).view(np.complex128)
    roots = [cmath.exp(-2j * cmath.pi * k / n) for k in range(n)]
    expected = [sum(v * roots[j * k % n] for j, v in enumerate(values.tolist())) for k in range(n)]
    for kind, tolerance in ((np.complex64, 1e-4), (np.complex128, 1e-12), (np.clongdouble, 1e-12)):
        spectrum = np.fft.fft(values.astype(kind))
        assert spectrum.dtype == kind
        assert [complex(v) for v in spectrum] == pytest.approx(expected, abs=tolerance)
        assert [complex(v) for v in np.fft.ifft(spectrum)] == pytest.approx(values.tolist(), abs=tolerance)
    real = values.real.copy()
    assert np.fft.fft(real).tolist() == pytest.approx(np.fft.fft(real + 0j).tolist(), abs=1e-12)
    assert np.fft.ifft(real).tolist() == pytest.approx(np.fft.ifft(real + 0j).tolist(), abs=1e-12)


def test_several_axes():
    values = np.array(numbers(60)).reshape(3, 4, 5)
    step = np.fft.fft(np.fft.fft(np.fft.rfft(values), axis=1), axis=0)
    assert np.fft.rfftn(values).tolist() == step.tolist()
    assert sum(abs(np.fft.irfftn(step, s=(3, 4, 5), axes=(0, 1, 2)) - values).reshape(-1).tolist()) < 1e-13
    assert sum(abs(np.fft.ifft2(np.fft.fft2(values)) - values).reshape(-1).tolist()) < 1e-13
    assert np.fft.fftshift(np.fft.fftfreq(4, 0.25)).tolist() == [-2.0, -1.0, 0.0, 1.0]


def test_lengths_are_cut_or_filled_with_zeros():
    values = numbers(6)
    assert np.fft.rfft(values, 4).tolist() == np.fft.rfft(values[:4]).tolist()
    assert np.fft.rfft(values, 8).tolist() == np.fft.rfft([*values, 0, 0]).tolist()
    assert np.fft.rfft(np.arange(12).reshape(6, 2), 8, axis=0).shape == (5, 2)
    assert np.fft.irfft([1.0, 2.0], 8).shape == (8,)


def test_layout_of_the_input_does_not_matter():
    values = np.array(numbers(64)).reshape(8, 8)
    expected = np.fft.rfft(values.transpose().copy()).tolist()
    assert np.fft.rfft(values.transpose()).tolist() == expected
    assert np.fft.rfft(values[::-1, ::-1]).tolist() == np.fft.rfft(values[::-1, ::-1].copy()).tolist()
    assert np.fft.rfft(np.arange(8)).tolist() == np.fft.rfft(np.arange(8.0)).tolist()


def test_out():
    out = np.empty(5, np.complex128)
    assert np.fft.rfft(np.arange(8.0), out=out) is out
    assert out.tolist() == np.fft.rfft(np.arange(8.0)).tolist()
    with pytest.raises(ValueError, match="wrong shape"):
        np.fft.rfft(np.arange(8.0), out=np.empty(4, np.complex128))


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: np.fft.rfft([1j, 2]), TypeError, "'rfft_n_even' not supported for the input types"),
        (lambda: np.fft.rfft([1.0], 0), ValueError, r"Invalid number of FFT data points \(0\) specified"),
        (lambda: np.fft.irfft([1.0]), ValueError, r"Invalid number of FFT data points \(0\) specified"),
        (lambda: np.fft.rfft([1.0], norm="x"), ValueError, "Invalid norm value x"),
        (lambda: np.fft.rfft([1.0], 1, axis=2), np.exceptions.AxisError, "axis 2"),
    ],
)
def test_errors(call, error, words):
    with pytest.raises(error, match=words):
        call()


@pytest.mark.parametrize("points", [0, 1, 2, 5, 8, 51, 1024])
def test_hanning(points):
    window = np.hanning(points).tolist()
    expected = [0.5 - 0.5 * math.cos(2 * math.pi * k / (points - 1)) for k in range(points)] if points > 1 else [1.0]
    assert window == pytest.approx(expected[:points], abs=1e-15)  # the reference rounds its argument
    assert window == window[::-1]


def test_windows_are_views():
    base = np.arange(6)
    windows = sliding_window_view(base, 3)
    assert windows.tolist() == [[0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5]]
    base[2] = 9
    assert windows[0].tolist() == [0, 1, 9]
    with pytest.raises(ValueError, match="read-only"):
        windows[0, 0] = 1
    writeable = sliding_window_view(base, 3, writeable=True)
    writeable[0, 0] = 7
    assert base[0] == 7


def test_windows_of_planes():
    base = np.arange(12).reshape(3, 4)
    windows = sliding_window_view(base, (2, 2))
    assert windows.shape == (2, 3, 2, 2)
    assert windows[1, 2].tolist() == [[6, 7], [10, 11]]
    assert sliding_window_view(base, 2, axis=0).shape == (2, 4, 2)
    assert sliding_window_view(base, (2, 2), axis=(0, 0)).shape == (1, 4, 2, 2)
    for size, axis in ((5, 1), (-1, 0), ((1, 2, 3), None), (2, None)):
        with pytest.raises(ValueError, match="window"):
            sliding_window_view(base, size, axis)


@pytest.mark.parametrize(
    ("values", "dtype", "text"),
    [
        ([], "f8", "array([], dtype=float64)"),
        ([1, 2], "i4", "array([1, 2], dtype=int32)" if np.int_ is not np.int32 else "array([1, 2])"),
        ([True, False], "?", "array([ True, False])"),
        ([0.1, 1e-5], "f8", "array([1.e-01, 1.e-05])"),
        ([1 / 3, 100.0], "f8", "array([  0.33333333, 100.        ])"),
        ([math.nan, -math.inf, 1.5], "f8", "array([ nan, -inf,  1.5])"),
        ([1 / 3], "f4", "array([0.33333334], dtype=float32)"),
        ([1 + 2j, -0.5j], "c16", "array([ 1.+2.j , -0.-0.5j])"),
        ([[1.0], [2.0]], "f8", "array([[1.],\n       [2.]])"),
        (3.0, "f8", "array(3.)"),
    ],
)
def test_repr(values, dtype, text):
    assert repr(np.array(values, dtype)) == text


def test_summary_and_wrapping():
    assert str(np.arange(2000.0)) == "[0.000e+00 1.000e+00 2.000e+00 ... 1.997e+03 1.998e+03 1.999e+03]"
    assert repr(np.zeros((0, 3))) == "array([], shape=(0, 3), dtype=float64)"
    assert str(np.arange(30)) == (
        "[ 0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20 21 22 23\n 24 25 26 27 28 29]"
    )
    with np.printoptions(precision=2, threshold=3, edgeitems=1):
        assert repr(np.arange(4.0) / 3) == "array([0., ..., 1.], shape=(4,))"
    assert np.array2string(np.array([1.0, 2.0]), formatter={"float": lambda x: f"<{x:.1f}>"}) == "[<1.0> <2.0>]"


def test_scalars():
    assert repr(np.float64(0.1)) == "np.float64(0.1)" and str(np.float64(1e16)) == "1e+16"
    assert str(np.float32(0.1)) == "0.1" and str(np.complex128(1 - 2j)) == "(1-2j)"
    assert np.format_float_positional(np.float32(1e-5)) == "0.00001"
    assert np.format_float_scientific(1234.5, precision=2) == "1.23e+03"
