"""Arrays in ``.npy`` files and ``.npz`` archives."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, nullcontext
from typing import Any
from weakref import proxy

from .._core._multiarray_umath import asanyarray
from .._core.overrides import array_function_dispatch
from .._utils import set_module
from . import _format_impl as format

__all__ = ["load", "save", "savez", "savez_compressed"]

_MAX_HEADER_SIZE = format._MAX_HEADER_SIZE


class BagObj:
    """The items of a mapping as attributes."""

    def __init__(self, obj: Any) -> None:
        # A proxy, so that the mapping may hold this object.
        self._obj = proxy(obj)

    def __getattribute__(self, key: str) -> Any:
        try:
            return object.__getattribute__(self, "_obj")[key]
        except KeyError:
            raise AttributeError(key) from None

    def __dir__(self) -> list[str]:
        return list(object.__getattribute__(self, "_obj").keys())


@set_module("lib.npyio")
class NpzFile(Mapping):
    """
    The arrays of a ``.npz`` archive, each read when it is asked for; a context manager.

    Parameters
    ----------
    fid : file
        The archive.
    own_fid : bool
        Close the file with the archive.
    allow_pickle, pickle_kwargs, max_header_size
        As for `load`.

    Attributes
    ----------
    files : list of str
        Names of the arrays.
    f : BagObj
        The arrays as attributes.
    zip : ZipFile
        The archive.

    Examples
    --------
    >>> import io
    >>> import wasmnp as np
    >>> file = io.BytesIO()
    >>> np.savez(file, x=np.arange(3))
    >>> position = file.seek(0)
    >>> with np.load(file) as archive:
    ...     archive["x"]
    array([0, 1, 2])
    """

    zip: Any = None
    fid: Any = None
    _MAX_REPR_ARRAY_COUNT = 5

    def __init__(
        self,
        fid: Any,
        own_fid: bool = False,
        allow_pickle: bool = False,
        pickle_kwargs: dict[str, Any] | None = None,
        *,
        max_header_size: int = _MAX_HEADER_SIZE,
    ) -> None:
        archive = _zip_file(fid)
        names = archive.namelist()
        self.files = [name.removesuffix(".npy") for name in names]
        self._files = dict(zip(self.files, names, strict=True)) | {name: name for name in names}
        self.allow_pickle = allow_pickle
        self.max_header_size = max_header_size
        self.pickle_kwargs = pickle_kwargs
        self.zip = archive
        self.f: Any = BagObj(self)
        if own_fid:
            self.fid = fid

    def __enter__(self) -> NpzFile:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Close the archive, and its file where it was opened for it."""
        if self.zip is not None:
            self.zip.close()
            self.zip = None
        if self.fid is not None:
            self.fid.close()
            self.fid = None
        self.f = None

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)

    def __contains__(self, key: object) -> bool:
        return key in self._files

    def __getitem__(self, key: str) -> Any:
        try:
            name = self._files[key]
        except KeyError:
            raise KeyError(f"{key} is not a file in the archive") from None
        with self.zip.open(name) as member:
            start = member.read(len(format.MAGIC_PREFIX))
            if start != format.MAGIC_PREFIX:
                return start + member.read()
            member.seek(0)
            length = self.zip.getinfo(name).file_size
            return format._read_sized(member, length, self.allow_pickle, self.pickle_kwargs, self.max_header_size)

    def __repr__(self) -> str:
        source = self.fid if self.fid is not None else getattr(self.zip, "fp", None)
        name = source if isinstance(source, str) else getattr(source, "name", "object")
        names = ", ".join(self.files[: self._MAX_REPR_ARRAY_COUNT])
        more = "..." if len(self.files) > self._MAX_REPR_ARRAY_COUNT else ""
        return f"NpzFile {name!r} with keys: {names}{more}"


def _zip_file(file: Any, mode: str = "r", compressed: bool = False) -> Any:
    # Importing it takes longer than the rest of this module.
    from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

    return ZipFile(file, mode, ZIP_DEFLATED if compressed else ZIP_STORED, allowZip64=True)


