"""Expressions and calls in user functions."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

from .compose import inline
from .exits import lower_exits
from .frontend import _COMPARISONS, _STATIC_OPERATORS
from .ir import Region, Value
from .passes import simplify
from .promotion import BOOL, PY_BOOL, PY_COMPLEX, PY_FLOAT, PY_INT, NumberType, of_python
from .registry import rows
from .source import MISSING, Source, source_of
from .typesystem import f64, i64
from .user_values import Arithmetic, Array, ArrayType, Scalar, Unbound, describe, scalar_class

# Functions of `math` that are kernels, and what they are called there.
_MATH = {"sqrt": "sqrt", "exp": "exp", "sin": "sin", "fabs": "absolute", "pow": "power", "cbrt": "cbrt", "fmod": "fmod"}
_WHOLE = {"floor": "floor", "ceil": "ceil", "trunc": "trunc"}
_STATIC_CALLS = {len, range, min, max, abs, int, float, complex, bool, round, tuple, divmod, pow}
_MAXIMUM_CALLS = 32


class Calls(Arithmetic):
    """Reads expressions; see :class:`.user_frontend.UserFrame`."""

    source: Source
    session: Any
    names: dict[str, Any]

    choose: Callable[..., Any]
    built: Callable[..., Any]

    # -- names ----------------------------------------------------------------------------------------------------

    def name(self, name: str, node: ast.AST) -> Any:
        if name in self.names:
            item = self.names[name]
            if isinstance(item, Unbound):
                raise self.error(
                    node, f"{name!r} is not defined on every way that leads here (see line {item.location.line})"
                )
            return item
        found = self.source.free(name)
        if found is MISSING:
            raise self.error(node, f"{name!r} is not defined")
        return found

    def callee(self, node: ast.expr) -> Any:
        """What a call calls, if that is a name."""
        return self.name(node.id, node) if isinstance(node, ast.Name) else None

    def known(self, item: Any, node: ast.AST) -> Any:
        """An item that has to be known when the function is compiled."""
        if isinstance(item, (Scalar, Array)):
            raise self.error(node, f"{describe(item)} is only known at run time; a constant is needed")
        return item

    def parameter(self, argument: Any, index: int, node: ast.AST) -> Any:
        """The item of parameter number ``index``; adds to the parameters of the function."""
        region: Region = self.body  # type: ignore[attr-defined]

        def add(kind: Any) -> Value:
            region.parameters.append(Value(kind))
            return region.parameters[-1]

        if isinstance(argument, NumberType):
            return Scalar(argument, tuple(add(part) for part in argument.parts))
        if isinstance(argument, tuple):
            return tuple(self.parameter(part, index, node) for part in argument)
        if not isinstance(argument, ArrayType):
            return argument  # a constant
        address = add(i64)
        shape = tuple(add(i64) for _ in range(argument.ndim))
        if not argument.contiguous:
            return Array(argument.element, address, shape, tuple(add(i64) for _ in range(argument.ndim)), index)
        at = self.location(node)
        strides = [self.builder.constant(argument.element.itemsize, i64, at)]
        for length in reversed(shape[1:]):
            strides.insert(0, self.builder.binary("mul", strides[0], length, at))
        return Array(argument.element, address, shape, tuple(strides), index)

    def handed_on(self, item: Any, values: list[Value]) -> Any:
        """The argument of a callee that an item is; appends its values."""
        if isinstance(item, Scalar):
            values += item.parts
            return item.type
        if isinstance(item, Array):
            values += [item.address, *item.shape, *item.strides]
            return ArrayType(item.element, len(item.shape))
        if isinstance(item, tuple):
            return tuple(self.handed_on(part, values) for part in item)
        return item

    # -- expressions ----------------------------------------------------------------------------------------------

    def expression(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Name(id=name):
                return self.name(name, node)
            case ast.Tuple(elts=elements):
                return tuple(self.expression(element) for element in elements)
            case ast.BinOp(left=left, op=kind, right=right):
                return self.operator(kind, self.expression(left), self.expression(right), node)
            case ast.UnaryOp(op=kind, operand=operand):
                item = self.expression(operand)
                if of_python(item) is None:
                    return self.unary(kind, item, node)
                functions = {ast.USub: operator.neg, ast.UAdd: operator.pos, ast.Invert: operator.invert,
                             ast.Not: operator.not_}  # fmt: skip
                return functions[type(kind)](item)
            case ast.BoolOp(op=kind, values=values):
                return self.connected(isinstance(kind, ast.Or), values, node)
            case ast.Compare(left=left, ops=kinds, comparators=rights):
                return self.comparison(left, kinds, rights, node)
            case ast.IfExp(test=test, body=body, orelse=other):
                condition = self.expression(test)
                if not isinstance(condition, Scalar):
                    return self.expression(body if self.known(condition, test) else other)
                truth = self.truth(condition, test)
                return self.choose(truth, [lambda: self.expression(body), lambda: self.expression(other)], node)
            case ast.Attribute(value=owner, attr=attribute):
                return self.attribute(self.expression(owner), attribute, node)
            case ast.Subscript(value=owner, slice=index):
                return self.subscript(self.expression(owner), index, node)
            case ast.Call():
                return self.call(node)
            case _:
                raise self.error(node, f"{type(node).__name__} is outside the language")

    def operator(self, kind: ast.operator, x: Any, y: Any, node: ast.AST) -> Any:
        if not any(isinstance(item, (Scalar, Array)) for item in (x, y)):
            try:
                return _STATIC_OPERATORS[type(kind)](x, y)
            except KeyError:
                raise self.error(node, f"the operator {type(kind).__name__} is outside the language") from None
            except (TypeError, ArithmeticError, ValueError) as error:
                if isinstance(error, ZeroDivisionError) and self.python_errors:
                    # It counts if the program comes here.
                    reached = self.builder.constant(True, BOOL.parts[0], self.location(node))
                    self.fail_if(reached, ZeroDivisionError, str(error), node)
                    return 0 if type(x) is type(y) is int else 0.0
                raise self.error(node, f"{type(kind).__name__} of {x!r} and {y!r}: {error}") from error
        return self.binary(kind, x, y, node)

    def connected(self, disjunction: bool, values: list[ast.expr], node: ast.AST) -> Any:
        """``and`` and ``or``: the first operand that decides, or the last one."""
        item = self.expression(values[0])
        if len(values) == 1:
            return item
        if not isinstance(item, Scalar):
            decides = bool(self.known(item, node)) == disjunction
            return item if decides else self.connected(disjunction, values[1:], node)
        truth = self.truth(item, node)
        reads = [lambda: self.connected(disjunction, values[1:], node), lambda: item]
        return self.choose(truth, reads[::-1] if disjunction else reads, node)

    def comparison(self, left: ast.expr, kinds: list[ast.cmpop], rights: list[ast.expr], node: ast.Compare) -> Any:
        """A chain of comparisons; operands after one that does not hold are not looked at."""
        return self.chain(self.expression(left), kinds, rights, node)

    def chain(self, x: Any, kinds: list[ast.cmpop], rights: list[ast.expr], node: ast.Compare) -> Any:
        y = self.expression(rights[0])
        found = self.compared(kinds[0], x, y, node)
        if len(kinds) == 1:
            return found
        if not isinstance(found, Scalar):
            return self.chain(y, kinds[1:], rights[1:], node) if found else found
        reads = [lambda: self.chain(y, kinds[1:], rights[1:], node), lambda: found]
        return self.choose(found.parts[0], reads, node)

    def compared(self, kind: ast.cmpop, x: Any, y: Any, node: ast.AST) -> Any:
        if isinstance(kind, (ast.Is, ast.IsNot, ast.In, ast.NotIn)):
            self.known(x, node), self.known(y, node)
            found = x is y if isinstance(kind, (ast.Is, ast.IsNot)) else x in y
            return found != isinstance(kind, (ast.IsNot, ast.NotIn))
        name, swapped, function = _COMPARISONS[type(kind)]
        if not any(isinstance(item, (Scalar, Array)) for item in (x, y)):
            return function(x, y)
        if isinstance(x, (Array, tuple)) or isinstance(y, (Array, tuple)):
            raise self.error(node, f"{describe(x)} and {describe(y)} are not compared in compiled code")
        return self.compare(name, *((y, x) if swapped else (x, y)), node)

    def attribute(self, owner: Any, attribute: str, node: ast.AST) -> Any:
        if isinstance(owner, Array):
            at = self.location(node)
            if attribute == "shape":
                return tuple(Scalar(PY_INT, (length,), natural=True) for length in owner.shape)
            if attribute == "ndim":
                return len(owner.shape)
            if attribute == "itemsize":
                return owner.element.itemsize
            if attribute == "size":
                total = self.builder.constant(1, i64, at)
                for length in owner.shape:
                    total = self.builder.binary("mul", total, length, at)
                return Scalar(PY_INT, (total,), natural=True)
            raise self.error(node, f"arrays have shape, ndim, size and itemsize here, not {attribute!r}")
        if isinstance(owner, Scalar):
            if attribute in ("real", "imag"):
                if owner.type.kind == "c":
                    kind = NumberType("f", owner.type.bits // 2, owner.type.weak)
                    return Scalar(kind, (owner.parts[attribute == "imag"],))
                return owner if attribute == "real" else self.convert(0, owner.type, node)
            raise self.error(node, f"numbers have real and imag here, not {attribute!r}")
        if not hasattr(owner, attribute):
            raise self.error(node, f"{describe(owner)} has no {attribute!r}")
        return getattr(owner, attribute)

    def index(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Slice):
            bounds = (node.lower, node.upper, node.step)
            return slice(*(None if bound is None else self.expression(bound) for bound in bounds))
        return self.expression(node)

    def view(self, owner: Any, index: ast.expr, node: ast.AST) -> Array:
        """What an index selects of an array."""
        if not isinstance(owner, Array):
            raise self.error(node, f"{describe(owner)} has no elements to assign")
        items = [self.index(part) for part in index.elts] if isinstance(index, ast.Tuple) else [self.index(index)]
        if len(items) == 1 and isinstance(items[0], tuple):
            items = list(items[0])
        return self.element(owner, tuple(items), self.session.checked, node)

    def subscript(self, owner: Any, index: ast.expr, node: ast.AST) -> Any:
        if isinstance(owner, Array):
            view = self.view(owner, index, node)
            return view if view.shape else self.load(view, node)
        if isinstance(owner, Scalar):
            raise self.error(node, f"{describe(owner)} has no elements")
        key = self.known(self.index(index), node)
        try:
            return owner[key]
        except (IndexError, KeyError, TypeError) as error:
            raise self.error(node, str(error)) from error

    # -- calls ----------------------------------------------------------------------------------------------------

    def call(self, node: ast.Call) -> Any:
        function = self.attribute_call(node)
        if function is not None:
            return function
        function = self.expression(node.func)
        if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
            raise self.error(node, "calls have plain arguments, without keywords or *")
        items = [self.expression(argument) for argument in node.args]
        return self.apply(function, items, node)

    def attribute_call(self, node: ast.Call) -> Any:
        """``z.conjugate()`` and the like; None for other calls."""
        if not isinstance(node.func, ast.Attribute) or node.args or node.keywords:
            return None
        if node.func.attr not in ("conjugate", "conj", "item"):
            return None
        owner = self.expression(node.func.value)
        if not isinstance(owner, Scalar):
            return None
        if node.func.attr == "item":
            kinds = {"b": PY_BOOL, "i": PY_INT, "u": PY_INT, "f": PY_FLOAT, "c": PY_COMPLEX}
            return self.convert(owner, kinds[owner.type.kind], node)
        if owner.type.kind != "c":
            return owner
        imag = self.builder.unary("neg", owner.parts[1], self.location(node))
        return Scalar(owner.type, (owner.parts[0], imag))

    def apply(self, function: Any, items: list[Any], node: ast.AST) -> Any:
        dynamic = any(isinstance(item, (Scalar, Array)) or _has_dynamic(item) for item in items)
        kind = scalar_class(function)
        if kind is not None:
            if len(items) != 1:
                raise self.error(node, f"{kind} takes one number")
            return self.convert(self.number(items[0], node), kind, node)
        compiled = getattr(function, "jit_source", None)
        if type(function).__name__ == "ufunc" and hasattr(function, "nin"):
            compiled = getattr(getattr(function, "_compiler", None), "jit_source", None)
            if compiled is None:
                return self.call_ufunc(function.__name__, items, node)
        if isinstance(compiled, Source):
            return self.call_function(compiled, items, node)
        if isinstance(function, FunctionType):
            if str(function.__globals__.get("__package__")).partition(".")[0] == __package__.partition(".")[0]:
                raise self.error(node, f"{function.__name__} has no kernel; there are {', '.join(rows())}")
            return self.call_function(source_of(function), items, node)
        name = getattr(function, "__name__", "")
        if isinstance(function, (BuiltinFunctionType, type)) or function in _STATIC_CALLS:
            if getattr(function, "__module__", "") == "math" and not dynamic:
                return function(*items)
            if not dynamic and function in _STATIC_CALLS:
                return function(*items)
            if function is len and len(items) == 1 and isinstance(items[0], tuple):
                return len(items[0])
            owner = "math" if getattr(function, "__module__", "") == "math" else "call"
            method = getattr(self, f"{owner}_{name}", None)
            if method is not None:
                return method(items, node)
            if owner == "math":
                return self.math_function(name, items, node)
        if isinstance(function, ModuleType) or not callable(function):
            raise self.error(node, f"{describe(function)} cannot be called")
        raise self.error(
            node, f"{name or describe(function)} cannot be called in compiled code; NumPy's scalar functions, math, "
            "abs, min, max, int, float, complex, bool, round, len, and Python functions can"
        )  # fmt: skip

    def number(self, item: Any, node: ast.AST) -> Any:
        return item if of_python(item) is not None else self.scalar(item, node)

    def call_function(self, source: Source, items: list[Any], node: ast.AST) -> Any:
        """A call of another Python function, compiled for these arguments."""
        from .user_frontend import is_inlined, read_function

        session = self.session
        if session.depth >= _MAXIMUM_CALLS:
            raise self.error(node, f"{source.name!r} calls itself; recursion is outside the language")
        values: list[Value] = []
        arguments = [self.handed_on(item, values) for item in items]
        key = source.key(), tuple(map(repr, arguments)), session.python_errors
        if key not in session.callees:
            session.depth += 1
            try:
                found = read_function(source, arguments, session)
            finally:
                session.depth -= 1
            simplify(found.function)
            if is_inlined(found.function, session):
                simplify(lower_exits(found.function))
            session.callees[key] = found
        callee = session.callees[key]
        for index in callee.stores:
            self.stores.update(array.origin for array in _arrays_in(items[index]) if array.origin is not None)
        if is_inlined(callee.function, session):
            results = inline(self.builder, callee.function, values)
        else:
            kinds = callee.function.result_types
            at = self.location(node)
            results = self.builder.emit("call", values, list(kinds), at, function=callee.function).results
        return self.built(callee.result, list(results))

    def math_function(self, name: str, items: list[Any], node: ast.AST) -> Any:
        """A function of `math`: of Python floats."""
        if name in ("isnan", "isfinite", "isinf") and len(items) == 1:
            x = self.convert(items[0], PY_FLOAT, node)
            at = self.location(node)
            if name == "isinf":
                size = self.builder.unary("abs", x.parts[0], at)
                test = self.builder.binary("eq", size, self.builder.constant(math.inf, f64, at), at)
            else:
                test = self.builder.emit(name, list(x.parts), [BOOL.parts[0]], at).result
            return Scalar(PY_BOOL, (test,))
        wanted = {**_MATH, **_WHOLE}
        if name not in wanted:
            raise self.error(node, f"math.{name} has no kernel; there are {', '.join(wanted)}, isnan, isfinite, isinf")
        numbers = [self.convert(self.number(item, node), PY_FLOAT, node) for item in items]
        result = self.call_ufunc(wanted[name], [Scalar(x.type.strong, x.parts) for x in numbers], node)
        weak = Scalar(PY_FLOAT, result.parts)
        return self.convert(weak, PY_INT, node) if name in _WHOLE else weak

    def call_abs(self, items: list[Any], node: ast.AST) -> Any:
        (item,) = self.counted_items(items, 1, "abs", node)
        x = self.scalar(item, node)
        if x.type.kind == "b":
            return self.convert(x, PY_INT, node) if x.type.weak else x
        weak = x.type.weak
        if x.type.kind in "iuf" and not x.natural:
            if x.type.kind == "u":
                return x
            return Scalar(x.type, (self.builder.unary("abs", x.parts[0], self.location(node)),))
        if x.natural:
            return x
        result = self.call_ufunc("absolute", [x], node)
        return Scalar(PY_FLOAT, result.parts) if weak else result

    def counted_items(self, items: list[Any], count: int, name: str, node: ast.AST) -> list[Any]:
        if len(items) != count:
            raise self.error(node, f"{name} takes {count} arguments, {len(items)} given")
        return items

    def extremum(self, name: str, items: list[Any], node: ast.AST) -> Any:
        """Python's: the first operand unless the second compares as smaller or larger."""
        if len(items) == 1 and isinstance(items[0], tuple):
            items = list(items[0])
        if not items:
            raise self.error(node, f"{name} needs numbers")
        best = items[0]
        for item in items[1:]:
            pair = (item, best) if name == "min" else (best, item)
            test = self.compared(ast.Lt(), *pair, node)
            if isinstance(test, Scalar):
                chosen, other = item, best
                best = self.choose(test.parts[0], [lambda x=chosen: x, lambda x=other: x], node)
            else:
                best = item if test else best
        return best

    def call_min(self, items: list[Any], node: ast.AST) -> Any:
        return self.extremum("min", items, node)

    def call_max(self, items: list[Any], node: ast.AST) -> Any:
        return self.extremum("max", items, node)

    def call_int(self, items: list[Any], node: ast.AST) -> Any:
        (item,) = self.counted_items(items, 1, "int", node)
        return self.convert(item, PY_INT, node)

    def call_float(self, items: list[Any], node: ast.AST) -> Any:
        (item,) = self.counted_items(items, 1, "float", node)
        return self.convert(item, PY_FLOAT, node)

    def call_bool(self, items: list[Any], node: ast.AST) -> Any:
        (item,) = self.counted_items(items, 1, "bool", node)
        return Scalar(PY_BOOL, (self.truth(item, node),))

    def call_complex(self, items: list[Any], node: ast.AST) -> Any:
        if len(items) == 1:
            return self.convert(items[0], PY_COMPLEX, node)
        real, imag = (self.convert(item, PY_FLOAT, node) for item in self.counted_items(items, 2, "complex", node))
        return Scalar(PY_COMPLEX, (real.parts[0], imag.parts[0]))

    def call_round(self, items: list[Any], node: ast.AST) -> Any:
        (item,) = self.counted_items(items, 1, "round", node)
        x = self.scalar(item, node)
        if x.type.kind in "biu":
            return x
        rounded = Scalar(x.type, (self.builder.unary("rint", x.parts[0], self.location(node)),))
        return self.convert(rounded, PY_INT, node)

    def call_len(self, items: list[Any], node: ast.AST) -> Any:
        (item,) = self.counted_items(items, 1, "len", node)
        if not isinstance(item, Array):
            raise self.error(node, f"{describe(item)} has no length")
        return Scalar(PY_INT, (item.shape[0],), natural=True)

    def call_divmod(self, items: list[Any], node: ast.AST) -> Any:
        x, y = self.counted_items(items, 2, "divmod", node)
        return self.operator(ast.FloorDiv(), x, y, node), self.operator(ast.Mod(), x, y, node)

    def call_pow(self, items: list[Any], node: ast.AST) -> Any:
        x, y = self.counted_items(items, 2, "pow", node)
        return self.operator(ast.Pow(), x, y, node)


def _arrays_in(item: Any) -> list[Array]:
    if isinstance(item, tuple):
        return [array for part in item for array in _arrays_in(part)]
    return [item] if isinstance(item, Array) else []


def _has_dynamic(item: Any) -> bool:
    return isinstance(item, tuple) and any(isinstance(part, (Scalar, Array)) or _has_dynamic(part) for part in item)
