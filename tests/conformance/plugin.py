"""pytest plugin of a conformance run: what NumPy's conftest does, selection of tests, and a log written line by line.

Copied as npconf_plugin.py into a folder on PYTHONPATH by yardstick.make_tree. A log line is a JSON list:

    ["C", collected, matched by position, ids or null]   after collection
    ["E", node id, message]                              a collection error
    ["S", id, reason]                                    start of a test, and why NumPy would not run it in WebAssembly
    ["R", id, outcome, message, seconds]                 end of a test
    ["L", file]                                          a file of the real numpy was found in the process
    ["Z", exit status]                                   a clean end

Outcomes: p passed, X passed though expected to fail, f failed, e error, s skipped, x failed as expected, t timeout.
"""

import contextlib
import json
import os
import re
import signal
import sys
import time
from collections import defaultdict

os.environ["NUMPY_EXPERIMENTAL_DTYPE_API"] = "1"

import pytest
from sitecustomize import CABIUnavailable, Unavailable, is_unavailable, real_numpy_leaks

MARKERS = ("valgrind_error", "leaks_references", "slow", "slow_pypy", "parallel_threads(n)", "iterations(n)",
           "thread_unsafe")  # fmt: skip
TIMEOUT = float(os.environ.get("NPCONF_TIMEOUT") or 0)
TIMEOUT_MESSAGE = "npconf-timeout"

_log = open(os.environ["NPCONF_LOG"], "a", buffering=1)  # noqa: SIM115  open until the process ends
_keys = {}  # node id -> ids that its tests are reported under, last first
_state = {}


def read_json(variable):
    path = os.environ.get(variable)
    if not path:
        return None
    with open(path) as file:
        return json.load(file)


_plan = read_json("NPCONF_PLAN")
_done = set(read_json("NPCONF_DONE") or ())

try:
    import hypothesis
except ImportError:
    pass
else:
    hypothesis.configuration.set_hypothesis_home_dir(os.path.join(os.getcwd(), ".hypothesis"))
    hypothesis.settings.register_profile(
        name="np.test() profile", deadline=None, print_blob=True, database=None, derandomize=True,
        suppress_health_check=list(hypothesis.HealthCheck))  # fmt: skip
    hypothesis.settings.load_profile("np.test() profile")


def log(*entry):
    _log.write(json.dumps(entry) + "\n")
    _log.flush()


def short_id(nodeid):
    """The part of a node id behind the file, with memory addresses replaced."""
    return re.sub(r"0x[0-9a-fA-F]{6,}", "0xADDR", nodeid.partition("::")[2])


def message(excinfo):
    try:
        name, text = excinfo.typename, str(excinfo.value)
    except Exception as error:
        return f"unprintable exception {type(error).__name__}"
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return f"{name}: {' | '.join(lines[:3])}"[:400]


def pytest_configure(config):
    for marker in MARKERS:
        config.addinivalue_line("markers", marker + ": x")


@pytest.fixture(scope="function", autouse=True)
def check_fpu_mode(request):
    try:
        from numpy._core._multiarray_tests import get_fpu_mode

        before = get_fpu_mode()
    except Exception:
        get_fpu_mode = Unavailable.used = None
    yield
    if get_fpu_mode and get_fpu_mode() != before:
        raise AssertionError("FPU precision mode changed")


class NotSkipped:
    """What `IS_WASM` is in Pyodide: false, so that everything runs, and known again in the marks of tests.

    NumPy's suite skips much in WebAssembly, most of it because NumPy does not see floating-point errors there.
    """

    def __bool__(self):
        return False


NOT_SKIPPED = NotSkipped()


def ask_for_everything():
    from numpy import testing

    testing.IS_WASM = testing._private.utils.IS_WASM = NOT_SKIPPED


def reason_to_skip(item):
    """Why NumPy's suite would not run a test in WebAssembly; empty where it would."""
    for mark in item.iter_markers():
        if mark.args and mark.args[0] is NOT_SKIPPED:
            return f"NumPy skips it: {mark.kwargs.get('reason')}; "
    return ""


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session):
    Unavailable.importing = True
    if sys.platform == "emscripten":
        ask_for_everything()
    with contextlib.suppress(Exception):  # as numpy/conftest.py does: some files expect it to be imported already
        import numpy._core._multiarray_tests  # noqa: F401


