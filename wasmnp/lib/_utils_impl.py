"""Descriptions of objects and of data types."""

from __future__ import annotations

import sys
from typing import Any

from .._core._multiarray_umath import dtype as _dtype
from .._core._multiarray_umath import ndarray
from .._utils import set_module

__all__ = ["info"]


def drop_metadata(dtype: Any, /) -> Any:
    """
    A data type without the metadata that it and its parts carry.

    Parameters
    ----------
    dtype : dtype
        The type.

    Returns
    -------
    dtype
        The same object, if there are none.
    """
    if dtype.fields is not None:
        found = dtype.metadata is not None
        formats = []
        for field in dtype.fields.values():
            part = drop_metadata(field[0])
            found |= part is not field[0]
            formats.append(part)
        if not found:
            return dtype
        fields = {
            "names": list(dtype.names),
            "formats": formats,
            "offsets": [field[1] for field in dtype.fields.values()],
            "titles": [None if len(field) < 3 else field[2] for field in dtype.fields.values()],
            "itemsize": dtype.itemsize,
        }
        return _dtype(fields, align=dtype.isalignedstruct)
    if dtype.subdtype is not None:
        base, shape = dtype.subdtype
        part = drop_metadata(base)
        return dtype if dtype.metadata is None and part is base else _dtype((part, shape))
    return dtype if dtype.metadata is None else _dtype(dtype.str)


def _describe_array(array: ndarray, output: Any) -> None:
    rows = {
        "class": type(array).__name__,
        "shape": array.shape,
        "strides": array.strides,
        "itemsize": array.itemsize,
        "aligned": bool(array.flags.aligned),
        "contiguous": bool(array.flags.contiguous),
        "fortran": array.flags.fortran,
        "byteorder": {"<": "little", ">": "big"}.get(array.dtype.byteorder, sys.byteorder),
        "byteswap": not array.dtype.isnative,
        "type": array.dtype,
    }
    for name, value in rows.items():
        print(f"{name}: {value}", file=output)


@set_module()
def info(object: Any = None, maxwidth: int = 76, output: Any = None, toplevel: str = "numpy") -> None:
    """
    Print what is known of an object: its signature, docstring and methods; of an array its layout.

    Parameters
    ----------
    object : any
        The object, or its name in the package.
    maxwidth : int
        Width of the lines with signatures.
    output : file, optional
        Where to print; by default standard output.
    toplevel : str
        The module to look for names in.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.info(np.arange(2))  # doctest: +ELLIPSIS
    class: ndarray
    shape: (2,)
    ...
    """
    import importlib
    import inspect
    import textwrap

    output = sys.stdout if output is None else output
    if isinstance(object, ndarray):
        _describe_array(object, output)
        return
    if isinstance(object, str):
        found: Any = importlib.import_module(__name__.partition(".")[0] if toplevel == "numpy" else toplevel)
        try:
            for part in object.split("."):
                found = getattr(found, part)
        except AttributeError:
            print(f"Help for {object} not found.", file=output)
            return
        object = found
    if callable(object):
        try:
            signature = str(inspect.signature(object))
        except (TypeError, ValueError):
            signature = "()"
        name = getattr(object, "__name__", type(object).__name__)
        print(textwrap.fill(f" {name}{signature}", maxwidth, subsequent_indent="   ") + "\n", file=output)
    print(inspect.getdoc(object), file=output)
    if isinstance(object, type):
        methods = [name for name, value in inspect.getmembers(object, callable) if not name.startswith("_")]
        if methods:
            print("\n\nMethods:\n", file=output)
        for name in methods:
            first = (inspect.getdoc(getattr(object, name)) or "None").partition("\n")[0]
            print(f"  {name}  --  {first}", file=output)
