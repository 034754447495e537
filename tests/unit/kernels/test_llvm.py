"""LLVM's code: built loops against the C++ loops of this machine, functions of scalars against the interpreter."""

from __future__ import annotations

import ctypes
import gc
import itertools
import math
import re
import struct
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import support
from llvmlite import binding as llvm
from test_elementwise import built, operands
from wasmnp.jit import llvm_driver

import wasmnp

registry, emit_llvm, emit_loops = (support.submodule(name) for name in ("registry", "emit_llvm", "emit_llvm_loops"))
ir, builder, types = (support.submodule(name) for name in ("ir", "builder", "typesystem"))
interpreter, passes, promotion = (support.submodule(name) for name in ("interpreter", "passes", "promotion"))
user_frontend, user_values = support.submodule("user_frontend"), support.submodule("user_values")
NUMBERS = (types.bool_, *types.SIGNED.values(), *types.UNSIGNED.values(), types.f32, types.f64)
INTEGERS, FLOATS = [kind for kind in NUMBERS if kind.is_integer], [types.f32, types.f64]
WIDTHS = (16, 32, 64)
HERE = ir.Location("test_llvm.py", 1)


# -- loops ------------------------------------------------------------------------------------------------------------


class Loops:
    """A kernel made at run time."""

    def __init__(self, function, width: int | None = None) -> None:
        if width is None:
            self.code = llvm_driver.build_elementwise(function, function.name)
            contiguous, strided = self.code.contiguous, self.code.strided
        else:
            text = emit_loops.emit_elementwise(function, width)
            names = ["contiguous", "strided"]
            (contiguous, strided), self.code = llvm_driver._load(text, llvm_driver._optimize_kernel, names)
        flags, pointer, size = ctypes.c_uint32, ctypes.c_void_p, ctypes.c_ssize_t
        self.contiguous = ctypes.CFUNCTYPE(flags, pointer, size)(contiguous)
        self.strided = ctypes.CFUNCTYPE(flags, pointer, pointer, size)(strided)

    def __call__(self, arrays: list[np.ndarray], count: int, strides: list[int] | None = None) -> set[str]:
        """The flags that a run raises; it changes the last arrays."""
        pointers = (ctypes.c_void_p * 6)(*(array.ctypes.data for array in arrays))
        if strides is None:
            flags = self.contiguous(pointers, count)
        else:
            flags = self.strided(pointers, (ctypes.c_ssize_t * 6)(*strides), count)
        return {kind for kind, bit in support.FLAG_BITS.items() if flags & bit}


@pytest.fixture(scope="module")
def kernels():
    return support.Kernels(support.levels_here()[-1])


def results_of(signature: str, count: int) -> list[np.ndarray]:
    return [np.full(count, 0, character) for character in signature.split("->")[1]]


def check(what: str, inputs, expected, raised, results, flags) -> None:
    for want, have in zip(expected, results, strict=True):
        same = support.same_bits(want, have)
        at = int(np.flatnonzero(~same)[0]) if not same.all() else 0
        assert same.all(), f"{what}: of {[array[at] for array in inputs]} {have[at]!r}, built-in {want[at]!r}"
    assert flags == raised, f"{what}: flags {flags}, built-in {raised}"


@pytest.mark.parametrize(("name", "signature"), built())
def test_equals_built_in_loop(kernels, name, signature):
    loops = Loops(registry.compiled(name, signature))
    inputs = operands(name, signature, seed=5, count=700)
    size = inputs[0].size
    expected, raised = kernels(name, signature, *inputs)
    results = results_of(signature, size)
    check(f"{name} {signature}", inputs, expected, raised, results, loops([*inputs, *results], size))
    # One element in three of larger arrays, from the last one to the first.
    spread = [np.repeat(array, 3) for array in inputs]
    wide = results_of(signature, 2 * size)
    last = [array[-1:] for array in (*spread, *wide)]
    strides = [-3 * array.itemsize for array in inputs] + [-2 * array.itemsize for array in wide]
    flags = loops(last, size, strides)
    check(f"{name} {signature} strided", inputs, expected, raised, [array[1::2].copy() for array in wide], flags)
    for array in wide:
        assert not array[::2].any(), f"{name} {signature} strided: writes between the elements of a result"
    for count in range(34):
        few = [array[size - count :].copy() for array in inputs]
        expected, raised = kernels(name, signature, *few) if count else (results_of(signature, 0), set())
        guarded = results_of(signature, count + 1)
        flags = loops([*few, *guarded], count)
        check(
            f"{name} {signature} {count} elements", few, expected, raised, [array[:count] for array in guarded], flags
        )
        assert not any(array[count:].any() for array in guarded), f"{name} {signature} {count} elements: writes behind"


