"""IR to C++: one struct per kernel whose ``evaluate<N>`` computes N elements on vectors of :file:`runtime.hpp`.

Integers are held unsigned, so that arithmetic wraps and loops that differ in signedness only share their code. A bool
is a mask as wide as the numbers that made it.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, field

from .builder import constant_bits
from .ir import Function, KernelError, Operation, Region, Table, Value, components, walk
from .passes import scalar_types, tables
from .typesystem import ScalarType, StructType

_INFIX = {"add": "+", "sub": "-", "mul": "*", "div": "/", "and": "&", "or": "|", "xor": "^"}
_COMPARE = {"eq": "==", "ne": "!=", "lt": "<", "le": "<="}
_CALLS = {
    "sqrt": "square_root",
    "floor": "round_down",
    "ceil": "round_up",
    "trunc": "round_to_zero",
    "rint": "round_to_even",
}
_FLAGS = {"divide": "kDivideByZero", "overflow": "kOverflow", "underflow": "kUnderflow", "invalid": "kInvalid",
          "negative_power": "kNegativeIntegerPower"}  # fmt: skip


def held_type(scalar: ScalarType) -> str:
    """The C++ type in which lanes of a number are held."""
    if scalar.is_float:
        return {32: "float", 64: "double"}[scalar.bits]
    return f"std::uint{max(scalar.bits, 8)}_t"


def literal(value: float | int, scalar: ScalarType) -> str:
    """A constant as C++ text."""
    if not scalar.is_float:
        return (
            f"{held_type(scalar)}({constant_bits(value, scalar):#x})"
            if scalar.bits < 32
            else (f"{constant_bits(value, scalar):#x}{'u' if scalar.bits == 32 else 'ull'}")
        )
    value = float(value)
    if math.isfinite(value):
        return value.hex().replace("0x0.0p+0", "0.0") + ("f" if scalar.bits == 32 else "")
    return f"cast<{held_type(scalar)}>({constant_bits(value, scalar):#x}{'u' if scalar.bits == 32 else 'ull'})"


@dataclass
class Kernel:
    """Generated text for one loop body."""

    name: str
    text: str  # the struct
    helpers: dict[str, str] = field(default_factory=dict)  # out-of-line branches and tables, by name
    cost: int = 0  # operations, to balance the files


class _Writer:
    """Emits one kernel, or one branch that runs lane by lane."""

    def __init__(self, lanes: str, helpers: dict[str, str]) -> None:
        self.lanes = lanes
        self.helpers = helpers
        self.lines: list[str] = []
        self.names: dict[Value, str] = {}
        self.mask_bits: dict[Value, int] = {}
        self.parts: dict[tuple[Value, int], str] = {}  # components of struct parameters
        self.indent = "    "
        self.counter = 0
        self.may_postpone = False  # whether a rare branch may be left to a second pass
        self.postpones = False  # whether one was

    def put(self, text: str) -> None:
        self.lines.append(self.indent + text)

    def fresh(self) -> str:
        self.counter += 1
        return f"v{self.counter}"

    def vector(self, value: Value) -> str:
        """C++ type of a value."""
        scalar = value.type
        if isinstance(scalar, StructType):
            raise AssertionError("structs have no vector")
        if scalar.kind == "b":
            return f"Mask<{self.mask_bits[value]}, {self.lanes}>"
        return f"V<{held_type(scalar)}, {self.lanes}>"

    def mask(self, value: Value, bits: int) -> str:
        """A bool as a mask of a width."""
        name = self.names[value]
        return name if self.mask_bits[value] == bits else f"mask<{bits}, {self.lanes}>({name})"

    def define(self, value: Value, text: str, bits: int = 0) -> None:
        name = self.fresh()
        self.names[value] = name
        if bits:
            self.mask_bits[value] = bits
        unused = "[[maybe_unused]] " if value.op is None or value.op.name == "const" else ""
        self.put(f"{unused}const {self.vector(value)} {name} = {text};")

    def signed(self, value: Value) -> str:
        scalar = value.type
        return f"cast<V<Signed<{scalar.bits}>, {self.lanes}>>({self.names[value]})"  # type: ignore[union-attr]

    # -- operations -----------------------------------------------------------------------------------------------

    def region(self, region: Region, active: str | None) -> None:
        """Emit operations; ``active`` names the mask of lanes that matter, None for all."""
        for operation in region.operations:
            match operation.name:
                case "if":
                    self.branch(operation, active)
                case "loop":
                    self.loop(operation, active)
                case "flag":
                    self.flag(operation, active)
                case "make":
                    pass  # a result: see emit_kernel
                case "field":
                    self.names[operation.result] = self.parts[operation.operands[0], operation.attributes["index"]]
                case _:
                    self.define(operation.result, *self.pure(operation))

    def pure(self, operation: Operation) -> tuple[str, int]:
        """Text of a pure operation, and the mask width if it is a bool."""
        name, operands, lanes = operation.name, operation.operands, self.lanes
        scalar: ScalarType = operands[0].type if operands else operation.result.type  # type: ignore[assignment]
        args = [self.names.get(operand, "") for operand in operands]
        result: ScalarType = operation.result.type  # type: ignore[assignment]
        if name == "const":
            value = operation.attributes["value"]
            if result.kind == "b":
                return f"splat<Signed<32>, {lanes}>({-int(value)})", 32
            return f"splat<{held_type(result)}, {lanes}>({literal(value, result)})", 0
        if name in _COMPARE and scalar.kind == "b":
            bits = self.mask_bits[operands[0]]
            exclusive = f"{args[0]} ^ {self.mask(operands[1], bits)}"
            return {"ne": exclusive, "eq": f"~({exclusive})"}[name], bits
        if name in _COMPARE:
            if scalar.kind == "i" and name in ("lt", "le"):
                args = [self.signed(operand) for operand in operands]
            return f"cast<Mask<{scalar.bits}, {lanes}>>({args[0]} {_COMPARE[name]} {args[1]})", scalar.bits
        if name == "isnan":
            return f"cast<Mask<{scalar.bits}, {lanes}>>({args[0]} != {args[0]})", scalar.bits
        if name in ("isfinite", "isnormal"):
            return f"{name}<{scalar.bits}, {lanes}>({args[0]})", scalar.bits
        if scalar.kind == "b" and name in ("and", "or", "xor"):
            bits = max(self.mask_bits[operand] for operand in operands)
            left, right = (self.mask(operand, bits) for operand in operands)
            return f"{left} {_INFIX[name]} {right}", bits
        if name == "not":
            return f"~{args[0]}", self.mask_bits.get(operands[0], 0)
        if name in _INFIX:
            return f"{args[0]} {_INFIX[name]} {args[1]}", 0
        if name in ("shl", "shr"):
            amount = operands[1]
            count = f"({args[1]} & {literal(scalar.bits - 1, scalar.unsigned)})"
            if amount.op is not None and amount.op.name == "const":
                count = literal(amount.op.attributes["value"] % scalar.bits, scalar.unsigned)
            if name == "shr" and scalar.kind == "i":
                if amount.op is None or amount.op.name != "const":
                    count = f"cast<V<Signed<{scalar.bits}>, {lanes}>>({count})"
                else:
                    count = f"Signed<{scalar.bits}>({count})"
                return f"cast<V<{held_type(scalar)}, {lanes}>>({self.signed(operands[0])} >> {count})", 0
            return f"{args[0]} {'<<' if name == 'shl' else '>>'} {count}", 0
        if name in ("quotient", "modulus"):
            return f"{name}<{'true' if scalar.kind == 'i' else 'false'}>({args[0]}, {args[1]})", 0
        if name == "neg":
            return (f"-{args[0]}" if scalar.is_float else f"{held_type(scalar)}(0) - {args[0]}"), 0
        if name == "abs":
            if scalar.is_float:
                unsigned = f"V<Unsigned<{scalar.bits}>, {lanes}>"
                clear = f"Unsigned<{scalar.bits}>({(1 << (scalar.bits - 1)) - 1:#x})"
                return f"cast<V<{held_type(scalar)}, {lanes}>>(cast<{unsigned}>({args[0]}) & {clear})", 0
            shifted = f"{self.signed(operands[0])} >> Signed<{scalar.bits}>({scalar.bits - 1})"
            negative = f"cast<V<{held_type(scalar)}, {lanes}>>({shifted})"
            return f"({args[0]} ^ {negative}) - {negative}", 0
        if name == "select":
            if result.kind == "b":
                bits = max(self.mask_bits[operand] for operand in operands)
                condition, yes, no = (self.mask(operand, bits) for operand in operands)
                return f"({condition} & {yes}) | (~{condition} & {no})", bits
            return f"{self.mask(operands[0], result.bits)} ? {args[1]} : {args[2]}", 0
        if name == "bitcast":
            return f"cast<V<{held_type(result)}, {lanes}>>({args[0]})", 0
        if name == "convert":
            return self.conversion(operands[0], scalar, result)
        if name == "opaque":
            return args[0], 0  # C++ compilers keep to the order of floating-point operations
        if name in _CALLS:
            return f"{_CALLS[name]}({args[0]})", 0
        if name == "fma":
            return f"fused({', '.join(args)})", 0
        if name == "lookup":
            table: Table = operation.attributes["table"]
            self.helpers[f"table_{table.name}"] = table_text(table)
            return f"lookup<{held_type(table.element)}, {lanes}>(table_{table.name}, {args[0]})", 0
        raise KernelError(f"the C++ emitter has no operation {name!r}", operation.location)

    def conversion(self, operand: Value, scalar: ScalarType, result: ScalarType) -> tuple[str, int]:
        source, lanes = self.names[operand], self.lanes
        if scalar.kind == "b":
            wide = self.mask(operand, max(result.bits, 8))
            if result.is_float:
                one = literal(1.0, result)
                return (
                    f"{wide} ? splat<{held_type(result)}, {lanes}>({one}) : splat<{held_type(result)}, {lanes}>(0)",
                    0,
                )
            return f"cast<V<{held_type(result)}, {lanes}>>({wide}) & {held_type(result)}(1)", 0
        if result.kind == "b":
            return f"cast<Mask<{scalar.bits}, {lanes}>>({source} != {held_type(scalar)}(0))", scalar.bits
        if scalar.kind == "i":
            source = self.signed(operand)
        if result.kind == "i" and scalar.is_float:
            inner = f"convert<Signed<{result.bits}>, {lanes}>({source})"
            return f"cast<V<{held_type(result)}, {lanes}>>({inner})", 0
        if scalar.kind == "i" and not result.is_float:
            inner = f"convert<Signed<{result.bits}>, {lanes}>({source})"
            return f"cast<V<{held_type(result)}, {lanes}>>({inner})", 0
        return f"convert<{held_type(result)}, {lanes}>({source})", 0

    # -- control flow ---------------------------------------------------------------------------------------------

    def flag(self, operation: Operation, active: str | None) -> None:
        (mask,) = operation.operands
        bits = self.mask_bits[mask]
        text = self.names[mask] if active is None else f"{self.names[mask]} & mask<{bits}, {self.lanes}>({active})"
        self.put(f"if (any({text})) errors |= {_FLAGS[operation.attributes['kind']]};")

    def branch(self, operation: Operation, active: str | None) -> None:
        condition = self.fresh()
        bits = self.mask_bits[operation.operands[0]]
        own = self.names[operation.operands[0]]
        outer = "" if active is None else f" & mask<{bits}, {self.lanes}>({active})"
        self.put(f"const auto {condition} = {own}{outer};")
        then, other = operation.regions
        rare = operation.attributes["mode"] != "branch"
        hint = f"__builtin_expect(any({condition}), 0)" if rare else f"any({condition})"
        results = [self.fresh() for _ in operation.results]
        widths = [self.result_bits(result, regions) for result, regions in self.merged(operation)]
        for value, name, width in zip(operation.results, results, widths, strict=True):
            self.names[value] = name
            if width:
                self.mask_bits[value] = width
            self.put(f"{self.vector(value)} {name}{{}};")
        # A rarely true `if` computes the usual branch for every lane; the other one replaces lanes.
        if rare:
            usual = active
            if any(inner.name == "flag" for inner in walk(other)):  # errors are those of the lanes that need it
                usual = self.fresh()
                self.put(f"const auto {usual} = ~{own}{outer};")
            self.nested(other, results, widths, operation, usual, everywhere=True)
            certain = operation.operands[0].op is not None and operation.operands[0].op.name == "const"
            if self.may_postpone and active is None and not certain:
                self.postpones = True
                self.put(f"if constexpr (!careful) {self.postponement(operation.operands[0], condition)};")
                self.put("if constexpr (careful)")
            self.put(f"if ({hint}) {{")
            if operation.attributes["mode"] == "each_lane" and self.lanes != "1":
                self.lane_by_lane(then, condition, results, widths, operation)
            else:
                self.nested(then, results, widths, operation, condition, everywhere=False)
            self.put("}")
            return
        self.put(f"if ({hint}) {{")
        self.nested(then, results, widths, operation, condition, everywhere=False)
        self.put("}")
        opposite = self.fresh()
        self.put(f"const auto {opposite} = ~{own}{outer};")
        self.put(f"if (any({opposite})) {{")
        self.nested(other, results, widths, operation, opposite, everywhere=False)
        self.put("}")

    def postponement(self, mask: Value, condition: str) -> str:
        """What remembers that a lane may need a rare branch. Numbers that are not finite or normal have short cuts."""
        if mask.op is not None and mask.op.name == "not":
            test = mask.op.operands[0].op
            if test is not None and test.name in ("isfinite", "isnormal"):
                (number,) = test.operands
                normal = "true" if test.name == "isnormal" else "false"
                scalar = held_type(number.type)  # type: ignore[arg-type]
                return f"postpone_unless<{self.lanes}, {normal}, {scalar}>(pending, {self.names[number]})"
        return f"postpone<{self.lanes}>(pending, {condition})"

    def merged(self, operation: Operation) -> list[tuple[Value, list[Value]]]:
        pairs = zip(*(region.results for region in operation.regions), strict=True)
        return [(value, list(pair)) for value, pair in zip(operation.results, pairs, strict=True)]

    def result_bits(self, result: Value, sources: list[Value]) -> int:
        """Mask width for a bool that leaves a region: the number width of its enclosing kernel does not matter."""
        return 32 if result.type.name == "bool" else 0

    def nested(
        self,
        region: Region,
        results: list[str],
        widths: list[int],
        operation: Operation,
        active: str | None,
        *,
        everywhere: bool,
    ) -> None:
        """A branch in place; its yields go to ``results`` for active lanes."""
        before = self.indent
        if not everywhere:
            self.indent += "  "
        self.region(region, active)
        for name, width, value, result in zip(results, widths, region.results, operation.results, strict=True):
            source = self.mask(value, width) if width else self.names[value]
            if everywhere or active is None:
                self.put(f"{name} = {source};")
            else:
                bits = width or result.type.bits  # type: ignore[union-attr]
                self.put(f"{name} = mask<{bits}, {self.lanes}>({active}) ? {source} : {name};")
        self.indent = before

    def lane_by_lane(
        self, region: Region, condition: str, results: list[str], widths: list[int], operation: Operation
    ) -> None:
        """A branch as a function of scalars, called for each lane that needs it."""
        inside = {result for inner in walk(region) for result in inner.results}
        inside |= {parameter for inner in walk(region) for nested in inner.regions for parameter in nested.parameters}
        used = [operand for inner in walk(region) for operand in inner.operands]
        used += [result for inner in walk(region) for nested in inner.regions for result in nested.results]
        captured = [value for value in dict.fromkeys([*used, *region.results]) if value not in inside]
        writer = _Writer("1", self.helpers)
        parameters, loads = [], []
        for index, value in enumerate(captured):
            if value.op is not None and value.op.name == "const":
                writer.define(value, *writer.pure(value.op))
                continue
            scalar = value.type
            if scalar.name == "bool":
                parameters.append(f"bool p{index}")
                loads.append(f"{self.names[value]}[lane] != 0")
                writer.define(value, f"Mask<32, 1>{{-int(p{index})}}", 32)
            else:
                parameters.append(f"{held_type(scalar)} p{index}")  # type: ignore[arg-type]
                loads.append(f"{self.names[value]}[lane]")
                writer.define(value, f"V<{held_type(scalar)}, 1>{{p{index}}}")  # type: ignore[arg-type]
        writer.region(region, None)
        for index, (value, result) in enumerate(zip(region.results, operation.results, strict=True)):
            if result.type.name == "bool":
                parameters.append(f"bool& r{index}")
                writer.put(f"r{index} = {writer.names[value]}[0] != 0;")
            else:
                parameters.append(f"{held_type(result.type)}& r{index}")  # type: ignore[arg-type]
                writer.put(f"r{index} = {writer.names[value]}[0];")
        body = "\n".join(line[2:] for line in writer.lines)
        text = f"({', '.join(parameters)}) {{\n  std::uint32_t errors = 0;\n{body}\n  return errors;\n}}\n"
        name = f"branch_{hashlib.sha256(text.encode()).hexdigest()[:12]}"
        self.helpers[name] = f"[[gnu::noinline]] inline std::uint32_t {name}{text}"
        self.put("  WASMNP_KEEP_LOOP")
        self.put(f"  for (int lane = 0; lane < {self.lanes}; ++lane) {{")
        self.put(f"    if ({condition}[lane] == 0) continue;")
        for index, result in enumerate(operation.results):
            kind = "bool" if result.type.name == "bool" else held_type(result.type)  # type: ignore[arg-type]
            self.put(f"    {kind} r{index};")
            loads.append(f"r{index}")
        self.put(f"    errors |= {name}({', '.join(loads)});")
        for index, (result, target) in enumerate(zip(operation.results, results, strict=True)):
            self.put(f"    {target}[lane] = {f'-int(r{index})' if result.type.name == 'bool' else f'r{index}'};")
        self.put("  }")

    def loop(self, operation: Operation, active: str | None) -> None:
        """A loop that goes on while any lane does; lanes that are done keep their values."""
        test, body = operation.regions
        names = []
        for value, result in zip(operation.operands, operation.results, strict=True):
            name = self.fresh()
            names.append(name)
            for alias in (result, *(region.parameters[len(names) - 1] for region in operation.regions)):
                self.names[alias] = name
                if value.type.name == "bool":
                    self.mask_bits[alias] = 32
            source = self.mask(value, 32) if value.type.name == "bool" else self.names[value]
            self.put(f"{self.vector(result)} {name} = {source};")
        running = self.fresh()
        start = f"mask<32, {self.lanes}>({active})" if active else f"splat<Signed<32>, {self.lanes}>(-1)"
        self.put(f"Mask<32, {self.lanes}> {running} = {start};")
        self.put("for (;;) {")
        before = self.indent
        self.indent += "  "
        self.region(test, running)
        self.put(f"{running} &= {self.mask(test.results[0], 32)};")
        self.put(f"if (!any({running})) break;")
        self.region(body, running)
        nexts = []
        for value, name in zip(body.results, names, strict=True):
            copy = self.fresh()
            source = self.mask(value, 32) if value.type.name == "bool" else self.names[value]
            self.put(f"const auto {copy} = {source};")
            bits = 32 if value.type.name == "bool" else value.type.bits  # type: ignore[union-attr]
            nexts.append(f"{name} = mask<{bits}, {self.lanes}>({running}) ? {copy} : {name};")
        for line in nexts:
            self.put(line)
        self.indent = before
        self.put("}")


def table_text(table: Table) -> str:
    """A constant table as C++."""
    values = ", ".join(literal(value, table.element) for value in table.values)
    return f"inline constexpr {held_type(table.element)} table_{table.name}[{len(table.values)}] = {{{values}}};\n"


def emit_kernel(function: Function, unroll: int = 1, branch_unroll: int = 1, cheap: bool = False) -> Kernel:
    """The C++ text of a kernel.

    Parameters
    ----------
    function : Function
        Simplified IR.
    unroll : int
        Registers of the widest type that one step takes.
    branch_unroll : int
        The same for functions with branches. Compilers tend to turn combined masks of more lanes than a register has
        into long sequences of moves.

    Returns
    -------
    Kernel
        Named by a hash of its text, so that equal loops share one body.
    """
    helpers: dict[str, str] = {}
    for table in tables(function):
        helpers[f"table_{table.name}"] = table_text(table)
    writer = _Writer("N", helpers)
    writer.may_postpone = True
    operands = [value.type for value in (*function.parameters, *function.results)]
    writer.put("std::uint32_t errors = 0;")
    for index, value in enumerate(function.parameters):
        scalar = value.type
        if isinstance(scalar, StructType):
            held = held_type(scalar.fields[0][1])
            pair = writer.fresh()
            writer.put(f"const V<{held}, 2 * N> {pair} = load<{held}, 2 * N>(at[{index}]);")
            for part in range(2):
                name = writer.fresh()
                writer.parts[value, part] = name
                picked = f"pick<{held}, N, {part}>({pair}, std::make_integer_sequence<int, N>{{}})"
                writer.put(f"[[maybe_unused]] const V<{held}, N> {name} = {picked};")
        elif scalar.kind == "b":
            writer.define(value, f"cast<Mask<8, N>>(load<std::uint8_t, N>(at[{index}]) != std::uint8_t(0))", 8)
        else:
            writer.define(value, f"load<{held_type(scalar)}, N>(at[{index}])")
    writer.region(function.body, None)
    for index, value in enumerate(function.results, start=len(function.parameters)):
        scalar = value.type
        if isinstance(scalar, StructType):
            held = held_type(scalar.fields[0][1])
            if value.op is None:  # a parameter handed on
                source = function.parameters.index(value)
                writer.put(f"store(at[{index}], load<{held}, 2 * N>(at[{source}]));")
                continue
            parts = ", ".join(writer.names[operand] for operand in value.op.operands)
            writer.put(f"store(at[{index}], weave<{held}, N>({parts}, std::make_integer_sequence<int, 2 * N>{{}}));")
        elif scalar.kind == "b":
            writer.put(f"store(at[{index}], cast<V<std::uint8_t, N>>({writer.mask(value, 8)}) & std::uint8_t(1));")
        else:
            writer.put(f"store(at[{index}], {writer.names[value]});")
    writer.put("return errors;")
    if any(operation.regions or operation.name == "flag" for operation in function.body.operations):
        unroll = branch_unroll
    widest = max(max(scalar.bits, 8) for scalar in _numbers(function)) // 8
    sizes = [operand.size for operand in operands]
    lines = [
        f"  static constexpr int inputs = {len(function.parameters)}, outputs = {len(function.results)};",
        f"  static constexpr Sizes sizes = {{{{{', '.join(map(str, sizes))}}}}};",
        f"  static constexpr int lanes = {unroll} * kWidth / {widest};",
        f"  static constexpr bool postpones = {str(writer.postpones).lower()}, cheap = {str(cheap).lower()};",
        "  template <int N, bool careful>",
        "  WASMNP_INLINE static std::uint32_t evaluate(char* const* at,",
        "      [[maybe_unused]] Pending& pending) {",
        *writer.lines,
        "  }",
    ]
    text = "\n".join(lines)
    name = f"kernel_{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    cost = sum(1 for _ in walk(function.body)) * unroll
    return Kernel(name, f"struct {name} {{  // {function.name}\n{text}\n}};\n", helpers, cost)


def _numbers(function: Function) -> set[ScalarType]:
    return scalar_types(function) | {scalar for value in function.results for scalar in components(value.type)}
