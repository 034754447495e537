"""Text of arrays: one format for all elements of an array, summarised and wrapped, as NumPy prints them."""

from __future__ import annotations

import math
import operator
import struct
from collections.abc import Callable, Iterator
from typing import Any

from ._multiarray_umath import asarray, dragon4_positional, dragon4_scientific, dtype, ndarray
from .overrides import array_function_dispatch
from .printoptions import checked_options, format_options, get_printoptions, printoptions, set_printoptions

__all__ = [
    "array2string",
    "array_repr",
    "array_str",
    "format_float_positional",
    "format_float_scientific",
    "get_printoptions",
    "printoptions",
    "set_printoptions",
]


def _single(value: float) -> float:
    """The nearest float32, as a float."""
    try:
        return struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)


class _FloatFormat:
    """Formats real numbers so that their points are below each other."""

    def __init__(self, values: list[Any], itemsize: int, options: dict[str, Any], sign: str | None = None) -> None:
        self._sign = options["sign"] if sign is None else sign
        self._nan, self._inf = options["nanstr"], options["infstr"]
        self._mode = options["floatmode"]
        self._precision = -1 if self._mode == "unique" else options["precision"]
        finite = [value for value in values if math.isfinite(value)]
        self._unique, self._trim, self._min_digits = True, ".", -1
        self._left = self._right = 0
        self._exponent_digits = -1
        self.scientific = self._wants_exponent(finite, itemsize, options["suppress"])
        if finite:
            if self.scientific:
                self._measure_scientific(finite)
            else:
                self._measure_positional(finite)
            if self._sign == " " and not any(math.copysign(1.0, value) < 0 for value in finite):
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
        sizes = [abs(float(value)) for value in finite if value != 0]
        if not sizes:
            return False
        # Decisions are taken in the precision of the elements, whose decimal digits also limit positional text.
        largest, smallest = max(sizes), min(sizes)
        rounded = _single if itemsize == 4 else float
        limit = {2: 1e3, 4: 1e6}.get(itemsize, 1e8)
        if largest >= limit:
            return True
        return not suppress and (smallest < rounded(0.0001) or rounded(largest / smallest) > 1000.0)

    def _measure_scientific(self, finite: list[Any]) -> None:
        trim = "k" if self._mode == "fixed" else "."
        self._unique = self._mode != "fixed"
        arguments = {"unique": self._unique, "trim": trim, "sign": self._sign == "+"}
        texts = [dragon4_scientific(value, precision=self._precision, **arguments) for value in finite]
        mantissas, _, exponents = zip(*(text.partition("e") for text in texts), strict=True)
        wholes, _, fractions = zip(*(text.partition(".") for text in mantissas), strict=True)
        self._exponent_digits = max(map(len, exponents)) - 1
        self._precision = self._min_digits = max(map(len, fractions))
        self._trim = "k"
        self._left = max(map(len, wholes))
        self._right = self._exponent_digits + 2 + self._precision

    def _measure_positional(self, finite: list[Any]) -> None:
        if self._mode == "fixed":
            self._trim, self._unique = "k", False
        arguments = {"unique": self._unique, "fractional": True, "trim": self._trim, "sign": self._sign == "+"}
        texts = [dragon4_positional(value, precision=self._precision, **arguments) for value in finite]
        wholes, _, fractions = zip(*(text.partition(".") for text in texts), strict=True)
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
        if not math.isfinite(value):
            if math.isnan(value):
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
        self._real = _FloatFormat([value.real for value in values], itemsize // 2, options)
        self._imag = _FloatFormat([value.imag for value in values], itemsize // 2, options, sign="+")

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
    "V": ("all", "void"),
    "O": ("all", "object"),
}


def _element_format(array: ndarray, values: list[Any], options: dict[str, Any]) -> Callable[[Any], str]:
    kind = array.dtype.kind
    keys = _FORMATTER_KEYS.get(kind, ("all",))
    if kind in "fc" and array.dtype.itemsize > (8 if kind == "f" else 16):
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
        return _FloatFormat(values, array.dtype.itemsize, options)
    if kind == "c":
        return _ComplexFormat(values, array.dtype.itemsize, options)
    if array.dtype.names is not None:
        return _StructureFormat(array, values, options)
    if kind in "mM":
        return _time_format(values, kind)
    if kind in "SU":
        return lambda value: repr(value.item())
    return _void_text if kind == "V" else _object_text


def _object_text(value: Any) -> str:
    # A list must not look like a dimension of the array.
    return f"list({value!r})" if type(value) is list else repr(value)


def _void_text(value: Any) -> str:
    return "b'" + "".join(f"\\x{byte:02x}" for byte in value.tobytes()) + "'"


def _time_format(values: list[Any], kind: str) -> Callable[[Any], str]:
    def text(value: Any) -> str:
        if value != value:  # NaT
            return "'NaT'"
        return f"'{value}'" if kind == "M" else str(value.astype("i8"))

    width = max(map(len, map(text, values)), default=0)
    return lambda value: text(value).rjust(width)


class _StructureFormat:
    """Formats the elements of a structured array as tuples, each field in a format of its own."""

    def __init__(self, array: ndarray, values: list[Any], options: dict[str, Any]) -> None:
        self._fields = []
        for name in array.dtype.names:
            column = array[name]
            own = [value[name] for value in values]
            inner = column.ndim - array.ndim
            flat = [value for one in own for value in _shown_values(one, None)] if inner else own
            element = _element_format(column, flat, options)
            self._fields.append(_nested(element) if inner else element)

    def __call__(self, value: Any) -> str:
        parts = [element(value[i]) for i, element in enumerate(self._fields)]
        return f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"


def _nested(element: Callable[[Any], str]) -> Callable[[Any], str]:
    """The format of sub-arrays whose elements have the given one."""

    def text(value: Any) -> str:
        if not value.ndim:
            return element(value[()])
        return "[" + ", ".join(map(_nested(element) if value.ndim > 1 else element, value)) + "]"

    return text


def _void_scalar_str(scalar: Any) -> str:
    array = asarray(scalar)
    options = dict(format_options.get())
    options["formatter"] = {"float_kind": str, **(options["formatter"] or {})}
    return _element_format(array, [scalar], options)(scalar)


def _void_scalar_repr(scalar: Any) -> str:
    text = _void_scalar_str(scalar)
    return f"np.void({text}, dtype={scalar.dtype!s})" if scalar.dtype.names is not None else f"np.void({text})"


def _shown_indices(length: int, edge: int | None) -> list[int | None]:
    """Positions along an axis, with None for the gap of a summarised one."""
    if edge is None or 2 * edge >= length:
        return list(range(length))
    return [*range(edge), None, *range(length - edge, length)]


def _shown_values(array: ndarray, edge: int | None) -> Iterator[Any]:
    if array.ndim == 0:
        yield array[()]
        return
    for i in _shown_indices(array.shape[0], edge):
        if i is None:
            continue
        if array.ndim == 1:
            yield array[i]
        else:
            yield from _shown_values(array[i], edge)


class _Layout:
    """Brackets, separators and line breaks around formatted elements."""

    def __init__(self, element: Callable[[Any], str], separator: str, edge: int | None) -> None:
        self._element = element
        self._separator = separator
        self._edge = edge

    def text(self, array: ndarray, indent: str, width: int) -> str:
        """The text of an array whose lines after the first begin with `indent` and end before column `width`."""
        if array.ndim == 0:
            return self._element(array[()])
        indices = _shown_indices(array.shape[0], self._edge)
        if array.ndim == 1:
            body = self._row(array, indices, indent, width)
        else:
            gap = self._separator.rstrip() + "\n" * (array.ndim - 1) + indent
            body = gap.join("..." if i is None else self.text(array[i], indent + " ", width - 1) for i in indices)
        return f"[{body}]"

    def _row(self, array: ndarray, indices: list[int | None], indent: str, width: int) -> str:
        # Room for what follows an element: the separator, or the closing bracket.
        width -= max(len(self._separator.rstrip()), 1)
        done: list[str] = []
        line = indent
        for number, i in enumerate(indices):
            word = "..." if i is None else self._element(array[i])
            parts = word.splitlines() or [word]
            longest = max(map(len, parts))
            if len(line) + longest > width and len(line) > len(indent):
                done.append(line.rstrip())
                line = indent
            if len(parts) == 1:
                line += word
            else:
                # The lines of a word stay below each other; the next word follows its longest one.
                column = " " * len(line)
                *before, last = [line + parts[0], *(column + part for part in parts[1:])]
                done.extend(part.rstrip() for part in before)
                line = last.ljust(len(column) + longest)
            if number < len(indices) - 1:
                line += self._separator
        return "\n".join([*done, line])[len(indent) :]


def _array2string(array: ndarray, options: dict[str, Any], separator: str, prefix: str) -> str:
    array = asarray(array)
    edge = options["edgeitems"] if array.size > options["threshold"] else None
    element = _element_format(array, list(_shown_values(array, edge)), options)
    return _Layout(element, separator, edge).text(array, " " * (len(prefix) + 1), options["linewidth"])


def _array2string_dispatcher(
    a,
    max_line_width=None,
    precision=None,
    suppress_small=None,
    separator=None,
    prefix=None,
    *,
    formatter=None,
    threshold=None,
    edgeitems=None,
    sign=None,
    floatmode=None,
    suffix=None,
    legacy=None,
):
    return (a,)


@array_function_dispatch(_array2string_dispatcher, module="")
def array2string(
    a,
    max_line_width=None,
    precision=None,
    suppress_small=None,
    separator=" ",
    prefix="",
    *,
    formatter=None,
    threshold=None,
    edgeitems=None,
    sign=None,
    floatmode=None,
    suffix="",
    legacy=None,
):
    """
    Return the text of an array.

    Parameters
    ----------
    a : ndarray
        Input array.
    max_line_width : int, optional
        Characters per line.
    precision, suppress_small, formatter, threshold, edgeitems, sign, floatmode, legacy : optional
        As for `set_printoptions`, which gives the defaults (``suppress`` for `suppress_small`).
    separator : str, optional
        Between elements.
    prefix, suffix : str, optional
        What the text will stand between. They are not part of it, but their lengths count for indenting and wrapping.

    Returns
    -------
    str

    See Also
    --------
    array_str, array_repr, set_printoptions

    Examples
    --------
    >>> import wasmnp as np
    >>> print(np.array2string(np.array([1e-16, 1, 2, 3]), precision=2, separator=",", suppress_small=True))
    [0.,1.,2.,3.]
    """
    given = {
        "linewidth": max_line_width, "precision": precision, "suppress": suppress_small, "formatter": formatter,
        "threshold": threshold, "edgeitems": edgeitems, "sign": sign, "floatmode": floatmode, "legacy": legacy,
    }  # fmt: skip
    options = {**format_options.get(), **checked_options(given)}
    if a.size == 0:
        return "[]"
    options["linewidth"] -= len(suffix)
    return _array2string(a, options, separator, prefix)


# Types of the elements that Python numbers become, under NumPy's name for the list.
_typelessdata = [dtype(code).type for code in ("p", "d", "D", "?")]


def _dtype_is_implied(dtype: Any) -> bool:
    """Whether an array of this dtype is what its elements would become."""
    return getattr(dtype, "isnative", True) and dtype.type in _typelessdata


def _dtype_text(dtype: Any) -> str:
    text = str(dtype)
    return text if text.isidentifier() or dtype.names is not None else f"'{text}'"


def _array_repr(array: ndarray, max_line_width=None, precision=None, suppress_small=None) -> str:
    options = {
        **format_options.get(),
        **checked_options({"linewidth": max_line_width, "precision": precision, "suppress": suppress_small}),
    }
    override = options["override_repr"]
    if override is not None:
        return override(array)
    width = options["linewidth"]
    name = "array" if type(array) is ndarray else type(array).__name__
    prefix = name + "("
    body = "[]" if array.size == 0 else _array2string(array, {**options, "linewidth": width - 1}, ", ", prefix)
    extras = []
    if (array.size == 0 and array.shape != (0,)) or array.size > options["threshold"]:
        extras.append(f"shape={array.shape}")
    if array.size == 0 or not _dtype_is_implied(array.dtype):
        extras.append(f"dtype={_dtype_text(array.dtype)}")
    if not extras:
        return f"{prefix}{body})"
    text = f"{prefix}{body},"
    extra = ", ".join(extras) + ")"
    last_line = len(text) - (text.rfind("\n") + 1)
    gap = " " if last_line + len(extra) + 1 <= width else "\n" + " " * len(prefix)
    return text + gap + extra


def _array_repr_dispatcher(arr, max_line_width=None, precision=None, suppress_small=None):
    return (arr,)


@array_function_dispatch(_array_repr_dispatcher, module="")
def array_repr(arr, max_line_width=None, precision=None, suppress_small=None):
    """
    Return the text that ``repr`` shows of an array.

    Parameters
    ----------
    arr : ndarray
        Input array.
    max_line_width, precision, suppress_small : optional
        As for `array2string`.

    Returns
    -------
    str
        The array's class and elements; its shape and dtype where these do not tell.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.array_repr(np.array([1, 2]))
    'array([1, 2])'
    >>> np.array_repr(np.array([], np.int32))
    'array([], dtype=int32)'
    """
    return _array_repr(arr, max_line_width, precision, suppress_small)


def _array_str(array: ndarray, max_line_width=None, precision=None, suppress_small=None) -> str:
    if array.shape == ():
        return str(array[()])
    if array.size == 0:
        return "[]"
    options = {
        **format_options.get(),
        **checked_options({"linewidth": max_line_width, "precision": precision, "suppress": suppress_small}),
    }
    return _array2string(array, options, " ", "")


def _array_str_dispatcher(a, max_line_width=None, precision=None, suppress_small=None):
    return (a,)


@array_function_dispatch(_array_str_dispatcher, module="")
def array_str(a, max_line_width=None, precision=None, suppress_small=None):
    """
    Return the text that ``str`` and ``print`` show of an array: its elements only.

    Parameters
    ----------
    a : ndarray
        Input array.
    max_line_width, precision, suppress_small : optional
        As for `array2string`.

    Returns
    -------
    str

    Examples
    --------
    >>> import wasmnp as np
    >>> np.array_str(np.arange(3))
    '[0 1 2]'
    """
    return _array_str(a, max_line_width, precision, suppress_small)


# What ndarray's own __repr__ and __str__ call: without the dispatch that would lead back to them.
_default_array_repr = _array_repr
_default_array_str = _array_str


def _count(value: Any, minimum: int = 0) -> int:
    """A number of digits or characters for dragon4, where -1 says that none was given."""
    if value is None:
        return -1
    number = operator.index(value)
    if number < minimum:
        raise ValueError("value must be positive")
    return number


def format_float_scientific(
    x, precision=None, unique=True, trim="k", sign=False, pad_left=None, exp_digits=None, min_digits=None
):
    """
    Format a real number in scientific notation, with the shortest digits that tell it from its neighbours.

    Parameters
    ----------
    x : float or floating scalar
        The number.
    precision : int or None, optional
        Digits after the point at most; required if `unique` is False, which makes exactly so many.
    unique : bool, optional
        Stop at the digits that determine the number.
    trim : {'k', '.', '0', '-'}, optional
        Trailing zeros: keep; trim; trim all but one after the point; trim them and the point.
    sign : bool, optional
        Write '+' before positive numbers.
    pad_left : int, optional
        Characters to the left of the point, filled with spaces.
    exp_digits : int, optional
        Digits of the exponent, at least (default 2).
    min_digits : int, optional
        Digits after the point, at least; for `unique` only.

    Returns
    -------
    str

    Examples
    --------
    >>> import wasmnp as np
    >>> np.format_float_scientific(1.23e24)
    '1.23e+24'
    >>> np.format_float_scientific(1.23e24, exp_digits=4)
    '1.23e+0024'
    """
    precision, pad_left = _count(precision), _count(pad_left)
    exp_digits, min_digits = _count(exp_digits), _count(min_digits)
    if min_digits > 0 and 0 <= precision < min_digits:
        raise ValueError("min_digits must be less than or equal to precision")
    return dragon4_scientific(
        x, precision=precision, unique=unique, trim=trim, sign=sign, pad_left=pad_left, exp_digits=exp_digits,
        min_digits=min_digits,
    )  # fmt: skip


def format_float_positional(
    x,
    precision=None,
    unique=True,
    fractional=True,
    trim="k",
    sign=False,
    pad_left=None,
    pad_right=None,
    min_digits=None,
):
    """
    Format a real number in positional notation, with the shortest digits that tell it from its neighbours.

    Parameters
    ----------
    x : float or floating scalar
        The number.
    precision : int or None, optional
        Digits at most; required if `unique` is False, which makes exactly so many.
    unique : bool, optional
        Stop at the digits that determine the number.
    fractional : bool, optional
        Whether `precision` and `min_digits` count digits after the point or significant ones.
    trim : {'k', '.', '0', '-'}, optional
        Trailing zeros: keep; trim; trim all but one after the point; trim them and the point.
    sign : bool, optional
        Write '+' before positive numbers.
    pad_left, pad_right : int, optional
        Characters to the left and right of the point, filled with spaces.
    min_digits : int, optional
        Digits at least; for `unique` only.

    Returns
    -------
    str

    Examples
    --------
    >>> import wasmnp as np
    >>> np.format_float_positional(0.1 + 0.2)
    '0.30000000000000004'
    >>> np.format_float_positional(1e16)
    '10000000000000000.'
    """
    precision, pad_left = _count(precision), _count(pad_left)
    pad_right, min_digits = _count(pad_right), _count(min_digits)
    if not fractional and precision == 0:
        raise ValueError("precision must be greater than 0 if fractional=False")
    if min_digits > 0 and 0 <= precision < min_digits:
        raise ValueError("min_digits must be less than or equal to precision")
    return dragon4_positional(
        x, precision=precision, unique=unique, fractional=fractional, trim=trim, sign=sign, pad_left=pad_left,
        pad_right=pad_right, min_digits=min_digits,
    )  # fmt: skip
