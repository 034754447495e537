"""Where things lie, how commands are run, and the virtual environment that developer commands run in."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import venv
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
WHEELS = BUILD / "wheels"


class CommandFailed(SystemExit):
    """A command that had to succeed did not; carries its exit status."""


def run(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path = ROOT,
    quiet: bool = False,
) -> None:
    """Run a command, shown first unless `quiet`; leave with its exit status where it fails."""
    words = [str(word) for word in command]
    if not quiet:
        print("+", shlex.join(words), file=sys.stderr, flush=True)
    status = subprocess.run(words, cwd=folder, env=os.environ | dict(environment or {})).returncode
    if status:
        print(f"failed with status {status}: {shlex.join(words)}", file=sys.stderr)
        raise CommandFailed(status)


def enter_virtual_environment() -> None:
    """Go on in a virtual environment: the active one, else build/venv, which is made where it is missing."""
    if sys.prefix != sys.base_prefix:
        return
    folder = BUILD / "venv"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        print(f"making the virtual environment {folder.relative_to(ROOT)}", file=sys.stderr)
        venv.create(folder, with_pip=True)
    command = [str(python), *sys.argv]
    if os.name == "nt":
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)


@cache
def project() -> dict:
    with open(ROOT / "pyproject.toml", "rb") as file:
        return tomllib.load(file)


def satisfied(requirement: str) -> bool:
    """Whether an installed distribution answers a requirement of the forms used in pyproject.toml."""
    name, _, rest = re.match(r"([\w.-]+)(\[.*\])?(.*)", requirement).groups()  # type: ignore[union-attr]
    try:
        installed = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False

    def parts(version: str) -> tuple[int, ...]:
        return tuple(int(part) for part in re.findall(r"\d+", version)[:3])

    def compare(sign: str, wanted: tuple[int, ...]) -> bool:
        have = parts(installed)
        return {"==": have == wanted, ">=": have >= wanted, "<": have < wanted}[sign]

    return all(compare(sign, parts(version)) for sign, version in re.findall(r"(==|>=|<)([\w.]+)", rest))


def require(*groups: str) -> None:
    """Install what is missing of `build`, or of an extra of pyproject.toml (`test`, `browser-test`, `develop`)."""
    wanted: list[str] = []
    for group in groups:
        if group == "build":
            wanted += ["pip>=23.1", *project()["build-system"]["requires"], project()["tool"]["wasmnp"]["zig"]]
        else:
            wanted += project()["project"]["optional-dependencies"][group]
    missing = [requirement for requirement in wanted if not satisfied(requirement)]
    if missing:
        run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *missing])


def require_node_modules() -> Path:
    """Install the npm packages of package-lock.json where they are missing; gives node_modules."""
    modules = ROOT / "node_modules"
    marker, lock = modules / ".package-lock.json", ROOT / "package-lock.json"
    if not marker.exists() or marker.stat().st_mtime < lock.stat().st_mtime:
        npm = shutil.which("npm")
        if not npm:
            sys.exit("npm is needed: install Node.js 20 or newer")
        run([npm, "ci", "--no-fund", "--no-audit"])
        marker.touch()
    return modules


def node() -> str:
    """Node.js, at least version 20."""
    found = shutil.which("node")
    if not found:
        sys.exit("node is needed: install Node.js 20 or newer")
    return found
