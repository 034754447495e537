"""Kernels for several elements at once: branches become masks, rare work is left to scalar code.

The result computes, for every lane, the kernel's results, and one more bool: whether the lane needs the scalar form of
the kernel, because a long rare branch or a floating-point error concerns it. Then its other results do not count, and
neither does any flag of the others: the caller runs the scalar form on the whole step.
"""

from __future__ import annotations

from .builder import Builder
from .compose import copy_function, copy_operation
from .exits import lower_exits
from .ir import LEAVING, Function, KernelError, Location, Operation, Region, Value, walk
from .passes import simplify
from .typesystem import ScalarType, StructType, bool_


def vectorized(function: Function) -> Function:
    """A kernel for lanes; see the description of the module and ``any`` in :mod:`.ir`.

    Parameters
    ----------
    function : Function
        Simplified IR, without memory, calls and ``fail``. It is not changed.

    Raises
    ------
    KernelError
        Naming the operation that has no such form, with its place.
    """
    lowered = function
    if any(operation.name in LEAVING for operation in walk(function.body)):
        lowered = simplify(lower_exits(copy_function(function)))
    for operation in walk(lowered.body):
        if operation.name in ("load", "store", "call"):
            raise KernelError(f"{operation.name!r} has no form for several elements", operation.location)
    return simplify(_Vectorizer(lowered).run(), verified=False)


class _Vectorizer:
    def __init__(self, function: Function) -> None:
        self.function = function
        self.values: dict[Value, Value] = {}

    def run(self) -> Function:
        source = self.function.body
        body = Region([Value(parameter.type) for parameter in source.parameters])
        self.values.update(zip(source.parameters, body.parameters, strict=True))
        builder = Builder(body)
        pending = self.region(builder, source, None, builder.constant(False, bool_, self.function.location))
        body.results = [*(self.values[result] for result in source.results), pending]
        return Function(self.function.name, body, self.function.location)

    def both(self, builder: Builder, x: Value, active: Value | None, at: Location) -> Value:
        return x if active is None else builder.binary("and", x, active, at)

    def region(self, builder: Builder, region: Region, active: Value | None, pending: Value) -> Value:
        """Append a region for the lanes of ``active`` (None: all); gives what is pending after it."""
        for operation in region.operations:
            at = operation.location
            if operation.name == "flag":
                mask = self.both(builder, self.values[operation.operands[0]], active, at)
                pending = builder.binary("or", pending, mask, at)
            elif operation.name == "if":
                pending = self.branch(builder, operation, active, pending)
            elif operation.name == "loop":
                pending = self.loop(builder, operation, active, pending)
            else:
                builder.region.operations.append(copy_operation(operation, self.values))
        return pending

    def branch(self, builder: Builder, operation: Operation, active: Value | None, pending: Value) -> Value:
        at, mode = operation.location, operation.attributes["mode"]
        condition = self.values[operation.operands[0]]
        then, other = operation.regions
        wanted = self.both(builder, condition, active, at)
        if mode == "each_lane":
            pending = self.region(builder, other, active, builder.binary("or", pending, wanted, at))
            self.values.update(
                (result, self.values[value]) for result, value in zip(operation.results, other.results, strict=True)
            )
            return pending
        if mode == "any_lane":
            # The usual branch for every lane, with which the rare one may share its operands.
            pending = self.region(builder, other, active, pending)
            usual = [self.values[value] for value in other.results]
        else:
            opposite = self.both(builder, builder.unary("not", condition, at), active, at)
            *usual, pending = self.where(builder, other, opposite, [None] * len(other.results), pending, at)
        *rare, pending = self.where(builder, then, wanted, usual, pending, at)
        for result, x, y in zip(operation.results, rare, usual, strict=True):
            self.values[result] = builder.select(condition, x, y, at)
        return pending

    def where(
        self, builder: Builder, region: Region, mask: Value, otherwise: list[Value | None], pending: Value, at: Location
    ) -> list[Value]:
        """The results of a region that runs if some lane of ``mask`` needs it, and what is pending after it."""
        inside, outside = Region(), Region()
        after = self.region(Builder(inside), region, mask, pending)
        inside.results = [*(self.values[result] for result in region.results), after]
        empty = Builder(outside)
        for result, value in zip(region.results, otherwise, strict=True):
            if isinstance(result.type, StructType):
                raise AssertionError("a struct leaves a branch")
            outside.results.append(empty.constant(0, result.type, at) if value is None else value)
        outside.results.append(pending)
        some = builder.emit("any", [mask], [bool_], at).result
        types = [value.type for value in inside.results]
        return builder.emit("if", [some], types, at, [inside, outside], mode="uniform").results

    def loop(self, builder: Builder, operation: Operation, active: Value | None, pending: Value) -> Value:
        """A loop that goes on while any lane does; lanes that are done keep their values."""
        at = operation.location
        test, body = operation.regions
        carried = [self.values[operand] for operand in operation.operands]
        first, pending = self.tested(builder, test, carried, active, pending)
        running = self.both(builder, first, active, at)
        types: list[ScalarType] = [bool_, bool_, *(value.type for value in carried)]  # type: ignore[list-item]
        regions = [Region([Value(scalar) for scalar in types]) for _ in range(2)]
        regions[0].results = [Builder(regions[0]).emit("any", [regions[0].parameters[0]], [bool_], at).result]
        inner = Builder(regions[1])
        now, waiting, *old = regions[1].parameters
        self.values.update(zip(body.parameters, old, strict=True))
        waiting = self.region(inner, body, now, waiting)
        new = [
            inner.select(now, self.values[result], before, at) for result, before in zip(body.results, old, strict=True)
        ]
        again, waiting = self.tested(inner, test, new, now, waiting)
        regions[1].results = [self.both(inner, again, now, at), waiting, *new]
        given = builder.emit("loop", [running, pending, *carried], list(types), at, regions).results
        self.values.update(zip(operation.results, given[2:], strict=True))
        return given[1]

    def tested(
        self, builder: Builder, test: Region, carried: list[Value], active: Value | None, pending: Value
    ) -> tuple[Value, Value]:
        """The condition of a loop for what it carries, and what is pending after it."""
        self.values.update(zip(test.parameters, carried, strict=True))
        pending = self.region(builder, test, active, pending)
        return self.values[test.results[0]], pending
