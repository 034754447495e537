"""PEP 517 backend: meson-python with a choice of compiler and target.

pip install .                     $CC/$CXX where set, otherwise zig from PyPI (`ziglang`)
pip wheel . -Ctarget=pyodide      WebAssembly, with zig in the part of emcc (zemcc.py)
pip wheel . -Ctarget=aarch64-linux  cross-build for 64-bit ARM
pyodide build                     real Emscripten: pyodide-build sets $CC/$CXX itself
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import mesonpy

from wheel_tags import finish_wheel

HERE = Path(__file__).resolve().parent
WASM_PLATFORMS = ("pyodide_2024_0_wasm32", "pyemscripten_2025_0_wasm32", "pyemscripten_2026_0_wasm32")
CROSS_TARGETS = {
    "pyodide": ("wasm.cross", WASM_PLATFORMS),
    "aarch64-linux": ("aarch64-linux.cross", ("linux_aarch64",)),
}

Settings = Mapping[str, Any] | None


def zig_requirement() -> str:
    """The pinned requirement on the PyPI package that carries zig."""
    with open(HERE.parent / "pyproject.toml", "rb") as file:
        return tomllib.load(file)["tool"]["wasmnp"]["zig"]


def needs_zig(settings: Settings) -> bool:
    """Whether neither the environment nor pyodide-build has chosen a compiler for this target."""
    if target(settings):
        return True
    pyodide_build = "emscripten" in os.environ.get("_PYTHON_HOST_PLATFORM", "") or "PYODIDE" in os.environ
    return not (pyodide_build or os.environ.get("CXX"))


def target(settings: Settings) -> str | None:
    """The cross target asked for with -Ctarget=NAME, or None for a native build."""
    name = (settings or {}).get("target")
    if name is not None and name not in CROSS_TARGETS:
        raise SystemExit(f"unknown target {name!r}; there are {', '.join(CROSS_TARGETS)}")
    return name


def requirements(settings: Settings, base: list[str]) -> list[str]:
    return [*base, zig_requirement()] if needs_zig(settings) else base


def without_target(settings: Settings) -> dict[str, Any]:
    return {key: value for key, value in (settings or {}).items() if key != "target"}


def as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def compilers(name: str | None) -> dict[str, str]:
    """Values of CC, CXX, AR, ... that make zig compile for `name`."""
    if name == "pyodide":
        tool = f"{sys.executable} {HERE / 'zemcc.py'}"
        return {
            "CC": f"{tool} cc", "CXX": f"{tool} c++", "AR": f"{tool} ar",
            "RANLIB": f"{tool} ranlib", "STRIP": f"{tool} strip",
        }  # fmt: skip
    import ziglang

    zig = Path(ziglang.__file__).parent / ("zig.exe" if os.name == "nt" else "zig")
    triple = " -target aarch64-linux-gnu" if name == "aarch64-linux" else ""
    return {"CC": f"{zig} cc{triple}", "CXX": f"{zig} c++{triple}", "AR": f"{zig} ar", "RANLIB": f"{zig} ranlib"}


@contextmanager
def prepared(settings: Settings):
    """Set the compiler variables for a build; gives meson-python's settings."""
    name = target(settings)
    cleaned = without_target(settings)
    saved = dict(os.environ)
    # meson and ninja lie beside an interpreter whose environment need not be activated
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    if needs_zig(settings):
        os.environ.update(compilers(name))
        option = f"--cross-file={HERE / CROSS_TARGETS[name][0]}" if name else f"--native-file={HERE / 'zig.native'}"
        cleaned["setup-args"] = [option, *as_list(cleaned.get("setup-args", []))]
    try:
        yield cleaned
    finally:
        os.environ.clear()
        os.environ.update(saved)


def get_requires_for_build_wheel(config_settings: Settings = None) -> list[str]:
    return requirements(config_settings, mesonpy.get_requires_for_build_wheel(without_target(config_settings)))


def get_requires_for_build_editable(config_settings: Settings = None) -> list[str]:
    return requirements(config_settings, mesonpy.get_requires_for_build_editable(without_target(config_settings)))


def get_requires_for_build_sdist(config_settings: Settings = None) -> list[str]:
    return requirements(config_settings, mesonpy.get_requires_for_build_sdist(without_target(config_settings)))


def build_wheel(wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None) -> str:
    with prepared(config_settings) as settings:
        name = mesonpy.build_wheel(wheel_directory, settings, metadata_directory)
    wanted = target(config_settings)
    platforms = CROSS_TARGETS[wanted][1] if wanted else None
    return finish_wheel(Path(wheel_directory) / name, platforms, for_browsers=wanted == "pyodide").name


def build_editable(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    with prepared(config_settings) as settings:
        return mesonpy.build_editable(wheel_directory, settings, metadata_directory)


def build_sdist(sdist_directory: str, config_settings: Settings = None) -> str:
    with prepared(config_settings) as settings:
        return mesonpy.build_sdist(sdist_directory, settings)
