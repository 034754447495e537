"""What the shaders of all kernels share: parameters, reading and writing arrays, grids."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from .._kernels.language.emit_wgsl import emit_module
from .._kernels.language.ir import Function
from .._kernels.language.promotion import NumberType
from .device import ALIGNMENT, MAXIMUM_GROUPS, packed
from .dtypes import parts
from .graph import Constant
from .layout import Span
from .program import Program, Slot

GROUP = 256  # invocations of a workgroup


@dataclass(frozen=True)
class Dispatch:
    """One run of a shader.

    Attributes
    ----------
    key : hashable
        Equal keys mean equal shaders.
    code : callable
        Writes the shader.
    parameters : bytes
    bindings : list of (Slot, int, int)
        Place, offset and bytes.
    groups : int
        Workgroups; `folded` makes two dimensions of them.
    bytes_moved : int
        Bytes that are read and written, each element once.
    numbers : list of (int, Constant, int)
        As `Fields.numbers`.
    """

    key: Hashable
    code: Callable[[], str]
    parameters: bytes
    bindings: list[tuple[Slot, int, int]]
    groups: int
    bytes_moved: int
    numbers: list[tuple[int, Constant, int]]


def folded(groups: int) -> tuple[int, int, int]:
    """A grid of at least so many workgroups, within the limit of each dimension."""
    rows = -(-groups // MAXIMUM_GROUPS)
    return -(-groups // rows), rows, 1


class Fields:
    """Words of the parameter buffer, by name. The first is a zero that the compiler of the shader does not know.

    Attributes
    ----------
    numbers : list of (int, Constant, int)
        Words that are left free for numbers: the word, the number, and which of its parts goes there.
    """

    def __init__(self) -> None:
        self.values: list[int] = [0]
        self.places: dict[str, int] = {"zero": 0}
        self.numbers: list[tuple[int, Constant, int]] = []

    def add(self, name: str, value: int) -> None:
        self.places[name] = len(self.values)
        self.values.append(value)

    def text(self, name: str) -> str:
        """The word in WGSL."""
        place = self.places[name]
        return f"parameters.words[{place // 4}].{'xyzw'[place % 4]}"

    def packed(self) -> bytes:
        return packed(self.values)

    @property
    def declaration(self) -> str:
        return (
            f"struct Parameters {{ words: array<vec4<u32>, {-(-len(self.values) // 4)}> }}\n"
            "@group(0) @binding(0) var<uniform> parameters: Parameters;"
        )


def stored_type(kind: NumberType) -> str:
    """The WGSL type of an element in a buffer."""
    return {"b": "u32", "i": "i32", "u": "u32", "f": "f32", "c": "vec2<f32>"}[kind.kind]


def bound(span: Span, shape: Sequence[int]) -> tuple[int, int, int]:
    """Offset and length in bytes of the binding for an iteration, and the operand's offset in elements within it."""
    low, high = span.extent(shape)
    start = low * span.itemsize // ALIGNMENT * ALIGNMENT
    return start, high * span.itemsize - start, span.offset - start // span.itemsize


def moved(span: Span, shape: Sequence[int]) -> int:
    """Bytes that an operand's elements have, each counted once."""
    low, high = span.extent(shape)
    return min(span.elements(shape), high - low) * span.itemsize


class Operands:
    """The arrays of a kernel: their bindings, and WGSL that reads and writes them.

    Parameters
    ----------
    fields : Fields
        Gets their offsets and strides.
    """

    def __init__(self, fields: Fields) -> None:
        self.fields = fields
        self.bindings: list[tuple[Slot, int, int]] = []
        self.declarations: list[str] = []
        self.bytes_moved = 0
        self.classes: list[tuple[int, ...]] = []

    def add(
        self,
        name: str,
        slot: Slot,
        kind: NumberType,
        span: Span,
        shape: Sequence[int],
        strides: Sequence[int],
        access: str,
    ) -> None:
        """Bind an array.

        Parameters
        ----------
        name : str
            Name in the shader.
        slot, kind, span
            Where it lies, over the axes of ``shape``.
        shape : sequence of int
            The iteration.
        strides : sequence of int
            Along the axes that the shader knows.
        access : str
            ``"read"`` or ``"read_write"``.
        """
        start, nbytes, offset = bound(span, shape)
        self.bindings.append((slot, start, max(nbytes, span.itemsize)))
        self.declarations.append(
            f"@group(0) @binding({len(self.bindings)}) var<storage, {access}> {name}: array<{stored_type(kind)}>;"
        )
        self.bytes_moved += moved(span, shape)
        self.fields.add(f"{name}_offset", offset)
        self.classes.append(tuple(stride if stride in (0, 1) else 2 for stride in strides))
        for axis, stride in enumerate(strides):
            if stride not in (0, 1):
                self.fields.add(f"{name}_stride{axis}", stride)

    def index(self, name: str, number: int, coordinates: Sequence[str], offset: str | None = None) -> str:
        """The index of an element.

        Parameters
        ----------
        name : str
        number : int
            The array's place in the order of `add`.
        coordinates : sequence of str
            An index for each axis that the shader knows; empty ones do not count.
        offset : str, optional
            Where to count from, if not from the array's own offset.
        """
        terms = [offset if offset is not None else self.fields.text(f"{name}_offset")]
        for axis, (coordinate, stride) in enumerate(zip(coordinates, self.classes[number], strict=True)):
            if not coordinate or stride == 0:
                continue
            terms.append(coordinate if stride == 1 else f"{coordinate} * {self.fields.text(f'{name}_stride{axis}')}")
        return " + ".join(terms)


