"""Ufuncs of the compiled core, and numbers that go with them."""

from . import _multiarray_umath
from ._multiarray_umath import (  # noqa: F401
    BUFSIZE,
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
    UFUNC_BUFSIZE_DEFAULT,
    e,
    euler_gamma,
    pi,
    ufunc,
)

_ufuncs = {name: value for name, value in sorted(vars(_multiarray_umath).items()) if isinstance(value, ufunc)}
# Names of the array API standard (acos, bitwise_invert, ...) are in the main namespace alone.
_others = {name: value for name, value in _ufuncs.items() if value.__name__ != name}
for _name in ("conj", "mod", "true_divide"):
    del _others[_name]
globals().update({name: value for name, value in _ufuncs.items() if name not in _others and name != "_arg"})
# The public clip is a function with bounds that may be missing.
__all__ = [name for name in _ufuncs if name not in _others and name[0] != "_" and name != "clip"]
