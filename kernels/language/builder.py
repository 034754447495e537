"""Appends operations to regions; what the front end and the passes share."""

from __future__ import annotations

from typing import Any

from .ir import KernelError, Location, Operation, Region, Value
from .typesystem import ScalarType, StructType, Type, bits_to_float, bool_, float_to_bits, round_to, wrap


def constant_value(value: Any, scalar: ScalarType, location: Location) -> int | float | bool:
    """``value`` as a constant of type ``scalar``.

    Raises
    ------
    KernelError
        If it is not representable: a fraction as an integer, an integer out of range.
    """
    if scalar.kind == "b":
        if value not in (0, 1):
            raise KernelError(f"{value!r} is not a bool", location)
        return bool(value)
    if scalar.is_integer:
        if int(value) != value:
            raise KernelError(f"{value!r} is not an integer, but {scalar} is wanted", location)
        if not -(1 << (scalar.bits - 1)) <= int(value) <= (1 << scalar.bits) - 1:
            raise KernelError(f"{value!r} does not fit in {scalar}", location)
        return wrap(int(value), scalar)
    return round_to(float(value), scalar)


class Builder:
    """A cursor at the end of a region."""

    def __init__(self, region: Region) -> None:
        self.region = region

    def emit(
        self,
        name: str,
        operands: list[Value],
        types: list[Type],
        location: Location,
        regions: list[Region] | None = None,
        **attributes: Any,
    ) -> Operation:
        """Append an operation and return it."""
        operation = Operation(name, operands, [], attributes, regions or [], location)
        operation.results = [Value(value_type, operation) for value_type in types]
        self.region.operations.append(operation)
        return operation

    def constant(self, value: Any, scalar: Type, location: Location) -> Value:
        """A constant of a scalar type. NaNs keep their bits through ``pattern``."""
        if isinstance(scalar, StructType):
            raise KernelError(f"a number cannot stand for a {scalar}", location)
        checked = constant_value(value, scalar, location)
        return self.emit("const", [], [scalar], location, value=checked).result

    def unary(self, name: str, x: Value, location: Location) -> Value:
        """An operation that keeps its operand's type."""
        return self.emit(name, [x], [x.type], location).result

    def binary(self, name: str, x: Value, y: Value, location: Location) -> Value:
        """An operation on two operands of one type; comparisons give a bool."""
        result = bool_ if name in ("eq", "ne", "lt", "le") else x.type
        return self.emit(name, [x, y], [result], location).result

    def select(self, condition: Value, x: Value, y: Value, location: Location) -> Value:
        """``x`` where ``condition`` holds, else ``y``."""
        return self.emit("select", [condition, x, y], [x.type], location).result

    def convert(self, x: Value, to: ScalarType, location: Location) -> Value:
        """``x`` as a number of type ``to``."""
        return x if x.type == to else self.emit("convert", [x], [to], location).result

    def bitcast(self, x: Value, to: ScalarType, location: Location) -> Value:
        """The bits of ``x`` as a ``to``."""
        return x if x.type == to else self.emit("bitcast", [x], [to], location).result


def constant_bits(value: int | float | bool, scalar: ScalarType) -> int:
    """Bit pattern of a constant of a scalar type."""
    if scalar.is_float:
        return float_to_bits(float(value), scalar)
    return int(value) & ((1 << max(scalar.bits, 1)) - 1)


def value_of_bits(pattern: int, scalar: ScalarType) -> int | float | bool:
    """The constant of a scalar type with a bit pattern."""
    if scalar.is_float:
        return bits_to_float(pattern, scalar)
    return bool(pattern) if scalar.kind == "b" else wrap(pattern, scalar)
