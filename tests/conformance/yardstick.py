"""Which of NumPy's tests judge, how they are grouped into areas, and the copy of the test files that is run."""

from __future__ import annotations

import fnmatch
import gzip
import hashlib
import importlib.util
import json
import os
import re
import shutil
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
BASELINE = HERE / "baseline.json.gz"
TEST_FOLDERS = ("_core", "lib", "linalg", "fft", "random", "ma", "polynomial", "matrixlib", "testing", ".", "typing")
EXCLUDED = {  # pattern relative to numpy/: reason
    "distutils/*": "distutils: gone with Python 3.12, builds C code",
    "f2py/*": "f2py: needs compilers, not the array library",
    "_pyinstaller/*": "needs PyInstaller",
    "_core/tests/test_simd*.py": "internal SIMD wrappers (_simd)",
    "_core/tests/test_cpu_*.py": "NumPy's own CPU dispatcher/build",
    "_core/tests/test_cython.py": "needs cython+meson+compiler",
    "_core/tests/test_limited_api.py": "needs cython+meson+compiler",
    "random/tests/test_extending.py": "needs cython/numba/cffi+compiler",
    "tests/test_configtool.py": "console script of numpy's wheel",
    "tests/test_scripts.py": "console scripts of numpy's wheel",
    "typing/tests/test_typing.py": "needs mypy",
}
_CORE_AREAS = {  # area: test files of _core without "test_" and ".py"; the first match wins
    "printing": "scalarprint",
    "C-ABI helpers": "conversion_utils argparse extint128 hashtable custom_dtypes array_interface mem_policy "
    "arraymethod mem_overlap",
    "dtypes/casting": "dtype casting_* array_coercion nep50_promotions numerictypes half longdouble finfo getlimits "
    "scalar* abc",
    "ufunc/umath": "ufunc umath* errstate overrides",
    "strings": "string* defchararray unicode",
    "datetime": "datetime",
    "nditer/einsum": "nditer einsum",
    "records/matrix": "records",
}
AREAS: list[tuple[str, list[str]]] = [
    (area, [f"_core/tests/test_{name}.py" for name in names.split()]) for area, names in _CORE_AREAS.items()
] + [
    ("C-ABI helpers", ["tests/test_ctypeslib.py"]),
    ("printing", ["_core/tests/test_arrayprint.py", "_core/tests/test_print.py"]),
    ("records/matrix", ["matrixlib/*", "tests/test_matlib.py"]),
    ("core array/indexing", ["_core/*"]),
    *((name, [f"{name}/*"]) for name in ("lib", "linalg", "fft", "random", "ma", "polynomial")),
    ("testing/typing/public api", ["testing/*", "typing/*", "tests/*"]),
]
AREA_ORDER = ("core array/indexing", "dtypes/casting", "ufunc/umath", "strings", "datetime", "nditer/einsum",
              "printing", "lib", "linalg", "fft", "random", "ma", "polynomial", "records/matrix", "C-ABI helpers",
              "testing/typing/public api")  # fmt: skip


def area_of(file: str) -> str:
    """Area of a test file, given relative to numpy/."""
    for area, patterns in AREAS:
        if any(fnmatch.fnmatch(file, pattern) for pattern in patterns):
            return area
    return "core array/indexing"


def matches(file: str, patterns: list[str]) -> bool:
    """Whether a pattern names the file, its base name, its folder or its area."""
    subjects = (file, area_of(file), os.path.basename(file))
    return any(
        any(fnmatch.fnmatch(subject, pattern) for subject in subjects) or fnmatch.fnmatch(file, pattern + "/*")
        for pattern in patterns
    )


def in_sample(file: str, test: str, one_in: int) -> bool:
    """Whether a test belongs to the fixed sample of one test in `one_in`."""
    return one_in <= 1 or int(hashlib.md5(f"{file}::{test}".encode()).hexdigest()[:8], 16) % one_in == 0


def real_numpy_folder(given: str | None = None) -> Path:
    """Folder of the real numpy: the one given, else the installed wheel's."""
    if given:
        return Path(os.path.realpath(given))
    spec = importlib.util.find_spec("numpy")
    if spec is None or spec.origin is None:
        sys.exit("no numpy wheel found; give --numpy-dir")
    return Path(os.path.realpath(spec.origin)).parent


def real_numpy_version(folder: Path) -> str:
    match = re.search(r"""(?m)^version = ["'](.*?)["']""", (folder / "version.py").read_text())
    if match is None:
        sys.exit(f"no version in {folder / 'version.py'}")
    return match[1]


def make_tree(real: Path, folder: Path) -> tuple[Path, Path]:
    """Copy test files into `folder`/tree and what every process of a run loads into `folder`/boot; gives both."""
    tree, boot = folder / "tree", folder / "boot"
    boot.mkdir(parents=True)
    for name in TEST_FOLDERS:
        destination = Path(os.path.normpath(tree / "numpy" / name / "tests"))
        shutil.copytree(real / name / "tests", destination, ignore=shutil.ignore_patterns("__pycache__"))
        # Test modules keep the module name that they have in the wheel (numpy.lib.tests.test_x).
        if (destination / "__init__.py").exists():
            for parent in destination.parents:
                if parent == tree:
                    break
                (parent / "__init__.py").touch()
    shutil.copy(HERE / "finder.py", boot / "sitecustomize.py")
    shutil.copy(HERE / "plugin.py", boot / "npconf_plugin.py")
    (boot / "npconf.ini").write_text("[pytest]\n")
    return tree, boot


def test_files(tree: Path) -> tuple[list[str], dict[str, list[str]]]:
    """Test files of a tree relative to numpy/: those that judge, and the excluded ones by reason."""
    judging: list[str] = []
    excluded: dict[str, list[str]] = defaultdict(list)
    root = tree / "numpy"
    for folder, _, names in sorted(os.walk(root)):
        if os.path.basename(folder) != "tests":
            continue
        for name in sorted(names):
            if name.startswith("test_") and name.endswith(".py"):
                file = os.path.relpath(os.path.join(folder, name), root)
                reason = next((why for pattern, why in EXCLUDED.items() if fnmatch.fnmatch(file, pattern)), None)
                (excluded[reason] if reason else judging).append(file)
    return judging, dict(excluded)


def read_baseline(path: Path = BASELINE) -> dict[str, Any]:
    if not path.exists():
        sys.exit(f"no baseline at {path}: run `baseline` first")
    with gzip.open(path, "rt") as file:
        return json.load(file)


def yardstick(baseline: dict[str, Any], file: str) -> list[str]:
    """Ids of a file's tests that pass on the real numpy in every baseline run."""
    entry = baseline["files"][file]
    return [test for test, outcome in zip(entry["ids"], entry["o"], strict=True) if outcome == "p"]
