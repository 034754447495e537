"""wasmnp: NumPy for the browser that is also NumPy for the desktop.

>>> import wasmnp as np
>>> np.arange(3) + 1
array([1, 2, 3])
"""

from . import _native as _native
from . import dtypes, exceptions, fft, lib, version
from ._core import umath as _umath
from ._core._multiarray_umath import (
    bool,
    complex64,
    complex128,
    complexfloating,
    dtype,
    float16,
    float32,
    float64,
    floating,
    generic,
    inexact,
    int8,
    int16,
    int32,
    int64,
    integer,
    ndarray,
    number,
    signedinteger,
    ufunc,
    uint8,
    uint16,
    uint32,
    uint64,
    unsignedinteger,
)
from ._core._ufunc_config import errstate, getbufsize, geterr, geterrcall, setbufsize, seterr, seterrcall
from ._core.arrayprint import (
    array2string,
    array_repr,
    array_str,
    format_float_positional,
    format_float_scientific,
    get_printoptions,
    printoptions,
    set_printoptions,
)
from ._core.fromnumeric import (
    all,
    amax,
    amin,
    any,
    argmax,
    argmin,
    around,
    choose,
    clip,
    compress,
    diagonal,
    max,
    mean,
    min,
    ndim,
    nonzero,
    prod,
    ptp,
    put,
    ravel,
    repeat,
    reshape,
    round,
    shape,
    size,
    squeeze,
    std,
    sum,
    swapaxes,
    take,
    trace,
    transpose,
    var,
)
from ._core.multiarray import (
    arange,
    array,
    asanyarray,
    asarray,
    can_cast,
    concatenate,
    copyto,
    empty,
    empty_like,
    frombuffer,
    fromfile,
    fromiter,
    fromstring,
    may_share_memory,
    min_scalar_type,
    packbits,
    promote_types,
    putmask,
    ravel_multi_index,
    result_type,
    shares_memory,
    unpackbits,
    unravel_index,
    where,
    zeros,
)
from ._core.numeric import (
    allclose,
    argwhere,
    array_equal,
    array_equiv,
    astype,
    count_nonzero,
    flatnonzero,
    full,
    full_like,
    isclose,
    isscalar,
    newaxis,
    ones,
    ones_like,
    zeros_like,
)
from ._core.numerictypes import issubdtype
from ._core.umath import *  # noqa: F403
from ._globals import _CopyMode as _CopyMode
from ._globals import _NoValue as _NoValue
from ._install import install_as_numpy
from .lib._function_base_impl import extract, hanning, iterable, place
from .lib._index_tricks_impl import ix_
from .lib._shape_base_impl import put_along_axis, take_along_axis
from .lib._stride_tricks_impl import broadcast_arrays, broadcast_shapes, broadcast_to

__version__ = version.version
abs = _umath.absolute  # type: ignore[attr-defined]
bool_ = bool
double = float64
single = float32
half = float16
cdouble = complex128
csingle = complex64
intc = int32
intp = dtype("p").type
int_ = intp
uintp = dtype("P").type
uint = uintp
byte = int8
ubyte = uint8
uintc = uint32
short = int16
ushort = uint16
long = dtype("l").type
ulong = dtype("L").type
longlong = int64
ulonglong = uint64
pi = 3.141592653589793
e = 2.718281828459045
euler_gamma = 0.5772156649015329
inf = float("inf")
nan = float("nan")
True_ = bool(1)
False_ = bool(0)

__all__ = [
    "False_",
    "True_",
    "abs",
    "all",
    "allclose",
    "amax",
    "amin",
    "any",
    "arange",
    "argmax",
    "argmin",
    "argwhere",
    "around",
    "array",
    "array2string",
    "array_equal",
    "array_equiv",
    "array_repr",
    "array_str",
    "asanyarray",
    "asarray",
    "astype",
    "bool",
    "bool_",
    "broadcast_arrays",
    "broadcast_shapes",
    "broadcast_to",
    "byte",
    "can_cast",
    "cdouble",
    "choose",
    "clip",
    "complex128",
    "complex64",
    "complexfloating",
    "compress",
    "concatenate",
    "copyto",
    "count_nonzero",
    "csingle",
    "diagonal",
    "double",
    "dtype",
    "dtypes",
    "e",
    "empty",
    "empty_like",
    "errstate",
    "euler_gamma",
    "exceptions",
    "extract",
    "fft",
    "flatnonzero",
    "float16",
    "float32",
    "float64",
    "floating",
    "format_float_positional",
    "format_float_scientific",
    "frombuffer",
    "fromfile",
    "fromiter",
    "fromstring",
    "full",
    "full_like",
    "generic",
    "get_printoptions",
    "getbufsize",
    "geterr",
    "geterrcall",
    "half",
    "hanning",
    "inexact",
    "inf",
    "install_as_numpy",
    "int16",
    "int32",
    "int64",
    "int8",
    "int_",
    "intc",
    "integer",
    "intp",
    "isclose",
    "isscalar",
    "issubdtype",
    "iterable",
    "ix_",
    "lib",
    "long",
    "longlong",
    "max",
    "may_share_memory",
    "mean",
    "min",
    "min_scalar_type",
    "nan",
    "ndarray",
    "ndim",
    "newaxis",
    "nonzero",
    "number",
    "ones",
    "ones_like",
    "packbits",
    "pi",
    "place",
    "printoptions",
    "prod",
    "promote_types",
    "ptp",
    "put",
    "put_along_axis",
    "putmask",
    "ravel",
    "ravel_multi_index",
    "repeat",
    "reshape",
    "result_type",
    "round",
    "set_printoptions",
    "setbufsize",
    "seterr",
    "seterrcall",
    "shape",
    "shares_memory",
    "short",
    "signedinteger",
    "single",
    "size",
    "squeeze",
    "std",
    "sum",
    "swapaxes",
    "take",
    "take_along_axis",
    "testing",  # noqa: F405  loaded by __getattr__
    "trace",
    "transpose",
    "ubyte",
    "ufunc",
    "uint",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
    "uintc",
    "uintp",
    "ulong",
    "ulonglong",
    "unpackbits",
    "unravel_index",
    "unsignedinteger",
    "ushort",
    "var",
    "where",
    "zeros",
    "zeros_like",
    *_umath.__all__,
]


def __getattr__(name: str) -> object:
    # Rooms that `import wasmnp` does not load.
    if name in ("jit", "testing", "webgpu"):
        import importlib

        return importlib.import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