def in_place() -> list[tuple[str, str]]:
    """Loops whose results fit over an input."""
    return [(name, s) for name, s in built() if len(s.split("->")[1]) == 1 and s[0] == s[-1]]


@pytest.mark.parametrize(("name", "signature"), in_place())
def test_result_over_input(kernels, name, signature):
    loops = Loops(registry.compiled(name, signature))
    inputs = operands(name, signature, seed=6, count=200)
    expected, raised = kernels(name, signature, *inputs)
    for position, character in enumerate(signature.split("->")[0]):
        if character != signature[-1]:
            continue
        arrays = [array.copy() for array in inputs]
        flags = loops([*arrays, arrays[position]], inputs[0].size)
        check(f"{name} {signature} over input {position}", inputs, expected, raised, [arrays[position]], flags)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    ("name", "signature"),
    [("add", "bb->b"), ("floor_divide", "hh->h"), ("exp", "f->f"), ("sin", "d->d"), ("power", "DD->D"),
     ("sin", "F->F"), ("less", "ii->?"), ("modf", "d->dd"), ("square", "q->q")],
)  # fmt: skip
def test_registers_of_every_width(kernels, width, name, signature):
    loops = Loops(registry.compiled(name, signature), width)
    inputs = operands(name, signature, seed=7, count=400)
    expected, raised = kernels(name, signature, *inputs)
    results = results_of(signature, inputs[0].size)
    flags = loops([*inputs, *results], inputs[0].size)
    check(f"{name} {signature}, {width} bytes", inputs, expected, raised, results, flags)


def test_accumulates_in_order():
    loops = Loops(registry.compiled("add", "dd->d"))
    total, values = np.array([1e16]), np.array([1.0, -1e16, 3.0])
    loops([total, values, total], 3, [0, 8, 0])
    assert total[0] == ((1e16 + 1.0) + -1e16) + 3.0


def test_nothing_is_taken_from_the_mathematical_library():
    """But for copies of memory, every instruction is here."""
    host = llvm_driver.host()
    for name, signature in built():
        text = host.head + emit_loops.emit_elementwise(registry.compiled(name, signature), host.width)
        with llvm.create_context() as context, llvm.parse_assembly(text, context) as module:
            llvm_driver._optimize_kernel(host, module)
            assembly = host.machine.emit_assembly(module)
        called = set(re.findall(r"\b(?:call|jmp)q?\s+\*?([a-zA-Z_]\w*)@", assembly))
        assert called <= {"memcpy", "memset"}, f"{name} {signature} calls {called}"


# -- functions of scalars ---------------------------------------------------------------------------------------------


def slot(value, scalar) -> bytes:
    return builder.constant_bits(value, scalar).to_bytes(scalar.size, "little").ljust(8, b"\0")


class Entry:
    """A function made at run time."""

    def __init__(self, function) -> None:
        self.function = function
        self.code = llvm_driver.build_entry(function)
        self.call = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_char_p, ctypes.c_void_p)(self.code.address)

    def __call__(self, *arguments) -> tuple[int, list]:
        """The error code, and the results as Python numbers."""
        kinds = self.function.result_types
        given = b"".join(slot(x, value.type) for x, value in zip(arguments, self.function.parameters, strict=True))
        results = ctypes.create_string_buffer(8 * len(kinds) + 8)
        code = self.call(given, ctypes.addressof(results))
        patterns = [results.raw[8 * k : 8 * k + kind.size] for k, kind in enumerate(kinds)]
        return code, [
            builder.value_of_bits(int.from_bytes(pattern, "little"), kind)
            for pattern, kind in zip(patterns, kinds, strict=True)
        ]


def same(x, y, scalar) -> bool:
    return builder.constant_bits(x, scalar) == builder.constant_bits(y, scalar) or (x != x and y != y)


