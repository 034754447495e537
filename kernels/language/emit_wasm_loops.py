"""The loops around kernels in WebAssembly: over contiguous operands in vectors, and element by element.

A step in vectors may be in trouble: some lane raises an error, or wants a rare branch. What a step does then is kept
out of the loop, where it would cost registers: functions of one step, first in vectors with every branch, then, if a
lane wants what is long, element by element.
"""

from __future__ import annotations

from collections.abc import Callable

from . import wasm_module as w
from .emit_wasm import Writer, emit_single, emit_strided
from .emit_wasm_simd import VectorWriter, lanes_of
from .ir import FLAG_BITS, Function, Value
from .typesystem import Type
from .vectorize import flag_kinds, postpones, vectorized

Call = Callable[[], None]  # puts code that does a step, or what is left, and leaves its errors on the stack


def emit_elementwise(function: Function, unroll: int = 2) -> w.Module:
    """A module that exports a kernel as ``contiguous`` and ``strided`` (:file:`kernels/cpu/kernel_table.hpp`).

    Parameters
    ----------
    function : Function
        Simplified IR that does not leave regions early; see :func:`.exits.lower_exits`.
    unroll : int
        Registers of the narrowest type per step.
    """
    module = w.Module()
    single = emit_single(module, function)
    total = len(function.parameters) + len(function.results)
    emit_strided(module, single, total, "strided")
    vector = vectorized(function)
    lanes = lanes_of(vector) * unroll
    careful = None
    if postpones(function):
        code = w.Code([w.I32] * total, [w.I32])
        step = _Step(module, code, function, lanes, unroll, list(range(total)))
        step.write(vector, lambda: step.call_single(single, w.i32_const(lanes)))
        code.get(step.errors)
        careful = step.finish(0)
        vector = vectorized(function, careful=False)
    _emit_contiguous(module, function, vector, lanes, unroll, single, careful)
    return module


class _Step:
    """One step of a kernel, in a function.

    ``pointers`` are the locals that point to its operands, ``errors`` that which collects floating-point errors.
    """

    def __init__(
        self, module: w.Module, code: w.Code, function: Function, lanes: int, unroll: int, pointers: list[int]
    ) -> None:
        self.module = module
        self.code = code
        self.function = function
        self.lanes = lanes
        self.pointers = pointers
        self.errors = code.local(w.I32)
        self.types: list[Type] = [value.type for value in (*function.parameters, *function.results)]
        self.scalar = Writer(module, code)
        self.vector = VectorWriter(module, code, lanes, self.scalar)
        self.vector.mask_width = 128 * unroll // lanes

    def call_single(self, index: int, count: bytes) -> None:
        """Call the kernel element by element."""
        for pointer in self.pointers:
            self.code.get(pointer)
        for kind in self.types:
            self.code.put(w.i32_const(kind.size))
        self.code.put(count, bytes((w.CALL,)), w.unsigned(index))

    def collect(self) -> None:
        """Add the errors on the stack to those that there are."""
        self.code.get(self.errors)
        self.code.put(b"\x72")
        self.code.set(self.errors)

    def known(self, value: Value) -> bool | None:
        """What a bool is, where that is known."""
        return value.op.attributes["value"] if self.vector.is_constant(value) else None  # type: ignore[union-attr]

    def write(self, vector: Function, again: Call, *, looks: bool = True) -> None:
        """Put a step of a vector form; ``again`` does it where lanes are pending.

        Without ``looks``, also where lanes raise errors.
        """
        code, scalar, writer = self.code, self.scalar, self.vector
        scalar.prepare(vector)
        for value, pointer in zip(vector.parameters, self.pointers, strict=False):
            writer.load(value, pointer)
        count = len(self.function.results)
        results, troubles = vector.results[:count], vector.results[count:]
        chains = [_alternatives(value, scalar.uses) for value in troubles]
        passed = {value for trouble in troubles for value in _disjunctions(trouble, scalar.uses)}
        operations = vector.body.operations
        vector.body.operations = [op for op in operations if not (op.results and op.results[0] in passed)]
        writer.region(vector.body)
        masks = [[mask for mask in chain if self.known(mask) is not False] for chain in chains]
        every = [mask for chain in masks for mask in chain]
        if every:
            if looks:
                self.look(masks, every)
            else:
                writer.push_any(every)
            # Results may wait to be computed until they are stored, so that a step that is done again needs none.
            scalar.open(w.IF)
            again()
            self.collect()
            code.put(bytes((w.ELSE,)))
        for value, pointer in zip(results, self.pointers[len(vector.parameters) :], strict=True):
            writer.store(value, pointer)
        if every:
            scalar.close()

    def look(self, masks: list[list[Value]], every: list[Value]) -> None:
        """Push whether a lane is pending; if none is, collect the errors of the lanes."""
        code, scalar, writer = self.code, self.scalar, self.vector
        for mask in dict.fromkeys(every):
            if not writer.is_constant(mask):
                writer.parts(mask)  # they are looked at twice
        *errors, pending = masks
        redo = code.local(w.I32)
        writer.push_any(every)
        code.put(bytes((w.LOCAL_TEE,)), w.unsigned(redo))
        scalar.open(w.IF)
        writer.push_any(pending)
        code.put(bytes((w.LOCAL_TEE,)), w.unsigned(redo), b"\x45")
        scalar.open(w.IF)
        for kind, chain in zip(flag_kinds(self.function), errors, strict=True):
            if chain:
                writer.push_any(chain)
                code.put(w.i32_const(FLAG_BITS[kind].bit_length() - 1), b"\x74")
                self.collect()
        scalar.close()
        scalar.close()
        code.get(redo)

    def finish(self, start: int, name: str | None = None) -> int:
        """Add the function to the module, with its constants set at a place in its code; gives its index."""
        constants = bytearray()
        for data, local in self.vector.constants.items():
            constants += w.v128_const(data) + bytes((w.LOCAL_SET,)) + w.unsigned(local)
        self.code.data[start:start] = constants
        return self.module.add(self.code, name)


