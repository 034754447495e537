"""What single calls cost on small arrays, and what moving a million elements costs: `dev.py bench core [PLACE...]`.

Prints how many times faster than NumPy each row of core_rows.txt is, and leaves with status 1 where a bar of BARS is
missed.
"""

from __future__ import annotations

import math
import sys
from typing import NamedTuple

from tests.benchmarks import places, timing


class Bars(NamedTuple):
    """How many times faster than NumPy rows are to be: their geometric mean, and the slowest of them."""

    mean: float
    slowest: float


# (place, first word of the rows' names): the desktop's small rows take at most 0.75 of NumPy's time, none above 1.05.
BARS = {
    ("desktop", "small"): Bars(1 / 0.75, 1 / 1.05),
    ("desktop", "1e6"): Bars(1.2, 0.8),
    ("pyodide", "small"): Bars(2.0, 0.0),
    ("pyodide", "1e6"): Bars(1.5, 0.0),
}
ROUNDS = 25


def run(place: str) -> bool:
    """Print the rows of a place; whether a bar is missed."""
    missed = False
    for kind in ("small", "1e6"):
        bars = BARS[place, kind]
        logs = []
        for result in places.PLACES[place]([f"{kind} *"], ROUNDS, places.HERE / "core_rows.txt"):
            bad = result.ratio is None or result.ratio < bars.slowest
            missed |= bad
            print(timing.line(result) + ("  missed" if bad else ""), flush=True)
            logs.append(math.log(result.ratio or 1e-9))
        mean = math.exp(sum(logs) / len(logs))
        bad = mean < bars.mean
        missed |= bad
        print(f"{place} {kind}: geometric mean {mean:.2f} x, bar {bars.mean:.2f} x{'  missed' if bad else ''}\n")
    return missed


def main() -> int:
    chosen = sys.argv[1:] or list(places.PLACES)
    if unknown := set(chosen) - set(places.PLACES):
        raise SystemExit(f"no such place: {', '.join(sorted(unknown))}; there are {', '.join(places.PLACES)}")
    print(timing.HEADER)
    return int(sum(run(place) for place in chosen) > 0)


if __name__ == "__main__":
    raise SystemExit(main())
