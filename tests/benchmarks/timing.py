"""Timing of rows: reference and wasmnp take turns in one process, the minimum of the rounds counts.

Runs on the desktop and inside Pyodide, on the standard library alone.
"""

from __future__ import annotations

import fnmatch
import timeit
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

ROUND_SECONDS = 4e-3  # a statement is repeated until a round takes about this long
MINIMUM_ROUNDS = 7
NAME_WIDTH = 32


@dataclass(frozen=True)
class Row:
    name: str
    setup: str
    statement: str


@dataclass
class Result:
    """Seconds of one execution; None, and why, where an implementation raises."""

    name: str
    reference: float | None
    candidate: float | None
    error: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times faster than the reference the candidate is."""
        return self.reference / self.candidate if self.reference and self.candidate else None


def read_rows(path: Path, patterns: Iterable[str] = ("*",)) -> list[Row]:
    """Rows of a file `name | setup | statement` whose name matches one of the patterns."""
    rows = []
    for line in path.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            row = Row(*(part.strip() for part in line.split(" | ", 2)))
            if any(fnmatch.fnmatch(row.name, pattern) for pattern in patterns):
                rows.append(row)
    return rows


def prepared(row: Row, module: ModuleType, rng: Callable[..., Any]) -> timeit.Timer:
    """Timer of the row's statement with `np` bound to `module`; the statement has run once."""
    names = {"np": module, "rng": rng}
    exec(row.setup, names)
    timer = timeit.Timer(row.statement, globals=names)
    timer.timeit(1)
    return timer


def repetitions(timer: timeit.Timer) -> int:
    """How often to repeat a statement so that a round takes about ROUND_SECONDS."""
    count = 1
    while True:
        seconds = timer.timeit(count)
        if seconds >= ROUND_SECONDS:
            return count
        count = max(2 * count, int(count * ROUND_SECONDS / max(seconds, 1e-7)))


def measure(row: Row, reference: ModuleType, candidate: ModuleType, rng: Callable[..., Any], rounds: int) -> Result:
    """Time one row on both modules, in turns."""
    timers = []
    for module in (reference, candidate):
        try:
            timers.append(prepared(row, module, rng))
        except Exception as error:
            return Result(row.name, None, None, f"{module.__name__}: {type(error).__name__}: {error}"[:100])
    counts = [repetitions(timer) for timer in timers]
    best = [float("inf"), float("inf")]
    for _ in range(max(rounds, MINIMUM_ROUNDS)):
        for side, (timer, count) in enumerate(zip(timers, counts, strict=True)):
            best[side] = min(best[side], timer.timeit(count) / count)
    return Result(row.name, *best)


def measure_all(
    rows: Iterable[Row], reference: ModuleType, candidate: ModuleType, rng: Callable[..., Any], rounds: int
) -> Iterator[Result]:
    for row in rows:
        yield measure(row, reference, candidate, rng, rounds)


def duration(seconds: float | None) -> str:
    """A time with a unit, such as `1.234 ms`."""
    if seconds is None:
        return "-"
    for unit, factor in (("s ", 1.0), ("ms", 1e3), ("us", 1e6)):
        if seconds * factor >= 1:
            return f"{seconds * factor:.3f} {unit}"
    return f"{seconds * 1e9:.1f} ns"


def line(result: Result) -> str:
    """One line of a report."""
    if result.ratio is None:
        return f"{result.name:<{NAME_WIDTH}} missing: {result.error}"
    times = f"{duration(result.reference):>12} {duration(result.candidate):>12}"
    return f"{result.name:<{NAME_WIDTH}} {times} {result.ratio:7.2f} x"


HEADER = f"{'row':<{NAME_WIDTH}} {'NumPy':>12} {'wasmnp':>12} {'faster':>9}"
