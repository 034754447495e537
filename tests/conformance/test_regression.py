"""Tests of NumPy's suite that passed once go on passing, and the yardstick is the whole one."""

from __future__ import annotations

from . import passing, yardstick
from .interpreters import Pyodide
from .runner import Options


def test_the_yardstick_is_complete() -> None:
    baseline = yardstick.read_baseline()
    assert sum(len(yardstick.yardstick(baseline, file)) for file in baseline["files"]) == 47498
    assert len(baseline["files"]) == 136


def test_listed_tests_still_pass() -> None:
    judgement, regressions = passing.check(Options())
    assert judgement.total > 0, "passing.txt lists nothing"
    assert not judgement.leaks
    assert regressions == []


def test_a_few_listed_tests_pass_in_pyodide() -> None:
    core = [f"_core/tests/test_{name}.py" for name in ("multiarray", "umath", "casting_unittests", "dtype")]
    files = [*core, "lib/tests/test_function_base.py", "lib/tests/test_nanfunctions.py"]
    judgement, regressions = passing.check(
        Options(interpreter=Pyodide.of_this_tree()),
        lambda file, test: file in files and yardstick.in_sample(file, test, 100),
    )
    assert judgement.total > 100
    assert regressions == []
