"""The ``.npy`` format, versions 1.0 to 3.0, as NEP 1 describes it. Headers are literals: nothing in them is run."""

from __future__ import annotations

import io
import math
import os
import re
import stat
import struct
import warnings
from typing import Any

from .._core._multiarray_umath import asarray, empty
from .._core._multiarray_umath import dtype as _dtype
from .._utils import set_module
from ._utils_impl import drop_metadata

__all__: list[str] = []

EXPECTED_KEYS = {"descr", "fortran_order", "shape"}
MAGIC_PREFIX = b"\x93NUMPY"
MAGIC_LEN = len(MAGIC_PREFIX) + 2
ARRAY_ALIGN = 64
BUFFER_SIZE = 1 << 18
# Digits of 8 * 2**64: the axis that grows when a file is appended to may be rewritten in its place.
GROWTH_AXIS_MAX_DIGITS = 21
_MAX_HEADER_SIZE = 10000

# Version: form of the header's length, encoding of the header, and the NumPy that first read it.
_VERSIONS = {(1, 0): ("<H", "latin1", ""), (2, 0): ("<I", "latin1", "1.9"), (3, 0): ("<I", "utf8", "1.17")}

# A string, which is kept, or one of Python 2's long integers.
_LONG = re.compile(r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|\b(\d+)L\b""")


def _form(version: Any) -> tuple[str, str, str]:
    try:
        return _VERSIONS[version]
    except (KeyError, TypeError):
        raise ValueError(f"we only support format version (1,0), (2,0), and (3,0), not {version}") from None


def _read(fp: Any, size: int, what: str) -> bytes:
    """Exactly `size` bytes: streams may give them in pieces."""
    data = b""
    while len(data) < size:
        piece = fp.read(size - len(data))
        if not piece:
            raise ValueError(f"EOF: reading {what}, expected {size} bytes got {len(data)}")
        data += piece
    return data


@set_module("lib.format")
def isfileobj(f: Any) -> bool:
    """Whether `f` is a binary file of the operating system."""
    if not isinstance(f, io.FileIO | io.BufferedReader | io.BufferedWriter):
        return False
    try:
        f.fileno()
    except OSError:
        return False
    return True


@set_module("lib.format")
def magic(major: int, minor: int) -> bytes:
    """
    The first eight bytes of a file of a version.

    Parameters
    ----------
    major, minor : int
        From 0 to 255.

    Returns
    -------
    bytes

    Examples
    --------
    >>> from wasmnp.lib import format
    >>> format.magic(1, 0)
    b'\\x93NUMPY\\x01\\x00'
    """
    for name, number in (("major", major), ("minor", minor)):
        if not 0 <= number < 256:
            raise ValueError(f"{name} version must be 0 <= {name} < 256")
    return MAGIC_PREFIX + bytes([major, minor])


@set_module("lib.format")
def read_magic(fp: Any) -> tuple[int, int]:
    """Read the magic string of a file: its version as (major, minor); ValueError where it is another one."""
    text = _read(fp, MAGIC_LEN, "magic string")
    if text[:-2] != MAGIC_PREFIX:
        raise ValueError(f"the magic string is not correct; expected {MAGIC_PREFIX!r}, got {text[:-2]!r}")
    return text[-2], text[-1]


@set_module("lib.format")
def dtype_to_descr(dtype: Any) -> Any:
    """
    What a header says of a type: a literal that `descr_to_dtype` turns back.

    Parameters
    ----------
    dtype : dtype
        Its metadata are left out, with a warning. Types that the format does not know are stored as objects.

    Returns
    -------
    str or list of tuple
    """
    plain = drop_metadata(dtype)
    if plain is not dtype:
        warnings.warn(
            "metadata on a dtype is not saved to an npy/npz. Use another format (such as pickle) to store it.",
            UserWarning,
            stacklevel=2,
        )
    if plain.names is not None:
        return plain.descr
    if not getattr(type(plain), "_legacy", True):
        warnings.warn(
            "Custom dtypes are saved as python objects using the pickle protocol. "
            "Loading this file requires allow_pickle=True to be set.",
            UserWarning,
            stacklevel=2,
        )
        return "|O"
    return plain.str


@set_module("lib.format")
def descr_to_dtype(descr: Any) -> Any:
    """
    The type that a header describes: the inverse of ``dtype.descr``, without its padding.

    Parameters
    ----------
    descr : str, tuple or list of tuple
        A type, a type with a shape, or fields.

    Returns
    -------
    dtype
    """
    if isinstance(descr, str):
        return _dtype(descr)
    if isinstance(descr, tuple):
        return _dtype((descr_to_dtype(descr[0]), descr[1]))
    fields: dict[str, list[Any]] = {"names": [], "formats": [], "offsets": [], "titles": []}
    offset = 0
    for field in descr:
        name, form = field[0], descr_to_dtype(field[1])
        if len(field) == 3:
            form = _dtype((form, field[2]))
        # Padding is a nameless field of bytes; a field may have an empty name too.
        if name != "" or form.char != "V" or form.names is not None or form.subdtype is not None:
            title, name = name if isinstance(name, tuple) else (None, name)
            for key, value in zip(fields, (name, form, offset, title), strict=True):
                fields[key].append(value)
        offset += form.itemsize
    return _dtype({**fields, "itemsize": offset})


@set_module("lib.format")
def header_data_from_array_1_0(array: Any) -> dict[str, Any]:
    """What the header of an array's file says: `shape`, `fortran_order` and `descr`."""
    flags = array.flags
    fortran_order = bool(flags.f_contiguous and not flags.c_contiguous)
    return {"shape": array.shape, "fortran_order": fortran_order, "descr": dtype_to_descr(array.dtype)}


def _header(d: dict[str, Any], version: tuple[int, int]) -> bytes:
    """Magic string, length and text; the elements after it are aligned."""
    form, encoding, _ = _form(version)
    text = "{" + "".join(f"{key!r}: {value!r}, " for key, value in sorted(d.items())) + "}"
    if shape := d["shape"]:
        text += " " * (GROWTH_AXIS_MAX_DIGITS - len(repr(shape[-1 if d["fortran_order"] else 0])))
    data = text.encode(encoding)
    start = MAGIC_LEN + struct.calcsize(form)
    data += b" " * (ARRAY_ALIGN - (start + len(data) + 1) % ARRAY_ALIGN) + b"\n"
    try:
        return magic(*version) + struct.pack(form, len(data)) + data
    except struct.error:
        raise ValueError(f"Header length {len(data)} too big for version={version}") from None


def _write_header(fp: Any, d: dict[str, Any], version: tuple[int, int] | None) -> None:
    if version is not None:
        fp.write(_header(d, version))
        return
    for version, (_, _, since) in _VERSIONS.items():
        try:
            data = _header(d, version)
        except ValueError:
            # Too long, or text that latin1 does not have (UnicodeEncodeError).
            continue
        if since:
            warnings.warn(
                f"Stored array in format {version[0]}.0. It can only be read by NumPy >= {since}",
                UserWarning,
                stacklevel=3,
            )
        fp.write(data)
        return
    raise ValueError("The header is too long for every version of the format")


@set_module("lib.format")
def write_array_header_1_0(fp: Any, d: dict[str, Any]) -> None:
    """Write magic string and header `d` in version 1.0; ValueError where it is longer than 64 KiB."""
    _write_header(fp, d, (1, 0))


@set_module("lib.format")
def write_array_header_2_0(fp: Any, d: dict[str, Any]) -> None:
    """Write magic string and header `d` in version 2.0."""
    _write_header(fp, d, (2, 0))


def _parse(text: str, version: tuple[int, int]) -> Any:
    from ast import literal_eval

    try:
        return literal_eval(text)
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError) as error:
        if version <= (2, 0):
            modern = _LONG.sub(lambda found: found[1] or found[2], text)
            if modern != text:
                header = _parse(modern, (3, 0))
                warnings.warn(
                    "Reading `.npy` or `.npz` file required additional header parsing as it was created on Python 2. "
                    "Save the file again to speed up loading and avoid this warning.",
                    UserWarning,
                    stacklevel=4,
                )
                return header
        raise ValueError(f"Cannot parse header: {text!r}") from error


