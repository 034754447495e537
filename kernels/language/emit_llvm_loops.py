"""The loops around kernels as LLVM IR: over contiguous operands in vectors, and element by element."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from .compose import copy_function
from .emit_llvm import Module, Writer, is_constant, literal, scalar_type, stored_type
from .exits import lower_exits
from .ir import FLAG_BITS, LEAVING, Function, Value, components, walk
from .passes import simplify
from .typesystem import ScalarType, StructType, bool_
from .vectorize import flag_kinds, vectorized

_SHORT, _LONG = 12, 100  # operations


class _Kernel(Writer):
    """The loop of a kernel over its operands.

    ``at`` names the pointers of the current step; ``width`` are the bytes of a vector register. ``troubles`` are the
    results of a vector form that follow its outputs: bools of lanes.
    """

    def __init__(self, module: Module, function: Function, lanes: int = 0, width: int = 0, troubles: int = 0) -> None:
        super().__init__(module, lanes)
        self.width = width
        self.function = function
        outputs = len(function.results) - troubles
        self.outputs, self.troubles = function.results[:outputs], function.results[outputs:]
        self.types = [value.type for value in (*function.parameters, *self.outputs)]
        self.at = [f"%at{index}" for index in range(len(self.types))]

    def load_inputs(self) -> None:
        for value, address in zip(self.function.parameters, self.at, strict=False):
            if not isinstance(value.type, StructType):
                scalar_type(value.type, self.function.location)
                self.names[value] = self.load(value.type, address)
            elif self.lanes:
                part = value.type.fields[0][1]
                kind = f"<{2 * self.lanes} x {scalar_type(part)}>"
                pairs = self.define(f"load {kind}, ptr {address}, align 1")
                for index in (0, 1):
                    self.parts[value, index] = self.shuffle(kind, pairs, pairs, range(index, 2 * self.lanes, 2))
            else:
                offset = 0
                for index, (_, part) in enumerate(value.type.fields):
                    here = self.define(f"getelementptr i8, ptr {address}, i64 {offset}")
                    self.parts[value, index] = self.load(part, here)
                    offset += part.size

    def shuffle(self, kind: str, x: str, y: str, lanes: Iterable[int]) -> str:
        chosen = [f"i32 {lane}" for lane in lanes]
        mask = f"<{len(chosen)} x i32> <{', '.join(chosen)}>"
        return self.define(f"shufflevector {kind} {x}, {kind} {y}, {mask}")

    def store_outputs(self) -> None:
        for value, address in zip(self.outputs, self.at[len(self.function.parameters) :], strict=True):
            kind = value.type
            if not isinstance(kind, StructType):
                names = [self.name(value)]
            elif value.op is None:  # a parameter handed on
                names = [self.parts[value, index] for index in range(len(kind.fields))]
            else:
                names = [self.name(operand) for operand in value.op.operands]
            if self.lanes:
                self.store_lanes(components(kind)[0], names, address)
                continue
            offset = 0
            for part, name in zip(components(kind), names, strict=True):
                self.store(part, name, self.define(f"getelementptr i8, ptr {address}, i64 {offset}"))
                offset += part.size

    def store_lanes(self, part: ScalarType, names: list[str], address: str) -> None:
        """Store a vector, or two in turns, a register at a time.

        In the order of their addresses, and before anything else: left to itself the scheduler shuffles the stores, and
        jumps between cache lines cost a quarter of the speed of large arrays.
        """
        kind = self.vector(scalar_type(part))
        if part.kind == "b":
            names = [self.define(f"zext {kind} {names[0]} to {self.vector('i8')}")]
            kind = self.vector("i8")
        order = [lane + index * self.lanes for lane in range(self.lanes) for index in range(len(names))]
        per = self.width // part.size
        for start in range(0, len(order), per):
            some = order[start : start + per]
            piece = names[0] if some == list(range(self.lanes)) else self.shuffle(kind, names[0], names[-1], some)
            at = self.define(f"getelementptr i8, ptr {address}, i64 {start * part.size}")
            self.put(f"store <{len(some)} x {stored_type(part)}> {piece}, ptr {at}, align 1")
            if len(order) > per:
                self.put('call void asm sideeffect "", "~{memory}"()')

    def copy(self, to: str, source: str, count: str, size: int) -> None:
        """Copy ``count`` elements of a size."""
        whole = self.define(f"mul i64 {count}, {size}")
        self.put(f"call void @llvm.memcpy.p0.p0.i64(ptr {to}, ptr {source}, i64 {whole}, i1 false)")

    def begin(self, starts: list[str]) -> int:
        """Open the loop; gives where the lines of `end` go."""
        assert self.block is not None
        self.starts = [(self.block, start) for start in starts]
        self.jump("next")
        self.label("next")
        return self.place(len(starts))

    def end(self, first: int, names: list[str], kinds: list[str], nexts: list[str]) -> None:
        """Close the loop: ``names``, of ``kinds``, go on with ``nexts``."""
        assert self.block is not None
        for index, (name, kind, start, after) in enumerate(zip(names, kinds, self.starts, nexts, strict=True)):
            self.lines[first + index] = f"  {name} = {self.phi(kind, [start, (self.block, after)])}"
        self.jump("next")

    def text(self, head: str) -> str:
        lines = "\n".join(self.lines)
        return f"define {head} nounwind {{\n{lines}\n}}"


def _emit_single(module: Module, function: Function) -> None:
    """``errors single(pointers..., strides..., marks, stride, count)``: the kernel, for each element that is marked."""
    writer = _Kernel(module, function)
    total = len(writer.types)
    writer.label("start")
    writer.errors = writer.define("alloca i32")
    writer.put(f"store i32 0, ptr {writer.errors}")
    names = [*writer.at, "%mark", "%left"]
    first = writer.begin([*(f"%p{k}" for k in range(total)), "%marks", "%count"])
    writer.branch(writer.define("icmp sgt i64 %left, 0"), "look", "done")
    writer.label("look")
    writer.branch(writer.define(f"icmp eq i8 {writer.define('load i8, ptr %mark')}, 0"), "advance", "element")
    writer.label("element")
    writer.load_inputs()
    writer.region(function.body)
    writer.store_outputs()
    writer.jump("advance")
    writer.label("advance")
    moved = [writer.define(f"getelementptr i8, ptr {at}, i64 %s{k}") for k, at in enumerate(writer.at)]
    moved.append(writer.define("getelementptr i8, ptr %mark, i64 %stride"))
    writer.end(first, names, [*["ptr"] * (total + 1), "i64"], [*moved, writer.define("sub i64 %left, 1")])
    writer.label("done")
    writer.put(f"ret i32 {writer.define(f'load i32, ptr {writer.errors}')}")
    parameters = [*(f"ptr %p{k}" for k in range(total)), *(f"i64 %s{k}" for k in range(total))]
    head = f"internal i32 @single({', '.join(parameters)}, ptr %marks, i64 %stride, i64 %count)"
    # Not inlined: it is compiled once, and the loop over steps keeps its registers. That of a long kernel is hardly
    # optimized, which halves the time to compile and costs a quarter of this function's speed.
    attributes = "noinline optnone" if is_long(function) else "noinline"
    module.functions.append(writer.text(f"{head} {attributes}"))


def _call_single(writer: _Kernel, pointers: list[str], strides: list[str], marks: str, count: str) -> str:
    """A call for the elements with a mark, or for all."""
    arguments = [*(f"ptr {name}" for name in pointers), *(f"i64 {stride}" for stride in strides)]
    arguments += [f"ptr {marks or '@marked'}", f"i64 {int(bool(marks))}", f"i64 {count}"]
    return writer.define(f"call i32 @single({', '.join(arguments)})")


def _loaded(writer: _Kernel, kind: str, array: str) -> list[str]:
    """The items of an array of pointers or strides, one for each operand."""
    found = []
    for index in range(len(writer.types)):
        address = writer.define(f"getelementptr {kind}, ptr {array}, i64 {index}")
        found.append(writer.define(f"load {kind}, ptr {address}"))
    return found


def _emit_strided(module: Module, function: Function) -> None:
    writer = _Kernel(module, function)
    writer.label("start")
    pointers, strides = _loaded(writer, "ptr", "%operands"), _loaded(writer, "i64", "%strides")
    writer.put(f"ret i32 {_call_single(writer, pointers, strides, '', '%count')}")
    module.functions.append(writer.text("i32 @strided(ptr %operands, ptr %strides, i64 %count)"))


def _never(value: Value) -> bool:
    """Whether a bool is known not to hold."""
    return is_constant(value) and not value.op.attributes["value"]  # type: ignore[union-attr]


def _raised(writer: _Kernel, kinds: list[str], count: str) -> str:
    """The errors of the lanes that are not pending, among the first ``count``."""
    *masks, pending = writer.troubles
    bools, numbers = writer.vector("i1"), writer.vector("i64")
    order = ", ".join(f"i64 {lane}" for lane in range(writer.lanes))
    first = writer.define(f"insertelement {numbers} poison, i64 {count}, i64 0")
    zeros = writer.vector("i32")
    spread = writer.define(f"shufflevector {numbers} {first}, {numbers} poison, {zeros} zeroinitializer")
    counted = writer.define(f"icmp ult {numbers} <{order}>, {spread}")
    if not _never(pending):
        usual = writer.define(f"xor {writer.typed(pending)}, splat (i1 true)")
        counted = writer.define(f"and {bools} {counted}, {usual}")
    found = "0"
    for kind, mask in zip(kinds, masks, strict=True):
        if _never(mask):
            continue
        lanes = writer.define(f"and {writer.typed(mask)}, {counted}")
        some = writer.define(f"call i1 @llvm.vector.reduce.or.{writer.suffix('i1')}({bools} {lanes})")
        bit = writer.define(f"select i1 {some}, i32 {FLAG_BITS[kind]}, i32 0")
        found = writer.define(f"or i32 {found}, {bit}")
    return found


def _emit_contiguous(module: Module, function: Function, raised: list[str], lanes: int, width: int) -> None:
    """The loop over steps in the vector form; what is pending in the scalar one, from inputs that were kept.

    A last step that is not whole works on buffers. Their spare lanes hold ones, at which few functions are in trouble;
    what they give is not used.
    """
    writer = _Kernel(module, function, lanes, width, len(raised) + 1)
    kinds, pending = writer.types, function.results[-1]
    total, inputs = len(kinds), len(function.parameters)
    troubles = [value for value in writer.troubles if not _never(value)]
    may_redo = not _never(pending)
    writer.label("start")
    buffers = [writer.define(f"alloca [{lanes * kind.size} x i8], align 64") for kind in kinds]
    marks = writer.define(f"alloca [{lanes} x i8], align 64") if may_redo else ""
    place = [f"%place{index}" for index in range(total)]
    first = writer.begin([*_loaded(writer, "ptr", "%operands"), "%count", "0"])
    writer.branch(writer.define(f"icmp sge i64 %left, {lanes}"), "step", "rest")
    writer.label("rest")
    writer.branch(writer.define("icmp sgt i64 %left, 0"), "pack", "done")
    writer.label("pack")
    for kind, buffer, source in zip(kinds[:inputs], buffers, place, strict=False):
        part = components(kind)[0]
        spread = f"<{lanes * kind.size // part.size} x {stored_type(part)}>"
        one = "1" if part.kind == "b" else literal(1, part)
        writer.put(f"store {spread} splat ({stored_type(part)} {one}), ptr {buffer}, align 64")
        writer.copy(buffer, source, "%left", kind.size)
    writer.jump("step")
    writer.label("step")
    for at, real, buffer in zip(writer.at, place, buffers, strict=True):
        writer.put(f"{at} = {writer.phi('ptr', [('next', real), ('pack', buffer)])}")
    whole = writer.define(writer.phi("i1", [("next", "true"), ("pack", "false")]))
    writer.load_inputs()
    writer.region(function.body)
    if troubles:
        mixed = writer.name(troubles[0])
        for value in troubles[1:]:
            mixed = writer.define(f"or {writer.typed(value)}, {mixed}")
        some = writer.define(f"call i1 @llvm.vector.reduce.or.{writer.suffix('i1')}({writer.vector('i1')} {mixed})")
    if may_redo:
        writer.branch(some, "keep", "usual", rare=True)
        writer.label("keep")
        marked = writer.define(f"zext {writer.typed(pending)} to {writer.vector('i8')}")
        writer.put(f"store {writer.vector('i8')} {marked}, ptr {marks}, align 64")
        for at, buffer, kind in zip(writer.at[:inputs], buffers, kinds, strict=False):
            writer.copy(buffer, at, str(lanes), kind.size)
        writer.jump("usual")
        writer.label("usual")
    writer.store_outputs()
    errors = "%errors"
    if troubles:
        assert writer.block is not None
        edges = [(writer.block, errors)]
        writer.branch(some, "look", "stored", rare=True)
        writer.label("look")
        count = writer.define(f"select i1 {whole}, i64 {lanes}, i64 %left")
        found = writer.define(f"or i32 {errors}, {_raised(writer, raised, count)}")
        edges.append(("look", found))
        if may_redo:
            writer.branch(writer.any(pending), "redo", "stored")
            writer.label("redo")
            sources = [*buffers[:inputs], *writer.at[inputs:]]
            more = _call_single(writer, sources, [str(kind.size) for kind in kinds], marks, count)
            edges.append(("redo", writer.define(f"or i32 {found}, {more}")))
        writer.jump("stored")
        writer.label("stored")
        errors = writer.define(writer.phi("i32", edges))
    writer.branch(whole, "advance", "unpack")
    writer.label("unpack")
    for target, buffer, kind in zip(place[inputs:], buffers[inputs:], kinds[inputs:], strict=True):
        writer.copy(target, buffer, "%left", kind.size)
    writer.jump("done")
    writer.label("advance")
    moved = [writer.define(f"getelementptr i8, ptr {real}, i64 {lanes * kind.size}")
             for real, kind in zip(place, kinds, strict=True)]  # fmt: skip
    nexts = [*moved, writer.define(f"sub i64 %left, {lanes}"), errors]
    writer.end(first, [*place, "%left", "%errors"], [*["ptr"] * total, "i64", "i32"], nexts)
    writer.label("done")
    writer.put(f"ret i32 {writer.define(writer.phi('i32', [('rest', '%errors'), ('unpack', errors)]))}")
    module.functions.append(writer.text("i32 @contiguous(ptr %operands, i64 %count)"))


def is_long(function: Function) -> bool:
    """Whether the time to compile a kernel counts."""
    return sum(1 for _ in walk(function.body)) > _LONG


def gains_from_passes(function: Function) -> bool:
    """Whether LLVM's passes make the loops of a kernel faster: they see little in vectors but how pairs are woven."""
    return not is_long(function) or any(
        isinstance(value.type, StructType) for value in (*function.parameters, *function.results)
    )


