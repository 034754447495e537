"""One subprocess per test file: time, memory and crash limits, restarts, and what each test came to."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from .interpreters import Desktop, Interpreter

HELPERS = ("_multiarray_tests", "_umath_tests", "_rational_tests", "_struct_ufunc_tests", "_operand_flag_tests")
QUIET_FACTOR, QUIET_EXTRA = 1.5, 10.0  # a test silent for timeout * factor + extra seconds ignores its alarm: kill


@dataclass
class Options:
    """What a run may use, and whom it judges."""

    candidate: str = "wasmnp"
    candidate_path: list[str] = field(default_factory=list)  # put before sys.path
    identity: str = "alias"
    interpreter: Interpreter = field(default_factory=Desktop)
    processes: int = 2
    timeout: float = 60  # seconds per test
    file_timeout: float = 1200
    collect_timeout: float = 240
    max_restarts: int = 40
    max_rss: float = 8  # GiB per test process
    memory: str = "4GB"  # NPY_AVAILABLE_MEM, so that the same tests skip everywhere
    keep: bool = False
    verbose: bool = False


class Outcome(NamedTuple):
    code: str  # a letter of plugin.py, or "c" crashed
    message: str
    seconds: float


@dataclass
class FileResult:
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)  # ids as collected; empty where a plan was given
    errors: list[str] = field(default_factory=list)
    leaks: set[str] = field(default_factory=set)
    crashes: int = 0
    seconds: float = 0
    positional: int = 0  # tests matched by position
    reason: str = ""  # why NumPy's suite would not run the test that began last


@dataclass
class Job:
    file: str  # relative to numpy/
    plan: dict[str, list[str]] | None  # "all": every id of the baseline, "sel": those to run; None runs all
    weight: float  # heaviest first


def environment_for(
    options: Options, real: Path, tree: Path | None, boot: Path, helpers: dict[str, str] | None = None
) -> dict[str, str]:
    """Environment in which `numpy` is the candidate and everything that could vary is pinned."""
    pinned = {
        "PYTHONHASHSEED": "0",
        "NPCONF_CANDIDATE": options.candidate,
        "NPCONF_IDENTITY": options.identity,
        "NPCONF_REAL": str(real),
        "NPCONF_HELPERS": json.dumps(helpers or {}),
        "PY_IGNORE_IMPORTMISMATCH": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "NPY_AVAILABLE_MEM": options.memory,
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONFAULTHANDLER": "1",
    }
    if tree:
        pinned["NPCONF_TREE"] = str(tree)
    path = [str(boot), *(os.path.abspath(entry) for entry in options.candidate_path)]
    return options.interpreter.environment(pinned, path)


def wheel_helpers(real: Path) -> dict[str, str]:
    """Compiled test helpers of the numpy wheel: full name -> "so:PATH"."""
    found = {}
    for helper in HELPERS:
        files = [path for path in (real / "_core").glob(helper + ".*") if path.suffix in (".so", ".pyd")]
        if files:
            found["numpy._core." + helper] = f"so:{files[0]}"
    return found


def probe_helpers(options: Options, real: Path, tree: Path, boot: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Load each compiled helper in a subprocess of its own; those that fail become stubs. Also gives a report."""
    if options.candidate == "numpy":
        return {}, {}
    if not options.interpreter.wheel_helpers:
        reason = "compiled for another platform"
        names = ["numpy._core." + helper for helper in HELPERS]
        return dict.fromkeys(names, f"stub:{reason}"), dict.fromkeys(names, f"stub ({reason})")
    present = wheel_helpers(real)
    chosen, report = {}, {}
    for name in ("numpy._core." + helper for helper in HELPERS):
        if name not in present:
            chosen[name], report[name] = "stub:no .so in the numpy wheel", "stub (no .so in the wheel)"
            continue
        environment = environment_for(options, real, tree, boot, {name: present[name]})
        file = present[name].removeprefix("so:")
        code = (
            f"import importlib; m = importlib.import_module({name!r}); "
            f"print('OK', 'wheel' if (getattr(m, '__file__', '') or '') == {file!r} else 'candidate')"
        )
        reason = ""
        try:
            done = run_code(options, code, environment, boot.parent)
            if done.returncode or "OK" not in done.stdout:
                reason = ended(done.returncode) if done.returncode < 0 else last_line(done.stderr)[:200]
        except subprocess.TimeoutExpired:
            reason = "timeout"
        if reason:
            chosen[name], report[name] = f"stub:{reason}", f"STUB ({reason})"
        else:
            chosen[name], report[name] = present[name], "loaded: " + done.stdout.split()[-1]
    return chosen, report


