"""Functions put together from other functions: what fuses kernels."""

from __future__ import annotations

from .builder import Builder
from .ir import Function, Operation, Region, Value


def copy_operation(operation: Operation, values: dict[Value, Value]) -> Operation:
    """A copy whose operands and results are looked up in, and entered into, ``values``."""
    copied = Operation(
        operation.name,
        [values[operand] for operand in operation.operands],
        [],
        dict(operation.attributes),
        [copy_region(region, values) for region in operation.regions],
        operation.location,
    )
    copied.results = [Value(result.type, copied) for result in operation.results]
    values.update(zip(operation.results, copied.results, strict=True))
    return copied


def copy_region(region: Region, values: dict[Value, Value]) -> Region:
    """A copy of a region; ``values`` holds the copies of what is defined outside."""
    parameters = [Value(parameter.type) for parameter in region.parameters]
    values.update(zip(region.parameters, parameters, strict=True))
    operations = [copy_operation(operation, values) for operation in region.operations]
    return Region(parameters, operations, [values[result] for result in region.results])


def copy_function(function: Function) -> Function:
    """A copy that passes may change."""
    returns = None if function.returns is None else list(function.returns)
    return Function(function.name, copy_region(function.body, {}), function.location, returns)


def inline(builder: Builder, function: Function, arguments: list[Value]) -> list[Value]:
    """Append the body of ``function``, applied to ``arguments``; gives its results.

    The function must not return early: see :func:`.exits.lower_exits`.
    """
    values = dict(zip(function.parameters, arguments, strict=True))
    for operation in function.body.operations:
        builder.region.operations.append(copy_operation(operation, values))
    return [values[result] for result in function.results]
