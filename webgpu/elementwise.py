"""Kernels that compute each element on its own."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from .device import ALIGNMENT
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
from .dtypes import itemsize


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
        count = math.prod(box)
        if not count:
            continue
        at = [span.at(starts) for span in spans]
        extents, moves = coalesced(box, [span.strides for span in at])
        fields = Fields()
        fields.add("count", count)
        for axis, extent in enumerate(extents):
            fields.add(f"extent{axis}", extent)
        operands = Operands(fields)
        names = [f"x{index}" for index in range(len(program.leaves))]
        names += [f"y{index}" for index in range(len(outputs))]
        slots = [leaf.slot for leaf in program.leaves] + list(outputs)
        kinds = [leaf.kind for leaf in program.leaves] + program.outputs
        for number, name in enumerate(names):
            access = "read" if number < len(program.leaves) else "read_write"
            operands.add(name, slots[number], kinds[number], at[number], box, moves[number], access)
        add_scalars(fields, "s", program)

        def code(fields: Fields = fields, operands: Operands = operands, ndim: int = len(extents)) -> str:
            axes = [fields.text(f"extent{axis}") for axis in range(ndim)]
            lines, places = coordinates("index", axes, "c")
            arguments: list[str] = []
            for number, leaf in enumerate(program.leaves):
                arguments += loaded(names[number], leaf.kind, operands.index(names[number], number, places))
            arguments += scalar_texts(fields, "s", program)
            body = [
                f"let index = unit * {GROUP}u + lane;",
                f"if (index >= {fields.text('count')}) {{ return; }}",
                *lines,
                f"let result = element({', '.join(arguments)});",
            ]
            first = len(program.leaves)
            for number, scalars in enumerate(result_texts("result", program.outputs), first):
                place = operands.index(names[number], number, places)
                body.append(f"{names[number]}[{place}] = {storable(kinds[number], scalars)};")
            return shader(fields, operands, {"element": program.function()}, [], body)

        key = ("elementwise", program.key, tuple(operands.classes))
        groups = -(-count // GROUP)
        yield Dispatch(key, code, fields.packed(), operands.bindings, groups, operands.bytes_moved)
