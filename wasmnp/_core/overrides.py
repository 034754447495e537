"""Declaration of public functions through the native dispatcher (NEP 18 and NEP 35)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ._multiarray_umath import _ArrayFunctionDispatcher, ndarray

ARRAY_FUNCTIONS: set[Any] = set()


def array_function_dispatch(
    dispatcher: Callable[..., Iterable[Any]] | None = None, module: str = ""
) -> Callable[[Callable[..., Any]], Any]:
    """Declare a function as public: ``__array_function__``, ``like=`` and its place in the package.

    Parameters
    ----------
    dispatcher : callable, optional
        Takes the function's parameters and returns those arguments whose ``__array_function__`` counts. Without
        one, only ``like=`` dispatches.
    module : str
        Where the function lives, relative to the package: ``""`` or, for example, ``"fft"``.

    Returns
    -------
    callable
        A decorator.
    """

    def decorate(implementation: Callable[..., Any]) -> Any:
        public = _ArrayFunctionDispatcher(dispatcher, implementation, module)
        ARRAY_FUNCTIONS.add(public)
        return public

    return decorate


def _array_function_method(
    self: ndarray, func: Any, types: Iterable[type], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Any:
    """``ndarray.__array_function__``: call the implementation unless another type wants the call."""
    own = ndarray.__array_function__
    for kind in types:
        if not issubclass(kind, ndarray) and getattr(kind, "__array_function__", own) is not own:
            return NotImplemented
    implementation = getattr(func, "_implementation", None)
    if implementation is None:
        raise TypeError(f"{func!r} was not declared with array_function_dispatch")
    return implementation(*args, **kwargs)
