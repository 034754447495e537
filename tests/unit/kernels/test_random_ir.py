"""Random well-typed functions give the same on every target; ill-typed ones are refused with their place."""

from __future__ import annotations

import ctypes
import random
import struct

import numpy as np
import pytest
import random_ir
import support
import wasm_node
from random_ir import Maker, arguments, same

ir, interpreter, passes = (support.submodule(name) for name in ("ir", "interpreter", "passes"))
compose, typesystem, exits = (support.submodule(name) for name in ("compose", "typesystem", "exits"))
vectorize = support.submodule("vectorize")
emit_wasm, emit_wasm_loops = support.submodule("emit_wasm"), support.submodule("emit_wasm_loops")

ENTRIES = 4000 if support.FULL else 1000
ELEMENTWISE = 4000 if support.FULL else 1000
COUNT = 37
SLOTS = {("b", 1): "?7x", ("i", 8): "b7x", ("u", 8): "B7x", ("i", 16): "h6x", ("u", 16): "H6x", ("i", 32): "i4x",
         ("u", 32): "I4x", ("i", 64): "q", ("u", 64): "Q", ("f", 32): "f4x", ("f", 64): "d"}  # fmt: skip
LETTERS = {("b", 1): "?", ("i", 8): "b", ("u", 8): "B", ("i", 16): "h", ("u", 16): "H", ("i", 32): "i",
           ("u", 32): "I", ("i", 64): "q", ("u", 64): "Q", ("f", 32): "f", ("f", 64): "d"}  # fmt: skip


def slots(types) -> struct.Struct:
    return struct.Struct("<" + "".join(SLOTS[kind.kind, kind.bits] for kind in types))


def entry_case(seed: int):
    """A function with exits, and perhaps memory; its arguments; what it gives: (code, results, memory)."""
    function = Maker(seed, size=8 + seed % 30, exits=True, memory=seed % 2 == 0, flags=False).function()
    memory = seed % 2 == 0
    given = [column[0] for column in arguments(function, 1, seed)]
    data = bytearray(random.Random(seed).randbytes(random_ir.MEMORY)) if memory else None
    if memory:
        # Numbers in memory are no NaNs, whose bits could be seen by other loads.
        data = bytearray(byte & 0x3F for byte in data)
        given[0] = 0
    before = bytes(data or b"")
    try:
        results, _ = interpreter.interpret(function, given, data)
        code = 0
    except interpreter.Failure as failure:
        results, code = [], failure.code
    return function, given, before, (code, results, bytes(data or b""))


@pytest.fixture(scope="module")
def entries():
    return [entry_case(seed) for seed in range(ENTRIES)]


def elementwise_case(seed: int):
    """A kernel, operands, and what it gives: (results, flags)."""
    function = Maker(seed, size=8 + seed % 30, exits=seed % 3 == 0).function()
    columns = arguments(function, COUNT, seed)
    rows, raised = [], set()
    for row in zip(*columns, strict=True):
        results, flags = interpreter.interpret(function, list(row))
        rows.append(results)
        raised |= flags
    return function, columns, ([list(column) for column in zip(*rows, strict=True)], raised)


@pytest.fixture(scope="module")
def kernels():
    return [elementwise_case(seed) for seed in range(ELEMENTWISE)]


def ready(function):
    """As emitters of elementwise kernels get it: simplified, without early exits."""
    copied = compose.copy_function(function)
    if any(operation.name in ir.LEAVING for operation in ir.walk(copied.body)):
        exits.lower_exits(copied)
    return passes.simplify(copied)


def as_array(column, kind) -> np.ndarray:
    with np.errstate(over="ignore"):
        return np.array(column, LETTERS[kind.kind, kind.bits])


def explain(seed, function, got, wanted) -> str:
    return f"seed {seed}: got {got}, the interpreter gives {wanted}\n{ir.format_function(function)}"


def check_entry(seed, case, code, results, memory):
    function, _, _, (wanted_code, wanted, wanted_memory) = case
    assert code == wanted_code, explain(seed, function, code, wanted_code)
    if not code:
        assert all(map(same, results, wanted)), explain(seed, function, results, wanted)
    assert memory == wanted_memory, explain(seed, function, memory, wanted_memory)


