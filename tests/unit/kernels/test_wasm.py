"""Every built loop as WebAssembly made at run time, against the C++ loops of this machine, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
import support
import wasm_node
from test_elementwise import built, operands

registry, loops = support.submodule("registry"), support.submodule("emit_wasm_loops")
COUNTS = (0, 1, 7, 33)


@pytest.fixture(scope="module")
def kernels():
    return support.Kernels(support.levels_here()[-1])


@pytest.fixture(scope="module")
def answers():
    """Per loop: what WebAssembly gives for its operands, at once, strided, in place and for short runs."""
    modules, calls, keys = [], [], []
    for name, signature in built():
        modules.append(loops.emit_elementwise(registry.compiled(name, signature)))
        inputs = operands(name, signature, seed=5, count=700)
        size = inputs[0].size
        outputs = [np.zeros(size, character) for character in signature.split("->")[1]]
        every = [*inputs, *outputs]
        module = len(modules) - 1
        keys.append((name, signature, "contiguous", inputs))
        calls.append(wasm_node.Call(module, "contiguous", every, size))
        keys.append((name, signature, "strided", inputs))
        strides = [array.itemsize for array in every]
        calls.append(wasm_node.Call(module, "strided", every, size, strides))
        for count in COUNTS:
            keys.append((name, signature, f"{count} elements", [array[-count or size :] for array in inputs]))
            short = [array[-count or size :] for array in every]
            calls.append(wasm_node.Call(module, "contiguous", short, count))
    found: dict[tuple[str, str], list] = {}
    for (name, signature, form, inputs), call, answer in zip(keys, calls, wasm_node.run(modules, calls), strict=True):
        found.setdefault((name, signature), []).append((form, inputs, call, answer))
    return found


@pytest.mark.parametrize(("name", "signature"), built())
def test_equals_built_in_loop(kernels, answers, name, signature):
    for form, inputs, call, (flags, results) in answers[name, signature]:
        if call.count == 0:
            assert flags == 0
            assert not any(array.any() for array in results[len(inputs) :])
            continue
        expected, raised = kernels(name, signature, *inputs)
        got = {kind for kind, bit in support.FLAG_BITS.items() if flags & bit}
        for want, have in zip(expected, results[len(inputs) :], strict=True):
            same = support.same_bits(want, have)
            at = int(np.flatnonzero(~same)[0]) if not same.all() else 0
            assert same.all(), (
                f"{name} {signature} {form}: of {[array[at] for array in inputs]} {have[at]!r}, built-in {want[at]!r}"
            )
        assert got == raised, f"{name} {signature} {form}: flags {got}, built-in {raised}"