def _read_header(fp: Any, version: tuple[int, int], max_header_size: int) -> tuple[tuple[int, ...], bool, Any]:
    form, encoding, _ = _form(version)
    (length,) = struct.unpack(form, _read(fp, struct.calcsize(form), "array header length"))
    if length > max_header_size:
        raise ValueError(
            f"Header info length ({length}) is large and may not be safe to load securely.\n"
            "To allow loading, adjust `max_header_size` or fully trust the `.npy` file using `allow_pickle=True`.\n"
            "For safety against large resource use or crashes, sandboxing may be necessary."
        )
    d = _parse(_read(fp, length, "array header").decode(encoding), version)
    if not isinstance(d, dict):
        raise ValueError(f"Header is not a dictionary: {d!r}")
    if d.keys() != EXPECTED_KEYS:
        raise ValueError(f"Header does not contain the correct keys: {sorted(map(str, d))}")
    shape, fortran_order, descr = d["shape"], d["fortran_order"], d["descr"]
    if not isinstance(shape, tuple) or not all(isinstance(length, int) and length >= 0 for length in shape):
        raise ValueError(f"shape is not valid: {shape!r}")
    if not isinstance(fortran_order, bool):
        raise ValueError(f"fortran_order is not a valid bool: {fortran_order!r}")
    try:
        return shape, fortran_order, descr_to_dtype(descr)
    except Exception as error:
        raise ValueError(f"descr is not a valid dtype descriptor: {descr!r}") from error


