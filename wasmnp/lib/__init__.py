"""Functions built on the array core, laid out as ``numpy.lib``."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = [
    "Arrayterator",
    "NumpyVersion",
    "add_newdoc",
    "array_utils",
    "format",
    "mixins",
    "npyio",
    "scimath",
    "stride_tricks",
]

_MEMBERS = {"Arrayterator": "._arrayterator_impl", "NumpyVersion": "._version", "add_newdoc": ".._core.function_base"}


def __getattr__(name: str) -> Any:
    if name in _MEMBERS:
        return getattr(import_module(_MEMBERS[name], __name__), name)
    if name in __all__ or (name.startswith("_") and name.endswith("_impl")):
        try:
            return import_module(f".{name}", __name__)
        except ModuleNotFoundError as error:
            if error.name != f"{__name__}.{name}":
                raise
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
