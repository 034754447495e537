"""The number types that user functions compute with, and how they combine: NumPy's promotion with NEP 50.

Python's numbers are *weak*: they are held as i64, f64 and complex128, and take the type of a NumPy number they meet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from .typesystem import CHARACTERS, ScalarType, StructType, Type, bool_, complex64, complex128, f32, f64

_RANK = {"b": 0, "u": 1, "i": 1, "f": 2, "c": 3}
_PYTHON_NAMES = {"b": "bool", "i": "int", "f": "float", "c": "complex"}


@dataclass(frozen=True)
class NumberType:
    """``kind`` is one of ``b i u f c``; ``bits`` are those of the whole number (of a complex: both parts)."""

    kind: str
    bits: int
    weak: bool = False

    def __str__(self) -> str:
        if self.weak:
            return _PYTHON_NAMES[self.kind]
        names = {"b": "bool", "i": "int", "u": "uint", "f": "float", "c": "complex"}
        return names[self.kind] + (str(self.bits) if self.kind != "b" else "")

    @property
    def parts(self) -> tuple[ScalarType, ...]:
        """The machine types of the number: two for a complex one."""
        if self.kind == "b":
            return (bool_,)
        if self.kind == "c":
            return (f32, f32) if self.bits == 64 else (f64, f64)
        return (ScalarType(f"{self.kind}{self.bits}", self.kind, self.bits),)

    @property
    def ir_type(self) -> Type:
        """The type of a kernel's operand."""
        return (complex64 if self.bits == 64 else complex128) if self.kind == "c" else self.parts[0]

    @property
    def itemsize(self) -> int:
        return sum(part.size for part in self.parts)

    @property
    def rank(self) -> int:
        """Order of the kinds: bool, integers, floats, complex."""
        return _RANK[self.kind]

    @property
    def character(self) -> str:
        """NumPy's type code, with ``q`` for int64."""
        return next(code for code, kind in CHARACTERS.items() if kind == self.ir_type)

    @property
    def narrow(self) -> NumberType:
        """The type that stands for it where no number has more than 32 bits (a complex one: 64)."""
        return replace(self, bits=min(self.bits, 64 if self.kind == "c" else 32))

    @property
    def strong(self) -> NumberType:
        """The NumPy type of the same representation."""
        return replace(self, weak=False)


BOOL, INT64, FLOAT64, COMPLEX128 = (NumberType(*item) for item in (("b", 1), ("i", 64), ("f", 64), ("c", 128)))
PY_BOOL, PY_INT, PY_FLOAT, PY_COMPLEX = (replace(item, weak=True) for item in (BOOL, INT64, FLOAT64, COMPLEX128))


def number_type(kind: Type) -> NumberType:
    """The number type of a machine type."""
    if isinstance(kind, StructType):
        return NumberType("c", 8 * kind.size)
    return NumberType(kind.kind, kind.bits)


def host_number_type(dtype: Any) -> NumberType | None:
    """The number type of a dtype; None for text, dates and the like."""
    if dtype.kind not in "biufc":
        return None
    return NumberType(dtype.kind, 1 if dtype.kind == "b" else 8 * dtype.itemsize)


def of_python(value: object) -> NumberType | None:
    """The weak type of a Python number; None for anything else."""
    for python, found in ((bool, PY_BOOL), (int, PY_INT), (float, PY_FLOAT), (complex, PY_COMPLEX)):
        if type(value) is python:
            return found
    return None


def _float_for(integer: NumberType) -> int:
    """Bits of the smallest float here that holds an integer type, or comes close."""
    return 32 if integer.bits <= 16 else 64


def promote(x: NumberType, y: NumberType) -> NumberType:
    """The type in which two numbers are combined (``numpy.result_type``; NEP 50 for weak ones).

    Examples
    --------
    >>> str(promote(NumberType("f", 32), PY_FLOAT)), str(promote(NumberType("i", 32), PY_FLOAT))
    ('float32', 'float64')
    """
    if x.weak and y.weak:
        return x if x.rank >= y.rank else y
    if x.weak or y.weak:
        weak, other = (x, y) if x.weak else (y, x)
        if weak.rank <= other.rank:
            return other
        if weak.kind == "i":
            return INT64
        bits = 64 if other.kind in "biu" else other.bits
        return NumberType(weak.kind, bits if weak.kind == "f" else 2 * bits)
    if x.rank < y.rank:
        x, y = y, x
    if y.kind == "b" or x == y:
        return x
    if x.kind in "iu":
        if x.kind == y.kind:
            return x if x.bits >= y.bits else y
        signed, unsigned = (x, y) if x.kind == "i" else (y, x)
        if signed.bits > unsigned.bits:
            return signed
        return NumberType("i", 2 * unsigned.bits) if unsigned.bits < 64 else FLOAT64
    part = x.bits if x.kind == "f" else x.bits // 2
    other = _float_for(y) if y.kind in "iu" else y.bits if y.kind == "f" else y.bits // 2
    return NumberType(x.kind, max(part, other) * (2 if x.kind == "c" else 1))


def is_safe(source: NumberType, to: NumberType) -> bool:
    """Whether every number of a type has its value in another (``casting="safe"``)."""
    if source.kind in "iu" and to.kind in "fc":
        return (to.bits if to.kind == "f" else to.bits // 2) >= _float_for(source)
    return promote(source.strong, to.strong) == to.strong


def is_same_kind(source: NumberType, to: NumberType) -> bool:
    """Whether an assignment may convert (``casting="same_kind"``)."""
    if source.kind == "i" and to.kind == "u" and not source.weak:
        return False
    return source.rank <= to.rank
