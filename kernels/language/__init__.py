"""The kernel language: a typed subset of Python, its IR, and the emitters.

A kernel file imports the words it uses from here; see ``docs/dev/add-a-kernel.md``.
"""

from .intrinsics import (
    DIVIDE,
    INVALID,
    NEGATIVE_POWER,
    OVERFLOW,
    UNDERFLOW,
    absolute,
    any_lane,
    bitcast,
    bits,
    ceil,
    each_lane,
    flag,
    floor,
    fma,
    isfinite,
    isnan,
    isnormal,
    lookup,
    modulus,
    opaque,
    quotient,
    rint,
    select,
    sqrt,
    trunc,
    typeof,
)  # fmt: skip
from .ir import KernelError, Table
from .registry import Ufunc
from .typesystem import bool_, complex64, complex128, f16, f32, f64, i8, i16, i32, i64, u8, u16, u32, u64

__all__ = [
    "DIVIDE", "INVALID", "NEGATIVE_POWER", "OVERFLOW", "UNDERFLOW", "KernelError", "Table", "Ufunc", "absolute",
    "any_lane", "bitcast", "bits", "bool_", "ceil", "complex64", "complex128", "each_lane", "f16", "f32", "f64",
    "flag", "floor", "fma", "i8", "i16", "i32", "i64", "isfinite", "isnan", "isnormal", "lookup",
    "modulus", "opaque", "quotient", "rint", "select", "sqrt", "trunc", "typeof", "u8", "u16", "u32", "u64",
]  # fmt: skip
