"""What device arrays can do, on nodes: ufuncs, conversions, reductions, matrix products."""

from __future__ import annotations

import math
import operator as builtin_operators
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from .._kernels.language import registry
from .._kernels.language.emit_wgsl import check_function
from .._kernels.language.ir import Function, KernelError
from .._kernels.language.promotion import NumberType, is_safe, promote
from .._kernels.language.typesystem import CHARACTERS
from .dtypes import (
    BOOL,
    DEVICE_TYPES,
    INT32,
    advice,
    convert_scalar,
    parts,
    result_type,
)
from .elements import (
    Element,
    bitwise,
    cast,
    choice,
    conjugate,
    logic,
    number_type_of,
    part,
    ufunc_loop,
    user_function,
)
from .graph import Call, Constant, Map, Matmul, Node, Reduce, broadcast, permute, reshape
from .indexing import normalized_axes
from .layout import Shape, broadcast_shapes

# Arrays that one kernel reads, with one output, where a device has the fewest buffers.
_MOST_ARRAYS = 7


class Number:
    """A Python number or scalar as an operand: its type (weak for Python's own) and its value."""

    __slots__ = ("kind", "value")

    def __init__(self, kind: NumberType, value: Any) -> None:
        self.kind = kind
        self.value = value


Operand = Node | Number


def as_node(operand: Operand, kind: NumberType) -> Node:
    """An operand as a node of a type."""
    if isinstance(operand, Number):
        return Constant(convert_scalar(operand.value, kind), kind)
    if operand.kind == kind:
        return operand
    return apply(cast(operand.kind, kind), [operand])[0]


def apply(element: Element, arguments: Sequence[Node]) -> list[Node]:
    """The results of an element function on arrays that broadcast.

    Raises
    ------
    ValueError
        If they do not.
    TypeError
        For too many arrays.
    """
    shape = broadcast_shapes([argument.shape for argument in arguments])
    if len({argument for argument in arguments if not isinstance(argument, Constant)}) > _MOST_ARRAYS:
        raise TypeError(f"{element.name} reads {len(arguments)} arrays; a kernel can read {_MOST_ARRAYS}")
    call = Call(element, tuple(arguments))
    return [Map(call, index, shape) for index in range(len(element.results))]


def _check(element: Element, inputs: Sequence[NumberType]) -> None:
    """Raise TypeError, naming what is missing, if WGSL cannot express a function."""
    try:
        check_function(element.function)
    except KernelError as error:
        kinds = ", ".join(map(str, inputs))
        raise TypeError(f"{element.name} of {kinds} is not possible on devices: {error}") from error


@cache
def _checked_loop(name: str, signature: str) -> Element:
    """A loop, once it is known that WGSL can express it."""
    element = ufunc_loop(name, signature)
    _check(element, [number_type_of(character) for character in signature.split("->")[0]])
    return element


@cache
def _checked_user_function(
    function: Function, inputs: tuple[NumberType, ...], results: tuple[NumberType, ...]
) -> Element:
    element = user_function(function, list(results))
    _check(element, inputs)
    return element


@cache
def _loop(name: str, common: NumberType) -> tuple[str, NumberType] | None:
    """Signature, and type of its inputs, of the first loop that takes numbers of a type safely."""
    for signature in registry.rows()[name].signatures:
        inputs = signature.split("->")[0]
        if len(set(inputs)) == 1 and inputs[0] in CHARACTERS:
            kind = number_type_of(inputs[0])
            if is_safe(common, kind):
                return signature, kind
    return None


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "equal": builtin_operators.eq,
    "not_equal": builtin_operators.ne,
    "less": builtin_operators.lt,
    "less_equal": builtin_operators.le,
    "greater": builtin_operators.gt,
    "greater_equal": builtin_operators.ge,
}


def _comparison_out_of_range(name: str, operands: Sequence[Operand], kind: NumberType) -> Node | None:
    """A comparison of integers with a Python number that their type cannot hold, which is known; None for others."""
    low, high = _limits(kind)
    for number, array in zip(operands, reversed(operands), strict=True):
        if isinstance(number, Number) and isinstance(array, Node) and not low <= number.value <= high:
            pair = (number.value, 0) if number is operands[0] else (0, number.value)
            return broadcast(Constant(_COMPARISONS[name](*pair), BOOL), array.shape)
    return None


def has_ufunc(name: str) -> bool:
    """Whether there are kernels for a ufunc."""
    return name in registry.rows()


@cache
def _resolved(name: str, kinds: tuple[NumberType, ...]) -> tuple[Element, NumberType]:
    """The loop of a ufunc for operands of these types, and the type of its inputs."""
    common = result_type(list(kinds), name) if len(kinds) > 1 else kinds[0].strong
    found = _loop(name, common)
    if found is None:
        raise TypeError(f"ufunc {name!r} not supported for {common}")
    signature, kind = found
    if kind not in DEVICE_TYPES or number_type_of(signature[-1]) not in DEVICE_TYPES:
        raise TypeError(
            f"{name} of {common} is computed in {kind}, which WebGPU does not have; convert first, such as with "
            f"astype({advice(kind)})"
        )
    return _checked_loop(name, signature), kind


