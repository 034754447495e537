"""Functions compiled at run time give what Python gives: on the desktop by LLVM, in Pyodide as WebAssembly."""

from __future__ import annotations

import cmath
import gc
import math

import pytest

import wasmnp as np
from wasmnp import jit


def compiled_and_python(text: str, **options):
    """A function as compiled, and as Python runs it."""
    names = {"np": np, "math": math}
    exec(text, names)
    (function,) = (value for key, value in names.items() if key == "f")
    return jit.jit(text, **options), function


def same(x, y) -> bool:
    if isinstance(x, tuple):
        return isinstance(y, tuple) and len(x) == len(y) and all(map(same, x, y))
    if type(x) is not type(y):
        return False
    return bool(x == y) or (x != x and y != y)


# -- jit: values ------------------------------------------------------------------------------------------------------

ARITHMETIC = """
def f(x, y):
    return x + y, x - y, x * y, x < y, x <= y, x == y, x != y, x > y, -x, +x
"""
DIVISIONS = """
def f(x, y):
    return x / y, x // y, x % y
"""
PAIRS = [
    (3, 4),
    (-7, 2),
    (7, -2),
    (2.5, -1.25),
    (3, 0.5),
    (-0.0, 1.0),
    (True, 3),
    (np.float32(1.5), 2),
    (np.float32(1.5), 2.25),
    (np.int32(7), 3),
    (np.int32(-7), np.int32(2)),
    (np.int8(100), 3),
    (np.float64(2.0), np.float32(3.0)),
    (np.int16(5), np.float32(0.5)),
    (np.int32(5), np.float32(0.5)),
    (np.uint8(200), np.uint8(55)),
]


@pytest.mark.parametrize("pair", PAIRS, ids=str)
@pytest.mark.parametrize("text", [ARITHMETIC, DIVISIONS], ids=["arithmetic", "divisions"])
def test_operators_of_two_numbers(pair, text):
    compiled, python = compiled_and_python(text)
    with np.errstate(all="ignore"):
        got, wanted = compiled(*pair), python(*pair)
    for x, y in zip(got, wanted, strict=True):
        # Comparisons of NumPy's scalars give np.bool, and so do ours.
        assert same(x, y), f"{pair}: {got}, Python gives {wanted}"


def test_complex_numbers():
    compiled, python = compiled_and_python(
        "def f(z, w):\n    return z * w, z + w, z - w, z / w, abs(z), z.real, z.imag, z.conjugate(), z == w"
    )
    for pair in [(1 + 2j, 3 - 4j), (0.5j, 2.0), (2, 1j)]:
        for x, y in zip(compiled(*pair), python(*pair), strict=True):
            assert cmath.isclose(x, y, rel_tol=1e-15), f"{pair}: {x}, Python gives {y}"
    z = np.complex64(1 + 2j)
    product = jit.jit("def f(z): return z * 2.0")(z)
    assert same(product, np.complex64(2 + 4j))


def test_bits_and_shifts():
    compiled, python = compiled_and_python("def f(x, y):\n    return x & y, x | y, x ^ y, ~x, x << 3, x >> 2")
    for pair in [(12, 10), (-5, 3), (1 << 40, 7)]:
        assert compiled(*pair) == python(*pair)


def test_integers_wrap():
    big = (1 << 63) - 1
    assert jit.jit("def f(x): return x + 1")(big) == -(1 << 63)
    with pytest.raises(OverflowError, match="64 bits"):
        jit.jit("def f(x): return x")(1 << 63)


def test_builtin_functions():
    text = """
def f(x, y):
    return (abs(x), min(x, y), max(x, y, 1.0), int(x), float(y), bool(x), round(x), math.sqrt(abs(y)),
            math.floor(x), math.ceil(x), math.isnan(y), math.exp(x) > 0)
"""
    compiled, python = compiled_and_python(text)
    for pair in [(2.5, -3.0), (-1.5, 4.0), (0.0, 1.0)]:
        assert compiled(*pair) == python(*pair)


def test_numpy_functions_are_the_kernels():
    function = jit.jit("def f(x): return np.exp(x), np.sin(x), np.sqrt(x)")
    for x in (np.float32(0.3), np.float64(1.7)):
        assert all(map(same, function(x), (np.exp(x), np.sin(x), np.sqrt(x))))


