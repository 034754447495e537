"""A judgement as text: figures by area, files that were lost, the commonest failures."""

from __future__ import annotations

import fnmatch
import json
import re
from collections import Counter, defaultdict
from pathlib import Path

from .judge import Judgement
from .yardstick import AREA_ORDER, area_of


def normalized(message: str) -> str:
    """A failure message without what differs between tests that fail for the same reason."""
    message = re.sub(r"0x[0-9a-fA-F]+", "0x..", message)
    message = re.sub(r"/[\w./-]*/", "<path>/", message)
    message = re.sub(r"\bat index \(?[\d, ]+\)?", "at index N", message)
    message = re.sub(r"-?\b\d+(\.\d+)?(e[-+]?\d+)?\b(?!['\"])", "N", message)
    message = re.sub(r"(array|dtype)\([^)]*\)", r"\1(..)", message)
    return re.sub(r"\s+", " ", message)[:170]


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole if whole else 0:7.2f}%"


def print_areas(judgement: Judgement) -> None:
    total: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    for file, tests in judgement.selected.items():
        total[area_of(file)] += len(tests)
        passed[area_of(file)] += len(tests) - len(judgement.failing.get(file, ()))
    print(f"\n{'area':<28} {'passed':>8} {'total':>8} {'%':>8}")
    for area in AREA_ORDER:
        if total[area]:
            print(f"{area:<28} {passed[area]:8d} {total[area]:8d} {percent(passed[area], total[area])}")
    print(f"{'OVERALL':<28} {judgement.passed:8d} {judgement.total:8d} {percent(judgement.passed, judgement.total)}")


def print_report(judgement: Judgement, top: int = 30) -> None:
    """Print everything that is worth knowing after a run."""
    print(f"candidate: {judgement.who} [{judgement.options.identity}]")
    print(f"numpy tests: {judgement.baseline['numpy']}   yardstick tests: {judgement.total}   "
          f"time: {judgement.seconds:.0f} s (n={judgement.options.processes})")  # fmt: skip
    for name, state in sorted(judgement.helpers.items()):
        print(f"helper {name:<36} {state}")
    print_areas(judgement)
    outcomes: Counter[str] = Counter()
    groups: Counter[str] = Counter()
    files: dict[str, set[str]] = defaultdict(set)
    for file, tests in judgement.failing.items():
        for outcome, message in tests.values():
            group = normalized(message)
            outcomes[outcome] += 1
            groups[group] += 1
            files[group].add(file)
    if outcomes:
        print("not passed:", ", ".join(f"{name} {count}" for name, count in outcomes.most_common()))
    positional = sum(result.positional for result in judgement.results.values())
    if positional:
        print(f"matched by position (ids differ from the baseline): {positional}")
    if judgement.leaks:
        leaks = ", ".join(sorted(judgement.leaks)[:5])
        print(f"!!! REAL NUMPY LEAK: files of the real numpy were loaded: {leaks}")
    if lost := judgement.lost():
        print(f"\nfiles not (fully) collected/run: {len(lost)}, tests lost: {sum(row[0] for row in lost)}")
        for missing, selected, file, error in lost[:top]:
            print(f"  {missing:6d}/{selected:<6d} {file:<44} {error[:140]}")
    if groups:
        print("\ntop failure messages")
        for group, count in groups.most_common(top):
            print(f"  {count:6d}  ({len(files[group])} files) {group[:150]}")


def show(path: Path, pattern: str | None) -> None:
    """Print the failing tests of an earlier run's JSON file."""
    for file, tests in json.loads(path.read_text())["failing"].items():
        if not pattern or fnmatch.fnmatch(file, pattern):
            for test, (outcome, message) in tests.items():
                print(f"{file}::{test}  {outcome}  {message[:160]}")
