"""What names stand for in user functions, and arithmetic on it.

An item is a Python object that is known when the function is compiled (numbers, tuples, functions, modules), a
`Scalar`, or an `Array`; tuples may hold all of these.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

from .builder import Builder
from .compose import inline
from .ir import KernelError, Location, Value
from .promotion import (
    BOOL,
    COMPLEX128,
    FLOAT64,
    INT64,
    PY_BOOL,
    PY_FLOAT,
    PY_INT,
    NumberType,
    is_safe,
    number_type,
    of_python,
    promote,
)
from .registry import compiled, compiled_for_wgsl, expand_long, operand_types, rows
from .typesystem import ScalarType, i64


@dataclass(frozen=True, eq=False)
class Scalar:
    """A number known at run time. ``natural``: an integer that is certainly not negative."""

    type: NumberType
    parts: tuple[Value, ...]
    natural: bool = False


@dataclass(frozen=True, eq=False)
class Array:
    """An array of one to three dimensions; strides are bytes. ``origin``: the number of the parameter that it views."""

    element: NumberType
    address: Value
    shape: tuple[Value, ...]
    strides: tuple[Value, ...]
    origin: int | None = None


@dataclass(frozen=True)
class ArrayType:
    """The type of an array parameter."""

    element: NumberType
    ndim: int
    contiguous: bool = False

    def __str__(self) -> str:
        axes = [":"] * self.ndim
        if self.contiguous:
            axes[-1] = "::1"
        return f"{self.element}[{', '.join(axes)}]"


@dataclass(frozen=True)
class Unbound:
    """A name that some way through the function does not define."""

    location: Location


class Arithmetic:
    """Emits operations on items at a cursor."""

    builder: Builder
    python_errors: bool  # whether operations on Python numbers raise what Python raises
    narrow: bool  # see Session
    stores: set[int]  # numbers of the array parameters whose elements are assigned

    def location(self, node: ast.AST) -> Location:
        raise NotImplementedError

    def fail_if(self, condition: Value, error: type[Exception], text: str, node: ast.AST) -> None:
        raise NotImplementedError

    def error(self, node: ast.AST, message: str) -> KernelError:
        return KernelError(message, self.location(node))

    # -- conversion -----------------------------------------------------------------------------------------------

    def scalar(self, item: Any, node: ast.AST) -> Scalar:
        """A number as a `Scalar`."""
        if isinstance(item, Scalar):
            return item
        kind = of_python(item)
        if kind is None:
            constant = _numpy_constant(item)
            if constant is None:
                raise self.error(node, f"{describe(item)} is not a number")
            kind, item = constant
        values = (item.real, item.imag) if kind.kind == "c" else (item,)
        at = self.location(node)
        parts = tuple(self.builder.constant(value, part, at) for value, part in zip(values, kind.parts, strict=True))
        return Scalar(kind, parts, kind.kind == "i" and item >= 0)

    def convert(self, item: Any, to: NumberType, node: ast.AST) -> Scalar:
        """A number as another type."""
        known = of_python(item)
        at = self.location(node)
        if known is not None and known.rank <= to.rank and to.kind != "b":
            # Constants take a type without a conversion.
            values = (complex(item).real, complex(item).imag) if to.kind == "c" else (item,)
            parts = [self.builder.constant(value, part, at) for value, part in zip(values, to.parts, strict=True)]
            return Scalar(to, tuple(parts), to.kind == "i" and item >= 0)
        x = self.scalar(item, node)
        if x.type.strong == to.strong:
            return Scalar(to, x.parts, x.natural)
        if to.kind == "b":
            return Scalar(to, (self.truth(x, node),))
        if to.kind == "c":
            parts = list(x.parts) if x.type.kind == "c" else [x.parts[0], None]
            real = self.builder.convert(parts[0], to.parts[0], at)  # type: ignore[arg-type]
            imag = (
                self.builder.constant(0.0, to.parts[1], at)
                if parts[1] is None
                else self.builder.convert(parts[1], to.parts[1], at)
            )
            return Scalar(to, (real, imag))
        if x.type.kind == "c":
            raise self.error(node, f"{x.type} does not convert to {to}; take .real, .imag or abs()")
        return Scalar(to, (self.builder.convert(x.parts[0], to.parts[0], at),), x.natural and to.kind in "iu")

    def truth(self, item: Any, node: ast.AST) -> Value:
        """Whether a number is not zero."""
        x = self.scalar(item, node)
        at = self.location(node)
        if x.type.kind == "b":
            return x.parts[0]
        tests = [self.builder.binary("ne", part, self.builder.constant(0, part.type, at), at) for part in x.parts]
        return tests[0] if len(tests) == 1 else self.builder.binary("or", tests[0], tests[1], at)

    def common(self, x: Any, y: Any, node: ast.AST) -> tuple[Scalar, Scalar, NumberType]:
        """Two numbers in the type in which they are combined."""
        kinds = [of_python(item) or self.scalar(item, node).type for item in (x, y)]
        to = promote(*kinds)
        if to.kind in "iu" and not to.weak:
            for item in (x, y):
                self.check_range(item, to, node)
        return self.convert(x, to, node), self.convert(y, to, node), to

    def check_range(self, item: Any, to: NumberType, node: ast.AST) -> None:
        """A Python integer that meets a NumPy integer fits its type, or raises what NumPy raises."""
        (scalar,) = to.parts
        if type(item) is int:
            if not scalar.minimum <= item <= scalar.maximum:
                raise self.error(node, f"Python integer {item} out of bounds for {to}")
        elif isinstance(item, Scalar) and item.type == PY_INT and self.python_errors and to.strong != INT64:
            at, value = self.location(node), item.parts[0]
            outside = [] if to.bits == 64 else [("lt", scalar.maximum, True)]
            outside += [] if item.natural else [("lt", scalar.minimum, False)]
            for name, bound, above in outside:
                limit = self.builder.constant(bound, i64, at)
                test = self.builder.binary(name, *((limit, value) if above else (value, limit)), at)
                self.fail_if(test, OverflowError, f"Python integer out of bounds for {to}", node)

    # -- operators ------------------------------------------------------------------------------------------------

    def binary(self, kind: ast.operator, x: Any, y: Any, node: ast.AST) -> Any:
        """An arithmetic operator on numbers of which one at least is a `Scalar`."""
        name = type(kind).__name__
        for item in (x, y):
            if isinstance(item, (Array, tuple)):
                raise self.error(node, f"{name} of {describe(item)}; compiled code works on elements, in loops")
        method = getattr(self, f"op_{name}", None)
        if method is None:
            raise self.error(node, f"the operator {name} is outside the language")
        return method(x, y, node)

    def arithmetic(self, name: str, x: Any, y: Any, node: ast.AST) -> Scalar:
        left, right, to = self.common(x, y, node)
        if to.kind == "b":
            if to.weak:
                return self.arithmetic(name, self.convert(left, PY_INT, node), self.convert(right, PY_INT, node), node)
            if name == "sub":
                raise self.error(node, "'-' on bools is refused, as in NumPy; use ^")
            name = {"add": "or", "mul": "and"}[name]
        at = self.location(node)
        parts = tuple(self.builder.binary(name, p, q, at) for p, q in zip(left.parts, right.parts, strict=True))
        return Scalar(to, parts, name != "sub" and left.natural and right.natural)

    def op_Add(self, x: Any, y: Any, node: ast.AST) -> Scalar:
        return self.arithmetic("add", x, y, node)

    def op_Sub(self, x: Any, y: Any, node: ast.AST) -> Scalar:
        return self.arithmetic("sub", x, y, node)

    def op_Mult(self, x: Any, y: Any, node: ast.AST) -> Scalar:
        kinds = [of_python(item) or self.scalar(item, node).type for item in (x, y)]
        if "c" in (kinds[0].kind, kinds[1].kind):
            # The formula of the built-in kernel, without its flags.
            left, right, to = self.common(x, y, node)
            (a, b), (c, d), at = left.parts, right.parts, self.location(node)
            real = self.builder.binary(
                "sub", self.builder.binary("mul", a, c, at), self.builder.binary("mul", b, d, at), at
            )
            cross = self.builder.binary("mul", a, d, at)
            other = cross if (a, b) == (c, d) else self.builder.binary("mul", b, c, at)
            imag = self.builder.binary("add", cross, other, at)
            return Scalar(to, (real, imag))
        return self.arithmetic("mul", x, y, node)

    def op_Div(self, x: Any, y: Any, node: ast.AST) -> Scalar:
        to = promote(*(of_python(item) or self.scalar(item, node).type for item in (x, y)))
        if to.kind not in "fc":
            to = PY_FLOAT if to.weak else FLOAT64
        left, right = self.convert(x, to, node), self.convert(y, to, node)
        if to.kind == "c":
            return self.through_kernel("divide", [left, right], to, node)
        at = self.location(node)
        if to.weak and self.python_errors:
            zero = self.builder.binary("eq", right.parts[0], self.builder.constant(0.0, to.parts[0], at), at)
            self.fail_if(zero, ZeroDivisionError, "division by zero", node)
        return Scalar(to, (self.builder.binary("div", left.parts[0], right.parts[0], at),))

    def whole_division(self, name: str, x: Any, y: Any, node: ast.AST) -> Scalar:
        left, right, to = self.common(x, y, node)
        if to.kind == "c":
            raise self.error(node, f"{name} of complex numbers is outside the language")
        if to.kind == "b":
            to = PY_INT if to.weak else NumberType("i", 8)
            left, right = self.convert(left, to, node), self.convert(right, to, node)
        at = self.location(node)
        if to.weak and self.python_errors and not (of_python(y) and y):
            zero = self.builder.binary("eq", right.parts[0], self.builder.constant(0, to.parts[0], at), at)
            text = "integer division or modulo by zero" if to.kind == "i" else "float floor division by zero"
            self.fail_if(zero, ZeroDivisionError, text, node)
        if to.kind in "iu" and left.natural and right.natural:
            operation = "quotient" if name == "floor_divide" else "modulus"
            return Scalar(to, (self.builder.binary(operation, left.parts[0], right.parts[0], at),), natural=True)
        return self.through_kernel(name, [left, right], to, node)

    def op_FloorDiv(self, x: Any, y: Any, node: ast.AST) -> Scalar:
        return self.whole_division("floor_divide", x, y, node)

    def op_Mod(self, x: Any, y: Any, node: ast.AST) -> Scalar:
        return self.whole_division("remainder", x, y, node)

    def op_Pow(self, x: Any, y: Any, node: ast.AST) -> Any:
        base = of_python(x) or self.scalar(x, node).type
        if type(y) is int and y == 2:
            return self.op_Mult(x, x, node)
        if type(y) is int and y < 0 and base.weak and base.kind in "bi":
            return self.op_Pow(self.convert(x, PY_FLOAT, node), float(y), node)
        left, right, to = self.common(x, y, node)
        if to.kind == "b":
            to = PY_INT if to.weak else NumberType("i", 8)
            left, right = self.convert(left, to, node), self.convert(right, to, node)
        if to.kind == "i":
            at = self.location(node)
            negative = self.builder.binary("lt", right.parts[0], self.builder.constant(0, to.parts[0], at), at)
            if self.python_errors and not right.natural:
                text = "Integers to negative integer powers are not allowed."
                self.fail_if(negative, ValueError, text, node)
        return self.through_kernel("power", [left, right], to, node)

    def bitwise(self, name: str, x: Any, y: Any, node: ast.AST) -> Scalar:
        left, right, to = self.common(x, y, node)
        if to.kind not in "biu":
            raise self.error(node, f"bitwise operators work on integers and bools, not on {to}")
        at = self.location(node)
        value = self.builder.binary(name, left.parts[0], right.parts[0], at)
        return Scalar(to, (value,), left.natural and right.natural)

    def op_BitAnd(self, x: Any, y: Any, node: ast.AST) -> Scalar:
        return self.bitwise("and", x, y, node)

    def op_BitOr(self, x: Any, y: Any, node: ast.AST) -> Scalar:
        return self.bitwise("or", x, y, node)

    def op_BitXor(self, x: Any, y: Any, node: ast.AST) -> Scalar:
        return self.bitwise("xor", x, y, node)

    def shift(self, name: str, x: Any, y: Any, node: ast.AST) -> Scalar:
        left, right, to = self.common(x, y, node)
        if to.kind not in "iu":
            raise self.error(node, f"shifts work on integers, not on {to}")
        at, scalar = self.location(node), to.parts[0]
        value, count = left.parts[0], right.parts[0]
        shifted = self.builder.binary(name, value, count, at)
        # Bits that are shifted beyond the width are lost; the IR counts modulo the width.
        bits = to.narrow.bits if self.narrow else scalar.bits
        width = self.builder.constant(bits, scalar.unsigned, at)
        fits = self.builder.binary("lt", self.builder.bitcast(count, scalar.unsigned, at), width, at)
        rest = self.builder.constant(0, scalar, at)
        if name == "shr" and scalar.kind == "i":
            rest = self.builder.binary("shr", value, self.builder.constant(bits - 1, scalar, at), at)
        return Scalar(to, (self.builder.select(fits, shifted, rest, at),), left.natural and name == "shr")

    def op_LShift(self, x: Any, y: Any, node: ast.AST) -> Scalar:
        return self.shift("shl", x, y, node)

    def op_RShift(self, x: Any, y: Any, node: ast.AST) -> Scalar:
        return self.shift("shr", x, y, node)

    def unary(self, kind: ast.unaryop, item: Any, node: ast.AST) -> Any:
        if isinstance(kind, ast.Not):
            return Scalar(PY_BOOL, (self.builder.unary("not", self.truth(item, node), self.location(node)),))
        x = self.scalar(item, node)
        at = self.location(node)
        if x.type.kind == "b" and x.type.weak:
            x = self.convert(x, PY_INT, node)
        if isinstance(kind, ast.UAdd):
            return x
        if isinstance(kind, ast.USub) and x.type.kind != "b":
            return Scalar(x.type, tuple(self.builder.unary("neg", part, at) for part in x.parts))
        if isinstance(kind, ast.Invert) and x.type.kind in "biu":
            return Scalar(x.type, (self.builder.unary("not", x.parts[0], at),))
        raise self.error(node, f"the operator {type(kind).__name__} does not work on {x.type}")

    def compare(self, name: str, x: Any, y: Any, node: ast.AST) -> Scalar:
        kinds = [of_python(item) or self.scalar(item, node).type for item in (x, y)]
        if all(kind.kind in "iu" for kind in kinds) and kinds[0].weak != kinds[1].weak:
            return self.compare_exactly(name, x, y, node)
        if {kind.kind for kind in kinds} == {"i", "u"} and NumberType("u", 64) in kinds:  # float64 is their common type
            return self.compare_exactly(name, x, y, node)
        left, right, to = self.common(x, y, node)
        at = self.location(node)
        result = PY_BOOL if to.weak else BOOL
        if to.kind == "b" and name in ("lt", "le"):
            to = NumberType("u", 8)
            left, right = self.convert(left, to, node), self.convert(right, to, node)
        tests = [self.builder.binary(name, p, q, at) for p, q in zip(left.parts, right.parts, strict=True)]
        if len(tests) == 1:
            return Scalar(result, (tests[0],))
        if name not in ("eq", "ne"):
            raise self.error(node, "complex numbers have no order; compare their parts")
        return Scalar(result, (self.builder.binary("and" if name == "eq" else "or", tests[0], tests[1], at),))

    def compare_exactly(self, name: str, x: Any, y: Any, node: ast.AST) -> Scalar:
        """Two integers of which one's type need not hold the other."""
        at = self.location(node)
        left, right = self.convert(x, PY_INT, node), self.convert(y, PY_INT, node)
        result = self.builder.binary(name, left.parts[0], right.parts[0], at)
        for first, item in ((True, x), (False, y)):
            if isinstance(item, Scalar) and item.type == NumberType("u", 64):
                # Beyond what Python's integers are here: larger than any of them.
                value = item.parts[0]
                largest = self.builder.constant(i64.maximum, value.type, at)
                beyond = self.builder.binary("lt", largest, value, at)
                answer = name == "ne" or (name in ("lt", "le") and not first)
                result = self.builder.select(beyond, self.builder.constant(answer, BOOL.parts[0], at), result, at)
        return Scalar(BOOL, (result,))

    # -- kernels of NumPy's functions -----------------------------------------------------------------------------

    def call_ufunc(self, name: str, items: list[Any], node: ast.AST) -> Any:
        """A NumPy function on numbers: the loop that the ufunc would choose, inlined."""
        row = next((row for row in rows().values() if name in row.names), None)
        if row is None:
            known = ", ".join(rows())
            raise self.error(node, f"NumPy's {name!r} has no kernel; there are {known}")
        if len(items) != row.nin:
            raise self.error(node, f"{name} takes {row.nin} numbers, {len(items)} given")
        kinds = [of_python(item) or self.scalar(item, node).type for item in items]
        typed = [kind for kind in kinds if not kind.weak]
        weak = max((kind for kind in kinds if kind.weak), key=lambda kind: kind.rank, default=None)
        if typed:
            joined = typed[0]
            for kind in typed[1:]:
                joined = promote(joined, kind)
            kinds = [promote(joined, kind) if kind.weak else kind for kind in kinds]
        elif weak is not None:
            kinds = [weak.strong if kind.rank < weak.rank else kind.strong for kind in kinds]
        for signature in row.signatures:
            plain = expand_long(signature)[1]
            if not row.is_built(plain) or "e" in plain:  # user functions have no halves
                continue
            inputs, outputs = (list(map(number_type, side)) for side in operand_types(plain))
            if all(is_safe(kind, to) for kind, to in zip(kinds, inputs, strict=True)):
                converted = [self.convert(item, to, node) for item, to in zip(items, inputs, strict=True)]
                results = self.inlined(row.name, plain, converted, outputs, node)
                return results[0] if len(results) == 1 else tuple(results)
        given = ", ".join(map(str, kinds))
        raise self.error(node, f"{name} has no loop for {given}")

    def through_kernel(self, name: str, items: list[Scalar], to: NumberType, node: ast.AST) -> Scalar:
        """A built-in kernel of two operands of a type; the result is as weak as they are."""
        character = to.character
        (result,) = self.inlined(name, f"{character * len(items)}->{character}", items, [to], node)
        return result

    def inlined(
        self, name: str, signature: str, items: list[Scalar], outputs: list[NumberType], node: ast.AST
    ) -> list[Scalar]:
        at = self.location(node)
        kernel = compiled
        given = outputs
        if self.narrow:
            kernel, signature = compiled_for_wgsl, signature.translate(_NARROW)
            items = [self.convert(item, item.type.narrow, node) for item in items]
            given = [kind.narrow for kind in outputs]
        arguments = []
        for item in items:
            if item.type.kind == "c":
                arguments.append(self.builder.emit("make", list(item.parts), [item.type.ir_type], at).result)
            else:
                arguments.append(item.parts[0])
        results = []
        for value, kind in zip(inline(self.builder, kernel(name, signature), arguments), given, strict=True):
            if kind.kind == "c":
                parts = tuple(
                    self.builder.emit("field", [value], [part], at, index=index).result
                    for index, part in enumerate(kind.parts)
                )
                results.append(Scalar(kind, parts))
            else:
                results.append(Scalar(kind, (value,)))
        return [self.convert(item, kind, node) for item, kind in zip(results, outputs, strict=True)]

    # -- arrays ---------------------------------------------------------------------------------------------------

    def integer(self, item: Any, node: ast.AST) -> Scalar:
        """An index."""
        x = self.scalar(item, node)
        if x.type.kind not in "iu":
            raise self.error(node, f"an index is an integer, not {x.type}")
        return self.convert(x, PY_INT, node)

    def wrapped(self, item: Any, length: Value, checked: bool, node: ast.AST) -> Value:
        """An index from the front."""
        x = self.integer(item, node)
        at, value = self.location(node), x.parts[0]
        zero = self.builder.constant(0, i64, at)
        if not x.natural:
            negative = self.builder.binary("lt", value, zero, at)
            value = self.builder.select(negative, self.builder.binary("add", value, length, at), value, at)
        if checked:
            outside = self.builder.binary("le", length, value, at)
            if not x.natural:
                outside = self.builder.binary("or", outside, self.builder.binary("lt", value, zero, at), at)
            self.fail_if(outside, IndexError, "index is out of bounds", node)
        return value

    def element(self, array: Array, items: tuple[Any, ...], checked: bool, node: ast.AST) -> Array:
        """The view that indices of the first axes select."""
        if len(items) > len(array.shape):
            dimensions = len(array.shape)
            raise self.error(node, f"too many indices: the array has {dimensions} dimensions, {len(items)} are given")
        at, address = self.location(node), array.address
        shape: list[Value] = []
        strides: list[Value] = []
        for axis, item in enumerate(items):
            length, stride = array.shape[axis], array.strides[axis]
            if isinstance(item, slice):
                first, count = self.sliced(item, length, node)
                shape.append(count)
                strides.append(stride)
            else:
                first = self.wrapped(item, length, checked, node)
            address = self.builder.binary("add", address, self.builder.binary("mul", first, stride, at), at)
        rest = len(items)
        return Array(
            array.element, address, (*shape, *array.shape[rest:]), (*strides, *array.strides[rest:]), array.origin
        )

    def sliced(self, item: slice, length: Value, node: ast.AST) -> tuple[Value, Value]:
        """First index and length of a slice without a step, as Python clips it."""
        if item.step is not None and item.step != 1:
            raise self.error(node, "slices have no steps in compiled code")
        at = self.location(node)
        zero = self.builder.constant(0, i64, at)

        def clipped(bound: Any, default: Value) -> Value:
            if bound is None:
                return default
            value = self.wrapped(bound, length, False, node)
            value = self.builder.select(self.builder.binary("lt", value, zero, at), zero, value, at)
            return self.builder.select(self.builder.binary("lt", length, value, at), length, value, at)

        first, last = clipped(item.start, zero), clipped(item.stop, length)
        count = self.builder.binary("sub", last, first, at)
        return first, self.builder.select(self.builder.binary("lt", count, zero, at), zero, count, at)

    def load(self, array: Array, node: ast.AST) -> Scalar:
        """The only element of a view without dimensions."""
        at, address, parts = self.location(node), array.address, []
        for part in array.element.parts:
            parts.append(self.builder.emit("load", [address], [part], at).result)
            address = self.offset(address, part, at)
        return Scalar(array.element, tuple(parts))

    def store(self, array: Array, item: Any, node: ast.AST) -> None:
        x = self.convert(item, array.element, node)
        if array.origin is not None:
            self.stores.add(array.origin)
        at, address = self.location(node), array.address
        for part in x.parts:
            self.builder.emit("store", [address, part], [], at)
            address = self.offset(address, part.type, at)  # type: ignore[arg-type]

    def offset(self, address: Value, part: ScalarType, at: Location) -> Value:
        return self.builder.binary("add", address, self.builder.constant(part.size, i64, at), at)


