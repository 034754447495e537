"""Runs IR on Python numbers, one element at a time: the oracle that every emitter is compared with."""

from __future__ import annotations

from typing import Any

from .ir import Function, KernelError, Region, Value
from .semantics import evaluate

_MAXIMUM_TURNS = 1_000_000


def interpret(function: Function, arguments: list[Any]) -> tuple[list[Any], set[str]]:
    """Results and raised flags of one element.

    Parameters
    ----------
    function : Function
        A kernel, optimised or not.
    arguments : list
        Python numbers; a struct (complex) is a tuple of numbers.

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
    """
    flags: set[str] = set()
    values: dict[Value, Any] = dict(zip(function.parameters, arguments, strict=True))
    return _run(function.body, values, flags), flags


def _run(region: Region, values: dict[Value, Any], flags: set[str]) -> list[Any]:
    for operation in region.operations:
        operands = [values[operand] for operand in operation.operands]
        if operation.name == "make":
            values[operation.result] = tuple(operands)
        elif operation.name == "field":
            values[operation.result] = operands[0][operation.attributes["index"]]
        elif operation.name == "flag":
            if operands[0]:
                flags.add(operation.attributes["kind"])
        elif operation.name == "if":
            results = _run(operation.regions[0 if operands[0] else 1], values, flags)
            values.update(zip(operation.results, results, strict=True))
        elif operation.name == "loop":
            test, body = operation.regions
            for _ in range(_MAXIMUM_TURNS):
                values.update(zip(test.parameters, operands, strict=True))
                if not _run(test, values, flags)[0]:
                    break
                values.update(zip(body.parameters, operands, strict=True))
                operands = _run(body, values, flags)
            else:
                raise KernelError("the loop does not end", operation.location)
            values.update(zip(operation.results, operands, strict=True))
        else:
            types = [operand.type for operand in operation.operands]
            result = operation.result
            values[result] = evaluate(operation.name, operands, types, result.type, operation.attributes)
    return [values[result] for result in region.results]
