"""The intermediate representation: typed SSA values in structured regions.

A :class:`Function` has one body region. A region is a list of operations followed by the values it yields. ``if`` and
``loop`` are operations that own regions:

``if`` (condition) ``{then} {else}``
    Each region yields as many values as the operation has results. Attribute ``mode``: ``"branch"`` (plain),
    ``"any_lane"`` (rarely true: vector code tests whether any lane needs it) or ``"each_lane"`` (rarely true and
    long: vector code runs the region lane by lane).
``loop`` (initial values) ``{condition} {body}``
    Both regions take the carried values as parameters. The first yields one bool, the second the next values; the
    results are the carried values for which the condition was false.

Functions that users write may leave a region early. A region whose last operation leaves it, or is an ``if`` both of
whose regions are left, yields nothing (`leaves`):

``break`` (values), ``continue`` (values)
    End the innermost loop with these carried values as its results, or go on to its condition with them.
``return`` (values)
    The function's results are these.
``fail`` ()
    The function ends with the error that attribute ``code`` (not 0) stands for; its results do not matter.

Functions on arrays also have ``load`` (address), ``store`` (address, value) and ``call`` (arguments) of attribute
``function``; a failing callee makes its caller fail with the same code. Addresses are i64, at any alignment.

In the result of :func:`.vectorize.vectorized` every value stands for several lanes, but for those of ``any`` (bool),
which tells whether some lane holds; conditions of ``if`` (mode ``"uniform"``) and ``loop`` are such values.

All operations are total. Integer arithmetic wraps, shift counts are taken modulo the width, ``quotient`` and
``modulus`` truncate and give 0 for a zero divisor, a table index is taken modulo the table's length (a power of two).
A float that does not fit converts to an unspecified integer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .typesystem import ScalarType, StructType, Type


@dataclass(frozen=True)
class Location:
    """A line of a source file."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class KernelError(Exception):
    """Something that the language or an emitter does not have, with the place where it was asked for."""

    def __init__(self, message: str, location: Location | None = None) -> None:
        super().__init__(f"{location}: {message}" if location else message)
        self.message = message
        self.location = location


@dataclass(frozen=True)
class Table:
    """A constant array that kernels index; its length is a power of two."""

    name: str
    element: ScalarType
    values: tuple[float, ...] | tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.values) & (len(self.values) - 1) or not self.values:
            raise KernelError(f"table {self.name!r} has {len(self.values)} values; a power of two is needed")


@dataclass(eq=False)
class Value:
    """One SSA value."""

    type: Type
    op: Operation | None = None  # None: a parameter


@dataclass(eq=False)
class Region:
    """Operations in order, and the values that the region yields."""

    parameters: list[Value] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)
    results: list[Value] = field(default_factory=list)


@dataclass(eq=False)
class Operation:
    """One operation: name, operands, results, constant attributes and nested regions."""

    name: str
    operands: list[Value]
    results: list[Value]
    attributes: dict[str, Any]
    regions: list[Region]
    location: Location

    @property
    def result(self) -> Value:
        return self.results[0]


@dataclass(eq=False)
class Function:
    """A kernel for one signature. Its flags are a side effect; its results are the yields of ``body``."""

    name: str
    body: Region
    location: Location
    returns: list[Type] | None = None  # result types, needed where the end of the body is never reached

    @property
    def result_types(self) -> list[Type]:
        return self.returns if self.returns is not None else [value.type for value in self.body.results]

    @property
    def parameters(self) -> list[Value]:
        return self.body.parameters

    @property
    def results(self) -> list[Value]:
        return self.body.results


# name -> number of operands
BINARY_ARITHMETIC = {"add", "sub", "mul", "div", "and", "or", "xor", "shl", "shr", "quotient", "modulus"}
COMPARISONS = {"eq", "ne", "lt", "le"}
UNARY = {"neg", "abs", "sqrt", "floor", "ceil", "trunc", "rint", "not", "opaque"}
OPERANDS: dict[str, int] = {
    "const": 0,
    **dict.fromkeys(BINARY_ARITHMETIC | COMPARISONS, 2),
    **dict.fromkeys(UNARY, 1),
    "fma": 3,
    "select": 3,
    "bitcast": 1,
    "convert": 1,
    "isfinite": 1,
    "isnan": 1,
    "isnormal": 1,
    "lookup": 1,
    "field": 1,
    "any": 1,
    "load": 1,
    "store": 2,
    "fail": 0,
}
LEAVING = {"break", "continue", "return", "fail"}
SIDE_EFFECTS = {"flag", "store", "call"} | LEAVING
FLAG_KINDS = ("divide", "overflow", "underflow", "invalid", "negative_power")
FLAG_BITS = {kind: 1 << index for index, kind in enumerate(FLAG_KINDS)}  # LoopError of kernels/cpu/kernel_table.hpp


def walk(region: Region) -> list[Operation]:
    """Every operation of a region, outer ones before those of their nested regions."""
    found: list[Operation] = []
    _gather(region, found)
    return found


