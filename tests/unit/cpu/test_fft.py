"""Fourier transforms: accuracy against long double, the same bits on every level and in any layout of rows."""

from __future__ import annotations

import ctypes
import threading

import mpmath
import numpy as np
import pytest

from .native_build import FourierRows

KINDS = ["forward", "inverse", "real_to_half", "half_to_real", "real_to_whole", "real_to_inverse"]
# Powers of two and of small primes, their products, primes on both sides of the longest radix, twice such primes.
LENGTHS = [*range(1, 70), 81, 100, 101, 122, 125, 127, 128, 134, 243, 256, 343, 360, 500, 512, 625, 720, 729, 1000,
           1001, 1009, 1024, 2018, 2048, 3072, 4096, 5040, 10007, 12288, 16384, 65536]  # fmt: skip


def transform(table, kind: str, x: np.ndarray, n: int, scale: float = 1.0, out: np.ndarray | None = None) -> np.ndarray:
    """A transform of each row of `x`, any strides, at one level."""
    real, result = x.real.dtype, np.result_type(x.dtype, np.complex64)
    if out is None:
        length = n // 2 + 1 if kind == "real_to_half" else n
        out = np.empty((len(x), length), real if kind == "half_to_real" else result)
    factor = np.full(1, scale, real)
    run = FourierRows(KINDS.index(kind), n, len(x), x.ctypes.data, x.shape[1], x.strides[1], x.strides[0],
                      out.ctypes.data, out.strides[1], out.strides[0], factor.ctypes.data, 0)  # fmt: skip
    assert table.fourier(real.name)(ctypes.byref(run))
    return out


def operand(kind: str, dtype: str, rows: int, n: int) -> np.ndarray:
    rng = np.random.default_rng(n)
    length = n // 2 + 1 if kind == "half_to_real" else n
    x = rng.standard_normal((rows, length))
    if kind in ("forward", "inverse", "half_to_real"):
        x = x + 1j * rng.standard_normal((rows, length))
        return x.astype("complex64" if dtype == "float32" else "complex128")
    return x.astype(dtype)


def exact(kind: str, x: np.ndarray, n: int) -> np.ndarray:
    """NumPy's transform in long double."""
    wide = x.astype(np.result_type(x.dtype, np.longdouble))
    if kind == "real_to_half":
        return np.fft.rfft(wide)
    if kind == "half_to_real":
        return np.fft.irfft(wide, n, norm="forward")
    return np.fft.ifft(wide, norm="forward") if "inverse" in kind else np.fft.fft(wide)


def relative_error(got: np.ndarray, expected: np.ndarray) -> float:
    """Root mean square error relative to that of the signal, in units of the type's epsilon."""
    norm = np.sqrt((abs(expected) ** 2).sum()) or 1.0
    return float(np.sqrt((abs(got - expected) ** 2).sum()) / norm / np.finfo(got.dtype).eps)


def bound(n: int) -> float:
    """What relative_error stays below; a length with a prime above 61 takes three transforms instead of one."""
    rest = n
    for prime in range(2, 62):
        while rest % prime == 0:
            rest //= prime
    return (0.6 if rest == 1 else 0.8) * max(1.0, np.log2(n)) ** 0.5


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("n", LENGTHS)
def test_accuracy_and_levels(tables, dtype, n):
    limit = bound(n)
    for kind in KINDS:
        x = operand(kind, dtype, 11 if n < 2048 else 1, n)
        results = [transform(table, kind, x, n) for table in tables.values()]
        assert relative_error(results[0], exact(kind, x, n)) < limit, kind
        assert len({result.tobytes() for result in results}) == 1, "the levels differ"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", [1, 2, 3, 8, 15, 17, 31, 32, 63, 64, 67, 70, 96, 122, 250])
