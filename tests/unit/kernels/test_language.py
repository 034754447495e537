"""The front end, the passes, the interpreter and the emitters, on small functions."""

from __future__ import annotations

import math
import re
import struct
import subprocess
import sys

import numpy as np
import pytest
import support

language = support.language()
frontend, passes, ir, types = (support.submodule(name) for name in ("frontend", "passes", "ir", "typesystem"))
interpreter, emit_cpp, emit_wgsl = (support.submodule(name) for name in ("interpreter", "emit_cpp", "emit_wgsl"))
f32, f64, i32, i64, u8, bool_ = types.f32, types.f64, types.i32, types.i64, types.u8, types.bool_
select, flag, lookup, isnan = language.select, language.flag, language.lookup, language.isnan
any_lane, each_lane, quotient, modulus = language.any_lane, language.each_lane, language.quotient, language.modulus
NUMBERS = (1.0, 2.0, 3.0)
TABLE = language.Table("squares", f64, (0.0, 1.0, 4.0, 9.0))


def compiled(function, *inputs):
    return passes.simplify(frontend.compile_function(function, list(inputs)))


def run(function, types_, *arguments):
    return interpreter.interpret(compiled(function, *types_), list(arguments))


def horner(x, coefficients):
    result = coefficients[-1]
    for coefficient in reversed(coefficients[:-1]):
        result = result * x + coefficient
    return result


def uses_helper(x):
    return horner(x, NUMBERS)


def collatz(n):
    steps = i32(0)
    while n > 1:
        n = select((n & 1) == 0, n >> 1, 3 * n + 1)
        steps = steps + 1
    return steps


def branches(x):
    if x < 0.0:
        return -x, x
    else:
        y = x * 2.0
    return y, x + 1.0


def swaps(x, y):
    n = i32(0)
    while n < 3:
        x, y = y, x
        n += 1
    return x, y


def looks_up(n):
    return lookup(TABLE, n)


def rare(x):
    y = x
    if each_lane(x > 10.0):
        flag(language.OVERFLOW, x > 100.0)
        y = 10.0
    if any_lane(isnan(x)):
        y = 0.0
    return y


def generic(x):
    if language.typeof(x) is f32:
        return f64(x)
    return x


def test_helpers_are_inlined_and_constants_take_a_type():
    assert run(uses_helper, [f64], 2.0) == ([1.0 + 2.0 * 2.0 + 3.0 * 4.0], set())


def test_loops_carry_values():
    assert run(collatz, [i64], 27) == ([111], set())


def test_loop_values_change_at_once():
    assert run(swaps, [f64, f64], 1.0, 2.0)[0] == [2.0, 1.0]


def test_branches_return():
    assert run(branches, [f64], -3.0)[0] == [3.0, -3.0]
    assert run(branches, [f64], 3.0)[0] == [6.0, 4.0]


def test_tables_wrap():
    assert run(looks_up, [i32], 7)[0] == [9.0]


def test_flags_only_where_the_branch_runs():
    assert run(rare, [f64], 50.0) == ([10.0], set())
    assert run(rare, [f64], 500.0) == ([10.0], {"overflow"})
    assert run(rare, [f64], math.nan) == ([0.0], set())


def test_types_choose_branches():
    assert str(compiled(generic, f32).results[0].type) == "f64"
    assert len(compiled(generic, f64).body.operations) == 0


def wrong_name(x):
    return x + unknown_thing  # noqa: F821


def wrong_types(x):
    return x + i32(1)


def wrong_statement(x):
    with x:
        pass
    return x


def wrong_operator(x):
    return x**2


def wrong_loop(x):
    n = 0
    while n < 3:
        n += 1
    return x


def wrong_recursion(x):
    return wrong_recursion(x)


def wrong_branch(x):
    if x > 0.0:
        y = x
    return y


def wrong_constant(x):
    return x + 0.5


def wrong_call(x):
    return print(x)


def wrong_return(x):
    if x > 0.0:
        return x


@pytest.mark.parametrize(
    ("function", "line", "text"),
    [
        (wrong_name, 1, "'unknown_thing' is not defined"),
        (wrong_types, 1, "expected f64, found i32"),
        (wrong_statement, 1, "With is outside"),
        (wrong_operator, 1, "Pow is outside"),
        (wrong_loop, 2, "'n' changes in the loop"),
        (wrong_recursion, 1, "calls itself"),
        (wrong_branch, 3, "only defined in one branch"),
        (wrong_call, 1, "cannot be called"),
        (wrong_return, 1, "one branch returns"),
    ],
)
def test_errors_say_where(function, line, text):
    with pytest.raises(language.KernelError, match=text) as caught:
        compiled(function, f64)
    assert caught.value.location.file == __file__
    assert caught.value.location.line == function.__code__.co_firstlineno + line


def test_a_fraction_is_no_integer():
    with pytest.raises(language.KernelError, match=r"0\.5 is not an integer"):
        compiled(wrong_constant, i32)


def repeated(x):
    return (x + 1.0) * (x + 1.0) + 0.0 * 2.0


