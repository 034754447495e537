"""The figures that the skeleton has to reach, each beside its bar: `python tools/dev.py bench skeleton [SECTION...]`.

Sections: size, startup, pyodide, desktop, page. Leaves with status 1 where a bar does not hold.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NoReturn

import dev
from tests.benchmarks import places

PYODIDE_BARS = {
    "sin f4 1M": 4.0, "exp f4 1M": 4.0, "sin f8 1M": 1.7, "exp f8 1M": 1.7, "rfft 65536 f8": 1.8, "small_add": 2.5,
    "add f8 4k": 2.0, "mul f8 4k": 2.0, "sqrt f8 4k": 2.0, "cmp f8 4k": 2.0,
}  # fmt: skip
DESKTOP_BARS = {
    "small_add": 2.0, "add f8 1M": 0.95, "mul f8 1M": 0.95, "sqrt f8 1M": 0.95, "cmp f8 1M": 0.95,
    "sin f8 1M": 2.5, "exp f8 1M": 0.6,
}  # fmt: skip
ROUNDS = 60  # rows that stream through memory need many to meet a quiet moment
STARTS = 5


@dataclass
class Figure:
    """A measured number with its bar; `value` is None where it could not be measured."""

    name: str
    value: float | None
    bar: float
    unit: str
    at_least: bool
    note: str = ""

    @property
    def holds(self) -> bool:
        if self.value is None:
            return False
        return self.value >= self.bar if self.at_least else self.value <= self.bar

    def __str__(self) -> str:
        value = "missing" if self.value is None else f"{self.value:.3g} {self.unit}"
        sign = ">=" if self.at_least else "<="
        verdict = "ok" if self.holds else "FAILS"
        return f"{self.name:<44} {value:>12}   {sign} {self.bar:g} {self.unit:<3} {verdict:<6}{self.note}"


def report(figures: Iterable[Figure]) -> NoReturn:
    """Print figures as they come; leave with status 1 where a bar does not hold."""
    failed = 0
    for figure in figures:
        print(figure, flush=True)
        failed += not figure.holds
    print(f"{failed} bars do not hold" if failed else "all bars hold")
    sys.exit(1 if failed else 0)


def size() -> Iterator[Figure]:
    wheel = places.builds.build_wheel("pyodide")
    yield Figure("WebAssembly wheel", wheel.stat().st_size / 1024, dev.WHEEL_BAR / 1024, "KB", at_least=False)


def startup() -> Iterator[Figure]:
    """Load, import and first use in our Pyodide, against NumPy's in the Pyodide that carries it; in turns.

    The same in NumPy's Pyodide is printed without a bar: there the first `loadPackage` of any package, however small,
    takes as long as all of ours.
    """
    wheel = places.builds.build_wheel("pyodide")
    ours, older = places.pyodide.distribution(), places.pyodide.numpy_distribution()
    runs = {"ours": (ours, wheel, "wasmnp"), "NumPy's": (older, "numpy", "numpy"), "older": (older, wheel, "wasmnp")}
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(STARTS):
        for name, arguments in runs.items():
            times[name].append(places.startup_milliseconds(*arguments))
    mine, numpy, in_older = (statistics.median(times[name]) for name in runs)
    note = f"{mine:.0f} ms, NumPy {numpy:.0f} ms; wasmnp in NumPy's Pyodide {in_older:.0f} ms"
    yield Figure("startup in Pyodide / NumPy's", mine / numpy, 0.3, "x", False, note)


def rows(place: str, measure: Callable, bars: dict[str, float]) -> Iterator[Figure]:
    for result in measure(list(bars), ROUNDS):
        times = places.timing.duration(result.candidate), places.timing.duration(result.reference)
        note = result.error or f"{times[0]}, NumPy {times[1]}"
        yield Figure(f"{place}: {result.name}", result.ratio, bars[result.name], "x", at_least=True, note=note)


def pyodide() -> Iterator[Figure]:
    yield from rows("Pyodide", places.in_pyodide, PYODIDE_BARS)


def desktop() -> Iterator[Figure]:
    yield from rows("desktop", places.desktop, DESKTOP_BARS)


def page() -> Iterator[Figure]:
    """Times of the page in Chromium, from tests/browser/measure_page.py, whose last line is a JSON object."""
    script = places.HERE.parent / "browser" / "measure_page.py"
    seconds: dict[str, float] = {}
    note = "no tests/browser/measure_page.py"
    if script.exists():
        done = subprocess.run(
            [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, cwd=places.HERE.parent.parent
        )
        note = "" if done.returncode == 0 else f"measure_page.py ended with status {done.returncode}"
        if done.returncode == 0:
            seconds = json.loads(done.stdout.splitlines()[-1])
    yield Figure("page: cold open to spectrogram", seconds.get("cold_open_seconds"), 6, "s", False, note)
    yield Figure("page: 60 s mono file analysed", seconds.get("minute_file_seconds"), 1.5, "s", False, note)


SECTIONS = {"size": size, "startup": startup, "pyodide": pyodide, "desktop": desktop, "page": page}


def main() -> None:
    parser = argparse.ArgumentParser(prog="dev.py bench skeleton", description=__doc__)
    parser.add_argument("sections", nargs="*", default=list(SECTIONS), metavar="SECTION")
    options = parser.parse_args()
    report(figure for name in options.sections for figure in SECTIONS[name]())


if __name__ == "__main__":
    main()