def check_elementwise(seed, case, form, flags, results):
    function, _, (wanted, raised) = case
    assert {kind for kind, bit in support.FLAG_BITS.items() if flags & bit} == raised, (
        f"{form}: {explain(seed, function, flags, raised)}"
    )
    for column, expected in zip(results, wanted, strict=True):
        for index, (x, y) in enumerate(zip(column.tolist(), expected, strict=True)):
            assert same(x, y), f"{form}, element {index}: {explain(seed, function, x, y)}"


def test_simplified(entries, kernels):
    """Passes and the rewriting of exits change no result."""
    for seed, case in enumerate(entries):
        function, given, before, _ = case
        copied = passes.simplify(compose.copy_function(function))
        ir.verify(copied)
        data = bytearray(before) if before else None
        try:
            results, _ = interpreter.interpret(copied, given, data)
            code = 0
        except interpreter.Failure as failure:
            results, code = [], failure.code
        check_entry(seed, case, code, results, bytes(data or b""))
    for seed, (function, columns, (wanted, raised)) in enumerate(kernels):
        copied = ready(function)
        ir.verify(copied)
        ir.verify(vectorize.vectorized(copied))
        found = set()
        for index, row in enumerate(zip(*columns, strict=True)):
            results, flags = interpreter.interpret(copied, list(row))
            found |= flags
            assert all(same(x, column[index]) for x, column in zip(results, wanted, strict=True)), explain(
                seed, function, results, [column[index] for column in wanted]
            )
        assert found == raised, explain(seed, function, found, raised)


def test_entries_as_webassembly(entries):
    modules, calls = [], []
    for function, given, before, _ in entries:
        modules.append(emit_wasm.emit_entry(passes.simplify(compose.copy_function(function))))
        types = [value.type for value in function.parameters]
        operands = [np.frombuffer(slots(types).pack(*given), "B"),
                    np.zeros(8 * len(function.result_types), "B")]  # fmt: skip
        if before:
            operands.append(np.frombuffer(before, "B"))
        calls.append(wasm_node.Call(len(modules) - 1, "entry", operands))
    for seed, (case, (code, operands)) in enumerate(zip(entries, wasm_node.run(modules, calls), strict=True)):
        results = slots(case[0].result_types).unpack(operands[1].tobytes())
        check_entry(seed, case, code, results, operands[2].tobytes() if len(operands) > 2 else b"")