def loaded(name: str, kind: NumberType, index: str) -> list[str]:
    """The scalars of an element of a buffer."""
    if kind.kind == "b":
        return [f"{name}[{index}] != 0u"]
    if kind.kind == "c":
        return [f"{name}[{index}].x", f"{name}[{index}].y"]
    return [f"{name}[{index}]"]


def storable(kind: NumberType, scalars: Sequence[str]) -> str:
    """The scalars of an element as a buffer holds it."""
    if kind.kind == "b":
        return f"select(0u, 1u, {scalars[0]})"
    if kind.kind == "c":
        return f"vec2<f32>({scalars[0]}, {scalars[1]})"
    return scalars[0]


def word_as(kind: NumberType, texts: Sequence[str]) -> list[str]:
    """Words of parameters as the scalars of an element."""
    scalars = []
    for text, part in zip(texts, parts(kind), strict=True):
        if part.kind == "b":
            scalars.append(f"{text} != 0u")
        else:
            scalars.append(text if part.kind == "u" else f"bitcast<{part.name}>({text})")
    return scalars


def add_scalars(fields: Fields, prefix: str, program: Program) -> None:
    """Make room for the scalars of a program in the parameters."""
    for number, scalar in enumerate(program.scalars):
        for index in range(len(parts(scalar.kind))):
            fields.numbers.append((len(fields.values), scalar, index))
            fields.add(f"{prefix}{number}_{index}", 0)


def scalar_texts(fields: Fields, prefix: str, program: Program) -> list[str]:
    """The scalars of a program in WGSL."""
    texts = []
    for number, scalar in enumerate(program.scalars):
        words = [fields.text(f"{prefix}{number}_{index}") for index in range(len(parts(scalar.kind)))]
        texts += word_as(scalar.kind, words)
    return texts


def result_texts(name: str, kinds: Sequence[NumberType]) -> list[list[str]]:
    """The scalars of each output in ``name``, what a function of `emit_module` gave."""
    counts = [len(parts(kind)) for kind in kinds]
    if sum(counts) == 1:
        return [[name]]
    texts, position = [], 0
    for count in counts:
        texts.append([f"{name}.r{position + index}" for index in range(count)])
        position += count
    return texts


def coordinates(flat: str, axes: Sequence[str], prefix: str) -> tuple[list[str], list[str]]:
    """WGSL that takes a flat index apart: statements, and the names of the indices.

    Parameters
    ----------
    flat : str
        The flat index.
    axes : sequence of str
        The extents.
    prefix : str
        Of the names.
    """
    if not axes:
        return [], []
    if len(axes) == 1:
        return [], [flat]
    lines, names, rest = [], [f"{prefix}{axis}" for axis in range(len(axes))], flat
    for axis in range(len(axes) - 1, 0, -1):
        lines.append(f"let {names[axis]} = {rest} % {axes[axis]};")
        if axis > 1:
            lines.append(f"let {prefix}rest{axis} = {rest} / {axes[axis]};")
            rest = f"{prefix}rest{axis}"
        else:
            lines.append(f"let {names[0]} = {rest} / {axes[1]};")
    return lines, names


HEAD = [
    f"@compute @workgroup_size({GROUP})",
    "fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,",
    "        @builtin(local_invocation_index) lane: u32) {",
]


def shader(
    fields: Fields, operands: Operands, functions: dict[str, Function], shared: Sequence[str], body: Sequence[str]
) -> str:
    """A whole shader.

    Parameters
    ----------
    fields, operands
        Parameters and buffers.
    functions : dict
        IR by the name of the WGSL function.
    shared : sequence of str
        Declarations of workgroup memory.
    body : sequence of str
        Statements of the entry point.
    """
    return "\n".join(
        [
            emit_module(functions),
            fields.declaration,
            *operands.declarations,
            *shared,
            *HEAD,
            f"  opaque_zero = {fields.text('zero')};",
            "  let unit = group.y * groups.x + group.x;",
            *(f"  {line}" for line in body),
            "}",
            "",
        ]
    )
