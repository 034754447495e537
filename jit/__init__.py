"""Compile Python functions while the program runs: to WebAssembly in the browser, by LLVM on the desktop.

:func:`vectorize` makes universal functions of functions of numbers, :func:`jit` compiles loops over numbers and arrays.
Names and signatures are Numba's. The language is described in ``docs/run-time-compiler.md``.

>>> import wasmnp as np
>>> from wasmnp import jit
>>> @jit.vectorize
... def bell(x):
...     return np.exp(-x * x)
>>> bell(np.arange(3, dtype="float32"))
array([1.        , 0.36787945, 0.01831564], dtype=float32)
"""

from .dispatcher import Dispatcher, jit
from .signatures import (
    Signature,
    Type,
    boolean,
    complex64,
    complex128,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    intc,
    intp,
    uint8,
    uint16,
    uint32,
    uint64,
    uintc,
    uintp,
    void,
)
from .ufuncs import vectorize
from .userland import CompileError

njit = jit
bool_ = boolean

__all__ = [
    "CompileError",
    "Dispatcher",
    "Signature",
    "Type",
    "bool_",
    "boolean",
    "complex64",
    "complex128",
    "float32",
    "float64",
    "int8",
    "int16",
    "int32",
    "int64",
    "intc",
    "intp",
    "jit",
    "njit",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "uintc",
    "uintp",
    "vectorize",
    "void",
]
