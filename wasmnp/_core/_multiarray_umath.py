"""The compiled core under NumPy's name for it."""

from .. import _native
from .._native import *  # noqa: F403

_ARRAY_API = _native._ARRAY_API
MAXDIMS = 64
_UFUNC_API = _native._UFUNC_API
_ArrayFunctionDispatcher = _native._ArrayFunctionDispatcher
_count_nonzero = _native._count_nonzero
_cpu_level = _native._cpu_level
_default_extobj = _native._default_extobj
_extobj_contextvar = _native._extobj_contextvar
_irfft = _native._irfft
_monotonicity = _native._monotonicity
_place = _native._place
_rfft = _native._rfft
_strided_view = _native._strided_view
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
