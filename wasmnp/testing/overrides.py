"""Which functions other kinds of arrays can take over."""

from __future__ import annotations

from typing import Any

from .._core import umath
from .._core.overrides import ARRAY_FUNCTIONS

__all__ = [
    "allows_array_function_override",
    "allows_array_ufunc_override",
    "get_overridable_numpy_array_functions",
    "get_overridable_numpy_ufuncs",
]


def get_overridable_numpy_ufuncs() -> set[Any]:
    """
    The ufuncs of the package that ``__array_ufunc__`` can take over.

    Returns
    -------
    set of ufuncs
        All of them.
    """
    return {getattr(umath, name) for name in umath.__all__}


def allows_array_ufunc_override(func: Any) -> bool:
    """
    Whether ``__array_ufunc__`` can take a function over.

    Parameters
    ----------
    func : any
        Mostly a function.

    Returns
    -------
    bool
        True for ufuncs, those of other packages as well.
    """
    return isinstance(func, umath.ufunc)


def get_overridable_numpy_array_functions() -> set[Any]:
    """
    The functions of the package that ``__array_function__`` can take over.

    Returns
    -------
    set of functions
        Those of the modules that are loaded; all of ``numpy.lib`` and ``numpy.fft`` are.
    """
    return ARRAY_FUNCTIONS.copy()


def allows_array_function_override(func: Any) -> bool:
    """
    Whether ``__array_function__`` can take a function over.

    Parameters
    ----------
    func : any
        Mostly a function.

    Returns
    -------
    bool
    """
    return func in ARRAY_FUNCTIONS
