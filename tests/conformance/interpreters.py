"""The Python that tests run in: one of this machine, or Pyodide in node."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

HERE = Path(__file__).resolve().parent


class Interpreter(Protocol):
    """Where tests run, and what of this machine can be used there."""

    wheel_helpers: bool  # NumPy's compiled test helpers, which are made for this machine, can be loaded
    alarms: bool  # a test that takes too long can be stopped from inside
    scratch: Path | None  # where temporary files belong; None: the run's folder

    def environment(self, pinned: Mapping[str, str], path: Sequence[str]) -> dict[str, str]:
        """Variables that Python is to see, with `path` for PYTHONPATH."""
        ...

    def command(
        self, words: Sequence[str], environment: Mapping[str, str], folder: Path, work: Path
    ) -> tuple[list[str], dict[str, str]]:
        """The command that starts Python with the command line `words` in `work`, and the command's own environment.

        `folder` holds all files of the run.
        """
        ...


@dataclass
class Desktop:
    """A Python of this machine."""

    python: str = sys.executable
    wheel_helpers = True
    alarms = True
    scratch = None

    def environment(self, pinned: Mapping[str, str], path: Sequence[str]) -> dict[str, str]:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("NPCONF_", "PYTEST_"))}
        entries = [*path, *filter(None, [inherited.get("PYTHONPATH")])]
        return inherited | pinned | {"PYTHONPATH": os.pathsep.join(entries)}

    def command(
        self, words: Sequence[str], environment: Mapping[str, str], folder: Path, work: Path
    ) -> tuple[list[str], dict[str, str]]:
        return [self.python, *words], dict(environment)


@dataclass
class Pyodide:
    """Python in WebAssembly. The folder of the run lies at the same path inside."""

    distribution: Path
    wheels: list[Path]
    wheel_helpers = False
    alarms = False  # there are no signals
    scratch = Path("/tmp")

    @classmethod
    def of_this_tree(cls) -> Pyodide:
        """Pyodide with the WebAssembly wheel of this tree and what NumPy's tests import."""
        sys.path.insert(0, str(HERE.parent.parent / "tools"))
        import builds
        import pyodide

        return cls(pyodide.distribution(), [builds.build_wheel("pyodide"), *pyodide.hypothesis_wheels()])

    def environment(self, pinned: Mapping[str, str], path: Sequence[str]) -> dict[str, str]:
        return {**pinned, "PYTHONPATH": ":".join(path)}

    def command(
        self, words: Sequence[str], environment: Mapping[str, str], folder: Path, work: Path
    ) -> tuple[list[str], dict[str, str]]:
        import pyodide

        command = pyodide.node_command(
            HERE / "command_line.py",
            [str(work), *words],
            folder=self.distribution,
            wheels=self.wheels,
            packages=["pytest"],
            mounts={str(folder): folder},
            environment=dict(environment),
        )
        return command, dict(os.environ)
