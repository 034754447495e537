"""IR to LLVM IR, as text: functions on scalars and on vectors of any number of lanes.

LLVM has nearly every operation on scalars and on vectors in the same words, and splits vectors that are wider than a
register: one table serves both. Nothing here is undefined for LLVM (no poison, no flags for fast or never wrapping
arithmetic), so that its optimiser keeps to the bits of the IR.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from .builder import constant_bits
from .ir import FLAG_BITS, Function, KernelError, Location, Operation, Region, Table, Value, walk
from .typesystem import SIGNED, ScalarType, Type, bits_to_float, i32, wrap

_INTEGER = {"add": "add", "sub": "sub", "mul": "mul", "and": "and", "or": "or", "xor": "xor"}
_FLOAT = {"add": "fadd", "sub": "fsub", "mul": "fmul", "div": "fdiv"}
_FLOAT_CALLS = {"sqrt": "sqrt", "floor": "floor", "ceil": "ceil", "trunc": "trunc", "rint": "roundeven",
                "abs": "fabs", "fma": "fma"}  # fmt: skip
_COMPARE_FLOAT = {"eq": "oeq", "ne": "une", "lt": "olt", "le": "ole"}
_COMPARE = {"eq": ("eq", "eq"), "ne": ("ne", "ne"), "lt": ("slt", "ult"), "le": ("sle", "ule")}
_TYPES = {"bool": "i1", "f32": "float", "f64": "double"}
_TYPES.update((f"{sign}{bits}", f"i{bits}") for sign in "iu" for bits in SIGNED)
_SMALLEST_NORMAL = {32: 2.0**-126, 64: 2.0**-1022}


def scalar_type(kind: Type, location: Location | None = None) -> str:
    """The LLVM type of a number; a bool is an ``i1``."""
    found = _TYPES.get(kind.name)
    if found is None:
        raise KernelError(f"the LLVM emitter has no type {kind}", location)
    return found


def stored_type(kind: Type, location: Location | None = None) -> str:
    """The LLVM type of a number in memory, where a bool takes a byte."""
    return "i8" if isinstance(kind, ScalarType) and kind.kind == "b" else scalar_type(kind, location)


def literal(value: int | float | bool, scalar: ScalarType) -> str:
    """A constant. LLVM writes floats of both widths as the bits of a double."""
    pattern = constant_bits(value, scalar)
    if scalar.is_float:
        return f"0x{struct.unpack('<Q', struct.pack('<d', bits_to_float(pattern, scalar)))[0]:016X}"
    if scalar.kind == "b":
        return "true" if pattern else "false"
    return str(wrap(pattern, scalar.signed))


def is_constant(value: Value) -> bool:
    return value.op is not None and value.op.name == "const"


class Module:
    """The text of a module while it grows."""

    def __init__(self) -> None:
        self.constants: dict[str, str] = {}  # definitions by name
        self.functions: list[str] = []

    def table(self, table: Table) -> str:
        """The name of a constant array."""
        name = f'@"table.{table.name}"'
        if name not in self.constants:
            kind = scalar_type(table.element)
            values = ", ".join(f"{kind} {literal(value, table.element)}" for value in table.values)
            self.constants[name] = f"private unnamed_addr constant [{len(table.values)} x {kind}] [{values}]"
        return name

    def __str__(self) -> str:
        constants = [f"{name} = {value}" for name, value in self.constants.items()]
        # Steps that need the scalar form, or functions that fail, are rare.
        rare = '!0 = !{!"branch_weights", i32 1, i32 2000}'
        return "\n".join([*constants, *self.functions, rare, ""])


@dataclass
class _Loop:
    """A loop while it is written: edges into its head, and out of it, with what they carry."""

    head: str
    end: str
    edges: list[tuple[str, list[str]]]
    exits: list[tuple[str, list[str]]] = field(default_factory=list)


class Writer:
    """Emits the operations of one function.

    Parameters
    ----------
    module : Module
    lanes : int
        Elements that a value stands for; 0: it is a scalar.
    """

    def __init__(self, module: Module, lanes: int = 0, callees: dict[Function, str] | None = None) -> None:
        self.module = module
        self.lanes = lanes
        self.callees = callees if callees is not None else {}
        self.lines: list[str] = []
        self.names: dict[Value, str] = {}
        self.parts: dict[tuple[Value, int], str] = {}  # components of struct parameters
        self.counter = 0
        self.block: str | None = None  # the block that is open; None: what follows is never reached
        self.loops: list[_Loop] = []
        self.errors: str | None = None  # where floating-point errors are collected; None: they are dropped
        self.pointers: dict[Value, str] = {}  # parameters that addresses start from
        self.returned = ""  # the type of what an internal function gives: an error code and its results

    # -- text -----------------------------------------------------------------------------------------------------

    def put(self, text: str) -> None:
        self.lines.append("  " + text)

    def fresh(self) -> str:
        self.counter += 1
        return f"%v{self.counter}"

    def define(self, text: str) -> str:
        """A new name for what an instruction gives."""
        name = self.fresh()
        self.put(f"{name} = {text}")
        return name

    def new_label(self, stem: str) -> str:
        self.counter += 1
        return f"{stem}{self.counter}"

    def label(self, name: str) -> None:
        self.lines.append(f"{name}:")
        self.block = name

    def jump(self, to: str) -> None:
        self.put(f"br label %{to}")
        self.block = None

    def branch(self, condition: str, then: str, other: str, *, rare: bool = False) -> None:
        self.put(f"br i1 {condition}, label %{then}, label %{other}{', !prof !0' if rare else ''}")
        self.block = None

    def place(self, count: int = 1) -> int:
        """Room for lines that are filled in later."""
        self.lines += [""] * count
        return len(self.lines) - count

    def phi(self, kind: str, edges: list[tuple[str, str]]) -> str:
        """The instruction that takes the value that comes from each block."""
        return f"phi {kind} " + ", ".join(f"[ {value}, %{block} ]" for block, value in edges)

    # -- values ---------------------------------------------------------------------------------------------------

    def vector(self, kind: str) -> str:
        return f"<{self.lanes} x {kind}>" if self.lanes else kind

    def kind(self, value: Value) -> str:
        """The LLVM type of a value."""
        if value.op is not None and value.op.name == "any":
            return "i1"
        return self.vector(scalar_type(value.type, value.op.location if value.op else None))

    def constant(self, value: int | float | bool, scalar: ScalarType) -> str:
        text = literal(value, scalar)
        return f"splat ({scalar_type(scalar)} {text})" if self.lanes else text

    def name(self, value: Value) -> str:
        found = self.names.get(value)
        if found is None:  # a constant
            number = value.op.attributes["value"]  # type: ignore[union-attr]
            found = self.names[value] = self.constant(number, value.type)  # type: ignore[arg-type]
        return found

    def typed(self, value: Value) -> str:
        return f"{self.kind(value)} {self.name(value)}"

    def suffix(self, kind: str) -> str:
        """What the names of LLVM's intrinsics for a type end in."""
        short = {"float": "f32", "double": "f64"}.get(kind, kind)
        return f"v{self.lanes}{short}" if self.lanes else short

    def intrinsic(self, name: str, kind: str, *arguments: str, option: str = "") -> str:
        """A call of an intrinsic on values of one type."""
        whole = self.vector(kind)
        given = ", ".join(f"{whole} {argument}" for argument in arguments)
        return f"call {whole} @llvm.{name}.{self.suffix(kind)}({given}{option})"

    # -- operations -----------------------------------------------------------------------------------------------

    def region(self, region: Region) -> None:
        for operation in region.operations:
            if operation.name in ("const", "make"):  # `make` is a result of the kernel: its operands are stored
                continue
            method = getattr(self, f"do_{operation.name}", None)
            if method is not None:
                method(operation)
            else:
                self.names[operation.result] = self.pure(operation)
            if self.block is None:
                return

    def pure(self, operation: Operation) -> str:
        """The name of the result of a pure operation."""
        name, operands = operation.name, operation.operands
        scalar, result = operands[0].type, operation.result.type
        kind = scalar_type(scalar, operation.location)
        scalar_type(result, operation.location)
        assert isinstance(scalar, ScalarType) and isinstance(result, ScalarType)
        x, whole = self.name(operands[0]), self.vector(kind)
        y = self.name(operands[1]) if len(operands) > 1 else ""
        if name in _COMPARE:
            if scalar.is_float:
                return self.define(f"fcmp {_COMPARE_FLOAT[name]} {whole} {x}, {y}")
            return self.define(f"icmp {_COMPARE[name][scalar.kind != 'i']} {whole} {x}, {y}")
        if scalar.is_float and name in _FLOAT:
            return self.define(f"{_FLOAT[name]} {whole} {x}, {y}")
        if scalar.is_float and name in _FLOAT_CALLS:
            return self.define(self.intrinsic(_FLOAT_CALLS[name], kind, *map(self.name, operands)))
        if not scalar.is_float and name in _INTEGER:
            return self.define(f"{_INTEGER[name]} {whole} {x}, {y}")
        match name:
            case "opaque":
                return x
            case "select":
                condition, first, second = map(self.typed, operands)
                return self.define(f"select {condition}, {first}, {second}")
            case "convert":
                return self.convert(x, scalar, result)
            case "bitcast":
                to = self.vector(scalar_type(result))
                return x if to == whole else self.define(f"bitcast {whole} {x} to {to}")
            case "isnan" if scalar.is_float:
                return self.define(f"fcmp uno {whole} {x}, {self.constant(0.0, scalar)}")
            case "isfinite" | "isnormal" if scalar.is_float:
                return self.classify(name, x, scalar)
            case "neg" if scalar.is_float:
                return self.define(f"fneg {whole} {x}")
            case "neg" if scalar.is_integer:
                return self.define(f"sub {whole} {self.constant(0, scalar)}, {x}")
            case "not" if not scalar.is_float:
                return self.define(f"xor {whole} {x}, {self.constant(1 if scalar.kind == 'b' else -1, scalar)}")
            case "abs" if scalar.kind == "u":
                return x
            case "abs" if scalar.kind == "i":
                return self.define(self.intrinsic("abs", kind, x, option=", i1 false"))
            case "shl" | "shr" if scalar.is_integer:
                if is_constant(operands[1]):
                    count = self.constant(operands[1].op.attributes["value"] % scalar.bits, scalar)  # type: ignore
                else:
                    count = self.define(f"and {whole} {y}, {self.constant(scalar.bits - 1, scalar)}")
                shift = "shl" if name == "shl" else "ashr" if scalar.kind == "i" else "lshr"
                return self.define(f"{shift} {whole} {x}, {count}")
            case "quotient" | "modulus" if scalar.is_integer:
                return self.division(name, operands, scalar)
            case "lookup" if scalar.is_integer:
                return self.lookup(operation.attributes["table"], x, scalar)
        raise KernelError(f"the LLVM emitter has no operation {name!r} on {scalar}", operation.location)

    def classify(self, name: str, x: str, scalar: ScalarType) -> str:
        kind = scalar_type(scalar)
        whole, bools = self.vector(kind), self.vector("i1")
        size = self.define(self.intrinsic("fabs", kind, x))
        finite = self.define(f"fcmp olt {whole} {size}, {self.constant(float('inf'), scalar)}")
        if name == "isfinite":
            return finite
        large = self.define(f"fcmp oge {whole} {size}, {self.constant(_SMALLEST_NORMAL[scalar.bits], scalar)}")
        return self.define(f"and {bools} {finite}, {large}")

    def division(self, name: str, operands: list[Value], scalar: ScalarType) -> str:
        """Truncating division: 0 for a zero divisor, and the smallest integer by -1 wraps."""
        whole, (x, y) = self.vector(scalar_type(scalar)), map(self.name, operands)
        bools, one, zero = self.vector("i1"), self.constant(1, scalar), self.constant(0, scalar)
        instruction = ("s" if scalar.kind == "i" else "u") + ("div" if name == "quotient" else "rem")
        if is_constant(operands[1]) and operands[1].op.attributes["value"] not in (0, -1):  # type: ignore[union-attr]
            return self.define(f"{instruction} {whole} {x}, {y}")
        # x / 1 stands in for the divisors that processors trap at. Its remainder is theirs; its quotient is not.
        nothing = self.define(f"icmp eq {whole} {y}, {zero}")
        trapping = nothing
        if scalar.kind == "i":
            minus = self.define(f"icmp eq {whole} {y}, {self.constant(-1, scalar)}")
            trapping = self.define(f"or {bools} {nothing}, {minus}")
        divisor = self.define(f"select {bools} {trapping}, {whole} {one}, {whole} {y}")
        result = self.define(f"{instruction} {whole} {x}, {divisor}")
        if name == "modulus":
            return result
        if scalar.kind == "i":
            opposite = self.define(f"sub {whole} {zero}, {x}")
            result = self.define(f"select {bools} {minus}, {whole} {opposite}, {whole} {result}")
        return self.define(f"select {bools} {nothing}, {whole} {zero}, {whole} {result}")

    def lookup(self, table: Table, index: str, scalar: ScalarType) -> str:
        whole, element = self.vector(scalar_type(scalar)), scalar_type(table.element)
        name, length = self.module.table(table), len(table.values)
        # As an i64, a narrower index is not taken for a negative one; a shorter table leaves its low bits.
        last = self.constant(min(length - 1, scalar.unsigned.maximum), scalar.unsigned)
        within = self.define(f"and {whole} {index}, {last}")
        if scalar.bits < 64:
            within = self.define(f"zext {whole} {within} to {self.vector('i64')}")
        array = f"[{length} x {element}]"
        if not self.lanes:
            address = self.define(f"getelementptr {array}, ptr {name}, i64 0, i64 {within}")
            return self.define(f"load {element}, ptr {address}")
        result = "poison"  # every lane is set below
        for lane in range(self.lanes):
            one = self.define(f"extractelement {self.vector('i64')} {within}, i64 {lane}")
            address = self.define(f"getelementptr {array}, ptr {name}, i64 0, i64 {one}")
            value = self.define(f"load {element}, ptr {address}")
            result = self.define(f"insertelement {self.vector(element)} {result}, {element} {value}, i64 {lane}")
        return result

    # -- conversions ----------------------------------------------------------------------------------------------

    def convert(self, x: str, scalar: ScalarType, to: ScalarType) -> str:
        source, target = self.vector(scalar_type(scalar)), self.vector(scalar_type(to))
        if to.kind == "b":
            if scalar.kind == "b":
                return x
            test = "fcmp une" if scalar.is_float else "icmp ne"
            return self.define(f"{test} {source} {x}, {self.constant(0, scalar)}")
        if scalar.kind == "b":
            one, zero = self.constant(1, to), self.constant(0, to)
            return self.define(f"select {source} {x}, {target} {one}, {target} {zero}")
        if scalar.is_float:
            if to.is_integer:
                return self.to_integer(x, scalar, to)
            if to == scalar:
                return x
            return self.define(f"{'fpext' if to.bits > scalar.bits else 'fptrunc'} {source} {x} to {target}")
        if to.is_float:
            return self.define(f"{'sitofp' if scalar.kind == 'i' else 'uitofp'} {source} {x} to {target}")
        if to.bits == scalar.bits:
            return x
        extend = "sext" if scalar.kind == "i" else "zext"
        return self.define(f"{'trunc' if to.bits < scalar.bits else extend} {source} {x} to {target}")

    def to_integer(self, x: str, scalar: ScalarType, to: ScalarType) -> str:
        """A float as an integer, by the rule of ``float_to_int`` in :file:`native/core/casting.hpp`.

        What does not fit becomes the smallest integer of 32 or 64 bits, of which narrower types take the low bits.
        Unsigned numbers from half of their range on are converted without their highest bit, which is then set.
        """
        source, bools = self.vector(scalar_type(scalar)), self.vector("i1")
        if to.bits < 32:
            word = self.to_integer(x, scalar, i32)
            return self.define(f"trunc {self.vector('i32')} {word} to {self.vector(scalar_type(to))}")
        bound, target = self.constant(2.0 ** (to.bits - 1), scalar), self.vector(scalar_type(to))
        high = ""
        if to.kind == "u":
            high = self.define(f"fcmp oge {source} {x}, {bound}")
            lower = self.define(f"fsub {source} {x}, {bound}")
            x = self.define(f"select {bools} {high}, {source} {lower}, {source} {x}")
        # The lower bound stands in for what does not fit: it converts to the integer that is wanted then.
        size = self.define(self.intrinsic("fabs", scalar_type(scalar), x))
        fits = self.define(f"fcmp olt {source} {size}, {bound}")
        lowest = self.constant(-(2.0 ** (to.bits - 1)), scalar)
        inside = self.define(f"select {bools} {fits}, {source} {x}, {source} {lowest}")
        result = self.define(f"fptosi {source} {inside} to {target}")
        if to.kind == "u":
            zero, top = self.constant(0, to), self.constant(1 << (to.bits - 1), to)
            bit = self.define(f"select {bools} {high}, {target} {top}, {target} {zero}")
            result = self.define(f"xor {target} {result}, {bit}")
        return result

    # -- effects and memory ---------------------------------------------------------------------------------------

    def do_flag(self, operation: Operation) -> None:
        if self.errors is None:
            return
        bit = FLAG_BITS[operation.attributes["kind"]]
        before = self.define(f"load i32, ptr {self.errors}")
        mask = self.define(f"select i1 {self.name(operation.operands[0])}, i32 {bit}, i32 0")
        self.put(f"store i32 {self.define(f'or i32 {before}, {mask}')}, ptr {self.errors}")

    def do_field(self, operation: Operation) -> None:
        self.names[operation.result] = self.parts[operation.operands[0], operation.attributes["index"]]

    def do_any(self, operation: Operation) -> None:
        self.names[operation.result] = self.any(operation.operands[0])

    def any(self, mask: Value) -> str:
        """Whether some lane of a mask holds."""
        if not self.lanes:
            return self.name(mask)
        return self.define(f"call i1 @llvm.vector.reduce.or.{self.suffix('i1')}({self.typed(mask)})")

    def address(self, value: Value) -> str:
        """A pointer. LLVM reasons about offsets from a pointer, not about integers that become one."""
        operation = value.op
        if operation is not None and operation.name == "add":
            base, offset = operation.operands
            return self.define(f"getelementptr i8, ptr {self.address(base)}, i64 {self.name(offset)}")
        return self.pointers.get(value) or self.define(f"inttoptr i64 {self.name(value)} to ptr")

    def load(self, kind: ScalarType, address: str) -> str:
        """A number, or as many as there are lanes, from an address of any alignment; any byte but 0 is true."""
        whole = self.vector(stored_type(kind))
        loaded = self.define(f"load {whole}, ptr {address}, align 1")
        if kind.kind != "b":
            return loaded
        return self.define(f"icmp ne {whole} {loaded}, {'zeroinitializer' if self.lanes else '0'}")

    def store(self, kind: ScalarType, value: str, address: str) -> None:
        whole = self.vector(stored_type(kind))
        if kind.kind == "b":
            value = self.define(f"zext {self.vector('i1')} {value} to {whole}")
        self.put(f"store {whole} {value}, ptr {address}, align 1")

    def do_load(self, operation: Operation) -> None:
        kind = operation.result.type
        scalar_type(kind, operation.location)
        self.names[operation.result] = self.load(kind, self.address(operation.operands[0]))  # type: ignore[arg-type]

    def do_store(self, operation: Operation) -> None:
        address, value = operation.operands
        scalar_type(value.type, operation.location)
        self.store(value.type, self.name(value), self.address(address))  # type: ignore[arg-type]

    # -- leaving a function ---------------------------------------------------------------------------------------

    def leave(self, code: str, values: list[Value]) -> None:
        """Return an error code and results, or zeros for them."""
        given = f"insertvalue {self.returned} zeroinitializer, i32 {code}, 0"
        for index, value in enumerate(values, start=1):
            given = f"insertvalue {self.returned} {self.define(given)}, {self.typed(value)}, {index}"
        self.put(f"ret {self.returned} {self.define(given)}")
        self.block = None

    def do_fail(self, operation: Operation) -> None:
        self.leave(str(operation.attributes["code"]), [])

    def do_return(self, operation: Operation) -> None:
        self.leave("0", operation.operands)

    def do_call(self, operation: Operation) -> None:
        callee = operation.attributes["function"]
        kind = returned_type(callee)
        arguments = ", ".join(map(self.typed, operation.operands))
        given = self.define(f"call {kind} {self.callees[callee]}({arguments})")
        for index, result in enumerate(operation.results, start=1):
            self.names[result] = self.define(f"extractvalue {kind} {given}, {index}")
        code = self.define(f"extractvalue {kind} {given}, 0")
        failed, going_on = self.new_label("failed"), self.new_label("called")
        self.branch(self.define(f"icmp ne i32 {code}, 0"), failed, going_on, rare=True)
        self.label(failed)
        self.leave(code, [])
        self.label(going_on)

    # -- control flow ---------------------------------------------------------------------------------------------

    def do_if(self, operation: Operation) -> None:
        labels = [self.new_label("then"), self.new_label("else")]
        end = self.new_label("end")
        rare = operation.attributes["mode"] in ("any_lane", "each_lane")
        self.branch(self.name(operation.operands[0]), labels[0], labels[1], rare=rare)
        edges: list[tuple[str, list[str]]] = []
        for label, region in zip(labels, operation.regions, strict=True):
            self.label(label)
            self.region(region)
            if self.block is not None:
                edges.append((self.block, [self.name(value) for value in region.results]))
                self.jump(end)
        if edges:
            self.label(end)
            self.merge(operation.results, edges)

    def merge(self, results: list[Value], edges: list[tuple[str, list[str]]]) -> None:
        """Give results the values that come from several blocks."""
        for index, result in enumerate(results):
            given = [(block, values[index]) for block, values in edges]
            if len({value for _, value in given}) == 1:
                self.names[result] = given[0][1]
            else:
                self.names[result] = self.fresh()
                self.put(f"{self.names[result]} = {self.phi(self.kind(result), given)}")

    def do_loop(self, operation: Operation) -> None:
        test, body = operation.regions
        results = operation.results
        head, inside, end = (self.new_label(stem) for stem in ("head", "turn", "end"))
        assert self.block is not None
        loop = _Loop(head, end, [(self.block, [self.name(value) for value in operation.operands])])
        self.jump(head)
        self.label(head)
        first = self.place(len(results))
        carried = [self.fresh() for _ in results]
        for parameters in (test.parameters, body.parameters):
            self.names.update(zip(parameters, carried, strict=True))
        self.region(test)
        assert self.block is not None
        loop.exits.append((self.block, carried))
        self.branch(self.name(test.results[0]), inside, end)
        self.label(inside)
        self.loops.append(loop)
        self.region(body)
        self.loops.pop()
        if self.block is not None:
            loop.edges.append((self.block, [self.name(value) for value in body.results]))
            self.jump(head)
        for index, (name, result) in enumerate(zip(carried, results, strict=True)):
            edges = [(block, values[index]) for block, values in loop.edges]
            self.lines[first + index] = f"  {name} = {self.phi(self.kind(result), edges)}"
        self.label(end)
        self.merge(results, loop.exits)

    def do_break(self, operation: Operation) -> None:
        assert self.block is not None
        self.loops[-1].exits.append((self.block, [self.name(value) for value in operation.operands]))
        self.jump(self.loops[-1].end)

    def do_continue(self, operation: Operation) -> None:
        assert self.block is not None
        self.loops[-1].edges.append((self.block, [self.name(value) for value in operation.operands]))
        self.jump(self.loops[-1].head)


