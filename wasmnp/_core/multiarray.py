"""Array functions of the compiled core, declared as public."""

from __future__ import annotations

from typing import Any

from . import _multiarray_umath
from ._multiarray_umath import (
    dtype,
    ndarray,
    scalar,
)
from .overrides import array_function_dispatch

__all__ = [
    "arange",
    "array",
    "asanyarray",
    "asarray",
    "can_cast",
    "dtype",
    "empty",
    "frombuffer",
    "ndarray",
    "scalar",
    "zeros",
]

# Pickles of scalars name this function where NumPy's do.
scalar.__module__ = __name__

array = array_function_dispatch()(_multiarray_umath.array)
asarray = array_function_dispatch()(_multiarray_umath.asarray)
asanyarray = array_function_dispatch()(_multiarray_umath.asanyarray)
empty = array_function_dispatch()(_multiarray_umath.empty)
zeros = array_function_dispatch()(_multiarray_umath.zeros)
arange = array_function_dispatch()(_multiarray_umath.arange)
frombuffer = array_function_dispatch()(_multiarray_umath.frombuffer)
can_cast = array_function_dispatch(lambda from_, to=None, casting=None: (from_,))(_multiarray_umath.can_cast)


def _reconstruct(subtype: type[ndarray], shape: tuple[int, ...], kind: Any) -> ndarray:
    """An empty array for pickle to fill."""
    return ndarray.__new__(subtype, shape, "b" if kind in (b"b", "b") else kind)
