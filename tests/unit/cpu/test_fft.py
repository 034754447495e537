"""Real Fourier transforms: accuracy against an exact-enough reference, the same bits on every level, many rows."""

from __future__ import annotations

import threading

import mpmath
import numpy as np
import pytest

LENGTHS = [1 << exponent for exponent in range(17)]
COMPLEX = {"float32": "complex64", "float64": "complex128"}


def rfft(table, x: np.ndarray, scale: float = 1.0) -> np.ndarray:
    rows, n = x.shape
    out = np.empty((rows, n // 2 + 1), COMPLEX[x.dtype.name])
    assert table.fft(f"rfft_{x.dtype.name}")(x.ctypes.data, out.ctypes.data, n, rows, scale)
    return out


def irfft(table, spectrum: np.ndarray, n: int, scale: float) -> np.ndarray:
    dtype = "float32" if spectrum.dtype == "complex64" else "float64"
    out = np.empty((len(spectrum), n), dtype)
    assert table.fft(f"irfft_{dtype}")(spectrum.ctypes.data, out.ctypes.data, n, len(spectrum), scale)
    return out


def relative_error(got: np.ndarray, expected: np.ndarray) -> float:
    """Root mean square error relative to that of the signal, in units of the type's epsilon."""
    norm = np.sqrt((abs(expected) ** 2).sum()) or 1.0
    return float(np.sqrt((abs(got - expected) ** 2).sum()) / norm / np.finfo(got.dtype).eps)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("n", LENGTHS)
def test_forward_and_back(tables, dtype, n):
    rng = np.random.default_rng(n)
    x = rng.standard_normal((3, n)).astype(dtype)
    expected = np.fft.rfft(x.astype("float64"))
    results = []
    for table in tables.values():
        spectrum = rfft(table, x)
        assert relative_error(spectrum, expected) < 2.5
        assert not spectrum.imag[:, 0].any() and (n == 1 or not spectrum.imag[:, -1].any())
        back = irfft(table, spectrum, n, 1.0 / n)
        assert relative_error(back, x) < 3
        results.append(spectrum.tobytes() + back.tobytes())
    assert len(set(results)) == 1, "the levels differ"
    first = next(iter(tables.values()))
    for row in range(3):
        assert rfft(first, x[row : row + 1]).tobytes() == spectrum[row].tobytes()


@pytest.mark.parametrize("n", [2, 8, 64, 128, 256])
def test_against_mpmath(tables, n):
    x = np.random.default_rng(n).standard_normal((1, n))
    with mpmath.workdps(40):
        roots = [mpmath.expjpi(mpmath.mpf(-2 * k) / n) for k in range(n)]
        values = [mpmath.mpf(float(v)) for v in x[0]]
        exact = [mpmath.fdot(values, (roots[j * k % n] for j in range(n))) for k in range(n // 2 + 1)]
        norm = mpmath.sqrt(sum(abs(v) ** 2 for v in exact))
        for table in tables.values():
            got = rfft(table, x)[0]
            error = mpmath.sqrt(sum(abs(mpmath.mpc(complex(g)) - e) ** 2 for g, e in zip(got, exact, strict=True)))
            assert error / norm < 1.2 * np.finfo("float64").eps


@pytest.mark.parametrize("n", [2, 4, 64, 1024])
def test_inverse_ignores_the_imaginary_parts_that_a_real_signal_lacks(tables, n):
    rng = np.random.default_rng(n)
    spectrum = rng.standard_normal((2, n // 2 + 1)) + 1j * rng.standard_normal((2, n // 2 + 1))
    expected = np.fft.irfft(spectrum, n)
    for table in tables.values():
        assert relative_error(irfft(table, spectrum, n, 1 / n), expected) < 3


def test_scale(tables):
    x = np.random.default_rng(3).standard_normal((1, 256))
    for table in tables.values():
        np.testing.assert_array_equal(rfft(table, x, 0.25), rfft(table, x) * 0.25)


def test_a_pure_tone_leaks_nothing(tables):
    n = 4096
    x = np.cos(2 * np.pi * 100 * np.arange(n) / n)[None]
    for table in tables.values():
        spectrum = abs(rfft(table, x)[0])
        assert spectrum[100] == pytest.approx(n / 2, rel=1e-15)
        spectrum[100] = 0
        assert spectrum.max() < 1e-11


def test_threads_share_the_plan_cache(tables):
    table = next(iter(tables.values()))
    signals = {n: np.random.default_rng(n).standard_normal((4, n)) for n in (8 << k for k in range(11))}
    expected = {n: rfft(table, x).tobytes() for n, x in signals.items()}
    wrong: list[int] = []

    def work() -> None:
        for _ in range(20):
            wrong.extend(n for n, x in signals.items() if rfft(table, x).tobytes() != expected[n])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
