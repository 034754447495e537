"""Judge a candidate: run the yardstick's tests on it and account for every one of them."""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import runner, yardstick

OUTCOME_NAMES = {
    "f": "failed", "e": "error", "s": "skipped", "x": "xfailed", "c": "crashed", "t": "timeout",
    "m": "missing", "n": "notrun",
}  # fmt: skip


@dataclass
class Judgement:
    """Outcome of a run; a test that did not pass stands in `failing` with an outcome and a message."""

    who: str
    options: runner.Options
    baseline: dict[str, Any]
    selected: dict[str, list[str]]
    failing: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    helpers: dict[str, str] = field(default_factory=dict)
    results: dict[str, runner.FileResult] = field(default_factory=dict)
    seconds: float = 0

    @property
    def total(self) -> int:
        return sum(map(len, self.selected.values()))

    @property
    def passed(self) -> int:
        return self.total - sum(map(len, self.failing.values()))

    @property
    def leaks(self) -> set[str]:
        """Files of the real numpy that were found in a test process."""
        return set().union(*(result.leaks for result in self.results.values()))

    def passing(self) -> Iterator[str]:
        """Ids FILE::TEST of the tests that passed."""
        for file, tests in self.selected.items():
            failing = self.failing.get(file, {})
            yield from (f"{file}::{test}" for test in tests if test not in failing)

    def lost(self) -> list[tuple[int, int, str, str]]:
        """(tests lost, tests selected, file, first error) of files that were not fully collected or run."""
        rows = []
        for file, result in self.results.items():
            missing = sum(test not in result.outcomes for test in self.selected[file])
            if missing and result.errors:
                rows.append((missing, len(self.selected[file]), file, result.errors[0]))
        return sorted(rows, reverse=True)

    def as_json(self) -> dict[str, Any]:
        return {
            "candidate": self.options.candidate, "who": self.who, "identity": self.options.identity,
            "numpy": self.baseline["numpy"], "seconds": round(self.seconds, 1), "helpers": self.helpers,
            "passed": self.passed, "total": self.total, "leaks": sorted(self.leaks), "lost": self.lost(),
            "tests": {file: len(tests) for file, tests in self.selected.items()}, "failing": self.failing,
        }  # fmt: skip


@contextlib.contextmanager
def workplace(options: runner.Options, folder: str | None = None) -> Iterator[Path]:
    """A temporary folder, kept where the options say so."""
    path = Path(tempfile.mkdtemp(prefix="conformance-", dir=folder))
    try:
        yield path
    finally:
        if options.keep:
            print("kept", path)
        else:
            shutil.rmtree(path, ignore_errors=True)


def identify(options: runner.Options, environment: dict[str, str], folder: Path) -> str:
    """Name, version and file of what `import numpy` gives in a test process."""
    code = "import numpy; print(numpy.__name__, getattr(numpy, '__version__', '?'), getattr(numpy, '__file__', '?'))"
    done = runner.run_code(options, code, environment, folder)
    if done.stdout.strip():
        return done.stdout.strip()
    reason = runner.last_line(done.stderr) if done.stderr.strip() else runner.ended(done.returncode)
    return f"import fails: {reason}"


def account(selected: list[str], result: runner.FileResult) -> dict[str, tuple[str, str]]:
    """Tests of a file that did not pass: id -> (outcome, message)."""
    failing = {}
    gave_up = any(error.startswith("gave up") for error in result.errors)
    for test in selected:
        outcome = result.outcomes.get(test)
        if outcome is None:
            code = "n" if gave_up else "m"
            message = "NOT COLLECTED: parametrisation/test absent (other ids)"
            if result.errors:
                message = f"{'NOTRUN' if gave_up else 'NOT COLLECTED:'} {result.errors[0]}"
        elif outcome.code in ("p", "X"):
            continue
        else:
            code, message = outcome.code, outcome.message
        failing[test] = (OUTCOME_NAMES.get(code, code), message)
    return failing


def judge(
    options: runner.Options,
    select: Callable[[str, list[str]], list[str]],
    baseline_path: Path = yardstick.BASELINE,
    numpy_folder: str | None = None,
    temporary: str | None = None,
) -> Judgement:
    """Run the tests that `select(file, yardstick tests of the file)` chooses."""
    baseline = yardstick.read_baseline(baseline_path)
    real = yardstick.real_numpy_folder(numpy_folder)
    if yardstick.real_numpy_version(real) != baseline["numpy"]:
        print(f"WARNING: baseline of numpy {baseline['numpy']}, test files of {yardstick.real_numpy_version(real)}")
    start = time.time()
    with workplace(options, temporary) as folder:
        tree, boot = yardstick.make_tree(real, folder)
        helpers, report = runner.probe_helpers(options, real, tree, boot)
        environment = runner.environment_for(options, real, tree, boot, helpers)
        who = identify(options, environment, folder)
        chosen = {file: select(file, yardstick.yardstick(baseline, file)) for file in baseline["files"]}
        selected = {file: tests for file, tests in chosen.items() if tests}
        files = baseline["files"]
        jobs = [runner.Job(file, {"all": files[file]["ids"], "sel": tests}, files[file]["t"])
                for file, tests in selected.items()]  # fmt: skip
        results = runner.run_jobs(options, environment, tree, boot, folder, jobs)
    judgement = Judgement(who, options, baseline, selected, helpers=report, results=results)
    for file in selected:
        if failing := account(selected[file], results[file]):
            judgement.failing[file] = failing
    judgement.seconds = time.time() - start
    return judgement


def write_json(judgement: Judgement, path: Path) -> None:
    path.write_text(json.dumps(judgement.as_json(), indent=0))
    print("wrote", path)
