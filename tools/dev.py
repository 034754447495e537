"""The developer command: `python3 tools/dev.py COMMAND`.

Runs in the active virtual environment, else in build/venv, which it makes; installs what a command needs into it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

import builds
import environment
from environment import BUILD, ROOT, require, run

# The modules of tests/benchmarks that print figures beside bars.
FIGURES = {
    "core": "core",
    "skeleton": "skeleton",
    "jit": "jit_browser",
    "jit-desktop": "jit_desktop",
    "webgpu": "webgpu_counts",
}
TEST_GROUPS = ("build", "test", "browser-test")
# A page waits for the whole wheel, which then arrives within a second at 8 Mbit/s.
WHEEL_BAR = 900 * 1024


def pytest(*arguments: str) -> None:
    run([sys.executable, "-m", "pytest", *arguments])


def command_build(options: argparse.Namespace) -> None:
    """Install the native package of this tree (editable: an edited source is rebuilt at import)."""
    builds.install_editable(options.levels)


def command_wasm(options: argparse.Namespace) -> None:
    """Build the WebAssembly wheel and print its path and size."""
    report_size(builds.build_wheel("pyodide"))


def report_size(wheel: Path) -> bool:
    size = wheel.stat().st_size
    print(f"{wheel.relative_to(ROOT)}: {size / 1024:.1f} KB (bar: {WHEEL_BAR / 1024:.0f} KB)")
    return size <= WHEEL_BAR


def command_size(options: argparse.Namespace) -> None:
    """Print what the WebAssembly wheel is made of."""
    import zipfile

    wheel = builds.build_wheel("pyodide")
    with zipfile.ZipFile(wheel) as archive:
        for entry in sorted(archive.infolist(), key=lambda entry: -entry.compress_size)[: options.top]:
            print(f"{entry.compress_size:9,} {entry.file_size:10,}  {entry.filename}")
    if not report_size(wheel):
        sys.exit(1)


def command_wheel(options: argparse.Namespace) -> None:
    """Build a wheel for this machine or for --target, and print its path."""
    print(builds.build_wheel(options.target).relative_to(ROOT))


def command_test(options: argparse.Namespace) -> None:
    """Build, then run the tests (arguments are passed to pytest), then check the formatting; `full` does more."""
    require(*TEST_GROUPS, "develop")
    builds.install_editable(options.levels)
    fast = [] if any(word.startswith("-m") for word in options.rest) else ["-m", "not slow"]
    try:
        pytest(*fast, *options.rest)
    finally:
        if not options.rest:
            options.check = True
            command_format(options)


def command_full(options: argparse.Namespace) -> None:
    """Everything: format check, all tests with the slow ones, unit tests under sanitizers, figures against bars."""
    require(*TEST_GROUPS, "develop")
    options.check = True
    command_format(options)
    builds.install_editable()
    pytest()
    options.rest = []
    command_sanitize(options)
    run([sys.executable, "-m", "tests.benchmarks.skeleton"])


def command_bench(options: argparse.Namespace) -> None:
    """Time rows against NumPy: `bench desktop`, `bench pyodide`; figures with bars: `bench core`, `bench skeleton`,
    `bench jit`; what the GPU has to do, beside jax-js: `bench webgpu`."""
    require(*TEST_GROUPS)
    builds.install_editable()
    if options.where in FIGURES:
        run([sys.executable, "-m", f"tests.benchmarks.{FIGURES[options.where]}", *options.rest])
    else:
        run([sys.executable, "-m", "tests.benchmarks", options.where, *options.rest])


def command_site(options: argparse.Namespace) -> None:
    """Build everything that the page needs into build/site."""
    import webpage

    print(webpage.assemble().relative_to(ROOT))


def command_serve(options: argparse.Namespace) -> None:
    """Build everything and serve the page."""
    import webpage

    webpage.serve(options.port)


def command_pyodide(options: argparse.Namespace) -> None:
    """Run tests/unit/portable inside Pyodide in node (arguments are passed to pytest)."""
    import portable_tests

    sys.exit(portable_tests.run_portable_tests(options.rest))


def command_digest(options: argparse.Namespace) -> None:
    """Compare the bits of results on every x86-64 level and in Pyodide."""
    require("build")
    builds.install_editable()
    import digest

    sys.exit(digest.main(options.rest))


def command_sanitize(options: argparse.Namespace) -> None:
    """Run tests/unit under AddressSanitizer and UndefinedBehaviorSanitizer (arguments are passed to pytest)."""
    require("build", "test")
    import sanitizers

    sanitizers.run_unit_tests(options.rest, levels=options.levels or "v3")


def command_fuzz(options: argparse.Namespace) -> None:
    """Random programs on NumPy and wasmnp under the sanitizers, for ten minutes or as many seconds as given."""
    require("build", "test")
    import sanitizers

    os.environ["WASMNP_FUZZ_SECONDS"] = options.rest[0] if options.rest else "600"
    sanitizers.run_unit_tests(["tests/fuzz", "-q", "-k", "as_long_as_asked"], levels=options.levels or "v3")


def command_conformance(options: argparse.Namespace) -> None:
    """NumPy's own test-suite as referee: `conformance run --only GLOB`, `check`, `accept`, `public-api`, ..."""
    require("build", "test")
    builds.install_editable()
    run([sys.executable, "-m", "tests.conformance", *(options.rest or ["--help"])])


