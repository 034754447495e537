"""Time rows against NumPy: `python -m tests.benchmarks desktop|pyodide [PATTERN...]`."""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path

from tests.benchmarks import places, timing


def main() -> None:
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("place", choices=list(places.PLACES))
    parser.add_argument("patterns", nargs="*", default=["*"], help="names of rows, such as 'sin *' (all)")
    parser.add_argument("--rounds", type=int, default=timing.MINIMUM_ROUNDS)
    parser.add_argument("--json", type=Path, help="write the results to this file too")
    options = parser.parse_args()
    print(timing.HEADER)
    results = []
    for result in places.PLACES[options.place](options.patterns, options.rounds):
        print(timing.line(result), flush=True)
        results.append(result)
    timed = [result for result in results if result.ratio is not None]
    print(f"{len(timed)} of {len(results)} rows timed, {len(results) - len(timed)} missing")
    if options.json:
        options.json.write_text(json.dumps([dataclasses.asdict(result) for result in results], indent=1) + "\n")


main()
