"""What tests of every room share: the developer tools as modules, and the things that are built."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

import pytest

with contextlib.suppress(ImportError):
    import wasmnp  # noqa: F401  the installed one, before a test puts the source tree on sys.path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))


@pytest.fixture(scope="session")
def native_library() -> Path:
    """The extension module that `import wasmnp` loads."""
    import wasmnp._native

    return Path(wasmnp._native.__file__)


@pytest.fixture(scope="session")
def wasm_wheel() -> Path:
    """The WebAssembly wheel of this tree."""
    import builds

    return builds.build_wheel("pyodide")


@pytest.fixture(scope="session")
def pyodide_distribution() -> Path:
    """The local Pyodide distribution that page and tests run in."""
    import pyodide

    return pyodide.distribution()
