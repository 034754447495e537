"""Types and signatures, in the forms that Numba has: ``float64(float32[:], i4)``, ``"f8(f8, f8)"``, ``(int32, f4)``."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

from .. import dtype
from .._kernels.language.promotion import NumberType
from .._kernels.language.user_values import ArrayType

_AXES = {(None, None, None): False, (None, None, 1): True}


class Type:
    """A type of an argument or result.

    Calling it with types gives a signature whose result it is, indexing it with ``:`` the type of an array (``::1`` on
    the last axis says that the array is C-contiguous), calling it with a number converts the number.

    Examples
    --------
    >>> from wasmnp import jit
    >>> jit.float64(jit.float32, jit.int32[:, ::1])
    float64(float32, int32[:, ::1])
    """

    def __init__(self, kind: NumberType | ArrayType | None) -> None:
        self.kind = kind

    @property
    def number_type(self) -> NumberType | None:
        """The number that it is, for conversions in compiled code."""
        return self.kind if isinstance(self.kind, NumberType) else None

    def __repr__(self) -> str:
        return "none" if self.kind is None else str(self.kind)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Type) and other.kind == self.kind

    def __hash__(self) -> int:
        return hash(self.kind)

    def __call__(self, *arguments: Any) -> Any:
        if len(arguments) == 1 and not isinstance(arguments[0], (Type, tuple, list)):
            if self.number_type is None:
                raise TypeError(f"{self} converts no numbers")
            return dtype(str(self.number_type)).type(arguments[0])
        return Signature(tuple(map(_kind_of, arguments)), self.kind, True)

    def __getitem__(self, axes: Any) -> Type:
        if self.number_type is None:
            raise TypeError(f"there are no arrays of {self}")
        axes = axes if isinstance(axes, tuple) else (axes,)
        found = [_AXES.get((axis.start, axis.stop, axis.step)) if isinstance(axis, slice) else None for axis in axes]
        if None in found or True in found[:-1]:
            raise TypeError(f"the axes of an array type are ':' each, or '::1' for the last, not {axes}")
        if not 1 <= len(axes) <= 3:
            raise TypeError(f"compiled functions take arrays of one to three dimensions, not {len(axes)}")
        return Type(ArrayType(self.number_type, len(axes), bool(found[-1])))


@dataclass(frozen=True)
class Signature:
    """Types of the arguments, and of the result if ``returns``; None as a result stands for nothing."""

    arguments: tuple[Any, ...]
    result: Any = None
    returns: bool = False

    def __repr__(self) -> str:
        arguments = ", ".join(map(str, self.arguments))
        return f"{Type(self.result) if self.returns else ''}({arguments})"


def _kind_of(item: Any) -> Any:
    if isinstance(item, Type):
        return item.kind
    if isinstance(item, (tuple, list)):
        return tuple(map(_kind_of, item))
    if isinstance(item, str):
        return _kind_of(_evaluate(ast.parse(item.strip(), mode="eval").body, item))
    try:
        return _kind_of(_NAMES[dtype(item).name])
    except (TypeError, KeyError):
        raise TypeError(f"{item!r} is not a type; {_ACCEPTED}") from None


def _number(name: str, kind: str, bits: int) -> Type:
    return Type(NumberType(kind, bits))


boolean = _number("bool", "b", 1)
int8, int16, int32, int64 = (_number(f"int{bits}", "i", bits) for bits in (8, 16, 32, 64))
uint8, uint16, uint32, uint64 = (_number(f"uint{bits}", "u", bits) for bits in (8, 16, 32, 64))
float32, float64 = (_number(f"float{bits}", "f", bits) for bits in (32, 64))
complex64, complex128 = (_number(f"complex{bits}", "c", bits) for bits in (64, 128))
void = Type(None)
_pointer_bits = 8 * dtype("p").itemsize
intc, uintc = int32, uint32
intp = int64 if _pointer_bits == 64 else int32
uintp = uint64 if _pointer_bits == 64 else uint32

_NAMES: dict[str, Type] = {
    "bool": boolean, "bool_": boolean, "boolean": boolean, "b1": boolean, "void": void, "none": void,
    "int8": int8, "int16": int16, "int32": int32, "int64": int64, "i1": int8, "i2": int16, "i4": int32, "i8": int64,
    "uint8": uint8, "uint16": uint16, "uint32": uint32, "uint64": uint64, "u1": uint8, "u2": uint16, "u4": uint32,
    "u8": uint64, "float32": float32, "float64": float64, "f4": float32, "f8": float64, "double": float64,
    "complex64": complex64, "complex128": complex128, "c8": complex64, "c16": complex128,
    "intc": intc, "uintc": uintc, "intp": intp, "uintp": uintp, "byte": uint8, "short": int16, "ushort": uint16,
    "int_": intp, "longlong": int64, "ulonglong": uint64,
}  # fmt: skip
_ACCEPTED = "types are written like float64, f4, int32[:], f8[:, ::1]"


def _evaluate(node: ast.expr, text: str) -> Any:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in _NAMES:
            return _NAMES[name]
        case ast.Constant(value=None):
            return void
        case ast.Tuple(elts=elements):
            return tuple(_evaluate(element, text) for element in elements)
        case ast.Call(func=function, args=arguments, keywords=[]):
            result = _evaluate(function, text)
            if isinstance(result, Type):
                return Signature(tuple(_kind_of(_evaluate(a, text)) for a in arguments), result.kind, True)
        case ast.Subscript(value=owner, slice=index):
            element = _evaluate(owner, text)
            if isinstance(element, Type):
                axes = index.elts if isinstance(index, ast.Tuple) else [index]
                return element[tuple(_axis(axis, text) for axis in axes)]
    raise TypeError(f"{ast.unparse(node)!r} in the signature {text!r} is not a type; {_ACCEPTED}")


def _axis(node: ast.expr, text: str) -> slice:
    if isinstance(node, ast.Slice) and node.lower is None and node.upper is None:
        step = node.step.value if isinstance(node.step, ast.Constant) else node.step
        return slice(None, None, step)
    raise TypeError(f"{ast.unparse(node)!r} in the signature {text!r} is not an axis; axes are ':' or '::1'")


def as_signature(given: Any) -> Signature:
    """A signature given as one, as text, or as a tuple of argument types.

    Raises
    ------
    TypeError
        For anything else.
    """
    if isinstance(given, str):
        try:
            node = ast.parse(given.strip(), mode="eval").body
        except SyntaxError as error:
            raise TypeError(f"{given!r} is not a signature: {error.msg}; {_ACCEPTED}, as in 'f8(f8, i4[:])'") from None
        found = _evaluate(node, given)
        given = (found,) if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)) else found
    if isinstance(given, Signature):
        return given
    if isinstance(given, (tuple, list)):
        return Signature(tuple(map(_kind_of, given)))
    raise TypeError(f"{given!r} is not a signature; signatures are written like 'f8(f8, i4[:])' or (float64, int32)")


def as_signatures(given: Any) -> list[Signature]:
    """One signature, or a list of them."""
    return list(map(as_signature, given)) if isinstance(given, list) else [as_signature(given)]
