"""Python functions to IR.

A kernel describes one element. Names known when it is compiled (types, Python numbers, tuples, functions) are *static*:
arithmetic on them, ``if`` and conditional expressions over them, ``for`` over them and calls of plain Python functions
are resolved here. Everything else becomes IR. The language has assignments (also to tuples), ``if``, ``while``,
``return``, arithmetic, comparisons, ``and``/``or``/``not`` on bools without short cut, ``type(x)`` conversions,
``.real``/``.imag``, struct construction, and the words of :mod:`.intrinsics`.

``+ - * /`` work on floats, ``+ - *  & | ^ ~ << >>`` on integers (wrapping). A Python number takes the type of the other
operand; nothing else converts by itself.
"""

from __future__ import annotations

import ast
import inspect
import operator
import textwrap
from types import FunctionType
from typing import Any

from . import intrinsics
from .builder import Builder
from .intrinsics import INTRINSICS
from .ir import FLAG_KINDS, Function, KernelError, Location, Operation, Region, Table, Value, verify
from .typesystem import ScalarType, StructType, Type, bool_

_OPERATORS: dict[type[ast.operator], tuple[str, Any]] = {
    ast.Add: ("add", operator.add),
    ast.Sub: ("sub", operator.sub),
    ast.Mult: ("mul", operator.mul),
    ast.Div: ("div", operator.truediv),
    ast.BitAnd: ("and", operator.and_),
    ast.BitOr: ("or", operator.or_),
    ast.BitXor: ("xor", operator.xor),
    ast.LShift: ("shl", operator.lshift),
    ast.RShift: ("shr", operator.rshift),
}
_STATIC_OPERATORS: dict[type[ast.operator], Any] = {
    **{kind: function for kind, (_, function) in _OPERATORS.items()},
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_COMPARISONS: dict[type[ast.cmpop], tuple[str, bool, Any]] = {
    ast.Eq: ("eq", False, operator.eq),
    ast.NotEq: ("ne", False, operator.ne),
    ast.Lt: ("lt", False, operator.lt),
    ast.LtE: ("le", False, operator.le),
    ast.Gt: ("lt", True, operator.gt),
    ast.GtE: ("le", True, operator.ge),
}
_STATIC_CALLS = {len, range, zip, reversed, enumerate, tuple, min, max, float, int, abs, float.fromhex}
_MAXIMUM_INLINING = 32


class _Returned:
    """What a function body returned, once it has."""

    def __init__(self, value: Any) -> None:
        self.value = value


class _Undefined:
    def __init__(self, location: Location) -> None:
        self.location = location


_parsed: dict[FunctionType, tuple[ast.FunctionDef, str, int]] = {}


def _parse(function: FunctionType) -> tuple[ast.FunctionDef, str, int]:
    if function not in _parsed:
        code = function.__code__
        try:
            lines, first = inspect.getsourcelines(function)
        except OSError as error:
            raise KernelError(f"the source of {function.__name__!r} is not available: {error}") from error
        tree = ast.parse(textwrap.dedent("".join(lines))).body[0]
        if not isinstance(tree, ast.FunctionDef):
            raise KernelError("a kernel is a function written with def", Location(code.co_filename, first))
        _parsed[function] = (tree, code.co_filename, first - 1)
    return _parsed[function]


class _Frame:
    """One function being read: its names, and where its source is."""

    def __init__(self, function: FunctionType, builder: Builder, depth: int) -> None:
        self.function = function
        self.tree, self.file, self.offset = _parse(function)
        self.names: dict[str, Any] = {}
        self.builder = builder
        self.depth = depth
        self.dynamic = 0  # nesting in loops, out of which no return is possible

    # -- places, errors, conversions ------------------------------------------------------------------------------

    def at(self, node: ast.AST) -> Location:
        return Location(self.file, getattr(node, "lineno", 1) + self.offset)

    def fail(self, node: ast.AST, message: str) -> KernelError:
        return KernelError(message, self.at(node))

    def as_value(self, item: Any, to: Type | None, node: ast.AST) -> Value:
        """An IR value for ``item``; a Python number becomes a constant of type ``to``."""
        if isinstance(item, Value):
            if to is not None and item.type != to:
                raise self.fail(node, f"expected {to}, found {item.type}; convert it, as in {to}(...)")
            return item
        if isinstance(item, _Undefined):
            raise self.fail(node, "a name is used that only one branch defines")
        if isinstance(item, (bool, int, float)):
            if to is None:
                if isinstance(item, bool):
                    to = bool_
                else:
                    raise self.fail(node, f"the number {item!r} needs a type here, as in f64({item!r})")
            return self.builder.constant(item, to, self.at(node))
        raise self.fail(node, f"{item!r} is not a value of the kernel language")

    def pair(self, x: Any, y: Any, node: ast.AST) -> tuple[Value, Value]:
        """Two operands of one type."""
        if isinstance(x, Value):
            return x, self.as_value(y, x.type, node)
        second = self.as_value(y, None, node)
        return self.as_value(x, second.type, node), second

    # -- statements -----------------------------------------------------------------------------------------------

    def block(self, statements: list[ast.stmt]) -> _Returned | None:
        for index, statement in enumerate(statements):
            if isinstance(statement, ast.Return):
                if self.dynamic:
                    raise self.fail(statement, "return inside while is outside the kernel language")
                return _Returned(None if statement.value is None else self.expression(statement.value))
            if isinstance(statement, ast.If):
                done, returned = self.conditional(statement, statements[index + 1 :])
                if done:
                    return returned
            elif isinstance(statement, ast.For):
                returned = self.unrolled(statement)
                if returned:
                    return returned
            else:
                self.statement(statement)
        return None

    def statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Assign(targets=[target], value=value):
                self.assign(target, self.expression(value))
            case ast.AugAssign(target=ast.Name(id=name), op=kind, value=value):
                left = self.name(name, node)
                self.names[name] = self.binary(kind, left, self.expression(value), node)
            case ast.While():
                self.loop(node)
            case ast.Expr(value=ast.Constant(value=str())) | ast.Pass():
                pass
            case ast.Expr(value=ast.Call() as call):
                self.expression(call)
            case ast.Assert(test=test, msg=message):
                if not self.static(self.expression(test), test):
                    text = self.static(self.expression(message), node) if message else "assertion failed"
                    raise self.fail(node, str(text))
            case _:
                raise self.fail(node, f"{type(node).__name__} is outside the kernel language")

    def assign(self, target: ast.expr, item: Any) -> None:
        match target:
            case ast.Name(id=name):
                self.names[name] = item
            case ast.Tuple(elts=elements):
                if not isinstance(item, tuple) or len(item) != len(elements):
                    raise self.fail(target, f"{len(elements)} names for {item!r}")
                for element, part in zip(elements, item, strict=True):
                    self.assign(element, part)
            case _:
                raise self.fail(target, f"assignment to {type(target).__name__} is outside the kernel language")

    def static(self, item: Any, node: ast.AST) -> Any:
        if _has_value(item):
            raise self.fail(node, "this must be known when the kernel is compiled")
        return item

    def unrolled(self, node: ast.For) -> _Returned | None:
        if node.orelse:
            raise self.fail(node, "for ... else is outside the kernel language")
        items = self.expression(node.iter)
        if isinstance(items, Value):
            raise self.fail(node, "for runs over what is known when the kernel is compiled; use while")
        for item in items:
            self.assign(node.target, item)
            returned = self.block(node.body)
            if returned:
                return returned
        return None

    def conditional(self, node: ast.If, rest: list[ast.stmt]) -> tuple[bool, _Returned | None]:
        """An ``if`` statement. True first: the statements in ``rest`` were taken care of."""
        condition, mode = self.condition(node.test)
        if condition is True and mode == "each_lane":
            condition = self.as_value(condition, bool_, node.test)
        if not isinstance(condition, Value):
            returned = self.block(node.body if condition else node.orelse)
            return returned is not None, returned
        if condition.type != bool_:
            raise self.fail(node.test, f"a condition is a bool, not {condition.type}")
        returns = _ends_with_return(node.body), _ends_with_return(node.orelse)
        bodies = [node.body, node.orelse]
        if any(returns):
            # What follows belongs to the branch that goes on.
            bodies = [body if ends else [*body, *rest] for body, ends in zip(bodies, returns, strict=True)]
        outer, before = self.builder, self.names
        branches: list[tuple[Region, dict[str, Any], _Returned | None]] = []
        for body in bodies:
            region = Region()
            self.builder, self.names = Builder(region), dict(before)
            returned = self.block(body)
            branches.append((region, self.names, returned))
        self.names = before
        (then, then_names, then_returned), (other, other_names, other_returned) = branches
        if any(returns) or then_returned or other_returned:
            if not (then_returned and other_returned):
                raise self.fail(node, "one branch returns a value, the other does not")
            merged = [("return", then_returned.value, other_returned.value)]
        else:
            names = list(dict.fromkeys([*then_names, *other_names]))
            merged = [
                (
                    name,
                    then_names.get(name, _Undefined(self.at(node))),
                    other_names.get(name, _Undefined(self.at(node))),
                )
                for name in names
                if then_names.get(name) is not other_names.get(name)
            ]
        operation = outer.emit("if", [condition], [], self.at(node), [then, other], mode=mode)
        results = {}
        for name, left, right in merged:
            results[name] = self.merge(name, left, right, operation, outer, node)
        self.builder = outer
        if any(returns) or then_returned:
            return True, _Returned(results["return"])
        self.names.update(results)
        return False, None

    def merge(self, name: str, left: Any, right: Any, operation: Operation, outer: Builder, node: ast.AST) -> Any:
        """The value after an ``if`` of something that its branches leave different."""
        if isinstance(left, _Undefined) or isinstance(right, _Undefined):
            return _Undefined(self.at(node))
        if isinstance(left, tuple) and isinstance(right, tuple) and len(left) == len(right):
            return tuple(self.merge(name, x, y, operation, outer, node) for x, y in zip(left, right, strict=True))
        if not isinstance(left, Value) and not isinstance(right, Value):
            if left is right or (type(left) is type(right) and left == right):
                return left
            if not (isinstance(left, bool) and isinstance(right, bool)):
                raise self.fail(node, f"{name!r} is {left!r} or {right!r}: give it a type, as in f64({left!r})")
        wanted = left.type if isinstance(left, Value) else right.type if isinstance(right, Value) else bool_
        then, other = operation.regions
        self.builder = Builder(then)
        left_value = self.as_value(left, wanted, node)
        self.builder = Builder(other)
        right_value = self.as_value(right, wanted, node)
        if not isinstance(wanted, StructType):
            then.results.append(left_value)
            other.results.append(right_value)
            operation.results.append(Value(wanted, operation))
            return operation.results[-1]
        for index, (_, scalar) in enumerate(wanted.fields):
            for region, value in ((then, left_value), (other, right_value)):
                part = Builder(region).emit("field", [value], [scalar], self.at(node), index=index).result
                region.results.append(part)
            operation.results.append(Value(scalar, operation))
        parts = operation.results[-len(wanted.fields) :]
        return outer.emit("make", parts, [wanted], self.at(node)).result

    def condition(self, node: ast.expr) -> tuple[Any, str]:
        """A condition, and how vector code should treat the branch."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1:
            function = self.name(node.func.id, node)
            if function is intrinsics.any_lane or function is intrinsics.each_lane:
                return self.expression(node.args[0]), function.__name__
        return self.expression(node), "branch"

    def loop(self, node: ast.While) -> None:
        if node.orelse:
            raise self.fail(node, "while ... else is outside the kernel language")
        assigned = [name for name in _assigned(node.body) if name in self.names]
        carried = []
        for name in assigned:
            item = self.names[name]
            if not isinstance(item, Value) or isinstance(item.type, StructType):
                raise self.fail(node, f"{name!r} changes in the loop: give it a scalar type before, as in i32(0)")
            carried.append(item)
        outer, before = self.builder, dict(self.names)
        regions = [Region([Value(item.type) for item in carried]) for _ in range(2)]
        operation = outer.emit("loop", carried, [item.type for item in carried], self.at(node), regions)
        self.dynamic += 1
        test, body = regions
        self.builder, self.names = Builder(test), before | dict(zip(assigned, test.parameters, strict=True))
        test.results = [self.as_value(self.expression(node.test), bool_, node.test)]
        self.builder, self.names = Builder(body), before | dict(zip(assigned, body.parameters, strict=True))
        self.block(node.body)
        body.results = [
            self.as_value(self.names[name], item.type, node) for name, item in zip(assigned, carried, strict=True)
        ]
        self.dynamic -= 1
        self.builder, self.names = outer, before | dict(zip(assigned, operation.results, strict=True))

    # -- expressions ----------------------------------------------------------------------------------------------

    def name(self, name: str, node: ast.AST) -> Any:
        if name in self.names:
            return self.settle(self.names[name], node, name)
        function = self.function
        if name in function.__code__.co_freevars and function.__closure__:
            return function.__closure__[function.__code__.co_freevars.index(name)].cell_contents
        if name in function.__globals__:
            return function.__globals__[name]
        builtin = function.__globals__.get("__builtins__", {})
        found = builtin.get(name) if isinstance(builtin, dict) else getattr(builtin, name, None)
        if found is None:
            raise self.fail(node, f"{name!r} is not defined")
        return found

    def settle(self, item: Any, node: ast.AST, name: str) -> Any:
        if isinstance(item, _Undefined):
            raise self.fail(node, f"{name!r} is only defined in one branch of the if at {item.location}")
        return item

    def expression(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Name(id=name):
                return self.name(name, node)
            case ast.Tuple(elts=elements):
                return tuple(self.expression(element) for element in elements)
            case ast.BinOp(left=left, op=kind, right=right):
                return self.binary(kind, self.expression(left), self.expression(right), node)
            case ast.UnaryOp(op=kind, operand=operand):
                return self.unary(kind, self.expression(operand), node)
            case ast.BoolOp(op=kind, values=values):
                items = [self.expression(values[0])]
                for value in values[1:]:
                    if not isinstance(items[-1], Value) and bool(items[-1]) == isinstance(kind, ast.Or):
                        return items[-1]  # static short cut
                    items.append(self.expression(value))
                return self.boolean("or" if isinstance(kind, ast.Or) else "and", items, node)
            case ast.Compare(left=left, ops=kinds, comparators=rights):
                items = [self.expression(item) for item in (left, *rights)]
                tests = [self.compare(kind, items[i], items[i + 1], node) for i, kind in enumerate(kinds)]
                return tests[0] if len(tests) == 1 else self.boolean("and", tests, node)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                condition = self.expression(test)
                if not isinstance(condition, Value):
                    return self.expression(body if condition else orelse)
                return self.call_select([condition, self.expression(body), self.expression(orelse)], node)
            case ast.Attribute(value=owner, attr=attribute):
                return self.attribute(self.expression(owner), attribute, node)
            case ast.Subscript(value=owner, slice=index):
                return self.subscript(node, self.expression(owner), index)
            case ast.Call():
                return self.call(node)
            case _:
                raise self.fail(node, f"{type(node).__name__} is outside the kernel language")

    def attribute(self, owner: Any, attribute: str, node: ast.AST) -> Any:
        if isinstance(owner, Value):
            names = [name for name, _ in owner.type.fields] if isinstance(owner.type, StructType) else []
            if attribute not in names:
                raise self.fail(node, f"{owner.type} has no {attribute!r}")
            index = names.index(attribute)
            scalar = owner.type.fields[index][1]  # type: ignore[union-attr]
            return self.builder.emit("field", [owner], [scalar], self.at(node), index=index).result
        if not hasattr(owner, attribute):
            raise self.fail(node, f"{owner!r} has no {attribute!r}")
        return getattr(owner, attribute)

    def subscript(self, node: ast.Subscript, owner: Any, index: ast.expr) -> Any:
        if isinstance(index, ast.Slice):
            bounds = [
                None if part is None else self.expression(part) for part in (index.lower, index.upper, index.step)
            ]
            key: Any = slice(*(self.static(bound, node) for bound in bounds))
        else:
            key = self.static(self.expression(index), node)
        if isinstance(owner, Value):
            raise self.fail(node, "only what is known when the kernel is compiled can be subscripted; see lookup")
        try:
            return owner[key]
        except (IndexError, KeyError, TypeError) as error:
            raise self.fail(node, str(error)) from error

    def binary(self, kind: ast.operator, x: Any, y: Any, node: ast.AST) -> Any:
        if not _has_value(x) and not _has_value(y):
            try:
                return _STATIC_OPERATORS[type(kind)](x, y)
            except (KeyError, TypeError, ArithmeticError, ValueError) as error:
                raise self.fail(node, f"{type(kind).__name__} of {x!r} and {y!r}: {error}") from error
        if type(kind) not in _OPERATORS:
            hint = "; see quotient and modulus" if isinstance(kind, (ast.FloorDiv, ast.Mod)) else ""
            raise self.fail(node, f"{type(kind).__name__} is outside the kernel language{hint}")
        name, _ = _OPERATORS[type(kind)]
        left, right = self.pair(x, y, node)
        allowed = {"f": ("add", "sub", "mul", "div"), "b": ("and", "or", "xor")}
        number = left.type
        if isinstance(number, StructType) or (number.bits == 16 and number.is_float):
            raise self.fail(node, f"{name!r} on {number} is outside the kernel language; work on its parts")
        if name not in allowed.get(number.kind, ("add", "sub", "mul", "and", "or", "xor", "shl", "shr")):
            raise self.fail(node, f"{name!r} on {number} is outside the kernel language")
        return self.builder.binary(name, left, right, self.at(node))

    def unary(self, kind: ast.unaryop, x: Any, node: ast.AST) -> Any:
        if not isinstance(x, Value):
            functions = {
                ast.USub: operator.neg,
                ast.UAdd: operator.pos,
                ast.Invert: operator.invert,
                ast.Not: operator.not_,
            }
            return functions[type(kind)](x)
        numeric = isinstance(x.type, ScalarType) and x.type.kind in "iuf"
        if isinstance(kind, ast.USub) and numeric:
            return self.builder.unary("neg", x, self.at(node))
        if (isinstance(kind, ast.Not) and x.type == bool_) or (isinstance(kind, ast.Invert) and x.type.kind in "iub"):  # type: ignore[union-attr]
            return self.builder.unary("not", x, self.at(node))
        raise self.fail(node, f"{type(kind).__name__} on {x.type} is outside the kernel language")

    def boolean(self, name: str, items: list[Any], node: ast.AST) -> Any:
        result = items[0]
        for item in items[1:]:
            if not isinstance(result, Value) and not isinstance(item, Value):
                result = (result and item) if name == "and" else (result or item)
            else:
                left, right = self.as_value(result, bool_, node), self.as_value(item, bool_, node)
                result = self.builder.binary(name, left, right, self.at(node))
        return result

    def compare(self, kind: ast.cmpop, x: Any, y: Any, node: ast.AST) -> Any:
        if isinstance(kind, (ast.Is, ast.IsNot, ast.In, ast.NotIn)):
            self.static(x, node), self.static(y, node)
            found = x is y if isinstance(kind, (ast.Is, ast.IsNot)) else x in y
            return found != isinstance(kind, (ast.IsNot, ast.NotIn))
        name, swapped, function = _COMPARISONS[type(kind)]
        if not _has_value(x) and not _has_value(y):
            return function(x, y)
        left, right = self.pair(x, y, node)
        if isinstance(left.type, StructType):
            raise self.fail(node, f"comparison of {left.type} is outside the kernel language; compare its parts")
        return self.builder.binary(name, *((right, left) if swapped else (left, right)), self.at(node))

    # -- calls ----------------------------------------------------------------------------------------------------

    def call(self, node: ast.Call) -> Any:
        if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
            raise self.fail(node, "keyword and starred arguments are outside the kernel language")
        function = self.expression(node.func)
        arguments = [self.expression(argument) for argument in node.args]
        if isinstance(function, (ScalarType, StructType)):
            return self.construct(function, arguments, node)
        if function in INTRINSICS:
            return self.intrinsic(INTRINSICS[function], arguments, node)
        if isinstance(function, FunctionType):
            return self.inline(function, arguments, node)
        if function in _STATIC_CALLS:
            items = function(*(self.static(argument, node) for argument in arguments))
            return tuple(items) if function in (range, zip, reversed, enumerate) else items
        raise self.fail(node, f"{function!r} cannot be called in the kernel language")

    def construct(self, to: Type, arguments: list[Any], node: ast.AST) -> Value:
        if isinstance(to, StructType):
            if len(arguments) != len(to.fields):
                raise self.fail(node, f"{to} takes {len(to.fields)} values")
            parts = [self.as_value(x, scalar, node) for x, (_, scalar) in zip(arguments, to.fields, strict=True)]
            return self.builder.emit("make", parts, [to], self.at(node)).result
        if len(arguments) != 1:
            raise self.fail(node, f"{to} takes one value")
        (item,) = arguments
        if not isinstance(item, Value):
            return self.as_value(item, to, node)
        if isinstance(item.type, StructType):
            raise self.fail(node, f"{item.type} does not convert to {to}; take its parts")
        return self.builder.convert(item, to, self.at(node))

    def inline(self, function: FunctionType, arguments: list[Any], node: ast.AST) -> Any:
        if self.depth >= _MAXIMUM_INLINING:
            raise self.fail(node, f"{function.__name__!r} calls itself; recursion is outside the kernel language")
        frame = _Frame(function, self.builder, self.depth + 1)
        frame.dynamic = 0
        return frame.run(arguments, self, node)

    def run(self, arguments: list[Any], caller: _Frame | None, node: ast.AST) -> Any:
        """The result of the function for these arguments."""
        signature = self.tree.args
        where = caller or self
        if signature.vararg or signature.kwarg or signature.kwonlyargs or signature.defaults:
            raise self.fail(self.tree, "a kernel has plain parameters only")
        names = [argument.arg for argument in (*signature.posonlyargs, *signature.args)]
        if len(names) != len(arguments):
            raise where.fail(node, f"{self.function.__name__!r} takes {len(names)} arguments, {len(arguments)} given")
        self.names = dict(zip(names, arguments, strict=True))
        returned = self.block(self.tree.body)
        return returned.value if returned else None

    def intrinsic(self, name: str, arguments: list[Any], node: ast.AST) -> Any:
        location = self.at(node)
        if name == "typeof":
            (item,) = arguments
            return self.as_value(item, None, node).type
        if name == "select":
            return self.call_select(arguments, node)
        if name == "flag":
            kind, mask = arguments
            if kind not in FLAG_KINDS:
                raise self.fail(node, f"{kind!r} is not a floating-point error: {', '.join(FLAG_KINDS)}")
            mask = self.as_value(mask, bool_, node)
            self.builder.emit("flag", [mask], [], location, kind=kind)
            return None
        if name == "bitcast":
            to, value = arguments
            value = self.as_value(value, None, node)
            if not isinstance(to, ScalarType) or isinstance(value.type, StructType) or to.bits != value.type.bits:
                raise self.fail(node, f"bitcast from {value.type} to {to}: the widths differ")
            return self.builder.bitcast(value, to, location)
        if name == "lookup":
            table, index = arguments
            if not isinstance(table, Table):
                raise self.fail(node, f"lookup takes a Table, not {table!r}")
            index = self.as_value(index, None, node)
            if not isinstance(index.type, ScalarType) or not index.type.is_integer:
                raise self.fail(node, f"a table index is an integer, not {index.type}")
            return self.builder.emit("lookup", [index], [table.element], location, table=table).result
        if name in ("any_lane", "each_lane"):
            raise self.fail(node, f"{name} belongs directly after if")
        return self.arithmetic(name, arguments, node)

    def arithmetic(self, name: str, arguments: list[Any], node: ast.AST) -> Value:
        typed = [item for item in arguments if isinstance(item, Value)]
        if not typed:
            raise self.fail(node, f"{name} needs a value of the kernel language")
        values = [self.as_value(item, typed[0].type, node) for item in arguments]
        number, location = values[0].type, self.at(node)
        kind = number.kind if isinstance(number, ScalarType) else "struct"
        allowed = {"quotient": "iu", "modulus": "iu", "absolute": "fiu"}.get(name, "f")
        wanted = {"fma": 3, "quotient": 2, "modulus": 2}.get(name, 1)
        if kind not in allowed or len(values) != wanted:
            raise self.fail(node, f"{name} of {len(values)} {number} is outside the kernel language")
        if name == "bits":
            return self.builder.bitcast(values[0], number.unsigned, location)  # type: ignore[union-attr]
        if name == "absolute" and kind == "u":
            return values[0]
        renamed = {"absolute": "abs"}.get(name, name)
        result = bool_ if name in ("isfinite", "isnan", "isnormal") else number
        return self.builder.emit(renamed, values, [result], location).result

    def call_select(self, arguments: list[Any], node: ast.AST) -> Any:
        if len(arguments) != 3:
            raise self.fail(node, "select takes a condition and two values")
        condition, x, y = arguments
        if not isinstance(condition, Value):
            return x if condition else y
        condition = self.as_value(condition, bool_, node)
        if isinstance(x, tuple) and isinstance(y, tuple) and len(x) == len(y):
            return tuple(self.call_select([condition, left, right], node) for left, right in zip(x, y, strict=True))
        if isinstance(x, bool) and isinstance(y, bool):
            x = self.as_value(x, bool_, node)
        left, right = self.pair(x, y, node)
        if left.type != right.type:
            raise self.fail(node, f"select between {left.type} and {right.type}")
        if isinstance(left.type, StructType):
            parts = []
            for index, (_, scalar) in enumerate(left.type.fields):
                x, y = (
                    self.builder.emit("field", [v], [scalar], self.at(node), index=index).result for v in (left, right)
                )
                parts.append(self.builder.select(condition, x, y, self.at(node)))
            return self.builder.emit("make", parts, [left.type], self.at(node)).result
        return self.builder.select(condition, left, right, self.at(node))


def _has_value(item: Any) -> bool:
    return isinstance(item, Value) or (isinstance(item, tuple) and any(map(_has_value, item)))


def _ends_with_return(statements: list[ast.stmt]) -> bool:
    if not statements:
        return False
    last = statements[-1]
    if isinstance(last, ast.If):
        return _ends_with_return(last.body) and _ends_with_return(last.orelse)
    return isinstance(last, ast.Return)


def _assigned(statements: list[ast.stmt]) -> list[str]:
    """Names that a block assigns, in order of appearance."""
    found: dict[str, None] = {}
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found[node.id] = None
    return list(found)


def compile_function(function: FunctionType, inputs: list[Type], outputs: list[Type] | None = None) -> Function:
    """The IR of a kernel for operands of given types.

    Parameters
    ----------
    function : function
        A kernel: one element in, one element (or a tuple of them) out.
    inputs : list of Type
        Types of its parameters.
    outputs : list of Type, optional
        Types that its results must have.

    Returns
    -------
    Function
        Unoptimised; see :func:`.passes.simplify`.

    Raises
    ------
    KernelError
        With file and line, for anything outside the language and for wrong types.

    Examples
    --------
    >>> from wasmnp._kernels.language.typesystem import f64
    >>> def twice(x):  # doctest: +SKIP
    ...     return x + x
    >>> compile_function(twice, [f64])  # doctest: +SKIP
    """
    body = Region([Value(value_type) for value_type in inputs])
    frame = _Frame(function, Builder(body), 0)
    location = frame.at(frame.tree)
    item = frame.run(list(body.parameters), None, frame.tree)
    items = item if isinstance(item, tuple) else (item,)
    if outputs is not None and len(items) != len(outputs):
        raise KernelError(f"{function.__name__!r} gives {len(items)} results instead of {len(outputs)}", location)
    for index, result in enumerate(items):
        if result is None:
            raise KernelError(f"{function.__name__!r} returns nothing", location)
        body.results.append(frame.as_value(result, outputs[index] if outputs else None, frame.tree))
    compiled = Function(function.__name__, body, location)
    verify(compiled)
    return compiled