# -- jit: control flow ------------------------------------------------------------------------------------------------

PROGRAMS = {
    "collatz": ("""
def f(n):
    steps = 0
    while n != 1:
        if n % 2:
            n = 3 * n + 1
        else:
            n //= 2
        steps += 1
    return steps
""", [(27,), (1,), (97,)]),
    "early return": ("""
def f(limit):
    for i in range(2, limit):
        for j in range(2, i):
            if i * j == 91:
                return i, j
    return 0, 0
""", [(50,), (5,)]),
    "break and continue": ("""
def f(n):
    total = 0
    for i in range(n):
        if i % 3 == 0:
            continue
        if i > 20:
            break
        total += i
    return total
""", [(10,), (100,), (0,)]),
    "continue in while": ("""
def f(n):
    i = 0
    total = 0
    while i < n:
        i += 1
        if i % 2:
            continue
        total += i
    return total, i
""", [(10,), (0,)]),
    "while else and conditions": ("""
def f(x, y):
    if x > 0 and y > 0 or x == y:
        z = x if x > y else y
    elif not x:
        z = -1.0
    else:
        z = 0.0
    return z
""", [(1.0, 2.0), (0.0, 5.0), (-1.0, -1.0), (-1.0, 3.0)]),
    "steps of ranges": ("""
def f(a, b, c):
    total = 0
    for i in range(a, b, c):
        total = total * 3 + i
    for i in range(10, 0, -3):
        total += i
    return total
""", [(0, 10, 3), (10, 0, -4), (5, 5, 1), (0, -5, 1)]),
    "int becomes float": ("""
def f(n):
    x = 0
    for i in range(n):
        x += 0.5
    return x
""", [(3,), (0,)]),
    "chained comparison": ("""
def f(a, b, c):
    return a < b <= c
""", [(1, 2, 3), (1, 5, 3), (3, 2, 1)]),
    "loop without end": (
        """
def f(n):
    i = 0
    while True:
        i += 1
        while True:
            if i * i > 10:
                break
            i += 1
        if i > n:
            return i
""",
        [(5,), (0,)],
    ),
    "loop until an error": (
        """
def f(n):
    while True:
        if n > 100:
            return n * 0.5, n
        n *= 3
""",
        [(5,), (200,)],
    ),
    "tuples": ("""
def f(n):
    a, b = 0, 1
    for i in range(n):
        a, b = b, a + b
    t = (a, (b, 2.5))
    return t, len(t)
""", [(10,), (0,)]),
    "tuple argument": ("""
def f(t, n):
    x, y = t
    return x * n + y
""", [((1.5, 2), 3)]),
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS)
def test_control_flow(name):
    text, calls = PROGRAMS[name]
    compiled, python = compiled_and_python(text)
    for arguments in calls:
        got, wanted = compiled(*arguments), python(*arguments)
        if name == "int becomes float":  # one type on every way
            wanted = float(wanted)
        assert same(got, wanted), f"{arguments}: {got}, Python gives {wanted}"


def test_python_errors():
    divide = jit.jit("def f(x, y): return x // y")
    assert divide(7, 2) == 3
    with pytest.raises(ZeroDivisionError, match="integer division or modulo by zero"):
        divide(1, 0)
    assert jit.jit("def f(x, y): return x / y", error_model="numpy")(1.0, 0.0) == math.inf
    text = "def f(x):\n    assert x > 0, 'positive'\n    if x > 5: raise ValueError('too large')\n    return x"
    checked = jit.jit(text)
    assert checked(3) == 3
    with pytest.raises(AssertionError, match="positive"):
        checked(-1)
    with pytest.raises(ValueError, match="too large"):
        checked(6)


def test_calls_of_other_functions():
    inner = jit.jit("def square(x): return x * x")
    names = {"square": inner, "step": lambda: 0}
    outer = jit.jit("def f(x): return square(x) + square(2)", names=names)
    assert outer(3) == 13
    assert outer(1.5) == 6.25
    fill = jit.jit("def fill(a, x):\n    for i in range(len(a)): a[i] = x")
    twice = jit.jit("def f(a):\n    fill(a, 2.5)\n    return a[0] + a[len(a) - 1]", names={"fill": fill})
    a = np.zeros(4)
    assert twice(a) == 5.0
    bell = jit.vectorize("def bell(x): return np.exp(-x * x)")
    assert same(jit.jit("def f(x): return bell(x)", names={"bell": bell})(np.float64(0.5)), np.exp(np.float64(-0.25)))


