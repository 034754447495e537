"""Utilities for structured arrays."""

from __future__ import annotations

from typing import Any

from .._core._multiarray_umath import asanyarray, dtype
from .._core.overrides import array_function_dispatch

__all__ = ["repack_fields"]


@array_function_dispatch(lambda a, align=None, recurse=None: (a,), module="lib.recfunctions")
def repack_fields(a: Any, align: bool = False, recurse: bool = False) -> Any:
    """
    Remove the gaps between the fields of a structured array or type, or align them as a C compiler does.

    Parameters
    ----------
    a : ndarray or dtype
    align : bool
        Whether fields are aligned rather than packed.
    recurse : bool
        Whether structures inside are repacked, too.

    Returns
    -------
    ndarray or dtype
        A copy, or `a` itself where nothing changes.

    Examples
    --------
    >>> import wasmnp as np
    >>> from wasmnp.lib import recfunctions
    >>> recfunctions.repack_fields(np.dtype("i1,i8", align=True)).itemsize
    9
    """
    if not isinstance(a, dtype):
        a = asanyarray(a)
        return a.astype(repack_fields(a.dtype, align=align, recurse=recurse), copy=False)
    if a.names is None:
        return a
    fields: list[Any] = []
    for name in a.names:
        entry = a.fields[name]
        kind = repack_fields(entry[0], align=align, recurse=True) if recurse else entry[0]
        fields.append(((entry[2], name) if len(entry) == 3 else name, kind))
    return dtype(fields, align=align)
