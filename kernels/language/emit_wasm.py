"""IR to WebAssembly: functions on scalars, with structured control flow, and the loops around kernels.

Numbers narrower than 32 bits are held in an i32, sign- or zero-extended; bools are 0 or 1. Values that are used once,
where they are defined, stay on the stack; the others get locals.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from . import wasm_module as w
from .builder import constant_bits
from .ir import FLAG_BITS, Function, KernelError, Location, Operation, Region, Table, Value, components, leaves, walk
from .passes import tables
from .typesystem import ScalarType, StructType, Type, i32, i64

# Opcodes of an operation on i32, i64, f32, f64 as WebAssembly has them; signed and unsigned where it matters.
_INTEGER = {"add": 0x6A, "sub": 0x6B, "mul": 0x6C, "and": 0x71, "or": 0x72, "xor": 0x73, "shl": 0x74}
_FLOAT = {"abs": 0x8B, "neg": 0x8C, "ceil": 0x8D, "floor": 0x8E, "trunc": 0x8F, "rint": 0x90, "sqrt": 0x91,
          "add": 0x92, "sub": 0x93, "mul": 0x94, "div": 0x95}  # fmt: skip
_COMPARE_INTEGER = {"eq": (0x46, 0x46), "ne": (0x47, 0x47), "lt": (0x48, 0x49), "le": (0x4C, 0x4D)}
_COMPARE_FLOAT = {"eq": 0x5B, "ne": 0x5C, "lt": 0x5D, "le": 0x5F}
_I64_INTEGER, _F64_FLOAT = 0x12, 0x0E  # from an opcode of the narrow type to that of the wide one
_I64_COMPARE, _F64_COMPARE = 0x0B, 0x06
_LOADS = {("i", 8): 0x2C, ("u", 8): 0x2D, ("b", 1): 0x2D, ("i", 16): 0x2E, ("u", 16): 0x2F, ("i", 32): 0x28,
          ("u", 32): 0x28, ("i", 64): 0x29, ("u", 64): 0x29, ("f", 32): 0x2A, ("f", 64): 0x2B}  # fmt: skip
_STORES = {1: 0x3A, 8: 0x3A, 16: 0x3B, 32: 0x36, 64: 0x37}


def held(scalar: Type, location: Location | None = None) -> int:
    """The WebAssembly type in which a scalar is held."""
    if not isinstance(scalar, ScalarType) or (scalar.is_float and scalar.bits == 16):
        raise KernelError(f"the WebAssembly emitter has no type {scalar}", location)
    if scalar.is_float:
        return w.F32 if scalar.bits == 32 else w.F64
    return w.I64 if scalar.bits == 64 else w.I32


def constant(value: int | float | bool, scalar: ScalarType) -> bytes:
    """An instruction that pushes a constant, as `held` says."""
    pattern = constant_bits(value, scalar)
    if scalar.is_float:
        return w.f32_const(pattern) if scalar.bits == 32 else w.f64_const(pattern)
    if scalar.bits == 64:
        return w.i64_const(pattern)
    return w.i32_const(int(value)) if scalar.kind == "i" else w.i32_const(pattern)


def load(scalar: ScalarType, offset: int = 0) -> bytes:
    """Instructions that load a scalar from the address on the stack; any byte but 0 is true."""
    truth = w.i32_const(0) + b"\x47" if scalar.kind == "b" else b""
    return bytes((_LOADS[scalar.kind, scalar.bits],)) + b"\x00" + w.unsigned(offset) + truth


def store(scalar: ScalarType, offset: int = 0) -> bytes:
    """An instruction that stores the scalar on the stack at the address below it."""
    if scalar.is_float:
        return bytes((0x38 if scalar.bits == 32 else 0x39,)) + b"\x00" + w.unsigned(offset)
    return bytes((_STORES[scalar.bits],)) + b"\x00" + w.unsigned(offset)


def normalize(scalar: ScalarType) -> bytes:
    """Instructions that extend a narrow integer after arithmetic on 32 bits."""
    if scalar.bits >= 32 or scalar.kind == "b":
        return b""
    if scalar.kind == "i":
        return b"\xc0" if scalar.bits == 8 else b"\xc1"
    return w.i32_const((1 << scalar.bits) - 1) + b"\x71"


def binary_opcode(name: str, scalar: ScalarType) -> bytes | None:
    """The instruction for a binary operation that needs no more than one and `normalize`; None otherwise."""
    if name in _COMPARE_INTEGER:
        if scalar.is_float:
            return bytes((_COMPARE_FLOAT[name] + (_F64_COMPARE if scalar.bits == 64 else 0),))
        opcode = _COMPARE_INTEGER[name][scalar.kind != "i"]
        return bytes((opcode + (_I64_COMPARE if scalar.bits == 64 else 0),))
    if scalar.is_float:
        return bytes((_FLOAT[name] + (_F64_FLOAT if scalar.bits == 64 else 0),)) if name in _FLOAT else None
    if name in _INTEGER and name != "shl":
        return bytes((_INTEGER[name] + (_I64_INTEGER if scalar.bits == 64 else 0),))
    return None


def conversion(source: ScalarType, to: ScalarType) -> bytes:
    """Instructions that convert the number on the stack."""
    wide = source.bits == 64
    if to.kind == "b":
        if source.kind == "b":
            return b""
        if source.is_float:
            return constant(0.0, source) + binary_opcode("ne", source)  # type: ignore[operator]
        return b"\x50\x45" if wide else b"\x45\x45"  # eqz eqz
    if to.is_float:
        if source.is_float:
            return b"" if source == to else b"\xbb" if to.bits == 64 else b"\xb6"
        first = 0xB2 if to.bits == 32 else 0xB7
        return bytes((first + 2 * wide + (source.kind != "i"),))
    if source.is_float:
        # Narrow integers go through the signed 32-bit one, 32-bit unsigned ones keep their range.
        opcode = (4 if to.bits == 64 else 0) + (2 if wide else 0) + (to.kind == "u" and to.bits >= 32)
        return w.saturating(opcode) + normalize(to)
    if to.bits == 64:
        return b"" if wide else b"\xac" if source.kind == "i" else b"\xad"
    narrowed = b"\xa7" if wide else b""
    changes = to.bits < source.bits or (to.bits < 32 and to.kind != source.kind) or source.kind == "b"
    return narrowed + (normalize(to) if changes else b"")


def bitcast(source: ScalarType, to: ScalarType) -> bytes:
    """Instructions that read the bits on the stack as another type of the same width."""
    if source.is_float and not to.is_float:
        return b"\xbc" if source.bits == 32 else b"\xbd"
    if to.is_float and not source.is_float:
        return b"\xbe" if source.bits == 32 else b"\xbf"
    return normalize(to)


def is_constant(value: Value) -> bool:
    return value.op is not None and value.op.name == "const"


class Writer:
    """Emits one function on scalars into a body of code."""

    def __init__(self, module: w.Module, code: w.Code, callees: dict[Function, int] | None = None) -> None:
        self.module = module
        self.code = code
        self.callees = callees or {}
        self.locals: dict[Value, int] = {}
        self.uses: Counter[Value] = Counter()
        self.waiting: dict[Value, Operation] = {}  # emitted where they are used
        self.errors: int | None = None  # the local that collects floating-point errors; None: they are dropped
        self.parts: dict[tuple[Value, int], int] = {}  # locals of the components of struct parameters
        self.depth = 0  # of blocks
        self.loops: list[tuple[list[int], int, int]] = []  # carried locals, depths of the block and of the loop
        self.table_offsets: dict[str, int] = {}
        self.returned: list[Type] = []

    # -- values ---------------------------------------------------------------------------------------------------

    def prepare(self, function: Function) -> None:
        """Count uses and lay out tables."""
        self.returned = function.result_types
        where: dict[Value, Region] = {}
        self.count(function.body, where)
        for table in tables(function):
            data = b"".join(
                constant_bits(value, table.element).to_bytes(table.element.size, "little") for value in table.values
            )
            self.table_offsets[table.name] = self.module.constant_data(data)

    def count(self, region: Region, defined: dict[Value, Region]) -> None:
        """How often each value is used; a use in another region than the definition's counts as many."""
        for operation in region.operations:
            for operand in operation.operands:
                self.uses[operand] += 1 if defined.get(operand) is region else 2
            for nested in operation.regions:
                self.count(nested, defined)
            for result in operation.results:
                defined[result] = region
        for result in region.results:
            self.uses[result] += 1 if defined.get(result) is region else 2

    def local(self, value: Value) -> int:
        """The local of a value, made on first demand."""
        found = self.locals.get(value)
        if found is None:
            found = self.locals[value] = self.code.local(held(value.type, value.op.location if value.op else None))
        return found

    def push(self, value: Value) -> None:
        """Push a value."""
        operation = value.op
        if operation is not None and operation.name == "const":
            self.code.put(constant(operation.attributes["value"], value.type))  # type: ignore[arg-type]
        elif value in self.waiting:
            self.pure(self.waiting.pop(value))
        else:
            self.code.get(self.locals[value])

    def scratch(self, scalar: ScalarType) -> int:
        return self.code.local(held(scalar))

    # -- operations -----------------------------------------------------------------------------------------------

    def region(self, region: Region) -> None:
        for operation in region.operations:
            name = operation.name
            if name == "const" or (operation.results and len(operation.results) == 1 and not self.uses[operation.result]
                                   and name not in ("if", "loop", "call")):  # fmt: skip
                continue
            method = getattr(self, f"do_{name}", None)
            if method is not None:
                method(operation)
            elif self.uses[operation.result] == 1:
                self.waiting[operation.result] = operation
            else:
                self.pure(operation)
                self.code.set(self.local(operation.result))

    def pure(self, operation: Operation) -> None:
        """Push the result of a pure operation."""
        name, operands, put = operation.name, operation.operands, self.code.put
        scalar = operands[0].type
        result = operation.result.type
        held(scalar, operation.location), held(result, operation.location)
        assert isinstance(scalar, ScalarType) and isinstance(result, ScalarType)
        match name:
            case "quotient" | "modulus":
                self.division(name, operands, scalar)
                return
            case "isnan" | "isfinite" | "isnormal":
                self.classify(name, operands[0], scalar)
                return
            case "fma":
                raise KernelError("the WebAssembly emitter has no operation 'fma'", operation.location)
            case "select":
                for operand in (operands[1], operands[2], operands[0]):
                    self.push(operand)
                put(b"\x1b")
                return
            case "lookup":
                self.lookup(operation, scalar)
                return
            case "neg" if not scalar.is_float:
                put(constant(0, scalar))
                self.push(operands[0])
                put(binary_opcode("sub", scalar), normalize(scalar))  # type: ignore[arg-type]
                return
        for operand in operands:
            self.push(operand)
        if name in ("shl", "shr"):
            self.shift(name, scalar)
        elif name == "convert":
            put(conversion(scalar, result))
        elif name == "bitcast":
            put(bitcast(scalar, result))
        elif name == "opaque" or name == "any":
            pass
        elif name == "not":
            put(b"\x45" if scalar.kind == "b" else constant(-1, i64 if scalar.bits == 64 else i32))
            if scalar.kind != "b":
                put(binary_opcode("xor", scalar), normalize(scalar))  # type: ignore[arg-type]
        elif name == "abs" and not scalar.is_float:
            self.absolute(scalar)
        else:
            opcode = binary_opcode(name, scalar)
            if opcode is None:
                raise KernelError(f"the WebAssembly emitter has no operation {name!r} on {scalar}", operation.location)
            put(opcode, normalize(result) if name in ("add", "sub", "mul") else b"")

    def shift(self, name: str, scalar: ScalarType) -> None:
        """Both operands are on the stack; counts are taken modulo the width, as WebAssembly does from 32 bits on."""
        wide = _I64_INTEGER if scalar.bits == 64 else 0
        if scalar.bits < 32:
            self.code.put(w.i32_const(scalar.bits - 1), b"\x71")
        opcode = 0x74 if name == "shl" else 0x75 if scalar.kind == "i" else 0x76
        self.code.put(bytes((opcode + wide,)), normalize(scalar) if name == "shl" else b"")

    def absolute(self, scalar: ScalarType) -> None:
        """Of the integer on the stack: ``(x ^ s) - s`` with ``s`` its sign."""
        x, wide = self.scratch(scalar), _I64_INTEGER if scalar.bits == 64 else 0
        sign = constant(scalar.bits - 1, scalar) + bytes((0x75 + wide,))
        self.code.set(x)
        get = bytes((w.LOCAL_GET,)) + w.unsigned(x)
        exclusive, minus = bytes((0x73 + wide,)), bytes((0x6B + wide,))
        self.code.put(get, get, sign, exclusive, get, sign, minus, normalize(scalar))

    def classify(self, name: str, operand: Value, scalar: ScalarType) -> None:
        x, put = self.scratch(scalar), self.code.put
        self.push(operand)
        if name == "isnan":
            self.code.set(x)
            self.code.get(x)
            self.code.get(x)
            put(binary_opcode("ne", scalar))  # type: ignore[arg-type]
            return
        wide = scalar.bits == 64
        put(b"\x99" if wide else b"\x8b")
        self.code.set(x)
        self.code.get(x)
        put(constant(float("inf"), scalar), binary_opcode("lt", scalar))  # type: ignore[arg-type]
        if name == "isnormal":
            put(constant(2.0**-1022 if wide else 2.0**-126, scalar))
            self.code.get(x)
            put(binary_opcode("le", scalar), b"\x71")  # type: ignore[arg-type]

    def division(self, name: str, operands: list[Value], scalar: ScalarType) -> None:
        """Truncating division that never traps: 0 for a zero divisor, and the smallest integer by -1 wraps."""
        put, wide = self.code.put, _I64_INTEGER if scalar.bits == 64 else 0
        signed = scalar.kind == "i"
        divide = bytes(((0x6D if name == "quotient" else 0x6F) + wide + (not signed),))
        if is_constant(operands[1]):
            divisor = operands[1].op.attributes["value"]  # type: ignore[union-attr]
            if divisor not in (0, -1):
                self.push(operands[0])
                self.push(operands[1])
                put(divide)
                return
        x, y = self.scratch(scalar), self.scratch(scalar)
        for local, operand in ((x, operands[0]), (y, operands[1])):
            self.push(operand)
            self.code.set(local)
        get_x, get_y = (bytes((w.LOCAL_GET,)) + w.unsigned(local) for local in (x, y))
        zero, one, equal = constant(0, scalar), constant(1, scalar), binary_opcode("eq", scalar)
        # x / (y or 1), then 0 where y is 0; y = -1 is x * -1, to whose overflow the instruction would trap.
        put(zero, get_x)
        if signed and name == "quotient":
            minus = constant(-1, scalar)
            put(one, get_y, get_y, minus, equal, get_y, zero, equal, b"\x72", b"\x1b", divide)  # type: ignore[arg-type]
            quotient = self.scratch(scalar)
            self.code.set(quotient)
            put(zero, get_x, binary_opcode("sub", scalar))  # type: ignore[arg-type]
            self.code.get(quotient)
            put(get_y, minus, equal, b"\x1b")  # type: ignore[arg-type]
        else:
            put(one, get_y, get_y, zero, equal, b"\x1b", divide)  # type: ignore[arg-type]
        put(get_y, zero, equal, b"\x1b", normalize(scalar))  # type: ignore[arg-type]

    def lookup(self, operation: Operation, scalar: ScalarType) -> None:
        table: Table = operation.attributes["table"]
        self.push(operation.operands[0])
        put = self.code.put
        if scalar.bits == 64:
            put(b"\xa7")
        put(w.i32_const(len(table.values) - 1), b"\x71", w.i32_const(table.element.size.bit_length() - 1), b"\x74")
        put(bytes((w.GLOBAL_GET, 0)), b"\x6a", load(table.element, self.table_offsets[table.name]))

    # -- effects and memory ---------------------------------------------------------------------------------------

    def do_flag(self, operation: Operation) -> None:
        if self.errors is None:
            return
        self.code.get(self.errors)
        self.push(operation.operands[0])
        shift = FLAG_BITS[operation.attributes["kind"]].bit_length() - 1
        self.code.put(w.i32_const(shift), b"\x74\x72")
        self.code.set(self.errors)

    def do_field(self, operation: Operation) -> None:
        self.locals[operation.result] = self.parts[operation.operands[0], operation.attributes["index"]]

    def do_make(self, operation: Operation) -> None:
        pass  # a result of the kernel: its operands are stored

    def do_load(self, operation: Operation) -> None:
        self.push(operation.operands[0])
        self.code.put(b"\xa7", load(operation.result.type))  # type: ignore[arg-type]
        self.code.set(self.local(operation.result))

    def do_store(self, operation: Operation) -> None:
        self.push(operation.operands[0])
        self.code.put(b"\xa7")
        self.push(operation.operands[1])
        self.code.put(store(operation.operands[1].type))  # type: ignore[arg-type]

    def do_call(self, operation: Operation) -> None:
        for operand in operation.operands:
            self.push(operand)
        self.code.put(bytes((w.CALL,)), w.unsigned(self.callees[operation.attributes["function"]]))
        for result in reversed(operation.results):
            self.code.set(self.local(result))
        failed = self.scratch(i32)
        self.code.set(failed)
        self.code.get(failed)
        self.code.put(bytes((w.IF, w.NO_RESULT)))
        self.code.get(failed)
        self.leave([])
        self.code.put(bytes((w.END,)))

    def leave(self, values: list[Value]) -> None:
        """Return with the error code on the stack and results, or dummies for them."""
        for index, scalar in enumerate(self.returned):
            if values:
                self.push(values[index])
            else:
                self.code.put(constant(0, scalar))  # type: ignore[arg-type]
        self.code.put(bytes((w.RETURN,)))

    def do_fail(self, operation: Operation) -> None:
        self.code.put(w.i32_const(operation.attributes["code"]))
        self.leave([])

    def do_return(self, operation: Operation) -> None:
        self.code.put(w.i32_const(0))
        self.leave(operation.operands)

    # -- control flow ---------------------------------------------------------------------------------------------

    def open(self, opcode: int) -> int:
        """Open a block; gives its depth."""
        self.code.put(bytes((opcode, w.NO_RESULT)))
        self.depth += 1
        return self.depth

    def close(self) -> None:
        self.code.put(bytes((w.END,)))
        self.depth -= 1

    def branch_to(self, depth: int, opcode: int = w.BR) -> None:
        self.code.put(bytes((opcode,)), w.unsigned(self.depth - depth))

    def assign(self, targets: list[int], values: list[Value]) -> None:
        """Set locals at once: all values are read before the first is written."""
        changed = [
            (target, value) for target, value in zip(targets, values, strict=True) if self.locals.get(value) != target
        ]
        for _, value in changed:
            self.push(value)
        for target, _ in reversed(changed):
            self.code.set(target)

    def do_if(self, operation: Operation) -> None:
        targets = [self.local(result) for result in operation.results]
        self.push(operation.operands[0])
        self.open(w.IF)
        for index, region in enumerate(operation.regions):
            if index == 1:
                if not region.operations and not targets:
                    break
                self.code.put(bytes((w.ELSE,)))
            self.region(region)
            if not leaves(region):
                self.assign(targets, region.results)
        self.close()

    def do_loop(self, operation: Operation) -> None:
        test, body = operation.regions
        carried = [self.code.local(held(value.type, operation.location)) for value in operation.results]
        self.assign(carried, operation.operands)
        for values in (operation.results, test.parameters, body.parameters):
            self.locals.update(zip(values, carried, strict=True))
        block = self.open(w.BLOCK)
        loop = self.open(w.LOOP)
        self.region(test)
        self.push(test.results[0])
        self.code.put(b"\x45")
        self.branch_to(block, w.BR_IF)
        self.loops.append((carried, block, loop))
        self.region(body)
        self.loops.pop()
        if not leaves(body):
            self.assign(carried, body.results)
            self.branch_to(loop)
        self.close()
        self.close()

    def do_break(self, operation: Operation) -> None:
        carried, block, _ = self.loops[-1]
        self.assign(carried, operation.operands)
        self.branch_to(block)

    def do_continue(self, operation: Operation) -> None:
        carried, _, loop = self.loops[-1]
        self.assign(carried, operation.operands)
        self.branch_to(loop)


