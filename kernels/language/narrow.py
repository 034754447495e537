"""Kernels for targets whose numbers have at most 32 bits, made of kernels that compute with 64."""

from __future__ import annotations

from .builder import constant_value
from .compose import copy_function
from .ir import Function, KernelError, Operation, Region, Value
from .passes import drop_flags
from .typesystem import ScalarType, Type, complex64, complex128, f32, f64, i32, i64, u32, u64, wrap

_NARROWED: dict[Type, Type] = {i64: i32, u64: u32, f64: f32, complex128: complex64}


def narrowed(function: Function) -> Function:
    """A copy in which i32, u32, f32 and complex64 stand for the types of twice their width; flags are dropped.

    Raises
    ------
    KernelError
        For an integer constant that does not fit, and for the bits of 64-bit numbers.
    """
    copied = copy_function(function)
    copied.returns = None if copied.returns is None else [_NARROWED.get(kind, kind) for kind in copied.returns]
    _narrow(copied.body)
    return drop_flags(copied)


def _narrow(region: Region) -> None:
    for value in region.parameters:
        value.type = _NARROWED.get(value.type, value.type)
    for operation in region.operations:
        wide = [value.type for value in (*operation.operands, *operation.results) if value.type in _NARROWED]
        if operation.name in ("bitcast", "lookup", "load", "store", "call") and wide:
            raise KernelError(f"{operation.name!r} on {wide[0]} has no form in 32 bits", operation.location)
        for value in operation.results:
            value.type = _NARROWED.get(value.type, value.type)
        if operation.name == "const":
            _narrow_constant(operation)
        for nested in operation.regions:
            _narrow(nested)


def _narrow_constant(operation: Operation) -> None:
    result: Value = operation.result
    value, kind = operation.attributes["value"], result.type
    assert isinstance(kind, ScalarType)
    if kind.is_integer and value != wrap(int(value), kind):
        raise KernelError(f"{value} does not fit in {kind}, the widest integer of the target", operation.location)
    operation.attributes["value"] = constant_value(value, kind, operation.location)
