"""Runs plans, and tells what they would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .device import MAXIMUM_BINDINGS, Device, current_device
from .dtypes import itemsize
from .elementwise import elementwise_dispatches
from .graph import Node
from .layout import Mapping, Span, mapped_strides
from .plan import copied, make_plan
from .program import Placement, Slot, whole
from .recipes import described, record, run, written

_MOST_RECIPES = 500
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
    description = described(missing)
    buffers = buffers_of(device)
    key = description.key, buffers, device.largest_binding
    recipe = device.recipes.get(key)
    if recipe is None:
        if len(device.recipes) >= _MOST_RECIPES:
            device.recipes.clear()
        recipe = device.recipes[key] = written(make_plan(missing, buffers), description, device)
    run(recipe, description, device)


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

        target = Span(itemsize(value.kind), offset, strides)
        slot = slots[id(result)]
        for item in elementwise_dispatches(
            whole([value], placed), value.shape, [slot], device.largest_binding, [target]
        ):
            record(item, device)
    return result
