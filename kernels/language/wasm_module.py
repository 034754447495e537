"""The binary format of WebAssembly: modules of functions on an imported memory.

WebAssembly Core Specification 2.0, chapter 5 (binary format); the opcodes are those of its appendix "Index of
Instructions".
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field

I32, I64, F32, F64, V128 = 0x7F, 0x7E, 0x7D, 0x7C, 0x7B

BLOCK, LOOP, IF, ELSE, END, BR, BR_IF, RETURN, CALL, SELECT = 2, 3, 4, 5, 0x0B, 0x0C, 0x0D, 0x0F, 0x10, 0x1B
LOCAL_GET, LOCAL_SET, LOCAL_TEE, GLOBAL_GET = 0x20, 0x21, 0x22, 0x23
NO_RESULT = 0x40
_SIMD = 0xFD
_SATURATING = 0xFC


def unsigned(value: int) -> bytes:
    """LEB128 of an unsigned integer."""
    if value < 0x80:
        return bytes((value,))
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def signed(value: int) -> bytes:
    """LEB128 of a signed integer."""
    out = bytearray()
    while not -0x40 <= value < 0x40:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value & 0x7F)
    return bytes(out)


def simd(opcode: int, immediate: bytes = b"") -> bytes:
    """A vector instruction."""
    return bytes((_SIMD,)) + unsigned(opcode) + immediate


def saturating(opcode: int) -> bytes:
    """A conversion of a float to an integer that does not trap."""
    return bytes((_SATURATING, opcode))


def i32_const(value: int) -> bytes:
    return b"\x41" + signed(value - (1 << 32) if value >= 1 << 31 else value)


def i64_const(value: int) -> bytes:
    return b"\x42" + signed(value - (1 << 64) if value >= 1 << 63 else value)


def f32_const(pattern: int) -> bytes:
    """A float32 by its bits."""
    return b"\x43" + struct.pack("<I", pattern)


def f64_const(pattern: int) -> bytes:
    """A float64 by its bits."""
    return b"\x44" + struct.pack("<Q", pattern)


def v128_const(data: bytes) -> bytes:
    return simd(0x0C, data)


def _vector(items: Iterable[bytes]) -> bytes:
    items = list(items)
    return unsigned(len(items)) + b"".join(items)


def _sized(data: bytes) -> bytes:
    return unsigned(len(data)) + data


def _name(text: str) -> bytes:
    return _sized(text.encode())


class Code:
    """The body of one function: instructions, and locals beyond the parameters."""

    def __init__(self, parameters: list[int], results: list[int]) -> None:
        self.parameters = parameters
        self.results = results
        self.data = bytearray()
        self.locals: list[int] = []

    def local(self, kind: int) -> int:
        """A new local."""
        self.locals.append(kind)
        return len(self.parameters) + len(self.locals) - 1

    def put(self, *parts: bytes) -> None:
        for part in parts:
            self.data += part

    def get(self, local: int) -> None:
        self.data.append(LOCAL_GET)
        self.data += unsigned(local)

    def set(self, local: int) -> None:
        self.data.append(LOCAL_SET)
        self.data += unsigned(local)

    def encoded(self) -> bytes:
        groups: list[list[int]] = []
        for kind in self.locals:
            if groups and groups[-1][1] == kind:
                groups[-1][0] += 1
            else:
                groups.append([1, kind])
        declared = _vector(unsigned(count) + bytes((kind,)) for count, kind in groups)
        return _sized(declared + bytes(self.data) + bytes((END,)))


@dataclass
class Module:
    """Functions that share a memory, imported as ``env.memory``.

    Constant data lies at the address that the imported global ``env.data`` holds, `data_size` bytes of it.
    """

    functions: list[Code] = field(default_factory=list)
    exports: dict[str, int] = field(default_factory=dict)
    data: bytearray = field(default_factory=bytearray)

    @property
    def data_size(self) -> int:
        return len(self.data)

    def add(self, code: Code, export: str | None = None) -> int:
        """Append a function; gives its index."""
        self.functions.append(code)
        if export is not None:
            self.exports[export] = len(self.functions) - 1
        return len(self.functions) - 1

    def constant_data(self, data: bytes, alignment: int = 16) -> int:
        """Append constant data; gives its offset from ``env.data``."""
        self.data += bytes(-len(self.data) % alignment)
        offset = len(self.data)
        self.data += data
        return offset

    def encoded(self) -> bytes:
        """The module's bytes."""
        types: dict[bytes, int] = {}
        used = []
        for code in self.functions:
            kind = b"\x60" + _sized(bytes(code.parameters)) + _sized(bytes(code.results))
            used.append(types.setdefault(kind, len(types)))
        imports = [_name("env") + _name("memory") + b"\x02\x00\x00"]
        if self.data:
            imports.append(_name("env") + _name("data") + b"\x03\x7f\x00")
        sections = [
            (1, _vector(types)),
            (2, _vector(imports)),
            (3, _vector(unsigned(index) for index in used)),
            (7, _vector(_name(name) + b"\x00" + unsigned(index) for name, index in self.exports.items())),
            (10, _vector(code.encoded() for code in self.functions)),
        ]
        if self.data:
            # Active, at the address in the only global.
            sections.append((11, _vector([b"\x00\x23\x00\x0b" + _sized(bytes(self.data))])))
        return b"\x00asm\x01\x00\x00\x00" + b"".join(bytes((kind,)) + _sized(content) for kind, content in sections)
