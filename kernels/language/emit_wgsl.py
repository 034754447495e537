"""IR to WGSL functions on f32, i32, u32 and bool, and compute shaders that run them over buffers.

Floating-point errors do not exist on a GPU: flags are dropped. WGSL lets compilers assume that there are no NaNs, so
that NaNs are tested by their bits, and infinities and NaNs are made from bits that the compiler cannot see through: a
shader must set ``opaque_zero`` to a zero that is only known when it runs, as `emit_shader` does.
"""

from __future__ import annotations

import math

from .builder import constant_bits
from .ir import Function, KernelError, Operation, Region, Table, Value, components, walk
from .passes import tables
from .typesystem import ScalarType, StructType

_TYPES = {"f32": "f32", "i32": "i32", "u32": "u32", "bool": "bool"}
_INFIX = {"add": "+", "sub": "-", "mul": "*", "div": "/", "and": "&", "or": "|", "xor": "^"}
_COMPARE = {"eq": "==", "ne": "!=", "lt": "<", "le": "<="}
_CALLS = {
    "sqrt": "sqrt",
    "floor": "floor",
    "ceil": "ceil",
    "trunc": "trunc",
    "rint": "round",
    "abs": "abs",
    "fma": "fma",
}
# What `_Writer` has, beside the three tables above.
_OTHERS = {
    "const", "not", "neg", "opaque", "isnan", "isfinite", "isnormal", "select", "bitcast", "convert", "shl", "shr",
    "quotient", "modulus", "lookup", "flag", "if", "loop", "make", "field",
}  # fmt: skip
PRELUDE = """var<private> opaque_zero: u32 = 0u;
fn from_bits(pattern: u32) -> f32 { return bitcast<f32>(pattern | opaque_zero); }
"""


def _type(scalar: object, location: object) -> str:
    if isinstance(scalar, ScalarType) and scalar.name in _TYPES:
        return _TYPES[scalar.name]
    raise KernelError(f"the WGSL emitter has no type {scalar}", location)  # type: ignore[arg-type]


def literal(value: float | int | bool, scalar: ScalarType) -> str:
    """A constant as WGSL text."""
    if scalar.kind == "b":
        return "true" if value else "false"
    if scalar.kind == "u":
        return f"{value}u"
    if scalar.kind == "i":
        return f"i32({value})" if value < 0 else f"{value}i"
    if not math.isfinite(value):
        return f"from_bits({constant_bits(value, scalar):#x}u)"
    mantissa, exponent = float(value).hex().split("p")
    text = f"{mantissa.rstrip('0').rstrip('.') if '.' in mantissa else mantissa}p{exponent}f"
    return (
        "0.0f"
        if value == 0 and math.copysign(1, value) > 0
        else f"from_bits({constant_bits(-0.0, scalar)}u)"
        if value == 0
        else text
    )


