"""The array core, laid out as NumPy lays out its own. Names are looked for in its modules when first used."""

from __future__ import annotations

from typing import Any

_MODULES = (
    "numeric",
    "fromnumeric",
    "numerictypes",
    "umath",
    "multiarray",
    "shape_base",
    "_ufunc_config",
    "arrayprint",
    "function_base",
    "getlimits",
    "einsumfunc",
    "_array_api",
    "_products",
    "_multiarray_umath",
)
_SUBMODULES = {name for name in _MODULES if not name.startswith("_")}


def __getattr__(name: str) -> Any:
    # Names with an underscore are those of modules, which the import system finds by itself.
    if name in _SUBMODULES or not name.startswith("_"):
        from importlib import import_module

        if name in _SUBMODULES:
            return import_module(f".{name}", __name__)
        for module in _MODULES:
            value = vars(import_module(f".{module}", __name__)).get(name, _MODULES)
            if value is not _MODULES:
                globals()[name] = value
                return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
