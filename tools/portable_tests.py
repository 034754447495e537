"""Run the unit tests that need neither NumPy nor hypothesis inside Pyodide in node."""

from __future__ import annotations

import builds
import pyodide
from environment import BUILD, ROOT, CommandFailed

RUNNER = """\
import sys
import pytest
sys.dont_write_bytecode = True
sys.exit(pytest.main(["-p", "no:cacheprovider", "--rootdir=/tests", "-q", *sys.argv[1:]]))
"""


def run_portable_tests(arguments: list[str]) -> int:
    """Run tests/unit/portable in Pyodide with the WebAssembly wheel; gives pytest's exit status."""
    folder = ROOT / "tests" / "unit" / "portable"
    if not folder.is_dir():
        print("there is no tests/unit/portable")
        return 1
    script = BUILD / "run_portable_tests.py"
    script.parent.mkdir(exist_ok=True)
    script.write_text(RUNNER)
    try:
        pyodide.run_python(
            script,
            [*arguments, "/tests/portable"],
            folder=pyodide.distribution(),
            wheels=[builds.build_wheel("pyodide")],
            packages=["pytest"],
            mounts={"/tests/portable": folder},
        )
    except CommandFailed as failure:
        return int(failure.code or 1)
    return 0
