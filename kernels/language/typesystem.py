"""The types of the kernel language and the storage characters that registry rows use for them."""

from __future__ import annotations

import struct
from dataclasses import dataclass


@dataclass(frozen=True)
class ScalarType:
    """A machine type: ``kind`` is ``'b'`` (bool), ``'i'`` (signed), ``'u'`` (unsigned) or ``'f'`` (floating)."""

    name: str
    kind: str
    bits: int

    def __repr__(self) -> str:
        return self.name

    @property
    def size(self) -> int:
        """Bytes in memory (a bool is one byte)."""
        return max(self.bits // 8, 1)

    @property
    def is_float(self) -> bool:
        return self.kind == "f"

    @property
    def is_integer(self) -> bool:
        return self.kind in "iu"

    @property
    def minimum(self) -> int:
        """Smallest integer of an integer type."""
        return -(1 << (self.bits - 1)) if self.kind == "i" else 0

    @property
    def maximum(self) -> int:
        """Largest integer of an integer type."""
        return (1 << (self.bits - 1)) - 1 if self.kind == "i" else (1 << self.bits) - 1

    @property
    def unsigned(self) -> ScalarType:
        """The unsigned integer type of the same width."""
        return UNSIGNED[self.bits]

    @property
    def signed(self) -> ScalarType:
        """The signed integer type of the same width."""
        return SIGNED[self.bits]


@dataclass(frozen=True)
class StructType:
    """A value of several scalars, such as a complex number."""

    name: str
    fields: tuple[tuple[str, ScalarType], ...]

    def __repr__(self) -> str:
        return self.name

    @property
    def size(self) -> int:
        return sum(scalar.size for _, scalar in self.fields)


Type = ScalarType | StructType

bool_ = ScalarType("bool", "b", 1)
i8, i16, i32, i64 = (ScalarType(f"i{bits}", "i", bits) for bits in (8, 16, 32, 64))
u8, u16, u32, u64 = (ScalarType(f"u{bits}", "u", bits) for bits in (8, 16, 32, 64))
f16 = ScalarType("f16", "f", 16)  # a name in signatures: kernels see the bits, as u16 (half.py)
f32 = ScalarType("f32", "f", 32)
f64 = ScalarType("f64", "f", 64)
complex64 = StructType("complex64", (("real", f32), ("imag", f32)))
complex128 = StructType("complex128", (("real", f64), ("imag", f64)))

SIGNED = {8: i8, 16: i16, 32: i32, 64: i64}
UNSIGNED = {8: u8, 16: u16, 32: u32, 64: u64}
FLOATS = {16: f16, 32: f32, 64: f64}

# NumPy's one-letter type codes whose meaning does not depend on the platform.
CHARACTERS: dict[str, Type] = {
    "?": bool_, "b": i8, "B": u8, "h": i16, "H": u16, "i": i32, "I": u32, "q": i64, "Q": u64,
    "e": f16, "f": f32, "d": f64, "F": complex64, "D": complex128,
}  # fmt: skip
# `long` is 32 bits on wasm32 and Windows, 64 bits elsewhere.
LONG_CHARACTERS = {"l": ("i", "q"), "L": ("I", "Q")}

_FLOAT_FORMATS = {16: ("<e", "<H"), 32: ("<f", "<I"), 64: ("<d", "<Q")}


def float_to_bits(value: float, scalar: ScalarType) -> int:
    """Bit pattern of ``value`` rounded to the floating type ``scalar``; overflow rounds to infinity.

    Examples
    --------
    >>> hex(float_to_bits(1.0, f32))
    '0x3f800000'
    """
    as_float, as_integer = _FLOAT_FORMATS[scalar.bits]
    try:
        packed = struct.pack(as_float, value)
    except OverflowError:
        packed = struct.pack(as_float, float("inf") if value > 0 else float("-inf"))
    return struct.unpack(as_integer, packed)[0]


def bits_to_float(pattern: int, scalar: ScalarType) -> float:
    """The number whose bit pattern in the floating type ``scalar`` is ``pattern``.

    Examples
    --------
    >>> bits_to_float(0x3F800000, f32)
    1.0
    """
    as_float, as_integer = _FLOAT_FORMATS[scalar.bits]
    return struct.unpack(as_float, struct.pack(as_integer, pattern))[0]


def round_to(value: float, scalar: ScalarType) -> float:
    """``value`` rounded to nearest even in the floating type ``scalar``."""
    return value if scalar.bits == 64 else bits_to_float(float_to_bits(value, scalar), scalar)


def wrap(value: int, scalar: ScalarType) -> int:
    """``value`` reduced modulo ``2**bits`` into the range of an integer type.

    Examples
    --------
    >>> wrap(200, i8)
    -56
    """
    value &= (1 << scalar.bits) - 1
    if scalar.kind == "i" and value >> (scalar.bits - 1):
        value -= 1 << scalar.bits
    return value
