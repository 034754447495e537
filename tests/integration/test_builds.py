"""The other ways to build: for 64-bit ARM, with the system's compiler, editable."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import builds
import dev
from environment import BUILD, ROOT

WASM_TAGS = {
    "cp311-abi3-pyodide_2024_0_wasm32",
    "cp311-abi3-pyemscripten_2025_0_wasm32",
    "cp311-abi3-pyemscripten_2026_0_wasm32",
}


def wheel_tags(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/WHEEL"))
        lines = archive.read(name).decode().splitlines()
    return {line.removeprefix("Tag: ") for line in lines if line.startswith("Tag: ")}


def test_aarch64_linux_compiles_and_links() -> None:
    wheel = builds.build_wheel("aarch64-linux")
    assert wheel_tags(wheel) == {"cp311-abi3-linux_aarch64"}
    with zipfile.ZipFile(wheel) as archive:
        binary = archive.read("wasmnp/_native.abi3.so")
    assert binary[:4] == b"\x7fELF"
    assert int.from_bytes(binary[18:20], "little") == 183  # EM_AARCH64


def test_wasm_wheel(wasm_wheel: Path) -> None:
    assert wheel_tags(wasm_wheel) == WASM_TAGS
    with zipfile.ZipFile(wasm_wheel) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
    assert "wasmnp/_native.abi3.so" in names
    assert [name for name in names if "__pycache__" in name or name.endswith((".hpp", ".cpp"))] == []
    assert wasm_wheel.stat().st_size <= dev.WHEEL_BAR


@pytest.mark.slow
def test_system_compiler_is_respected(tmp_path: Path) -> None:
    assert shutil.which("g++"), "g++ is not installed (Debian package g++)"
    environment = os.environ | {"CC": "gcc", "CXX": "g++"}
    subprocess.run(
        [*builds.PIP, "install", "--quiet", "--no-build-isolation", "--no-deps", "--target", tmp_path,
         *builds.settings(BUILD / "gcc", "v2"), ROOT],
        check=True, env=environment)  # fmt: skip
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import wasmnp; print(wasmnp.__file__)"
    done = subprocess.run([sys.executable, "-S", "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.startswith(str(tmp_path))
    log = (BUILD / "gcc" / "meson-logs" / "meson-log.txt").read_text()
    assert "C++ compiler for the host machine: g++" in log


@pytest.mark.slow
def test_source_distribution_builds(tmp_path: Path) -> None:
    """An sdist of the last commit builds a WebAssembly wheel."""
    code = f"import sys; sys.path.insert(0, 'tools'); import backend; print(backend.build_sdist({str(tmp_path)!r}))"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
    (archive,) = tmp_path.glob("wasmnp-*.tar.gz")
    shutil.unpack_archive(archive, tmp_path)
    (source,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert (source / "native" / "meson.build").exists()
    assert (source / "tools" / "wasm-sysroot" / "pyconfig.h").exists()
    subprocess.run(
        [*builds.PIP, "wheel", "--quiet", "--no-build-isolation", "--no-deps", "--wheel-dir", tmp_path / "wheels",
         "--config-settings=target=pyodide", source],
        check=True)  # fmt: skip
    (wheel,) = (tmp_path / "wheels").iterdir()
    assert wheel_tags(wheel) == WASM_TAGS
