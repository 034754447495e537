"""Helpers of the compiled core: flags of an array, pickling."""

from __future__ import annotations

import os
from typing import Any

from .multiarray import _reconstruct, ndarray
from .numeric import _frombuffer

_BITS = {
    "C_CONTIGUOUS": 0x1,
    "F_CONTIGUOUS": 0x2,
    "OWNDATA": 0x4,
    "WRITEABLE": 0x400,
    "ALIGNED": 0x100,
    "WRITEBACKIFCOPY": 0x2000,
}
_SHORT = {
    "C": "C_CONTIGUOUS",
    "F": "F_CONTIGUOUS",
    "O": "OWNDATA",
    "W": "WRITEABLE",
    "A": "ALIGNED",
    "X": "WRITEBACKIFCOPY",
}


class flagsobj:
    """Memory layout of an array, as attributes and as items.

    Parameters
    ----------
    array : ndarray
    flags : int
        The bits at the time of the call; ``writeable`` can be set through this object.
    """

    __slots__ = ("_array", "_flags")

    def __init__(self, array: ndarray, flags: int) -> None:
        self._array = array
        self._flags = flags

    def __getitem__(self, name: str) -> bool:
        full = _SHORT.get(name, name)
        if full in _BITS:
            return bool(self._flags & _BITS[full])
        if name in ("FNC", "FORC", "BEHAVED", "B", "CARRAY", "CA", "FARRAY", "FA"):
            return bool(getattr(self, {"B": "behaved", "CA": "carray", "FA": "farray"}.get(name, name.lower())))
        raise KeyError("Unknown flag")

    def __setitem__(self, name: str, value: bool) -> None:
        if _SHORT.get(name, name) != "WRITEABLE":
            raise KeyError("Unknown flag")
        self.writeable = value

    def _bit(self, name: str) -> bool:
        return bool(self._flags & _BITS[name])

    @property
    def c_contiguous(self) -> bool:
        """Row-major and contiguous."""
        return self._bit("C_CONTIGUOUS")

    contiguous = c_contiguous

    @property
    def f_contiguous(self) -> bool:
        """Column-major and contiguous."""
        return self._bit("F_CONTIGUOUS")

    fortran = f_contiguous

    @property
    def owndata(self) -> bool:
        """Whether the array owns its memory."""
        return self._bit("OWNDATA")

    @property
    def aligned(self) -> bool:
        """Whether elements lie at multiples of their alignment."""
        return self._bit("ALIGNED")

    @property
    def writebackifcopy(self) -> bool:
        """Whether the array will be written back to its base."""
        return self._bit("WRITEBACKIFCOPY")

    @property
    def writeable(self) -> bool:
        """Whether the memory can be written."""
        return self._bit("WRITEABLE")

    @writeable.setter
    def writeable(self, value: bool) -> None:
        self._array.setflags(write=bool(value))
        self._flags = self._flags & ~_BITS["WRITEABLE"] | (_BITS["WRITEABLE"] if value else 0)

    @property
    def num(self) -> int:
        """The bits."""
        return self._flags

    @property
    def fnc(self) -> bool:
        """Column-major and not row-major."""
        return self.f_contiguous and not self.c_contiguous

    @property
    def forc(self) -> bool:
        """Contiguous in either order."""
        return self.f_contiguous or self.c_contiguous

    @property
    def behaved(self) -> bool:
        """Aligned and writeable."""
        return self.aligned and self.writeable

    @property
    def carray(self) -> bool:
        """Behaved and row-major."""
        return self.behaved and self.c_contiguous

    @property
    def farray(self) -> bool:
        """Behaved, column-major and not row-major."""
        return self.behaved and self.fnc

    def __eq__(self, other: object) -> bool:
        return self._flags == other._flags if isinstance(other, flagsobj) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "\n".join(f"  {name} : {self[name]}" for name in _BITS) + "\n"


def _array_reduce(self: ndarray) -> tuple[Any, ...]:
    """State of an array for pickle: NumPy's version 1."""
    fortran = self.flags.fnc
    order = "F" if fortran else "C"
    data = self.ravel(order).tolist() if self.dtype.hasobject else self.tobytes(order=order)
    return _reconstruct, (type(self), (0,), b"b"), (1, self.shape, self.dtype, fortran, data)


def _array_reduce_ex(self: ndarray, protocol: int) -> tuple[Any, ...]:
    """Protocol 5 hands out the memory of contiguous arrays without a copy."""
    if protocol < 5 or not self.flags.forc or type(self) is not ndarray or self.dtype.hasobject:
        return self.__reduce__()
    from pickle import PickleBuffer

    order = "F" if self.flags.fnc else "C"
    flat = self.transpose() if order == "F" else self
    try:
        memory = PickleBuffer(flat)
    except ValueError:  # no format of a buffer tells of the type, as of times
        return self.__reduce__()
    return _frombuffer, (memory, self.dtype, self.shape, order)


def _dump(array: ndarray, file: Any, protocol: int = 2) -> None:
    """Pickle an array to a file or to what a path names."""
    import pickle

    if hasattr(file, "write"):
        pickle.dump(array, file, protocol=protocol)
        return
    with open(os.fspath(file), "wb") as opened:
        pickle.dump(array, opened, protocol=protocol)


