"""The array core, laid out as NumPy lays out its own. The names of its modules are those of the package, too."""

_modules = (
    "multiarray",
    "umath",
    "numerictypes",
    "numeric",
    "fromnumeric",
    "shape_base",
    "function_base",
    "getlimits",
    "einsumfunc",
    "arrayprint",
    "_ufunc_config",
)


def __getattr__(name: str) -> object:
    # Names are looked up when they are asked for: importing one module must not load all of them.
    if not name.startswith("__"):
        import importlib
        import importlib.util

        for module in _modules:
            path = f"{__name__}.{module}"
            if importlib.util.find_spec(path) is None:
                continue
            found = importlib.import_module(path)
            if hasattr(found, name):
                return getattr(found, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