# -- functions of scalars ---------------------------------------------------------------------------------------------


def returned_type(function: Function) -> str:
    """The type of an error code and the results of a function."""
    return "{ " + ", ".join(["i32", *(scalar_type(kind, function.location) for kind in function.result_types)]) + " }"


def emit_internal(module: Module, function: Function, callees: dict[Function, str]) -> str:
    """A function of scalars that gives an error code and its results; gives its name. Callees come first."""
    if function in callees:
        return callees[function]
    for operation in walk(function.body):
        if operation.name == "call":
            emit_internal(module, operation.attributes["function"], callees)
    writer = Writer(module, callees=callees)
    writer.returned = returned_type(function)
    parameters = []
    writer.label("start")
    for index, value in enumerate(function.parameters):
        kind = scalar_type(value.type, function.location)
        parameters.append(f"{kind} %a{index}")
        writer.names[value] = f"%a{index}"
        if kind == "i64":
            writer.pointers[value] = writer.define(f"inttoptr i64 %a{index} to ptr")
    writer.region(function.body)
    if writer.block is not None:
        writer.leave("0", function.results)
    name = callees[function] = f"@function{len(callees)}"
    lines = "\n".join(writer.lines)
    head = f"define internal {writer.returned} {name}({', '.join(parameters)}) nounwind"
    module.functions.append(f"{head} {{\n{lines}\n}}")
    return name


