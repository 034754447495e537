"""Early exits as data: rewrites ``break``, ``continue`` and ``return`` into bools that loops carry.

For emitters that run several elements at once, and for what is inlined into other functions. The result is meant for
:func:`.passes.simplify`, which removes what turns out to be constant.
"""

from __future__ import annotations

from collections.abc import Callable

from .builder import Builder
from .ir import LEAVING, Function, KernelError, Location, Operation, Region, Value, walk
from .typesystem import Type, bool_


def lower_exits(function: Function) -> Function:
    """Let every region of a function end at its end; returns the same function.

    Raises
    ------
    KernelError
        For ``fail``, which has no such form.
    """
    names = {operation.name for operation in walk(function.body)}
    if "fail" in names:
        place = next(operation.location for operation in walk(function.body) if operation.name == "fail")
        raise KernelError("what runs on several elements at once cannot stop with an error", place)
    if names & LEAVING:
        _Lowering(function).run()
        function.returns = None
    return function


def _exits(operation: Operation, *, returns: bool = False) -> bool:
    """Whether an operation may leave the region around it, or, if `returns`, the function."""
    if operation.name in LEAVING:
        return operation.name == "return" or not returns
    inside = returns or operation.name == "loop"
    return any(_exits(inner, returns=inside) for region in operation.regions for inner in region.operations)


# What a region is rewritten to: whether it was left, its outcome if so, its results if not; unused values are dummies.
# The outcome is what the loop or function around the region goes on with: for a loop (whether it goes on, whether the
# function returned, what the function returned, what the loop carries), for a function what it returned.
Ending = tuple[Value, list[Value], list[Value]]


