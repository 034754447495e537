"""A native build with AddressSanitizer and UndefinedBehaviorSanitizer, and the unit tests under it."""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys

from builds import PIP
from environment import BUILD, ROOT, run

SANITIZE = "address,undefined"
# The generated kernels' own tests start compilers, which must not run with a preloaded sanitizer. NumPy 2.4.6 itself
# reads freed memory in `frombuffer(..., like=x)`, which test_dispatch calls to compare.
DEFAULT_TESTS = ["tests/unit", "--ignore=tests/unit/kernels",
                 "--deselect=tests/unit/core/test_objects.py::test_dispatch", "-q"]  # fmt: skip
# Reports must reach the terminal, whatever the interpreter does after them.
PYTEST = [sys.executable, "-S", "-P", "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:faulthandler",
          "--capture=sys"]  # fmt: skip


def build(levels: str) -> str:
    """Build and unpack an instrumented package; gives the folder for PYTHONPATH."""
    compiler, archiver = os.environ.get("CXX", "g++"), shutil.which("g++")
    if not archiver and "CXX" not in os.environ:
        sys.exit("a sanitizer build needs g++ or $CXX (Debian package g++)")
    target = BUILD / "sanitize" / "site"
    setup = f"-Dlevels={levels}"
    environment = {"CXX": compiler, "CC": os.environ.get("CC", "gcc")}
    shutil.rmtree(target, ignore_errors=True)
    run([*PIP, "install", "--quiet", "--no-build-isolation", "--no-deps", "--target", target,
         f"--config-settings=build-dir={BUILD / 'sanitize' / 'meson'}",
         f"--config-settings=setup-args={setup}", "--config-settings=setup-args=-Dbuildtype=debugoptimized",
         "--config-settings=setup-args=-Doptimization=1",
         f"--config-settings=setup-args=-Db_sanitize={SANITIZE}", ROOT], environment=environment)  # fmt: skip
    return str(target)


def runtime_libraries() -> str:
    """Paths of the sanitizer runtimes, which must be loaded before the interpreter's own libraries."""
    compiler = os.environ.get("CXX", "g++").split()
    names = ["libasan.so", "libubsan.so"]
    found = [
        subprocess.run([*compiler, f"-print-file-name={name}"], capture_output=True, text=True).stdout.strip()
        for name in names
    ]
    return " ".join(os.path.realpath(path) for path in found if os.path.isabs(path))


def run_unit_tests(arguments: list[str], levels: str) -> None:
    """Run tests/unit on the instrumented build; any report of a sanitizer ends the run."""
    target = build(levels)
    # -S: the editable install of the same environment, which a .pth file puts first, must stay out.
    # -P: so must the source tree.
    run([*PYTEST, *(arguments or DEFAULT_TESTS)],
        environment={
            "PYTHONPATH": os.pathsep.join([target, *site.getsitepackages()]),
            "LD_PRELOAD": runtime_libraries(),
            "CXX": f"{os.environ.get('CXX', 'g++')} -fsanitize={SANITIZE}",  # for tests that compile kernels/cpu
            "ASAN_OPTIONS": "detect_leaks=0:allocator_may_return_null=1:abort_on_error=1",
            "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
            "PYTHONMALLOC": "malloc",
        })  # fmt: skip
