"""What the browser's wheel leaves out of Python sources changes nothing but documentation and comments."""

from __future__ import annotations

import ast
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

from slim_sources import ARCHIVE, ARCHIVED, KERNELS, listed_names, read_from_archive, slim

LIBRARY = PurePosixPath("wasmnp/lib/_some_impl.py")
FACADE = PurePosixPath("wasmnp/webgpu/plan.py")
SOURCE = '''\
"""A private module."""  # one

__all__ = ["shown"]


def shown(text="# no comment"):  # two
    """Documentation of what is public."""

    def inner():
        """What nobody sees."""

    return inner, text


class Kept:
    """Public, and listed nowhere."""

    def method(self):
        """A public method."""

    def _hidden(self):
        """Über den Zeilen:
        zwei."""  # three
        return "é"; "not a docstring"  # four


def _private():
    """Only text."""
'''


def names_with_documentation(source: str) -> set[str]:
    kinds = ast.Module, ast.ClassDef, ast.FunctionDef
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)]
    return {getattr(node, "name", "") for node in nodes if ast.get_docstring(node)}


def without_docstrings(source: str) -> str:
    """The tree, without docstrings, without ``pass`` and without ``doc=``: what is run."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            if ast.get_docstring(node, clean=False) is not None:
                del node.body[0]
            node.body = [child for child in node.body if not isinstance(child, ast.Pass)]
        elif isinstance(node, ast.Call):
            node.keywords = [keyword for keyword in node.keywords if keyword.arg != "doc"]
    return ast.dump(tree, include_attributes=False)


@pytest.mark.parametrize(
    ("path", "facade", "documented"),
    [
        (LIBRARY, (), {"shown", "Kept", "method"}),
        (PurePosixPath("wasmnp/public.py"), (), {"", "shown", "Kept", "method"}),
        (FACADE, ("Kept",), {"Kept", "method"}),
        (KERNELS / "sin.py", (), set()),
    ],
)
def test_public_documentation_stays(path: PurePosixPath, facade: tuple[str, ...], documented: set[str]) -> None:
    short = slim(path, SOURCE, frozenset(facade))
    assert names_with_documentation(short) == documented
    assert without_docstrings(short) == without_docstrings(SOURCE)
    assert "# no comment" in short
    assert not any(word in short for word in ("# one", "# two", "# three", "# four"))
    assert short.count("\n") == SOURCE.count("\n")


def test_documentation_in_rows_goes() -> None:
    row = 'ROW = Ufunc(\n    name="sin",\n    doc="""\nThe sine.\n""",\n    parameters="x",\n)\n'
    short = slim(KERNELS / "sin.py", row)
    assert "The sine" not in short
    assert without_docstrings(short) == without_docstrings(row)


def test_listed_names() -> None:
    assert listed_names(SOURCE) == {"shown"}
    assert listed_names("x = 1\n") == frozenset()


def python_files(archive: zipfile.ZipFile, folder: str = "") -> Iterator[tuple[str, str]]:
    """Names and texts of the modules of a wheel, and of the archives in it."""
    for name in archive.namelist():
        if name.endswith(".py"):
            yield folder + name, archive.read(name).decode()
        elif name.endswith(f"/{ARCHIVE}"):
            with zipfile.ZipFile(io.BytesIO(archive.read(name))) as modules:
                yield from python_files(modules, name.removesuffix(ARCHIVE))


def test_the_wheel_runs_what_the_tree_runs(wasm_wheel: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    places = {"wasmnp/_kernels/": "kernels/", "wasmnp/jit/": "jit/", "wasmnp/webgpu/": "webgpu/"}
    compared = set()
    with zipfile.ZipFile(wasm_wheel) as archive:
        for name, short in python_files(archive):
            start = next((start for start in places if name.startswith(start)), "")
            original = (root / (places.get(start, "") + name.removeprefix(start))).read_text(encoding="utf-8")
            if name in {f"{folder}/__init__.py" for folder in ARCHIVED}:
                original = read_from_archive(original)
            assert without_docstrings(short) == without_docstrings(original), name
            assert short.count("\n") == original.count("\n"), name
            compared.add(name)
    assert {
        f"{KERNELS}/sin.py",
        "wasmnp/_core/numeric.py",
        "wasmnp/webgpu/__init__.py",
        "wasmnp/jit/code.py",
    } <= compared
