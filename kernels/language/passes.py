"""Simplifications of the IR. Each is a function that changes a :class:`.ir.Function` in place; `simplify` runs all.

None changes a result bit: floats are only folded when every operand is known, and identities such as ``x + 0`` are not
applied to them.
"""

from __future__ import annotations

from typing import Any

from .builder import constant_bits
from .ir import SIDE_EFFECTS, Function, Operation, Region, Table, Value, has_effects, is_pure, leaves, verify, walk
from .semantics import evaluate
from .typesystem import StructType

_NOT_FOLDED = {"make", "field", "load", "call", "any"}
_CONVERTED_OPERATIONS = 12  # an `if` with at most this many operations in its branches becomes selects


def _substitute(region: Region, replacements: dict[Value, Value]) -> None:
    if not replacements:
        return

    def final(value: Value) -> Value:
        while value in replacements:
            value = replacements[value]
        return value

    for operation in walk(region):
        operation.operands = [final(operand) for operand in operation.operands]
        for nested in operation.regions:
            nested.results = [final(result) for result in nested.results]
    region.results = [final(result) for result in region.results]


def _constant(value: Value) -> Any:
    """The number that a value is known to be, or None."""
    return value.op.attributes["value"] if value.op is not None and value.op.name == "const" else None


def fold(function: Function) -> None:
    """Compute what is known: constants, fields of structs just made, branches and selects with a known condition."""
    replacements: dict[Value, Value] = {}

    def known(value: Value) -> Value:
        while value in replacements:
            value = replacements[value]
        return value

    def block(region: Region) -> None:
        kept: list[Operation] = []
        for operation in region.operations:
            operation.operands = [known(operand) for operand in operation.operands]
            operands = operation.operands
            if operation.name == "field" and operands[0].op is not None and operands[0].op.name == "make":
                replacements[operation.result] = operands[0].op.operands[operation.attributes["index"]]
                continue
            if operation.name == "convert" and operands[0].type == operation.result.type:
                replacements[operation.result] = operands[0]
                continue
            for nested in operation.regions:
                block(nested)
            # Lanes that are all taken one by one stay so.
            by_lanes = operation.name == "if" and operation.attributes["mode"] == "each_lane"
            if (
                operation.name == "if"
                and _constant(operands[0]) is not None
                and not (by_lanes and _constant(operands[0]))
            ):
                taken = operation.regions[0 if _constant(operands[0]) else 1]
                kept.extend(taken.operations)
                if leaves(taken):
                    region.operations, region.results = kept, []
                    return
                replacements.update(zip(operation.results, taken.results, strict=True))
                continue
            if operation.name == "if" and all(map(leaves, operation.regions)):
                operation.results = []  # by now, if not before
                region.operations, region.results = [*kept, operation], []
                return
            if operation.name == "if" and operation.results and all(nested.results for nested in operation.regions):
                _share_constants(operation, kept, replacements)
            if operation.name == "flag" and _constant(operands[0]) is False:
                continue
            if operation.name == "convert":
                _shorten_conversion(operation)
            if operation.name == "select":
                _shorten_select(operation)
            simpler = _simpler(operation)
            if simpler is not None:
                replacements[operation.result] = simpler
                continue
            if operation.name != "const" and operands and not operation.regions and operation.results:
                numbers = [_constant(operand) for operand in operands]
                if None not in numbers and operation.name not in _NOT_FOLDED:
                    types = [operand.type for operand in operands]
                    value = evaluate(operation.name, numbers, types, operation.result.type, operation.attributes)
                    operation.name, operation.operands, operation.attributes = "const", [], {"value": value}
            kept.append(operation)
        region.operations = kept
        region.results = [known(result) for result in region.results]

    block(function.body)
    _substitute(function.body, replacements)


def _share_constants(operation: Operation, before: list[Operation], replacements: dict[Value, Value]) -> None:
    """Take out of an ``if`` the results that are one constant, or one value from outside, in both branches."""
    for result, *sides in zip(operation.results, *(nested.results for nested in operation.regions), strict=True):
        first, second = (side.op for side in sides)
        if sides[0] is sides[1]:
            replacements[result] = sides[0]
        elif first is not None and second is not None and first.name == second.name == "const":
            scalar = result.type
            values = [constant_bits(op.attributes["value"], scalar) for op in (first, second)]  # type: ignore[arg-type]
            if values[0] == values[1]:
                shared = Operation("const", [], [], dict(first.attributes), [], operation.location)
                shared.results = [Value(scalar, shared)]
                before.append(shared)
                replacements[result] = shared.result


