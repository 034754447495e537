"""Kernels that fold axes: sums, products, extremes, any and all.

A workgroup computes some outputs with some lanes each. Lanes fold what lies a stride apart, in blocks of 64, and a tree
in workgroup memory folds the lanes; when there are too few outputs to fill a device, several workgroups fold parts of
one output, and a second kernel folds the parts. The order follows from the shapes alone, so that results do not change
from run to run.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .._kernels.language.builder import constant_bits
from .._kernels.language.promotion import NumberType
from .device import ALIGNMENT
from .dtypes import itemsize, parts
from .elements import Element, flat_function
from .layout import Shape, Span, boxes, coalesced, contiguous_strides, halves
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
    word_as,
)

_BLOCK = 64  # elements that a lane folds before it folds the result into its total
_ENOUGH_GROUPS = 64  # below, a long output is worth several workgroups
_WANTED_GROUPS = 256
_LONG = 256  # elements for each lane from which on a second kernel costs less than it saves
_PER_LANE = 32  # elements that a lane should fold at least when there are several workgroups


@dataclass(frozen=True)
class Fold:
    """What is folded, apart from where it lies.

    Attributes
    ----------
    kind : NumberType
    combine : Element
    identity : tuple
        Numbers, one for each part of an element.
    """

    kind: NumberType
    combine: Element
    identity: tuple[float | int | bool, ...]


@dataclass(frozen=True)
class _Source:
    """Arrays that are folded, over the kept axes, then the folded ones; and the function that they pass through."""

    leaves: list[tuple[Slot, NumberType, Span]]
    program: Program | None


@dataclass(frozen=True)
class _Target:
    """Where results go: outputs of a program over the kept axes, or the parts from ``first`` on, of ``total``."""

    program: Program | None
    slots: list[tuple[Slot, NumberType, Span]]
    first: int = 0
    total: int = 1
    parts: int = 1


@dataclass(frozen=True)
class _Lanes:
    """How a workgroup is divided: ``outputs * each`` lanes; in rows, lanes of an output are neighbours."""

    outputs: int
    each: int
    rows: bool


def _power_of_two(n: int) -> int:
    return 1 << max(n - 1, 0).bit_length()


def _lanes(outputs: int, length: int, kept_stride: int, folded_stride: int) -> _Lanes:
    """Neighbouring lanes read neighbouring elements, and there are lanes enough for few outputs."""
    if outputs == 1 or kept_stride == 0 or folded_stride < kept_stride:
        each = min(GROUP, _power_of_two(length))
        return _Lanes(GROUP // each, each, True)
    each = 1 if outputs >= GROUP * _ENOUGH_GROUPS else min(8, _power_of_two(length))
    return _Lanes(GROUP // each, each, False)


def _parts(outputs: int, length: int, lanes: _Lanes) -> int:
    groups = -(-outputs // lanes.outputs)
    if groups >= _ENOUGH_GROUPS or length <= lanes.each * _LONG:
        return 1
    return max(1, min(-(-length // (lanes.each * _PER_LANE)), -(-_WANTED_GROUPS // groups)))


def _inner_strides(spans: Sequence[Span], kept: Shape, folded: Shape) -> tuple[int, int]:
    """The smallest steps of the largest operand along kept and along folded axes."""
    if not spans:
        return 0, 0
    largest = max(spans, key=lambda span: span.elements((*kept, *folded)))
    moves = [
        [abs(stride) for stride, extent in zip(strides, shape, strict=True) if extent > 1 and stride]
        for strides, shape in ((largest.strides[: len(kept)], kept), (largest.strides[len(kept) :], folded))
    ]
    return min(moves[0], default=0), min(moves[1], default=0)


def reduction_dispatches(
    fold: Fold,
    shape: Shape,
    axes: tuple[int, ...],
    producer: Program,
    finish: Program,
    outputs: Sequence[Slot],
    limit: int,
) -> Iterator[Dispatch]:
    """Kernels that fold what a program gives, and store what another one makes of the results.

    Parameters
    ----------
    fold : Fold
    shape : tuple of int
        Of what is folded.
    axes : tuple of int
        Folded ones.
    producer : Program
        Over `shape`.
    finish : Program
        Over the kept axes.
    outputs : sequence of Slot
    limit : int
        Bytes that a binding may have.
    """
    kept_axes = [axis for axis in range(len(shape)) if axis not in axes]
    spans = [leaf.span for leaf in producer.leaves]
    # Far steps first: neighbouring indices are neighbours in memory.
    folded_axes = sorted(axes, key=lambda axis: -max((abs(span.strides[axis]) for span in spans), default=0))
    order = [*kept_axes, *folded_axes]
    kept = tuple(shape[axis] for axis in kept_axes)
    folded = tuple(shape[axis] for axis in folded_axes)
    spans = [Span(span.itemsize, span.offset, tuple(span.strides[axis] for axis in order)) for span in spans]
    strides = contiguous_strides(kept)
    ends = [leaf.span for leaf in finish.leaves] + [Span(itemsize(kind), 0, strides) for kind in finish.outputs]
    slots = [leaf.slot for leaf in finish.leaves] + list(outputs)
    kinds = [leaf.kind for leaf in finish.leaves] + finish.outputs

    # Kept axes are cut until one index of the folded ones fits, the folded ones for each of those pieces.
    along_kept = [*(span.along(len(kept)) for span in spans), *ends]
    waiting = list(boxes(kept, along_kept, limit, ALIGNMENT))[::-1]
    while waiting:
        starts, here = waiting.pop()
        count = math.prod(here)
        if not count:
            continue
        start = (*starts, *(0 for _ in folded))
        cuts = []
        pieces = boxes(
            (*here, *folded), [span.at(start) for span in spans], limit, ALIGNMENT, axes=range(len(kept), len(shape))
        )
        for inner, piece in pieces:
            at = [span.at(start).at(inner) for span in spans]
            cut = piece[len(kept) :]
            lanes = _lanes(count, math.prod(cut), *_inner_strides(at, here, cut))
            cuts.append((at, cut, lanes, _parts(count, math.prod(cut), lanes)))
        total = sum(number for *_, number in cuts)
        if total > 1 and count > 1 and count * total * itemsize(fold.kind) > limit:
            waiting += halves(starts, here, max(range(len(here)), key=lambda axis: here[axis]))[::-1]
            continue
        end = [(slot, kind, span.at(starts)) for slot, kind, span in zip(slots, kinds, ends, strict=True)]
        source_leaves = [(leaf.slot, leaf.kind) for leaf in producer.leaves]
        partial = Slot(count * total * itemsize(fold.kind))
        first = 0
        for at, cut, lanes, number in cuts:
            leaves = [(slot, kind, span) for (slot, kind), span in zip(source_leaves, at, strict=True)]
            if total == 1:
                target = _Target(finish, end)
            else:
                moves = tuple(stride * total for stride in contiguous_strides(here))
                place = (partial, fold.kind, Span(itemsize(fold.kind), 0, moves))
                target = _Target(None, [place], first, total, number)
            yield _dispatch(fold, here, cut, _Source(leaves, producer), target, lanes)
            first += number
        if total > 1:
            moves = (*(stride * total for stride in contiguous_strides(here)), 1)
            leaf = (partial, fold.kind, Span(itemsize(fold.kind), 0, moves))
            lanes = _lanes(count, total, total, 1)
            yield _dispatch(fold, here, (total,), _Source([leaf], None), _Target(finish, end), lanes)


def _dispatch(fold: Fold, kept: Shape, folded: Shape, source: _Source, target: _Target, lanes: _Lanes) -> Dispatch:
    count, length = math.prod(kept), math.prod(folded)
    given = [span.strides for *_, span in source.leaves]
    kept_extents, kept_moves = coalesced(
        kept, [*(moves[: len(kept)] for moves in given), *(span.strides for *_, span in target.slots)]
    )
    folded_extents, folded_moves = coalesced(folded, [moves[len(kept) :] for moves in given])
    fields = Fields()
    fields.add("count", count)
    fields.add("length", length)
    fields.add("parts", target.parts)
    fields.add("part_length", -(-length // target.parts))
    fields.add("first", target.first)
    fields.add("total", target.total)
    scalars = parts(fold.kind)
    for index, (value, scalar) in enumerate(zip(fold.identity, scalars, strict=True)):
        fields.add(f"identity{index}", constant_bits(value, scalar))
    for axis, extent in enumerate(kept_extents):
        fields.add(f"kept{axis}", extent)
    for axis, extent in enumerate(folded_extents):
        fields.add(f"folded{axis}", extent)
    operands = Operands(fields)
    number_of_sources = len(source.leaves)
    names = [f"x{index}" for index in range(number_of_sources)]
    for number, (slot, kind, span) in enumerate(source.leaves):
        moves = [*kept_moves[number], *folded_moves[number]]
        operands.add(names[number], slot, kind, span, (*kept, *folded), moves, "read")
    tail_leaves = len(target.program.leaves) if target.program is not None else 0
    for index, (slot, kind, span) in enumerate(target.slots):
        number = number_of_sources + index
        names.append(f"t{index}" if index < tail_leaves else f"y{index - tail_leaves}")
        access = "read" if index < tail_leaves else "read_write"
        if target.program is None:  # every output has ``total`` parts
            whole = Span(span.itemsize, 0, (*span.strides, 1))
            operands.add(names[number], slot, kind, whole, (*kept, target.total), kept_moves[number], access)
        else:
            operands.add(names[number], slot, kind, span, kept, kept_moves[number], access)
    if source.program is not None:
        add_scalars(fields, "s", source.program)
    if target.program is not None:
        add_scalars(fields, "u", target.program)

    def code() -> str:
        functions = {"combine": flat_function(fold.combine, [fold.kind, fold.kind])}
        kept_lines, kept_places = coordinates(
            "output", [fields.text(f"kept{axis}") for axis in range(len(kept_extents))], "k"
        )
        folded_lines, folded_places = coordinates(
            "at", [fields.text(f"folded{axis}") for axis in range(len(folded_extents))], "f"
        )
        none = [""] * len(folded_places)
        bases, arguments = [], []
        for number, (_, kind, _) in enumerate(source.leaves):
            name = names[number]
            bases.append(f"let base_{name} = {operands.index(name, number, [*kept_places, *none])};")
            inner = operands.index(name, number, [*[""] * len(kept_places), *folded_places], offset=f"base_{name}")
            arguments += loaded(name, kind, inner)
        if source.program is None:
            produced = arguments
            produce: list[str] = []
        else:
            functions["produce"] = source.program.function()
            arguments += scalar_texts(fields, "s", source.program)
            produce = [f"let produced = produce({', '.join(arguments)});"]
            produced = result_texts("produced", [fold.kind])[0]
        types = [scalar.name for scalar in scalars]
        width = range(len(scalars))
        start = word_as(fold.kind, [fields.text(f"identity{index}") for index in width])
        combined = result_texts("both", [fold.kind])[0]

        def folding(variable: str, value: Sequence[str], indent: str) -> list[str]:
            given = ", ".join([*(f"{variable}{index}" for index in width), *value])
            return [
                f"{indent}let both = combine({given});",
                *(f"{indent}{variable}{index} = {combined[index]};" for index in width),
            ]

        def variables(prefix: str, indent: str) -> list[str]:
            return [f"{indent}var {prefix}{index}: {types[index]} = {start[index]};" for index in width]

        step = 1 if lanes.rows else lanes.outputs
        inner, outer = ("%", "/") if lanes.rows else ("/", "%")
        divisor = lanes.each if lanes.rows else lanes.outputs
        # Lanes of an output are `step` apart.
        body = [
            f"let inner = lane {inner} {divisor}u;",
            f"let part = unit % {fields.text('parts')};",
            f"let output = unit / {fields.text('parts')} * {lanes.outputs}u + lane {outer} {divisor}u;",
            f"let inside = output < {fields.text('count')};",
            *variables("total", ""),
            *kept_lines,
            *bases,
            "if (inside) {",
            f"  let start = part * {fields.text('part_length')};",
            f"  let end = min(start + {fields.text('part_length')}, {fields.text('length')});",
            f"  for (var block = start + inner; block < end; block += {lanes.each * _BLOCK}u) {{",
            *variables("some", "    "),
            f"    let stop = min(end, block + {lanes.each * _BLOCK}u);",
            f"    for (var at = block; at < stop; at += {lanes.each}u) {{",
            *(f"      {line}" for line in [*folded_lines, *produce]),
            *folding("some", produced, "      "),
            "    }",
            *folding("total", [f"some{index}" for index in width], "    "),
            "  }",
            "}",
        ]
        shared = []
        if lanes.each > 1:
            shared = [f"var<workgroup> shared{index}: array<{types[index]}, {GROUP}>;" for index in width]
            body += [f"shared{index}[lane] = total{index};" for index in width]
            body += [
                "workgroupBarrier();",
                f"for (var step = {lanes.each // 2}u; step > 0u; step = step / 2u) {{",
                "  if (inner < step) {",
                f"    let other = lane + step * {step}u;",
                *folding("total", [f"shared{index}[other]" for index in width], "    "),
                *(f"    shared{index}[lane] = total{index};" for index in width),
                "  }",
                "  workgroupBarrier();",
                "}",
            ]
        totals = [f"total{index}" for index in width]
        body.append("if (inside && inner == 0u) {")
        if target.program is None:
            place = operands.index(names[-1], len(names) - 1, kept_places)
            body.append(f"  {names[-1]}[{place} + {fields.text('first')} + part] = {storable(fold.kind, totals)};")
        else:
            functions["finish"] = target.program.function()
            arguments = []
            for index, leaf in enumerate(target.program.leaves):
                number = number_of_sources + index
                arguments += loaded(names[number], leaf.kind, operands.index(names[number], number, kept_places))
            arguments += scalar_texts(fields, "u", target.program) + totals
            body.append(f"  let finished = finish({', '.join(arguments)});")
            results = result_texts("finished", target.program.outputs)
            for index, texts in enumerate(results, number_of_sources + tail_leaves):
                place = operands.index(names[index], index, kept_places)
                kind = target.slots[index - number_of_sources][1]
                body.append(f"  {names[index]}[{place}] = {storable(kind, texts)};")
        body.append("}")
        return shader(fields, operands, functions, shared, body)

    key = (
        "reduce",
        fold.kind,
        fold.combine.key,
        source.program.key if source.program is not None else None,
        target.program.key if target.program is not None else None,
        len(kept_extents),
        tuple(operands.classes),
        lanes,
    )
    groups = -(-count // lanes.outputs) * target.parts
    return Dispatch(key, code, fields.packed(), operands.bindings, groups, operands.bytes_moved, fields.numbers)