class _Writer:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.names: dict[Value, str] = {}
        self.indent = "  "

    def put(self, text: str) -> None:
        self.lines.append(self.indent + text)

    def fresh(self) -> str:
        return f"v{len(self.names)}_{len(self.lines)}"

    def region(self, region: Region) -> None:
        for operation in region.operations:
            match operation.name:
                case "flag":
                    pass
                case "if":
                    self.branch(operation)
                case "loop":
                    self.loop(operation)
                case _:
                    text = self.pure(operation)
                    name = self.fresh()
                    self.put(f"let {name}: {_type(operation.result.type, operation.location)} = {text};")
                    self.names[operation.result] = name

    def pure(self, operation: Operation) -> str:
        name, operands, location = operation.name, operation.operands, operation.location
        for value in (*operands, *operation.results):
            _type(value.type, location)
        scalar: ScalarType = operands[0].type if operands else operation.result.type  # type: ignore[assignment]
        result: ScalarType = operation.result.type  # type: ignore[assignment]
        args = [self.names[operand] for operand in operands]
        if name == "const":
            return literal(operation.attributes["value"], result)
        if name == "xor" and scalar.kind == "b":
            return f"{args[0]} != {args[1]}"
        if name in _INFIX:
            return f"{args[0]} {_INFIX[name]} {args[1]}"
        if name == "ne" and scalar.is_float:
            return f"!({args[0]} == {args[1]})"  # `!=` may be false for NaN
        if name in _COMPARE:
            return f"{args[0]} {_COMPARE[name]} {args[1]}"
        if name in _CALLS:
            return f"{_CALLS[name]}({', '.join(args)})"
        match name:
            case "not":
                return f"!{args[0]}" if scalar.kind == "b" else f"~{args[0]}"
            case "neg":
                return f"0u - {args[0]}" if scalar.kind == "u" else f"-{args[0]}"
            case "opaque":
                return f"from_bits(bitcast<u32>({args[0]}))"
            case "isnan":
                return f"(bitcast<u32>({args[0]}) & 0x7fffffffu) > 0x7f800000u"
            case "isfinite":
                return f"(bitcast<u32>({args[0]}) & 0x7fffffffu) < 0x7f800000u"
            case "isnormal":
                return f"(bitcast<u32>({args[0]}) & 0x7fffffffu) - 0x800000u < 0x7f000000u"
            case "select":
                return f"select({args[2]}, {args[1]}, {args[0]})"
            case "bitcast":
                return f"bitcast<{_type(result, location)}>({args[0]})"
            case "convert":
                return f"{_type(result, location)}({args[0]})"
            case "shl" | "shr":
                return f"{args[0]} {'<<' if name == 'shl' else '>>'} (u32({args[1]}) & 31u)"
            case "quotient" | "modulus":
                return f"{name}_{result.name}({args[0]}, {args[1]})"
            case "lookup":
                table: Table = operation.attributes["table"]
                return f"table_{table.name}[u32({args[0]}) & {len(table.values) - 1}u]"
        raise KernelError(f"the WGSL emitter has no operation {name!r}", location)

    def variables(self, operation: Operation) -> list[str]:
        names = []
        for index, value in enumerate(operation.results):
            name = f"r{index}_{len(self.names)}_{len(self.lines)}"
            self.put(f"var {name}: {_type(value.type, operation.location)};")
            names.append(name)
            self.names[value] = name
        return names

    def nested(self, region: Region, names: list[str]) -> None:
        before, self.indent = self.indent, self.indent + "  "
        self.region(region)
        for name, value in zip(names, region.results, strict=True):
            self.put(f"{name} = {self.names[value]};")
        self.indent = before

    def branch(self, operation: Operation) -> None:
        condition = self.names[operation.operands[0]]
        names = self.variables(operation)
        self.put(f"if ({condition}) {{")
        self.nested(operation.regions[0], names)
        self.put("} else {")
        self.nested(operation.regions[1], names)
        self.put("}")

    def loop(self, operation: Operation) -> None:
        test, body = operation.regions
        names = self.variables(operation)
        for name, value, *parameters in zip(names, operation.operands, test.parameters, body.parameters, strict=True):
            self.put(f"{name} = {self.names[value]};")
            for parameter in parameters:
                self.names[parameter] = name
        self.put("loop {")
        before, self.indent = self.indent, self.indent + "  "
        self.region(test)
        self.put(f"if (!{self.names[test.results[0]]}) {{ break; }}")
        self.region(body)
        # All next values are read before the first is written.
        nexts = [f"n{index}_{len(self.lines)}" for index in range(len(names))]
        for following, value in zip(nexts, body.results, strict=True):
            self.put(f"let {following} = {self.names[value]};")
        for name, following in zip(names, nexts, strict=True):
            self.put(f"{name} = {following};")
        self.indent = before
        self.put("}")


_INTEGER_DIVISION = """fn quotient_i32(x: i32, y: i32) -> i32 {
  if (y == 0i) { return 0i; }
  if (y == -1i) { return bitcast<i32>(0u - bitcast<u32>(x)); }
  return x / y;
}
fn modulus_i32(x: i32, y: i32) -> i32 {
  if (y == 0i || y == -1i) { return 0i; }
  return x % y;
}
fn quotient_u32(x: u32, y: u32) -> u32 {
  if (y == 0u) { return 0u; }
  return x / y;
}
fn modulus_u32(x: u32, y: u32) -> u32 {
  if (y == 0u) { return 0u; }
  return x % y;
}
"""


