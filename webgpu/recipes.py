"""What a plan came to, for all graphs of the same structure: planning takes longer than running.

A graph is described by a key that holds all that a plan depends on: the kinds of its nodes and their order, shapes,
strides, which storages are the same, what somebody holds. Storages and numbers are not in it.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from .._kernels.language.builder import constant_bits
from .device import Binding, Device, Pipeline
from .dtypes import convert_scalar, parts
from .errors import DeviceLostError
from .graph import Call, Constant, Map, Matmul, Node, Reduce, Reshape, View
from .layout import Shape
from .memory import Storage
from .plan import Plan
from .program import Slot
from .shader import Dispatch, folded


@dataclass
class Description:
    """A graph: its key, its nodes by number, and the storages of those that are stored, by number."""

    key: Hashable
    nodes: list[Node]
    storages: list[Storage]


def described(roots: Sequence[Node]) -> Description:
    """The description of what has to be computed for some nodes."""
    numbers: dict[Node, int] = {}
    storages: dict[int, int] = {}
    held: list[Storage] = []
    calls: dict[Call, int] = {}
    texts: list[Hashable] = []
    waiting: list[tuple[Node, bool]] = [(root, False) for root in reversed(roots)]
    while waiting:
        node, expanded = waiting.pop()
        if node in numbers:
            continue
        storage = node.storage
        if storage is None and not expanded:
            waiting.append((node, True))
            waiting += [(argument, False) for argument in node.arguments]
            continue
        numbers[node] = len(numbers)
        if storage is not None:
            number = storages.setdefault(id(storage), len(held))
            if number == len(held):
                held.append(storage)
            texts.append((node.kind.kind, node.shape, node.strides, node.offset, number))
            continue
        flags = node.handles > 0, node.computed
        match node:
            case Constant():
                texts.append(node.kind.kind)
            case Map(call=Call() as call):
                number = calls.setdefault(call, len(calls))
                arguments = tuple([numbers[argument] for argument in call.arguments])
                texts.append((call.element, number, arguments, node.index, node.shape, flags))
                if len(call.element.results) > 1:  # others may be stored with it
                    others = [other for other in (result() for result in call.results) if other is not None]
                    waiting += [(other, False) for other in others if other.handles and other.storage is None]
            case View():
                texts.append(("view", numbers[node.arguments[0]], node.mapping, node.shape, flags))
            case Reshape():
                texts.append(("reshape", numbers[node.arguments[0]], node.shape, flags))
            case Reduce():
                texts.append((node.combine, numbers[node.arguments[0]], node.axes, node.identity, flags))
            case Matmul():
                texts.append(("matmul", *(numbers[operand] for operand in node.operands), flags))
    key = tuple(texts), tuple([numbers[root] for root in roots])
    return Description(key, list(numbers), held)


@dataclass
class Action:
    """One dispatch, and what is known after it.

    Attributes
    ----------
    pipeline, parameters, groups
        As for `Device.dispatch`; the words of numbers are filled in.
    bindings : list of (int, int, int)
        Number of the slot, offset, bytes.
    numbers : list of (int, int, int)
        Word of the parameters, number of the node that gives it, and which of its words it is.
    """

    pipeline: Pipeline
    parameters: bytes
    groups: tuple[int, int, int]
    bindings: list[tuple[int, int, int]]
    numbers: list[tuple[int, int, int]]


@dataclass
class Stage:
    """The actions of a step, the nodes that lie in slots after it, and the slots that are done with."""

    actions: list[Action]
    outputs: list[tuple[int, int]]
    done: list[int] = field(default_factory=list)


@dataclass
class Recipe:
    """A plan without its nodes: those are numbers. Slots are storages of the graph first, then new ones.

    Attributes
    ----------
    stages : list of Stage
    sizes : list of int
        Bytes of the new slots.
    aliases : list of (int, int, Shape, int)
        Nodes, and the slot, strides and offset where they lie.
    fused : list of int
        Nodes that are computed and not stored.
    """

    stages: list[Stage]
    sizes: list[int]
    aliases: list[tuple[int, int, Shape, int]]
    fused: list[int]


def written(plan: Plan, description: Description, device: Device) -> Recipe:
    """A plan as a recipe; compiles what is not compiled yet."""
    numbers = {node: number for number, node in enumerate(description.nodes)}
    given = {id(storage): number for number, storage in enumerate(description.storages)}
    slots: dict[Slot, int] = {}
    sizes: list[int] = []

    def slot_number(slot: Slot) -> int:
        if slot.storage is not None:
            return given[id(slot.storage)]
        number = slots.setdefault(slot, len(given) + len(sizes))
        if number == len(given) + len(sizes):
            sizes.append(slot.nbytes)
        return number

    stages = []
    last: dict[int, Stage] = {}
    for step in plan.steps:
        actions = []
        for item in step.dispatches(device.largest_binding):
            pipeline = device.pipeline(item.key, item.code)
            bindings = [(slot_number(slot), offset, -(-nbytes // 4) * 4) for slot, offset, nbytes in item.bindings]
            words = [(place, numbers[constant], index) for place, constant, index in item.numbers]
            actions.append(Action(pipeline, item.parameters, folded(item.groups), bindings, words))
        pairs = [(node, slot_number(slot)) for node, slot in zip(step.nodes, step.slots, strict=True)]
        # Copies that the plan made are nobody's nodes.
        stage = Stage(actions, [(numbers[node], slot) for node, slot in pairs if node in numbers])
        stages.append(stage)
        used = {slot for action in actions for slot, *_ in action.bindings} | {slot for _, slot in pairs}
        last.update(dict.fromkeys(used, stage))
    aliases = [(numbers[node], slot_number(at.slot), at.strides, at.offset) for node, at in plan.aliases]
    kept = {slot for _, slot, *_ in aliases}
    for slot, stage in last.items():
        if slot not in kept:
            stage.done.append(slot)
    return Recipe(stages, sizes, aliases, [numbers[node] for node in plan.fused])


def run(recipe: Recipe, description: Description, device: Device) -> None:
    """Record a recipe's kernels, and let the nodes know where they lie."""
    if any(storage.pool is not device.pool for storage in description.storages):
        raise DeviceLostError("the WebGPU device of an array is lost; make the array anew with asarray")
    storages: list[Storage | None] = [*description.storages, *(None for _ in recipe.sizes)]
    first = len(description.storages)
    nodes = dict(enumerate(description.nodes))
    # Nothing but the graph shall keep nodes and storages that are done with.
    description.nodes.clear()
    description.storages.clear()
    words: dict[int, list[int]] = {}
    wanted = {number for stage in recipe.stages for number, _ in stage.outputs}
    wanted.update(number for number, *_ in recipe.aliases)
    for number in recipe.fused:
        nodes[number].computed = True
    for number in list(nodes):
        node = nodes[number]
        if isinstance(node, Constant):
            words[number] = constant_words(node)
        if number not in wanted:
            del nodes[number]
        del node

    def storage(slot: int) -> Storage:
        found = storages[slot]
        if found is None:
            found = storages[slot] = device.allocate(recipe.sizes[slot - first])
        return found

    for stage in recipe.stages:
        for action in stage.actions:
            bindings = [Binding(storage(slot), offset, nbytes) for slot, offset, nbytes in action.bindings]
            numbers = [(place, words[number][index]) for place, number, index in action.numbers]
            parameters = filled(action.parameters, numbers)
            device.dispatch(action.pipeline, parameters, bindings, action.groups)
            del bindings
        for number, slot in stage.outputs:
            nodes.pop(number).put(storage(slot))
        for slot in stage.done:
            storages[slot] = None
    for number, slot, strides, offset in recipe.aliases:
        nodes[number].put(storage(slot), strides, offset)


def filled(parameters: bytes, numbers: Sequence[tuple[int, int]]) -> bytes:
    """Parameters with some of their words."""
    if not numbers:
        return parameters
    result = bytearray(parameters)
    for place, word in numbers:
        result[4 * place : 4 * place + 4] = word.to_bytes(4, "little")
    return bytes(result)


def record(item: Dispatch, device: Device) -> None:
    """Record one dispatch whose slots have storages."""
    bindings = []
    for slot, offset, nbytes in item.bindings:
        assert slot.storage is not None
        bindings.append(Binding(slot.storage, offset, -(-nbytes // 4) * 4))
    numbers = [(place, constant_words(constant)[index]) for place, constant, index in item.numbers]
    pipeline = device.pipeline(item.key, item.code)
    device.dispatch(pipeline, filled(item.parameters, numbers), bindings, folded(item.groups))


def constant_words(node: Constant) -> list[int]:
    """A number as words of 32 bits, one for each part."""
    value = convert_scalar(node.value, node.kind)
    numbers = [value.real, value.imag] if node.kind.kind == "c" else [value]
    return [constant_bits(number, part) for number, part in zip(numbers, parts(node.kind), strict=True)]
