"""Two runs of the same tests side by side, on the desktop and in Pyodide, and what the platform keeps from passing."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from .report import percent

# What keeps a test from passing in Pyodide, as the test itself says: the outcome's kind and the start of its message.
PLATFORM_REASONS = {
    r"skipped (.*)": r"skipped: \1",
    r"\w+ NumPy skips it: (.*?);": r"NumPy's suite skips it in WebAssembly: \1",
    r"\w+ CABIUnavailable": "NumPy's compiled test helpers, which are built for the desktop",
    r"missing NOT COLLECTED: parametrisation": "parameters of other widths of `long` and `intp`",
    r"\w+ .*(emscripten does not support processes|_posixsubprocess|_multiprocessing)": "processes",
    r"\w+ RuntimeError: can't start new thread": "threads",
    r"\w+ MemoryError": "4 GiB of memory",
}

Failing = dict[str, tuple[str, str]]


def platform_reason(outcome: str, message: str) -> str | None:
    """What of the platform kept a test from passing; None where nothing known did."""
    for form, reason in PLATFORM_REASONS.items():
        if match := re.match(form, f"{outcome} {message}"):
            return match.expand(reason)
    return None


def row(name: str, figures: Mapping[str, int]) -> str:
    """A line of the table; the difference in points leaves out the tests that the platform keeps from passing."""
    tests, able = figures["tests"], max(figures["tests"] - figures["kept"], 1)
    difference = 100 * (figures["pyodide"] - figures["able_desktop"]) / able
    return (f"{name:<44} {tests:6d} {percent(figures['desktop'], tests)} {percent(figures['pyodide'], tests)} "
            f"{figures['kept']:6d} {difference:+7.2f}")  # fmt: skip


def print_comparison(desktop: dict[str, Any], pyodide: dict[str, Any], top: int = 30) -> None:
    """Print shares per file and in all, platform differences by reason, and failures of Pyodide alone."""
    reasons: Counter[str] = Counter()
    alone: dict[str, Failing] = defaultdict(dict)
    sums: Counter[str] = Counter()
    print(f"{'file':<44} {'tests':>6} {'desktop':>8} {'Pyodide':>8} {'kept':>6} {'points':>7}")
    for file, tests in desktop["tests"].items():
        if file not in pyodide["tests"]:
            continue
        here: Failing = desktop["failing"].get(file, {})
        there: Failing = pyodide["failing"].get(file, {})
        kept = set()
        for test, (outcome, message) in there.items():
            reason = platform_reason(outcome, message)
            if reason:
                reasons[reason] += 1
                kept.add(test)
            elif test not in here:
                alone[file][test] = (outcome, message)
        figures = {
            "tests": tests, "desktop": tests - len(here), "pyodide": tests - len(there), "kept": len(kept),
            "able_desktop": tests - len(kept | set(here)),
        }  # fmt: skip
        sums.update(figures)
        print(row(file, figures))
    print(row("OVERALL", sums))
    print("\nkept from passing by the platform:")
    for reason, count in reasons.most_common():
        print(f"  {count:6d}  {reason}")
    print(f"\nfailing in Pyodide alone: {sum(map(len, alone.values()))}")
    lines = [f"  {file}::{test}  {outcome}  {message[:160]}"
             for file, failing in alone.items() for test, (outcome, message) in failing.items()]  # fmt: skip
    print(*lines[:top], sep="\n")
