"""complex64 on devices, against the host, over random numbers of ordinary and of any size."""

from __future__ import annotations

import numpy
import pytest

import wasmnp as np

COUNT = 30_000
# Operands need the width of a mantissa above the smallest normal number: devices may flush what they compute between.
SMALLEST = 2.0**-102


def ordinary() -> numpy.ndarray:
    """Numbers around 1 and around 0.001."""
    generator = numpy.random.default_rng(4)
    parts = generator.normal(size=(COUNT, 2)) * generator.choice([3.0, 1e-3], size=(COUNT, 2))
    return parts.astype("f4").reshape(-1).view("c8")


def any_bits() -> numpy.ndarray:
    """Any patterns of bits, without tiny parts."""
    parts = numpy.random.default_rng(5).integers(0, 2**32, (COUNT, 2), dtype="u4").view("f4")
    tiny = (numpy.abs(parts) < SMALLEST) & (parts != 0)
    return parts[~tiny.any(axis=1)].reshape(-1).view("c8")


def ulp_distance(x: numpy.ndarray, y: numpy.ndarray) -> numpy.ndarray:
    """Units in the last place between float32 arrays; 0 for two NaNs, and for what may be flushed."""
    ordered = [numpy.where(v < 0, -(2**31) - v.astype("i8"), v) for v in (x.view("i4"), y.view("i4"))]
    distance = numpy.abs(ordered[0] - ordered[1])
    distance[(numpy.isnan(x) & numpy.isnan(y)) | ((numpy.abs(x) < 2.0**-124) & (numpy.abs(y) < 2.0**-124))] = 0
    return distance


@pytest.mark.parametrize("numbers", [ordinary, any_bits])
@pytest.mark.parametrize("name", ["exp", "sin", "sqrt", "absolute", "sign"])
def test_within_four_ulp(name, numbers):
    operands = numbers()
    host = np.array(operands)
    with np.errstate(all="ignore"):
        expected = numpy.array(getattr(np, name)(host))
    found = numpy.array(getattr(np, name)(np.webgpu.asarray(host)).to_device("cpu"))
    distance = ulp_distance(expected.view("f4"), found.view("f4"))
    width = len(distance) // len(operands)
    if (distance > 4).any():
        at = int(numpy.argmax(distance > 4)) // width
        pytest.fail(
            f"{name} complex64: {(distance > 4).sum()} parts differ by more than 4 ULP; {name}({operands[at]!r}) is "
            f"{expected[at]!r} on the host, {found[at]!r} on the device"
        )
