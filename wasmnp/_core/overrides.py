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


def verify_matching_signatures(implementation: Callable[..., Any], dispatcher: Callable[..., Any]) -> None:
    """Raise RuntimeError where a dispatcher does not take the parameters of its function, with None for defaults."""
    from inspect import Parameter, signature

    def shape_of(function: Callable[..., Any]) -> tuple[list[str], list[str], list[Any]]:
        parameters = signature(function).parameters.values()
        names = [p.name for p in parameters if p.kind not in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)]
        stars = [p.name for p in parameters if p.kind in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)]
        return names, stars, [p.default for p in parameters if p.default is not Parameter.empty]

    own, dispatched = shape_of(implementation), shape_of(dispatcher)
    if own[:2] != dispatched[:2] or len(own[2]) != len(dispatched[2]):
        raise RuntimeError(f"implementation and dispatcher for {implementation} have different function signatures")
    if any(default is not None for default in dispatched[2]):
        raise RuntimeError("dispatcher functions can only use None for default argument values")


def _get_implementing_args(relevant_args: Iterable[Any]) -> list[Any]:
    """The arguments whose ``__array_function__`` is tried, subclasses before their bases, each type once."""
    found: list[Any] = []
    seen: set[type] = set()
    for argument in relevant_args:
        kind = type(argument)
        if kind in seen or not hasattr(kind, "__array_function__"):
            continue
        seen.add(kind)
        place = next((i for i, other in enumerate(found) if issubclass(kind, type(other))), len(found))
        found.insert(place, argument)
    return found


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
