"""Runs plans, and tells what they would do."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from .device import MAXIMUM_BINDINGS, Binding, Device, current_device
from .dtypes import itemsize
from .elementwise import elementwise_dispatches
from .errors import DeviceLostError
from .graph import Node
from .layout import Mapping, Span, mapped_strides
from .memory import Storage
from .plan import copied, make_plan
from .program import Placement, Slot, whole
from .shader import Dispatch, folded

# What lies between a device's limit and the shader: the default of the specification where the device does not say.
_DEFAULT_BUFFERS = 8


def buffers_of(device: Device) -> int:
    """Arrays that a kernel may bind."""
    return min(MAXIMUM_BINDINGS, device.gpu.limits.get("max-storage-buffers-per-shader-stage", _DEFAULT_BUFFERS))


def realize(roots: Sequence[Node], device: Device | None = None) -> None:
    """Record the kernels that store some nodes; nothing waits for them."""
    if all(root.storage is not None for root in roots):
        return
    device = current_device() if device is None else device
    with device.lock:
        _realize([root for root in roots if root.storage is None], device)


def _realize(missing: list[Node], device: Device) -> None:
    plan = make_plan(missing, buffers_of(device))
    for node in plan.fused:
        node.computed = True
    steps = deque(plan.steps)
    aliases = plan.aliases
    del plan
    while steps:
        step = steps.popleft()
        for item in step.dispatches(device.largest_binding):
            _record(device, item)
        for node, slot in zip(step.nodes, step.slots, strict=True):
            node.put(_storage(device, slot))
    for node, place in aliases:
        node.put(_storage(device, place.slot), place.strides, place.offset)


def _record(device: Device, item: Dispatch) -> None:
    pipeline = device.pipeline(item.key, item.code)
    bindings = [Binding(_storage(device, slot), offset, -(-nbytes // 4) * 4) for slot, offset, nbytes in item.bindings]
    device.dispatch(pipeline, item.parameters, bindings, folded(item.groups))


def _storage(device: Device, slot: Slot) -> Storage:
    if slot.storage is None:
        slot.storage = device.allocate(slot.nbytes)
    elif slot.storage.pool is not device.pool:
        raise DeviceLostError("the WebGPU device of an array is lost; make the array anew with asarray")
    return slot.storage


@dataclass(frozen=True)
class Explanation:
    """What computing an array takes.

    Attributes
    ----------
    dispatches : int
        Runs of shaders.
    bytes_moved : int
        Bytes that they read and write, each element of an operand counted once per dispatch.
    wgsl : list of str
        The shader of each dispatch.
    """

    dispatches: int
    bytes_moved: int
    wgsl: list[str]

    def __str__(self) -> str:
        head = f"{self.dispatches} dispatches, {self.bytes_moved} bytes moved"
        return "\n\n".join([head, *(f"// dispatch {number}\n{code}" for number, code in enumerate(self.wgsl, 1))])


def explain(roots: Sequence[Node]) -> Explanation:
    """What `realize` would do, without doing it."""
    missing = [root for root in roots if root.storage is None]
    device = current_device()
    steps = make_plan(missing, buffers_of(device)).steps
    items = [item for step in steps for item in step.dispatches(device.largest_binding)]
    return Explanation(len(items), sum(item.bytes_moved for item in items), [item.code() for item in items])


def write_into(base: Node, mapping: Mapping, value: Node) -> Node:
    """A new node with the elements of another, but for those that a mapping selects.

    Parameters
    ----------
    base : Node
    mapping : Mapping
        From the indices of `value` to those of `base`.
    value : Node
        Of the same type.
    """
    device = current_device()
    with device.lock:
        result = copied(base)
        realize([result, value], device)
        assert result.storage is not None
        strides, offset = mapped_strides(mapping, result.strides, result.offset, len(value.shape))
        stored = [node for node in (result, value) if node.storage is not None]
        slots = {id(node): Slot(node.storage.nbytes, node.storage) for node in stored}  # type: ignore[union-attr]

        def placed(node: Node) -> Placement | None:
            return Placement(slots[id(node)], node.strides, node.offset) if id(node) in slots else None

        program = whole([value], placed)
        target = Span(itemsize(value.kind), offset, strides)
        for item in elementwise_dispatches(program, value.shape, [slots[id(result)]], device.largest_binding, [target]):
            _record(device, item)
    return result
