"""Functions that users write, to IR: numbers and arrays, control flow, calls.

What a compiled function gives is what the Python function gives for NumPy's scalars and arrays. Types follow from the
arguments: a function is read with the types of its parameters; where loops or branches change the type of a name, the
loop, or the function, is read again with the type that holds both.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FunctionType, ModuleType
from typing import Any

from .builder import Builder
from .compose import inline
from .exits import lower_exits
from .frontend import _assigned
from .ir import LEAVING, Function, KernelError, Location, Operation, Region, Value, verify, walk
from .narrow import narrowed
from .passes import simplify
from .promotion import PY_INT, NumberType, is_same_kind, of_python, promote
from .source import MISSING, Source, source_from_text, source_of
from .typesystem import bool_, i64
from .user_calls import Calls
from .user_values import Array, ArrayType, Scalar, Unbound, describe

_ALLOWED = (
    "assignments, if, while, for over range, tuples or one-dimensional arrays, break, continue, return, pass, "
    "assert and raise"
)
_MAXIMUM_READINGS = 8


# Of a parameter; tuples of them too.
ParameterType = NumberType | ArrayType | tuple


@dataclass
class _Loop:
    """A loop while it is read: the names that it carries, their types, and what was found at its ends."""

    names: list[str]
    types: list[Any]
    advance: Callable[[], list[Value]]  # the values that come before the names, for the next turn
    current: Callable[[], list[Value]]
    found: list[Any] = field(default_factory=list)


@dataclass
class Failures:
    """Errors that functions raise, by the code that they fail with."""

    errors: list[tuple[type[Exception], str]] = field(default_factory=list)

    def code(self, error: type[Exception], text: str) -> int:
        if (error, text) not in self.errors:
            self.errors.append((error, text))
        return self.errors.index((error, text)) + 1


@dataclass
class Compiled:
    """IR of a user function: parameters and results are scalars, complex numbers two of them.

    ``result`` is the type of what it returns: None, a `NumberType`, or a tuple of results. ``stores`` are the numbers
    of the array parameters whose elements it assigns.
    """

    function: Function
    result: Any
    stores: frozenset[int] = frozenset()


@dataclass
class Session:
    """What the functions of one compilation share."""

    failures: Failures = field(default_factory=Failures)
    python_errors: bool = True  # zero divisors of Python numbers fail
    checked: bool = False  # indices are checked
    elementwise: bool = False  # everything has to be inlined
    narrow: bool = False  # kernels of 32-bit types stand for those of 64-bit types; see `narrow.narrowed`
    callees: dict[Any, Compiled] = field(default_factory=dict)
    depth: int = 0


def join(x: Any, y: Any) -> Any:
    """The type that holds what two ways through a function give; raises TypeError where there is none."""
    if x == y:
        return x
    if isinstance(x, tuple) and isinstance(y, tuple) and len(x) == len(y):
        return tuple(join(a, b) for a, b in zip(x, y, strict=True))
    if isinstance(x, NumberType) and isinstance(y, NumberType):
        if x.weak != y.weak and "b" in (x.kind, y.kind) and x.kind != y.kind:
            return promote(x.strong, y.strong)
        return promote(x, y)
    raise TypeError


def type_of(item: Any) -> Any:
    """The type of an item that has a run-time form; the item itself for others."""
    if isinstance(item, Scalar):
        return item.type
    if isinstance(item, tuple):
        return tuple(map(type_of, item))
    return of_python(item) or item


class UserFrame(Calls):
    """One user function being read."""

    def __init__(self, source: Source, session: Session, result: Any = MISSING, *, declared: bool = False) -> None:
        self.source = source
        self.session = session
        self.python_errors = session.python_errors
        self.narrow = session.narrow
        self.body = Region()
        self.builder = Builder(self.body)
        self.names: dict[str, Any] = {}
        self.loops: list[_Loop] = []
        self.stores: set[int] = set()
        self.result = result  # the assumed type of the result
        self.declared = declared  # whether results are converted to it, whatever they are
        self.returned: list[Any] = []  # the types that were found

    # -- places ---------------------------------------------------------------------------------------------------

    def location(self, node: ast.AST) -> Location:
        return self.source.at(node)

    def fail_if(self, condition: Value, error: type[Exception], text: str, node: ast.AST) -> None:
        at = self.location(node)
        failing = Region()
        code = self.session.failures.code(error, text)
        Builder(failing).emit("fail", [], [], at, code=code)
        self.builder.emit("if", [condition], [], at, [failing, Region()], mode="branch")

    # -- statements -----------------------------------------------------------------------------------------------

    def block(self, statements: list[ast.stmt]) -> bool:
        """Read statements; True if what follows them is never reached."""
        return any(self.statement(statement) for statement in statements)

    def statement(self, node: ast.stmt) -> bool:
        match node:
            case ast.Assign(targets=targets, value=value):
                item = self.expression(value)
                for target in targets:
                    self.assign(target, item)
            case ast.AnnAssign(target=target, value=value) if value is not None:
                self.assign(target, self.expression(value))
            case ast.AugAssign(target=target, op=kind, value=value):
                self.augment(target, kind, value, node)
            case ast.If():
                return self.conditional(node)
            case ast.While():
                return self.while_loop(node)
            case ast.For():
                return self.for_loop(node)
            case ast.Return(value=value):
                self.leave(None if value is None else self.expression(value), node)
                return True
            case ast.Break() | ast.Continue():
                self.end_turn(node)
                return True
            case ast.Expr(value=ast.Constant()) | ast.Pass():
                pass
            case ast.Expr(value=value):
                self.expression(value)
            case ast.Assert(test=test, msg=message):
                self.assertion(test, message, node)
            case ast.Raise(exc=error):
                self.raising(error, node)
                return True
            case _:
                raise self.error(node, f"{type(node).__name__} is outside the language, which has {_ALLOWED}")
        return False

    def assign(self, target: ast.expr, item: Any) -> None:
        match target:
            case ast.Name(id=name):
                self.names[name] = item
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                if not isinstance(item, tuple) or len(item) != len(elements):
                    raise self.error(target, f"{len(elements)} names for {describe(item)}")
                for element, part in zip(elements, item, strict=True):
                    self.assign(element, part)
            case ast.Subscript(value=owner, slice=index):
                view = self.view(self.expression(owner), index, target)
                if view.shape:
                    raise self.error(target, "a single element is assigned at a time; index every axis")
                kind = type_of(item)
                if not isinstance(kind, NumberType):
                    raise self.error(target, f"{describe(item)} cannot be an element")
                if not is_same_kind(kind, view.element):
                    raise self.error(
                        target,
                        f"{kind} is not stored as {view.element} without a conversion, as in np.{view.element}(x)",
                    )
                self.store(view, item, target)
            case _:
                raise self.error(target, f"assignment to {type(target).__name__} is outside the language")

    def augment(self, target: ast.expr, kind: ast.operator, value: ast.expr, node: ast.stmt) -> None:
        if isinstance(target, ast.Name):
            self.names[target.id] = self.operator(kind, self.name(target.id, node), self.expression(value), node)
            return
        if not isinstance(target, ast.Subscript):
            raise self.error(node, "names and elements are changed in place, nothing else")
        view = self.view(self.expression(target.value), target.slice, target)
        if view.shape:
            raise self.error(target, "a single element is assigned at a time; index every axis")
        result = self.operator(kind, self.load(view, target), self.expression(value), node)
        if not is_same_kind(type_of(result), view.element):
            raise self.error(node, f"the result, a {describe(result)}, is not stored as {view.element}")
        self.store(view, result, node)

    def assertion(self, test: ast.expr, message: ast.expr | None, node: ast.stmt) -> None:
        item = self.expression(test)
        text = str(self.known(self.expression(message), message)) if message else ""
        if isinstance(item, Scalar):
            self.fail_if(
                self.builder.unary("not", self.truth(item, test), self.location(node)), AssertionError, text, node
            )
        elif not item:
            self.fail(AssertionError, text, node)

    def raising(self, error: ast.expr | None, node: ast.stmt) -> None:
        arguments: tuple[Any, ...] = ()
        kind = error
        if isinstance(error, ast.Call) and not error.keywords:
            arguments = tuple(self.known(self.expression(argument), argument) for argument in error.args)
            kind = error.func
        found = self.expression(kind) if kind is not None else None
        if not (isinstance(found, type) and issubclass(found, Exception)) or len(arguments) > 1:
            raise self.error(node, "raise takes a built-in exception with one constant text")
        self.fail(found, str(arguments[0]) if arguments else "", node)

    def fail(self, error: type[Exception], text: str, node: ast.AST) -> None:
        self.builder.emit("fail", [], [], self.location(node), code=self.session.failures.code(error, text))

    # -- types and values of whole items --------------------------------------------------------------------------

    def shaped(self, item: Any, to: Any, node: ast.AST) -> list[Value]:
        """The values of an item as a type (of `type_of`) says."""
        if isinstance(to, NumberType):
            if to.kind in "iu" and not to.weak and not self.declared:
                self.check_range(item, to, node)
            return list(self.convert(item, to, node).parts)
        if isinstance(to, tuple):
            return [value for part, kind in zip(item, to, strict=True) for value in self.shaped(part, kind, node)]
        return []

    def built(self, to: Any, values: list[Value]) -> Any:
        """The item of a type that values make up; takes them from the front of the list."""
        if isinstance(to, NumberType):
            parts, values[: len(to.parts)] = tuple(values[: len(to.parts)]), []
            return Scalar(to, parts)
        if isinstance(to, tuple):
            return tuple(self.built(kind, values) for kind in to)
        return to

    def joined(self, types: list[Any], name: str, node: ast.AST) -> Any:
        """The type that holds all of some types."""
        result = types[0]
        for kind in types[1:]:
            try:
                result = join(result, kind)
            except TypeError:
                raise self.error(node, f"{name} is {_kind(result)} here and {_kind(kind)} there") from None
        return result

    # -- branches -------------------------------------------------------------------------------------------------

    def conditional(self, node: ast.If) -> bool:
        condition = self.condition(node.test)
        if isinstance(condition, bool):
            return self.block(node.body if condition else node.orelse)
        sides = [self.side(lambda body=body: self.block(body)) for body in (node.body, node.orelse)]
        return self.merge(condition, sides, node)

    def condition(self, node: ast.expr) -> Value | bool:
        item = self.expression(node)
        if isinstance(item, Scalar):
            return self.truth(item, node)
        if isinstance(item, Array):
            raise self.error(node, "an array has no truth value; index it")
        return bool(item)

    def side(self, read: Callable[[], Any]) -> tuple[Region, dict[str, Any], Any]:
        """Read one branch: its region, the names after it, and what `read` gave."""
        outer, before = self.builder, self.names
        region = Region()
        self.builder, self.names = Builder(region), dict(before)
        result = read()
        names = self.names
        self.builder, self.names = outer, before
        return region, names, result

    def merge(self, condition: Value, sides: list[tuple[Region, dict[str, Any], Any]], node: ast.AST) -> bool:
        """Append an ``if`` of two branches that were read; its names are those of the branches that go on."""
        at = self.location(node)
        regions = [region for region, _, _ in sides]
        going_on = [(region, names) for region, names, left in sides if not left]
        operation = self.builder.emit("if", [condition], [], at, regions, mode="branch")
        if not going_on:
            return True
        self.merge_names(operation, going_on, at, node)
        return False

    def merge_names(
        self, operation: Operation, sides: list[tuple[Region, dict[str, Any]]], at: Location, node: ast.AST
    ) -> None:
        before = self.names
        changed = dict.fromkeys(
            name for _, names in sides for name, item in names.items() if before.get(name, MISSING) is not item
        )
        for name in changed:
            items = [names.get(name, Unbound(at)) for _, names in sides]
            unbound = next((item for item in items if isinstance(item, Unbound)), None)
            if unbound is not None:
                before[name] = unbound
                continue
            if all(not _is_dynamic(item) for item in items) and all(_same(items[0], item) for item in items[1:]):
                before[name] = items[0]
                continue
            if any(_is_array(item) for item in items):
                if all(item is items[0] for item in items):
                    before[name] = items[0]
                    continue
                raise self.error(node, f"{name!r} is another array in each branch; index it inside")
            before[name] = self.merged(operation, [region for region, _ in sides], items, repr(name), node)

    def merged(self, operation: Operation, regions: list[Region], items: list[Any], name: str, node: ast.AST) -> Any:
        """One item for what branches left different; appends results to the ``if``."""
        to = self.joined([type_of(item) for item in items], name, node)
        outer = self.builder
        for region, item in zip(regions, items, strict=True):
            self.builder = Builder(region)
            region.results += self.shaped(item, to, node)
        self.builder = outer
        kinds = [value.type for value in regions[0].results[len(operation.results) :]]
        operation.results += [Value(kind, operation) for kind in kinds]
        return self.built(to, operation.results[len(operation.results) - len(kinds) :])

    def choose(self, condition: Value, reads: list[Callable[[], Any]], node: ast.AST) -> Any:
        """The item that one of two expressions gives; only that one is computed."""
        sides = [self.side(read) for read in reads]
        regions = [region for region, _, _ in sides]
        operation = self.builder.emit("if", [condition], [], self.location(node), regions, mode="branch")
        return self.merged(operation, regions, [item for _, _, item in sides], "the value", node)

    # -- loops ----------------------------------------------------------------------------------------------------

    def while_loop(self, node: ast.While) -> bool:
        if node.orelse:
            raise self.error(node, "while ... else is outside the language")
        self.loop(node, node.body, [], lambda _: self.condition(node.test), lambda _: None, list)
        if not (isinstance(node.test, ast.Constant) and node.test.value) or _breaks(node.body):
            return False
        if not any(isinstance(inner, (ast.Return, ast.Raise)) for inner in ast.walk(node)):
            raise self.error(node, "this loop never ends")
        # What leaves the function ends it; nobody comes here, with whatever values.
        if self.result is MISSING:
            self.leave(None, node)
        else:
            self.builder.emit("return", self.dummies(self.result, node), [], self.location(node))
        return True

    def for_loop(self, node: ast.For) -> bool:
        if node.orelse:
            raise self.error(node, "for ... else is outside the language")
        if isinstance(node.iter, ast.Call) and self.callee(node.iter.func) is range:
            self.range_loop(node, node.iter)
            return False
        item = self.expression(node.iter)
        if isinstance(item, tuple):
            return self.unrolled(node, item)
        if isinstance(item, Array) and len(item.shape) == 1:
            at = self.location(node)
            zero, one = (self.builder.constant(value, i64, at) for value in (0, 1))
            self.counted(node, zero, item.shape[0], one, 1, True, item)
            return False
        raise self.error(
            node.iter, f"for runs over range(...), tuples and one-dimensional arrays, not {describe(item)}"
        )

    def unrolled(self, node: ast.For, items: tuple[Any, ...]) -> bool:
        for inner in ast.walk(node):
            if isinstance(inner, (ast.Break, ast.Continue)):
                raise self.error(inner, "break and continue are for loops at run time; this one is over a tuple")
        for item in items:
            self.assign(node.target, item)
            if self.block(node.body):
                return True
        return False

    def range_loop(self, node: ast.For, call: ast.Call) -> None:
        if call.keywords or not 1 <= len(call.args) <= 3:
            raise self.error(call, "range takes one to three integers")
        items = [self.expression(argument) for argument in call.args]
        start, stop, step = (0, items[0], 1) if len(items) == 1 else (items[0], items[1], [*items, 1][2])
        if step == 0 and not isinstance(step, Scalar):
            raise self.error(call, "the step of a range is not zero")
        first, last, stride = (self.integer(item, node) for item in (start, stop, step))
        known = step if type(step) is int else None
        natural = first.natural and known is not None and known > 0
        self.counted(node, first.parts[0], last.parts[0], stride.parts[0], known, natural)

    def counted(
        self, node: ast.For, first: Value, last: Value, step: Value, known: int | None, natural: bool,
        array: Array | None = None,
    ) -> None:  # fmt: skip
        """A loop over ``range(first, last, step)``; ``known`` is the step where it is a constant."""
        at = self.location(node)

        def test(values: list[Value]) -> Value:
            up = self.builder.binary("lt", values[0], last, at)
            if known is not None and known > 0:
                return up
            down = self.builder.binary("lt", last, values[0], at)
            if known is not None:
                return down
            rising = self.builder.binary("lt", self.builder.constant(0, i64, at), step, at)
            return self.builder.select(rising, up, down, at)

        def start(values: list[Value]) -> None:
            index = Scalar(PY_INT, (values[0],), natural)
            if array is not None:
                self.assign(node.target, self.load(self.element(array, (index,), False, node), node))
            else:
                self.assign(node.target, index)

        def advance(values: list[Value]) -> list[Value]:
            return [self.builder.binary("add", values[0], step, at)]

        self.loop(node, node.body, [first], test, start, advance)

    def loop(
        self,
        node: ast.While | ast.For,
        body: list[ast.stmt],
        counters: list[Value],
        test: Callable[[list[Value]], Value | bool],
        start: Callable[[list[Value]], None],
        advance: Callable[[list[Value]], list[Value]],
    ) -> None:
        """A loop that carries counters and every name that it changes; read again until types are settled."""
        before = self.names
        targets = set(_assigned([node])) if isinstance(node, ast.For) else set()
        names = [
            name for name in dict.fromkeys([*_assigned(body), *targets])
            if name in before and not isinstance(before[name], (Unbound, FunctionType, ModuleType))
        ]  # fmt: skip
        types = [type_of(before[name]) for name in names]
        for name, kind in zip(names, types, strict=True):
            if isinstance(kind, Array):
                raise self.error(node, f"{name!r} is an array that changes in the loop; give it another name")
        for _ in range(_MAXIMUM_READINGS):
            length, regions, results = len(self.builder.region.operations), [Region(), Region()], before
            operation, found = self.reading(node, body, counters, names, types, regions, test, start, advance)
            wider = [
                self.joined([kind, *(ends[index] for ends in found)], repr(name), node)
                for index, (name, kind) in enumerate(zip(names, types, strict=True))
            ]
            if wider == types:
                break
            del self.builder.region.operations[length:]
            types = wider
        else:
            raise self.error(node, f"the types of {', '.join(names)} do not settle")
        self.names = results
        values = operation.results[len(counters) :]
        for name, kind in zip(names, types, strict=True):
            self.names[name] = self.built(kind, values)
        for name in {*_assigned(body), *targets} - set(names):
            self.names[name] = Unbound(self.location(node))

    def reading(
        self,
        node: ast.While | ast.For,
        body: list[ast.stmt],
        counters: list[Value],
        names: list[str],
        types: list[Any],
        regions: list[Region],
        test: Callable[[list[Value]], Value | bool],
        start: Callable[[list[Value]], None],
        advance: Callable[[list[Value]], list[Value]],
    ) -> tuple[Operation, list[list[Any]]]:
        """Read a loop with assumed types of its names; gives the types at its ends too."""
        at, before = self.location(node), self.names
        initial = list(counters)
        for name, kind in zip(names, types, strict=True):
            initial += self.shaped(before[name], kind, node)
        kinds = [value.type for value in initial]
        operation = self.builder.emit("loop", initial, kinds, at, regions)
        outer = self.builder
        for region in regions:
            region.parameters = [Value(kind) for kind in kinds]
        count = len(counters)

        def enter(region: Region) -> list[Value]:
            self.builder, self.names = Builder(region), dict(before)
            values = region.parameters[count:]
            for name, kind in zip(names, types, strict=True):
                self.names[name] = self.built(kind, values)
            return region.parameters[:count]

        own = enter(regions[0])
        condition = test(own)
        if isinstance(condition, bool):
            condition = self.builder.constant(condition, bool_, at)
        regions[0].results = [condition]
        own = enter(regions[1])
        loop = _Loop(names, types, lambda: advance(own), lambda: own)
        self.loops.append(loop)
        start(own)
        if not self.block(body):
            regions[1].results = self.turn(loop, loop.advance(), node)
        self.loops.pop()
        self.builder, self.names = outer, before
        return operation, loop.found

    def turn(self, loop: _Loop, values: list[Value], node: ast.AST) -> list[Value]:
        """What a loop carries from here, in the assumed types; the types that are here are noted."""
        items = []
        for name in loop.names:
            item = self.names[name]
            if isinstance(item, Unbound):
                raise self.error(node, f"{name!r} is only defined on one way through the loop")
            items.append(item)
        found = [type_of(item) for item in items]
        loop.found.append(found)
        for item, kind, own in zip(items, loop.types, found, strict=True):
            try:
                fits = join(kind, own) == kind
            except TypeError:
                fits = False
            values += self.shaped(item, kind, node) if fits else self.dummies(kind, node)
        return values

    def dummies(self, kind: Any, node: ast.AST) -> list[Value]:
        """Values of a type that do not count, because the loop is read again."""
        if isinstance(kind, tuple):
            return [value for part in kind for value in self.dummies(part, node)]
        if not isinstance(kind, NumberType):
            return []
        return [self.builder.constant(0, part, self.location(node)) for part in kind.parts]

    def end_turn(self, node: ast.Break | ast.Continue) -> None:
        loop = self.loops[-1]
        goes_on = isinstance(node, ast.Continue)
        values = self.turn(loop, loop.advance() if goes_on else list(loop.current()), node)
        self.builder.emit("continue" if goes_on else "break", values, [], self.location(node))

    # -- results --------------------------------------------------------------------------------------------------

    def leave(self, item: Any, node: ast.AST) -> None:
        """Return an item."""
        kind = type_of(item)
        for part in _leaves_of(kind):
            if part is not None and not isinstance(part, NumberType):
                raise self.error(node, f"numbers and tuples of them are returned, not {describe(part)}")
        self.returned.append(kind)
        if self.result is MISSING:
            self.result = kind
        if self.declared and not _same_shape(self.result, kind):
            raise self.error(node, f"{_kind(kind)} is returned, {_kind(self.result)} is declared")
        try:
            fits = self.declared or join(self.result, kind) == self.result
        except TypeError:
            raise self.error(node, f"{_kind(kind)} is returned here and {_kind(self.result)} elsewhere") from None
        values = self.shaped(item, self.result, node) if fits else self.dummies(self.result, node)
        self.builder.emit("return", values, [], self.location(node))

    def finish(self, left: bool, node: ast.FunctionDef) -> Function:
        """The function that was read."""
        if not left:
            self.leave(None, node)
        operations = self.body.operations
        last = operations[-1] if operations else None
        if last is not None and last.name == "return":
            operations.pop()
            self.body.results = last.operands
        returns = [part for kind in _leaves_of(self.result) if kind is not None for part in kind.parts]
        return Function(self.source.name, self.body, self.location(node), list(returns))


def _breaks(body: list[ast.stmt]) -> bool:
    """Whether the loop of a body may be left by ``break``."""
    return any(
        isinstance(statement, ast.Break)
        or (isinstance(statement, ast.If) and (_breaks(statement.body) or _breaks(statement.orelse)))
        for statement in body
    )


def _leaves_of(kind: Any) -> list[Any]:
    return [leaf for part in kind for leaf in _leaves_of(part)] if isinstance(kind, tuple) else [kind]


def _same_shape(x: Any, y: Any) -> bool:
    """Whether two types are the same but for their numbers."""
    if isinstance(x, tuple) and isinstance(y, tuple):
        return len(x) == len(y) and all(map(_same_shape, x, y))
    return isinstance(x, NumberType) == isinstance(y, NumberType) and isinstance(x, tuple) == isinstance(y, tuple)


def _is_dynamic(item: Any) -> bool:
    return isinstance(item, (Scalar, Array)) or (isinstance(item, tuple) and any(map(_is_dynamic, item)))


def _is_array(item: Any) -> bool:
    return isinstance(item, Array) or (isinstance(item, tuple) and any(map(_is_array, item)))


def _same(x: Any, y: Any) -> bool:
    return x is y or (type(x) is type(y) and repr(x) == repr(y) and of_python(x) is not None)


def _kind(kind: Any) -> str:
    if isinstance(kind, tuple):
        return "a tuple of " + ", ".join(map(_kind, kind))
    return str(kind) if isinstance(kind, NumberType) else describe(kind)


# -- entry points -----------------------------------------------------------------------------------------------------


def read_function(source: Source, arguments: list[Any], session: Session, declared: Any = MISSING) -> Compiled:
    """IR of a function for arguments that are types, or constants; results are converted to ``declared``."""
    names = source.parameters
    if len(names) != len(arguments):
        message = f"{source.name!r} takes {len(names)} arguments, {len(arguments)} given"
        raise KernelError(message, source.at(source.tree))
    assumed = declared
    for _ in range(_MAXIMUM_READINGS):
        frame = UserFrame(source, session, assumed, declared=declared is not MISSING)
        for index, (name, argument) in enumerate(zip(names, arguments, strict=True)):
            frame.names[name] = frame.parameter(argument, index, source.tree)
        function = frame.finish(frame.block(source.tree.body), source.tree)
        if declared is not MISSING:
            verify(function)
            return Compiled(function, declared, frozenset(frame.stores))
        wanted = frame.joined([frame.result, *frame.returned], "the result", source.tree)
        if wanted == frame.result:
            verify(function)
            return Compiled(function, wanted, frozenset(frame.stores))
        assumed = wanted
    raise KernelError(f"the type of what {source.name!r} returns does not settle", source.at(source.tree))


def as_source(given: Source | FunctionType | str, names: dict[str, Any] | None = None) -> Source:
    """The source of a function, given as one, or as text with the meaning of its free names."""
    if isinstance(given, Source):
        return given
    if isinstance(given, str):
        return source_from_text(given, names or {})
    return source_of(given)


def compile_function(
    source: Source | FunctionType | str,
    arguments: list[ParameterType],
    *,
    result: Any = MISSING,
    checked: bool = False,
    python_errors: bool = True,
) -> tuple[Compiled, Failures]:
    """The simplified IR of a user function.

    Parameters
    ----------
    source : Source, function or str
    arguments : list of NumberType, ArrayType and tuples of them
        An array becomes its address, its shape, and, if not contiguous, its strides in bytes, all i64. Complex numbers
        are two values.
    result : None, NumberType or tuple, optional
        What to convert the results to.
    checked : bool
        Whether indices out of bounds fail.
    python_errors : bool
        Whether zero divisors of Python numbers fail, as in Python, or give what NumPy gives.

    Returns
    -------
    compiled : Compiled
    failures : Failures
        The errors that the function may fail with.

    Raises
    ------
    KernelError
        With file and line.
    """
    session = Session(checked=checked, python_errors=python_errors)
    found = read_function(as_source(source), list(arguments), session, result)
    simplify(found.function)
    return found, session.failures


def compile_elementwise(
    source: Source | FunctionType | str,
    arguments: list[NumberType],
    results: list[NumberType] | None = None,
    *,
    narrow: bool = False,
) -> tuple[Function, list[NumberType]]:
    """A kernel, simplified and without early exits, of one element; and the types of its results.

    Parameters
    ----------
    source : Source, function or str
    arguments : list of NumberType
    results : list of NumberType, optional
        What to convert the results to.
    narrow : bool
        For targets without 64-bit types: Python's numbers are int32, float32 and complex64, and nothing is flagged.

    Raises
    ------
    KernelError
        With file and line, for anything outside the language, and for functions that may fail.
    """
    source = as_source(source)
    session = Session(python_errors=False, elementwise=True, narrow=narrow)
    # Python's integers have 64 bits, in whatever the operands hold them.
    read = [PY_INT if kind.weak and kind.kind == "i" else kind for kind in arguments]
    found = read_function(source, list(read), session)
    at = source.at(source.tree)
    kinds = _leaves_of(found.result)
    if None in kinds:
        raise KernelError(f"{source.name!r} returns nothing on some way through it", at)
    if results is not None and len(results) != len(kinds):
        raise KernelError(f"{source.name!r} gives {len(kinds)} results, {len(results)} are declared", at)
    body = Region([Value(kind.ir_type) for kind in arguments])
    frame = UserFrame(source, session)
    frame.builder = builder = Builder(body)
    values: list[Value] = []
    for parameter, kind, wide in zip(body.parameters, arguments, read, strict=True):
        if kind.kind == "c":
            values += [
                builder.emit("field", [parameter], [part], at, index=index).result
                for index, part in enumerate(kind.parts)
            ]
        else:
            values.append(builder.convert(parameter, wide.parts[0], at))
    given = inline(builder, lower_exits(found.function), values)
    final = [kind.strong for kind in kinds] if results is None else results
    for kind, to in zip(kinds, final, strict=True):
        item = frame.convert(frame.built(kind, given), to, source.tree)
        value = item.parts[0] if to.kind != "c" else builder.emit("make", list(item.parts), [to.ir_type], at).result
        body.results.append(value)
    function = simplify(Function(source.name, body, at), verified=False)
    if narrow:
        return narrowed(function), [kind.narrow for kind in final]
    return function, final


def count_results(source: Source) -> int:
    """How many results a function gives, as its ``return`` statements show; 1 where they show none."""
    counts = [
        (len(node.value.elts) if isinstance(node.value, ast.Tuple) else 1, node)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Return)
    ]
    for count, node in counts:
        if count != counts[0][0]:
            raise KernelError(f"{count} results are returned here and {counts[0][0]} elsewhere", source.at(node))
    return counts[0][0] if counts else 1


def is_inlined(function: Function, session: Session) -> bool:
    """Whether a callee becomes part of its callers: without effects on memory and failures.

    Loops that are left early stay functions where that can be: inlined, they would carry how they were left.
    """
    operations = list(walk(function.body))
    if any(operation.name in ("load", "store", "fail", "call") for operation in operations):
        return False
    loops = [operation for operation in operations if operation.name == "loop"]
    return session.elementwise or not any(inner.name in LEAVING for loop in loops for inner in walk(loop.regions[1]))