@set_module()
def load(
    file: Any,
    mmap_mode: Any = None,
    allow_pickle: bool = False,
    fix_imports: bool = True,
    encoding: str = "ASCII",
    *,
    max_header_size: int = _MAX_HEADER_SIZE,
) -> Any:
    """
    Load what `save`, `savez` or a pickle stored.

    Parameters
    ----------
    file : file, str or path
        An open file is read from its position on.
    mmap_mode : {None, 'r+', 'r', 'w+', 'c'}
        Map a ``.npy`` file into memory; see `memmap`.
    allow_pickle : bool
        Load objects, which can run any code: only for files that are trusted.
    fix_imports, encoding
        For pickles of Python 2; 'ASCII', 'latin1' or 'bytes'.
    max_header_size : int
        Longest header that is parsed; ignored with `allow_pickle`.

    Returns
    -------
    ndarray, NpzFile or object

    Raises
    ------
    OSError
        If the file cannot be read.
    pickle.UnpicklingError
        If it is of another format, with `allow_pickle`.
    ValueError
        If it is damaged, or holds objects without `allow_pickle`.
    EOFError
        If it is empty.

    Examples
    --------
    >>> import io
    >>> import wasmnp as np
    >>> file = io.BytesIO()
    >>> np.save(file, np.arange(3))
    >>> position = file.seek(0)
    >>> np.load(file)
    array([0, 1, 2])
    """
    if encoding not in ("ASCII", "latin1", "bytes"):
        # Others would change bytes that are numbers.
        raise ValueError("encoding must be 'ASCII', 'latin1', or 'bytes'")
    pickle_kwargs: dict[str, Any] = {"encoding": encoding, "fix_imports": fix_imports}
    if allow_pickle:
        max_header_size = 2**64
    with ExitStack() as stack:
        own = not hasattr(file, "read")
        fid = stack.enter_context(open(os.fspath(file), "rb")) if own else file
        start = fid.read(len(format.MAGIC_PREFIX))
        if not start:
            raise EOFError("No data left in file")
        fid.seek(-len(start), 1)
        # The first bytes of an archive, and of one without files.
        if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            archive = NpzFile(fid, own, allow_pickle, pickle_kwargs, max_header_size=max_header_size)
            stack.pop_all()
            return archive
        if start == format.MAGIC_PREFIX:
            if mmap_mode:
                return format.open_memmap(file, mode=mmap_mode, max_header_size=max_header_size)
            return format.read_array(fid, allow_pickle, pickle_kwargs, max_header_size=max_header_size)
        if not allow_pickle:
            raise ValueError(
                "This file contains pickled (object) data. If you trust the file you can load it unsafely using the "
                "`allow_pickle=` keyword argument or `pickle.load()`."
            )
        try:
            return format.load_pickle(fid, **pickle_kwargs)
        except Exception as error:
            from pickle import UnpicklingError

            raise UnpicklingError(f"Failed to interpret file {file!r} as a pickle") from error


def _target(file: Any, suffix: str) -> Any:
    """A path with the suffix of its format."""
    path = os.fspath(file)
    suffix = suffix.encode() if isinstance(path, bytes) else suffix
    return path if path.endswith(suffix) else path + suffix


@array_function_dispatch(lambda file, arr, allow_pickle=None: (arr,))
def save(file: Any, arr: Any, allow_pickle: bool = True) -> None:
    """
    Store an array as a ``.npy`` file.

    Parameters
    ----------
    file : file, str or path
        A path gets ``.npy`` at its end where it has not.
    arr : array_like
        The array.
    allow_pickle : bool
        Without it, arrays of objects raise ValueError.

    Examples
    --------
    >>> import io
    >>> import wasmnp as np
    >>> np.save(io.BytesIO(), [1.0, 2.0])
    """
    with nullcontext(file) if hasattr(file, "write") else open(_target(file, ".npy"), "wb") as fid:
        format.write_array(fid, asanyarray(arr), allow_pickle=allow_pickle)


def _savez_dispatcher(file: Any, *args: Any, allow_pickle: Any = None, **kwds: Any) -> Any:
    yield from args
    yield from kwds.values()


@array_function_dispatch(_savez_dispatcher)
def savez(file: Any, *args: Any, allow_pickle: bool = True, **kwds: Any) -> None:
    """
    Store arrays in one ``.npz`` archive, uncompressed.

    Parameters
    ----------
    file : file, str or path
        A path gets ``.npz`` at its end where it has not.
    *args, **kwds : array_like
        The arrays; those without a name are ``arr_0``, ``arr_1``, ...
    allow_pickle : bool
        Without it, arrays of objects raise ValueError.

    Examples
    --------
    >>> import io
    >>> import wasmnp as np
    >>> file = io.BytesIO()
    >>> np.savez(file, [1, 2], x=3)
    >>> position = file.seek(0)
    >>> np.load(file).files
    ['x', 'arr_0']
    """
    _savez(file, args, kwds, False, allow_pickle)


@array_function_dispatch(_savez_dispatcher)
def savez_compressed(file: Any, *args: Any, allow_pickle: bool = True, **kwds: Any) -> None:
    """
    Store arrays in one compressed ``.npz`` archive.

    Parameters
    ----------
    file, *args, allow_pickle, **kwds
        As for `savez`.

    Examples
    --------
    >>> import io
    >>> import wasmnp as np
    >>> np.savez_compressed(io.BytesIO(), x=[1, 2])
    """
    _savez(file, args, kwds, True, allow_pickle)


def _savez(file: Any, args: tuple[Any, ...], kwds: dict[str, Any], compressed: bool, allow_pickle: bool) -> None:
    arrays = dict(kwds)
    for i, array in enumerate(args):
        name = f"arr_{i}"
        if name in kwds:
            raise ValueError(f"Cannot use un-named variables and keyword {name}")
        arrays[name] = array
    target = file if hasattr(file, "write") else _target(file, ".npz")
    with _zip_file(target, "w", compressed) as archive:
        for name, array in arrays.items():
            # The size is not known beforehand.
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                format.write_array(member, asanyarray(array), allow_pickle=allow_pickle)
