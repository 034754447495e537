"""What is built: the editable native package, wheels for this machine and for WebAssembly, sanitizer builds."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from environment import BUILD, ROOT, WHEELS, require, require_node_modules, run

SOURCES = ("wasmnp", "native", "kernels", "tools", "meson.build", "meson.options", "pyproject.toml")
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


def build_wheel(target: str | None = None, levels: str | None = None) -> Path:
    """Build one wheel into build/wheels, unless the one there is newer than every source; gives its path."""
    pattern = {None: "wasmnp-*-linux_*.whl" if sys.platform == "linux" else "wasmnp-*.whl",
               "pyodide": "wasmnp-*wasm32*.whl", "aarch64-linux": "wasmnp-*aarch64*.whl"}[target]  # fmt: skip
    destination = WHEELS / (target or "native")
    present = list(destination.glob(pattern))
    if len(present) == 1 and present[0].stat().st_mtime > newest_source():
        return present[0]
    require("build")
    if target == "pyodide":
        require_node_modules()  # wasm-opt
    shutil.rmtree(destination, ignore_errors=True)
    folder = BUILD / f"wheel-{target or 'native'}"
    run([*PIP, "wheel", "--quiet", "--no-build-isolation", "--no-deps", "--wheel-dir", destination,
         *settings(folder, levels, target), ROOT])  # fmt: skip
    (wheel,) = destination.glob(pattern)
    return wheel


def build_audio_wheel() -> Path | None:
    """The site's audio package as a pure-Python wheel; None while site/audio has no pyproject.toml."""
    source = ROOT / "site" / "audio"
    if not (source / "pyproject.toml").exists():
        return None
    destination = WHEELS / "audio"
    present = list(destination.glob("*.whl"))
    if len(present) == 1 and present[0].stat().st_mtime > newest_source(("site/audio",)):
        return present[0]
    shutil.rmtree(destination, ignore_errors=True)
    run([*PIP, "wheel", "--quiet", "--no-deps", "--wheel-dir", destination, source])
    (wheel,) = destination.glob("*.whl")
    return wheel
