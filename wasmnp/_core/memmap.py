"""Arrays whose memory is a file."""

from __future__ import annotations

import math
import operator
import os
import sys
from contextlib import nullcontext
from functools import cache
from typing import TYPE_CHECKING, Any

from .._utils import set_module
from ._multiarray_umath import dtype as _dtype
from ._multiarray_umath import ndarray, uint8
from .multiarray import may_share_memory

if TYPE_CHECKING:
    import mmap

__all__ = ["memmap"]

_MODES = {"readonly": "r", "copyonwrite": "c", "readwrite": "r+", "write": "w+"}
_ATTRIBUTES = ("_mmap", "filename", "offset", "mode")


@cache
def _mapping_type() -> type[mmap.mmap]:
    """The mappings of this platform.

    In a browser changes are written when they are flushed and when the mapping ends, through the descriptor that it was
    made with, by then perhaps that of another file: there a mapping has a descriptor of its own.
    """
    import mmap

    if sys.platform != "emscripten":
        return mmap.mmap

    class Mapping(mmap.mmap):
        def __new__(cls, descriptor: int, *arguments: Any, **keywords: Any) -> Mapping:
            own = os.dup(descriptor)
            try:
                self = super().__new__(cls, own, *arguments, **keywords)
            except BaseException:
                os.close(own)
                raise
            self.descriptor = own
            return self

        def __del__(self) -> None:
            self.close()
            os.close(self.descriptor)

    return Mapping


@set_module()
class memmap(ndarray):
    """
    An array in a file, read and written where it is used.

    Parameters
    ----------
    filename : str, path or file
        Of the file.
    dtype : dtype
        Type of the elements.
    mode : {'r', 'c', 'r+', 'w+'}
        Read only, changes in memory alone, read and write, or a new file.
    offset : int
        Bytes before the first element.
    shape : int or sequence of int, optional
        By default one axis up to the file's end. A file that is too short grows where it may be written.
    order : {'C', 'F'}
        Of the elements.

    Attributes
    ----------
    filename : str, path or None
        Absolute path of the file.
    offset : int
        As given.
    mode : str
        As given.

    Raises
    ------
    ValueError
        If the mode is unknown, or the file does not hold such an array.

    Examples
    --------
    >>> import os, tempfile
    >>> import wasmnp as np
    >>> path = os.path.join(tempfile.mkdtemp(), "numbers")
    >>> a = np.memmap(path, "f4", "w+", shape=3)
    >>> a[:] = [1, 2, 3]
    >>> a.flush()
    >>> np.memmap(path, "f4", "r")
    memmap([1., 2., 3.], dtype=float32)
    """

    __array_priority__ = -100.0

    def __new__(
        subtype,
        filename: Any,
        dtype: Any = uint8,
        mode: str = "r+",
        offset: int = 0,
        shape: Any = None,
        order: str = "C",
    ) -> memmap:
        import mmap

        mode = _MODES.get(mode, mode)
        if mode not in _MODES.values():
            raise ValueError(f"mode must be one of {[*_MODES.values(), *_MODES]!r} (got {mode!r})")
        if mode == "w+" and shape is None:
            raise ValueError("shape must be given if mode == 'w+'")
        if hasattr(filename, "read"):
            context: Any = nullcontext(filename)
        else:
            context = open(os.fspath(filename), ("r" if mode == "c" else mode) + "b")  # noqa: SIM115
        with context as file:
            file.seek(0, 2)
            available = file.tell()
            kind = _dtype(dtype)
            if shape is None:
                size = available - offset
                if size % kind.itemsize:
                    raise ValueError("Size of available data is not a multiple of the data-type size.")
                shape = (size // kind.itemsize,)
            else:
                try:
                    shape = (operator.index(shape),)
                except TypeError:
                    shape = tuple(operator.index(length) for length in shape)
            end = offset + math.prod(shape) * kind.itemsize
            if mode in ("w+", "r+"):
                # An empty file cannot be mapped.
                wanted = max(end, 1)
                if available < wanted:
                    file.seek(wanted - 1)
                    file.write(b"\0")
                    file.flush()
            # A mapping starts at a multiple of the granularity, and is not empty either.
            start = offset - offset % mmap.ALLOCATIONGRANULARITY
            if end == start and start > 0:
                start -= mmap.ALLOCATIONGRANULARITY
            access = {"c": mmap.ACCESS_COPY, "r": mmap.ACCESS_READ}.get(mode, mmap.ACCESS_WRITE)
            mapping = _mapping_type()(file.fileno(), end - start, access=access, offset=start)
            self = ndarray.__new__(subtype, shape, dtype=kind, buffer=mapping, offset=offset - start, order=order)
            self._mmap, self.offset, self.mode = mapping, offset, mode
            if isinstance(filename, os.PathLike):
                # Of a path that is not one of pathlib, such as a temporary file's, the text.
                resolve = getattr(filename, "resolve", None)
                self.filename = resolve() if resolve else os.path.abspath(os.fspath(filename))
            else:
                name = getattr(file, "name", None)
                self.filename = os.path.abspath(name) if isinstance(name, str) else None
        return self

    def __array_finalize__(self, obj: Any) -> None:
        shares = hasattr(obj, "_mmap") and may_share_memory(self, obj)
        for name in _ATTRIBUTES:
            setattr(self, name, getattr(obj, name) if shares else None)

    def flush(self) -> None:
        """Write the changes to the file."""
        if self._mmap is not None:
            self._mmap.flush()

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
        array = super().__array_wrap__(array, context)
        # Results are in memory, so they are plain arrays; subclasses keep their type.
        if self is array or type(self) is not memmap:
            return array
        return array[()] if return_scalar else array.view(ndarray)

    def __getitem__(self, index: Any) -> Any:
        result = super().__getitem__(index)
        return result.view(ndarray) if type(result) is memmap and result._mmap is None else result