def invariant(x, n):
    total = f64(0.0)
    while total < n:
        total = total + (x * x + 1.0)
    return total


def names(function):
    return [operation.name for operation in ir.walk(function.body)]


def test_fold_and_common_subexpressions():
    function = compiled(repeated, f64)
    assert names(function).count("add") == 2  # x + 1 once, and the outer sum with a folded constant
    assert names(function).count("mul") == 1


def test_dead_code_goes():
    function = frontend.compile_function(uses_helper, [f64])
    function.body.results = [function.parameters[0]]
    passes.eliminate_dead(function)
    assert names(function) == []


def test_invariants_leave_loops():
    function = compiled(invariant, f64, f64)
    (loop,) = [operation for operation in function.body.operations if operation.name == "loop"]
    inside = [operation.name for region in loop.regions for operation in region.operations]
    assert inside == ["lt", "add"]


def test_short_branches_become_selects():
    assert "if" not in names(compiled(branches, f64))
    assert names(compiled(rare, f64)).count("if") == 2


def test_passes_keep_results():
    for function, arguments in ((branches, [-1.5]), (rare, [1e9]), (uses_helper, [0.3])):
        plain = frontend.compile_function(function, [f64])
        assert interpreter.interpret(plain, arguments) == run(function, [f64], *arguments)


def test_equal_text_for_equal_functions():
    first, second = (ir.format_function(compiled(collatz, i64)) for _ in range(2))
    assert first == second
    assert "loop" in first


def rounds(x, y):
    return x * y + x / y - language.sqrt(x)


def test_float32_is_rounded_at_each_step():
    x, y = struct.unpack("ff", struct.pack("ff", 1.1, 2.3))
    import numpy as np

    a, b = np.float32(x), np.float32(y)
    assert run(rounds, [f32, f32], x, y)[0] == [float(a * b + a / b - np.sqrt(a))]


def divides(x, y):
    return quotient(x, y), modulus(x, y)


@pytest.mark.parametrize(
    ("x", "y", "expected"), [(7, -2, [-3, 1]), (-7, 2, [-3, -1]), (5, 0, [0, 0]), (-(2**31), -1, [-(2**31), 0])]
)
def test_division_is_total(x, y, expected):
    assert run(divides, [i32, i32], x, y)[0] == expected


def test_emitters_say_what_they_lack():
    with pytest.raises(language.KernelError, match="the WGSL emitter has no type f64") as caught:
        emit_wgsl.emit_function(compiled(branches, f64), "branches")
    assert caught.value.location.file == __file__


def test_loops_that_differ_in_signedness_share_code():
    def add(x, y):
        return x + y

    texts = {emit_cpp.emit_kernel(compiled(add, kind, kind)).name for kind in (types.i32, types.u32)}
    assert len(texts) == 1


def test_generator_runs_as_a_script(tmp_path):
    script = support.ROOT / "kernels" / "language" / "generate.py"
    done = subprocess.run([sys.executable, "-I", str(script), str(tmp_path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    listed = subprocess.run([sys.executable, str(script), "--list"], capture_output=True, text=True).stdout.split()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(listed)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == support.submodule("generate").write_files()


def test_derived_rows(tmp_path):
    """Every ufunc has its line in the documentation; benchmark rows run, and none is named twice."""
    script = support.ROOT / "kernels" / "language" / "generate.py"
    subprocess.run([sys.executable, str(script), "--rows", str(tmp_path)], check=True)
    table = (tmp_path / "ufuncs.md").read_text()
    benchmark = [line for line in (tmp_path / "benchmark_rows.txt").read_text().splitlines() if line[0] != "#"]
    for row in support.submodule("registry").rows().values():
        (line,) = [line for line in table.splitlines() if line.startswith(f"| `{row.name}`")]
        assert line.count("|") == 6
        floats = sum(f"{character * row.nin}->" in row.loops for character in "fd")
        assert sum(line.startswith(f"ufunc {row.name} f") for line in benchmark) == floats
    assert len({line.split(" | ")[0] for line in benchmark}) == len(benchmark)
    for line in benchmark:
        _, setup, statement = line.split(" | ", 2)
        names = {"np": np, "rng": np.random.default_rng}
        exec(setup, names)
        exec(statement, names)


def test_the_life_of_a_kernel_is_told_truly():
    """What docs/dev/ir.md shows of its example is what the front end makes of it."""
    text = (support.ROOT / "docs" / "dev" / "ir.md").read_text()
    blocks = re.findall(r"^```(?:python)?\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    (source,) = (block.removeprefix("@jit.vectorize\n") for block in blocks if "def bump" in block)
    (shown,) = (block for block in blocks if block.startswith("function("))
    promotion, frontend = support.submodule("promotion"), support.submodule("user_frontend")
    given = support.submodule("source").source_from_text(source, {"np": np})
    made, _ = frontend.compile_elementwise(given, [promotion.NumberType("f", 32)])
    assert ir.format_function(made) == shown.rstrip()
