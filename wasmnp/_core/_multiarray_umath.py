"""The compiled core under NumPy's name for it."""

import math

from .. import _native
from .._native import *  # noqa: F403
from ._cpu_features import __cpu_baseline__, __cpu_dispatch__, __cpu_features__  # noqa: F401

pi, e, euler_gamma = math.pi, math.e, 0.5772156649015329
NAN, PINF, NINF, PZERO, NZERO = math.nan, math.inf, -math.inf, 0.0, -0.0
# Bits of floating-point errors, as callbacks of errstate get them.
FPE_DIVIDEBYZERO, FPE_OVERFLOW, FPE_UNDERFLOW, FPE_INVALID = 1, 2, 4, 8
FLOATING_POINT_SUPPORT = 1
BUFSIZE = UFUNC_BUFSIZE_DEFAULT = 8192

_ARRAY_API = _native._ARRAY_API
MAXDIMS = 64
_UFUNC_API = _native._UFUNC_API
_arg = _native._arg
_ones_like = _native._ones_like
_ArrayFunctionDispatcher = _native._ArrayFunctionDispatcher
_count_nonzero = _native._count_nonzero
_cpu_level = _native._cpu_level
_default_extobj = _native._default_extobj
_extobj_contextvar = _native._extobj_contextvar
_monotonicity = _native._monotonicity
_place = _native._place
_squares_around = _native._squares_around
_strided_view = _native._strided_view
_set_print_options = _native._set_print_options
_structured_dtype = _native._structured_dtype
_subarray_dtype = _native._subarray_dtype


def __getattr__(name: str) -> object:
    # Written in Python, and needed by few: loaded when asked for.
    if name == "_get_castingimpl":
        from ._casting import _get_castingimpl

        return _get_castingimpl
    if name == "_discover_array_parameters":
        from ._casting import _discover_array_parameters

        return _discover_array_parameters
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
