"""IR to WebAssembly's 128-bit vectors: what kernels compute in a step of several lanes.

A step takes N lanes, as many as fill a register with the narrowest number of the kernel. A value is a list of parts,
one register each. A bool is a mask as wide as the numbers that made it; where masks meet, and in variables, they have
the width at which N lanes fill one register. What has no vector instruction runs lane by lane.
"""

from __future__ import annotations

from . import wasm_module as w
from .builder import constant_bits
from .emit_wasm import Writer
from .ir import Function, KernelError, Operation, Region, Value
from .passes import scalar_types
from .typesystem import ScalarType, StructType, bool_, i32

_AND, _OR, _XOR, _NOT, _BITSELECT, _ANY_TRUE = 0x4E, 0x50, 0x51, 0x4D, 0x52, 0x53
_BITWISE = {"and": _AND, "or": _OR, "xor": _XOR}
# Opcodes for lanes of 8, 16, 32 and 64 bits, and for f32 and f64.
_INTEGER = {
    "add": {8: 0x6E, 16: 0x8E, 32: 0xAE, 64: 0xCE},
    "sub": {8: 0x71, 16: 0x91, 32: 0xB1, 64: 0xD1},
    "mul": {16: 0x95, 32: 0xB5, 64: 0xD5},
    "abs": {8: 0x60, 16: 0x80, 32: 0xA0, 64: 0xC0},
    "neg": {8: 0x61, 16: 0x81, 32: 0xA1, 64: 0xC1},
    "shl": {8: 0x6B, 16: 0x8B, 32: 0xAB, 64: 0xCB},
    "eq": {8: 0x23, 16: 0x2D, 32: 0x37, 64: 0xD6},
    "ne": {8: 0x24, 16: 0x2E, 32: 0x38, 64: 0xD7},
    "lt": {8: 0x25, 16: 0x2F, 32: 0x39, 64: 0xD8},
    "le": {8: 0x29, 16: 0x33, 32: 0x3D, 64: 0xDA},
}
_FLOAT = {
    "add": (0xE4, 0xF0), "sub": (0xE5, 0xF1), "mul": (0xE6, 0xF2), "div": (0xE7, 0xF3), "abs": (0xE0, 0xEC),
    "neg": (0xE1, 0xED), "sqrt": (0xE3, 0xEF), "ceil": (0x67, 0x74), "floor": (0x68, 0x75), "trunc": (0x69, 0x7A),
    "rint": (0x6A, 0x94), "eq": (0x41, 0x47), "ne": (0x42, 0x48), "lt": (0x43, 0x49), "le": (0x45, 0x4B),
}  # fmt: skip
_EXTEND_LOW = {("i", 8): 0x87, ("u", 8): 0x89, ("i", 16): 0xA7, ("u", 16): 0xA9, ("i", 32): 0xC7, ("u", 32): 0xC9}
_SPLAT = {8: 0x0F, 16: 0x10, 32: 0x11, 64: 0x12}
_FLOAT_SPLAT = {32: 0x13, 64: 0x14}
_LOW_HALVES = bytes([*range(8), *range(16, 24)])
_HIGH_TO_LOW = bytes([*range(8, 16), *range(8, 16)])
_SHUFFLE = 0x0D