def _dumps(array: ndarray, protocol: int = 2) -> bytes:
    """The pickle of an array."""
    from pickle import dumps

    return dumps(array, protocol=protocol)


def _compare_structures(a: Any, b: Any, operation: int) -> Any:
    """``==`` and ``!=`` of structured arrays, field by field, and of opaque bytes."""
    from ..exceptions import DTypePromotionError
    from ..lib._stride_tricks_impl import broadcast_shapes
    from .multiarray import array, asanyarray
    from .numeric import full
    from .umath import multiply, not_equal

    equal = operation == 2
    if operation not in (2, 3):
        return NotImplemented
    b = asanyarray(b)
    own, other = a.dtype, b.dtype
    if own.names is None and other.names is None:
        if own.char != "V" or other.char != "V" or own.itemsize != other.itemsize:
            raise TypeError("Cannot compare unstructured voids of different length. Use `.view()` to compare.")
        wide = own.itemsize
        x, y = (array(one, order="C", copy=True, subok=False).reshape(one.shape + (1,)) for one in (a, b))
        if wide == 0:
            return full(broadcast_shapes(a.shape, b.shape), equal)
        bytes_x, bytes_y = x.view("u1"), y.view("u1")
        return (bytes_x == bytes_y).all(axis=-1) if equal else (bytes_x != bytes_y).any(axis=-1)
    if own.names is None or other.names is None or own.names != other.names:
        from .multiarray import promote_types

        promote_types(own, other)
        raise DTypePromotionError(f"cannot compare structures of the fields {own.names} and {other.names}")
    result: Any = None
    for name in own.names:
        x, y = a[name], b[name]
        extra = max(x.ndim - a.ndim, y.ndim - b.ndim)
        part = (x == y) if equal else (x != y)
        if isinstance(part, ndarray) and extra > 0:
            axes = tuple(range(part.ndim - extra, part.ndim))
            part = part.all(axis=axes) if equal else part.any(axis=axes)
        result = part if result is None else multiply(result, part) if equal else not_equal(result + part, 0)
    return full(broadcast_shapes(a.shape, b.shape), equal) if result is None else result


# Codes of PEP 3118: of the machine's own C types, and of standard sizes.
_NATIVE_CODES = {
    "?": "?", "b": "b", "B": "B", "h": "h", "H": "H", "i": "i", "I": "I", "l": "l", "L": "L", "q": "q", "Q": "Q",
    "n": "p", "N": "P", "e": "e", "f": "f", "d": "d", "g": "g", "Zf": "F", "Zd": "D", "Zg": "G", "O": "O", "c": "S1",
    "s": "S", "w": "U", "x": "V",
}  # fmt: skip
_STANDARD_CODES = {**_NATIVE_CODES, "i": "i4", "I": "u4", "l": "i4", "L": "u4", "q": "i8", "Q": "u8"}


class _FormatReader:
    """Reads the format of a buffer from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.order = "@"

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self, count: int = 1) -> str:
        part = self.text[self.at : self.at + count]
        self.at += count
        return part

    def until(self, mark: str) -> str:
        end = self.text.index(mark, self.at)
        part = self.text[self.at : end]
        self.at = end + 1
        return part

    def shape(self) -> tuple[int, ...] | None:
        if self.peek() != "(":
            return None
        self.take()
        return tuple(int(n) for n in self.until(")").split(","))

    def count(self) -> int | None:
        start = self.at
        while self.peek().isdigit():
            self.take()
        return int(self.text[start : self.at]) if self.at > start else None

    def orders(self) -> None:
        while self.peek() and self.peek() in "@=<>!^":
            self.order = {"!": ">"}.get(self.peek(), self.peek())
            self.take()


def _dtype_from_pep3118(spec: str) -> Any:
    """The data type that a buffer's format describes, structures included."""
    kind, _, _ = _read_structure(_FormatReader(spec), inside=False)
    return kind


def _buffer_format(kind: Any, place: int) -> str:
    """The format (PEP 3118) of elements that are no plain numbers; `place` has the low bits of all their addresses."""
    return _format_at(kind, place, 0, "@")[0]


def _format_at(kind: Any, place: int, offset: int, order: str) -> tuple[str, str]:
    # Also the order of bytes that holds for what comes next: it is written down where it changes. Values at natively
    # aligned places have another mark (`@`) than others.
    if kind.subdtype is not None:
        base, shape = kind.subdtype
        text, order = _format_at(base, place, offset, order)
        return f"({','.join(map(str, shape))}){text}", order
    if kind.names is not None:
        parts = ["T{"]
        position = 0
        for name in kind.names:
            field, start = kind.fields[name][:2]
            if start < position:
                raise ValueError("a buffer cannot have overlapping or out-of-order fields")
            if ":" in name:
                raise ValueError("':' is not an allowed character in buffer field names")
            text, order = _format_at(field, place, offset + start, order)
            parts.append(f"{'x' * (start - position)}{text}:{name}:")
            position = start + field.itemsize
        return "".join(parts) + "}", order
    code = kind.char
    if code in "mM" or code not in "?bBhHiIlLqQefdgFDGOSUV":
        raise ValueError(f"cannot include dtype '{code}' in a buffer")
    if kind.byteorder == "|":
        return {"S": f"{kind.itemsize}s", "V": f"{kind.itemsize}x"}.get(code, code), order
    native = kind.isnative
    own = (("^" if code in "gG" else "=") if (place | offset) % kind.alignment else "@") if native else kind.byteorder
    if code == "U":
        code = f"{kind.itemsize // 4}w"
    elif code in "FDG":
        code = "Z" + code.lower()
    elif code in "lL" and own not in "@^":  # of the standard size, which is another
        code = {"i8": "q", "u8": "Q", "i4": "i", "u4": "I"}[kind.str[1:]]
    return ("" if own == order else own) + code, own


