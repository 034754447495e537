"""wasmnp: NumPy for the browser that is also NumPy for the desktop.

>>> import wasmnp as np
>>> np.arange(3) + 1
array([1, 2, 3])
"""

from . import _namespace, dtypes, exceptions, version
from . import _native as _native
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
    argpartition,
    argsort,
    around,
    choose,
    clip,
    compress,
    cumprod,
    cumsum,
    diagonal,
    max,
    mean,
    min,
    ndim,
    nonzero,
    partition,
    prod,
    ptp,
    put,
    ravel,
    repeat,
    reshape,
    round,
    searchsorted,
    shape,
    size,
    sort,
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
    bincount,
    broadcast,
    can_cast,
    concatenate,
    copyto,
    dot,
    empty,
    empty_like,
    flatiter,
    frombuffer,
    fromfile,
    fromiter,
    fromstring,
    inner,
    lexsort,
    may_share_memory,
    min_scalar_type,
    nditer,
    nested_iters,
    packbits,
    promote_types,
    putmask,
    ravel_multi_index,
    result_type,
    shares_memory,
    unpackbits,
    unravel_index,
    vdot,
    where,
    zeros,
)
from ._core.numeric import (
    allclose,
    argwhere,
    array_equal,
    array_equiv,
    astype,
    base_repr,
    binary_repr,
    count_nonzero,
    e,
    euler_gamma,
    flatnonzero,
    fromfunction,
    full,
    full_like,
    identity,
    indices,
    inf,
    isclose,
    isfortran,
    isscalar,
    little_endian,
    moveaxis,
    nan,
    newaxis,
    ones,
    ones_like,
    pi,
    require,
    roll,
    rollaxis,
    zeros_like,
)
from ._core.numerictypes import *  # noqa: F403
from ._core.umath import *  # noqa: F403
from ._core.umath import _others
from ._globals import _CopyMode as _CopyMode
from ._globals import _NoValue as _NoValue
from ._install import install_as_numpy

__version__ = version.version
globals().update(_others)
pow = _umath.power  # type: ignore[attr-defined]
concat = concatenate
permute_dims = transpose
True_ = _umath.equal(0, 0)  # type: ignore[attr-defined]
False_ = _umath.equal(0, 1)  # type: ignore[attr-defined]

# Rooms that `import wasmnp` does not load, and where they are.
_rooms = {
    "char": "char",
    "__config__": "__config__",
    "emath": "lib.scimath",
    "fft": "fft",
    "jit": "jit",
    "lib": "lib",
    "linalg": "linalg",
    "ma": "ma",
    "matrixlib": "matrixlib",
    "random": "random",
    "testing": "testing",
    "webgpu": "webgpu",
}
__all__ = sorted(
    {name for name, value in globals().items() if name[0] != "_" and not hasattr(value, "__spec__")}
    | {"dtypes", "exceptions", "fft", "lib", "testing", *_namespace.OWNERS}
)


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name in _namespace.OWNERS:
        value = getattr(import_module(f".{_namespace.OWNERS[name]}", __name__), name)
    elif name in _rooms:
        value = import_module(f".{_rooms[name]}", __name__)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(globals().keys() | set(__all__))
