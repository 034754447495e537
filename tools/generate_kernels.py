"""Build step: run the kernel language's C++ generator, touch only what changed, and tell ninja what it read.

    generate_kernels.py OUTPUT_DIRECTORY DEPFILE

An edit of any kernel then regenerates, and only sources whose text changed are compiled again.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

KERNELS = Path(__file__).resolve().parent.parent / "kernels"
ROOMS = ("language", "elementwise")


def escape(path: Path) -> str:
    """`path` as a word of a make rule."""
    return str(path).replace(" ", "\\ ")


def main() -> None:
    output, depfile = Path(sys.argv[1]), Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as temporary:
        environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
        generator = KERNELS / "language" / "generate.py"
        subprocess.run([sys.executable, str(generator), temporary], check=True, env=environment)
        produced = sorted(Path(temporary).iterdir())
        for source in produced:
            target = output / source.name
            text = source.read_bytes()
            if not target.exists() or target.read_bytes() != text:
                target.write_bytes(text)
    # The folders themselves are listed so that a new kernel file is noticed.
    read = [KERNELS / room for room in ROOMS] + sorted(p for room in ROOMS for p in (KERNELS / room).rglob("*.py"))
    depfile.write_text(f"{escape(output / produced[0].name)}: {' '.join(map(escape, read))}\n")


if __name__ == "__main__":
    main()
