"""Make baseline.json.gz: which tests pass on the real numpy, in runs with different hash seeds.

Memory addresses, set order and random values in test ids show as ids that differ between the runs; such tests, and
those whose outcome differs, do not judge.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections import Counter
from pathlib import Path

from . import runner, yardstick
from .judge import workplace

KIND_NAMES = {"s": "skipped", "x": "xfailed", "f": "failed", "e": "error", "t": "timeout", "c": "crash"}


def classify(results: list[runner.FileResult], counts: Counter[str]) -> str:
    """One letter for each id of the first run: p where it judges, otherwise why it does not."""
    ids = [set(result.order) for result in results]
    codes = ""
    for test in results[0].order:
        seen = [result.outcomes[test].code if test in result.outcomes else "-" for result in results]
        if not all(test in run for run in ids):
            code, kind = "u", "unstable id"
        elif all(outcome in "pX" for outcome in seen):
            code, kind = "p", "yardstick"
        elif len(set(seen)) > 1:
            code, kind = "d", "outcome differs between runs"
        else:
            code, kind = seen[0], KIND_NAMES.get(seen[0], seen[0])
        counts[kind] += 1
        codes += code
    counts["unstable id"] += len(set().union(*ids) - ids[0])
    return codes


def make_baseline(
    options: runner.Options, destination: Path, repeat: int, only: list[str] | None, numpy_folder: str | None
) -> None:
    """Run NumPy's tests on the real numpy `repeat` times and write the baseline."""
    real = yardstick.real_numpy_folder(numpy_folder)
    options.candidate, options.identity = "numpy", "alias"
    options.candidate_path = [str(real.parent)] if numpy_folder else []
    runs: list[dict[str, runner.FileResult]] = []
    seconds: list[float] = []
    with workplace(options) as folder:
        tree, boot = yardstick.make_tree(real, folder)
        files, excluded = yardstick.test_files(tree)
        files = [file for file in files if not only or yardstick.matches(file, only)]
        environment = runner.environment_for(options, real, tree, boot)
        for number in range(repeat):
            if number:
                environment["PYTHONHASHSEED"] = str(1000 + number)
            weights = {file: runs[0][file].seconds for file in files} if runs else {}
            sizes = {file: (tree / "numpy" / file).stat().st_size for file in files}
            jobs = [runner.Job(file, None, weights.get(file, sizes[file])) for file in files]
            start = time.time()
            runs.append(runner.run_jobs(options, environment, tree, boot, folder, jobs))
            seconds.append(round(time.time() - start, 1))
            print(f"baseline run {number + 1}: {seconds[-1]:.0f} s", flush=True)
    counts: Counter[str] = Counter()
    entries = {}
    for file in files:
        results = [run[file] for run in runs]
        for result in results:
            if result.errors:
                print("  !", file, result.errors[0][:150])
        entries[file] = {"t": round(results[0].seconds, 1), "ids": results[0].order, "o": classify(results, counts)}
    data = {
        "numpy": yardstick.real_numpy_version(real), "python": sys.version.split()[0], "platform": sys.platform,
        "made": time.strftime("%Y-%m-%d"), "run_seconds": seconds, "n": options.processes, "counts": dict(counts),
        "excluded_files": excluded, "files": entries,
    }  # fmt: skip
    with gzip.open(destination, "wt", compresslevel=9) as file:
        json.dump(data, file, separators=(",", ":"))
    print("wrote", destination, destination.stat().st_size, "bytes;", dict(counts))
