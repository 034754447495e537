"""Text of arrays: one format for all elements of an array, summarised and wrapped, as NumPy prints them."""

from __future__ import annotations

import contextvars
import functools
import operator
from collections.abc import Callable
from typing import Any

from ._element_text import element_format, shown_indices, shown_values
from ._multiarray_umath import asarray, dragon4_positional, dragon4_scientific, flexible, ndarray, void
from ._multiarray_umath import dtype as base_dtype
from .overrides import array_function_dispatch
from .printoptions import (
    checked_options,
    format_options,
    get_printoptions,
    legacy_style,
    printoptions,
    set_printoptions,
)

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


# Arrays whose text is being made in this context: an array may be an element of itself.
_open_arrays: contextvars.ContextVar[frozenset[int]] = contextvars.ContextVar("open_arrays", default=frozenset())


def _ends_recursion(function: Callable[..., str]) -> Callable[..., str]:
    """Makes the text of an array inside of itself '...'."""

    @functools.wraps(function)
    def guarded(array: ndarray, *args: Any) -> str:
        outer = _open_arrays.get()
        if id(array) in outer:
            return "..."
        token = _open_arrays.set(outer | {id(array)})
        try:
            return function(array, *args)
        finally:
            _open_arrays.reset(token)

    return guarded


class _Layout:
    """Brackets, separators and line breaks around the formatted elements of an array."""

    def __init__(
        self, array: ndarray, element: Callable[[Any], str], separator: str, edge: int | None, legacy: int
    ) -> None:
        self._array = array
        self._element = element
        self._separator = separator
        self._edge = edge
        self._legacy = legacy <= 113

    def text(self, indent: str, width: int, index: tuple[int, ...] = ()) -> str:
        """The text of a part of the array, whose lines after the first begin with `indent` and end before `width`."""
        # Elements are asked for by whole indices: parts of subclasses need not have fewer dimensions.
        ndim = self._array.ndim - len(index)
        if ndim == 0:
            return self._element(self._array[index])
        indices = shown_indices(self._array.shape[len(index)], self._edge)
        if ndim == 1:
            return f"[{self._row(index, indices, indent, width)}]"
        inner_width = width if self._legacy else width - 1
        gap = self._separator.rstrip() + "\n" * (ndim - 1) + indent
        parts = []
        for i in indices:
            if i is not None:
                parts.extend([self.text(indent + " ", inner_width, (*index, i)), gap])
            else:
                parts.extend(["..., \n" + indent] if self._legacy else ["...", gap])
        return f"[{''.join(parts[:-1])}]"

    def _row(self, index: tuple[int, ...], indices: list[int | None], indent: str, width: int) -> str:
        # Room for what follows an element: the separator, or the closing bracket, which the oldest style forgets.
        room = len(self._separator.rstrip())
        last_room = 0 if self._legacy else max(room, 1)
        room = room if self._legacy else last_room
        done: list[str] = []
        line = indent
        for number, i in enumerate(indices):
            if i is None and self._legacy:
                word, separator = "...", ", "
            else:
                word, separator = "..." if i is None else self._element(self._array[(*index, i)]), self._separator
            parts = [word] if self._legacy else word.splitlines() or [word]
            longest = max(map(len, parts))
            needed = longest + (room if number < len(indices) - 1 else last_room)
            if len(line) + needed > width and (self._legacy or len(line) > len(indent)):
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
                line += separator
        return "\n".join([*done, line])[len(indent) :]


@_ends_recursion
def _array2string(array: ndarray, options: dict[str, Any], separator: str, prefix: str) -> str:
    if array.size == 0:
        return "[]"
    data = asarray(array)
    edge = options["edgeitems"] if array.size > options["threshold"] else None
    element = element_format(data, list(shown_values(data, edge)), options)
    # Elements come from the array itself, whose class may make something else of them; but of a single one, it may
    # make the same array again.
    layout = _Layout(array if array.ndim else data, element, separator, edge, options["legacy"])
    return layout.text(" " * (len(prefix) + 1), options["linewidth"])


def _text_with(array: ndarray, options: dict[str, Any], separator: str, prefix: str, suffix: str) -> str:
    if options["legacy"] <= 113:
        if array.shape == () and array.dtype.names is None:
            return repr(array.item())
    elif suffix:
        options = {**options, "linewidth": options["linewidth"] - len(suffix)}
    return _array2string(array, options, separator, prefix)


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
    return _text_with(a, options, separator, prefix, suffix)


# Types of the elements that Python numbers become, under NumPy's name for the list.
_typelessdata = [base_dtype(code).type for code in ("p", "d", "D", "?")]


def dtype_is_implied(dtype: Any) -> bool:
    """Whether the text of an array need not show its dtype: it is what the elements would become."""
    if legacy_style() <= 113 and dtype.kind == "b":
        return False
    return getattr(dtype, "isnative", True) and dtype.type in _typelessdata


def dtype_short_repr(dtype: Any) -> str:
    """What follows ``dtype=`` in the text of an array."""
    if type(dtype).__repr__ is not base_dtype.__repr__:
        return repr(dtype)
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
    width, legacy = options["linewidth"], options["legacy"]
    name = "array" if type(array) is ndarray else type(array).__name__
    prefix = name + "("
    body = "[]" if array.size == 0 else _text_with(array, options, ", ", prefix, ")")
    extras = []
    if (array.size == 0 and array.shape != (0,)) or (legacy > 202 and array.size > options["threshold"]):
        extras.append(f"shape={array.shape}")
    if array.size == 0 or not dtype_is_implied(array.dtype):
        extras.append(f"dtype={dtype_short_repr(array.dtype)}")
    if not extras:
        return f"{prefix}{body})"
    text = f"{prefix}{body},"
    extra = ", ".join(extras) + ")"
    last_line = len(text) - (text.rfind("\n") + 1)
    wraps = last_line + len(extra) + 1 > width
    if legacy <= 113:
        wraps = issubclass(array.dtype.type, flexible)
    return text + ("\n" + " " * len(prefix) if wraps else " ") + extra


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


@_ends_recursion
def _element_str(array: ndarray) -> str:
    # Not by the class's own __getitem__, which may make the same array again.
    element = ndarray.__getitem__(array, ())
    return repr(element) if isinstance(element, bytes) else str(element)


def _array_str(array: ndarray, max_line_width=None, precision=None, suppress_small=None) -> str:
    if array.shape == ():
        if legacy_style() <= 113 and array.dtype.names is None:
            return str(array.item())
        return _element_str(array)
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


def _void_scalar_str(scalar: Any) -> str:
    options = dict(format_options.get())
    if options["legacy"] > 125:
        options["formatter"] = {**(options["formatter"] or {}), "float_kind": str}
    return element_format(asarray(scalar), [scalar], options)(scalar)


def _void_scalar_repr(scalar: Any) -> str:
    text, modern = _void_scalar_str(scalar), legacy_style() > 125
    if scalar.dtype.names is None:
        return f"np.void({text})" if modern else f"void({text})"
    if not modern:
        return text
    name = f"{type(scalar).__module__}.{type(scalar).__name__}".replace(f"{void.__module__}.", "np.", 1)
    return f"{name}({text}, dtype={scalar.dtype!s})"


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