def _emit_contiguous(
    module: w.Module, function: Function, vector: Function, lanes: int, unroll: int, single: int, careful: int | None
) -> None:
    """Export the loop over whole steps, and the rest, as a BlockKernel."""
    code = w.Code([w.I32, w.I32], [w.I32])
    total = len(function.parameters) + len(function.results)
    step = _Step(module, code, function, lanes, unroll, [code.local(w.I32) for _ in range(total)])
    scalar = step.scalar
    for k, pointer in enumerate(step.pointers):
        code.get(0)
        code.put(b"\x28\x02", w.unsigned(4 * k))
        code.set(pointer)
    start = len(code.data)

    def again() -> None:
        if careful is None:
            step.call_single(single, w.i32_const(lanes))
            return
        for pointer in step.pointers:
            code.get(pointer)
        code.put(bytes((w.CALL,)), w.unsigned(careful))

    block, loop = scalar.open(w.BLOCK), scalar.open(w.LOOP)
    code.get(1)
    code.put(w.i32_const(lanes), b"\x48")
    scalar.branch_to(block, w.BR_IF)
    step.write(vector, again, looks=careful is None)
    for pointer, kind in zip(step.pointers, step.types, strict=True):
        code.get(pointer)
        code.put(w.i32_const(lanes * kind.size), b"\x6a")
        code.set(pointer)
    code.get(1)
    code.put(w.i32_const(lanes), b"\x6b")
    code.set(1)
    scalar.branch_to(loop)
    scalar.close()
    scalar.close()
    step.call_single(single, bytes((w.LOCAL_GET, 1)))
    step.collect()
    code.get(step.errors)
    step.finish(start, "contiguous")


def _alternatives(value: Value, uses: dict[Value, int]) -> list[Value]:
    """The bools whose disjunction is ``value``."""
    operation = value.op
    if operation is None or operation.name != "or" or uses[value] > 1:
        return [value]
    return [found for operand in operation.operands for found in _alternatives(operand, uses)]


def _disjunctions(value: Value, uses: dict[Value, int]) -> list[Value]:
    """The ``or`` operations that `_alternatives` looks through."""
    operation = value.op
    if operation is None or operation.name != "or" or uses[value] > 1:
        return []
    return [value, *(found for operand in operation.operands for found in _disjunctions(operand, uses))]