def test_kernels_as_webassembly(kernels):
    modules, calls = [], []
    for function, columns, _ in kernels:
        modules.append(emit_wasm_loops.emit_elementwise(ready(function)))
        operands = [as_array(column, value.type) for column, value in zip(columns, function.parameters, strict=True)]
        operands += [np.zeros(COUNT, LETTERS[kind.kind, kind.bits]) for kind in function.result_types]
        calls.append(wasm_node.Call(len(modules) - 1, "contiguous", operands, COUNT))
        strides = [array.itemsize for array in operands]
        calls.append(wasm_node.Call(len(modules) - 1, "strided", operands, COUNT, strides))
    answers = wasm_node.run(modules, calls)
    for index, (flags, operands) in enumerate(answers):
        case = kernels[index // 2]
        form = calls[index].form
        check_elementwise(index // 2, case, form, flags, operands[len(case[1]) :])


CPP_KERNELS = 600 if support.FULL else 120


def test_kernels_as_cpp(kernels, tmp_path):
    """Compiled for the highest level of this machine, in one file."""
    emit_cpp = support.submodule("emit_cpp")
    made = [emit_cpp.emit_kernel(ready(function)) for function, _, _ in kernels[:CPP_KERNELS]]
    helpers = {name: text for kernel in made for name, text in kernel.helpers.items()}
    ordered = sorted(helpers.items(), key=lambda item: (not item[0].startswith("table_"), item[0]))
    lines = ['#include "kernels/language/runtime.hpp"', "namespace wasmnp {", "namespace ISA {"]
    lines += [text for _, text in ordered]
    lines += dict.fromkeys(kernel.text for kernel in made)
    for index, kernel in enumerate(made):
        lines.append(
            f'extern "C" __attribute__((visibility("default"), used)) std::uint32_t case_{index}'
            f"(char* const* operands, std::intptr_t count) {{ return contiguous<{kernel.name}>(operands, count); }}"
        )
    library = support.compile_library("\n".join([*lines, "}", "}", ""]), tmp_path)
    for seed, case in enumerate(kernels[:CPP_KERNELS]):
        function, columns, _ = case
        operands = [as_array(column, value.type) for column, value in zip(columns, function.parameters, strict=True)]
        operands += [np.zeros(COUNT, LETTERS[kind.kind, kind.bits]) for kind in function.result_types]
        pointers = (ctypes.c_void_p * len(operands))(*(array.ctypes.data for array in operands))
        body = getattr(library, f"case_{seed}")
        body.restype = ctypes.c_uint32
        flags = body(pointers, ctypes.c_ssize_t(COUNT))
        check_elementwise(seed, case, "C++", flags, operands[len(columns) :])


def _bent(function, source: random.Random):
    """A copy with one fault in its types or its order; None if there is no place for it."""
    copied = compose.copy_function(function)
    operations = [op for op in ir.walk(copied.body) if op.operands and op.name in (*ir.BINARY_ARITHMETIC, "select")]
    if not operations:
        return None
    operation = source.choice(operations)
    fault = source.choice(("type", "count", "order"))
    if fault == "type":
        wrong = typesystem.f64 if operation.operands[-1].type != typesystem.f64 else typesystem.i16
        stranger = ir.Value(wrong)
        copied.body.parameters.append(stranger)
        operation.operands[-1] = stranger
    elif fault == "count":
        operation.operands.append(operation.operands[0])
    else:
        operation.operands[0] = operation.result
    return copied


def test_ill_typed_functions_are_refused():
    source, refused = random.Random(3), 0
    for seed in range(ENTRIES):
        bent = _bent(Maker(seed, exits=True).function(), source)
        if bent is None:
            continue
        with pytest.raises(ir.KernelError) as caught:
            ir.verify(bent)
        assert caught.value.location == random_ir.PLACE, str(caught.value)
        refused += 1
    assert refused > ENTRIES // 2


@pytest.mark.parametrize("name", ["fma", "f16"])
def test_what_webassembly_lacks_is_refused_by_name(name):
    kind = typesystem.f16 if name == "f16" else typesystem.f64
    body = ir.Region([ir.Value(kind)])
    x = body.parameters[0]
    made = support.submodule("builder").Builder(body)
    operands = [x, x, x] if name == "fma" else [x, x]
    body.results = [made.emit("fma" if name == "fma" else "add", operands, [kind], random_ir.PLACE).result]
    function = ir.Function("lacking", body, random_ir.PLACE)
    for emit in (emit_wasm.emit_entry, emit_wasm_loops.emit_elementwise):
        with pytest.raises(ir.KernelError, match=name):
            emit(function)


def test_entries_by_llvm(entries):
    from wasmnp.jit import llvm_driver

    for seed, case in enumerate(entries):
        function, given, before, _ = case
        code = llvm_driver.build_entry(passes.simplify(compose.copy_function(function)))
        memory = ctypes.create_string_buffer(before, len(before) or 1)
        numbers = [ctypes.addressof(memory), *given[1:]] if before else given
        packed = ctypes.create_string_buffer(slots([value.type for value in function.parameters]).pack(*numbers))
        results = ctypes.create_string_buffer(8 * len(function.result_types))
        failed = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p)(code.address)(
            ctypes.addressof(packed), ctypes.addressof(results)
        )
        found = slots(function.result_types).unpack(results.raw)
        check_entry(seed, case, failed, found, memory.raw[: len(before)])


def test_kernels_by_llvm(kernels):
    from wasmnp.jit import llvm_driver

    for seed, case in enumerate(kernels):
        function, columns, _ = case
        code = llvm_driver.build_elementwise(ready(function), "random")
        for form in ("contiguous", "strided"):
            operands = [
                as_array(column, value.type) for column, value in zip(columns, function.parameters, strict=True)
            ]
            operands += [np.zeros(COUNT, LETTERS[kind.kind, kind.bits]) for kind in function.result_types]
            pointers = (ctypes.c_void_p * len(operands))(*(array.ctypes.data for array in operands))
            if form == "contiguous":
                body = ctypes.CFUNCTYPE(ctypes.c_uint32, ctypes.c_void_p, ctypes.c_ssize_t)(code.contiguous)
                flags = body(ctypes.addressof(pointers), COUNT)
            else:
                kinds = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_ssize_t)
                strides = (ctypes.c_ssize_t * len(operands))(*(array.itemsize for array in operands))
                body = ctypes.CFUNCTYPE(ctypes.c_uint32, *kinds)(code.strided)
                flags = body(ctypes.addressof(pointers), ctypes.addressof(strides), COUNT)
            check_elementwise(seed, case, f"LLVM, {form}", flags, operands[len(columns) :])
