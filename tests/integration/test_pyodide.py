"""The portable unit tests inside Pyodide in node."""

from __future__ import annotations

import portable_tests


def test_portable_unit_tests_pass_in_pyodide() -> None:
    assert portable_tests.run_portable_tests([]) == 0