# -- functions --------------------------------------------------------------------------------------------------------


def emit_internal(module: w.Module, function: Function, callees: dict[Function, int]) -> int:
    """A function of scalars that gives an error code and its results; gives its index. Callees come first."""
    if function in callees:
        return callees[function]
    for operation in walk(function.body):
        if operation.name == "call":
            emit_internal(module, operation.attributes["function"], callees)
    kinds = [held(value.type, function.location) for value in function.parameters]
    results = [held(scalar, function.location) for scalar in function.result_types]
    code = w.Code(kinds, [w.I32, *results])
    writer = Writer(module, code, callees)
    writer.prepare(function)
    writer.locals.update(zip(function.parameters, range(len(kinds)), strict=True))
    writer.region(function.body)
    if leaves(function.body):
        code.put(b"\x00")  # unreachable
    else:
        code.put(w.i32_const(0))
        for value in function.results:
            writer.push(value)
    callees[function] = module.add(code)
    return callees[function]


def emit_entry(function: Function, name: str = "entry") -> w.Module:
    """A module that exports ``int32_t name(char* arguments, char* results)``.

    Parameters and results lie in slots of 8 bytes; what comes back is 0, or the code that the function failed with.
    """
    module = w.Module()
    index = emit_internal(module, function, {})
    code = w.Code([w.I32, w.I32], [w.I32])
    for slot, value in enumerate(function.parameters):
        code.get(0)
        code.put(load(value.type, 8 * slot))  # type: ignore[arg-type]
    code.put(bytes((w.CALL,)), w.unsigned(index))
    for slot, scalar in reversed(list(enumerate(function.result_types))):
        value = code.local(held(scalar))
        code.set(value)
        code.get(1)
        code.get(value)
        code.put(store(scalar, 8 * slot))  # type: ignore[arg-type]
    module.add(code, name)
    return module


