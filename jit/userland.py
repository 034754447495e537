"""What both decorators share: sources, the driver of this machine, and the cache of compiled code."""

from __future__ import annotations

import gc
import math
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from types import FunctionType
from typing import Any

import wasmnp

from .._kernels.language.ir import KernelError
from .._kernels.language.source import Source, source_from_text, source_of
from .signatures import Signature, Type, as_signatures

CompileError = KernelError
_CAPACITY = 256  # of the cache
_cache: OrderedDict[Hashable, Any] = OrderedDict()
_lock = threading.RLock()


def driver() -> Any:
    """The module that makes machine code here."""
    if sys.platform == "emscripten":
        from . import wasm_driver

        return wasm_driver
    from . import llvm_driver

    return llvm_driver


def is_function(given: Any) -> bool:
    """Whether a decorator was given a function, or the text of one."""
    return isinstance(given, FunctionType) or (isinstance(given, str) and ("def " in given or "lambda" in given))


def source_from(given: Any, names: Mapping[str, Any] | None) -> Source:
    """The source of a function or of its text.

    Parameters
    ----------
    given : function or str
    names : mapping, optional
        What the free names of a text mean; ``np`` and ``math`` are known.

    Raises
    ------
    KernelError
        With file and line.
    """
    if isinstance(given, str):
        return source_from_text(given, {"np": wasmnp, "math": math, **(names or {})})
    if not isinstance(given, FunctionType):
        raise TypeError(f"a Python function, or its source as a string, is compiled, not {given!r}")
    if names is not None:
        raise TypeError("names= goes with source text; a function has its own")
    return source_of(given)


def cached(key: Hashable, make: Callable[[], Any]) -> Any:
    """What was made for a key before, or is made now; the least recently used is forgotten first."""
    with _lock:
        if key in _cache:
            _cache.move_to_end(key)
            return _cache[key]
        collecting = gc.isenabled()
        gc.disable()  # compilation makes many objects that refer to each other, and leaves few
        try:
            made = _cache[key] = make()
        finally:
            if collecting:
                gc.enable()
        if len(_cache) > _CAPACITY:
            _cache.popitem(last=False)
        return made


def decorated(given: Any, decorate: Callable[[Any, list[Signature]], Any], name: str) -> Any:
    """What a decorator gives for its first argument: a function or its text, one signature or several, or nothing."""
    if is_function(given):
        return decorate(given, [])
    if callable(given) and not isinstance(given, Type):
        raise TypeError(f"{name} takes Python functions, not {given!r}")
    signatures = [] if given in (None, [], ()) else as_signatures(given)
    return lambda function: decorate(function, signatures)


def refuse_options(options: Mapping[str, Any], decorator: str) -> None:
    """Options of Numba's that have no counterpart."""
    if options.get("fastmath"):
        raise TypeError(f"{decorator} has no fastmath: results are the same bits on every machine")
    for name, value in options.items():
        if name == "nopython" and value is False:
            raise TypeError(f"{decorator} compiles everything (nopython) or raises")
        if name in ("parallel", "forceobj", "looplift") and value:
            raise TypeError(f"{decorator} has no {name}=True")
        if name not in ("nopython", "fastmath", "cache", "nogil", "parallel", "forceobj", "looplift"):
            raise TypeError(f"{decorator} got an unknown option {name!r}")