def lanes_of(function: Function, width: int) -> int:
    """Elements of a step: those that fill two registers of ``width`` bytes with numbers of the commonest size.

    Two registers of them take turns in the processor's units. Short kernels take four, because what they compute
    costs less than the loop around it; and no number takes more than four. Long kernels take one, which costs them a
    sixth of their speed and saves a tenth of the time until they run.
    """
    results = [result for operation in walk(function.body) for result in operation.results]
    values = [value for value in (*function.parameters, *results) if value.type != bool_]
    sizes = Counter(part.size for value in values for part in components(value.type))
    if not sizes:
        return 4 * width
    registers = 4 if len(results) <= _SHORT else 2 if len(results) <= _LONG else 1
    return min(registers * width // sizes.most_common(1)[0][0], 4 * width // max(sizes))


def emit_elementwise(function: Function, width: int = 16) -> str:
    """A module that exports a kernel as ``contiguous`` and ``strided`` (:file:`kernels/cpu/kernel_table.hpp`).

    Parameters
    ----------
    function : Function
        Simplified IR without memory, calls and ``fail``.
    width : int
        Bytes of a vector register: 16, 32 or 64.

    Raises
    ------
    KernelError
        Naming the type or operation that is missing, with its place.
    """
    if any(operation.name in LEAVING for operation in walk(function.body)):
        function = simplify(lower_exits(copy_function(function)))
    vector = vectorized(function)
    module = Module()
    module.constants["@marked"] = "private unnamed_addr constant i8 1"
    _emit_single(module, function)
    _emit_strided(module, function)
    _emit_contiguous(module, vector, flag_kinds(function), lanes_of(vector, width), width)
    return str(module)