_NARROW = str.maketrans("qQdD", "iIfF")
_NUMPY_SCALARS = {"bool": BOOL, "bool_": BOOL, "complex64": NumberType("c", 64), "complex128": COMPLEX128}
for _bits in (8, 16, 32, 64):
    _NUMPY_SCALARS[f"int{_bits}"] = NumberType("i", _bits)
    _NUMPY_SCALARS[f"uint{_bits}"] = NumberType("u", _bits)
    if _bits >= 32:
        _NUMPY_SCALARS[f"float{_bits}"] = NumberType("f", _bits)


def scalar_class(item: Any) -> NumberType | None:
    """The number type that a NumPy scalar class, or a type of `wasmnp.jit`, names; None for anything else."""
    declared = getattr(item, "number_type", None)
    if isinstance(declared, NumberType):
        return declared
    if isinstance(item, type) and hasattr(item, "dtype") and hasattr(item, "itemsize"):
        return _NUMPY_SCALARS.get(item.__name__)
    return None


def _numpy_constant(item: Any) -> tuple[NumberType, Any] | None:
    """A NumPy scalar that is known when the function is compiled."""
    kind = scalar_class(type(item))
    return None if kind is None else (kind, item.item())


def describe(item: Any) -> str:
    if isinstance(item, Array):
        return f"an array of {len(item.shape)} dimensions"
    if isinstance(item, tuple):
        return "a tuple"
    if isinstance(item, Scalar):
        return f"a {item.type}"
    return repr(item)
