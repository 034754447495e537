"""Device arrays on the desktop: the shared cases, on wgpu's adapter."""

from __future__ import annotations

import math

import device_cases
import pytest

import wasmnp as np


def test_enough_cases() -> None:
    names = [case.name for case in device_cases.CASES]
    assert len(set(names)) == len(names)
    assert len(names) >= 100


@pytest.mark.parametrize("case", device_cases.CASES, ids=lambda case: case.name)
def test_same_on_host_and_device(case) -> None:
    device_cases.check(case)


@pytest.fixture
def small_bindings():
    """A device whose bindings have at most 1 KiB: kernels run in pieces."""
    from wasmnp.webgpu.device import current_device

    device = current_device()
    before, device.largest_binding = device.largest_binding, 1024
    yield device
    device.largest_binding = before


def test_few_pieces(small_bindings) -> None:
    """Pieces of nearly the size that a binding may have, whichever axes they are cut along."""
    x = np.webgpu.asarray(np.zeros((4, 5000), "f4"))
    y = np.webgpu.asarray(np.zeros((300, 2), "f4"))
    for result, nbytes in (
        (x + 1, 4 * 20_000), (x.sum(axis=0), 4 * 20_000), (x.sum(axis=1), 4 * 20_000), (x.T.sum(axis=1), 4 * 20_000),
        (x.T @ x[:, :3], 4 * 20_000), (x[:, :300] @ y, 4 * 1800), (y.T @ x[:, :300].T, 4 * 1800),
    ):  # fmt: skip
        assert np.webgpu.explain(result).dispatches <= 9 * nbytes / 1024


def _is_small(case) -> bool:
    return all(math.prod(operand.shape) <= 7000 for operand in case.operands)


@pytest.mark.parametrize("case", list(filter(_is_small, device_cases.CASES)), ids=lambda case: case.name)
def test_same_in_pieces(case, small_bindings) -> None:
    device_cases.check(case)
