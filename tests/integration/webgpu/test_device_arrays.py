"""Device arrays on the desktop: the shared cases, on wgpu's adapter."""

from __future__ import annotations

import device_cases
import pytest


def test_enough_cases() -> None:
    names = [case.name for case in device_cases.CASES]
    assert len(set(names)) == len(names)
    assert len(names) >= 100


@pytest.mark.parametrize("case", device_cases.CASES, ids=lambda case: case.name)
def test_same_on_host_and_device(case) -> None:
    device_cases.check(case)
