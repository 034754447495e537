"""The lazy graph: immutable nodes that say how an array is computed, until it is.

A node that has been computed holds its storage and forgets what it was made of. Nodes know no device; devices enter
with the storages of the arrays that were uploaded.
"""

from __future__ import annotations

import math
import weakref
from collections.abc import Sequence
from typing import Any

from .._kernels.language.promotion import NumberType
from .elements import Element
from .layout import (
    Axis,
    Mapping,
    Shape,
    broadcasting,
    compose,
    contiguous_strides,
    identity,
    is_contiguous,
    mapped_strides,
    reshaped_strides,
)
from .memory import Storage


class Node:
    """One array of the graph.

    Attributes
    ----------
    shape : tuple of int
    kind : NumberType
    storage : Storage or None
        Where the elements are, once they are.
    strides, offset : tuple of int, int
        How they lie there, in elements.
    handles : int
        Device arrays that hold the node.
    computed : bool
        Whether a kernel has computed the node without storing it.
    pending : int
        An upper bound of the longest way to what is stored.
    """

    __slots__ = ("__weakref__", "computed", "handles", "kind", "offset", "pending", "shape", "storage", "strides")

    def __init__(self, shape: Shape, kind: NumberType, arguments: Sequence[Node] = ()) -> None:
        self.shape = shape
        self.kind = kind
        self.storage: Storage | None = None
        self.strides: Shape = ()
        self.offset = 0
        self.handles = 0
        self.computed = False
        self.pending: int = 1 + max((argument.pending for argument in arguments), default=-1)

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    @property
    def arguments(self) -> Sequence[Node]:
        """The nodes that this one is computed from."""
        return ()

    def put(self, storage: Storage, strides: Shape | None = None, offset: int = 0) -> None:
        """The node is computed: its elements lie here."""
        self.strides = contiguous_strides(self.shape) if strides is None else strides
        self.offset = offset
        self.pending = 0
        self.storage = storage  # last: other threads may look at the node
        self.forget()

    def forget(self) -> None:
        """Let go of what the node was computed from."""


class Stored(Node):
    """An array that lies in a storage from the start."""

    __slots__ = ()

    def __init__(
        self, storage: Storage, shape: Shape, kind: NumberType, strides: Shape | None = None, offset: int = 0
    ) -> None:
        super().__init__(shape, kind)
        self.put(storage, strides, offset)


class Constant(Node):
    """A number, of shape ``()``: it goes to shaders as a parameter."""

    __slots__ = ("value",)

    def __init__(self, value: Any, kind: NumberType) -> None:
        super().__init__((), kind)
        self.value = value


class Call:
    """An element function applied to arrays that broadcast; its results share it."""

    __slots__ = ("arguments", "element", "results")

    def __init__(self, element: Element, arguments: tuple[Node, ...]) -> None:
        self.element = element
        self.arguments = arguments
        self.results: list[weakref.ref[Map]] = []


class Map(Node):
    """One result of a call."""

    __slots__ = ("call", "index")

    def __init__(self, call: Call, index: int, shape: Shape) -> None:
        super().__init__(shape, call.element.results[index], call.arguments)
        self.call: Call | None = call
        self.index = index
        call.results.append(weakref.ref(self))

    @property
    def arguments(self) -> Sequence[Node]:
        call = self.call
        return call.arguments if call is not None else ()

    def forget(self) -> None:
        self.call = None


class View(Node):
    """Some elements of another node, by an index of its own for each axis of that node."""

    __slots__ = ("base", "mapping")

    def __init__(self, base: Node, mapping: Mapping, shape: Shape) -> None:
        super().__init__(shape, base.kind, (base,))
        self.base: Node | None = base
        self.mapping = mapping

    @property
    def arguments(self) -> Sequence[Node]:
        base = self.base
        return (base,) if base is not None else ()

    def forget(self) -> None:
        self.base = None


class Reshape(Node):
    """The elements of another node in row-major order, in another shape. The other node is stored first."""

    __slots__ = ("base",)

    def __init__(self, base: Node, shape: Shape) -> None:
        super().__init__(shape, base.kind, (base,))
        self.base: Node | None = base

    @property
    def arguments(self) -> Sequence[Node]:
        base = self.base
        return (base,) if base is not None else ()

    def forget(self) -> None:
        self.base = None


class Reduce(Node):
    """Axes of another node folded with an element function of two operands; the axes disappear."""

    __slots__ = ("axes", "base", "combine", "identity")

    def __init__(self, base: Node, combine: Element, identity: Any, axes: tuple[int, ...]) -> None:
        shape = tuple(extent for axis, extent in enumerate(base.shape) if axis not in axes)
        super().__init__(shape, base.kind, (base,))
        self.base: Node | None = base
        self.combine = combine
        self.identity = identity
        self.axes = axes

    @property
    def arguments(self) -> Sequence[Node]:
        base = self.base
        return (base,) if base is not None else ()

    def forget(self) -> None:
        self.base = None


class Matmul(Node):
    """Matrix products of stacks of equal shape: ``(..., m, k)`` and ``(..., k, n)``."""

    __slots__ = ("operands",)

    def __init__(self, x: Node, y: Node) -> None:
        super().__init__((*x.shape[:-1], y.shape[-1]), x.kind, (x, y))
        self.operands: tuple[Node, ...] = (x, y)

    @property
    def arguments(self) -> Sequence[Node]:
        return self.operands

    def forget(self) -> None:
        self.operands = ()


def view(base: Node, mapping: Mapping, shape: Shape) -> Node:
    """A view; of what is stored, without a node in between."""
    if shape == base.shape and mapping == identity(len(shape)):
        return base
    if base.storage is not None:
        strides, offset = mapped_strides(mapping, base.strides, base.offset, len(shape))
        return Stored(base.storage, shape, base.kind, strides, offset)
    if isinstance(base, View):
        inner = base.base
        return View(base, mapping, shape) if inner is None else view(inner, compose(base.mapping, mapping), shape)
    if isinstance(base, Constant):
        return base if not shape else View(base, (), shape)
    return View(base, mapping, shape)


def broadcast(base: Node, shape: Shape) -> Node:
    """An array repeated to a shape that it broadcasts to."""
    return view(base, broadcasting(base.shape, shape), shape)


def permute(base: Node, axes: Sequence[int]) -> Node:
    """An array with its axes in another order."""
    mapping = tuple(Axis(0, 1, axes.index(axis)) for axis in range(len(axes)))
    return view(base, mapping, tuple(base.shape[axis] for axis in axes))


def reshape(base: Node, shape: Shape) -> Node:
    """The elements in row-major order in another shape of the same size."""
    if shape == base.shape:
        return base
    if base.storage is not None:
        strides = reshaped_strides(base.shape, base.strides, shape)
        if strides is not None:
            return Stored(base.storage, shape, base.kind, strides, base.offset)
    old = [axis for axis, extent in enumerate(base.shape) if extent != 1]
    new = [axis for axis, extent in enumerate(shape) if extent != 1]
    if [base.shape[axis] for axis in old] == [shape[axis] for axis in new]:
        # Only axes of length 1 come or go.
        mapping = [Axis(0, 0, -1)] * len(base.shape)
        for source, place in zip(old, new, strict=True):
            mapping[source] = Axis(0, 1, place)
        return view(base, tuple(mapping), shape)
    return Reshape(base, shape)


def lies_contiguously(node: Node) -> bool:
    """Whether a stored node has its elements in row-major order from its offset on."""
    return node.storage is not None and is_contiguous(node.shape, node.strides)
