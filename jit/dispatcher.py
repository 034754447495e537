"""Compiled functions of numbers and arrays."""

from __future__ import annotations

import functools
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .. import _native, dtype, generic, ndarray
from .._kernels.language.promotion import PY_BOOL, PY_COMPLEX, PY_FLOAT, PY_INT, NumberType
from .._kernels.language.source import MISSING, Source
from .._kernels.language.user_frontend import Compiled, Failures, compile_function
from .._kernels.language.user_values import ArrayType
from .code import EntryCode
from .signatures import Signature
from .userland import cached, decorated, driver, refuse_options, source_from

_WEAK: dict[type, NumberType] = {bool: PY_BOOL, int: PY_INT, float: PY_FLOAT, complex: PY_COMPLEX}
_NUMBERS: dict[str, NumberType] = {
    str(kind): kind
    for kind in (NumberType("b", 1), *(NumberType(letter, bits) for letter in "iu" for bits in (8, 16, 32, 64)),
                 NumberType("f", 32), NumberType("f", 64), NumberType("c", 64), NumberType("c", 128))
}  # fmt: skip
# Codes of `struct` for a number in a slot of eight bytes, by kind and bits of a part.
_SLOTS = {("b", 1): "?7x", ("i", 8): "b7x", ("u", 8): "B7x", ("i", 16): "h6x", ("u", 16): "H6x", ("i", 32): "i4x",
          ("u", 32): "I4x", ("i", 64): "q", ("u", 64): "Q", ("f", 32): "f4x", ("f", 64): "d"}  # fmt: skip


def jit(
    signature_or_function: Any = None,
    *,
    boundscheck: bool = False,
    error_model: str = "python",
    names: Mapping[str, Any] | None = None,
    **options: Any,
) -> Any:
    """
    Compile a Python function of numbers and arrays.

    Parameters
    ----------
    signature_or_function : function, str, signature or list of signatures, optional
        The function, or its source as text. Or signatures, such as ``"float64(float64[:], int64)"``: then a decorator
        is returned, and the function is compiled for these types alone, at once. Without signatures it is compiled for
        the types of the arguments when they are first met.
    boundscheck : bool
        Whether an index out of bounds raises IndexError. Without, such an index reads or writes what lies there.
    error_model : {"python", "numpy"}
        Whether a zero divisor of Python numbers raises ZeroDivisionError, or gives what NumPy gives.
    names : mapping, optional
        What the free names in a source text mean; ``np`` (wasmnp) and ``math`` are known.
    **options
        Numba's ``nopython``, ``cache`` (in memory, always) and ``nogil`` are accepted.

    Returns
    -------
    Dispatcher
        Takes numbers, arrays of one to three dimensions in native byte order, and tuples of these; gives numbers and
        tuples of them.

    Raises
    ------
    CompileError
        For what is outside the language, with file and line: at once with signatures, else in the first call.
    TypeError
        For something that is not a function, a signature or an option; in calls, for arguments that have no type here.
    ImportError
        On the desktop without the extra ``wasmnp[jit]``.

    See Also
    --------
    vectorize : Make a ufunc of a function of numbers.

    Notes
    -----
    What a function gives is what Python gives for NumPy's scalars (NEP 50); Python's integers have 64 bits and wrap.

    Examples
    --------
    >>> import wasmnp as np
    >>> from wasmnp import jit
    >>> @jit.jit
    ... def running_maximum(x):
    ...     for i in range(1, len(x)):
    ...         if x[i - 1] > x[i]:
    ...             x[i] = x[i - 1]
    ...     return x[len(x) - 1]
    >>> x = np.array([1.0, 3.0, 2.0])
    >>> running_maximum(x)
    np.float64(3.0)
    >>> x
    array([1., 3., 3.])
    """
    refuse_options(options, "jit")
    if error_model not in ("python", "numpy"):
        raise ValueError(f"error_model is 'python' or 'numpy', not {error_model!r}")

    def decorate(function: Any, signatures: list[Signature]) -> Dispatcher:
        source = source_from(function, names)
        result = Dispatcher(source, signatures, boundscheck, error_model == "python")
        if not isinstance(function, str):
            functools.update_wrapper(result, function)
            result.py_func = function
        return result

    return decorated(signature_or_function, decorate, "jit")


