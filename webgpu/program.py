"""What one kernel computes for one element: calls of element functions, fused into one function of IR."""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable, Sequence
from typing import Any

from .._kernels.language.builder import Builder
from .._kernels.language.compose import inline
from .._kernels.language.ir import Function, Location, Region, Value
from .._kernels.language.passes import simplify
from .._kernels.language.promotion import NumberType
from .dtypes import itemsize, parts
from .elements import Element, fields_of, made_of
from .graph import Constant, Map, Node, View
from .layout import Mapping, Shape, Span, broadcasting, compose, identity, mapped_strides
from .memory import Storage

_HERE = Location(__file__, 1)


class Slot:
    """A place for an array: a storage, or one that will be allocated when a kernel first writes it."""

    __slots__ = ("nbytes", "storage")

    def __init__(self, nbytes: int, storage: Storage | None = None) -> None:
        self.nbytes = nbytes
        self.storage = storage


class Placement:
    """Where a node's elements lie, or will lie."""

    __slots__ = ("offset", "slot", "strides")

    def __init__(self, slot: Slot, strides: Shape, offset: int) -> None:
        self.slot = slot
        self.strides = strides
        self.offset = offset


class Leaf:
    """An array that a kernel reads."""

    __slots__ = ("kind", "slot", "span")

    def __init__(self, slot: Slot, kind: NumberType, span: Span) -> None:
        self.slot = slot
        self.kind = kind
        self.span = span


Operand = tuple[str, int, int]  # "leaf" index, "scalar" index, "call" index and result, or "core"


class Program:
    """The function of one element that a kernel computes, over an index space.

    Attributes
    ----------
    leaves : list of Leaf
        Arrays, with strides along the axes of the index space.
    scalars : list of Constant
    core : NumberType or None
        Type of the element that the kernel itself gives: the sum of a reduction, the element of a product.
    outputs : list of NumberType
    """

    def __init__(
        self,
        outputs: Sequence[tuple[Node, Mapping]],
        ndim: int,
        placed: Callable[[Node], Placement | None],
        core: Node | None = None,
    ) -> None:
        self.ndim = ndim
        self.leaves: list[Leaf] = []
        self.scalars: list[Constant] = []
        self.calls: list[tuple[Element, tuple[Operand, ...]]] = []
        self.core = core.kind if core is not None else None
        self.outputs = [node.kind for node, _ in outputs]
        self._placed = placed
        self._core = core
        self._known: dict[Any, Operand] = {}
        self._visited: dict[Any, Operand] = {}
        self._alive: list[Any] = []
        self._results = tuple(self._operand(node, mapping) for node, mapping in outputs)
        del self._placed, self._core, self._known, self._visited, self._alive

    def _operand(self, node: Node, mapping: Mapping) -> Operand:
        found = self._visited.get((id(node), mapping))
        if found is None:
            found = self._visited[id(node), mapping] = self._visit(node, mapping)
            self._alive.append(node)
        return found

    def _visit(self, node: Node, mapping: Mapping) -> Operand:
        if node is self._core:
            return "core", 0, 0
        if isinstance(node, Constant):
            self.scalars.append(node)
            return "scalar", len(self.scalars) - 1, 0
        place = self._placed(node)
        if place is not None:
            return self._leaf(place, node.kind, mapping)
        if isinstance(node, View) and node.base is not None:
            return self._operand(node.base, compose(node.mapping, mapping))
        if isinstance(node, Map) and node.call is not None:
            call = node.call
            key = id(call), mapping
            if key not in self._known:
                operands = []
                for argument in call.arguments:
                    through = compose(broadcasting(argument.shape, node.shape), mapping)
                    operands.append(self._operand(argument, through))
                self.calls.append((call.element, tuple(operands)))
                self._known[key] = "call", len(self.calls) - 1, 0
            return "call", self._known[key][1], node.index
        raise AssertionError(f"{type(node).__name__} is not stored before its use")

    def _leaf(self, place: Placement, kind: NumberType, mapping: Mapping) -> Operand:
        strides, offset = mapped_strides(mapping, place.strides, place.offset, self.ndim)
        key = id(place.slot), strides, offset, kind
        if key not in self._known:
            self.leaves.append(Leaf(place.slot, kind, Span(itemsize(kind), offset, strides)))
            self._known[key] = "leaf", len(self.leaves) - 1, 0
        return self._known[key]

    @property
    def key(self) -> Hashable:
        """Equal keys mean equal functions."""
        return (
            tuple(leaf.kind for leaf in self.leaves),
            tuple(scalar.kind for scalar in self.scalars),
            self.core,
            tuple((element.key, operands) for element, operands in self.calls),
            self._results,
        )

    def with_core(self, place: Placement) -> Program:
        """The same function with the core read from memory."""
        assert self.core is not None
        read = "leaf", len(self.leaves), 0

        def replaced(operands: tuple[Operand, ...]) -> tuple[Operand, ...]:
            return tuple(read if operand[0] == "core" else operand for operand in operands)

        program = copy.copy(self)
        span = Span(itemsize(self.core), place.offset, place.strides)
        program.leaves = [*self.leaves, Leaf(place.slot, self.core, span)]
        program.calls = [(element, replaced(operands)) for element, operands in self.calls]
        program._results = replaced(self._results)
        program.core = None
        return program

    def function(self) -> Function:
        """The calls as one function of scalars: parts of leaves, of scalars, of the core."""
        body = Region()
        builder = Builder(body)

        def parameter(kind: NumberType) -> Value:
            scalars = [Value(part) for part in parts(kind)]
            body.parameters += scalars
            return made_of(builder, scalars, kind)

        values: dict[Operand, Value] = {}
        for index, leaf in enumerate(self.leaves):
            values["leaf", index, 0] = parameter(leaf.kind)
        for index, scalar in enumerate(self.scalars):
            values["scalar", index, 0] = parameter(scalar.kind)
        if self.core is not None:
            values["core", 0, 0] = parameter(self.core)
        for number, (element, operands) in enumerate(self.calls):
            given = inline(builder, element.function, [values[operand] for operand in operands])
            values.update({("call", number, index): value for index, value in enumerate(given)})
        for operand, kind in zip(self._results, self.outputs, strict=True):
            body.results += fields_of(builder, values[operand], kind)
        return simplify(Function("fused", body, _HERE))


def whole(nodes: Sequence[Node], placed: Callable[[Node], Placement | None], core: Node | None = None) -> Program:
    """The program of nodes of one shape over their own indices."""
    ndim = len(nodes[0].shape)
    return Program([(node, identity(ndim)) for node in nodes], ndim, placed, core)
