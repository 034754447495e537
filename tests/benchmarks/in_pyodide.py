"""Inside the Pyodide that carries NumPy: time rows on both libraries and print one JSON object per row.

in_pyodide.py FILE ROUNDS PATTERN...      (tests/benchmarks is mounted as /benchmarks, where FILE is)
"""

import dataclasses
import json
import sys
from pathlib import Path

sys.path.insert(0, "/benchmarks")

import numpy
import timing

import wasmnp

file, rounds, *patterns = sys.argv[1:]
for result in timing.measure_all(
    timing.read_rows(Path("/benchmarks", file), patterns), numpy, wasmnp, numpy.random.default_rng, int(rounds)
):
    print(json.dumps(dataclasses.asdict(result)), flush=True)