@dataclass(frozen=True)
class _Entry:
    """Machine code for some types of arguments, and how values travel."""

    code: EntryCode
    kinds: tuple[Any, ...]
    arguments: struct.Struct
    results: struct.Struct
    result: Any
    errors: list[tuple[type[Exception], str]]
    stores: tuple[int, ...]
    flat: bool  # whether all arguments are real numbers, which travel as they are


class Dispatcher:
    """A compiled function; see :func:`jit`."""

    py_func: Callable[..., Any] | None = None

    def __init__(self, source: Source, signatures: list[Signature], boundscheck: bool, python_errors: bool) -> None:
        driver()  # an ImportError belongs here, not into the first call
        self.jit_source = source
        self.__name__ = source.name
        self._options = boundscheck, python_errors
        self._entries: dict[tuple[Any, ...], _Entry] = {}
        self._declared = [(signature.arguments, self._declare(signature)) for signature in signatures]

    def __repr__(self) -> str:
        return f"<compiled function {self.__name__!r}>"

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else functools.partial(self, instance)

    @property
    def signatures(self) -> list[Signature]:
        """The types of arguments that there is code for, with what the function gives for them."""
        declared = [Signature(arguments, entry.result, True) for arguments, entry in self._declared]
        return declared or [Signature(key, entry.result, True) for key, entry in self._entries.items()]

    def __call__(self, *arguments: Any) -> Any:
        try:
            key = tuple([_WEAK[type(argument)] for argument in arguments])
        except KeyError:
            key = tuple(map(_type_of, arguments))
        entry = self._entries.get(key)
        if entry is None:
            entry = self._entries[key] = self._entry(key)
        for index in entry.stores:
            _check_writeable(arguments[index], self.__name__)
        try:
            if entry.flat:
                packed = entry.arguments.pack(*arguments)
            else:
                packed = entry.arguments.pack(*_flattened(arguments, entry.kinds))
        except struct.error:
            raise OverflowError(f"an argument of {self.__name__} is out of range: integers have 64 bits here") from None
        results = bytearray(entry.results.size or 8)
        failed = _native.invoke(entry.code.address, packed, results)
        if failed:
            error, text = entry.errors[failed - 1]
            raise error(text) if text else error()
        return _item(entry.result, iter(entry.results.unpack_from(results)))

    def _entry(self, key: tuple[Any, ...]) -> _Entry:
        if not self._declared:
            return self._compile(key, MISSING)
        for wanted, entry in self._declared:
            if len(wanted) == len(key) and all(map(_fits, key, wanted)):
                return entry
        given = ", ".join(map(str, key))
        known = ", ".join(map(str, self.signatures))
        raise TypeError(f"{self.__name__} is compiled for {known}, not for ({given})")

    def _declare(self, signature: Signature) -> _Entry:
        return self._compile(signature.arguments, signature.result if signature.returns else MISSING)

    def _compile(self, key: tuple[Any, ...], result: Any) -> _Entry:
        source, (checked, python_errors) = self.jit_source, self._options

        def make() -> tuple[Compiled, Failures, EntryCode]:
            compiled, failures = compile_function(
                source, list(key), result=result, checked=checked, python_errors=python_errors
            )
            return compiled, failures, driver().build_entry(compiled.function)

        declared = "inferred" if result is MISSING else result
        compiled, failures, code = cached(("jit", source.key(), key, declared, self._options), make)
        for kind in _leaves(compiled.result):
            if kind is not None:
                _scalar_type(kind)  # what comes back needs a Python form
        function = compiled.function
        return _Entry(
            code,
            key,
            struct.Struct("<" + "".join(_SLOTS[v.type.kind, v.type.bits] for v in function.parameters)),  # type: ignore
            struct.Struct("<" + "".join(_SLOTS[t.kind, t.bits] for t in function.result_types)),  # type: ignore
            compiled.result,
            failures.errors,
            tuple(sorted(compiled.stores)),
            all(isinstance(kind, NumberType) and kind.kind != "c" for kind in key),
        )