def _even(size: int) -> bytes:
    """A shuffle that takes every other element of ``size`` bytes of two registers, from the first."""
    return bytes(2 * size * i + j for i in range(16 // size) for j in range(size))


def _odd(size: int) -> bytes:
    return bytes(index + size for index in _even(size))


def _interleave(size: int, high: int) -> bytes:
    """A shuffle that takes elements of two registers in turns, from their low or high halves."""
    pairs = [(index, 16 + index) for index in range(8 * high, 8 * high + 8, size)]
    return bytes(start + j for pair in pairs for start in pair for j in range(size))


def lanes_of(function: Function) -> int:
    """Lanes of the narrowest number in a register."""
    widths = [scalar.bits for scalar in scalar_types(function) if scalar.kind != "b"]
    return 128 // max(min(widths, default=8), 8)


class VectorWriter:
    """Emits the vector form of one kernel."""

    def __init__(self, module: w.Module, code: w.Code, lanes: int, scalar: Writer) -> None:
        self.module = module
        self.code = code
        self.lanes = lanes
        self.scalar = scalar  # for operations lane by lane
        self.mask_width = 0  # of masks in variables
        self.values: dict[Value, list[int]] = {}
        self.widths: dict[Value, int] = {}  # of masks
        self.converted: dict[tuple[Value, int], list[int]] = {}  # masks of another width
        self.waiting: dict[Value, Operation] = {}  # emitted part by part where they are used
        self.flags: dict[Value, int] = {}  # locals of uniform bools
        self.constants: dict[bytes, int] = {}
        self.components: dict[tuple[Value, int], list[int]] = {}

    # -- values ---------------------------------------------------------------------------------------------------

    def bits(self, value: Value) -> int:
        scalar = value.type
        assert isinstance(scalar, ScalarType)
        return self.widths[value] if scalar.kind == "b" else scalar.bits

    def count(self, bits: int) -> int:
        """Registers that N lanes of a width take."""
        return self.lanes * bits // 128

    def constant(self, data: bytes) -> int:
        """The local of a constant register."""
        if data not in self.constants:
            self.constants[data] = self.code.local(w.V128)
        return self.constants[data]

    def splat(self, pattern: int, bits: int) -> bytes:
        return pattern.to_bytes(bits // 8, "little") * (128 // bits)

    def constant_of(self, value: Value) -> int:
        scalar, number = value.type, value.op.attributes["value"]  # type: ignore[union-attr]
        assert isinstance(scalar, ScalarType)
        if scalar.kind == "b":
            return self.constant(b"\xff" * 16 if number else bytes(16))
        return self.constant(self.splat(constant_bits(number, scalar), scalar.bits))

    def is_constant(self, value: Value) -> bool:
        return value.op is not None and value.op.name == "const"

    def push(self, value: Value, part: int) -> None:
        """Push one part of a value, at its own width. Parts of waiting values are pushed once each."""
        if self.is_constant(value):
            self.code.get(self.constant_of(value))
        elif value in self.waiting:
            operation = self.waiting[value]
            if part == self.count(self.bits(value)) - 1:
                del self.waiting[value]
            self.partwise(operation, part)
        else:
            self.code.get(self.values[value][part])

    def parts(self, value: Value) -> list[int]:
        """The locals of a value."""
        if self.is_constant(value):
            return [self.constant_of(value)] * self.count(self.bits(value))
        if value in self.waiting:
            found = []
            for part in range(self.count(self.bits(value))):
                self.push(value, part)
                found.append(self.stored())
            self.values[value] = found
        return self.values[value]

    def stored(self) -> int:
        """A new local with what is on the stack."""
        local = self.code.local(w.V128)
        self.code.set(local)
        return local

    def simd(self, opcode: int, immediate: bytes = b"") -> None:
        self.code.put(w.simd(opcode, immediate))

    def shuffle(self, first: int, second: int, pattern: bytes) -> int:
        self.code.get(first)
        self.code.get(second)
        self.simd(_SHUFFLE, pattern)
        return self.stored()

    # -- masks ----------------------------------------------------------------------------------------------------

    def mask(self, value: Value, bits: int) -> list[int]:
        """The locals of a bool as a mask of a width."""
        if self.is_constant(value):
            return [self.constant_of(value)] * self.count(bits)
        if self.widths[value] == bits:
            return self.parts(value)
        if (value, bits) not in self.converted:
            self.converted[value, bits] = self.resized(self.parts(value), self.widths[value], bits)
        return self.converted[value, bits]

    def push_mask(self, value: Value, bits: int, part: int) -> None:
        if self.is_constant(value) or self.widths[value] != bits:
            self.code.get(self.mask(value, bits)[part])
        else:
            self.push(value, part)

    def resized(self, parts: list[int], bits: int, to: int) -> list[int]:
        """Masks of another width. A register that is not full is repeated to its end."""
        while bits < to:
            parts = self.extended(parts, "i", bits)
            bits *= 2
        while bits > to:
            narrowed = []
            for index in range(0, len(parts), 2):
                pair = parts[index], parts[min(index + 1, len(parts) - 1)]
                if bits == 64:
                    narrowed.append(self.shuffle(*pair, _even(4)))
                else:
                    self.code.get(pair[0])
                    self.code.get(pair[1])
                    self.simd(0x85 if bits == 32 else 0x65)  # narrow with signed saturation
                    narrowed.append(self.stored())
            parts, bits = narrowed, bits // 2
        return parts

    def extended(self, parts: list[int], kind: str, bits: int) -> list[int]:
        """Lanes of twice the width."""
        opcode, found = _EXTEND_LOW[kind, bits], []
        for part in parts:
            for half in (0, 1):
                self.code.get(part)
                self.simd(opcode + half)
                found.append(self.stored())
        return found

    # -- regions --------------------------------------------------------------------------------------------------

    def region(self, region: Region) -> None:
        for operation in region.operations:
            name = operation.name
            if name in ("const", "make"):
                continue
            if name == "if":
                self.branch(operation)
            elif name == "loop":
                self.loop(operation)
            elif name == "field":
                key = operation.operands[0], operation.attributes["index"]
                self.values[operation.result] = self.components[key]
            elif name == "any":
                self.any(operation)
            else:
                self.pure(operation)

    def pure(self, operation: Operation) -> None:
        name, operands, result = operation.name, operation.operands, operation.result
        scalar, to = operands[0].type, result.type
        for kind in (scalar, to):
            if not isinstance(kind, ScalarType) or (kind.is_float and kind.bits == 16):
                raise KernelError(f"the WebAssembly emitter has no type {kind}", operation.location)
        assert isinstance(scalar, ScalarType) and isinstance(to, ScalarType)
        if to.kind == "b":
            own = [self.widths[v] for v in operands if v.type == bool_ and not self.is_constant(v)]
            self.widths[result] = scalar.bits if scalar.kind != "b" else min(own, default=self.mask_width)
        if name == "convert":
            self.convert(operation, scalar, to)
        elif self.is_partwise(operation, scalar):
            if self.scalar.uses[result] == 1:
                self.waiting[result] = operation
                return
            found = []
            for part in range(self.count(self.bits(result))):
                self.partwise(operation, part)
                found.append(self.stored())
            self.values[result] = found
        elif name == "mul" and scalar.bits == 8:
            self.multiply_bytes(operation)
        elif name == "fma":
            raise KernelError("the WebAssembly emitter has no operation 'fma'", operation.location)
        else:
            self.lane_by_lane(operation)

    def is_partwise(self, operation: Operation, scalar: ScalarType) -> bool:
        name = operation.name
        if name in ("shl", "shr"):
            return self.is_constant(operation.operands[1])
        if name in ("quotient", "modulus", "lookup", "fma"):
            return False
        return not (name == "mul" and scalar.bits == 8 and scalar.is_integer)

    def partwise(self, operation: Operation, part: int) -> None:
        """Push one part of the result of an operation that works register by register."""
        name, operands = operation.name, operation.operands
        scalar = operands[0].type
        assert isinstance(scalar, ScalarType)
        if name == "select":
            result = operation.result
            bits = self.widths[result] if result.type == bool_ else self.bits(result)
            for operand in operands[1:]:
                if operand.type == bool_:
                    self.push_mask(operand, bits, part)
                else:
                    self.push(operand, part)
            self.push_mask(operands[0], bits, part)
            self.simd(_BITSELECT)
            return
        if scalar.kind == "b":
            bits = self.widths[operation.result]
            for operand in operands:
                self.push_mask(operand, bits, part)
            if name in ("eq", "not", "ne"):
                if name != "not":
                    self.simd(_XOR)
                if name != "ne":
                    self.simd(_NOT)
            else:
                self.simd(_BITWISE[name])
            return
        unsigned_order = name in ("lt", "le") and scalar.kind == "u"
        if name in ("isnan", "isfinite", "isnormal"):
            self.classify(name, operands[0], part, scalar)
            return
        for operand in operands[: 1 if name in ("shl", "shr") else None]:
            self.push(operand, part)
            if unsigned_order and scalar.bits == 64:  # only signed numbers of this width are compared
                self.code.get(self.constant(self.splat(1 << 63, 64)))
                self.simd(_XOR)
        if name in ("shl", "shr"):
            count = operands[1].op.attributes["value"] % scalar.bits  # type: ignore[union-attr]
            self.code.put(w.i32_const(count))
            self.simd(_INTEGER["shl"][scalar.bits] + (0 if name == "shl" else 1 if scalar.kind == "i" else 2))
        elif name in ("bitcast", "opaque"):
            pass
        elif scalar.is_float and name in _FLOAT:
            self.simd(_FLOAT[name][scalar.bits == 64])
        elif name in _BITWISE:
            self.simd(_BITWISE[name])
        elif name == "not":
            self.simd(_NOT)
        elif scalar.is_integer and name in _INTEGER:
            self.simd(_INTEGER[name][scalar.bits] + (unsigned_order and scalar.bits < 64))
        else:
            raise KernelError(f"the WebAssembly emitter has no operation {name!r} on {scalar}", operation.location)

    def classify(self, name: str, operand: Value, part: int, scalar: ScalarType) -> None:
        wide = scalar.bits == 64
        self.push(operand, part)
        if name == "isnan":
            x = self.stored()
            self.code.get(x)
            self.code.get(x)
            self.simd(_FLOAT["ne"][wide])
            return
        self.simd(_FLOAT["abs"][wide])
        infinity = self.constant(self.splat(constant_bits(float("inf"), scalar), scalar.bits))
        if name == "isfinite":
            self.code.get(infinity)
            self.simd(_FLOAT["lt"][wide])
            return
        size = self.stored()
        smallest = constant_bits(2.0**-1022 if wide else 2.0**-126, scalar)
        self.code.get(size)
        self.code.get(infinity)
        self.simd(_FLOAT["lt"][wide])
        self.code.get(self.constant(self.splat(smallest, scalar.bits)))
        self.code.get(size)
        self.simd(_FLOAT["le"][wide])
        self.simd(_AND)

    def multiply_bytes(self, operation: Operation) -> None:
        """8-bit products are the low halves of 16-bit ones."""
        left, right = (self.parts(operand) for operand in operation.operands)
        found = []
        for x, y in zip(left, right, strict=True):
            halves = []
            for opcode in (0x9C, 0x9D):
                self.code.get(x)
                self.code.get(y)
                self.simd(opcode)
                halves.append(self.stored())
            found.append(self.shuffle(halves[0], halves[1], _even(1)))
        self.values[operation.result] = found

    # -- conversions ----------------------------------------------------------------------------------------------

    def convert(self, operation: Operation, scalar: ScalarType, to: ScalarType) -> None:
        operand, result = operation.operands[0], operation.result
        if to.kind == "b":
            if scalar.kind == "b":
                self.values[result], self.widths[result] = self.parts(operand), self.widths[operand]
                return
            zero = self.constant(bytes(16))
            found = []
            for part in range(self.count(scalar.bits)):
                self.push(operand, part)
                self.code.get(zero)
                self.simd(_FLOAT["ne"][scalar.bits == 64] if scalar.is_float else _INTEGER["ne"][scalar.bits])
                found.append(self.stored())
            self.values[result] = found
        elif scalar.kind == "b":
            one = self.constant(self.splat(constant_bits(1, to), to.bits))
            found = []
            for part in self.mask(operand, to.bits):
                self.code.get(part)
                self.code.get(one)
                self.simd(_AND)
                found.append(self.stored())
            self.values[result] = found
        elif scalar.is_integer and to.is_integer:
            self.values[result] = self.integers(self.parts(operand), scalar, to.bits)
        elif scalar.is_float and to.is_float:
            parts = self.parts(operand)
            self.values[result] = self.promoted(parts) if to.bits == 64 else self.paired(parts, 0x5E)
        elif 64 in (scalar.bits if scalar.is_integer else 0, to.bits if to.is_integer else 0):
            self.lane_by_lane(operation)
        elif scalar.is_integer:
            self.values[result] = self.from_integers(operand, scalar, to)
        else:
            self.values[result] = self.to_integers(self.parts(operand), scalar, to)

    def integers(self, parts: list[int], scalar: ScalarType, to: int) -> list[int]:
        bits = scalar.bits
        while bits < to:
            parts = self.extended(parts, scalar.kind, bits)
            bits *= 2
        while bits > to:
            pattern = _even(bits // 16)
            parts = [
                self.shuffle(parts[i], parts[min(i + 1, len(parts) - 1)], pattern) for i in range(0, len(parts), 2)
            ]
            bits //= 2
        return parts

    def promoted(self, parts: list[int], opcode: int = 0x5F) -> list[int]:
        """Two registers of 64-bit lanes for one of 32-bit lanes."""
        found = []
        for part in parts:
            for half in (0, 1):
                self.code.get(part)
                if half:
                    self.code.get(part)
                    self.simd(_SHUFFLE, _HIGH_TO_LOW)
                self.simd(opcode)
                found.append(self.stored())
        return found

    def paired(self, parts: list[int], opcode: int) -> list[int]:
        """One register of 32-bit lanes for two of 64-bit lanes."""
        found = []
        for index in range(0, len(parts), 2):
            for part in parts[index : index + 2]:
                self.code.get(part)
                self.simd(opcode)
            self.simd(_SHUFFLE, _LOW_HALVES)
            found.append(self.stored())
        return found

    def from_integers(self, operand: Value, scalar: ScalarType, to: ScalarType) -> list[int]:
        parts = self.integers(self.parts(operand), scalar, 32)
        unsigned = scalar.kind == "u"
        if to.bits == 64:
            return self.promoted(parts, 0xFE + unsigned)
        found = []
        for part in parts:
            self.code.get(part)
            self.simd(0xFA + unsigned)
            found.append(self.stored())
        return found

    def to_integers(self, parts: list[int], scalar: ScalarType, to: ScalarType) -> list[int]:
        unsigned = to.kind == "u" and to.bits == 32
        if scalar.bits == 64:
            words = self.paired(parts, 0xFC + unsigned)
        else:
            words = []
            for part in parts:
                self.code.get(part)
                self.simd(0xF8 + unsigned)
                words.append(self.stored())
        return self.integers(words, i32, to.bits)

    # -- lane by lane ---------------------------------------------------------------------------------------------

    def lane_by_lane(self, operation: Operation) -> None:
        """Take every lane out, compute, and put the results together."""
        result = operation.result
        to = result.type
        assert isinstance(to, ScalarType)
        sources = [None if self.is_constant(operand) else self.parts(operand) for operand in operation.operands]
        found = [self.code.local(w.V128) for _ in range(self.count(to.bits))]
        for lane in range(self.lanes):
            inner = []
            for operand, parts in zip(operation.operands, sources, strict=True):
                if parts is None:
                    inner.append(operand)
                    continue
                stand_in = Value(operand.type)
                scalar = operand.type
                assert isinstance(scalar, ScalarType)
                per = 128 // scalar.bits
                self.code.get(parts[lane // per])
                self.extract(scalar, lane % per)
                self.code.set(self.scalar.local(stand_in))
                inner.append(stand_in)
            single = Operation(operation.name, inner, [], operation.attributes, [], operation.location)
            single.results = [Value(to, single)]
            per = 128 // to.bits
            if lane % per:
                self.code.get(found[lane // per])
            self.scalar.pure(single)
            self.insert(to, lane % per)
            self.code.set(found[lane // per])
        self.values[result] = found

    def extract(self, scalar: ScalarType, lane: int) -> None:
        if scalar.is_float:
            opcode = 0x1F if scalar.bits == 32 else 0x21
        else:
            opcode = {8: 0x15, 16: 0x18, 32: 0x1B, 64: 0x1D}[scalar.bits]
            opcode += scalar.kind == "u" and scalar.bits < 32
        self.simd(opcode, bytes((lane,)))

    def insert(self, scalar: ScalarType, lane: int) -> None:
        """Put the scalar on the stack into the vector below it; the first lane makes the vector."""
        if lane == 0:
            self.simd((_FLOAT_SPLAT if scalar.is_float else _SPLAT)[scalar.bits])
        elif scalar.is_float:
            self.simd(0x20 if scalar.bits == 32 else 0x22, bytes((lane,)))
        else:
            self.simd({8: 0x17, 16: 0x1A, 32: 0x1C, 64: 0x1E}[scalar.bits], bytes((lane,)))

    # -- control flow ---------------------------------------------------------------------------------------------

    def any(self, operation: Operation) -> None:
        self.push_any([operation.operands[0]])
        self.flags[operation.result] = self.code.local(w.I32)
        self.code.set(self.flags[operation.result])

    def push_any(self, masks: list[Value]) -> None:
        """Push whether some lane of some of the masks holds."""
        if not masks:
            self.code.put(w.i32_const(0))
            return
        first = True
        for mask in masks:
            for part in range(1 if self.is_constant(mask) else self.count(self.bits(mask))):
                self.push(mask, part)
                if not first:
                    self.simd(_OR)
                first = False
        self.simd(_ANY_TRUE)

    def variables(self, values: list[Value]) -> list[list[int]]:
        """Locals for values that are assigned in several places."""
        found = []
        for value in values:
            if value.type == bool_:
                self.widths[value] = self.mask_width
            assert isinstance(value.type, ScalarType)
            self.values[value] = [self.code.local(w.V128) for _ in range(self.count(self.bits(value)))]
            found.append(self.values[value])
        return found

    def assign(self, targets: list[list[int]], values: list[Value]) -> None:
        """Set variables at once: all values are read before the first is written."""
        pending = []
        for target, value in zip(targets, values, strict=True):
            if self.values.get(value) is target:
                continue
            for part, local in enumerate(target):
                if value.type == bool_:
                    self.push_mask(value, self.mask_width, part)
                else:
                    self.push(value, part)
                pending.append(local)
        for local in reversed(pending):
            self.code.set(local)

    def branch(self, operation: Operation) -> None:
        targets = self.variables(operation.results)
        condition = operation.operands[0]
        self.code.get(self.flags[condition])
        self.scalar.open(w.IF)
        for index, region in enumerate(operation.regions):
            if index:
                self.code.put(bytes((w.ELSE,)))
            before = dict(self.converted)
            self.region(region)
            self.assign(targets, region.results)
            self.converted = before
        self.scalar.close()

    def loop(self, operation: Operation) -> None:
        test, body = operation.regions
        targets = self.variables(operation.results)
        self.assign(targets, operation.operands)
        for region in (test, body):
            for parameter, result, target in zip(region.parameters, operation.results, targets, strict=True):
                self.values[parameter] = target
                if result.type == bool_:
                    self.widths[parameter] = self.mask_width
        before = dict(self.converted)
        block, loop = self.scalar.open(w.BLOCK), self.scalar.open(w.LOOP)
        self.region(test)
        self.code.get(self.flags[test.results[0]])
        self.code.put(b"\x45")
        self.scalar.branch_to(block, w.BR_IF)
        self.region(body)
        self.assign(targets, body.results)
        self.scalar.branch_to(loop)
        self.scalar.close()
        self.scalar.close()
        self.converted = before

    # -- operands -------------------------------------------------------------------------------------------------

    def load(self, value: Value, pointer: int) -> None:
        """Load N elements of an input."""
        kind = value.type
        if isinstance(kind, StructType):
            first, second = kind.fields[0][1], kind.fields[1][1]
            assert first == second
            raw = self.loaded(pointer, 2 * self.count(first.bits))
            pairs = [(raw[i], raw[i + 1]) for i in range(0, len(raw), 2)]
            for index, pattern in enumerate((_even(first.size), _odd(first.size))):
                self.components[value, index] = [self.shuffle(x, y, pattern) for x, y in pairs]
        elif kind.kind == "b":
            self.widths[value] = self.mask_width
            self.values[value] = self.loaded_mask(pointer)
        else:
            self.values[value] = self.loaded(pointer, self.count(kind.bits))

    def loaded(self, pointer: int, count: int) -> list[int]:
        found = []
        for part in range(count):
            self.code.get(pointer)
            self.simd(0x00, b"\x00" + w.unsigned(16 * part))
            found.append(self.stored())
        return found

    def loaded_mask(self, pointer: int) -> list[int]:
        """Bytes as a mask; any byte but 0 is true."""
        if self.lanes >= 16:
            parts = self.loaded(pointer, self.lanes // 16)
        else:
            self.code.get(pointer)
            if self.lanes == 2:
                self.code.put(b"\x2f\x00\x00")
                self.simd(_SPLAT[16])
            else:
                self.simd(0x5D if self.lanes == 8 else 0x5C, b"\x00\x00")
            parts = [self.stored()]
        zero = self.constant(bytes(16))
        masks = []
        for part in parts:
            self.code.get(part)
            self.code.get(zero)
            self.simd(_INTEGER["ne"][8])
            masks.append(self.stored())
        bits = 8
        while bits < self.mask_width:
            masks = self.extended(masks, "i", bits)[: max(1, self.count(2 * bits))]
            bits *= 2
        return masks

    def store(self, value: Value, pointer: int) -> None:
        """Store N elements of an output."""
        kind = value.type
        if isinstance(kind, StructType):
            scalar = kind.fields[0][1]
            if value.op is None:
                parts = [self.components[value, index] for index in (0, 1)]
            else:
                parts = [self.parts(operand) for operand in value.op.operands]
            woven = [
                self.shuffle(x, y, _interleave(scalar.size, high))
                for x, y in zip(*parts, strict=True)
                for high in (0, 1)
            ]
            self.store_parts(pointer, woven)
        elif kind.kind == "b":
            one = self.constant(b"\x01" * 16)
            parts = []
            for part in self.resized(self.mask(value, self.mask_width), self.mask_width, 8):
                self.code.get(part)
                self.code.get(one)
                self.simd(_AND)
                parts.append(self.stored())
            if self.lanes >= 16:
                self.store_parts(pointer, parts)
                return
            self.code.get(pointer)
            self.code.get(parts[0])
            self.simd({2: 0x59, 4: 0x5A, 8: 0x5B}[self.lanes], b"\x00\x00\x00")
        else:
            for part in range(self.count(kind.bits)):
                self.code.get(pointer)
                self.push(value, part)
                self.simd(0x0B, b"\x00" + w.unsigned(16 * part))

    def store_parts(self, pointer: int, parts: list[int]) -> None:
        for index, part in enumerate(parts):
            self.code.get(pointer)
            self.code.get(part)
            self.simd(0x0B, b"\x00" + w.unsigned(16 * index))