# -- jit: arrays ------------------------------------------------------------------------------------------------------

MATMUL = """
def f(a, b, c):
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            s = 0.0
            for k in range(a.shape[1]):
                s += a[i, k] * b[k, j]
            c[i, j] = s
    return c.size
"""


@pytest.mark.parametrize("dtype", ["float64", "float32", "int32", "complex128"])
@pytest.mark.parametrize("layout", ["contiguous", "transposed", "reversed"])
def test_matrix_product(dtype, layout):
    function, python = compiled_and_python(MATMUL.replace("0.0", "0j" if dtype.startswith("c") else "0"))
    a = np.arange(12).astype(dtype).reshape(3, 4)
    b = (np.arange(20) - 7).astype(dtype).reshape(4, 5)
    if layout == "transposed":
        a, b = a.T.copy().T, b.T.copy().T
        assert not a.flags.c_contiguous
    elif layout == "reversed":
        a, b = a[::-1, ::-1], b[:, ::-1]
    c, wanted = np.zeros((3, 5), dtype), np.zeros((3, 5), dtype)
    assert function(a, b, c) == python(a, b, wanted) == 15
    assert c.tolist() == wanted.tolist()


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "int16", "int32", "uint32", "int64", "float32", "float64",
                                   "complex64", "complex128"])  # fmt: skip
def test_elements_of_every_type(dtype):
    function = jit.jit("def f(a, b):\n    for i in range(len(a)): b[i] = a[i]\n    return a[1]")
    a = np.array([1, 0, 3, 1]).astype(dtype)
    b = np.zeros(4, dtype)
    assert same(function(a, b), a[1])
    assert b.tolist() == a.tolist()


def test_any_byte_but_zero_is_true():
    a = np.frombuffer(bytes([0, 2, 255, 1]), "bool")
    function = jit.jit("def f(a):\n    n = 0\n    for x in a:\n        if x: n += 1\n    return n")
    assert function(a) == 3


def test_views_and_shapes():
    text = """
def f(a):
    total = 0.0
    row = a[1]
    for i in range(row.shape[0]):
        total += row[i, 0] * a.ndim
    part = a[0, 1:-1]
    for x in part[:, 1]:
        total += x
    return total, len(part), a[-1, -1, -1]
"""
    compiled, python = compiled_and_python(text)
    a = np.arange(24.0).reshape(2, 4, 3)
    assert compiled(a) == python(a)
    assert compiled(a[:, ::-1]) == python(a[:, ::-1])
    assert compiled(a[:, :2]) == python(a[:, :2])


def test_bounds_are_checked_on_request():
    function = jit.jit("def f(a, i): return a[i]", boundscheck=True)
    a = np.arange(3.0)
    assert function(a, -3) == 0.0
    for index in (3, -4, 1 << 40):
        with pytest.raises(IndexError, match="out of bounds"):
            function(a, index)
    with pytest.raises(IndexError):
        function(np.zeros(0), 0)


def test_read_only_arrays_are_not_written():
    function = jit.jit("def f(a):\n    a[0] = 1.0")
    outer = jit.jit("def g(t):\n    f(t[0])", names={"f": function})
    a = np.frombuffer(bytes(16), "float64")
    for call in (lambda: function(a), lambda: outer((a,))):
        with pytest.raises(ValueError, match="read-only"):
            call()
    assert a[0] == 0.0
    assert jit.jit("def f(a): return a[0]")(a) == 0.0


def test_refused_arguments():
    function = jit.jit("def f(a): return a[0]")
    for argument, message in (
        (np.zeros(3, ">f8"), "native"),
        (np.zeros((1, 1, 1, 1)), "one to three dimensions"),
        (np.zeros(()), "one to three dimensions"),
        ([1, 2], "list"),
        ("text", "str"),
    ):
        with pytest.raises(TypeError, match=message):
            function(argument)


# -- jit: signatures, errors ------------------------------------------------------------------------------------------