def ufunc(name: str, operands: Sequence[Operand]) -> list[Node]:
    """The results of a registered ufunc.

    Raises
    ------
    TypeError
        Where NumPy computes in a type that devices do not have, or a loop needs one.
    """
    element, kind = _resolved(name, tuple(operand.kind for operand in operands))
    if name in _COMPARISONS and kind.kind in "iu":
        known = _comparison_out_of_range(name, operands, kind)
        if known is not None:
            return [known]
    if name == "power" and kind.kind in "iu" and isinstance(operands[1], Number) and operands[1].value < 0:
        raise ValueError("Integers to negative integer powers are not allowed.")
    return apply(element, [as_node(operand, kind) for operand in operands])


# Exponents for which NumPy's operator ** takes another ufunc.
_POWERS = {2: "square", 1: "positive", 0.5: "sqrt", -1: "reciprocal"}


def power(x: Operand, y: Operand) -> Node:
    """``x ** y``."""
    if isinstance(y, Number) and isinstance(x, Node) and y.value in _POWERS:
        kept = promote(x.kind, y.kind) == x.kind
        if kept and (x.kind.kind in "fc" or y.value == 2) and x.kind != BOOL:
            name = _POWERS[y.value]
            return x if name == "positive" else ufunc(name, [x])[0]
    return ufunc("power", [x, y])[0]


def bit_operation(name: str, operands: Sequence[Operand]) -> Node:
    """``& | ^ << >>`` and ``~``: logic for bools, bits for integers."""
    common = result_type([operand.kind for operand in operands], name) if len(operands) > 1 else operands[0].kind
    arguments = [as_node(operand, common) for operand in operands]
    if common == BOOL and name not in ("shl", "shr"):
        return apply(logic(name), arguments)[0]
    if common.kind not in "iu":
        raise TypeError(f"bits of {common} cannot be combined; integers and bools can")
    return apply(bitwise(name, common), arguments)[0]


def where(condition: Operand, x: Operand, y: Operand) -> Node:
    """``x`` where ``condition`` holds, else ``y``."""
    kind = result_type([x.kind, y.kind], "where")
    return apply(choice(kind), [as_node(condition, BOOL), as_node(x, kind), as_node(y, kind)])[0]


def real_part(x: Node, index: int) -> Node:
    """The real (0) or imaginary (1) part."""
    if x.kind.kind == "c":
        return apply(part(x.kind, index), [x])[0]
    return broadcast(Constant(0, x.kind), x.shape) if index else x


def conjugated(x: Node) -> Node:
    """The complex conjugate; the array itself if it is real."""
    return apply(conjugate(x.kind), [x])[0] if x.kind.kind == "c" else x


def user_call(function: Function, arguments: Sequence[Operand], results: Sequence[NumberType]) -> list[Node]:
    """The results of a user's function; arguments are converted to the types of its parameters."""
    if len(arguments) != len(function.parameters):
        raise TypeError(f"{function.name} takes {len(function.parameters)} arguments, {len(arguments)} were given")
    for result in results:
        if result not in DEVICE_TYPES:
            raise TypeError(f"{function.name} gives {result}, which WebGPU does not have")
    kinds = []
    for parameter in function.parameters:
        kind = next((kind for kind in DEVICE_TYPES if kind.ir_type == parameter.type), None)
        if kind is None:
            raise TypeError(f"{function.name} takes {parameter.type}, which WebGPU does not have")
        kinds.append(kind)
    element = _checked_user_function(function, tuple(kinds), tuple(results))
    return apply(element, [as_node(operand, kind) for operand, kind in zip(arguments, kinds, strict=True)])


def _limits(kind: NumberType) -> tuple[Any, Any]:
    """The smallest and the largest number."""
    if kind == BOOL:
        return False, True
    if kind.kind in "iu":
        scalar = parts(kind)[0]
        return scalar.minimum, scalar.maximum
    return -math.inf, math.inf


def _identity(name: str, kind: NumberType, empty: bool) -> tuple[Any, ...]:
    """What changes no operand, for each part of an element."""
    low, high = _limits(kind)
    if name == "add":
        # -0.0 + x is x, also for -0.0.
        value = -0.0 if kind.kind in "fc" and not empty else 0
        return (value,) * len(parts(kind))
    if name == "multiply":
        return (1, 0)[: len(parts(kind))]
    value = low if name == "maximum" else high
    return (value,) * len(parts(kind))


