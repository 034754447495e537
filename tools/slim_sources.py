"""Python sources as a browser downloads them: without comments and without the documentation of what is not public.

Every line keeps its number, so that a traceback points into the repository's files.
"""

from __future__ import annotations

import ast
import io
import tokenize
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
# The kernel language and the kernels are for compilers; the kernels' docstrings are in the extension module as well.
INTERNAL = PurePosixPath("wasmnp/_kernels")
KERNELS = INTERNAL / "elementwise"
ARCHIVE = "modules.zip"
# Of these packages, users see what the package itself lists.
FACADES = (PurePosixPath("wasmnp/jit"), PurePosixPath("wasmnp/webgpu"))
# Packages that `import wasmnp` does not read. The modules of each become one file: alone, each would cost as much for
# its entries in the wheel as for what it says that the others do not, and Pyodide's loader a third of a millisecond.
ARCHIVED = (
    KERNELS,
    INTERNAL / "language",
    *FACADES,
    *(PurePosixPath("wasmnp") / room for room in ("lib", "random", "testing/_private")),
)


def listed_names(source: str) -> frozenset[str]:
    """The names in a module's ``__all__``."""
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__":
            return frozenset(ast.literal_eval(statement.value))
    return frozenset()


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")


def docstring_of(node: Documented) -> ast.Expr | None:
    first = node.body[0] if node.body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        return first
    return None


def hidden_documentation(path: PurePosixPath, tree: ast.Module, facade: frozenset[str]) -> Iterator[Documented]:
    """The objects of a module whose docstrings no user of the library reads."""
    internal = path.is_relative_to(INTERNAL)
    behind = any(path.is_relative_to(folder) for folder in FACADES)
    parts = (*path.parent.parts, path.stem)
    if internal or any(map(is_private, parts)) or (behind and path.stem != "__init__"):
        yield tree

    def below(node: ast.AST, hidden: bool) -> Iterator[Documented]:
        for child in ast.iter_child_nodes(node):
            inside = hidden
            if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                inside = hidden or is_private(child.name)
                if behind and isinstance(node, ast.Module):
                    inside = child.name not in facade
                if inside:
                    yield child
                inside = inside or not isinstance(child, ast.ClassDef)
            yield from below(child, inside)

    yield from below(tree, internal)


def row_documentation(tree: ast.Module) -> Iterator[ast.expr]:
    """The values of ``doc=`` in the registry rows of a kernel's module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Ufunc":
            yield from (keyword.value for keyword in node.keywords if keyword.arg == "doc")


def blank(lines: list[str], node: ast.expr | ast.stmt, replacement: str) -> None:
    """Put `replacement` in the place of a node, which may span lines."""
    assert node.end_lineno is not None and node.end_col_offset is not None
    first, last = node.lineno - 1, node.end_lineno - 1
    before = lines[first].encode()[: node.col_offset].decode()
    after = lines[last].encode()[node.end_col_offset :].decode()
    lines[first : last + 1] = [before + replacement, *[""] * (last - first)]
    lines[last] += after


def without_comments(source: str) -> str:
    lines = source.split("\n")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    return "\n".join(lines)


def slim(path: PurePosixPath, source: str, facade: frozenset[str] = frozenset()) -> str:
    """The source of a module as the browser's wheel carries it.

    Parameters
    ----------
    path : PurePosixPath
        Where the module lies in the wheel.
    source : str
        Its text.
    facade : frozenset of str
        Public names of the package, for modules of `FACADES`.
    """
    source = without_comments(source)
    tree = ast.parse(source)
    lines = source.split("\n")
    for node in hidden_documentation(path, tree, facade):
        if text := docstring_of(node):
            alone = len(node.body) == 1 and not isinstance(node, ast.Module)
            blank(lines, text, "pass" if alone else "")
    if path.is_relative_to(KERNELS):
        for value in row_documentation(tree):
            blank(lines, value, '""')
    return "\n".join(line.rstrip() for line in lines)


def archive_entry(name: str) -> zipfile.ZipInfo:
    """What an archive says of a file: the same whenever it is packed."""
    result = zipfile.ZipInfo(name)
    result.external_attr = 0o644 << 16
    return result


def read_from_archive(source: str) -> str:
    """The source of a package's ``__init__.py`` that finds its modules in the package's archive."""
    place = f'__path__ = [f"{{__path__[0]}}/{ARCHIVE}"]'
    body = ast.parse(source).body
    while body and (
        (isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant))
        or (isinstance(body[0], ast.ImportFrom) and body[0].module == "__future__")
    ):
        body = body[1:]
    if not body:
        return f"{source}{place}\n"
    lines = source.split("\n")
    lines[body[0].lineno - 1] = f"{place}; {lines[body[0].lineno - 1]}"
    return "\n".join(lines)


def archive_of(files: Mapping[str, bytes]) -> bytes:
    """Modules as one archive for Python to import from, which the wheel compresses as a whole."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            archive.writestr(archive_entry(name), data)
    return buffer.getvalue()


def slim_package(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of a wheel, by name, with their Python sources made slim and some packages' modules in archives."""
    facades = {folder: listed_names(files[f"{folder}/__init__.py"].decode()) for folder in FACADES}
    result: dict[str, bytes] = {}
    archives: dict[PurePosixPath, dict[str, bytes]] = {folder: {} for folder in ARCHIVED}
    for name, data in files.items():
        path = PurePosixPath(name)
        if path.suffix != ".py":
            result[name] = data
            continue
        listed = next((facades[folder] for folder in facades if path.is_relative_to(folder)), frozenset())
        text = slim(path, data.decode(), listed)
        modules = archives.get(path.parent)
        if modules is not None and path.stem != "__init__":
            modules[path.name] = text.encode()
        else:
            result[name] = (text if modules is None else read_from_archive(text)).encode()
    return result | {f"{folder}/{ARCHIVE}": archive_of(modules) for folder, modules in archives.items()}
