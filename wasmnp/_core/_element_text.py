"""Text of single elements: one format for all elements that are shown, so that they line up."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator
from typing import Any

from ._multiarray_umath import dragon4_positional, dragon4_scientific, ndarray, void


def _single(value: float) -> float:
    """The nearest float32, as a float."""
    try:
        return struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)


def _is_finite(value: Any) -> bool:
    # math.isfinite would round long doubles to doubles.
    return value == value and abs(value) != math.inf


def _is_negative(value: Any) -> bool:
    return math.copysign(1.0, value) < 0


class _FloatFormat:
    """Formats real numbers so that their points are below each other."""

    def __init__(
        self,
        values: list[Any],
        itemsize: int,
        options: dict[str, Any],
        sign: str | None = None,
        floatmode: str | None = None,
    ) -> None:
        self._sign = options["sign"] if sign is None else sign
        self._nan, self._inf = options["nanstr"], options["infstr"]
        self._mode = options["floatmode"] if floatmode is None else floatmode
        self._precision = -1 if self._mode == "unique" else options["precision"]
        self._legacy = options["legacy"]
        if self._legacy <= 113 and self._sign == "-":
            self._sign = " "
        finite = [value for value in values if _is_finite(value)]
        self._unique, self._trim, self._min_digits = True, ".", -1
        self._left = self._right = 0
        self._exponent_digits = -1
        self.scientific = self._wants_exponent(finite, itemsize, options["suppress"])
        if finite:
            if self.scientific:
                self._measure_scientific(finite)
            else:
                self._measure_positional(finite)
            if self._legacy > 113 and self._sign == " " and not any(map(_is_negative, finite)):
                self._left += 1
        if len(finite) < len(values):
            minus = self._sign != "-" or any(value == -math.inf for value in values)
            room = self._right + 1
            self._left = max(self._left, len(self._nan) - room, len(self._inf) + minus - room)
        self._arguments = {
            "precision": self._precision, "unique": self._unique, "trim": self._trim, "sign": self._sign == "+",
            "pad_left": self._left, "min_digits": self._min_digits,
        }  # fmt: skip

    def _wants_exponent(self, finite: list[Any], itemsize: int, suppress: bool) -> bool:
        sizes = [abs(value) if itemsize > 8 else abs(float(value)) for value in finite if value != 0]
        if not sizes:
            return False
        # Decisions are taken in the precision of the elements, whose decimal digits also limit positional text.
        largest, smallest = max(sizes), min(sizes)
        rounded = {4: _single, 8: float, 2: float}.get(itemsize, type(largest))
        limit = {2: 1e3, 4: 1e6}.get(itemsize, 1e8) if self._legacy > 202 else 1e8
        if largest >= limit:
            return True
        return not suppress and (smallest < rounded(0.0001) or rounded(largest / smallest) > 1000.0)

    def _measure_scientific(self, finite: list[Any]) -> None:
        fixed = self._mode == "fixed" or self._legacy <= 113
        self._unique = not fixed
        arguments = {"unique": self._unique, "trim": "k" if fixed else ".", "sign": self._sign == "+"}
        texts = [dragon4_scientific(value, precision=self._precision, **arguments) for value in finite]
        mantissas, _, exponents = zip(*(text.partition("e") for text in texts), strict=True)
        wholes, _, fractions = zip(*(text.partition(".") for text in mantissas), strict=True)
        self._exponent_digits = max(map(len, exponents)) - 1
        self._precision = self._min_digits = max(map(len, fractions))
        self._trim = "k"
        # The oldest style has a column for the sign, and one more.
        self._left = 3 if self._legacy <= 113 else max(map(len, wholes))
        self._right = self._exponent_digits + 2 + self._precision

    def _measure_positional(self, finite: list[Any]) -> None:
        if self._mode == "fixed":
            self._trim, self._unique = "k", False
        arguments = {"unique": self._unique, "fractional": True, "trim": self._trim, "sign": self._sign == "+"}
        texts = [dragon4_positional(value, precision=self._precision, **arguments) for value in finite]
        wholes, _, fractions = zip(*(text.partition(".") for text in texts), strict=True)
        if self._legacy <= 113:
            self._left = 1 + max(len(whole.lstrip("-+")) for whole in wholes)
        else:
            self._left = max(map(len, wholes))
        self._right = max(map(len, fractions))
        if self._mode in ("fixed", "maxprec_equal"):
            self._precision = self._min_digits = self._right
            self._trim = "k"
        else:
            self._trim = "."
            self._min_digits = 0

    def __call__(self, value: Any) -> str:
        plus = self._sign == "+"
        if not _is_finite(value):
            if value != value:
                text = ("+" if plus else "") + self._nan
            else:
                text = ("-" if value < 0 else "+" if plus else "") + self._inf
            return text.rjust(self._left + self._right + 1)
        if self.scientific:
            return dragon4_scientific(value, exp_digits=self._exponent_digits, **self._arguments)
        return dragon4_positional(value, fractional=True, pad_right=self._right, **self._arguments)


class _ComplexFormat:
    """Formats complex numbers as aligned real parts and aligned imaginary parts."""

    def __init__(self, values: list[Any], itemsize: int, options: dict[str, Any]) -> None:
        real_mode, imag_mode = ("maxprec_equal", "maxprec") if options["legacy"] <= 113 else (None, None)
        reals, imags = [value.real for value in values], [value.imag for value in values]
        self._real = _FloatFormat(reals, itemsize // 2, options, floatmode=real_mode)
        self._imag = _FloatFormat(imags, itemsize // 2, options, sign="+", floatmode=imag_mode)

    def __call__(self, value: Any) -> str:
        imag = self._imag(value.imag)
        digits = imag.rstrip()
        return self._real(value.real) + digits + "j" + imag[len(digits) :]


def _integer_format(values: list[Any], options: dict[str, Any]) -> Callable[[Any], str]:
    sign = options["sign"]
    numbers = [int(value) for value in values] or [0]
    if sign == " " and min(numbers) < 0:
        sign = "-"
    width = max(len(str(min(numbers))), len(str(max(numbers))) + (sign != "-" and max(numbers) >= 0))
    return lambda value: f"{int(value):{sign}{width}d}"


def _bool_format(shape: tuple[int, ...]) -> Callable[[Any], str]:
    true = " True" if shape else "True"
    return lambda value: true if value else "False"


def _object_text(value: Any) -> str:
    # A list must not look like a dimension of the array.
    return f"list({value!r})" if type(value) is list else repr(value)


def _string_text(value: Any) -> str:
    # Without the name of NumPy's scalar type.
    return (bytes if isinstance(value, bytes) else str).__repr__(value)


def void_text(value: Any) -> str:
    """The bytes of an unstructured void scalar."""
    return "b'" + "".join(f"\\x{byte:02X}" for byte in value.tobytes()) + "'"


def _is_missing(time: Any) -> bool:
    return time != time  # NaT


def _date_format(values: list[Any], options: dict[str, Any]) -> Callable[[Any], str]:
    def text(value: Any) -> str:
        return f"'{value}'"

    width = 0 if options["legacy"] <= 113 else max(map(len, map(text, values)), default=0)
    return lambda value: text(value).rjust(width)


def _span_format(values: list[Any]) -> Callable[[Any], str]:
    def text(value: Any) -> str:
        return "'NaT'" if _is_missing(value) else str(value.astype("i8"))

    width = max(map(len, map(text, values)), default=0)
    return lambda value: text(value).rjust(width)


# Keys of the `formatter` option that apply to a dtype's kind, the most particular last.
_FORMATTER_KEYS = {
    "b": ("all", "bool"),
    "i": ("all", "int_kind", "int"),
    "u": ("all", "int_kind", "int"),
    "f": ("all", "float_kind", "float"),
    "c": ("all", "complex_kind", "complexfloat"),
    "m": ("all", "timedelta"),
    "M": ("all", "datetime"),
    "S": ("all", "str_kind", "numpystr"),
    "U": ("all", "str_kind", "numpystr"),
    "T": ("all", "str_kind", "numpystr"),
    "V": ("all", "void"),
    "O": ("all", "object"),
}


def element_format(array: ndarray, values: list[Any], options: dict[str, Any]) -> Callable[[Any], str]:
    """The function that formats an element of `array`, made for those in `values`."""
    dtype = array.dtype
    if dtype.names is not None:
        return _StructureFormat(array, values, options)
    kind = dtype.kind
    keys = _FORMATTER_KEYS.get(kind, ("all",))
    if dtype.char in "gG":
        keys = (*keys[:-1], "longfloat" if kind == "f" else "longcomplexfloat")
    given = options["formatter"] or {}
    for key in reversed(keys):
        if given.get(key) is not None:
            return given[key]
    if kind == "b":
        return _bool_format(array.shape)
    if kind in "iu":
        return _integer_format(values, options)
    if kind == "f":
        return _FloatFormat(values, dtype.itemsize, options)
    if kind == "c":
        return _ComplexFormat(values, dtype.itemsize, options)
    if kind == "M":
        return _date_format(values, options)
    if kind == "m":
        return _span_format(values)
    if kind in "SUT":
        return _string_text
    if kind == "V":  # or a user's type
        return void_text if issubclass(dtype.type, void) else repr
    return _object_text


class _StructureFormat:
    """Formats the elements of a structured array as tuples, each field in a format of its own."""

    def __init__(self, array: ndarray, values: list[Any], options: dict[str, Any]) -> None:
        self._fields = []
        for name in array.dtype.names:
            column = array[name]
            own = [value[name] for value in values]
            if column.ndim == array.ndim:
                self._fields.append(element_format(column, own, options))
            else:
                flat = [value for one in own for value in shown_values(one, None)]
                self._fields.append(_SubarrayFormat(element_format(column, flat, options), options))

    def __call__(self, value: Any) -> str:
        parts = [element(value[i]) for i, element in enumerate(self._fields)]
        return f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"


class _SubarrayFormat:
    """Formats a field's arrays, summarised by their own sizes."""

    def __init__(self, element: Callable[[Any], str], options: dict[str, Any]) -> None:
        self._element = element
        self._threshold, self._edge = options["threshold"], options["edgeitems"]

    def __call__(self, value: Any) -> str:
        return self._text(value, self._edge if value.size > self._threshold else None)

    def _text(self, value: ndarray, edge: int | None) -> str:
        if value.ndim == 0:
            return self._element(value[()])
        parts = []
        for i in shown_indices(value.shape[0], edge):
            if i is None:
                parts.append("...")
            else:
                parts.append(self._element(value[i]) if value.ndim == 1 else self._text(value[i], edge))
        return f"[{', '.join(parts)}]"


def shown_indices(length: int, edge: int | None) -> list[int | None]:
    """Positions along an axis, with None for the gap of a summarised one."""
    if edge is None or 2 * edge >= length:
        return list(range(length))
    # The last one is always shown.
    return [*range(edge), None, *range(length - max(edge, 1), length)]


def shown_values(array: ndarray, edge: int | None) -> Iterator[Any]:
    """The elements that are shown of an array."""
    if array.ndim == 0:
        yield array[()]
        return
    for i in shown_indices(array.shape[0], edge):
        if i is None:
            continue
        if array.ndim == 1:
            yield array[i]
        else:
            yield from shown_values(array[i], edge)