def test_signatures():
    assert str(jit.float64(jit.float32, jit.int32[:, ::1])) == "float64(float32, int32[:, ::1])"
    function = jit.jit("float32(float64[:], int32)")("def f(a, i): return a[i] + 1")
    assert same(function(np.arange(3.0), 2), np.float32(3.0))
    assert same(function(np.arange(6.0)[::2], 1), np.float32(3.0))
    with pytest.raises(TypeError, match="compiled for"):
        function(np.arange(3), 2)
    several = jit.jit(["int64(int64)", "float64(float64)", "c16(c16)"])("def f(x): return x * 2")
    assert [str(signature) for signature in several.signatures] == [
        "int64(int64)", "float64(float64)", "complex128(complex128)"]  # fmt: skip
    assert same(several(3), np.int64(6))
    assert same(several(1.5), np.float64(3.0))
    assert same(several(1j), np.complex128(2j))
    nothing = jit.jit("void(f8[:])")("def f(a):\n    a[0] = 2.0")
    a = np.zeros(1)
    assert nothing(a) is None
    assert a[0] == 2.0


@pytest.mark.parametrize(
    "text", ["float64(float65)", "f8(", "f8[:, ::2](f8)", "f8[::1, :](f8)", "1 + 1", "f8[:,:,:,:](f8)"]
)
def test_wrong_signatures(text):
    with pytest.raises(TypeError):
        jit.jit(text)


