"""What is built: the editable native package, wheels for this machine and for WebAssembly, sanitizer builds."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from environment import BUILD, ROOT, WHEELS, require, require_node_modules, run

SOURCES = ("wasmnp", "native", "kernels", "jit", "webgpu", "tools", "meson.build", "meson.options", "pyproject.toml")
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")


def newest_source(paths: tuple[str, ...] = SOURCES) -> float:
    """Modification time of the newest file below `paths`."""
    files = [
        file
        for path in paths
        for file in ([ROOT / path] if (ROOT / path).is_file() else (ROOT / path).rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts
    ]
    return max(file.stat().st_mtime for file in files)


def settings(folder: Path, levels: str | None = None, target: str | None = None) -> list[str]:
    """pip options that keep ninja's build folder, choose x86-64 levels and the target."""
    options = [f"--config-settings=build-dir={folder}"]
    if levels:
        options.append(f"--config-settings=setup-args=-Dlevels={levels}")
    if target:
        options.append(f"--config-settings=target={target}")
    return options


def install_editable(levels: str | None = None) -> None:
    """Install the package of this tree, rebuilt at import when a source has changed."""
    require("build")
    folder = BUILD / ("native" if levels is None else f"native-{levels.replace(',', '-')}")
    run([*PIP, "install", "--quiet", "--no-build-isolation", "--no-deps", *settings(folder, levels), "-e", ROOT])


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Only one process at a time, on this machine, makes the thing called `name`."""
    BUILD.mkdir(exist_ok=True)
    with open(BUILD / f".{name}.lock", "w") as file:
        if os.name == "posix":
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def fresh_wheel(kind: str, sources: tuple[str, ...], options: list[str | Path]) -> Path:
    """The wheel in build/wheels/KIND; made by `pip wheel OPTIONS` unless it is newer than every source.

    A wheel that another process may be reading stays until its successor takes its place.
    """
    destination = WHEELS / kind
    with locked(f"wheel-{kind}"):
        present = list(destination.glob("*.whl"))
        if len(present) == 1 and present[0].stat().st_mtime > newest_source(sources):
            return present[0]
        destination.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=BUILD) as temporary:
            run([*PIP, "wheel", "--quiet", "--no-deps", "--wheel-dir", temporary, *options])
            (wheel,) = Path(temporary).glob("*.whl")
            result = wheel.replace(destination / wheel.name)
        for old in present:
            if old != result:
                old.unlink()
        return result


def build_wheel(target: str | None = None, levels: str | None = None) -> Path:
    """Build one wheel into build/wheels, unless the one there is newer than every source; gives its path."""
    require("build")
    if target == "pyodide":
        require_node_modules()  # wasm-opt
    kind = target or "native"
    options = settings(BUILD / f"wheel-{kind}", levels, target)
    return fresh_wheel(kind, SOURCES, ["--no-build-isolation", *options, ROOT])


def build_audio_wheel() -> Path | None:
    """The site's audio package as a pure-Python wheel; None while site/audio has no pyproject.toml."""
    source = ROOT / "site" / "audio"
    if not (source / "pyproject.toml").exists():
        return None
    return fresh_wheel("audio", ("site/audio",), [source])