def check_function(function: Function) -> None:
    """Raise for what `emit_function` cannot express, once structs are taken apart.

    Raises
    ------
    KernelError
        Naming the type or operation that WGSL lacks, with file and line.
    """
    for operation in walk(function.body):
        for value in (*operation.operands, *operation.results):
            for scalar in components(value.type):
                _type(scalar, operation.location)
        if operation.name not in _OTHERS and not any(operation.name in table for table in (_INFIX, _COMPARE, _CALLS)):
            raise KernelError(f"the WGSL emitter has no operation {operation.name!r}", operation.location)


def emit_function(function: Function, name: str) -> str:
    """A WGSL function; it needs what `emit_module` puts around it.

    Parameters
    ----------
    function : Function
        Simplified IR of f32, i32, u32 and bool.
    name : str
        Name of the WGSL function. Several results come as a struct ``NAME_result`` with members ``r0``, ``r1``, ...

    Raises
    ------
    KernelError
        Naming the type or operation that WGSL lacks, with file and line.
    """
    writer = _Writer()
    parameters = []
    for index, value in enumerate(function.parameters):
        parameters.append(f"p{index}: {_type(value.type, function.location)}")
        writer.names[value] = f"p{index}"
    writer.region(function.body)
    types = [_type(value.type, function.location) for value in function.results]
    lines = []
    returned = types[0]
    results = ", ".join(writer.names[value] for value in function.results)
    if len(types) > 1:
        returned = f"{name}_result"
        lines.append(f"struct {returned} {{ {', '.join(f'r{i}: {kind}' for i, kind in enumerate(types))} }}")
        results = f"{returned}({results})"
    lines.append(f"fn {name}({', '.join(parameters)}) -> {returned} {{")
    return "\n".join([*lines, *writer.lines, f"  return {results};", "}", ""])


def emit_module(functions: dict[str, Function]) -> str:
    """WGSL functions by name, with the declarations and tables that they need, each once."""
    lines = [PRELUDE, _INTEGER_DIVISION]
    found: dict[str, Table] = {}
    for function in functions.values():
        for table in tables(function):
            found[table.name] = table
            _type(table.element, function.location)
    for table in found.values():
        element = _type(table.element, None)
        values = ", ".join(literal(value, table.element) for value in table.values)
        lines.append(f"var<private> table_{table.name} = array<{element}, {len(table.values)}>({values});")
    return "\n".join([*lines, *(emit_function(function, name) for name, function in functions.items())])


def emit_shader(function: Function, name: str) -> str:
    """A compute shader that applies a kernel to storage buffers, inputs first; bools are stored as u32.

    Bindings are numbered in operand order in group 0. The entry point is ``main``, 64 invocations a workgroup.
    """
    kinds = [value.type for value in (*function.parameters, *function.results)]
    lines = [emit_module({name: function})]
    stored = []
    for index, kind in enumerate(kinds):
        if isinstance(kind, StructType):
            raise KernelError(f"the WGSL emitter has no type {kind}", function.location)
        stored.append("u32" if kind.kind == "b" else _type(kind, function.location))
        access = "read" if index < len(function.parameters) else "read_write"
        lines.append(f"@group(0) @binding({index}) var<storage, {access}> b{index}: array<{stored[-1]}>;")
    inputs = [
        f"b{i}[i] != 0u" if value.type.name == "bool" else f"b{i}[i]" for i, value in enumerate(function.parameters)
    ]
    first = len(function.parameters)
    lines += ["@compute @workgroup_size(64)", "fn main(@builtin(global_invocation_id) id: vec3<u32>) {",
              "  let i = id.x;",
              f"  opaque_zero = select(0u, 1u, arrayLength(&b{first}) == 0xffffffffu);",
              f"  if (i >= arrayLength(&b{first})) {{ return; }}",
              f"  let r = {name}({', '.join(inputs)});"]  # fmt: skip
    for index, value in enumerate(function.results):
        part = f"r.r{index}" if len(function.results) > 1 else "r"
        lines.append(f"  b{first + index}[i] = {f'select(0u, 1u, {part})' if value.type.name == 'bool' else part};")
    return "\n".join([*lines, "}", ""])