def _simpler(operation: Operation) -> Value | None:
    """An operand that an operation always equals, for bool logic, select, and shifts by nothing."""
    operands = operation.operands
    numbers = [_constant(operand) for operand in operands]
    if operation.name == "select":
        if numbers[0] is not None:
            return operands[1] if numbers[0] else operands[2]
        if operands[1] is operands[2]:
            return operands[1]
        if numbers[1] is True and numbers[2] is False:
            return operands[0]
    if operation.name in ("and", "or") and operation.result.type.name == "bool":
        for index, number in enumerate(numbers):
            if number is not None:
                return operands[1 - index] if number == (operation.name == "and") else operands[index]
    if operation.name in ("shl", "shr") and numbers[1] == 0:
        return operands[0]
    if operation.name == "not" and operands[0].op is not None and operands[0].op.name == "not":
        return operands[0].op.operands[0]
    return None


def _shorten_conversion(operation: Operation) -> None:
    """Convert an integer from the type it had before it was widened."""
    inner = operation.operands[0].op
    if inner is None or inner.name != "convert" or operation.result.type.name == "bool":
        return
    narrow, wide = inner.operands[0].type, inner.result.type
    if narrow.kind in "iu" and wide.kind in "iu" and wide.bits > narrow.bits and (narrow.kind, wide.kind) != ("i", "u"):
        operation.operands = [inner.operands[0]]


def _shorten_select(operation: Operation) -> None:
    """Take the side that the same condition took before out of a nested select."""
    for index in (1, 2):
        inner = operation.operands[index].op
        if inner is not None and inner.name == "select" and inner.operands[0] is operation.operands[0]:
            operation.operands[index] = inner.operands[index]


def _key(operation: Operation) -> tuple[Any, ...]:
    name, attributes, types = operation.name, operation.attributes, [value.type.name for value in operation.results]
    if name == "const":
        return name, constant_bits(attributes["value"], operation.result.type), types[0]  # type: ignore[arg-type]
    extra = [(key, getattr(value, "name", value)) for key, value in sorted(attributes.items())] if attributes else ()
    return name, *operation.operands, *types, *extra


def eliminate_common(function: Function) -> None:
    """Give equal pure operations one result, also across regions when the first one dominates."""
    replacements: dict[Value, Value] = {}

    def known(value: Value) -> Value:
        while value in replacements:
            value = replacements[value]
        return value

    def block(region: Region, seen: dict[tuple[Any, ...], Operation]) -> None:
        seen = dict(seen)
        kept = []
        for operation in region.operations:
            operation.operands = [known(operand) for operand in operation.operands]
            for nested in operation.regions:
                block(nested, seen)
            if not operation.regions and operation.name not in SIDE_EFFECTS and operation.name != "load":
                first = seen.setdefault(_key(operation), operation)
                if first is not operation:
                    replacements.update(zip(operation.results, first.results, strict=True))
                    continue
            kept.append(operation)
        region.operations = kept
        region.results = [known(result) for result in region.results]

    block(function.body, {})
    _substitute(function.body, replacements)


def eliminate_dead(function: Function) -> None:
    """Remove operations whose results nobody uses, and unused results of ``if``."""

    def block(region: Region, needed: set[Value]) -> set[Value]:
        needed = needed | set(region.results)
        kept: list[Operation] = []
        for operation in reversed(region.operations):
            if operation.name == "if":
                alive = [index for index, result in enumerate(operation.results) if result in needed]
                for nested in operation.regions:
                    nested.results = [nested.results[index] for index in alive] if nested.results else []
                operation.results = [operation.results[index] for index in alive]
            if not has_effects(operation) and not any(result in needed for result in operation.results):
                continue
            needed |= set(operation.operands)
            for nested in operation.regions:
                needed |= block(nested, needed)
            kept.append(operation)
        region.operations = kept[::-1]
        return needed

    block(function.body, set())


def drop_carried(function: Function) -> None:
    """Take out of loops what they carry without changing it, or without using it."""
    replacements: dict[Value, Value] = {}
    used = set(function.body.results)
    for operation in walk(function.body):
        used.update(operation.operands)
        for nested in operation.regions:
            used.update(nested.results)

    def block(region: Region) -> None:
        for operation in region.operations:
            for nested in operation.regions:
                block(nested)
            if operation.name != "loop" or not operation.regions[1].results:
                continue
            if any(inner.name in ("break", "continue") for inner in walk(operation.regions[1])):
                continue
            test, body = operation.regions
            kept = []
            for index, (start, result) in enumerate(zip(operation.operands, operation.results, strict=True)):
                inside = test.parameters[index], body.parameters[index]
                if body.results[index] in (inside[1], start):
                    replacements.update(dict.fromkeys((*inside, result), start))
                elif result in used or inside[0] in used or inside[1] in used:
                    kept.append(index)
            if len(kept) == len(operation.results):
                continue
            operation.operands = [operation.operands[index] for index in kept]
            operation.results = [operation.results[index] for index in kept]
            body.results = [body.results[index] for index in kept]
            for nested in operation.regions:
                nested.parameters = [nested.parameters[index] for index in kept]

    block(function.body)
    if replacements:
        _substitute(function.body, replacements)


