"""Benchmarks against NumPy; the developer tools are importable from here on."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "tools"))
