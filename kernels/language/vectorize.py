"""Kernels for several elements at once: branches become masks, rare work is left to scalar code.

The result computes, for every lane, the kernel's results; then a bool for each of `flag_kinds`, whether the lane raises
that error; and last a bool that tells whether the lane needs the scalar form of the kernel, because a long rare branch
concerns it. Then neither its other results count nor its errors: the caller runs the scalar form.
"""

from __future__ import annotations

from typing import Any

from .builder import Builder
from .compose import copy_function, copy_operation
from .exits import lower_exits
from .ir import FLAG_KINDS, LEAVING, Function, KernelError, Location, Operation, Region, Value, walk
from .passes import simplify
from .typesystem import ScalarType, StructType, bool_


def postpones(function: Function) -> bool:
    """Whether a kernel has rare branches that can be left to a careful form."""
    return any(
        op.name == "if" and op.attributes["mode"] == "any_lane" and not _only_raises(op)
        for op in function.body.operations
    )


def _only_raises(operation: Operation) -> bool:
    """Whether a rare branch does so little that it is done for all lanes: it raises errors."""
    then, other = operation.regions
    short = len(then.operations) <= _SHORT and not any(inner.regions for inner in then.operations)
    return short and not operation.results and not other.operations


_SHORT = 4  # operations of a branch that is not worth a test


