"""Which nodes are stored, and by which kernels.

Nodes are looked at from what is stored towards what is asked for. Each gets a *chain*: what a kernel that computes it
would read, and how much it would compute. A node is stored, which ends the chains that go through it, when

* it was asked for, is an operand of a matrix product, or is reshaped;
* an earlier plan computed it without storing it: what is needed twice is worth keeping;
* it goes to reductions, products or views as well as to others, and computing it again would read more than twice what
  it has, or apply more than 16 functions;
* it is repeated along an axis, and is more than 4 functions long;
* it contains a reduction or a matrix product, and does more than go through functions element by element: those
  functions are the tail of the reduction's or product's kernel;
* its kernel would have too many inputs, apply more than 64 functions, or be very long.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field

from .dtypes import itemsize
from .elements import cast
from .elementwise import elementwise_dispatches
from .graph import Call, Constant, Map, Matmul, Node, Reduce, Reshape, View
from .layout import contiguous_strides, identity, mapped_strides, reshaped_strides
from .product import matmul_dispatches
from .program import Leaf, Placement, Program, Slot, whole
from .reduction import Fold, reduction_dispatches
from .shader import Dispatch

_REPEATED_FUNCTIONS = 4
_RECOMPUTED_FUNCTIONS = 16
_FUSED_FUNCTIONS = 64
_FUSED_COST = 2500


@dataclass(frozen=True)
class Chain:
    """What a kernel that computes a node would do.

    Attributes
    ----------
    leaves : frozenset
        Stored nodes, each with the views through which it is read.
    calls : frozenset
        The functions that it applies.
    core : Node or None
        The reduction or product in it.
    """

    leaves: frozenset[tuple[Node, Hashable]]
    calls: frozenset[Call] = frozenset()
    core: Node | None = None

    @property
    def cost(self) -> int:
        """Operations of IR."""
        return sum(call.element.cost for call in self.calls)


@dataclass
class Step:
    """Kernels that store nodes of one shape.

    Attributes
    ----------
    nodes : list of Node
    slots : list of Slot
    program : Program
        Over the shape of the nodes.
    """

    nodes: list[Node]
    slots: list[Slot]
    program: Program

    def dispatches(self, limit: int) -> Iterator[Dispatch]:
        """The kernels, for a device whose bindings have at most so many bytes."""
        yield from elementwise_dispatches(self.program, self.nodes[0].shape, self.slots, limit)


@dataclass
class ReduceStep(Step):
    """A step whose program finishes what a reduction gives."""

    core: Reduce
    producer: Program
    base_shape: tuple[int, ...]

    def dispatches(self, limit: int) -> Iterator[Dispatch]:
        fold = Fold(self.core.kind, self.core.combine, self.core.identity)
        yield from reduction_dispatches(
            fold, self.base_shape, self.core.axes, self.producer, self.program, self.slots, limit
        )


@dataclass
class MatmulStep(Step):
    """A step whose program finishes the elements of a matrix product; ``shape`` is ``(..., m, n, k)``."""

    core: Matmul
    operands: list[Leaf]
    shape: tuple[int, ...]

    def dispatches(self, limit: int) -> Iterator[Dispatch]:
        yield from matmul_dispatches(self.core.kind, self.shape, self.operands, self.program, self.slots, limit)


@dataclass
class Plan:
    """Steps in order; nodes that lie in memory of others; nodes that are computed and not stored."""

    steps: list[Step] = field(default_factory=list)
    aliases: list[tuple[Node, Placement]] = field(default_factory=list)
    fused: list[Node] = field(default_factory=list)


def ordered(roots: Sequence[Node]) -> list[Node]:
    """What has to be computed for some nodes, arguments first."""
    done: set[Node] = set()
    order: list[Node] = []
    waiting: list[tuple[Node, bool]] = [(root, False) for root in reversed(roots)]
    while waiting:
        node, expanded = waiting.pop()
        if expanded:
            order.append(node)
            continue
        if node in done or node.storage is not None:
            continue
        done.add(node)
        waiting.append((node, True))
        waiting += [(argument, False) for argument in node.arguments]
    return order


class _Planner:
    def __init__(self, roots: Sequence[Node], buffers: int) -> None:
        self.roots = set(roots)
        self.buffers = buffers
        self.plan = Plan()
        self.placed: dict[Node, Placement] = {}
        self.chains: dict[Node, Chain] = {}
        self.slots: dict[int, Slot] = {}
        order = ordered(roots)
        self.consumers: dict[Node, list[Node]] = {node: [] for node in order}
        for node in order:
            for argument in dict.fromkeys(node.arguments):
                if argument in self.consumers:
                    self.consumers[argument].append(node)
        for node in order:
            if node not in self.placed:
                self.visit(node)
        self.plan.fused = [node for node in order if isinstance(node, Map) and node not in self.placed]

    def placement(self, node: Node) -> Placement | None:
        """Where a node lies; None if it is part of the kernels that need it."""
        found = self.placed.get(node)
        if found is None and node.storage is not None:
            storage = node.storage
            slot = self.slots.setdefault(id(storage), Slot(storage.nbytes, storage))
            found = self.placed[node] = Placement(slot, node.strides, node.offset)
        return found

    def chain(self, node: Node) -> Chain:
        if self.placement(node) is not None:
            return Chain(frozenset([(node, None)]))
        if isinstance(node, Constant):
            return Chain(frozenset())
        return self.chains[node]

    def visit(self, node: Node) -> None:
        match node:
            case View():
                self.visit_view(node)
            case Reshape():
                self.visit_reshape(node)
            case Reduce():
                self.visit_reduce(node)
            case Matmul():
                self.visit_matmul(node)
            case Map():
                self.visit_map(node)
        if node not in self.placed and not isinstance(node, Constant) and self.is_worth_storing(node):
            self.store(node)

    def is_worth_storing(self, node: Node) -> bool:
        chain, consumers = self.chains[node], self.consumers[node]
        if node in self.roots or (node.computed and not all(consumer.computed for consumer in consumers)):
            return True
        if chain.core is not None and len(consumers) > 1:
            return True
        alike = all(isinstance(consumer, Map) and consumer.shape == node.shape for consumer in consumers)
        if len(consumers) < 2 or alike or isinstance(node, View):
            return False
        again = sum(itemsize(leaf.kind) * leaf.size for leaf, _ in chain.leaves)
        return len(chain.calls) > _RECOMPUTED_FUNCTIONS or again > 2 * itemsize(node.kind) * node.size

    def alias(self, node: Node, place: Placement) -> None:
        self.placed[node] = place
        if node in self.roots or node.handles:
            self.plan.aliases.append((node, place))

    def visit_view(self, node: View) -> None:
        base = node.arguments[0]
        if self.placement(base) is None and not isinstance(base, Constant):
            chain = self.chains[base]
            if chain.core is not None or (base.size < node.size and len(chain.calls) > _REPEATED_FUNCTIONS):
                self.store(base)
        place = self.placement(base)
        if place is not None:
            strides, offset = mapped_strides(node.mapping, place.strides, place.offset, len(node.shape))
            self.alias(node, Placement(place.slot, strides, offset))
            return
        chain = self.chain(base)
        leaves = frozenset((leaf, (node.mapping, views)) for leaf, views in chain.leaves)
        self.chains[node] = Chain(leaves, chain.calls)

    def visit_reshape(self, node: Reshape) -> None:
        base = node.arguments[0]
        if self.placement(base) is None:
            self.store(base)
        place = self.placed[base]
        strides = reshaped_strides(base.shape, place.strides, node.shape)
        if strides is None:
            copy = copied(base)
            self.chains[copy] = Chain(self.chain(base).leaves)
            self.store(copy)
            place = self.placed[copy]
            strides = contiguous_strides(node.shape)
        self.alias(node, Placement(place.slot, strides, place.offset))

    def visit_reduce(self, node: Reduce) -> None:
        base = node.arguments[0]
        if self.placement(base) is None and self.chain(base).core is not None:
            self.store(base)
        # What the tail of the kernel reads as well is bound a second time.
        leaves = frozenset((leaf, ("folded", views)) for leaf, views in self.chain(base).leaves)
        self.chains[node] = Chain(leaves, core=node)

    def visit_matmul(self, node: Matmul) -> None:
        for operand in node.arguments:
            if self.placement(operand) is None:
                self.store(operand)
        self.chains[node] = Chain(frozenset((operand, side) for side, operand in enumerate(node.arguments)), core=node)

    def visit_map(self, node: Map) -> None:
        assert node.call is not None
        arguments = [item for item in dict.fromkeys(node.call.arguments) if not isinstance(item, Constant)]
        for argument in arguments:
            if self.placement(argument) is None:
                chain = self.chains[argument]
                repeated = argument.size < node.size and len(chain.calls) > _REPEATED_FUNCTIONS
                if repeated or (chain.core is not None and argument.shape != node.shape):
                    self.store(argument)
        while True:
            chains = {argument: self.chain(argument) for argument in arguments}
            cores = {chain.core for chain in chains.values() if chain.core is not None}
            joined = Chain(
                frozenset[tuple[Node, Hashable]]().union(*(chain.leaves for chain in chains.values())),
                frozenset([node.call]).union(*(chain.calls for chain in chains.values())),
                next(iter(cores), None),
            )
            self.chains[node] = joined
            fits = len(joined.leaves) < self.buffers and len(joined.calls) <= _FUSED_FUNCTIONS
            if fits and joined.cost <= _FUSED_COST and len(cores) <= 1:
                return
            candidates = [argument for argument in arguments if argument not in self.placed]
            if len(cores) > 1:
                candidates = [argument for argument in candidates if chains[argument].core is not None]
            if not candidates:
                return
            self.store(max(candidates, key=lambda item: (len(chains[item].leaves), len(chains[item].calls))))

    def store(self, node: Node) -> None:
        """Add the step that stores a node, and with it what comes at no cost and is held by something.

        That is the reduction or product that it is the tail of, and other results of its call.
        """
        chain = self.chain(node)
        nodes = [node]
        if chain.core not in (None, node) and chain.core.handles and len(chain.leaves) + 1 < self.buffers:
            nodes.append(chain.core)
        if isinstance(node, Map) and node.call is not None and chain.core is None:
            for reference in node.call.results:
                other = reference()
                room = len(chain.leaves) + len(nodes) < self.buffers
                if other is None or other is node or other in self.placed or not room:
                    continue
                if other.handles or other in self.consumers:
                    nodes.append(other)
        slots = [Slot(itemsize(item.kind) * math.prod(item.shape)) for item in nodes]
        program = whole(nodes, self.placement, chain.core)
        self.plan.steps.append(self.step(nodes, slots, program, chain.core))
        for item, slot in zip(nodes, slots, strict=True):
            self.placed[item] = Placement(slot, contiguous_strides(item.shape), 0)

    def step(self, nodes: list[Node], slots: list[Slot], program: Program, core: Node | None) -> Step:
        if isinstance(core, Reduce):
            base = core.arguments[0]
            return ReduceStep(nodes, slots, program, core, whole([base], self.placement), base.shape)
        if isinstance(core, Matmul):
            ndim = len(core.shape) + 1
            axes = identity(ndim)  # (..., m, n, k): the left operand has no n, the right one no m
            leaves = []
            for operand, used in zip(core.operands, ((-3, -1), (-1, -2)), strict=True):
                mapping = (*axes[: ndim - 3], *(axes[axis] for axis in used))
                leaves += Program([(operand, mapping)], ndim, self.placement).leaves
            return MatmulStep(nodes, slots, program, core, leaves, (*core.shape, core.operands[0].shape[-1]))
        return Step(nodes, slots, program)


def copied(base: Node) -> Map:
    """A node with the elements of another one, in row-major order once it is stored."""
    return Map(Call(cast(base.kind, base.kind), (base,)), 0, base.shape)


def make_plan(roots: Sequence[Node], buffers: int) -> Plan:
    """What stores some nodes.

    Parameters
    ----------
    roots : sequence of Node
    buffers : int
        Arrays that a kernel may bind.
    """
    return _Planner(roots, buffers).plan
