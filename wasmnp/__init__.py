"""wasmnp: NumPy for the browser that is also NumPy for the desktop.

>>> import wasmnp as np
>>> np.arange(3) + 1
array([1, 2, 3])
"""

from . import _native as _native
from . import dtypes, exceptions, fft, lib, version
from ._core import numerictypes as _numerictypes
from ._core import umath as _umath
from ._core._multiarray_umath import dtype, ndarray, ufunc
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
from ._core.numerictypes import *  # noqa: F403
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
pi = 3.141592653589793
e = 2.718281828459045
euler_gamma = 0.5772156649015329
inf = float("inf")
nan = float("nan")
True_ = _umath.equal(0, 0)  # type: ignore[attr-defined]
False_ = _umath.equal(0, 1)  # type: ignore[attr-defined]

# Rooms that `import wasmnp` does not load.
_lazy = ("jit", "testing", "webgpu")
_rooms = ("dtypes", "exceptions", "fft", "lib", "testing")
__all__ = sorted(
    {name for name, value in globals().items() if name[0] != "_" and not hasattr(value, "__spec__")} | {*_rooms}
)


def __getattr__(name: str) -> object:
    if name in _lazy:
        import importlib

        return importlib.import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
