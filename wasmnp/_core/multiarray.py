"""Array functions of the compiled core, declared as public."""

from __future__ import annotations

from typing import Any

from . import _multiarray_umath
from ._files import fromfile as _fromfile
from ._files import fromstring as _fromstring
from ._multiarray_umath import (
    asarray as _asarray,
)
from ._multiarray_umath import (
    broadcast,
    dtype,
    flatiter,
    ndarray,
    nditer,
    nested_iters,
    scalar,
)
from ._selection import putmask, where
from ._sorting import lexsort
from .overrides import array_function_dispatch

__all__ = [
    "arange",
    "array",
    "asanyarray",
    "asarray",
    "bincount",
    "broadcast",
    "can_cast",
    "concatenate",
    "copyto",
    "dot",
    "dtype",
    "empty",
    "empty_like",
    "flatiter",
    "frombuffer",
    "fromfile",
    "fromiter",
    "fromstring",
    "inner",
    "lexsort",
    "may_share_memory",
    "min_scalar_type",
    "ndarray",
    "nditer",
    "nested_iters",
    "packbits",
    "promote_types",
    "putmask",
    "ravel_multi_index",
    "result_type",
    "scalar",
    "shares_memory",
    "unpackbits",
    "unravel_index",
    "vdot",
    "where",
    "zeros",
]

# Pickles of scalars name this function where NumPy's do.
scalar.__module__ = __name__


def _get_ndarray_c_version() -> int:
    """The version of the C-ABI of arrays that the core follows (NPY_ABI_VERSION of NumPy 2)."""
    return 0x02000000


array = array_function_dispatch()(_multiarray_umath.array)
asarray = array_function_dispatch()(_multiarray_umath.asarray)
asanyarray = array_function_dispatch()(_multiarray_umath.asanyarray)
empty = array_function_dispatch()(_multiarray_umath.empty)
zeros = array_function_dispatch()(_multiarray_umath.zeros)
arange = array_function_dispatch()(_multiarray_umath.arange)
frombuffer = array_function_dispatch()(_multiarray_umath.frombuffer)
fromiter = array_function_dispatch()(_multiarray_umath.fromiter)
fromfile = array_function_dispatch()(_fromfile)
fromstring = array_function_dispatch()(_fromstring)


def _concatenate_dispatcher(arrays, /, axis=None, out=None, *, dtype=None, casting=None):
    return arrays if out is None else [*arrays, out]


concatenate = array_function_dispatch(_concatenate_dispatcher)(_multiarray_umath.concatenate)
copyto = array_function_dispatch(lambda dst, src, casting=None, where=None: (dst, src, where))(_multiarray_umath.copyto)
shares_memory = array_function_dispatch(lambda a, b, /, max_work=None: (a, b))(_multiarray_umath.shares_memory)
may_share_memory = array_function_dispatch(lambda a, b, /, max_work=None: (a, b))(_multiarray_umath.may_share_memory)
packbits = array_function_dispatch(lambda a, /, axis=None, bitorder="big": (a,))(_multiarray_umath.packbits)
unpackbits = array_function_dispatch(lambda a, /, axis=None, count=None, bitorder="big": (a,))(
    _multiarray_umath.unpackbits
)
# What functions of the library stand on.
c_einsum = _multiarray_umath.c_einsum
correlate = _multiarray_umath.correlate
correlate2 = _multiarray_umath.correlate2
interp = _multiarray_umath.interp
interp_complex = _multiarray_umath.interp_complex
_monotonicity = _multiarray_umath._monotonicity

bincount = array_function_dispatch(lambda x, /, weights=None, minlength=None: (x, weights))(_multiarray_umath.bincount)
dot = array_function_dispatch(lambda a, b, out=None: (a, b, out))(_multiarray_umath.dot)
inner = array_function_dispatch(lambda a, b, /: (a, b))(_multiarray_umath.inner)
vdot = array_function_dispatch(lambda a, b, /: (a, b))(_multiarray_umath.vdot)
ravel_multi_index = array_function_dispatch(lambda multi_index, dims, mode=None, order=None: multi_index)(
    _multiarray_umath.ravel_multi_index
)
unravel_index = array_function_dispatch(lambda indices, shape=None, order=None: (indices,))(
    _multiarray_umath.unravel_index
)


def _empty_like_dispatcher(prototype, /, dtype=None, order=None, subok=None, shape=None, *, device=None):
    return (prototype,)


empty_like = array_function_dispatch(_empty_like_dispatcher)(_multiarray_umath.empty_like)
result_type = array_function_dispatch(lambda *arrays_and_dtypes: arrays_and_dtypes)(_multiarray_umath.result_type)
promote_types = _multiarray_umath.promote_types
promote_types.__module__ = __name__.partition(".")[0]
can_cast = array_function_dispatch(lambda from_, to=None, casting=None: (from_,))(_multiarray_umath.can_cast)


def _reconstruct(subtype: type[ndarray], shape: tuple[int, ...], kind: Any) -> ndarray:
    """An empty array for pickle to fill."""
    return ndarray.__new__(subtype, shape, "b" if kind in (b"b", "b") else kind)


def _fits_float(value: float, limit: float) -> bool:
    return -limit < value < limit or value - value != 0


@array_function_dispatch(lambda a, /: (a,))
def min_scalar_type(a: Any, /) -> dtype:
    """
    The smallest data type that holds a value; of arrays with axes, their own.

    Parameters
    ----------
    a : scalar or array_like
        Integers count as unsigned where they are not negative; floats and complex numbers stay what they are.

    Returns
    -------
    dtype

    Examples
    --------
    >>> import wasmnp as np
    >>> np.min_scalar_type(10)
    dtype('uint8')
    >>> np.min_scalar_type(-10)
    dtype('int8')
    >>> np.min_scalar_type(np.arange(3.0))
    dtype('float64')
    """
    array = a if isinstance(a, ndarray) else None
    if array is None and not isinstance(a, int):
        array = _asarray(a)
    if array is not None and (array.ndim or array.dtype.kind not in "iufc" or array.dtype.char in "gG"):
        return array.dtype
    value = a if array is None else array.item()
    if isinstance(value, bool):
        return dtype("?")
    if isinstance(value, int):
        bits = value.bit_length() if value >= 0 else (~value).bit_length() + 1
        for size in (1, 2, 4, 8):
            if bits <= 8 * size:
                return dtype(f"{'i' if value < 0 else 'u'}{size}")
        return dtype("O")
    parts = [value.real, value.imag]
    # The limits are those of NumPy, rounded down from the largest half and single.
    if isinstance(value, float) and _fits_float(value, 65000.0):
        return dtype("f2")
    single = all(_fits_float(part, 3.4e38) for part in parts)
    return dtype(("c8" if single else "c16") if isinstance(value, complex) else ("f4" if single else "f8"))
