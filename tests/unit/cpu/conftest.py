"""Fixtures: the routines of each x86-64 level that this machine can run."""

from __future__ import annotations

import platform

import pytest

from . import native_build


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, native_build.Routines]:
    """Level name -> table of routines, compiled once per test session."""
    if platform.machine().lower() not in ("x86_64", "amd64"):
        pytest.skip("the x86-64 levels cannot run here")
    folder = tmp_path_factory.mktemp("levels")
    levels = [level for level in native_build.LEVELS if native_build.cpu_has(level)]
    return {level: native_build.build_level(level, folder) for level in levels}