def run_code(options: Options, code: str, environment: dict[str, str], folder: Path) -> subprocess.CompletedProcess:
    """Run Python code in `folder`, as a test process would."""
    command, own = options.interpreter.command(["-c", code], environment, folder, folder)
    return subprocess.run(command, env=own, capture_output=True, text=True, cwd=folder, timeout=options.collect_timeout)


def last_line(text: str) -> str:
    return (text.strip().splitlines() or ["?"])[-1]


def ended(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"exit {status}"


def resident_bytes(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def kill_group(process: subprocess.Popen) -> None:
    """Kill a test process and its children; it was started in a session of its own."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


class FileRun:
    """The run of one test file, started again after crashes without the tests that have reported."""

    def __init__(self, options: Options, environment: dict[str, str], tree: Path, boot: Path, work: Path, job: Job):
        self.options, self.tree, self.boot, self.work, self.job = options, tree, boot, work, job
        self.scratch = options.interpreter.scratch or work
        self.environment = environment | {"TMPDIR": str(self.scratch)}
        if options.interpreter.alarms:
            self.environment["NPCONF_TIMEOUT"] = str(options.timeout)
        self.result = FileResult()
        self.start = time.time()

    def run(self) -> FileResult:
        self.work.mkdir(parents=True, exist_ok=True)
        if self.job.plan is not None:
            plan = self.work / "plan.json"
            plan.write_text(json.dumps(self.job.plan))
            self.environment["NPCONF_PLAN"] = str(plan)
        attempt = 0
        while self.attempt(attempt):
            attempt += 1
        if not self.options.keep:
            shutil.rmtree(self.work, ignore_errors=True)
        self.result.seconds = time.time() - self.start
        return self.result

    def attempt(self, number: int) -> bool:
        """Run pytest once; whether to start again."""
        log, output = self.work / f"log{number}", self.work / f"out{number}"
        done = self.work / f"done{number}"
        done.write_text(json.dumps(list(self.result.outcomes)))
        log.touch()
        start = time.time()
        status, killed = self.supervise(number, log, output, done)
        current, clean, collected = self.read_log(log, first=number == 0)
        result = self.result
        if clean and not killed:
            return False
        if not clean and not killed and not collected and not result.errors:
            tail = output.read_text(errors="replace")[-3000:].strip().splitlines()
            lines = [line for line in tail if re.match(r"(E  |\w*(Error|Exception)\b|Fatal)", line)] or tail[-1:]
            result.errors.append(f"{ended(status)} while importing/collecting: {(lines or ['?'])[-1][:250]}")
        if not collected:
            if killed:
                result.errors.append(f"{killed} while importing/collecting")
            return False
        if current is not None:
            code = "t" if killed in ("timeout", "file-timeout") else "c"
            message = f"{result.reason}CRASH: {killed or ended(status)}"
            result.outcomes[current] = Outcome(code, message, round(time.time() - start, 1))
        elif clean or (killed is None and status == 0):
            return False
        result.crashes += 1
        if killed == "file-timeout" or result.crashes > self.options.max_restarts:
            reason = killed if killed == "file-timeout" else f"{result.crashes} crashes/kills"
            result.errors.append(f"gave up: {reason}")
            return False
        return True

    def supervise(self, number: int, log: Path, output: Path, done: Path) -> tuple[int, str | None]:
        """Start pytest and wait; gives its status and why it was killed, if it was."""
        words = [
            "-m", "pytest", "-p", "npconf_plugin", "-p", "no:cacheprovider", "-q", "-q",
            "--tb=line", "--disable-warnings", "--basetemp", str(self.scratch / f"pt{number}"),
            "-c", str(self.boot / "npconf.ini"), "--rootdir", str(self.tree), "--noconftest",
            str(self.tree / "numpy" / self.job.file),
        ]  # fmt: skip
        environment = self.environment | {"NPCONF_LOG": str(log), "NPCONF_DONE": str(done)}
        command, environment = self.options.interpreter.command(words, environment, self.boot.parent, self.work)
        with open(output, "wb") as file:
            process = subprocess.Popen(command, cwd=self.work, env=environment, stdout=file,
                                       stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                       start_new_session=True)  # fmt: skip
            size, changed = -1, time.time()
            killed = None
            while killed is None:
                try:
                    process.wait(0.25)
                    break
                except subprocess.TimeoutExpired:
                    now = time.time()
                if (new_size := log.stat().st_size) != size:
                    size, changed = new_size, now
                killed = self.reason_to_kill(process.pid, now - changed, now, collecting=size == 0)
            kill_group(process)  # children too, after a clean end as well
            process.wait()
        return process.returncode, killed

    def reason_to_kill(self, pid: int, quiet: float, now: float, collecting: bool) -> str | None:
        options = self.options
        limit = options.collect_timeout if collecting else options.timeout * QUIET_FACTOR + QUIET_EXTRA
        if quiet > limit:
            return "timeout"
        if now - self.start > options.file_timeout:
            return "file-timeout"
        if resident_bytes(pid) > options.max_rss * 2**30:
            return "memory"
        return None

    def read_log(self, log: Path, first: bool) -> tuple[str | None, bool, bool]:
        """Take in the plugin's log; gives the test that was running, whether it ended cleanly, whether it collected."""
        current, clean, collected = None, False, False
        result = self.result
        for text in log.read_text(errors="replace").splitlines():
            try:
                entry: list[Any] = json.loads(text)
            except ValueError:
                continue  # the line that a crash cut short
            match entry:
                case ["S", test, reason]:
                    current, result.reason = test, reason
                case ["R", test, code, message, seconds]:
                    result.outcomes[test] = Outcome(code, message, seconds)
                    current = None
                case ["C", _, positional, ids]:
                    collected = True
                    result.positional = positional
                    if ids is not None and not result.order:
                        result.order = ids
                case ["E", _, message]:
                    if first or not result.errors:
                        result.errors.append(message)
                case ["L", file]:
                    result.leaks.add(file)
                case ["Z", _]:
                    clean = True
        return current, clean, collected


def run_jobs(
    options: Options, environment: dict[str, str], tree: Path, boot: Path, folder: Path, jobs: Iterable[Job]
) -> dict[str, FileResult]:
    """Run test files, heaviest first, some at a time: file -> result."""
    ordered = sorted(jobs, key=lambda job: -job.weight)
    queue, lock = iter(ordered), threading.Lock()
    results: dict[str, FileResult] = {}
    start = time.time()

    def work() -> None:
        while True:
            with lock:
                job = next(queue, None)
            if job is None:
                return
            try:
                place = folder / "work" / job.file.replace("/", "__")
                result = FileRun(options, environment, tree, boot, place, job).run()
            except Exception as error:  # a fault of this harness must not pass for a fault of the candidate
                result = FileResult(errors=[f"harness: {error!r}"])
            with lock:
                results[job.file] = result
                if options.verbose:
                    counts = dict(Counter(outcome.code for outcome in result.outcomes.values()))
                    print(f"  [{time.time() - start:5.0f}s] {len(results):3d}/{len(ordered)} {job.file} "
                          f"{result.seconds:.0f}s {counts} {'; '.join(result.errors)[:100]}",
                          file=sys.stderr, flush=True)  # fmt: skip

    threads = [threading.Thread(target=work, daemon=True) for _ in range(options.processes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():
            thread.join(1)
    return results