def command_format(options: argparse.Namespace) -> None:
    """Format Python with ruff and C++ with clang-format; --check only reports."""
    require("develop")
    scripts = Path(sys.executable).parent
    check = ["--check"] if options.check else []
    folders = [
        name for name in ("jit", "kernels", "site", "tests", "tools", "wasmnp", "webgpu") if (ROOT / name).is_dir()
    ]
    run([scripts / "ruff", "format", *check, *folders])
    run([scripts / "ruff", "check", *([] if options.check else ["--fix"]), *folders])
    sources = sorted(
        path
        for folder in ("kernels", "native")
        for suffix in ("*.hpp", "*.cpp")
        for path in (ROOT / folder).rglob(suffix)
    )
    if sources:
        run([scripts / "clang-format", *(["--dry-run", "--Werror"] if options.check else ["-i"]), *sources])


def command_clean(options: argparse.Namespace) -> None:
    """Remove what was built, except downloaded Pyodide distributions and the virtual environment."""
    kept = {"venv", "pyodide", "pyodide-numpy", "pyodide-hypothesis"}
    for path in BUILD.iterdir() if BUILD.exists() else ():
        if path.name not in kept:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def parser() -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = result.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, function in sorted(globals().items()):
        if not name.startswith("command_"):
            continue
        description = (function.__doc__ or "").strip()
        command = commands.add_parser(name.removeprefix("command_"), help=description, description=description)
        command.set_defaults(function=function, rest=[], levels=None)
        if name in ("command_build", "command_test", "command_sanitize", "command_fuzz"):
            command.add_argument("--levels", help="x86-64 levels to build, such as v2,v3 (all)")
        if name == "command_size":
            command.add_argument("--top", type=int, default=12, help="how many files to list")
        if name == "command_wheel":
            command.add_argument("--target", choices=["pyodide", "aarch64-linux"])
        if name == "command_serve":
            command.add_argument("--port", type=int, default=8000)
        if name == "command_format":
            command.add_argument("--check", action="store_true")
        if name == "command_bench":
            command.add_argument("where", choices=["desktop", "pyodide", *FIGURES])
    return result


def main() -> None:
    options, rest = parser().parse_known_args()
    takes_rest = ("test", "fuzz", "bench", "pyodide", "digest", "sanitize", "conformance")
    if rest and options.command not in takes_rest:
        parser().error(f"unrecognized arguments: {' '.join(rest)}")
    options.rest = rest
    environment.enter_virtual_environment()
    os.chdir(ROOT)
    options.function(options)


if __name__ == "__main__":
    main()
