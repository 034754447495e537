"""Machine code in the browser: WebAssembly modules, instantiated in the interpreter's own engine."""

from __future__ import annotations

from typing import Any

from .. import _native
from .._kernels.language.emit_wasm import emit_entry
from .._kernels.language.emit_wasm_loops import emit_elementwise
from .._kernels.language.ir import Function
from .._kernels.language.wasm_module import Module
from .code import ElementwiseCode, EntryCode


def _load(module: Module) -> tuple[dict[str, int], Any]:
    """The addresses of the exported functions by name, and what keeps them alive."""
    addresses, owner = _native.instantiate(module.encoded(), module.data_size)
    return dict(zip(module.exports, addresses, strict=True)), owner


def build_elementwise(function: Function, name: str) -> ElementwiseCode:
    """Machine code of an elementwise kernel that is simplified and leaves no region early."""
    addresses, owner = _load(emit_elementwise(function))
    return ElementwiseCode(addresses["contiguous"], addresses["strided"], owner)


def build_entry(function: Function) -> EntryCode:
    """Machine code of a function of scalars."""
    addresses, owner = _load(emit_entry(function))
    return EntryCode(addresses["entry"], owner)