def test_rows_do_not_depend_on_their_layout(tables, kind, n):
    for dtype in ("float32", "float64"):
        x = operand(kind, dtype, 11, n)
        table = next(iter(tables.values()))
        expected = transform(table, kind, x, n)
        for row in range(3):
            assert transform(table, kind, x[row : row + 1], n).tobytes() == expected[row].tobytes()
        columns = np.asfortranarray(np.zeros_like(expected))
        assert transform(table, kind, np.asfortranarray(x), n, out=columns) is columns
        assert columns.tobytes() == expected.tobytes()
        wide = np.zeros((2 * len(x), 3 * x.shape[1]), x.dtype)
        strided = wide[::-2, ::-3][:, : x.shape[1]]
        strided[...] = x
        assert transform(table, kind, strided, n).tobytes() == expected.tobytes()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", [1, 2, 3, 7, 16, 66, 90, 201])
def test_inputs_are_cut_or_continued_with_zeros(tables, kind, n):
    table = next(iter(tables.values()))
    x = operand(kind, "float64", 3, n)
    expected = transform(table, kind, x, n)
    longer = np.concatenate([x, np.full((3, 5), np.nan, x.dtype)], axis=1)
    assert transform(table, kind, longer, n).tobytes() == expected.tobytes()
    shorter = x[:, : x.shape[1] // 2]
    padded = np.concatenate([shorter, np.zeros((3, x.shape[1] - shorter.shape[1]), x.dtype)], axis=1)
    assert transform(table, kind, shorter, n).tobytes() == transform(table, kind, padded, n).tobytes()


@pytest.mark.parametrize("n", [2, 8, 30, 61, 64, 67, 105, 128, 256])
def test_against_mpmath(tables, n):
    x = np.random.default_rng(n).standard_normal((1, n))
    with mpmath.workdps(40):
        roots = [mpmath.expjpi(mpmath.mpf(-2 * k) / n) for k in range(n)]
        values = [mpmath.mpf(float(v)) for v in x[0]]
        wanted = [mpmath.fdot(values, (roots[j * k % n] for j in range(n))) for k in range(n)]
        norm = mpmath.sqrt(sum(abs(v) ** 2 for v in wanted))
        for kind in ("forward", "real_to_whole"):
            for table in tables.values():
                got = transform(table, kind, x if kind == "real_to_whole" else x + 0j, n)[0]
                error = mpmath.sqrt(sum(abs(mpmath.mpc(complex(g)) - e) ** 2 for g, e in zip(got, wanted, strict=True)))
                assert error / norm < bound(n) * np.finfo("float64").eps


@pytest.mark.parametrize("n", [1, 2, 3, 4, 9, 64, 67, 1024])
def test_parts_that_real_signals_lack(tables, n):
    spectrum = operand("half_to_real", "float64", 2, n)
    plain = spectrum.copy()
    plain.imag[:, 0] = 0
    if n % 2 == 0:
        plain.imag[:, -1] = 0
    for table in tables.values():
        expected = transform(table, "half_to_real", plain, n)
        assert transform(table, "half_to_real", spectrum, n).tobytes() == expected.tobytes()
        half = transform(table, "real_to_half", operand("real_to_half", "float64", 2, n), n)
        assert not half.imag[:, 0].any() and (n % 2 or not half.imag[:, -1].any())


def test_scale(tables):
    for n in (9, 67, 256):
        for kind in KINDS:
            x = operand(kind, "float64", 1, n)
            for table in tables.values():
                whole, quarter = transform(table, kind, x, n), transform(table, kind, x, n, 0.25)
                np.testing.assert_array_equal(quarter, whole * 0.25)


def test_a_pure_tone_leaks_nothing(tables):
    n = 4096
    x = np.cos(2 * np.pi * 100 * np.arange(n) / n)[None]
    for table in tables.values():
        spectrum = abs(transform(table, "real_to_half", x, n)[0])
        assert spectrum[100] == pytest.approx(n / 2, rel=1e-15)
        spectrum[100] = 0
        assert spectrum.max() < 1e-11


def test_threads_share_the_plan_cache(tables):
    table = next(iter(tables.values()))
    signals = {n: np.random.default_rng(n).standard_normal((4, n)) for n in [8 << k for k in range(11)] + [67, 201, 15]}
    expected = {n: transform(table, "real_to_half", x, n).tobytes() for n, x in signals.items()}
    wrong: list[int] = []

    def work() -> None:
        for _ in range(20):
            for n, x in signals.items():
                if transform(table, "real_to_half", x, n).tobytes() != expected[n]:
                    wrong.append(n)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
