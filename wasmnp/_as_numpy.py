"""Standing in for NumPy: module aliases, names and metadata. Loaded only when it is asked for."""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.metadata
import importlib.util
import sys
from collections.abc import Iterable, Sequence
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

from . import _native, version

_PACKAGE = __name__.partition(".")[0]


class _AliasLoader:
    """Hands out a module that is already loaded under another name."""

    def __init__(self, module: ModuleType) -> None:
        self.module = module
        self.spec = module.__spec__

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return self.module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self.spec  # the import system has just replaced it


class _NumPyMetadata(importlib.metadata.Distribution):
    """What ``importlib.metadata`` says of the distribution ``numpy``."""

    def read_text(self, filename: str) -> str | None:
        if filename == "METADATA":
            return f"Metadata-Version: 2.1\nName: numpy\nVersion: {version.version}\nSummary: wasmnp as numpy\n"
        return None

    def locate_file(self, path: Any) -> Any:
        raise FileNotFoundError(path)


class _NumPyFinder:
    """Resolves ``numpy`` and ``numpy.X`` to wasmnp's modules, and the distribution ``numpy`` to its metadata."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != "numpy" and not name.startswith("numpy."):
            return None
        own = _PACKAGE + name[len("numpy") :]
        try:
            module = importlib.import_module(own)
        except ModuleNotFoundError as error:
            if error.name != own:
                raise
            raise ModuleNotFoundError(f"No module named {name!r}", name=name) from None
        return importlib.util.spec_from_loader(name, _AliasLoader(module), is_package=hasattr(module, "__path__"))

    @staticmethod
    def find_distributions(context: Any = None) -> Iterable[importlib.metadata.Distribution]:
        wanted = getattr(context, "name", None)
        return [_NumPyMetadata()] if wanted == "numpy" else []

    @staticmethod
    def invalidate_caches() -> None:
        """Nothing is cached here."""


def _rename(module: ModuleType) -> None:
    """Let the classes and functions that `module` defines say ``numpy`` in ``__module__``, and so in pickles."""
    for value in vars(module).values():
        if getattr(value, "__module__", None) == module.__name__ and isinstance(
            value, type | FunctionType | BuiltinFunctionType
        ):
            value.__module__ = "numpy" + module.__name__[len(_PACKAGE) :]


def install() -> None:
    """What `install_as_numpy` does."""
    loaded = sys.modules.get("numpy")
    if loaded is sys.modules[_PACKAGE]:
        return
    if loaded is not None:
        raise ImportError(
            "NumPy is already imported in this process; call install_as_numpy() before anything imports it"
        )
    _native._set_identity("numpy")
    for name, module in list(sys.modules.items()):
        if name == _PACKAGE or name.startswith(_PACKAGE + "."):
            _rename(module)
    sys.meta_path.insert(0, _NumPyFinder)  # type: ignore[arg-type]
    importlib.import_module("numpy")
