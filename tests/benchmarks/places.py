"""Where rows are timed: on the desktop, and in the Pyodide that carries NumPy."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import builds
import pyodide
from environment import node
from tests.benchmarks import timing

HERE = Path(__file__).resolve().parent
ROWS = HERE / "rows.txt"


def desktop(patterns: Sequence[str], rounds: int, file: Path = ROWS) -> Iterator[timing.Result]:
    """Time rows in this process, with one thread and OpenBLAS as it chooses itself."""
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        os.environ.pop(name, None)
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    import numpy

    import wasmnp

    rows = timing.read_rows(file, patterns)
    return timing.measure_all(rows, numpy, wasmnp, numpy.random.default_rng, rounds)


def in_pyodide(patterns: Sequence[str], rounds: int, file: Path = ROWS) -> Iterator[timing.Result]:
    """Time rows in Pyodide 0.27.7 in node, whose NumPy is 2.0.2."""
    command = pyodide.node_command(
        HERE / "in_pyodide.py",
        [file.name, str(rounds), *patterns],
        folder=pyodide.numpy_distribution(),
        wheels=[builds.build_wheel("pyodide")],
        packages=["numpy"],
        mounts={"/benchmarks": HERE},
    )
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for text in process.stdout or ():
            if text.startswith("{"):
                yield timing.Result(**json.loads(text))
            else:
                print(text, end="")
    if process.returncode:
        raise SystemExit(f"timing in Pyodide failed with status {process.returncode}")


PLACES = {"desktop": desktop, "pyodide": in_pyodide}


def startup_milliseconds(distribution: Path, name: str | Path, module: str) -> float:
    """Load, import and first use of a package in a fresh interpreter of a Pyodide distribution in node."""
    command = [node(), str(HERE / "startup.mjs"), str(distribution), str(name), module]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"loading {name} failed: {done.stderr[-400:]}")
    answer = json.loads(done.stdout.splitlines()[-1])
    if "45.0" not in answer["text"]:
        raise SystemExit(f"{module} gives {answer['text']} for arange(10.).sum()")
    return answer["milliseconds"]
