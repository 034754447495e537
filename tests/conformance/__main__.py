"""Judge wasmnp, or another NumPy-compatible package, with NumPy's own test-suite.

python -m tests.conformance run [--only GLOB] [--sample K] [--json OUT] [--pyodide]
python -m tests.conformance platforms --sample 10   the sample here and in Pyodide, side by side
python -m tests.conformance compare A B        two earlier runs, side by side
python -m tests.conformance check          the tests of passing.txt still pass
python -m tests.conformance accept         run, and write passing.txt
python -m tests.conformance public-api     names and signatures against numpy's
python -m tests.conformance show OUT       failing tests of an earlier run
python -m tests.conformance inventory      what NumPy's test files import
python -m tests.conformance baseline       make baseline.json.gz from the real numpy
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from . import passing, yardstick
from .baseline import make_baseline
from .interpreters import Desktop, Pyodide
from .inventory import write_inventory
from .judge import Judgement, judge, write_json
from .platforms import print_comparison
from .public_api import compare_public_api
from .report import print_report, show
from .runner import Options


def options_of(arguments: argparse.Namespace) -> Options:
    known = {name: value for name, value in vars(arguments).items() if name in Options.__dataclass_fields__}
    interpreter = Pyodide.of_this_tree() if getattr(arguments, "pyodide", False) else Desktop(arguments.python)
    return Options(interpreter=interpreter, **known)


def run_selected(arguments: argparse.Namespace) -> Judgement:
    def select(file: str, tests: list[str]) -> list[str]:
        if arguments.only and not yardstick.matches(file, arguments.only):
            return []
        return [test for test in tests if yardstick.in_sample(file, test, arguments.sample)]

    judgement = judge(options_of(arguments), select, arguments.baseline, arguments.numpy_dir, arguments.tmp)
    print_report(judgement, arguments.top)
    if arguments.json:
        write_json(judgement, arguments.json)
    return judgement


def command_run(arguments: argparse.Namespace) -> int:
    return 1 if run_selected(arguments).leaks else 0


def command_platforms(arguments: argparse.Namespace) -> int:
    results = []
    for arguments.pyodide in (False, True):
        judgement = run_selected(arguments)
        if judgement.leaks:
            return 1
        results.append(judgement.as_json())
    print_comparison(*results, arguments.top)
    return 0


def command_compare(arguments: argparse.Namespace) -> int:
    desktop, pyodide = (json.loads(path.read_text()) for path in arguments.results)
    print_comparison(desktop, pyodide, arguments.top)
    return 0


def command_accept(arguments: argparse.Namespace) -> int:
    judgement = run_selected(arguments)
    if judgement.leaks:
        return 1
    before, now = passing.write_passing(judgement)
    print(f"{passing.PASSING}: {before} tests before, {now} now")
    return 0


def command_check(arguments: argparse.Namespace) -> int:
    judgement, regressions = passing.check(options_of(arguments))
    print(*regressions, sep="\n")
    print(f"{judgement.passed} of {judgement.total} listed tests pass in {judgement.seconds:.0f} s")
    return 1 if regressions or judgement.leaks else 0


def command_baseline(arguments: argparse.Namespace) -> int:
    make_baseline(
        options_of(arguments), arguments.baseline, arguments.repeat, arguments.only or None, arguments.numpy_dir
    )
    return 0


def command_public_api(arguments: argparse.Namespace) -> int:
    compare_public_api(options_of(arguments), arguments.numpy_dir, arguments.top, arguments.json)
    return 0


def command_inventory(arguments: argparse.Namespace) -> int:
    write_inventory(options_of(arguments), arguments.numpy_dir)
    return 0


def command_show(arguments: argparse.Namespace) -> int:
    show(arguments.result, arguments.file)
    return 0


def parser() -> argparse.ArgumentParser:
    candidate = argparse.ArgumentParser(add_help=False)
    candidate.add_argument("--candidate", default="wasmnp")
    candidate.add_argument("--candidate-path", action="append", default=[], help="put before sys.path (repeatable)")
    candidate.add_argument("--identity", choices=["alias", "as-numpy"], default="alias")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--python", default=sys.executable, help="interpreter to judge with")
    common.add_argument("--numpy-dir", help="folder of the real numpy package")
    common.add_argument("--tmp", help="where to make temporary trees")
    common.add_argument("--keep", action="store_true", help="keep temporary trees and logs")
    common.add_argument("-v", "--verbose", action="store_true")
    common.add_argument("--top", type=int, default=30, help="how many lines of a kind to print")
    common.add_argument("--json", type=Path)
    common.add_argument("--collect-timeout", type=float, default=240)
    running = argparse.ArgumentParser(add_help=False)
    running.add_argument("-n", type=int, default=2, dest="processes")
    running.add_argument("--only", action="append", default=[], help="glob on file, base name, folder or area")
    running.add_argument("--sample", type=int, default=1, metavar="K", help="a fixed sample of one test in K")
    running.add_argument("--baseline", type=Path, default=yardstick.BASELINE)
    running.add_argument("--timeout", type=float, default=60, help="seconds per test")
    running.add_argument("--file-timeout", type=float, default=1200)
    running.add_argument("--max-restarts", type=int, default=40)
    running.add_argument("--max-rss", type=float, default=8, help="GiB per test process")
    running.add_argument("--memory", default="4GB", help="NPY_AVAILABLE_MEM")

    result = argparse.ArgumentParser(
        prog="tests.conformance", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = result.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", parents=[common, candidate, running])
    run.add_argument("--pyodide", action="store_true", help="run in Pyodide, with the WebAssembly wheel of this tree")
    run.set_defaults(function=command_run)
    platforms = commands.add_parser("platforms", parents=[common, candidate, running])
    platforms.set_defaults(function=command_platforms)
    comparing = commands.add_parser("compare")
    comparing.add_argument("results", type=Path, nargs=2, help="JSON of a run here and of a run in Pyodide")
    comparing.add_argument("--top", type=int, default=30, help="how many failures to print")
    comparing.set_defaults(function=command_compare)
    commands.add_parser("accept", parents=[common, candidate, running]).set_defaults(function=command_accept)
    commands.add_parser("check", parents=[common, candidate, running]).set_defaults(function=command_check)
    baseline = commands.add_parser("baseline", parents=[common, running])
    baseline.add_argument("--repeat", type=int, default=2)
    baseline.set_defaults(function=command_baseline)
    commands.add_parser("public-api", parents=[common, candidate]).set_defaults(function=command_public_api)
    commands.add_parser("inventory", parents=[common]).set_defaults(function=command_inventory)
    showing = commands.add_parser("show")
    showing.add_argument("result", type=Path)
    showing.add_argument("--file", help="glob on file")
    showing.set_defaults(function=command_show)
    return result


if __name__ == "__main__":
    parsed = parser().parse_args()
    sys.exit(parsed.function(parsed))
