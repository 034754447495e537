"""Errors that the compiled core raises with structured contents."""

from __future__ import annotations

from typing import Any


class UFuncTypeError(TypeError):
    """A ufunc has no way to handle the types that it was given."""

    def __init__(self, ufunc: Any) -> None:
        super().__init__(ufunc)
        self.ufunc = ufunc


class _UFuncNoLoopError(UFuncTypeError):
    """No loop has the wanted types."""

    def __init__(self, ufunc: Any, dtypes: tuple[Any, ...]) -> None:
        super().__init__(ufunc)
        self.dtypes = tuple(dtypes)

    def __str__(self) -> str:
        inputs, outputs = self.dtypes[: self.ufunc.nin], self.dtypes[self.ufunc.nin :]
        return (
            f"ufunc {self.ufunc.__name__!r} did not contain a loop with signature matching types "
            f"{_signature(inputs)} -> {_signature(outputs)}"
        )


def _signature(dtypes: tuple[Any, ...]) -> str:
    if len(dtypes) == 1:
        return repr(dtypes[0])
    return "(" + ", ".join(repr(dtype) for dtype in dtypes) + ")"


class _UFuncCastingError(UFuncTypeError):
    def __init__(self, ufunc: Any, casting: str, from_: Any, to: Any) -> None:
        super().__init__(ufunc)
        self.casting = casting
        self.from_ = from_
        self.to = to

    def _text(self, operand: str) -> str:
        return (
            f"Cannot cast ufunc {self.ufunc.__name__!r} {operand} from {self.from_!r} to {self.to!r} "
            f"with casting rule {self.casting!r}"
        )


class _UFuncInputCastingError(_UFuncCastingError):
    """An input cannot be cast to the loop's type."""

    def __init__(self, ufunc: Any, casting: str, from_: Any, to: Any, i: int) -> None:
        super().__init__(ufunc, casting, from_, to)
        self.in_i = i

    def __str__(self) -> str:
        return self._text(f"input {self.in_i}" if self.ufunc.nin != 1 else "input")


class _UFuncOutputCastingError(_UFuncCastingError):
    """An output cannot be cast from the loop's type."""

    def __init__(self, ufunc: Any, casting: str, from_: Any, to: Any, i: int) -> None:
        super().__init__(ufunc, casting, from_, to)
        self.out_i = i

    def __str__(self) -> str:
        return self._text(f"output {self.out_i}" if self.ufunc.nout != 1 else "output")


class _ArrayMemoryError(MemoryError):
    """An array's memory could not be allocated."""

    def __init__(self, shape: tuple[int, ...], dtype: Any) -> None:
        self.shape = shape
        self.dtype = dtype

    @property
    def _total_size(self) -> int:
        size = self.dtype.itemsize
        for length in self.shape:
            size *= length
        return size

    @staticmethod
    def _size_to_string(num_bytes: int) -> str:
        """Bytes in the largest binary unit that leaves at least three significant digits before rounding."""
        units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        index = max(num_bytes.bit_length() - 1, 1) // 10
        if index >= len(units):
            index = len(units) - 1
        amount = num_bytes / 1024**index
        if round(amount) == 1024 and index + 1 < len(units):
            index += 1
            amount /= 1024
        if index == 0:
            return f"{amount:.0f} {units[index]}"
        digits = f"{amount:#.3g}" if round(amount) < 1000 else f"{amount:.0f}."
        return f"{digits} {units[index]}"

    def __str__(self) -> str:
        size = self._size_to_string(self._total_size)
        return f"Unable to allocate {size} for an array with shape {self.shape} and data type {self.dtype}"


# Messages and tracebacks call an error by the name of the public class that it is a kind of.
for _error in (
    _UFuncNoLoopError,
    _UFuncCastingError,
    _UFuncInputCastingError,
    _UFuncOutputCastingError,
    _ArrayMemoryError,
):
    _error.__name__ = _error.__base__.__name__
