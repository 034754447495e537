"""Functions of one element that graphs apply: loops of ufuncs, conversions, choices, functions of users.

Each is IR (:mod:`.._kernels.language.ir`) with a key: equal keys mean equal functions, so that pipelines are found
without building IR again.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cache
from typing import Any

from .._kernels.language import registry
from .._kernels.language.builder import Builder
from .._kernels.language.compose import inline
from .._kernels.language.ir import Function, Location, Region, Value, format_function, walk
from .._kernels.language.passes import simplify
from .._kernels.language.promotion import NumberType
from .._kernels.language.typesystem import CHARACTERS, bool_
from .dtypes import BOOL, parts

_HERE = Location(__file__, 1)


class Element:
    """A function of one element.

    Attributes
    ----------
    key : hashable
    name : str
        For messages.
    results : list of NumberType
    cost : int
        Operations of its IR.
    """

    __slots__ = ("_cost", "_function", "key", "name", "results")

    def __init__(self, key: Hashable, name: str, results: list[NumberType], function: Callable[[], Function]) -> None:
        self.key = key
        self.name = name
        self.results = results
        self._function: Any = function
        self._cost: int | None = None

    @property
    def function(self) -> Function:
        """The IR, made when first asked for."""
        if not isinstance(self._function, Function):
            self._function = self._function()
        return self._function

    @property
    def cost(self) -> int:
        if self._cost is None:
            self._cost = sum(1 for operation in walk(self.function.body) if operation.name != "const")
        return self._cost


def number_type_of(character: str) -> NumberType:
    """The number type of a character of a ufunc's signature."""
    kind: Any = CHARACTERS[character]
    if hasattr(kind, "fields"):
        return NumberType("c", 8 * kind.size)
    return NumberType(kind.kind, kind.bits)


@cache
def ufunc_loop(name: str, signature: str) -> Element:
    """A loop of a registered ufunc."""
    results = [number_type_of(character) for character in signature.split("->")[1]]
    return Element((name, signature), name, results, lambda: registry.compiled_for_wgsl(name, signature))


def _written(parameters: list[NumberType], write: Callable[[Builder, list[Value]], list[Value]]) -> Function:
    body = Region([Value(kind.ir_type) for kind in parameters])
    body.results = write(Builder(body), body.parameters)
    return Function("element", body, _HERE)


def fields_of(builder: Builder, value: Value, kind: NumberType) -> list[Value]:
    """The scalars of a value."""
    if kind.kind != "c":
        return [value]
    return [builder.emit("field", [value], [part], _HERE, index=index).result for index, part in enumerate(parts(kind))]


def made_of(builder: Builder, scalars: list[Value], kind: NumberType) -> Value:
    """The value that scalars make up."""
    return builder.emit("make", scalars, [kind.ir_type], _HERE).result if kind.kind == "c" else scalars[0]


@cache
def cast(source: NumberType, to: NumberType) -> Element:
    """Conversion of a number; of a complex one to a real one: its real part."""

    def write(builder: Builder, values: list[Value]) -> list[Value]:
        given = fields_of(builder, values[0], source)
        if to.kind == "b":
            tests = [
                value
                if value.type == bool_
                else builder.binary("ne", value, builder.constant(0, value.type, _HERE), _HERE)
                for value in given
            ]
            return [tests[0] if len(tests) == 1 else builder.binary("or", *tests, _HERE)]
        wanted = parts(to)
        scalars = [builder.convert(value, part, _HERE) for value, part in zip(given, wanted, strict=False)]
        if len(scalars) < len(wanted):
            scalars.append(builder.constant(0.0, wanted[1], _HERE))
        return [made_of(builder, scalars, to)]

    return Element(("cast", source, to), f"astype({to})", [to], lambda: _written([source], write))


@cache
def choice(kind: NumberType) -> Element:
    """``where``: the second operand where the first holds, else the third."""

    def write(builder: Builder, values: list[Value]) -> list[Value]:
        sides = zip(fields_of(builder, values[1], kind), fields_of(builder, values[2], kind), strict=True)
        chosen = [builder.select(values[0], left, right, _HERE) for left, right in sides]
        return [made_of(builder, chosen, kind)]

    return Element(("where", kind), "where", [kind], lambda: _written([BOOL, kind, kind], write))


@cache
def part(kind: NumberType, index: int) -> Element:
    """The real (0) or imaginary (1) part of a complex number."""
    result = NumberType("f", kind.bits // 2)
    return Element(
        ("part", kind, index),
        ("real", "imag")[index],
        [result],
        lambda: _written([kind], lambda builder, values: [fields_of(builder, values[0], kind)[index]]),
    )


@cache
def conjugate(kind: NumberType) -> Element:
    """The complex conjugate."""

    def write(builder: Builder, values: list[Value]) -> list[Value]:
        real, imag = fields_of(builder, values[0], kind)
        return [made_of(builder, [real, builder.unary("neg", imag, _HERE)], kind)]

    return Element(("conjugate", kind), "conjugate", [kind], lambda: _written([kind], write))


@cache
def logic(name: str) -> Element:
    """``and``, ``or``, ``xor`` of two bools, or ``not`` of one."""
    count = 1 if name == "not" else 2

    def write(builder: Builder, values: list[Value]) -> list[Value]:
        return [builder.emit(name, list(values), [bool_], _HERE).result]

    return Element(("logic", name), name, [BOOL], lambda: _written([BOOL] * count, write))


@cache
def bitwise(name: str, kind: NumberType) -> Element:
    """``and``, ``or``, ``xor``, ``shl``, ``shr`` of two integers, or ``not`` of one."""
    count = 1 if name == "not" else 2

    def write(builder: Builder, values: list[Value]) -> list[Value]:
        return [builder.emit(name, list(values), [parts(kind)[0]], _HERE).result]

    return Element(("bitwise", name, kind), name, [kind], lambda: _written([kind] * count, write))


def user_function(function: Function, results: list[NumberType]) -> Element:
    """A function that was compiled from a user's source."""
    return Element(("user", format_function(function)), function.name, results, lambda: function)


def flat_function(element: Element, operands: list[NumberType]) -> Function:
    """An element function on scalars: complex operands and results are two of them."""
    body = Region()
    builder = Builder(body)
    values = []
    for kind in operands:
        scalars = [Value(scalar) for scalar in parts(kind)]
        body.parameters += scalars
        values.append(made_of(builder, scalars, kind))
    for value, kind in zip(inline(builder, element.function, values), element.results, strict=True):
        body.results += fields_of(builder, value, kind)
    return simplify(Function(element.name, body, _HERE))
