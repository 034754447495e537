"""Source of functions that users give, as objects or as text."""

from __future__ import annotations

import ast
import builtins
import inspect
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import FunctionType, ModuleType
from typing import Any

from .ir import KernelError, Location

_MISSING = object()


@dataclass(eq=False)
class Source:
    """One function: its tree, the place of its first line, and what its free names mean."""

    tree: ast.FunctionDef
    text: str
    file: str
    offset: int  # lines before the text
    names: Mapping[str, Any] = field(default_factory=dict)
    cells: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.tree.name

    def at(self, node: ast.AST) -> Location:
        return Location(self.file, getattr(node, "lineno", 1) + self.offset)

    @property
    def parameters(self) -> list[str]:
        """Names of the parameters.

        Raises
        ------
        KernelError
            For parameters other than plain ones.
        """
        signature = self.tree.args
        if signature.vararg or signature.kwarg or signature.kwonlyargs or signature.defaults:
            raise KernelError("compiled functions have plain parameters, without defaults or *", self.at(self.tree))
        return [argument.arg for argument in (*signature.posonlyargs, *signature.args)]

    def free(self, name: str) -> Any:
        """What a name means outside of the function, or `MISSING`."""
        if name in self.cells:
            return self.cells[name]
        if name in self.names:
            return self.names[name]
        return getattr(builtins, name, _MISSING)

    def key(self, inside: tuple[int, ...] = ()) -> tuple[Any, ...]:
        """What compiled code depends on: the text, and the values of the free names that it uses."""
        if id(self.tree) in inside:
            return ()
        found = []
        for name in sorted({node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name)}):
            value = self.free(name)
            if value is _MISSING or getattr(builtins, name, _MISSING) is value:
                continue
            found.append((name, _identity(value, (*inside, id(self.tree)))))
        return self.text, self.offset, self.file, tuple(found)


MISSING = _MISSING


def _identity(value: Any, inside: tuple[int, ...]) -> Any:
    if isinstance(value, (bool, int, float, complex, str)):
        return type(value).__name__, repr(value)
    if isinstance(value, tuple):
        return tuple(_identity(item, inside) for item in value)
    if isinstance(value, ModuleType):
        return value.__name__
    function = getattr(value, "py_func", value)
    if isinstance(function, FunctionType):
        try:
            return source_of(function).key(inside)
        except KernelError:
            return id(function)
    if isinstance(function, Source):
        return function.key(inside)
    return id(value)


_parsed: dict[FunctionType, Source] = {}


def source_of(function: FunctionType) -> Source:
    """The source of a Python function.

    Raises
    ------
    KernelError
        If it is not available, or not a ``def``.
    """
    found = _parsed.get(function)
    code = function.__code__
    if found is None:
        try:
            lines, first = inspect.getsourcelines(function)
        except (OSError, TypeError) as error:
            raise KernelError(
                f"the source of {function.__name__!r} is not available; pass it as a string",
                Location(code.co_filename, code.co_firstlineno),
            ) from error
        found = _parsed[function] = _parse("".join(lines), code.co_filename, first - 1)
    names = function.__globals__
    cells = {}
    for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
        try:
            cells[name] = cell.cell_contents
        except ValueError:  # not assigned yet
            continue
    return Source(found.tree, found.text, found.file, found.offset, names, cells)


def source_from_text(text: str, names: Mapping[str, Any], file: str = "<source>") -> Source:
    """The source of the function that a text defines."""
    found = _parse(text, file, 0)
    return Source(found.tree, found.text, found.file, found.offset, dict(names))


def _parse(text: str, file: str, offset: int) -> Source:
    text = textwrap.dedent(text)
    try:
        body = ast.parse(text).body
    except SyntaxError as error:
        place = Location(file, (error.lineno or 1) + offset)
        raise KernelError(f"this is not Python: {error.msg}", place) from error
    functions = [node for node in body if isinstance(node, ast.FunctionDef)]
    if not functions:
        functions = [
            _as_function(node) for statement in body for node in ast.walk(statement) if type(node) is ast.Lambda
        ]
    if len(functions) != 1:
        raise KernelError("one function is needed, written with def or lambda", Location(file, offset + 1))
    return Source(functions[0], text, file, offset)


def _as_function(node: ast.Lambda) -> ast.FunctionDef:
    """A lambda as the function that it abbreviates."""
    returned = ast.copy_location(ast.Return(node.body), node)
    return ast.copy_location(ast.FunctionDef("lambda_", node.args, [returned], [], None, None), node)
