"""What each pure operation computes, on Python numbers: shared by the interpreter and by constant folding.

float64 is Python's float. A float32 operation is the float64 one rounded, which is exact for + - * / and sqrt
because 53 >= 2 * 24 + 2 (Figueroa 1995, "When is double rounding innocuous?").
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from .builder import constant_bits, value_of_bits
from .typesystem import ScalarType, bits_to_float, round_to, wrap

Number = int | float | bool
NAN = float("nan")


def _divide(x: float, y: float) -> float:
    if y != 0:
        return x / y
    if x == 0 or x != x:
        return NAN
    return math.copysign(math.inf, x) * math.copysign(1.0, y)


def _fma(x: float, y: float, z: float, scalar: ScalarType) -> float:
    if not all(map(math.isfinite, (x, y, z))):
        return x * y + z
    exact = Fraction(x) * Fraction(y) + Fraction(z)
    if exact == 0:
        return x * y + z
    return _round_fraction(exact, scalar)


def _round_fraction(exact: Fraction, scalar: ScalarType) -> float:
    """The float of type ``scalar`` nearest to a non-zero fraction, ties to even."""
    precision, lowest = (53, -1074) if scalar.bits == 64 else (24, -149)
    exponent = exact.numerator.bit_length() - exact.denominator.bit_length()
    if abs(exact) < Fraction(2) ** exponent:
        exponent -= 1
    unit = Fraction(2) ** max(exponent - precision + 1, lowest)
    try:
        return round_to(float(round(exact / unit) * unit), scalar)
    except OverflowError:
        return math.copysign(math.inf, exact)


def _integral(function: Any, x: float) -> float:
    return math.copysign(float(function(x)), x) if math.isfinite(x) else x


def _to_integer(x: float, to: ScalarType) -> int:
    return wrap(math.trunc(x), to) if math.isfinite(x) else to.minimum


def evaluate(name: str, operands: list[Number], types: list[Any], result: Any, attributes: dict[str, Any]) -> Number:
    """The result of one pure scalar operation.

    Parameters
    ----------
    name : str
        Operation.
    operands : list
        Python numbers of the operand types.
    types, result : ScalarType
        Operand types and result type.
    attributes : dict
        The operation's constants.

    Examples
    --------
    >>> from .typesystem import i8
    >>> evaluate("add", [100, 100], [i8, i8], i8, {})
    -56
    """
    x: Any = operands[0] if operands else None
    y: Any = operands[1] if len(operands) > 1 else None
    scalar: ScalarType = types[0] if types else result
    match name:
        case "const":
            return attributes["value"]
        case "opaque":
            return x
        case "select":
            return operands[1] if x else operands[2]
        case "eq" | "ne" | "lt" | "le":
            return {"eq": x == y, "ne": x != y, "lt": x < y, "le": x <= y}[name]
        case "isnan":
            return x != x
        case "isfinite":
            return math.isfinite(x)
        case "isnormal":
            return math.isfinite(x) and abs(x) >= (2.0**-126 if scalar.bits == 32 else 2.0**-1022)
        case "bitcast":
            return value_of_bits(constant_bits(x, scalar), result)
        case "lookup":
            table = attributes["table"]
            return table.values[x & (len(table.values) - 1)]
        case "convert":
            if result.kind == "b":
                return x != 0
            if result.is_float:
                return (
                    _round_fraction(Fraction(int(x)), result)
                    if not scalar.is_float and x
                    else round_to(float(x), result)
                )
            return _to_integer(x, result) if scalar.is_float else wrap(int(x), result)
    if scalar.is_float:
        return round_to(_float_operation(name, operands, scalar), scalar)
    if scalar.kind == "b":
        return {"and": x and y, "or": x or y, "xor": x != y, "not": not x}[name]
    return wrap(_integer_operation(name, x, y, scalar), scalar)


def _float_operation(name: str, operands: list[Any], scalar: ScalarType) -> float:
    x = operands[0]
    match name:
        case "add":
            return x + operands[1]
        case "sub":
            return x - operands[1]
        case "mul":
            return x * operands[1]
        case "div":
            return _divide(x, operands[1])
        case "fma":
            return _fma(x, operands[1], operands[2], scalar)
        case "neg":
            return bits_to_float(constant_bits(x, scalar) ^ (1 << (scalar.bits - 1)), scalar)
        case "abs":
            return bits_to_float(constant_bits(x, scalar) & ~(1 << (scalar.bits - 1)), scalar)
        case "sqrt":
            return math.sqrt(x) if x >= 0 else x if x == 0 else NAN
        case "floor" | "ceil" | "trunc":
            return _integral(getattr(math, name), x)
        case "rint":
            return _integral(round, x)
    raise KeyError(name)


def _integer_operation(name: str, x: int, y: Any, scalar: ScalarType) -> int:
    match name:
        case "add":
            return x + y
        case "sub":
            return x - y
        case "mul":
            return x * y
        case "and":
            return x & y
        case "or":
            return x | y
        case "xor":
            return x ^ y
        case "not":
            return ~x
        case "neg":
            return -x
        case "abs":
            return abs(x)
        case "shl":
            return x << (y % scalar.bits)
        case "shr":
            return x >> (y % scalar.bits)
        case "quotient":
            return 0 if y == 0 else abs(x) // abs(y) * (1 if (x < 0) == (y < 0) else -1)
        case "modulus":
            return 0 if y == 0 else abs(x) % abs(y) * (-1 if x < 0 else 1)
    raise KeyError(name)