@set_module("lib.format")
def read_array_header_1_0(fp: Any, max_header_size: int = _MAX_HEADER_SIZE) -> tuple[tuple[int, ...], bool, Any]:
    """Read a header of version 1.0, behind the magic string: shape, whether in Fortran order, dtype."""
    return _read_header(fp, (1, 0), max_header_size)


@set_module("lib.format")
def read_array_header_2_0(fp: Any, max_header_size: int = _MAX_HEADER_SIZE) -> tuple[tuple[int, ...], bool, Any]:
    """Read a header of version 2.0, behind the magic string: shape, whether in Fortran order, dtype."""
    return _read_header(fp, (2, 0), max_header_size)


@set_module("lib.format")
def write_array(
    fp: Any, array: Any, version: Any = None, allow_pickle: bool = True, pickle_kwargs: dict[str, Any] | None = None
) -> None:
    """
    Write an array with its header.

    Parameters
    ----------
    fp : file
        With a method `write`.
    array : ndarray
        Of any layout; written in Fortran order where it is contiguous that way.
    version : tuple of int, optional
        Of the format; the oldest that does by default.
    allow_pickle : bool
        Without it, arrays of objects raise ValueError.
    pickle_kwargs : dict, optional
        For `pickle.dump`.

    Examples
    --------
    >>> import io
    >>> import wasmnp as np
    >>> file = io.BytesIO()
    >>> np.lib.format.write_array(file, np.arange(3))
    >>> len(file.getvalue())
    152
    """
    if version is not None:
        _form(version)
    d = header_data_from_array_1_0(array)
    pickled = array.dtype.hasobject or not getattr(type(array.dtype), "_legacy", True)
    if pickled and not allow_pickle:
        raise ValueError("Object arrays cannot be saved when allow_pickle=False")
    _write_header(fp, d, version)
    if pickled:
        import pickle

        pickle.dump(array, fp, **{"protocol": 4, **(pickle_kwargs or {})})
        return
    if not array.nbytes:
        return
    if d["fortran_order"]:
        array = array.T
    elements = max(BUFFER_SIZE // array.itemsize, 1)
    flat = asarray(array).reshape(-1) if array.flags.c_contiguous else array.flat
    for start in range(0, array.size, elements):
        data = flat[start : start + elements].tobytes()
        # Raw files may take a part of it.
        while data:
            written = fp.write(data)
            if not isinstance(written, int) or not isinstance(fp, io.RawIOBase):
                break
            data = data[written:]


def _left(fp: Any) -> float:
    """Bytes behind the position of a regular file; other streams do not tell."""
    if isfileobj(fp):
        try:
            status = os.fstat(fp.fileno())
            if stat.S_ISREG(status.st_mode) and status.st_size:
                return status.st_size - fp.tell()
        except OSError:
            pass
    return math.inf


def _read_into(fp: Any, memory: memoryview) -> int:
    done = 0
    while done < len(memory):
        if isfileobj(fp):
            got = fp.readinto(memory[done:])
        else:
            piece = fp.read(min(BUFFER_SIZE, len(memory) - done))
            got = len(piece)
            memory[done : done + got] = piece
        if not got:
            break
        done += got
    return done


@set_module("lib.format")
def read_array(
    fp: Any,
    allow_pickle: bool = False,
    pickle_kwargs: dict[str, Any] | None = None,
    *,
    max_header_size: int = _MAX_HEADER_SIZE,
) -> Any:
    """
    Read an array with its header.

    Parameters
    ----------
    fp : file
        With a method `read`.
    allow_pickle : bool
        Load arrays of objects, which can run any code: only for files that are trusted.
    pickle_kwargs : dict, optional
        For `pickle.load`.
    max_header_size : int
        Longest header that is parsed; ignored with `allow_pickle`.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If the file is not of the format, is truncated, or holds objects without `allow_pickle`.
    """
    return _read_sized(fp, None, allow_pickle, pickle_kwargs, max_header_size)


def _read_sized(
    fp: Any, length: int | None, allow_pickle: bool, pickle_kwargs: dict[str, Any] | None, max_header_size: int
) -> Any:
    """`read_array` of a stream of `length` bytes in all: a header that claims more costs no memory."""
    version = read_magic(fp)
    _form(version)
    shape, fortran_order, dtype = _read_header(fp, version, 2**64 if allow_pickle else max_header_size)
    if dtype.hasobject:
        if not allow_pickle:
            raise ValueError("Object arrays cannot be loaded when allow_pickle=False")
        array = load_pickle(fp, **(pickle_kwargs or {}))
        return asarray(array).reshape(shape)
    count = math.prod(shape)
    size = count * dtype.itemsize
    left = _left(fp) if length is None else length - fp.tell()
    if left >= size:
        array = empty(shape, dtype, order="F" if fortran_order else "C")
        if not size:
            return array
        left = _read_into(fp, memoryview((array.T if fortran_order else array).reshape(-1).view("u1")))
    if left == size or left is math.inf:
        return array
    if left < size and isfileobj(fp):
        raise ValueError(
            f"Failed to read all data for array. Expected {shape} = {count} elements, could only read "
            f"{int(left) // dtype.itemsize} elements. (file seems not fully written?)"
        )
    raise ValueError(f"EOF: reading array data, expected {size} bytes got {left}")


def load_pickle(fp: Any, *, fix_imports: bool = True, encoding: str = "ASCII") -> Any:
    """Load a pickle; NumPy's names mean those of this package."""
    import pickle

    package = __name__.partition(".")[0]

    class Unpickler(pickle.Unpickler):
        def find_class(self, module: str, name: str) -> Any:
            head, dot, rest = module.partition(".")
            if head == "numpy":
                # NumPy 1 had its core under another name.
                rest = re.sub(r"^core\b", "_core", rest)
                module = f"{package}{dot}{rest}"
            return super().find_class(module, name)

    return Unpickler(fp, fix_imports=fix_imports, encoding=encoding).load()


@set_module("lib.format")
def open_memmap(
    filename: Any,
    mode: str = "r+",
    dtype: Any = None,
    shape: Any = None,
    fortran_order: bool = False,
    version: Any = None,
    *,
    max_header_size: int = _MAX_HEADER_SIZE,
) -> Any:
    """
    A ``.npy`` file as an array in mapped memory.

    Parameters
    ----------
    filename : str or path
        Not an open file.
    mode : str
        As for `memmap`; 'w+' creates the file.
    dtype, shape, fortran_order, version : optional
        Of a new file; float64 by default.
    max_header_size : int
        Longest header that is parsed.

    Returns
    -------
    memmap

    Raises
    ------
    ValueError
        If the file is not of the format, or its type holds objects.
    """
    from .._core.memmap import memmap

    if isfileobj(filename):
        raise ValueError("Filename must be a string or a path-like object. Memmap cannot use existing file handles.")
    path = os.fspath(filename)
    objects = "Array can't be memory-mapped: Python objects in dtype."
    if "w" in mode:
        if version is not None:
            _form(version)
        dtype = _dtype(dtype)
        if dtype.hasobject:
            raise ValueError(objects)
        shape = (shape,) if isinstance(shape, int) else tuple(shape)
        d = {"descr": dtype_to_descr(dtype), "fortran_order": fortran_order, "shape": shape}
        with open(path, mode + "b") as fp:
            _write_header(fp, d, version)
            offset = fp.tell()
        mode = "r+"
    else:
        with open(path, "rb") as fp:
            found = read_magic(fp)
            _form(found)
            shape, fortran_order, dtype = _read_header(fp, found, max_header_size)
            if dtype.hasobject:
                raise ValueError(objects)
            offset = fp.tell()
    order = "F" if fortran_order else "C"
    return memmap(filename, dtype=dtype, shape=shape, order=order, mode=mode, offset=offset)
