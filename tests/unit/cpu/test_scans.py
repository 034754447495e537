"""Running sums and sums of squared distances, on every level and stride."""

from __future__ import annotations

import numpy as np
import pytest

COUNTS = [1, 2, 5, 255, 256, 257, 258, 259, 260, 261, 1000, 4099]
INTEGERS = ["int32", "uint32", "int64", "uint64"]


def running_sum(table, values: np.ndarray, out: np.ndarray) -> int:
    """The number of sums that are there, the first included."""
    out[0] = values[0]
    step, out_step = values.strides[0], out.strides[0]
    function = table.running_sum(values.dtype.name)
    return 1 + function(
        values.ctypes.data + step, step, out.ctypes.data + out_step, out_step, values.size - 1
    )  # fmt: skip


def as_documented(values: np.ndarray) -> np.ndarray:
    """256 sums one after the other, then by fours."""
    sums = np.zeros_like(values)
    sums[:256] = np.add.accumulate(values[:256])
    for start in range(256, values.size, 4):
        sums[start : start + 4] = np.add.accumulate(values[start : start + 4]) + sums[start - 1]
    return sums


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("step", [1, 3, -1])
def test_sums_of_floats(tables, dtype, step):
    rng = np.random.default_rng(1)
    for count in COUNTS:
        values = (rng.standard_normal(count * 3) * 10.0 ** rng.integers(-3, 4, count * 3)).astype(dtype)[::step][:count]
        for level, table in tables.items():
            out = np.full(2 * count, 7, dtype)[::2]
            assert running_sum(table, values, out) == count
            assert out.tobytes() == as_documented(values).tobytes(), (level, count)
            # A sum depends on the values before it alone.
            part = np.zeros(count // 2 + 1, dtype)
            running_sum(table, values[: part.size], part)
            assert part.tobytes() == out[: part.size].tobytes()
            assert (out.base[1::2] == 7).all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("place", [1, 100, 255, 256, 300, 999])
def test_sums_stop_before_what_is_not_finite(tables, dtype, place):
    for bad in (np.inf, np.nan, np.finfo(dtype).max):
        values = np.ones(1000, dtype)
        values[place] = bad
        if np.isfinite(bad):
            values[0] = bad
        for table in tables.values():
            out = np.zeros(1000, dtype)
            done = running_sum(table, values, out)
            assert place - 3 <= done <= place
            with np.errstate(over="ignore"):
                assert out[:done].tobytes() == as_documented(values)[:done].tobytes()


@pytest.mark.parametrize("dtype", INTEGERS)
def test_sums_of_integers(tables, dtype):
    info = np.iinfo(dtype)
    values = np.random.default_rng(2).integers(info.min, info.max, 1000, dtype=dtype, endpoint=True)
    for table in tables.values():
        out = np.zeros(1000, dtype)
        assert running_sum(table, values, out) == 1000
        assert (out == np.add.accumulate(values, dtype=dtype)).all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_squares_have_numpys_bits(tables, dtype):
    rng = np.random.default_rng(3)
    for count in (1, 3, 7, 8, 9, 127, 128, 129, 1000, 20000):
        values = rng.standard_normal(count).astype(dtype)
        center = np.array(values.mean(), dtype)
        expected = np.add.reduce(np.square(values - center))
        for level, table in tables.items():
            out = np.zeros((), dtype)
            table.squares(dtype)(values.ctypes.data, count, center.ctypes.data, out.ctypes.data)
            assert out.tobytes() == expected.tobytes(), (level, count)