def _gather(region: Region, found: list[Operation]) -> None:
    for operation in region.operations:
        found.append(operation)
        for nested in operation.regions:
            _gather(nested, found)


def leaves(region: Region) -> bool:
    """Whether the end of a region is never reached."""
    if not region.operations:
        return False
    last = region.operations[-1]
    return last.name in LEAVING or (last.name == "if" and all(map(leaves, last.regions)))


def is_pure(region: Region) -> bool:
    """Whether running the region has no effect but its results, certainly ends, and can do no harm."""
    return not any(operation.name in SIDE_EFFECTS or operation.name in ("loop", "load") for operation in walk(region))


def has_effects(operation: Operation) -> bool:
    """Whether an operation does more than give results. A ``break`` counts outside of its loop too."""
    if not operation.regions:
        return operation.name in SIDE_EFFECTS
    return any(inner.name in SIDE_EFFECTS for nested in operation.regions for inner in walk(nested))


def format_function(function: Function) -> str:
    """The function as text, with values numbered in order: equal text means equal functions."""
    numbers: dict[Value, int] = {}

    def number(value: Value) -> str:
        return f"%{numbers.setdefault(value, len(numbers))}"

    def declare(values: list[Value]) -> str:
        return ", ".join(f"{number(value)}: {value.type}" for value in values)

    def attribute(value: Any) -> str:
        return value.name if isinstance(value, Table) else value.hex() if isinstance(value, float) else str(value)

    def block(region: Region, indent: str) -> Iterator[str]:
        for operation in region.operations:
            operands = ", ".join(map(number, operation.operands))
            attributes = "".join(f" {key}={attribute(value)}" for key, value in sorted(operation.attributes.items()))
            left = f"{declare(operation.results)} = " if operation.results else ""
            yield f"{indent}{left}{operation.name}({operands}){attributes}"
            for nested in operation.regions:
                yield f"{indent}({declare(nested.parameters)}) {{"
                yield from block(nested, indent + "  ")
                yield f"{indent}}}"
        yield f"{indent}yield {', '.join(map(number, region.results))}".rstrip()

    head = f"function({declare(function.parameters)}) {{"
    return "\n".join([head, *block(function.body, "  "), "}"])


def verify(function: Function) -> None:
    """Check that operands are defined before use and that types agree.

    Raises
    ------
    KernelError
        Naming the operation and its source line.
    """

    def fail(operation: Operation, message: str) -> None:
        raise KernelError(f"malformed {operation.name!r}: {message}", operation.location)

    returned = function.result_types

    def block(region: Region, known: set[Value], loop: Operation | None) -> None:
        known = known | set(region.parameters)
        for operation in region.operations:
            if any(operand not in known for operand in operation.operands):
                fail(operation, "an operand is not defined before its use")
            types = [operand.type for operand in operation.operands]
            expected = OPERANDS.get(operation.name)
            if expected is not None and len(types) != expected:
                fail(operation, f"{len(types)} operands instead of {expected}")
            if operation.name in BINARY_ARITHMETIC | COMPARISONS and types[0] != types[1]:
                fail(operation, f"operand types {types[0]} and {types[1]} differ")
            if operation.name == "select" and (types[1] != types[2] or str(types[0]) != "bool"):
                fail(operation, f"operand types {types}")
            for nested in operation.regions:
                block(nested, known, operation if operation.name == "loop" else loop)
            if operation.name in LEAVING and operation is not region.operations[-1]:
                fail(operation, "something follows it")
            if operation.name in ("break", "continue") and (
                loop is None or types != [value.type for value in loop.results]
            ):
                fail(operation, "it does not give what the loop around it carries")
            if operation.name == "return" and types != returned:
                fail(operation, f"it gives {types}, the function {returned}")
            if operation.name == "call":
                callee = operation.attributes["function"]
                if types != [value.type for value in callee.parameters]:
                    fail(operation, f"{callee.name!r} does not take {types}")
                if [value.type for value in operation.results] != callee.result_types:
                    fail(operation, f"{callee.name!r} gives {callee.result_types}")
            if operation.name in ("load", "store") and str(types[0]) != "i64":
                fail(operation, f"an address is an i64, not {types[0]}")
            if operation.name == "if":
                for nested in operation.regions:
                    if leaves(nested):
                        continue
                    if [value.type for value in nested.results] != [value.type for value in operation.results]:
                        fail(operation, "a branch yields other types than the operation gives")
            if operation.name == "loop":
                body = operation.regions[1]
                if not leaves(body) and [value.type for value in body.results] != types:
                    fail(operation, "the body yields other types than are carried")
            known |= set(operation.results)
        if leaves(region) and region.results:
            raise KernelError("a region that is left yields values", region.operations[-1].location)
        if any(value not in known for value in region.results):
            raise KernelError("a region yields an undefined value", function.location)

    block(function.body, set(), None)


def components(value_type: Type) -> list[ScalarType]:
    """The scalars that a type is made of."""
    return [scalar for _, scalar in value_type.fields] if isinstance(value_type, StructType) else [value_type]