FAULTS = {
    "unknown name": ("def f(x):\n    y = 1\n    return z", 3, "z"),
    "try": ("def f(x):\n    try:\n        return x\n    except ValueError:\n        pass", 2, "Try"),
    "list": ("def f(x):\n    return [x]", 2, "List"),
    "keyword": ("def f(x):\n    return min(x, key=x)", 2, "keywords"),
    "maybe undefined": ("def f(x):\n    if x > 0:\n        y = 1\n    return y", 4, "not defined on every way"),
    "types differ": ("def f(x):\n    if x > 0:\n        return 1\n    return (1, 2)", 4, "returned"),
    "recursion": ("def f(x):\n    return f(x)", 2, "recursion|not defined"),
    "syntax": ("def f(x):\n    return x +", 2, "not Python"),
    "unknown ufunc": ("def f(x):\n    return np.hanning(x)", 2, "hanning"),
    "too many indices": ("def f(x):\n    return x[0]", 2, "elements"),
    "float index": ("def f(x):\n    t = (1, 2)\n    return t[x]", 3, "run time|constant"),
    "string arithmetic": ("def f(x):\n    return x + 'a'", 2, "not a number"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_errors_are_located(name):
    text, line, message = FAULTS[name]
    with pytest.raises(jit.CompileError, match=message) as caught:
        jit.jit(text)(1.5)
    assert caught.value.location.line == line, str(caught.value)
    assert str(caught.value).startswith(f"<source>:{line}: ")


def test_errors_of_functions_name_their_file():
    @jit.jit
    def f(x):
        return {x}

    with pytest.raises(jit.CompileError, match=r"test_jit\.py:\d+: Set is outside the language"):
        f(1)


def test_refused_decorations():
    with pytest.raises(TypeError, match="same bits"):
        jit.jit(fastmath=True)
    with pytest.raises(TypeError, match="unknown option"):
        jit.vectorize(speed=11)
    with pytest.raises(TypeError, match="Python functions"):
        jit.jit(len)
    with pytest.raises(ValueError, match="target"):
        jit.vectorize(target="tpu")


def test_wrappers():
    @jit.jit
    def documented(x):
        """Twice."""
        return 2 * x

    assert documented.__doc__ == "Twice."
    assert documented.__name__ == "documented"
    assert documented.py_func(4) == documented(4) == 8
    with pytest.raises(jit.CompileError, match="1 arguments, 2 given"):
        documented(1, 2)


# -- vectorize --------------------------------------------------------------------------------------------------------


def test_a_real_ufunc():
    add = jit.vectorize("def add(x, y): return x + y", identity=0)
    assert isinstance(add, np.ufunc)
    assert (add.nin, add.nout, add.__name__, add.identity) == (2, 1, "add", 0)
    x = np.arange(6.0).reshape(2, 3)
    assert add(x, 1).tolist() == (x + 1).tolist()
    assert add.reduce(x, axis=None) == 15.0
    assert add.reduce(x, axis=0).tolist() == [3.0, 5.0, 7.0]
    assert add.reduce(np.zeros(0)) == 0.0
    assert add.accumulate(np.arange(4.0)).tolist() == [0.0, 1.0, 3.0, 6.0]
    assert add.outer(np.arange(2.0), np.arange(2.0)).tolist() == [[0.0, 1.0], [1.0, 2.0]]
    out = np.zeros((2, 3))
    assert add(x, x, out=out) is out
    assert out.tolist() == (2 * x).tolist()
    out = np.zeros(3)
    add(np.ones(3), np.ones(3), out=out, where=np.array([True, False, True]))
    assert out.tolist() == [2.0, 0.0, 2.0]
    assert add(x[:, ::-1], x.T.copy().T).tolist() == (x[:, ::-1] + x).tolist()
    assert add(np.array(1.5), 2).shape == ()


def test_types_follow_the_arguments():
    double = jit.vectorize("def double(x): return 2 * x")
    for dtype in (
        "int8",
        "int16",
        "int32",
        "int64",
        "uint8",
        "uint32",
        "float32",
        "float64",
        "complex64",
        "complex128",
    ):
        x = np.array([1, 2, 3]).astype(dtype)
        assert double(x).dtype == x.dtype, dtype
        assert double(x).tolist() == (2 * x).tolist(), dtype
    assert double(np.array([1.0, 2.0], ">f8")).tolist() == [2.0, 4.0]
    halves = jit.vectorize("def half(x): return x / 2")
    assert halves(np.arange(3, dtype="int32")).dtype == np.float64
    assert halves(np.arange(3, dtype="float32")).dtype == np.float32


def test_python_integers_stay_whole():
    power = jit.vectorize("def power(x, n):\n    y = 1\n    for i in range(n): y = y * x\n    return y * n")
    x = np.array([1.0, 2.0, -3.0], "float32")
    assert power(x, 3).tolist() == [3.0, 24.0, -81.0]
    assert power(x, 3).dtype == np.float32
    assert power(x.astype("float64"), 2).dtype == np.float64
    with pytest.raises(jit.CompileError, match="integer"):
        power(x, 3.0)
    big = jit.vectorize("def big(x, n): return x * (n * n)")
    assert big(np.ones(2), 1 << 20).tolist() == [2.0**40] * 2
    assert big(np.ones(2, "float32"), 1 << 31).tolist() == [2.0**62] * 2


def test_declared_loops_are_the_only_ones():
    function = jit.vectorize(["float32(float32, int32)", "float64(float64, int64)"])("def f(x, n): return x * n")
    assert function.types in (["fi->f", "dl->d"], ["fl->f", "dq->d"])
    assert function(np.ones(3, "float32"), 3).dtype == np.float32
    assert function(np.ones(3), 3).dtype == np.float64
    with pytest.raises(TypeError):
        function(1j, 3)
    rounded = jit.vectorize(["int32(float64)"])(
        "def f(x): return np.rint(x)" if hasattr(np, "rint") else "def f(x): return x"
    )
    assert rounded(np.array([1.0, -2.0])).dtype == np.int32


def test_several_results():
    parts = jit.vectorize("def parts(x, y): return x // y, x % y")
    quotient, rest = parts(np.array([7.0, -7.0]), 2.0)
    assert quotient.tolist() == [3.0, -4.0]
    assert rest.tolist() == [1.0, 1.0]
    assert parts.nout == 2


def test_branches_and_loops_in_elements():
    text = """
def escape(re, im, limit):
    x = y = 0.0
    for n in range(limit):
        x, y = x * x - y * y + re, 2.0 * x * y + im
        if x * x + y * y > 4.0:
            return n
    return limit
"""
    function = jit.vectorize(text)
    names = {}
    exec(text, names)
    re, im = np.arange(-2.0, 1.0, 0.11), np.arange(-1.2, 1.2, 0.13).reshape(-1, 1)
    found = function(re, im, 30)
    wanted = [[names["escape"](x, y, 30) for x in re.tolist()] for y in im.reshape(-1).tolist()]
    assert found.tolist() == wanted


def test_fused_is_the_unfused_bits():
    fused = jit.vectorize("def f(x): return np.exp(-x * x) * np.sin(3 * x)")
    for dtype in ("float32", "float64"):
        x = (np.arange(5000) / 500 - 5).astype(dtype)
        assert fused(x).tobytes() == (np.exp(-x * x) * np.sin(3 * x)).tobytes()


@pytest.mark.parametrize("columns", [5, 31, 32, 33, 700])
def test_every_layout_of_operands_gives_what_contiguous_ones_give(columns):
    orbit = jit.vectorize(["float32(float32, float32, int32)"])(
        "def orbit(x, y, n):\n"
        "    a, b = x, y\n"
        "    while n > 0 and a * a + b * b <= 4:\n"
        "        a, b = a * a - b * b + x, 2 * a * b + y\n"
        "        n -= 1\n"
        "    return a + b + n"
    )
    rows = 7
    x = (np.arange(2.0 * columns) / columns - 1.5).astype("float32")
    y = (np.arange(2.0 * rows) / rows - 1).astype("float32")
    whole = np.zeros((rows, columns), "float32")
    layouts = {
        "a row, a column, a number": (x[:columns], y[:rows].reshape(rows, 1), np.int32(40)),
        "every second element": (x[::2], y[::2].reshape(rows, 1), np.zeros((rows, columns), "int32") + np.int32(9)),
        "backwards": (x[columns - 1 :: -1], y[rows - 1 :: -1].reshape(rows, 1), np.int32(40)),
        "column by column": ((whole.T + x[:columns].reshape(columns, 1)).T, y[:rows].reshape(rows, 1), np.int32(40)),
    }
    for name, (left, right, turns) in layouts.items():
        same = left + whole, right + whole, np.zeros((rows, columns), "int32") + turns
        wanted = orbit(*same)
        assert orbit(left, right, turns).tobytes() == wanted.tobytes(), name
        into = np.zeros((rows, 2 * columns), "float32")
        orbit(left, right, turns, out=into[:, ::2])
        assert into[:, ::2].tobytes() == wanted.tobytes(), f"{name}, out"
        assert not into[:, 1::2].tobytes().strip(b"\0"), f"{name}, beside out"


def test_floating_point_errors_of_kernels():
    function = jit.vectorize(
        "def f(x): return np.log(x) + 1" if hasattr(np, "log") else "def f(x): return np.sqrt(x) + 1"
    )
    with np.errstate(all="raise"), pytest.raises(FloatingPointError, match="invalid value"):
        function(np.array([1.0, -1.0]))
    with np.errstate(invalid="ignore"):
        assert math.isnan(function(np.array([-1.0]))[0])


def test_vectorize_refuses():
    with pytest.raises(jit.CompileError, match="cannot stop with an error"):
        jit.vectorize("def f(x):\n    assert x > 0\n    return x")(1.0)
    with pytest.raises(jit.CompileError, match="None is returned here"):
        jit.vectorize("def f(x):\n    if x > 0: return x")(1.0)
    with pytest.raises(TypeError, match="numbers only"):
        jit.vectorize(["float64(float64[:])"])("def f(x): return x")


def test_code_is_cached_by_source_and_types():
    from wasmnp.jit import userland

    text = "def cached_once(x, y): return x * 3 + y"
    userland._cache.clear()
    sizes = []
    for dtype in ("float64", "float64", "float32"):
        jit.vectorize(text)(np.ones(3, dtype), np.ones(3, dtype))
        sizes.append(len(userland._cache))
    assert sizes == [1, 1, 2]


def test_lambdas():
    double = jit.vectorize("lambda x, y: 2 * x + y")
    assert double(np.arange(3.0), 1).tolist() == [1.0, 3.0, 5.0]
    scale = 3
    triple = jit.jit(lambda x: scale * x)
    assert triple(4) == 12
    with pytest.raises(jit.CompileError, match="one function is needed"):
        jit.vectorize("f = lambda x: x; g = lambda x: -x")


def test_free_names_count():
    first = jit.vectorize("def f(x): return x * factor", names={"factor": 2})
    second = jit.vectorize("def f(x): return x * factor", names={"factor": 3})
    assert (first(2.0), second(2.0)) == (4.0, 6.0)


def test_ufuncs_are_freed():
    for index in range(400):
        function = jit.vectorize(f"def f(x): return x + {index}")
        assert function(1.0) == 1.0 + index
    del function
    gc.collect()
