"""The types of elements that devices have, and how they combine.

A shader has 32-bit numbers only. Types combine as NumPy's do (NEP 50); where NumPy's result would have 64 bits the
operation is refused, with the conversion that makes it possible.
"""

from __future__ import annotations

from typing import Any

from .. import _native
from .._kernels.language.ir import components
from .._kernels.language.promotion import NumberType, host_number_type, of_python, promote
from .._kernels.language.typesystem import ScalarType

BOOL = NumberType("b", 1)
INT32 = NumberType("i", 32)
UINT32 = NumberType("u", 32)
FLOAT32 = NumberType("f", 32)
COMPLEX64 = NumberType("c", 64)
DEVICE_TYPES = (BOOL, INT32, UINT32, FLOAT32, COMPLEX64)

_ADVICE = {
    "b": "np.int32", "i": "np.int32", "u": "np.uint32", "f": "np.float32", "c": "np.complex64",
}  # fmt: skip


def itemsize(kind: NumberType) -> int:
    """Bytes of an element in the device's memory; a bool takes four."""
    return 8 if kind.kind == "c" else 4


def parts(kind: NumberType) -> list[ScalarType]:
    """The scalars of an element: two for complex numbers."""
    return components(kind.ir_type)


def to_dtype(kind: NumberType) -> Any:
    """The dtype of a device type."""
    return _native.dtype(str(kind))


def check(kind: NumberType | None, name: str, what: str) -> NumberType:
    """A type that devices have.

    Raises
    ------
    TypeError
        For any other, naming one to convert to.
    """
    if kind in DEVICE_TYPES:
        return kind.strong  # type: ignore[union-attr]
    if kind is None:
        raise TypeError(f"{what} would be {name}, which devices do not have; they have {names()}")
    raise TypeError(f"{what} would be {name}, which WebGPU does not have; convert with astype({_ADVICE[kind.kind]})")


def advice(kind: NumberType) -> str:
    """The device type that comes nearest to a type that devices do not have, as code."""
    return _ADVICE[kind.kind]


def names() -> str:
    """The device types in words."""
    return "bool, int32, uint32, float32 and complex64"


def from_dtype(dtype: Any, what: str = "the array") -> NumberType:
    """The device type of anything that names a dtype."""
    found = _native.dtype(dtype)
    return check(host_number_type(found), found.name if hasattr(found, "name") else str(found), what)


def result_type(kinds: list[NumberType], what: str) -> NumberType:
    """The device type in which numbers of several types are combined.

    Raises
    ------
    TypeError
        If NumPy's result has 64 bits.
    """
    strong = [kind for kind in kinds if not kind.weak]
    found = kinds[0]
    # A weak number counts against the common type of the others (NEP 50).
    ordered = strong + [kind for kind in kinds if kind.weak]
    found = ordered[0]
    for kind in ordered[1:]:
        found = promote(found, kind)
    if found.weak:
        found = {"b": BOOL, "i": INT32, "f": FLOAT32, "c": COMPLEX64}[found.kind]
    if found not in DEVICE_TYPES:
        given = ", ".join(dict.fromkeys(str(kind) for kind in kinds))
        raise TypeError(
            f"{what} of {given} would be {found.strong}, which WebGPU does not have; convert an operand first, such as "
            f"with astype({_ADVICE[found.kind]})"
        )
    return found.strong


def convert_scalar(value: Any, kind: NumberType) -> Any:
    """A Python number as an element of a type.

    Raises
    ------
    OverflowError
        For an integer out of range, as in NumPy.
    """
    if kind.kind == "c":
        return complex(value)
    if kind.kind == "f":
        return float(value)
    if kind.kind == "b":
        return bool(value)
    scalar = parts(kind)[0]
    if not scalar.minimum <= int(value) <= scalar.maximum:
        raise OverflowError(f"Python integer {value} out of bounds for {kind}")
    return int(value)


def scalar_number_type(value: Any) -> tuple[NumberType, Any] | None:
    """Type and Python value of a Python number or a NumPy-like scalar; None for anything else."""
    weak = of_python(value)
    if weak is not None:
        return weak, value
    if isinstance(value, _native.generic):
        kind = host_number_type(value.dtype)
        if kind is not None:
            return kind, value.item()
    return None