def pytest_collectreport(report):
    if report.failed:
        long = report.longrepr
        try:
            text = long.longrepr if hasattr(long, "longrepr") else str(long)
        except Exception:
            text = "?"
        lines = [line for line in text.splitlines() if line.startswith("E ")] or text.splitlines()[-1:]
        log("E", report.nodeid, lines[0][1:].strip()[:400] if lines else "")
    elif report.skipped:
        log("E", report.nodeid, "collection skipped: " + str(report.longrepr)[-300:])


def unique_ids(items):
    """Short ids of the items; repeated ones get #2, #3."""
    seen, ids = {}, []
    for item in items:
        name = short_id(item.nodeid)
        number = seen[name] = seen.get(name, 0) + 1
        ids.append(name if number == 1 else f"{name}#{number}")
    return ids


def match_by_position(ids, expected):
    """Pair left-over parametrisations of a function, when as many are left on both sides: index -> expected id.

    The candidate's reprs may give other ids than NumPy's.
    """
    have, wanted = set(ids), set(expected)
    left_expected, left_ids = defaultdict(list), defaultdict(list)
    for name in expected:
        if name not in have:
            left_expected[name.partition("[")[0]].append(name)
    for index, name in enumerate(ids):
        if name not in wanted:
            left_ids[name.partition("[")[0]].append(index)
    matched = {}
    for function, indices in left_ids.items():
        if len(indices) == len(left_expected.get(function, ())):
            matched.update(zip(indices, left_expected[function], strict=True))
    return matched


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(session, config, items):
    ids = unique_ids(items)
    matched = match_by_position(ids, _plan["all"]) if _plan else {}
    keys = [matched.get(index, name) for index, name in enumerate(ids)]
    selected = set(_plan["sel"]) if _plan else set(keys)
    keep = [index for index, key in enumerate(keys) if key in selected and key not in _done]
    log("C", len(items), len(matched), None if _plan else keys)
    for index in keep:
        _keys.setdefault(items[index].nodeid, []).insert(0, keys[index])
    dropped = sorted(set(range(len(items))) - set(keep))
    if dropped:
        config.hook.pytest_deselected(items=[items[index] for index in dropped])
        items[:] = [items[index] for index in keep]


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    Unavailable.importing = False


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    for name, value in getattr(getattr(item, "callspec", None), "params", {}).items():
        if is_unavailable(value):
            raise CABIUnavailable(f"parameter {name}")


def on_alarm(signal_number, frame):
    pytest.fail(TIMEOUT_MESSAGE, pytrace=False)


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    key = _keys[item.nodeid].pop() if _keys.get(item.nodeid) else short_id(item.nodeid)
    reason = reason_to_skip(item)
    log("S", key, reason)
    _state.clear()
    _state.update(outcome="p", message="", reason=reason)
    Unavailable.used = None
    if TIMEOUT:
        signal.signal(signal.SIGALRM, on_alarm)
        signal.setitimer(signal.ITIMER_REAL, TIMEOUT)
    start = time.time()
    yield
    if TIMEOUT:
        signal.setitimer(signal.ITIMER_REAL, 0)
    log("R", key, _state["outcome"], _state["message"], round(time.time() - start, 2))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if report.passed:
        if hasattr(report, "wasxfail") and report.when == "call":
            _state["outcome"] = "X"
    elif report.skipped:
        _state["outcome"] = "x" if hasattr(report, "wasxfail") else "s"
        if isinstance(report.longrepr, tuple):
            _state["message"] = str(report.longrepr[2])[:200]
    elif _state["outcome"] in "pX":
        text = message(call.excinfo) if call.excinfo else str(report.longrepr)[:300]
        _state["outcome"] = "f" if report.when == "call" else "e"
        if TIMEOUT_MESSAGE in text:
            _state["outcome"] = "t"
        elif Unavailable.used and "CABIUnavailable" not in text:  # a test may dress the error up as another
            text = f"CABIUnavailable: {Unavailable.used} ({text})"
        _state["message"] = _state["reason"] + text


def pytest_sessionfinish(session, exitstatus):
    for file in real_numpy_leaks():
        log("L", file)
    log("Z", int(exitstatus))