@dataclass
class Operands:
    """The locals that walk through the operands of a kernel."""

    pointers: list[int]
    types: list[Type]
    inputs: int

    def advance(self, code: w.Code, steps: list[bytes]) -> None:
        for pointer, step in zip(self.pointers, steps, strict=True):
            code.get(pointer)
            code.put(step, b"\x6a")
            code.set(pointer)


def emit_single(module: w.Module, function: Function) -> int:
    """``errors single(pointers..., strides..., count)``: the kernel, element by element; gives its index."""
    types = [*(value.type for value in function.parameters), *function.result_types]
    total = len(types)
    code = w.Code([w.I32] * (2 * total + 1), [w.I32])
    operands = Operands(list(range(total)), types, len(function.parameters))
    writer = Writer(module, code)
    writer.prepare(function)
    writer.errors = code.local(w.I32)
    count = 2 * total
    block, loop = writer.open(w.BLOCK), writer.open(w.LOOP)
    code.get(count)
    code.put(w.i32_const(0), b"\x4c")
    writer.branch_to(block, w.BR_IF)
    for pointer, value in enumerate(function.parameters):
        offset = 0
        for index, scalar in enumerate(components(value.type)):
            local = code.local(held(scalar, function.location))
            code.get(pointer)
            code.put(load(scalar, offset))
            code.set(local)
            offset += scalar.size
            if isinstance(value.type, StructType):
                writer.parts[value, index] = local
            else:
                writer.locals[value] = local
    writer.region(function.body)
    for pointer, value in enumerate(function.results, start=operands.inputs):
        offset = 0
        for index, scalar in enumerate(components(value.type)):
            code.get(pointer)
            if isinstance(value.type, StructType) and value.op is None:
                code.get(writer.parts[value, index])  # a parameter handed on
            else:
                writer.push(value.op.operands[index] if isinstance(value.type, StructType) else value)  # type: ignore
            code.put(store(scalar, offset))
            offset += scalar.size
    operands.advance(code, [bytes((w.LOCAL_GET,)) + w.unsigned(total + k) for k in range(total)])
    code.get(count)
    code.put(w.i32_const(1), b"\x6b")
    code.set(count)
    writer.branch_to(loop)
    writer.close()
    writer.close()
    code.get(writer.errors)
    return module.add(code)


def emit_strided(module: w.Module, single: int, total: int, name: str) -> None:
    """Export the kernel as a StridedKernel of :file:`kernels/cpu/kernel_table.hpp`."""
    code = w.Code([w.I32, w.I32, w.I32], [w.I32])
    for array in (0, 1):
        for k in range(total):
            code.get(array)
            code.put(load(i32, 4 * k))
    code.get(2)
    code.put(bytes((w.CALL,)), w.unsigned(single))
    module.add(code, name)
