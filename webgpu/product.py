"""Matrix products: tiles of both operands in workgroup memory, a block of the result in the registers of each lane.

Operands are read where they lie, by strides, so that transposed ones are not copied; edges are tested.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from .._kernels.language.promotion import NumberType
from .device import ALIGNMENT
from .dtypes import itemsize
from .elementwise import elementwise_dispatches
from .layout import Shape, Span, boxes, coalesced, contiguous_strides
from .program import Leaf, Placement, Program, Slot
from .shader import (
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
    stored_type,
)

_LANES = 16  # lanes along each side of a tile: 256 in all
_DEPTH = 16  # rows of the right tile, columns of the left one


def _block(extent: int) -> int:
    """Elements of the result that a lane computes along a side; no more than the side is long."""
    return 4 if extent > 2 * _LANES else 2 if extent > _LANES else 1


def matmul_dispatches(
    kind: NumberType, shape: Shape, operands: Sequence[Leaf], finish: Program, outputs: Sequence[Slot], limit: int
) -> Iterator[Dispatch]:
    """Kernels that multiply stacks of matrices and store what a program makes of the elements.

    Parameters
    ----------
    kind : NumberType
    shape : tuple of int
        ``(..., m, n, k)``.
    operands : sequence of Leaf
        Both, with strides over `shape`.
    finish : Program
        Over ``(..., m, n)``.
    outputs : sequence of Slot
    limit : int
        Bytes that a binding may have.
    """
    result = shape[:-1]
    if not math.prod(result):
        return
    inputs = [leaf.span for leaf in operands]
    strides = contiguous_strides(result)
    ends = [leaf.span for leaf in finish.leaves] + [Span(itemsize(of), 0, strides) for of in finish.outputs]
    places = [(leaf.slot, leaf.kind) for leaf in finish.leaves]
    places += list(zip(outputs, finish.outputs, strict=True))
    work = []
    # Axes of the result are cut until one index along k fits, then k for each of those pieces.
    for starts, box in boxes(result, [*(span.along(len(result)) for span in inputs), *ends], limit, ALIGNMENT):
        at = [span.at((*starts, 0)) for span in inputs]
        work.append((starts, list(boxes((*box, shape[-1]), at, limit, ALIGNMENT, axes=[len(result)]))))
    if all(len(cuts) == 1 for _, cuts in work):
        for starts, cuts in work:
            leaves = [Leaf(leaf.slot, leaf.kind, leaf.span.at((*starts, 0))) for leaf in operands]
            target = [(*place, span.at(starts)) for place, span in zip(places, ends, strict=True)]
            yield _dispatch(kind, cuts[0][1], leaves, finish, target, accumulate=False)
        return
    # The sum over k takes several kernels: they add to a result that is finished afterwards.
    total = Slot(math.prod(result) * itemsize(kind))
    span = Span(itemsize(kind), 0, strides)
    for starts, cuts in work:
        for inner, cut in cuts:
            leaves = [Leaf(leaf.slot, leaf.kind, leaf.span.at((*starts, 0)).at(inner)) for leaf in operands]
            yield _dispatch(kind, cut, leaves, None, [(total, kind, span.at(starts))], accumulate=inner[-1] > 0)
    yield from elementwise_dispatches(finish.with_core(Placement(total, strides, 0)), result, outputs, limit)


def _dispatch(
    kind: NumberType,
    shape: Shape,
    leaves: Sequence[Leaf],
    finish: Program | None,
    target: Sequence[tuple[Slot, NumberType, Span]],
    accumulate: bool,
) -> Dispatch:
    *stack, m, n, k = shape
    spans = [leaf.span for leaf in leaves] + [span for *_, span in target]
    extents, moves = coalesced(stack, [span.strides[: len(stack)] for span in spans])
    blocks = _block(m), _block(n)
    tiles = tuple(-(-extent // (block * _LANES)) for extent, block in zip((m, n), blocks, strict=True))
    fields = Fields()
    for name, value in (("m", m), ("n", n), ("k", k), ("rows", tiles[0]), ("columns", tiles[1])):
        fields.add(name, value)
    fields.add("matrices", math.prod(extents))
    for axis, extent in enumerate(extents):
        fields.add(f"stack{axis}", extent)
    operands = Operands(fields)
    names = ["a", "b"]
    for number, leaf in enumerate(leaves):
        inner = leaf.span.strides[len(stack) :]
        moved = (*moves[number], inner[0], inner[2]) if number == 0 else (*moves[number], inner[2], inner[1])
        operands.add(names[number], leaf.slot, leaf.kind, leaf.span, shape, moved, "read")
    tail_leaves = len(finish.leaves) if finish is not None else 0
    for index, (slot, of, span) in enumerate(target):
        names.append(f"t{index}" if index < tail_leaves else f"y{index - tail_leaves}")
        moved = (*moves[2 + index], *span.strides[len(stack) :])
        operands.add(names[-1], slot, of, span, shape[:-1], moved, "read" if index < tail_leaves else "read_write")
    if finish is not None:
        add_scalars(fields, "u", finish)
    # Neighbouring lanes read neighbouring elements of the left operand.
    along_k = abs(leaves[0].span.strides[-1]) <= abs(leaves[0].span.strides[-3])

    def code() -> str:
        height, width = blocks[0] * _LANES, blocks[1] * _LANES
        element = stored_type(kind)
        zero = f"{element}()"
        stack_lines, stack_places = coordinates(
            "matrix", [fields.text(f"stack{axis}") for axis in range(len(extents))], "c"
        )
        none = ["", ""]
        bases = [
            f"let base_{name} = {operands.index(name, number, [*stack_places, *none])};"
            for number, name in enumerate(names)
        ]

        def index(name: str, row: str, column: str) -> str:
            number = names.index(name)
            return operands.index(name, number, [*[""] * len(stack_places), row, column], offset=f"base_{name}")

        pairs = [(i, j) for i in range(blocks[0]) for j in range(blocks[1])]
        left = ("slot % 16u", "slot / 16u") if along_k else (f"slot / {height}u", f"slot % {height}u")
        body = [
            f"let tile = unit % ({fields.text('rows')} * {fields.text('columns')});",
            f"let matrix = unit / ({fields.text('rows')} * {fields.text('columns')});",
            f"if (matrix >= {fields.text('matrices')}) {{ return; }}",
            *stack_lines,
            *bases,
            f"let top = tile / {fields.text('columns')} * {height}u;",
            f"let start = tile % {fields.text('columns')} * {width}u;",
            f"let row = lane / {_LANES}u;",
            f"let column = lane % {_LANES}u;",
            *(f"var sum{i}_{j} = {zero};" for i, j in pairs),
            f"for (var depth = 0u; depth < {fields.text('k')}; depth += {_DEPTH}u) {{",
            f"  for (var slot = lane; slot < {height * _DEPTH}u; slot += 256u) {{",
            f"    let inner = {left[0]};",
            f"    let outer = {left[1]};",
            f"    var value = {zero};",
            f"    if (top + outer < {fields.text('m')} && depth + inner < {fields.text('k')}) {{",
            f"      value = a[{index('a', '(top + outer)', '(depth + inner)')}];",
            "    }",
            f"    left[inner * {height}u + outer] = value;",
            "  }",
            f"  for (var slot = lane; slot < {width * _DEPTH}u; slot += 256u) {{",
            f"    let inner = slot / {width}u;",
            f"    let outer = slot % {width}u;",
            f"    var value = {zero};",
            f"    if (start + outer < {fields.text('n')} && depth + inner < {fields.text('k')}) {{",
            f"      value = b[{index('b', '(depth + inner)', '(start + outer)')}];",
            "    }",
            f"    right[inner * {width}u + outer] = value;",
            "  }",
            "  workgroupBarrier();",
            f"  for (var inner = 0u; inner < {_DEPTH}u; inner++) {{",
            *(f"    let a{i} = left[inner * {height}u + row + {i * _LANES}u];" for i in range(blocks[0])),
            *(f"    let b{j} = right[inner * {width}u + column + {j * _LANES}u];" for j in range(blocks[1])),
            *(f"    sum{i}_{j} += {_product(kind, f'a{i}', f'b{j}')};" for i, j in pairs),
            "  }",
            "  workgroupBarrier();",
            "}",
        ]
        functions = {}
        if finish is not None:
            functions["finish"] = finish.function()
        for i, j in pairs:
            body += [
                "{",
                f"  let at_row = top + row + {i * _LANES}u;",
                f"  let at_column = start + column + {j * _LANES}u;",
                f"  if (at_row < {fields.text('m')} && at_column < {fields.text('n')}) {{",
            ]
            value = f"sum{i}_{j}"
            if finish is None:
                place = f"y0[{index('y0', 'at_row', 'at_column')}]"
                body.append(f"    {place} = {f'{place} + ' if accumulate else ''}{value};")
            else:
                arguments: list[str] = []
                for number, leaf in enumerate(finish.leaves):
                    arguments += loaded(f"t{number}", leaf.kind, index(f"t{number}", "at_row", "at_column"))
                arguments += scalar_texts(fields, "u", finish)
                arguments += [f"{value}.x", f"{value}.y"] if kind.kind == "c" else [value]
                body.append(f"    let finished = finish({', '.join(arguments)});")
                for number, scalars in enumerate(result_texts("finished", finish.outputs)):
                    place = index(f"y{number}", "at_row", "at_column")
                    body.append(f"    y{number}[{place}] = {storable(finish.outputs[number], scalars)};")
            body += ["  }", "}"]
        shared = [
            f"var<workgroup> left: array<{element}, {height * _DEPTH}>;",
            f"var<workgroup> right: array<{element}, {width * _DEPTH}>;",
        ]
        return shader(fields, operands, functions, shared, body)

    key = (
        "matmul",
        kind,
        finish.key if finish is not None else accumulate,
        tuple(operands.classes),
        blocks,
        along_k,
    )
    groups = tiles[0] * tiles[1] * math.prod(extents)
    return Dispatch(key, code, fields.packed(), operands.bindings, groups, operands.bytes_moved, fields.numbers)


def _product(kind: NumberType, a: str, b: str) -> str:
    if kind.kind == "c":
        return f"vec2<f32>({a}.x * {b}.x - {a}.y * {b}.y, {a}.x * {b}.y + {a}.y * {b}.x)"
    return f"{a} * {b}"