def reduction(name: str, x: Node, axis: Any, dtype: NumberType | None, keepdims: bool, public: str) -> Node:
    """An array folded along axes.

    Parameters
    ----------
    name : {'add', 'multiply', 'maximum', 'minimum', 'and', 'or'}
    x : Node
    axis : None, int or tuple of int
    dtype : NumberType or None
        What to convert to first.
    keepdims : bool
        Keep folded axes with length 1.
    public : str
        For messages.

    Raises
    ------
    TypeError
        For sums and products of integers without ``dtype``: NumPy computes them in 64 bits.
    ValueError
        For extremes of nothing.
    """
    axes = normalized_axes(axis, len(x.shape))
    if dtype is not None:
        x = as_node(x, dtype)
    elif name in ("add", "multiply") and x.kind.kind in "biu":
        wide = "uint64" if x.kind.kind == "u" else "int64"
        raise TypeError(
            f"{public} of {x.kind} is {wide}, which WebGPU does not have; say in which type to compute, such as "
            f"{public}(dtype={advice(x.kind)}), where it wraps around"
        )
    if name in ("and", "or"):
        x = as_node(x, BOOL)
        combine, identity = logic(name), (name == "and",)
    else:
        empty = any(x.shape[axis] == 0 for axis in axes)
        if empty and name in ("maximum", "minimum"):
            raise ValueError(f"zero-size array to reduction operation {name} which has no identity")
        signature = _loop(name, x.kind)
        assert signature is not None
        combine, identity = _checked_loop(name, signature[0]), _identity(name, x.kind, empty)
    kept = tuple(1 if place in axes else extent for place, extent in enumerate(x.shape))
    result: Node = x
    if axes:
        result = Reduce(x, combine, identity, axes)
    return reshape(result, kept) if keepdims else result


def mean(x: Node, axis: Any, dtype: NumberType | None, keepdims: bool) -> Node:
    """The arithmetic mean along axes."""
    if dtype is None and x.kind.kind in "biu":
        raise TypeError(
            f"mean of {x.kind} is float64, which WebGPU does not have; convert first, such as with astype(np.float32), "
            "or give dtype=np.float32"
        )
    axes = normalized_axes(axis, len(x.shape))
    count = math.prod(x.shape[place] for place in axes)
    total = reduction("add", x, axes, dtype, False, "mean")
    result = ufunc("divide", [total, Number(NumberType("f", 64, weak=True), float(count))])[0]
    kept = tuple(1 if place in axes else extent for place, extent in enumerate(x.shape))
    return reshape(result, kept) if keepdims else result


def matmul(x: Node, y: Node) -> Node:
    """The matrix product; stacks broadcast, vectors are rows or columns.

    Raises
    ------
    ValueError
        For operands without axes, and for shapes that do not fit.
    TypeError
        Where NumPy's result has a type that devices do not have.
    """
    if not x.shape or not y.shape:
        raise ValueError("matmul: an operand has no axes; use * for numbers")
    kind = result_type([x.kind, y.kind], "matmul")
    left, right = as_node(x, kind), as_node(y, kind)
    left = reshape(left, (1, *left.shape)) if len(x.shape) == 1 else left
    right = reshape(right, (*right.shape, 1)) if len(y.shape) == 1 else right
    if left.shape[-1] != right.shape[-2]:
        raise ValueError(
            f"matmul: shapes {x.shape} and {y.shape} do not fit: {left.shape[-1]} columns, {right.shape[-2]} rows"
        )
    stack = broadcast_shapes([left.shape[:-2], right.shape[:-2]])
    m, k, n = left.shape[-2], left.shape[-1], right.shape[-1]
    if kind == BOOL:
        product = as_node(_product(as_node(left, INT32), as_node(right, INT32), stack, (m, k, n)), BOOL)
    else:
        product = _product(left, right, stack, (m, k, n))
    rows = (m,) if len(x.shape) > 1 else ()
    columns = (n,) if len(y.shape) > 1 else ()
    return reshape(product, (*stack, *rows, *columns))


def _product(left: Node, right: Node, stack: Shape, extents: tuple[int, int, int]) -> Node:
    m, k, n = extents
    if m > 1 and n > 1:
        return Matmul(broadcast(left, (*stack, m, k)), broadcast(right, (*stack, k, n)))
    # A vector: tiles would be mostly empty. Sum the products along an axis, in the order in which the matrix lies.
    full = (*stack, m, n, k)
    ndim = len(full)
    rows = reshape(left, (*left.shape[:-1], 1, k))
    columns = permute(right, [*range(len(right.shape) - 2), len(right.shape) - 1, len(right.shape) - 2])
    columns = reshape(columns, (*columns.shape[:-2], 1, n, k))
    products = ufunc("multiply", [broadcast(rows, full), broadcast(columns, full)])[0]
    return reduction("add", products, ndim - 1, left.kind, False, "matmul")


def operator(name: str, pair: Sequence[Operand]) -> Node:
    """The result of a Python operator on two operands."""
    if name == "**":
        return power(*pair)
    if name == "@":
        x, y = pair
        if not (isinstance(x, Node) and isinstance(y, Node)):
            raise ValueError("matmul: an operand has no axes; use * for numbers")
        return matmul(x, y)
    if name in ("and", "or", "xor", "shl", "shr"):
        return bit_operation(name, pair)
    return ufunc(name, pair)[0]
