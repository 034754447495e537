"""Machine code on the desktop: LLVM, through llvmlite, for the processor at hand.

Importing this module imports llvmlite; the package does so when something is compiled.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .._kernels.language.emit_llvm import emit_entry
from .._kernels.language.emit_llvm_loops import emit_elementwise, gains_from_passes
from .._kernels.language.ir import Function
from .code import ElementwiseCode, EntryCode

try:
    from llvmlite import binding as llvm
except ImportError as error:
    raise ImportError("compiling functions on the desktop needs llvmlite: pip install wasmnp[jit]") from error

_lock = threading.Lock()  # of everything here: LLVM's objects belong to one thread at a time
_host: _Host | None = None


@dataclass(frozen=True)
class _Host:
    """The processor at hand, as LLVM knows it."""

    target: Any
    cpu: str
    features: str
    width: int  # bytes of a vector register
    machine: Any  # writes object code; kept, because making one takes a while
    head: str  # the first lines of every module

    @classmethod
    def detect(cls) -> _Host:
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        triple = llvm.get_process_triple()
        target = llvm.Target.from_triple(triple)
        available = llvm.get_host_cpu_features()
        cpu, features = llvm.get_host_cpu_name(), available.flatten()
        width = 64 if available.get("avx512dq") and available.get("avx512vl") else 32 if available.get("avx2") else 16
        machine = target.create_target_machine(cpu=cpu, features=features, opt=2, reloc="pic", jit=True)
        head = f'target triple = "{triple}"\ntarget datalayout = "{machine.target_data}"\n'
        return cls(target, cpu, features, width, machine, head)

    def engine(self) -> Any:
        """An empty engine. It takes a target machine for itself, which need not know the processor to load code."""
        machine = self.target.create_target_machine(reloc="pic", jit=True)
        return llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)


def host() -> _Host:
    """The processor at hand; detected once."""
    global _host
    if _host is None:
        _host = _Host.detect()
    return _host


def _optimize_kernel(host: _Host, module: Any) -> None:
    """A few passes: kernels are simplified already, and vectors from the start."""
    builder = llvm.create_pass_builder(host.machine, llvm.create_pipeline_tuning_options(1))
    manager = llvm.create_new_function_pass_manager()
    manager.add_sroa_pass()
    manager.add_instruction_combine_pass()
    manager.add_simplify_cfg_pass()
    for function in module.functions:
        if not function.is_declaration:
            manager.run(function, builder)
    _dispose(manager)


def _optimize_entry(host: _Host, module: Any) -> None:
    """LLVM's own pipeline, with which loops over arrays may become vector code."""
    options = llvm.create_pipeline_tuning_options(2)
    options.loop_vectorization = options.slp_vectorization = True
    builder = llvm.create_pass_builder(host.machine, options)
    manager = builder.getModulePassManager()
    manager.run(module, builder)
    _dispose(manager)


def _dispose(manager: Any) -> None:
    """Free a pass manager: of llvmlite's two ``_dispose`` methods for them, its ``close`` finds the empty one."""
    llvm.NewPassManager._dispose(manager)
    manager.detach()


def _load(text: str, optimize: Callable[[_Host, Any], None] | None, names: list[str]) -> tuple[list[int], Any]:
    """The addresses of functions of a module, and what keeps them alive."""
    with _lock:
        here = host()
        # A context of its own, so that nothing of the module outlives its object code.
        with llvm.create_context() as context, llvm.parse_assembly(here.head + text, context) as module:
            if optimize is not None:
                optimize(here, module)
            code = here.machine.emit_object(module)
        engine = here.engine()
        engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        engine.finalize_object()
        return [engine.get_function_address(name) for name in names], engine


def build_elementwise(function: Function, name: str) -> ElementwiseCode:
    """Machine code of an elementwise kernel that is simplified.

    Parameters
    ----------
    function : Function
        Without memory, calls and ``fail``.
    name : str
        What the kernel is called; the code does not depend on it.

    Raises
    ------
    KernelError
        Naming what the emitter lacks, with its place.
    """
    with _lock:
        width = host().width
    text = emit_elementwise(function, width)
    optimize = _optimize_kernel if gains_from_passes(function) else None
    (contiguous, strided), owner = _load(text, optimize, ["contiguous", "strided"])
    return ElementwiseCode(contiguous, strided, owner)


def build_entry(function: Function) -> EntryCode:
    """Machine code of a function of scalars; raises as `build_elementwise` does."""
    (address,), owner = _load(emit_entry(function), _optimize_entry, ["entry"])
    return EntryCode(address, owner)
