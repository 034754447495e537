"""Ufuncs of the compiled core, and numbers that go with them."""

from . import _multiarray_umath
from ._multiarray_umath import (  # noqa: F401
    FLOATING_POINT_SUPPORT,
    FPE_DIVIDEBYZERO,
    FPE_INVALID,
    FPE_OVERFLOW,
    FPE_UNDERFLOW,
    NAN,
    NINF,
    NZERO,
    PINF,
    PZERO,
    e,
    euler_gamma,
    pi,
    ufunc,
)

_names = sorted(name for name in dir(_multiarray_umath) if isinstance(getattr(_multiarray_umath, name), ufunc))
globals().update({name: getattr(_multiarray_umath, name) for name in _names})
# The public clip is a function with bounds that may be missing.
__all__ = [name for name in _names if name != "clip"]
# Elements that buffers hold by default.
BUFSIZE = 8192