def vectorized(function: Function, *, careful: bool = True) -> Function:
    """A kernel for lanes; see the description of the module and ``any`` in :mod:`.ir`.

    Parameters
    ----------
    function : Function
        Simplified IR, without memory, calls and ``fail``. It is not changed.
    careful : bool
        Whether rare branches (mode ``any_lane``) are there. If not, lanes that want one outside of other branches are
        pending: the caller runs the careful form.

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
    return simplify(_Vectorizer(lowered, careful).run(), verified=False)


def flag_kinds(function: Function) -> list[str]:
    """The errors that a kernel may raise, in the order of `FLAG_KINDS`."""
    found = {operation.attributes["kind"] for operation in walk(function.body) if operation.name == "flag"}
    return [kind for kind in FLAG_KINDS if kind in found]


def _raises(region: Region) -> bool:
    return any(operation.name == "flag" for operation in walk(region))


# Per lane, whether it needs the scalar form, and which errors it raises.
State = list[Value]


class _Vectorizer:
    def __init__(self, function: Function, careful: bool) -> None:
        self.function = function
        self.careful = careful
        self.kinds = flag_kinds(function)
        self.values: dict[Value, Value] = {}

    def run(self) -> Function:
        source = self.function.body
        body = Region([Value(parameter.type) for parameter in source.parameters])
        self.values.update(zip(source.parameters, body.parameters, strict=True))
        builder = Builder(body)
        never = builder.constant(False, bool_, self.function.location)
        pending, *errors = self.region(builder, source, None, [never] * (1 + len(self.kinds)))
        body.results = [*(self.values[result] for result in source.results), *errors, pending]
        return Function(self.function.name, body, self.function.location)

    def both(self, builder: Builder, x: Value, active: Value | None, at: Location) -> Value:
        return x if active is None else builder.binary("and", x, active, at)

    def noted(self, builder: Builder, state: State, index: int, mask: Value, at: Location) -> State:
        """A state in which the lanes of a mask have one more thing."""
        return [builder.binary("or", old, mask, at) if k == index else old for k, old in enumerate(state)]

    def region(self, builder: Builder, region: Region, active: Value | None, state: State) -> State:
        """Append a region for the lanes of ``active`` (None: all); gives the state after it."""
        for operation in region.operations:
            at = operation.location
            if operation.name == "flag":
                mask = self.both(builder, self.values[operation.operands[0]], active, at)
                state = self.noted(builder, state, 1 + self.kinds.index(operation.attributes["kind"]), mask, at)
            elif operation.name == "if":
                state = self.branch(builder, operation, active, state)
            elif operation.name == "loop":
                state = self.loop(builder, operation, active, state)
            else:
                builder.region.operations.append(copy_operation(operation, self.values))
        return state

    def branch(self, builder: Builder, operation: Operation, active: Value | None, state: State) -> State:
        at, mode = operation.location, operation.attributes["mode"]
        condition = self.values[operation.operands[0]]
        then, other = operation.regions
        wanted = self.both(builder, condition, active, at)
        if mode == "any_lane" and _only_raises(operation):
            return self.region(builder, then, wanted, state)
        if mode == "each_lane" or (mode == "any_lane" and active is None and not self.careful):
            state = self.region(builder, other, active, self.noted(builder, state, 0, wanted, at))
            self.values.update(
                (result, self.values[value]) for result, value in zip(operation.results, other.results, strict=True)
            )
            return state
        if mode == "branch" or _raises(other):
            opposite = self.both(builder, builder.unary("not", condition, at), active, at)
        if mode == "any_lane":
            # The usual branch for every lane, with which the rare one may share its operands; errors are those of the
            # lanes that want it.
            state = self.region(builder, other, opposite if _raises(other) else active, state)
            usual = [self.values[value] for value in other.results]
        else:
            usual, state = self.where(builder, other, opposite, [None] * len(other.results), state, at)
        rare, state = self.where(builder, then, wanted, usual, state, at)
        for result, x, y in zip(operation.results, rare, usual, strict=True):
            self.values[result] = builder.select(condition, x, y, at)
        return state

    def where(
        self, builder: Builder, region: Region, mask: Value, otherwise: list[Any], state: State, at: Location
    ) -> tuple[list[Value], State]:
        """The results of a region that runs if some lane of ``mask`` needs it, and the state after it."""
        inside, outside = Region(), Region()
        after = self.region(Builder(inside), region, mask, state)
        inside.results = [*(self.values[result] for result in region.results), *after]
        empty = Builder(outside)
        for result, value in zip(region.results, otherwise, strict=True):
            if isinstance(result.type, StructType):
                raise AssertionError("a struct leaves a branch")
            outside.results.append(empty.constant(0, result.type, at) if value is None else value)
        outside.results += state
        some = builder.emit("any", [mask], [bool_], at).result
        types = [value.type for value in inside.results]
        given = builder.emit("if", [some], types, at, [inside, outside], mode="uniform").results
        count = len(region.results)
        return given[:count], given[count:]

    def loop(self, builder: Builder, operation: Operation, active: Value | None, state: State) -> State:
        """A loop that goes on while any lane does; lanes that are done keep their values."""
        at = operation.location
        test, body = operation.regions
        carried = [self.values[operand] for operand in operation.operands]
        first, state = self.tested(builder, test, carried, active, state)
        running = self.both(builder, first, active, at)
        count = len(state)
        types: list[ScalarType] = [*[bool_] * (1 + count), *(value.type for value in carried)]  # type: ignore[list-item]
        regions = [Region([Value(scalar) for scalar in types]) for _ in range(2)]
        regions[0].results = [Builder(regions[0]).emit("any", [regions[0].parameters[0]], [bool_], at).result]
        inner = Builder(regions[1])
        now, *rest = regions[1].parameters
        inside, old = rest[:count], rest[count:]
        self.values.update(zip(body.parameters, old, strict=True))
        inside = self.region(inner, body, now, inside)
        new = [
            inner.select(now, self.values[result], before, at) for result, before in zip(body.results, old, strict=True)
        ]
        again, inside = self.tested(inner, test, new, now, inside)
        regions[1].results = [self.both(inner, again, now, at), *inside, *new]
        given = builder.emit("loop", [running, *state, *carried], list(types), at, regions).results
        self.values.update(zip(operation.results, given[1 + count :], strict=True))
        return given[1 : 1 + count]

    def tested(
        self, builder: Builder, test: Region, carried: list[Value], active: Value | None, state: State
    ) -> tuple[Value, State]:
        """The condition of a loop for what it carries, and the state after it."""
        self.values.update(zip(test.parameters, carried, strict=True))
        state = self.region(builder, test, active, state)
        return self.values[test.results[0]], state
