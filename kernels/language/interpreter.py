"""Runs IR on Python numbers, one element at a time: the oracle that every emitter is compared with."""

from __future__ import annotations

from typing import Any

from .builder import constant_bits, value_of_bits
from .ir import Function, KernelError, Region, Value
from .semantics import evaluate
from .typesystem import ScalarType

_MAXIMUM_TURNS = 1_000_000


class Failure(Exception):
    """The function ended by ``fail``; `code` says how."""

    def __init__(self, code: int) -> None:
        super().__init__(f"failed with code {code}")
        self.code = code


class _Left(Exception):
    """A region was left early."""

    def __init__(self, how: str, values: list[Any]) -> None:
        self.how = how
        self.values = values


def interpret(function: Function, arguments: list[Any], memory: bytearray | None = None) -> tuple[list[Any], set[str]]:
    """Results and raised flags of one element.

    Parameters
    ----------
    function : Function
        A kernel, optimised or not.
    arguments : list
        Python numbers; a struct (complex) is a tuple of numbers.
    memory : bytearray, optional
        What addresses point into.

    Returns
    -------
    results : list
        As the arguments.
    flags : set of str
        Names from ``ir.FLAG_KINDS``.

    Raises
    ------
    KernelError
        When a loop does not end.
    Failure
        When the function fails.
    """
    run = _Run(memory)
    return run.function(function, arguments), run.flags


class _Run:
    def __init__(self, memory: bytearray | None) -> None:
        self.memory = memory
        self.flags: set[str] = set()

    def function(self, function: Function, arguments: list[Any]) -> list[Any]:
        values: dict[Value, Any] = dict(zip(function.parameters, arguments, strict=True))
        try:
            return self.region(function.body, values)
        except _Left as left:
            return left.values

    def bytes_at(self, address: int, scalar: ScalarType) -> slice:
        if self.memory is None or not 0 <= address <= len(self.memory) - scalar.size:
            raise IndexError(f"address {address} lies outside the memory")
        return slice(address, address + scalar.size)

    def region(self, region: Region, values: dict[Value, Any]) -> list[Any]:
        for operation in region.operations:
            operands = [values[operand] for operand in operation.operands]
            match operation.name:
                case "make":
                    values[operation.result] = tuple(operands)
                case "field":
                    values[operation.result] = operands[0][operation.attributes["index"]]
                case "any":
                    values[operation.result] = operands[0]
                case "flag":
                    if operands[0]:
                        self.flags.add(operation.attributes["kind"])
                case "if":
                    results = self.region(operation.regions[0 if operands[0] else 1], values)
                    values.update(zip(operation.results, results, strict=True))
                case "loop":
                    results = self.loop(operation.regions[0], operation.regions[1], operands, values)
                    if results is None:
                        raise KernelError("the loop does not end", operation.location)
                    values.update(zip(operation.results, results, strict=True))
                case "break" | "continue" | "return":
                    raise _Left(operation.name, operands)
                case "fail":
                    raise Failure(operation.attributes["code"])
                case "call":
                    results = self.function(operation.attributes["function"], operands)
                    values.update(zip(operation.results, results, strict=True))
                case "load":
                    scalar = operation.result.type
                    pattern = int.from_bytes(self.memory_at(operands[0], scalar), "little")  # type: ignore[arg-type]
                    number = bool(pattern) if scalar.kind == "b" else value_of_bits(pattern, scalar)  # type: ignore
                    values[operation.result] = number
                case "store":
                    scalar = operation.operands[1].type
                    place = self.bytes_at(operands[0], scalar)  # type: ignore[arg-type]
                    pattern = constant_bits(operands[1], scalar)  # type: ignore[arg-type]
                    self.memory[place] = pattern.to_bytes(scalar.size, "little")  # type: ignore[index]
                case _:
                    types = [operand.type for operand in operation.operands]
                    result = operation.result
                    values[result] = evaluate(operation.name, operands, types, result.type, operation.attributes)
        return [values[result] for result in region.results]

    def memory_at(self, address: int, scalar: ScalarType) -> bytearray:
        place = self.bytes_at(address, scalar)
        return self.memory[place]  # type: ignore[index]

    def loop(self, test: Region, body: Region, carried: list[Any], values: dict[Value, Any]) -> list[Any] | None:
        """What is carried when the loop ends; None if it does not end."""
        for _ in range(_MAXIMUM_TURNS):
            values.update(zip(test.parameters, carried, strict=True))
            if not self.region(test, values)[0]:
                return carried
            values.update(zip(body.parameters, carried, strict=True))
            try:
                carried = self.region(body, values)
            except _Left as left:
                if left.how == "return":
                    raise
                carried = left.values
                if left.how == "break":
                    return carried
        return None