def _is_part(function: Function, operation: Operation) -> bool:
    return operation.name == "field" and operation.operands[0] in function.parameters


def hoist_invariant(function: Function) -> None:
    """Move pure operations out of loops that do not change their operands, and parts of parameters to the start."""
    parts: list[Operation] = []
    for operation in walk(function.body):
        for nested in operation.regions:
            parts += [inner for inner in nested.operations if _is_part(function, inner)]
            nested.operations = [inner for inner in nested.operations if not _is_part(function, inner)]
    function.body.operations[:0] = parts

    def defined(region: Region) -> set[Value]:
        inside = set(region.parameters)
        for operation in walk(region):
            inside.update(operation.results)
            for nested in operation.regions:
                inside.update(nested.parameters)
        return inside

    def block(region: Region) -> None:
        kept: list[Operation] = []
        for operation in region.operations:
            for nested in operation.regions:
                block(nested)
            if operation.name == "loop":
                inside = set().union(*(defined(nested) for nested in operation.regions))
                for nested in operation.regions:
                    stay = []
                    for inner in nested.operations:
                        movable = not inner.regions and inner.name not in SIDE_EFFECTS and inner.name != "load"
                        if movable and not any(operand in inside for operand in inner.operands):
                            kept.append(inner)
                            inside -= set(inner.results)
                        else:
                            stay.append(inner)
                    nested.operations = stay
            kept.append(operation)
        region.operations = kept

    block(function.body)


def convert_ifs(function: Function) -> None:
    """Turn short ``if`` operations without effects into selects; branches marked as rare stay."""

    def block(region: Region) -> None:
        kept: list[Operation] = []
        for operation in region.operations:
            for nested in operation.regions:
                block(nested)
            if operation.name != "if" or operation.attributes["mode"] != "branch" or not _convertible(operation):
                kept.append(operation)
                continue
            then, other = operation.regions
            kept += then.operations + other.operations
            for result, left, right in zip(operation.results, then.results, other.results, strict=True):
                choice = Operation("select", [operation.operands[0], left, right], [result], {}, [], operation.location)
                result.op = choice
                kept.append(choice)
        region.operations = kept

    def _convertible(operation: Operation) -> bool:
        inner = [found for nested in operation.regions for found in walk(nested) if found.name != "const"]
        return len(inner) <= _CONVERTED_OPERATIONS and all(
            is_pure(nested) and not found.regions for nested in operation.regions for found in inner
        )

    block(function.body)


def lower_structs(function: Function) -> None:
    """Check that structs only remain as parameters and results."""
    for operation in walk(function.body):
        if operation.name == "make" and operation.result not in function.results:
            used = [inner for inner in walk(function.body) if operation.result in inner.operands]
            if used:
                raise AssertionError(f"a struct survives at {operation.location}")


def drop_flags(function: Function) -> Function:
    """Remove every flag, for targets without floating-point errors; returns the same function, simplified again."""

    def block(region: Region) -> None:
        region.operations = [operation for operation in region.operations if operation.name != "flag"]
        for operation in region.operations:
            for nested in operation.regions:
                block(nested)

    block(function.body)
    return simplify(function)


def simplify(function: Function, *, verified: bool = True) -> Function:
    """Run every pass until nothing changes in size; returns the same function.

    ``verified`` is for what is made while somebody waits: whether the result is checked once more.
    """
    size = -1
    while size != (size := len(walk(function.body))):
        fold(function)
        eliminate_common(function)
        hoist_invariant(function)
        convert_ifs(function)
        drop_carried(function)
        eliminate_dead(function)
    if verified:
        lower_structs(function)
        verify(function)
    return function


def tables(function: Function) -> list[Table]:
    """Constant tables that a function indexes, in order of first use."""
    found = {
        operation.attributes["table"].name: operation.attributes["table"]
        for operation in walk(function.body)
        if operation.name == "lookup"
    }
    return list(found.values())


def scalar_types(function: Function) -> set[Any]:
    """Every scalar type that a value of the function has."""
    values = [*function.parameters]
    for operation in walk(function.body):
        values += operation.results
        for nested in operation.regions:
            values += nested.parameters
    found = set()
    for value in values:
        found |= {scalar for _, scalar in value.type.fields} if isinstance(value.type, StructType) else {value.type}
    return found