def emit_entry(function: Function, name: str = "entry") -> str:
    """A module that exports ``int32_t name(char* arguments, char* results)``.

    Parameters and results lie in slots of 8 bytes; what comes back is 0, or the code that the function failed with.

    Parameters
    ----------
    function : Function
        On scalars; it may leave regions early, use memory, call and fail.
    name : str
        What the function is exported as.

    Raises
    ------
    KernelError
        Naming the type or operation that is missing, with its place.
    """
    module = Module()
    inner = emit_internal(module, function, {})
    writer = Writer(module)
    writer.label("start")
    arguments = []
    for slot, value in enumerate(function.parameters):
        address = writer.define(f"getelementptr i8, ptr %arguments, i64 {8 * slot}")
        loaded = writer.load(value.type, address)  # type: ignore[arg-type]
        arguments.append(f"{scalar_type(value.type)} {loaded}")
    kind = returned_type(function)
    given = writer.define(f"call {kind} {inner}({', '.join(arguments)})")
    for slot, scalar in enumerate(function.result_types):
        address = writer.define(f"getelementptr i8, ptr %results, i64 {8 * slot}")
        value = writer.define(f"extractvalue {kind} {given}, {slot + 1}")
        writer.store(scalar, value, address)  # type: ignore[arg-type]
    writer.put(f"ret i32 {writer.define(f'extractvalue {kind} {given}, 0')}")
    lines = "\n".join(writer.lines)
    module.functions.append(f"define i32 @{name}(ptr %arguments, ptr %results) nounwind {{\n{lines}\n}}")
    return str(module)
