"""passing.txt: the tests of NumPy's suite that pass on wasmnp, so that one which stops passing is a failure.

The ids of one test function that all pass are written as one line, `FILE::FUNCTION[*]`, which keeps the list short;
a function of which only some parametrisations pass has a line for each of these.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from . import yardstick
from .interpreters import Pyodide
from .judge import Judgement, judge
from .platforms import platform_reason
from .runner import Options

PASSING = yardstick.HERE / "passing.txt"


def function_of(test: str) -> str:
    return test.partition("[")[0].partition("#")[0]


def compressed(passing: Iterable[str], baseline: dict[str, Any]) -> list[str]:
    """Sorted lines for the ids FILE::TEST."""
    by_function: dict[tuple[str, str], set[str]] = defaultdict(set)
    for identifier in passing:
        file, _, test = identifier.partition("::")
        by_function[file, function_of(test)].add(test)
    whole: dict[tuple[str, str], set[str]] = defaultdict(set)
    for file in {file for file, _ in by_function}:
        for test in yardstick.yardstick(baseline, file):
            whole[file, function_of(test)].add(test)
    lines = []
    for (file, function), tests in by_function.items():
        if len(tests) > 1 and tests == whole[file, function]:
            lines.append(f"{file}::{function}[*]")
        else:
            lines += [f"{file}::{test}" for test in tests]
    return sorted(lines)


def read_passing(baseline: dict[str, Any], path: Path = PASSING) -> dict[str, set[str]]:
    """File -> ids of the tests that have to pass."""
    found: dict[str, set[str]] = defaultdict(set)
    whole: dict[str, set[str]] = defaultdict(set)
    for line in path.read_text().splitlines() if path.exists() else ():
        if line and not line.startswith("#"):
            file, _, test = line.partition("::")
            if test.endswith("[*]"):
                whole[file].add(test.removesuffix("[*]"))
            else:
                found[file].add(test)
    for file, functions in whole.items():
        found[file] |= {test for test in yardstick.yardstick(baseline, file) if function_of(test) in functions}
    return dict(found)


def write_passing(judgement: Judgement, path: Path = PASSING) -> tuple[int, int]:
    """Write what passed; tests of files that were not run keep their place. Gives the old and the new count."""
    before = read_passing(judgement.baseline, path)
    ran = {file: set(tests) for file, tests in judgement.selected.items()}
    kept = {f"{file}::{test}" for file, tests in before.items() for test in tests - ran.get(file, set())}
    passing = kept | set(judgement.passing())
    text = "# Tests of NumPy's suite that pass on wasmnp; written by `tools/dev.py conformance accept`.\n"
    path.write_text(text + "".join(line + "\n" for line in compressed(passing, judgement.baseline)))
    return sum(map(len, before.values())), len(passing)


def check(
    options: Options, belongs: Callable[[str, str], bool] = lambda file, test: True
) -> tuple[Judgement, list[str]]:
    """Run the listed tests for which `belongs(file, test)`; gives the judgement and a line for each that fails.

    What the platform keeps from passing in Pyodide is no failure.
    """
    expected = read_passing(yardstick.read_baseline())
    judgement = judge(
        options,
        lambda file, tests: [test for test in tests if test in expected.get(file, ()) and belongs(file, test)],
    )
    return judgement, [
        f"{file}::{test}  {outcome}  {message[:200]}"
        for file, tests in judgement.failing.items()
        for test, (outcome, message) in tests.items()
        if not (isinstance(options.interpreter, Pyodide) and platform_reason(outcome, message))
    ]