class _Lowering:
    def __init__(self, function: Function) -> None:
        self.function = function
        self.returned: list[Type] = function.result_types

    def run(self) -> None:
        body = self.function.body
        region = Region(body.parameters)
        ending = self.write(Builder(region), body.operations, body.results, self.returned, None, self.function.location)
        region.results = self.settled(Builder(region), ending, self.function.location)
        self.function.body = region

    def dummies(self, builder: Builder, types: list[Type], at: Location) -> list[Value]:
        return [builder.constant(0, scalar, at) for scalar in types]

    def settled(self, builder: Builder, ending: Ending, at: Location) -> list[Value]:
        """The outcome, or the results where the region was not left."""
        left, outcome, results = ending
        return [builder.select(left, x, y, at) for x, y in zip(outcome, results, strict=True)]

    def outcome(
        self, builder: Builder, how: str, values: list[Value], loop: Region | None, at: Location
    ) -> list[Value]:
        """What the loop (its rewritten body) or the function goes on with after an exit."""
        if loop is None:
            return values
        flags = [builder.constant(how == "continue", bool_, at), builder.constant(how == "return", bool_, at)]
        if how == "return":
            return [*flags, *values, *loop.parameters[2 + len(self.returned) :]]
        return [*flags, *self.dummies(builder, self.returned, at), *values]

    def outcome_types(self, loop: Region | None) -> list[Type]:
        return self.returned if loop is None else [value.type for value in loop.parameters]

    def write(
        self,
        builder: Builder,
        operations: list[Operation],
        results: list[Value],
        types: list[Type],
        loop: Region | None,
        at: Location,
    ) -> Ending:
        """Append operations, of a region that yields ``results`` of ``types`` if its end is reached."""

        def leave(into: Builder, outcome: list[Value]) -> Ending:
            return into.constant(True, bool_, at), outcome, self.dummies(into, types, at)

        for index, operation in enumerate(operations):
            place = operation.location
            if operation.name in LEAVING:
                return leave(builder, self.outcome(builder, operation.name, operation.operands, loop, place))
            rest = operations[index + 1 :]
            if operation.name == "loop":
                returns = _exits(operation, returns=True)
                self.loop(builder, operation)
                if not returns:
                    continue
                left, *values = operation.results[1 : 2 + len(self.returned)]

                def returned(into: Builder, values: list[Value] = values, place: Location = place) -> Ending:
                    return leave(into, self.outcome(into, "return", values, loop, place))

            elif operation.name == "if" and _exits(operation, returns=loop is None):
                inner = [value.type for value in operation.results]

                def side(
                    region: Region, inner: list[Type] = inner, place: Location = place
                ) -> Callable[[Builder], Ending]:
                    return lambda into: self.write(into, region.operations, region.results, inner, loop, place)

                then, other = operation.regions
                mode = operation.attributes["mode"]
                left, outcome, values = self.branch(
                    builder, operation.operands[0], side(then), side(other), mode, inner, loop, place
                )
                known = dict(zip(operation.results, values, strict=True))
                _rename(rest, known)
                results = [known.get(result, result) for result in results]

                def returned(into: Builder, outcome: list[Value] = outcome) -> Ending:
                    return leave(into, outcome)

            else:
                builder.region.operations.append(operation)
                for nested in operation.regions:
                    self.inside(nested)
                continue
            remaining = results

            def go_on(into: Builder, rest: list[Operation] = rest, remaining: list[Value] = remaining) -> Ending:
                return self.write(into, rest, remaining, types, loop, at)

            return self.branch(builder, left, returned, go_on, "branch", types, loop, place)
        if len(results) != len(types):  # the end is not reached
            results = self.dummies(builder, types, at)
        left = builder.constant(False, bool_, at)
        return left, self.dummies(builder, self.outcome_types(loop), at), results

    def branch(
        self,
        builder: Builder,
        condition: Value,
        then: Callable[[Builder], Ending],
        other: Callable[[Builder], Ending],
        mode: str,
        types: list[Type],
        loop: Region | None,
        at: Location,
    ) -> Ending:
        """An ``if`` whose branches both give an ending."""
        regions = [Region(), Region()]
        for region, write in zip(regions, (then, other), strict=True):
            left, outcome, results = write(Builder(region))
            region.results = [left, *outcome, *results]
        outcome_types = self.outcome_types(loop)
        given = builder.emit("if", [condition], [bool_, *outcome_types, *types], at, regions, mode=mode).results
        return given[0], given[1 : 1 + len(outcome_types)], given[1 + len(outcome_types) :]

    def inside(self, region: Region) -> None:
        """Rewrite the loops in a region that is not left early."""
        operations, region.operations = region.operations, []
        for operation in operations:
            if operation.name == "loop":
                self.loop(Builder(region), operation)
                continue
            region.operations.append(operation)
            for nested in operation.regions:
                self.inside(nested)

    def loop(self, builder: Builder, operation: Operation) -> None:
        """Append a loop; one that may be left carries whether it goes on, and what the function returned."""
        test, body = operation.regions
        at = operation.location
        self.inside(test)
        if not any(_exits(inner) for inner in body.operations):
            self.inside(body)
            builder.region.operations.append(operation)
            return
        added = [bool_, bool_, *self.returned]
        operation.operands[:0] = [builder.constant(True, bool_, at), *self.dummies(builder, added[1:], at)]
        operation.results[:0] = [Value(scalar, operation) for scalar in added]
        for region in (test, body):
            region.parameters[:0] = [Value(scalar) for scalar in added]
        builder.region.operations.append(operation)
        test.results = [Builder(test).binary("and", test.results[0], test.parameters[0], at)]
        rewritten = Region(body.parameters)
        inner = Builder(rewritten)
        types = [value.type for value in body.parameters[len(added) :]]
        left, outcome, results = self.write(inner, body.operations, body.results, types, rewritten, at)
        results = self.outcome(inner, "continue", results, rewritten, at)
        rewritten.results = self.settled(inner, (left, outcome, results), at)
        operation.regions[1] = rewritten


def _rename(operations: list[Operation], values: dict[Value, Value]) -> None:
    """Replace operands, in nested regions too."""
    for operation in operations:
        operation.operands = [values.get(operand, operand) for operand in operation.operands]
        for nested in operation.regions:
            _rename(nested.operations, values)
            nested.results = [values.get(result, result) for result in nested.results]