@functools.cache
def _array_type(name: str, ndim: int, contiguous: bool) -> ArrayType:
    return ArrayType(_NUMBERS[name], ndim, contiguous)


def _type_of(argument: Any) -> Any:
    weak = _WEAK.get(type(argument))
    if weak is not None:
        return weak
    if isinstance(argument, ndarray):
        kind = argument.dtype
        if not kind.isnative or kind.name not in _NUMBERS:
            raise TypeError(f"compiled functions take arrays of native numbers, not of {kind}; use astype")
        if not 1 <= argument.ndim <= 3:
            raise TypeError(f"compiled functions take arrays of one to three dimensions, not {argument.ndim}")
        return _array_type(kind.name, argument.ndim, argument.flags.c_contiguous)
    if isinstance(argument, generic):
        found = _NUMBERS.get(argument.dtype.name)
        if found is not None:
            return found
    if isinstance(argument, tuple):
        return tuple(map(_type_of, argument))
    for base, kind in _WEAK.items():
        if isinstance(argument, base):
            return kind
    raise TypeError(f"compiled functions take numbers, arrays and tuples of them, not {type(argument).__name__}")


def _flattened(arguments: tuple[Any, ...], kinds: tuple[Any, ...]) -> list[Any]:
    """The numbers that arguments travel as."""
    values: list[Any] = []
    for argument, kind in zip(arguments, kinds, strict=True):
        if isinstance(kind, NumberType):
            if kind.kind == "c":
                values += (argument.real, argument.imag)
            else:
                values.append(argument)
        elif isinstance(kind, ArrayType):
            values.append(_native.data_address(argument))
            values += argument.shape
            if not kind.contiguous:
                values += argument.strides
        else:
            values += _flattened(argument, kind)
    return values


def _check_writeable(argument: Any, name: str) -> None:
    if isinstance(argument, tuple):
        for part in argument:
            _check_writeable(part, name)
    elif isinstance(argument, ndarray) and not argument.flags.writeable:
        raise ValueError(f"assignment destination is read-only: {name} assigns elements of its argument")


def _fits(given: Any, wanted: Any) -> bool:
    """Whether an argument may be handed to code for a declared type."""
    if isinstance(wanted, NumberType):
        return isinstance(given, NumberType) and (
            given == wanted or (given.weak and given.rank <= wanted.rank) or given.strong == wanted
        )
    if isinstance(wanted, ArrayType):
        return (
            isinstance(given, ArrayType)
            and given.element == wanted.element
            and given.ndim == wanted.ndim
            and given.contiguous >= wanted.contiguous
        )
    return isinstance(given, tuple) and len(given) == len(wanted) and all(map(_fits, given, wanted))


@functools.cache
def _scalar_type(kind: NumberType) -> type:
    if kind.weak:
        return {"b": bool, "i": int, "f": float, "c": complex}[kind.kind]
    return dtype(str(kind)).type


def _leaves(kind: Any) -> list[Any]:
    return [leaf for part in kind for leaf in _leaves(part)] if isinstance(kind, tuple) else [kind]


def _item(kind: Any, values: Any) -> Any:
    """The Python form of a result."""
    if isinstance(kind, tuple):
        return tuple([_item(part, values) for part in kind])
    if kind is None:
        return None
    value = next(values)
    if kind.kind == "c":
        value = complex(value, next(values))
    return value if kind.weak else _scalar_type(kind)(value)