def numbers_of(scalar) -> list:
    """Numbers of a type at which operations are likely to go wrong."""
    if scalar.kind == "b":
        return [False, True]
    if scalar.is_float:
        return [value.item() for value in support.special_values("f" if scalar.bits == 32 else "d")]
    found = [0, 1, 2, 3, 7, 8, 31, 63, 64, 100, scalar.maximum, scalar.maximum - 1, scalar.maximum // 2]
    return sorted({types.wrap(sign * x, scalar) for x in found for sign in (1, -1)} | {scalar.minimum})


def function_of(parameters, write):
    """A function; ``write(builder, *values)`` appends its body and gives its results."""
    body = ir.Region([ir.Value(kind) for kind in parameters])
    body.results = write(builder.Builder(body), *body.parameters)
    found = ir.Function("tested", body, HERE)
    ir.verify(found)
    return found


def compare(function, cases) -> None:
    entry = Entry(function)
    names = [value.op.name for value in function.results]
    for case in cases:
        expected, _ = interpreter.interpret(function, list(case))
        code, results = entry(*case)
        assert code == 0
        for name, want, have, kind in zip(names, expected, results, function.result_types, strict=True):
            assert same(want, have, kind), f"{name} of {case} ({function.parameters[0].type}): {have!r}, not {want!r}"


@pytest.mark.parametrize("scalar", NUMBERS, ids=str)
def test_operations(scalar):
    """Each that a type has, for all pairs of special values, once with each and once with a constant."""
    both = [*sorted(ir.COMPARISONS)]
    one = ["opaque"]
    if scalar.is_float:
        both += ["add", "sub", "mul", "div"]
        one += ["neg", "abs", "sqrt", "floor", "ceil", "trunc", "rint", "isnan", "isfinite", "isnormal"]
    elif scalar.is_integer:
        both += ["add", "sub", "mul", "and", "or", "xor", "shl", "shr", "quotient", "modulus"]
        one += ["neg", "abs", "not"]
    else:
        both += ["and", "or", "xor"]
        one += ["not"]
    logical = {"isnan", "isfinite", "isnormal"}

    def write(into, x, y):
        results = [into.binary(name, x, y, HERE) for name in both]
        results += [into.emit(name, [x], [types.bool_ if name in logical else scalar], HERE).result for name in one]
        results.append(into.select(into.binary("eq", x, y, HERE), x, into.constant(1, scalar, HERE), HERE))
        return results

    numbers = numbers_of(scalar)
    compare(function_of([scalar, scalar], write), itertools.product(numbers, numbers))
    for number in numbers_of(scalar)[:6] if scalar.is_float else numbers:
        if number == number and not (isinstance(number, float) and math.isinf(number)):
            fixed = function_of([scalar], lambda into, x, n=number: write(into, x, into.constant(n, scalar, HERE)))
            compare(fixed, [(value,) for value in numbers])


@pytest.mark.parametrize("scalar", FLOATS, ids=str)
def test_fused_multiply_add(scalar):
    function = function_of([scalar] * 3, lambda into, *xs: [into.emit("fma", list(xs), [scalar], HERE).result])
    numbers = [1.0, -1.0, 0.1, 1e30, 2.0**-100, 1 + 2.0**-20, math.inf, math.nan, 0.0, -0.0]
    compare(function, itertools.product([types.round_to(x, scalar) for x in numbers], repeat=3))


def converted(x, source, to):
    """The rule of ``float_to_int`` in :file:`native/core/casting.hpp`; for u32 and u64 any number that fits."""
    if to.kind == "i" and to.bits < 32:
        return types.wrap(converted(x, source, types.i32), to)
    if to.kind == "u" and to.bits < 32:
        return types.wrap(converted(x, source, types.i32), to)
    if math.isfinite(x) and to.minimum <= math.trunc(x) <= to.maximum:
        return math.trunc(x)
    return to.minimum if to.kind == "i" else None


@pytest.mark.parametrize("scalar", NUMBERS, ids=str)
def test_conversions(scalar):
    kinds = [kind for kind in NUMBERS if kind != scalar]
    function = function_of([scalar], lambda into, x: [into.convert(x, kind, HERE) for kind in kinds])
    entry = Entry(function)
    numbers = numbers_of(scalar)
    if scalar.is_float:
        edges = [2.0**31, 2.0**31 - 1, 2.0**31 - 0.5, 2.0**32, 2.0**32 - 1, 2.0**63, 2.0**64, 2.0**64 - 2048, 3e9]
        edges += [-(2.0**31) - 0.5, -(2.0**31) - 1, 1e19, 2.0**63 - 1024]
        numbers += [types.round_to(sign * x, scalar) for x in edges for sign in (1, -1)]
    for number in numbers:
        expected, _ = interpreter.interpret(function, [number])
        for kind, want, have in zip(kinds, expected, entry(number)[1], strict=True):
            if scalar.is_float and kind.is_integer:
                want = converted(number, scalar, kind)
            assert want is None or same(want, have, kind), f"{number!r} ({scalar}) to {kind}: {have!r}, not {want!r}"


@pytest.mark.parametrize("index", INTEGERS, ids=str)
def test_tables(index):
    table = ir.Table("odd", types.f64, tuple(2.0 * k + 1 for k in range(512 if index.bits > 8 else 16)))

    def write(into, x):
        return [into.emit("lookup", [x], [types.f64], HERE, table=table).result]

    function = function_of([index], write)
    compare(function, [(value,) for value in numbers_of(index)])
    array = np.array(numbers_of(index) * 5, f"{index.kind}{index.size}")
    result = np.empty(array.size)
    Loops(function)([array, result], array.size)
    assert result.tolist() == [table.values[x & (len(table.values) - 1)] for x in array.tolist()]


@pytest.mark.parametrize("scalar", NUMBERS, ids=str)
def test_memory(scalar):
    """Values of a type go from one unaligned address to another one."""

    def write(into, base):
        def at(offset):
            return into.binary("add", base, into.constant(offset, types.i64, HERE), HERE)

        value = into.emit("load", [at(1)], [scalar], HERE).result
        into.emit("store", [at(19), value], [], HERE)
        into.emit("store", [into.binary("sub", base, into.constant(-37, types.i64, HERE), HERE), value], [], HERE)
        return [value]

    function = function_of([types.i64], write)
    entry = Entry(function)
    patterns = [builder.constant_bits(number, scalar) for number in numbers_of(scalar)]
    for pattern in [*patterns, 0x80] if scalar.kind == "b" else patterns:
        memory = bytearray(range(100, 148))
        memory[1 : 1 + scalar.size] = pattern.to_bytes(scalar.size, "little")
        native = ctypes.create_string_buffer(bytes(memory), len(memory))
        expected, _ = interpreter.interpret(function, [0], memory)
        code, results = entry(ctypes.addressof(native))
        assert code == 0
        assert same(expected[0], results[0], scalar), f"{scalar} {pattern:#x}: {results[0]!r}, not {expected[0]!r}"
        assert native.raw == bytes(memory), f"{scalar} {pattern:#x}: stores {native.raw!r}, not {bytes(memory)!r}"


FLOW = """
def tested(n, m):
    total = 0
    i = 0
    while i < n:
        i += 1
        if i % 7 == 3:
            continue
        j = 0
        while True:
            j += 1
            if j > m:
                break
            if i * j == 35:
                return total * 1000 + j
            if j % 3 == 1:
                continue
            total += i * j
            if total > 4000:
                break
        if total > 5000:
            break
        for k in range(j, 0, -2):
            if k == 5:
                break
            total -= k
    return total
"""


def test_control_flow():
    int64 = promotion.INT64
    function = user_frontend.compile_function(FLOW, [int64, int64])[0].function
    entry, seen = Entry(function), set()
    for n, m in itertools.product(range(-1, 30), range(-1, 30)):
        expected, _ = interpreter.interpret(function, [n, m])
        code, results = entry(n, m)
        assert (code, results) == (0, expected), f"({n}, {m}): {code} {results}, not {expected}"
        seen.add(expected[0])
    assert len(seen) > 100


def doubled(x, i):
    if x[i] < 0.0:
        raise ValueError("negative")
    x[i] = x[i] * 2.0
    return x[i] + 1.0, i


def total_of_doubled(x, stop):
    total = 0.0
    for i in range(x.shape[0]):
        if i == stop:
            raise IndexError("stop")
        value, at = doubled(x, i)
        total += value * at
    return total


def test_calls_and_failures():
    array = user_values.ArrayType(promotion.FLOAT64, 1)
    compiled, failures = user_frontend.compile_function(total_of_doubled, [array, promotion.INT64])
    function = compiled.function
    assert any(operation.name == "call" for operation in ir.walk(function.body))
    entry = Entry(function)
    for values, stop in (([1.0, 2.0, 3.0], -1), ([1.0, -2.0, 3.0], -1), ([1.0, 2.0, 3.0], 1), ([], 0)):
        memory = bytearray(struct.pack(f"<{len(values)}d", *values))
        native = ctypes.create_string_buffer(bytes(memory), len(memory) + 1)
        tail = [len(values), 8, stop]
        try:
            expected, _ = interpreter.interpret(function, [0, *tail], memory)
            wanted = (0, expected)
        except interpreter.Failure as failure:
            wanted = (failure.code, [0.0])
        assert entry(ctypes.addressof(native), *tail) == wanted, f"{values}, {stop}"
        assert native.raw[:-1] == bytes(memory), f"{values}, {stop}: memory"
    assert {error for error, _ in failures.errors} == {ValueError, IndexError}


def test_missing_operation_has_a_name_and_a_place():
    half = ir.Function("half", ir.Region([ir.Value(types.f16)]), ir.Location("some.py", 12))
    half.body.results = [half.parameters[0]]
    for emit in (emit_llvm.emit_entry, emit_loops.emit_elementwise):
        with pytest.raises(ir.KernelError, match=r"some\.py:12: the LLVM emitter has no type f16"):
            emit(half)


# -- the driver -------------------------------------------------------------------------------------------------------


def resident_kilobytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4


def tiny(number: int):
    return function_of(
        [types.i64], lambda into, x: [into.binary("add", x, into.constant(number, types.i64, HERE), HERE)]
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux for the size of the process")
def test_code_goes_with_its_owner():
    def compile_many(count: int) -> None:
        for number in range(count):
            assert Entry(tiny(number))(1) == (0, [1 + number])
            result = np.array([5.0])
            Loops(registry.compiled("add", "dd->d"))([result, result, result], 1)
            assert result[0] == 10.0
        gc.collect()

    compile_many(50)
    before = resident_kilobytes()
    compile_many(300)
    assert resident_kilobytes() - before < 300 * 2 * 8  # a page of code and two of data are kept if code is


def test_code_lives_as_long_as_its_owner():
    owners = [Entry(tiny(number)) for number in range(20)]
    del owners[::2]
    gc.collect()
    assert [entry(1)[1] for entry in owners] == [[1 + number] for number in range(1, 20, 2)]


def test_threads():
    found: dict[int, list] = {}

    def compile_some(first: int) -> None:
        found[first] = [Entry(tiny(first + number))(0)[1][0] for number in range(20)]

    threads = [threading.Thread(target=compile_some, args=(first,)) for first in (0, 100, 200, 300)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {first: list(range(first, first + 20)) for first in (0, 100, 200, 300)}


def test_without_llvmlite():
    """Emitters are text only; what needs llvmlite says how to get it."""
    program = """
import sys
sys.modules["llvmlite"] = None
from wasmnp import jit
from wasmnp._kernels.language import emit_llvm, emit_llvm_loops, registry
assert "@contiguous" in emit_llvm_loops.emit_elementwise(registry.compiled("add", "dd->d"))
for make in (jit.vectorize, jit.jit):
    try:
        make("def f(x): return x")
    except ImportError as error:
        assert "pip install wasmnp[jit]" in str(error), error
    else:
        raise AssertionError("it was made")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_only_pending_elements_are_computed_again(kernels):
    """Few and many elements of a step that need the scalar form, over the input that they are computed from."""
    loops = Loops(registry.compiled("exp", "d->d"))
    generator = np.random.default_rng(3)
    for share in (0.0, 0.02, 0.3, 0.9, 1.0):
        x = np.where(generator.random(1001) < share, generator.choice([np.nan, np.inf, -740.0, 800.0], 1001), 0.5)
        (expected,), raised = kernels("exp", "d->d", x)
        result = x.copy()
        check(f"exp, {share} pending", [x], [expected], raised, [result], loops([result, result], 1001))


def test_ufunc_over_compiled_code():
    """The code as the loop of a ufunc: strided, broadcast, with errors."""
    code = llvm_driver.build_elementwise(registry.compiled("divide", "dd->d"), "quotient")
    loops = [("dd->d", code.contiguous, code.strided, code.owner)]
    quotient = wasmnp._native.make_compiled_ufunc("quotient", 2, 1, None, "x / y", None, loops)
    x = wasmnp.asarray([[1.0, 2.0], [3.0, 4.0]])
    assert quotient(x, x[::-1, ::-1]).tolist() == [[0.25, 2 / 3], [1.5, 4.0]]
    with wasmnp.errstate(divide="raise"), pytest.raises(FloatingPointError):
        quotient(x, 0.0)
