"""Arrays in files: ``fromfile``, ``fromstring`` and ``ndarray.tofile``."""

from __future__ import annotations

import os
import re
from typing import Any

from . import _multiarray_umath as umath
from ._multiarray_umath import asarray, dtype, empty, ndarray

# One number as text. Booleans are written as numbers.
_NUMBERS = {
    "i": r"[+-]?\d+",
    "f": r"[+-]?(?:nan(?:\(\w*\))?|inf(?:inity)?|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)",
}
_NUMBERS["c"] = rf"{_NUMBERS['f']}(?:[+-]{_NUMBERS['f'][5:]}j|j)?"


def _number(text: str, kind: str, long: bool) -> Any:
    if kind == "i":
        return int(text)
    text = re.sub(r"\(\w*\)", "", text)
    if kind == "c":
        return complex(text)
    return umath.longdouble(text) if long else float(text)


def _separator(sep: str) -> re.Pattern[str]:
    """White space in a separator matches none or any amount of it."""
    parts = re.split(r"\s+", sep)
    return re.compile(r"\s*" + r"\s*".join(re.escape(part) for part in parts) + r"\s*")


def _parse(text: str, kind: dtype, count: int, sep: str) -> ndarray:
    family = {"i": "i", "u": "i", "f": "f", "b": "f", "c": "c"}.get(kind.kind)
    if family is None or kind.shape:
        raise ValueError("Unable to read character files of that array type")
    number, separator = re.compile(_NUMBERS[family], re.IGNORECASE), _separator(sep)
    values: list[Any] = []
    place = len(text) - len(text.lstrip())
    while count < 0 or len(values) < count:
        found = number.match(text, place)
        if found is None:
            if text[place:].strip():
                raise ValueError("string or file could not be read to its end due to unmatched data")
            break
        values.append(_number(found.group(), family, kind.char == "g"))
        between = separator.match(text, found.end())
        if between is None:
            if text[found.end() :].strip() and (count < 0 or len(values) < count):
                raise ValueError("string or file could not be read to its end due to unmatched data")
            break
        place = between.end()
    return asarray(values, dtype=kind) if values else empty(0, dtype=kind)


def fromstring(string: Any, dtype: Any = float, count: int = -1, *, sep: str, like: Any = None) -> ndarray:
    """
    A 1-d array from numbers in a text.

    Parameters
    ----------
    string : str
        The text.
    dtype : dtype
        Type of the elements.
    count : int
        How many to read; -1 reads all.
    sep : str
        What stands between numbers; white space in it matches any amount of white space.
    like : array_like, optional
        Create through its ``__array_function__``.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If the text holds something else, or without a separator: bytes are read by `frombuffer`.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.fromstring("1, 2", dtype=int, sep=",")
    array([1, 2])
    """
    if not sep:
        raise ValueError("The binary mode of fromstring is removed, use frombuffer instead")
    text = string if isinstance(string, str) else bytes(string).decode("latin1")
    return _parse(text, umath.dtype(dtype), count, sep)


class _Handle:
    """The file behind a path or a Python file object, at its position; the object is moved along at the end."""

    def __init__(self, file: Any, mode: str) -> None:
        self.owner = None
        if isinstance(file, str | bytes | os.PathLike):
            self.raw = open(file, mode, buffering=0)  # noqa: SIM115
            return
        if mode == "wb":
            file.flush()
        position = file.tell()
        copy = os.dup(file.fileno())
        if not isinstance(copy, int):
            raise TypeError(f"os.dup gave {copy!r}, not a file descriptor")
        try:
            self.raw = os.fdopen(copy, mode, buffering=0)
        except OverflowError as error:
            raise OSError(f"{copy} is no file descriptor") from error
        self.owner = file
        self.raw.seek(position)

    def __enter__(self) -> Any:
        return self.raw

    def __exit__(self, *error: object) -> None:
        position = None if self.owner is None else self.raw.tell()
        self.raw.close()
        if self.owner is not None and position is not None:
            self.owner.seek(position)


def fromfile(
    file: Any, dtype: Any = float, count: int = -1, sep: str = "", offset: int = 0, *, like: Any = None
) -> ndarray:
    """
    A 1-d array from the bytes or the text of a file.

    Parameters
    ----------
    file : file, str or path
        An open file is read from its position on.
    dtype : dtype
        Type of the elements.
    count : int
        How many to read; -1 reads all.
    sep : str
        What stands between numbers in a text; empty for bytes.
    offset : int
        Bytes to skip; not for text.
    like : array_like, optional
        Create through its ``__array_function__``.

    Returns
    -------
    ndarray
        Shorter than `count` where the file is.

    Raises
    ------
    ValueError
        If a text holds something else than numbers.

    Examples
    --------
    >>> import os, tempfile
    >>> import wasmnp as np
    >>> path = os.path.join(tempfile.mkdtemp(), "numbers")
    >>> np.arange(3.0).tofile(path)
    >>> np.fromfile(path)
    array([0., 1., 2.])
    """
    kind = umath.dtype(dtype)
    if sep and offset:
        raise TypeError("'offset' argument only permitted for binary files")
    if kind.hasobject:
        raise ValueError("Cannot read into object array")
    with _Handle(file, "rb") as raw:
        if sep:
            return _parse(raw.readall().decode("latin1"), kind, count, sep)
        if offset:
            raw.seek(offset, os.SEEK_CUR)
        start = raw.tell()
        available = max(os.fstat(raw.fileno()).st_size - start, 0) // kind.itemsize
        result = empty(available if count < 0 else min(count, available), dtype=kind)
        memory, done = memoryview(result.view("u1")), 0
        while done < result.nbytes:
            got = raw.readinto(memory[done:])
            if not got:
                break
            done += got
        return result if done == result.nbytes else result[: done // kind.itemsize].copy()


def _tofile(array: ndarray, fid: Any, sep: str = "", format: str = "%s") -> None:
    """Write the elements in C order: as bytes, or as text with ``sep`` between them."""
    if not sep and array.dtype.hasobject:
        raise OSError("cannot write object arrays to a file in binary mode")
    with _Handle(fid, "wb") as raw:
        if sep:
            items = array.ravel().tolist()
            data = sep.join(str(item) if format == "%s" else format % (item,) for item in items).encode()
        else:
            data = array.tobytes()
        memory = memoryview(data)
        while memory:
            memory = memory[raw.write(memory) :]
