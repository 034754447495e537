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
    max,
    mean,
    min,
    prod,
    ravel,
    reshape,
    squeeze,
    sum,
    transpose,
)
from ._core.multiarray import arange, array, asanyarray, asarray, can_cast, empty, frombuffer, zeros
from ._core.numeric import newaxis, ones
from ._core.umath import *  # noqa: F403
from ._globals import _CopyMode as _CopyMode
from ._globals import _NoValue as _NoValue
from ._install import install_as_numpy
from .lib._function_base_impl import hanning

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
    "amax",
    "amin",
    "any",
    "arange",
    "array",
    "array2string",
    "array_repr",
    "array_str",
    "asanyarray",
    "asarray",
    "bool",
    "bool_",
    "byte",
    "can_cast",
    "cdouble",
    "complex64",
    "complex128",
    "complexfloating",
    "csingle",
    "double",
    "dtype",
    "dtypes",
    "e",
    "empty",
    "errstate",
    "euler_gamma",
    "exceptions",
    "fft",
    "float16",
    "float32",
    "float64",
    "floating",
    "format_float_positional",
    "format_float_scientific",
    "frombuffer",
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
    "int8",
    "int16",
    "int32",
    "int64",
    "int_",
    "intc",
    "integer",
    "intp",
    "lib",
    "long",
    "longlong",
    "max",
    "mean",
    "min",
    "nan",
    "ndarray",
    "newaxis",
    "number",
    "ones",
    "pi",
    "printoptions",
    "prod",
    "ravel",
    "reshape",
    "set_printoptions",
    "setbufsize",
    "seterr",
    "seterrcall",
    "short",
    "signedinteger",
    "single",
    "squeeze",
    "sum",
    "transpose",
    "ubyte",
    "ufunc",
    "uint",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "uintc",
    "uintp",
    "ulong",
    "ulonglong",
    "unsignedinteger",
    "ushort",
    "zeros",
    *_umath.__all__,
]


def __getattr__(name: str) -> object:
    # Rooms that `import wasmnp` does not load.
    if name in ("jit", "webgpu"):
        import importlib

        return importlib.import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
