"""The same bits everywhere: hashes of results on every x86-64 level and in Pyodide, compared line by line."""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys

import builds
import pyodide
from environment import ROOT

PROGRAM = ROOT / "tests" / "integration" / "digest_program.py"
LEVELS = ("v2", "v3", "v4")


def parse(text: str) -> dict[str, str]:
    """Lines `name outcome` of the program as a mapping."""
    return dict(line.split(" ", 1) for line in text.splitlines() if " " in line)


def native_digest(level: str | None, wanted: str = "") -> dict[str, str]:
    """Outcomes on this machine, on the level that WASMNP_CPU_LEVEL forces."""
    environment = os.environ | ({"WASMNP_CPU_LEVEL": level} if level else {})
    done = subprocess.run([sys.executable, str(PROGRAM), wanted], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"the digest program failed on level {level}:\n{done.stderr[-3000:]}")
    return parse(done.stdout)


def pyodide_digest(wanted: str = "") -> dict[str, str]:
    """Outcomes of the WebAssembly wheel in Pyodide in node."""
    text = pyodide.python_output(
        PROGRAM, [wanted], folder=pyodide.distribution(), wheels=[builds.build_wheel("pyodide")]
    )
    return parse(text)


def collect(levels: tuple[str, ...], with_pyodide: bool, wanted: str = "") -> dict[str, dict[str, str]]:
    """Outcomes of every target; levels that this processor lacks are left out with a message."""
    found: dict[str, dict[str, str]] = {}
    if platform.machine() in ("x86_64", "AMD64"):
        for level in levels:
            outcome = native_digest(level, wanted)
            if outcome.pop("level") != level:
                print(f"{level}: this processor, or this build, does not have it")
            else:
                found[level] = outcome
    else:
        found["native"] = native_digest(None, wanted)
        found["native"].pop("level")
    if with_pyodide:
        found["wasm"] = pyodide_digest(wanted)
        found["wasm"].pop("level")
    return found


def differences(found: dict[str, dict[str, str]]) -> list[str]:
    """One line for each case whose outcome is not the same on all targets."""
    cases = {case for outcomes in found.values() for case in outcomes}
    lines = []
    for case in sorted(cases):
        outcomes = {target: outcome.get(case, "absent")[:24] for target, outcome in found.items()}
        if len(set(outcomes.values())) > 1:
            lines.append(f"{case}: " + ", ".join(f"{target} {outcome}" for target, outcome in outcomes.items()))
    return lines


def main(arguments: list[str]) -> int:
    """Print a comparison; gives 0 where all targets agree."""
    parser = argparse.ArgumentParser(prog="dev.py digest", description=__doc__)
    parser.add_argument("--levels", default=",".join(LEVELS))
    parser.add_argument("--no-pyodide", action="store_true")
    parser.add_argument("--only", default="", metavar="TEXT", help="only cases whose label contains TEXT")
    options = parser.parse_args(arguments)
    found = collect(tuple(options.levels.split(",")), not options.no_pyodide, options.only)
    different = differences(found)
    counts = {len(outcomes) for outcomes in found.values()}
    raised = sorted(
        {case for outcomes in found.values() for case, text in outcomes.items() if text.startswith("raised")}
    )
    print(*different, sep="\n")
    if raised:
        print(f"{len(raised)} cases raised: {', '.join(raised[:8])}")
    verdict = "differ" if different else "agree"
    print(f"{', '.join(found)} {verdict}: {max(counts)} cases, {len(different)} different")
    return 1 if different else 0
