"""Every built loop, compiled: against the interpreter, against NumPy, its flags, its forms, and its row."""

from __future__ import annotations

import numpy as np
import pytest
import support

registry, interpreter = support.submodule("registry"), support.submodule("interpreter")
ROWS = registry.rows()
TRANSCENDENTAL = {
    "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "logaddexp", "logaddexp2", "sin", "cos", "tan", "sinh",
    "cosh", "tanh", "arcsin", "arccos", "arctan", "arctan2", "arcsinh", "arccosh", "arctanh", "power", "float_power",
    "cbrt", "hypot", "_arg",
}  # fmt: skip
# Functions whose complex loops NumPy leaves to the C library or to fused operations: their last bits differ,
LOOSE = {"absolute", "sqrt", "multiply", "square", "divide", "reciprocal", "sign", "sin", "exp", "power",
         "float_power"}  # fmt: skip
# and so do errors of intermediate results and of comparisons with NaN.
UNSTATED = {
    "absolute": {"overflow"}, "divide": {"underflow"}, "sqrt": {"underflow"}, "sign": {"overflow", "underflow"},
    "square": {"invalid", "overflow", "underflow"}, "reciprocal": {"invalid", "overflow", "underflow"},
    "greater": {"invalid"}, "greater_equal": {"invalid"}, "less": {"invalid"}, "less_equal": {"invalid"},
}  # fmt: skip


@pytest.fixture(scope="module", params=support.levels_here() if support.FULL else support.levels_here()[-1:])
def kernels(request):
    """Compiled loops of an instruction level."""
    return support.Kernels(request.param)


def built() -> list[tuple[str, str]]:
    generate = support.submodule("generate")
    return [(row.name, s) for row in ROWS.values() for s in generate.table_signatures(row, 64) if row.is_built(s)]


