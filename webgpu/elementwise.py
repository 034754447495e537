"""Kernels that compute each element on its own."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from .device import ALIGNMENT
from .dtypes import itemsize
from .layout import Shape, Span, boxes, coalesced, contiguous_strides
from .program import Program, Slot
from .shader import (
    GROUP,
    Dispatch,
    Fields,
    Operands,
    add_scalars,
    coordinates,
    loaded,
    result_texts,
    scalar_texts,
    shader,
    storable,
)


def elementwise_dispatches(
    program: Program, shape: Shape, outputs: Sequence[Slot], limit: int, targets: Sequence[Span] | None = None
) -> Iterator[Dispatch]:
    """Kernels that store a program's results over an index space.

    Parameters
    ----------
    program : Program
    shape : tuple of int
    outputs : sequence of Slot
    limit : int
        Bytes that a binding may have.
    targets : sequence of Span, optional
        How the outputs lie; contiguously by default.
    """
    if targets is None:
        targets = [Span(itemsize(kind), 0, contiguous_strides(shape)) for kind in program.outputs]
    spans = [*(leaf.span for leaf in program.leaves), *targets]
    for starts, box in boxes(shape, spans, limit, ALIGNMENT):
        if math.prod(box):
            yield _dispatch(program, box, outputs, [span.at(starts) for span in spans])


def _dispatch(program: Program, shape: Shape, outputs: Sequence[Slot], spans: Sequence[Span]) -> Dispatch:
    count = math.prod(shape)
    extents, moves = coalesced(shape, [span.strides for span in spans])
    fields = Fields()
    fields.add("count", count)
    for axis, extent in enumerate(extents):
        fields.add(f"extent{axis}", extent)
    operands = Operands(fields)
    inputs = len(program.leaves)
    names = [*(f"x{index}" for index in range(inputs)), *(f"y{index}" for index in range(len(outputs)))]
    slots = [*(leaf.slot for leaf in program.leaves), *outputs]
    kinds = [*(leaf.kind for leaf in program.leaves), *program.outputs]
    for number, name in enumerate(names):
        access = "read" if number < inputs else "read_write"
        operands.add(name, slots[number], kinds[number], spans[number], shape, moves[number], access)
    add_scalars(fields, "s", program)

    def code() -> str:
        axes = [fields.text(f"extent{axis}") for axis in range(len(extents))]
        lines, places = coordinates("index", axes, "c")
        arguments: list[str] = []
        for number in range(inputs):
            arguments += loaded(names[number], kinds[number], operands.index(names[number], number, places))
        arguments += scalar_texts(fields, "s", program)
        body = [
            f"let index = unit * {GROUP}u + lane;",
            f"if (index >= {fields.text('count')}) {{ return; }}",
            *lines,
            f"let result = element({', '.join(arguments)});",
        ]
        for number, scalars in enumerate(result_texts("result", program.outputs), inputs):
            place = operands.index(names[number], number, places)
            body.append(f"{names[number]}[{place}] = {storable(kinds[number], scalars)};")
        return shader(fields, operands, {"element": program.function()}, [], body)

    key = ("elementwise", program.key, tuple(operands.classes))
    return Dispatch(
        key, code, fields.packed(), operands.bindings, -(-count // GROUP), operands.bytes_moved, fields.numbers
    )