def _read_structure(reader: _FormatReader, inside: bool) -> tuple[Any, int, int]:
    from ._multiarray_umath import dtype

    names: list[str] = []
    formats: list[Any] = []
    offsets: list[int] = []
    named = False
    at, alignment = 0, 1
    while reader.peek() and reader.peek() != "}":
        reader.orders()
        if not reader.peek() or reader.peek() == "}":
            break
        native = reader.order == "@"
        shape = reader.shape()
        reader.orders()
        count = reader.count()
        reader.orders()
        native = reader.order == "@"
        own, is_padding = _read_item(reader, count)
        if shape is None and count not in (None, 1) and own.char not in "SUV":
            shape = (count,)
        if own.char in "SU" and own.itemsize == 0:
            order = ">" if own.char == "U" and reader.order == ">" else ""
            own = dtype(f"{order}{own.char}{1 if count is None else count}")
        if native and own.alignment > 1:
            at = -(-at // own.alignment) * own.alignment
            alignment = max(alignment, own.alignment)
        if shape is not None:
            own = dtype((own, shape))
        name = None
        if reader.peek() == ":":
            reader.take()
            name = reader.until(":")
        if not (is_padding and name is None):
            named = named or name is not None
            names.append(name if name is not None else f"f{len(names)}")
            formats.append(own)
            offsets.append(at)
            if names.count(names[-1]) > 1:
                raise RuntimeError(f"Duplicate field name '{names[-1]}' in PEP3118 format")
        at += own.itemsize
    size = -(-at // alignment) * alignment if reader.order == "@" else at
    if len(formats) == 1 and not named and not inside and offsets[0] == 0 and size == formats[0].itemsize:
        return formats[0], size, alignment
    kind = dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": size})
    return kind, size, alignment


def _read_item(reader: _FormatReader, count: int | None) -> tuple[Any, bool]:
    """One type, and whether it is padding."""
    from ._multiarray_umath import dtype

    if reader.peek() == "T":
        reader.take()
        if reader.take() != "{":
            raise ValueError(f"a structure starts with 'T{{' in {reader.text!r}")
        inner, _, _ = _read_structure(reader, inside=True)
        if reader.take() != "}":
            raise ValueError(f"a structure does not end in {reader.text!r}")
        return inner, False
    code = reader.take(2 if reader.peek() == "Z" else 1)
    if code in ("&", "X", "u", "p", "P", "t"):
        raise NotImplementedError(f"Unrepresentable PEP 3118 data type {code!r}")
    table = _NATIVE_CODES if reader.order in "@^" else _STANDARD_CODES
    if code not in table:
        raise ValueError(f"Unknown PEP 3118 data type specifier {reader.text[reader.at - 1 :]!r}")
    if code == "x":
        return dtype(f"V{1 if count is None else count}"), True
    kind = dtype(table[code])
    return kind.newbyteorder(reader.order) if reader.order in "<>" else kind, False


class _ctypes:
    """What ``ndarray.ctypes`` gives: the address, shape and strides of an array for calls through ctypes."""

    def __init__(self, array: ndarray, address: int = 0) -> None:
        import ctypes

        self._ctypes = ctypes
        self._array = array
        self._address = address

    @property
    def data(self) -> int:
        """The address of the first element."""
        return self._address

    @property
    def _as_parameter_(self) -> Any:
        return self.data_as(self._ctypes.c_void_p)

    @property
    def shape(self) -> Any:
        """The shape as an array of C's ``intptr_t``."""
        return self.shape_as(self._ctypes.c_ssize_t)

    @property
    def strides(self) -> Any:
        """The strides as an array of C's ``intptr_t``."""
        return self.strides_as(self._ctypes.c_ssize_t)

    def data_as(self, obj: Any) -> Any:
        """The address as a pointer of a ctypes type, which keeps the array alive."""
        pointer = self._ctypes.cast(self._ctypes.c_void_p(self._address), obj)
        pointer._arr = self._array
        return pointer

    def shape_as(self, obj: Any) -> Any:
        """The shape as an array of a ctypes type."""
        return (obj * self._array.ndim)(*self._array.shape)

    def strides_as(self, obj: Any) -> Any:
        """The strides as an array of a ctypes type."""
        return (obj * self._array.ndim)(*self._array.strides)