def operands(name: str, signature: str, seed: int = 0, count: int = 1000) -> list[np.ndarray]:
    inputs = support.grid(signature, seed, count)
    if name == "power" and inputs[1].dtype.kind in "iu":
        inputs[1] = np.where(inputs[1] < 0, -(inputs[1] // 2), inputs[1]).astype(inputs[1].dtype) & 63
    return inputs


def numpy_result(name: str, inputs: list[np.ndarray]) -> tuple[list[np.ndarray], set[str]]:
    """NumPy's outputs and the errors that it raised."""
    raised: set[str] = set()
    kinds = {"divide by zero": "divide", "invalid value": "invalid"}
    with np.errstate(all="call", call=lambda kind, _: raised.add(kinds.get(kind, kind))):
        result = support.numpys(name)(*inputs)
    return list(result) if isinstance(result, tuple) else [result], raised


def scalars(inputs: list[np.ndarray], index: int) -> list:
    """One element of each operand, as the interpreter takes it."""
    items = [(array.view("u2") if array.dtype.char == "e" else array)[index].item() for array in inputs]
    return [(item.real, item.imag) if isinstance(item, complex) else item for item in items]


@pytest.mark.parametrize("name", ROWS)
def test_row_lists_numpys_loops(name):
    row, numpys = ROWS[name], support.numpys(name)
    assert row.loops.split() == numpys.types
    assert row.identity == numpys.identity or row.identity == "reorderable"
    assert row.nin == numpys.nin
    assert row.nout == numpys.nout
    assert all(getattr(np, other) is numpys for other in row.alias.split())
    assert "Examples\n--------\n" in row.doc
    assert all(section in row.doc for section in ("Parameters\n", "Returns\n"))
    assert row.parameters.count(",") == row.nin - 1


def test_tables_agree_with_rows(kernels):
    assert sorted(row.name.decode() for row in kernels.ufuncs) == sorted(ROWS)
    assert {key for key, is_built in kernels.built.items() if is_built} == set(built())
    for (name, signature), position in kernels.index.items():
        bodies = kernels.bodies[position]
        assert bool(bodies.contiguous) == kernels.built[name, signature]
        inputs, outputs = signature.split("->")
        if bodies.contiguous and inputs == outputs[0] * len(inputs):
            assert bodies.strided, f"{name} {signature} has no strided body"


@pytest.mark.parametrize(("name", "signature"), built())
def test_compiled_loop_equals_interpreter(kernels, name, signature):
    """Bit for bit, flags included, one element at a time and together."""
    inputs = operands(name, signature, seed=3, count=400)
    pick = np.random.default_rng(0).permutation(inputs[0].size)[: 1000 if support.FULL else 120]
    inputs = [np.ascontiguousarray(array[pick]) for array in inputs]
    function = registry.compiled(name, signature)
    outputs, _ = kernels(name, signature, *inputs)
    for index in range(inputs[0].size):
        expected, flags = interpreter.interpret(function, scalars(inputs, index))
        one = [array[index : index + 1] for array in inputs]
        results, raised = kernels(name, signature, *one)
        assert raised == flags, f"{name} {signature} of {one}: flags"
        for together, alone, want in zip(outputs, results, expected, strict=True):
            if alone.dtype.char == "e":
                want = np.array([want], "u2").view("e")
            want = np.array([complex(*want)] if isinstance(want, tuple) else want).reshape(1).astype(alone.dtype)
            if alone.dtype.kind == "c":  # complex(inf, nan) may not survive arithmetic
                want.real, want.imag = expected[0]
            assert support.same_bits(alone, want).all(), f"{name} {signature} of {one}: {alone}, interpreter {want}"
            assert support.same_bits(together[index : index + 1], alone).all(), (
                f"{name} {signature}: depends on its place"
            )


@pytest.mark.parametrize(("name", "signature"), built())
def test_values_are_numpys(kernels, name, signature):
    inputs = operands(name, signature, count=3000)
    outputs, _ = kernels(name, signature, *inputs)
    expected, _ = numpy_result(name, inputs)
    for ours, theirs in zip(outputs, expected, strict=True):
        assert ours.dtype == theirs.dtype
        right = support.same_bits(ours, theirs)
        if name in TRANSCENDENTAL and ours.dtype.kind == "f":
            with np.errstate(all="ignore"):
                right |= np.abs(ours - theirs) <= 4 * np.spacing(np.abs(theirs))
        if name.startswith("logaddexp"):  # close to a result of 0
            with np.errstate(all="ignore"):
                right |= np.abs(ours - theirs) <= 2 * np.spacing(np.maximum(np.abs(inputs[0]), np.abs(inputs[1])))
        if (name in LOOSE or ROWS[name].parts) and set(signature) & set("FD"):
            tolerance = unit = 1e-14 if "D" in signature else 1e-6
            smallest = 1e-300 if "D" in signature else 1e-44
            with np.errstate(all="ignore"):
                if "power" in name:  # the error of the logarithm counts as often as its product with the exponent
                    tolerance = unit * (1 + np.abs(inputs[1]) * (2 + np.abs(np.log(np.abs(inputs[0])))))
                if name == "log1p":  # NumPy rounds the sum
                    right |= np.abs(ours - theirs) <= unit
                if name == "exp2":  # NumPy rounds the product with log(2)
                    tolerance = unit * (1 + np.abs(inputs[0].real) + np.abs(inputs[0].imag))
                if name == "sign":  # NumPy overflows in the magnitude
                    right |= np.isinf(np.abs(inputs[0]))
                usable = np.isfinite(theirs) & np.isfinite(ours)
                right |= usable & (ours == theirs) | (np.abs(ours - theirs) <= tolerance * np.abs(theirs) + smallest)
                # What overflows on the way is infinite or NaN according to the formula.
                right |= ~usable
        assert right.all(), _difference(name, signature, inputs, ours, theirs, right)


def _difference(name, signature, inputs, ours, theirs, right) -> str:
    at = int(np.flatnonzero(~right)[0])
    return f"{name} {signature} of {[array[at] for array in inputs]}: {ours[at]!r}, NumPy {theirs[at]!r}"


@pytest.mark.parametrize(
    ("name", "signature"),
    [
        (n, s)
        for n, s in built()
        if n not in ("floor_divide", "divmod", "power", "float_power", "sin", "exp")
        and not (ROWS[n].parts and set(s) & set("FD"))
    ],
)
def test_flags_are_numpys(kernels, name, signature):
    inputs = [array[: 1800 if support.FULL else 400] for array in operands(name, signature)]
    for index in range(inputs[0].size):
        one = [array[index : index + 1] for array in inputs]
        _, raised = kernels(name, signature, *one)
        unstated = UNSTATED.get(name, set()) if set(signature) & set("FD") else set()
        if name in TRANSCENDENTAL:  # the C library raises it by the way
            unstated = unstated | {"underflow"}
        assert raised - unstated == numpy_result(name, one)[1] - unstated, f"{name} {signature} of {one}"


@pytest.mark.parametrize(
    ("name", "signature", "arguments", "flags"),
    [
        ("exp", "d->d", [710.0], {"overflow"}),
        ("exp", "d->d", [-745.5], {"underflow"}),
        ("exp", "d->d", [np.inf], set()),
        ("exp", "f->f", [89.0], {"overflow"}),
        ("sin", "d->d", [np.inf], {"invalid"}),
        ("sin", "f->f", [-np.inf], {"invalid"}),
        ("sin", "d->d", [np.nan], set()),
        ("power", "dd->d", [0.0, -1.0], {"divide"}),
        ("power", "dd->d", [-8.0, 1 / 3], {"invalid"}),
        ("power", "dd->d", [10.0, 400.0], {"overflow"}),
        ("power", "dd->d", [10.0, -400.0], {"underflow"}),
        ("power", "ii->i", [2, -1], {"negative_power"}),
        ("floor_divide", "qq->q", [1, 0], {"divide"}),
        ("floor_divide", "qq->q", [-(2**63), -1], {"overflow"}),
        ("floor_divide", "dd->d", [1.0, 0.0], {"divide"}),
        ("absolute", "D->d", [1.7e308 + 1.7e308j], {"overflow"}),
    ],
)
def test_flags_of_one_element(kernels, name, signature, arguments, flags):
    one = [np.array([value], character) for value, character in zip(arguments, signature, strict=False)]
    assert kernels(name, signature, *one)[1] == flags


@pytest.mark.parametrize(("name", "signature"), built())
def test_forms_agree(kernels, name, signature):
    """Every count, unaligned, scalar, strided and in-place operands give the bits of the contiguous body."""
    inputs = [array[:301].copy() for array in operands(name, signature, seed=5)]
    whole, all_flags = kernels(name, signature, *inputs)
    bodies = kernels.bodies[kernels.index[name, signature]]
    for count in (1, 2, 3, 7, 8, 9, 31, 64, 65, 300):
        part, _ = kernels(name, signature, *(array[:count].copy() for array in inputs))
        assert all(support.same_bits(x, y[:count]).all() for x, y in zip(part, whole, strict=True)), f"count {count}"
    shifted = []
    for array in inputs:
        memory = np.zeros(array.nbytes + 1, "u1")
        memory[1:] = array.view("u1")
        shifted.append(memory[1:].view(array.dtype))
    moved, flags = kernels(name, signature, *shifted)
    assert flags == all_flags
    assert all(support.same_bits(x, y).all() for x, y in zip(moved, whole, strict=True)), "unaligned"
    for form, member in ((1, bodies.scalar_first), (2, bodies.scalar_second)):
        if not member:
            continue
        mixed = list(inputs)
        mixed[form - 1] = inputs[form - 1][17:18].copy()
        full = list(inputs)
        full[form - 1] = np.full(301, mixed[form - 1][0])
        expected, expected_flags = kernels(name, signature, *full)
        found, found_flags = kernels(name, signature, *mixed, form=form)
        assert found_flags == expected_flags
        assert all(support.same_bits(x, y).all() for x, y in zip(found, expected, strict=True)), f"scalar form {form}"
    if bodies.strided:
        spread = [np.repeat(array, 2) for array in inputs]
        outputs = [np.repeat(array, 3) for array in kernels.outputs(signature, 301)]
        strides = [2 * array.itemsize for array in spread] + [3 * array.itemsize for array in outputs]
        flags = kernels.strided(name, signature, [*spread, *outputs], strides, 301)
        assert flags == all_flags
        assert all(support.same_bits(x[::3].copy(), y).all() for x, y in zip(outputs, whole, strict=True)), "strided"
    if (len(inputs) == len(whole) == 1 and inputs[0].dtype == whole[0].dtype) or (
        len(inputs) == 2 and inputs[0].dtype == whole[0].dtype
    ):
        place = [array.copy() for array in inputs]
        _, flags = kernels(name, signature, *place, outputs=[place[0], *kernels.outputs(signature, 301)[1:]])
        assert flags == all_flags
        assert support.same_bits(place[0], whole[0]).all(), "in place"


@pytest.mark.parametrize(("name", "signature"), [(n, s) for n, s in built() if s.split("->")[0] in ("e", "f", "d")])
def test_long_runs_of_neighbours(kernels, name, signature):
    """Sorted numbers: steps all of whose lanes are ordinary, rare, or tiny give the bits of single elements."""
    character = signature[0]
    every_half = np.arange(2**16).astype("u2").view("e")
    numbers = np.sort(every_half if character == "e" else support.random_values(character, 20000, 3))
    together, _ = kernels(name, signature, numbers)
    for index in range(0, numbers.size, 97):
        alone, _ = kernels(name, signature, numbers[index : index + 1])
        for whole, one in zip(together, alone, strict=True):
            same = support.same_bits(whole[index : index + 1].copy(), one)
            assert same.all(), f"{name} of {numbers[index]}: {whole[index]}, alone {one}"


@pytest.mark.parametrize("name", ["add", "maximum", "multiply", "subtract"])
def test_strided_body_accumulates(kernels, name):
    values = np.random.default_rng(2).standard_normal(57)
    total = values[:1].copy()
    kernels.strided(name, "dd->d", [total, values[1:], total], [0, 8, 0], 56)
    expected = values[0]
    for value in values[1:]:
        expected = getattr(np, name)(expected, value)
    assert total[0] == expected


@pytest.mark.skipif(len(support.levels_here()) < 2, reason="this processor has one level")
@pytest.mark.parametrize("level", support.levels_here()[:-1] if support.FULL else support.levels_here()[:1])
def test_levels_give_the_same_bits(kernels, level):
    other = support.Kernels(level)
    for name, signature in built():
        inputs = operands(name, signature, seed=9, count=2000)
        for x, y in zip(kernels(name, signature, *inputs)[0], other(name, signature, *inputs)[0], strict=True):
            assert support.same_bits(x, y).all(), f"{name} {signature} on {level}"


RARE = {"add": [np.inf, 1.7e308, np.nan], "multiply": [0.0, 5e-324, 1e-200, np.inf, np.nan, 1.7e308],
        "exp": [800.0, -800.0], "sqrt": [-1.0], "divide": [0.0, 5e-324], "sin": [1e300, np.inf]}  # fmt: skip


@pytest.mark.parametrize("name", RARE)
@pytest.mark.parametrize("character", ["f", "d"])
@pytest.mark.parametrize("in_place", [False, True])
def test_rare_elements_anywhere(kernels, name, character, in_place):
    """One rare element in a long run gets its own value and errors, and leaves those beside it alone."""
    row = ROWS[name]
    signature = f"{character * row.nin}->{character}"
    generator = np.random.default_rng(4)
    ordinary = [generator.uniform(0.5, 2.0, 3001).astype(character) for _ in range(row.nin)]
    (usual,), none = kernels(name, signature, *ordinary)
    assert none == set()
    for index, rare in [(0, None), *((generator.integers(3001), rare) for rare in RARE[name] * 4)]:
        inputs = [array.copy() for array in ordinary]
        expected, flags = usual.copy(), set()
        if rare is not None:
            with np.errstate(all="ignore"):
                for array in inputs:
                    array[index] = np.array(rare).astype(character)
            one = [array[index : index + 1].copy() for array in inputs]
            (expected[index : index + 1],), flags = kernels(name, signature, *one)
        (found,), raised = kernels(name, signature, *inputs, outputs=[inputs[0]] if in_place else None)
        assert raised == flags, f"{name}({rare}) at {index}"
        assert support.same_bits(found, expected).all(), f"{name}({rare}) at {index}"
