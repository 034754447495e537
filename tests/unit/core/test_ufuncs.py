"""Ufunc calls: types, layouts, out, where, errors, overrides."""

from __future__ import annotations

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wasmnp

from .differential import LAYOUTS, PAIRS, SWAPPED, same, values

EXACT = ["add", "subtract", "multiply", "minimum", "maximum", "less", "equal", "greater_equal"]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", ["?", "u1", "u2", "i4", "u8", "f2", "f4", "f8", "c16", ">f8", ">i2", ">f2"])
@pytest.mark.parametrize("name", ["add", "multiply", "subtract"])
def test_layouts(name, dtype, layout):
    def body(xp):
        a = LAYOUTS[layout](values(xp, dtype.lstrip(">"), (5, 4)).astype(dtype))
        return getattr(xp, name)(a, a[::-1]), getattr(xp, name)(a, a[0:1])

    same(body)


@pytest.mark.parametrize(("first", "second"), PAIRS)
@pytest.mark.parametrize("name", ["add", "equal", "maximum"])
def test_mixed_types(name, first, second):
    same(lambda xp: getattr(xp, name)(values(xp, first, (7,)), values(xp, second, (7,))))


# NumPy's ordered comparisons of complex numbers warn about NaN; ours, like its real ones, do not.
@pytest.mark.parametrize("scalar", [2, -1, 300, 2**40, 2.5, 1e300, True])
@pytest.mark.parametrize("dtype", ["?", "u1", "i2", "u2", "i8", "u8", "f2", "f4", "f8"])
def test_less_with_weak_scalars(dtype, scalar):
    same(lambda xp: xp.less(values(xp, dtype, (5,)), scalar))
    same(lambda xp: xp.less(scalar, values(xp, dtype, (5,))))


@pytest.mark.parametrize("scalar", [2, -1, 300, 2**40, 2.5, 1e300, 1j, True])
@pytest.mark.parametrize("dtype", ["?", "u1", "i2", "u2", "i8", "u8", "f2", "f4", "f8", "c16"])
@pytest.mark.parametrize("name", ["add", "multiply", "equal"])
def test_weak_scalars(name, dtype, scalar):
    same(lambda xp: getattr(xp, name)(values(xp, dtype, (5,)), scalar))
    same(lambda xp: getattr(xp, name)(scalar, values(xp, dtype, (5,))))


@given(st.lists(st.integers(0, 3), max_size=4), st.lists(st.integers(0, 3), max_size=4))
def test_broadcasting(first, second):
    same(lambda xp: xp.add(xp.ones(first), xp.ones(second, dtype="i4")))


@pytest.mark.parametrize("shape", [(1000, 3), (3, 1000), (2, 3, 50), (1, 1), (700,)])
@pytest.mark.parametrize("types", [("f8", "f8"), ("f4", "i2"), (">f8", "f8"), ("?", "c16")])
def test_blocks_span_axes(shape, types):
    def body(xp):
        size = int(numpy.prod(shape))
        a = xp.arange(size).astype(types[0]).reshape(shape)
        b = xp.arange(shape[-1]).astype(types[1])
        return a + b, a.T + b.reshape(-1, 1), a[::-1, ::-1] + b if len(shape) > 1 else a[::-1]

    same(body)


@pytest.mark.parametrize("out", ["f8", "f4", "i4", "c16", ">f8", "?"])
@pytest.mark.parametrize("casting", ["same_kind", "unsafe", "safe"])
def test_out(out, casting):
    def body(xp):
        target = xp.zeros((2, 3), dtype=out)
        result = xp.add(xp.arange(3.0), 1, out=target, casting=casting)
        assert result is target
        return target

    same(body)


def test_out_shapes():
    same(lambda xp: xp.add(xp.ones((2, 3)), 1, out=xp.zeros(3)))
    same(lambda xp: xp.add(xp.ones(3), 1, out=xp.zeros((2, 3))))
    same(lambda xp: xp.add(1, 1, out=[0]))
    same(lambda xp: xp.add(1, 1, xp.zeros(()), out=xp.zeros(())))
    same(lambda xp: xp.modf(xp.ones(2), out=(xp.zeros(2), None)))
    same(lambda xp: xp.modf(xp.ones(2), out=xp.zeros(2)))
    same(lambda xp: xp.modf(xp.ones(2), out=(xp.zeros(2),)))
    same(lambda xp: xp.add(xp.ones(2), 1, out=xp.zeros((2, 2)).T[0]))


@pytest.mark.parametrize("dtype", ["f4", "f8", "i4", "c16", "?"])
def test_dtype(dtype):
    for name in ("add", "multiply", "divide", "sqrt", "less"):
        arity = 1 if name == "sqrt" else 2
        same(lambda xp, n=name, k=arity: getattr(xp, n)(*[xp.array([1.0, 4.0])] * k, dtype=dtype))
        same(lambda xp, n=name, k=arity: getattr(xp, n)(*[xp.array([1, 4])] * k, dtype=dtype, casting="unsafe"))


@pytest.mark.parametrize("name", ["add", "sqrt", "modf"])
@pytest.mark.parametrize("mask", [[True, False, True], [False] * 3, [True] * 3, [[True], [False]], True, False])
def test_where(name, mask):
    def body(xp):
        arity, outputs = (2, 1) if name == "add" else (1, 2 if name == "modf" else 1)
        out = tuple(xp.full((2, 3), -1.0) if hasattr(xp, "full") else xp.zeros((2, 3)) - 1 for _ in range(outputs))
        return getattr(xp, name)(*[xp.array([4.0, -1.0, 9.0])] * arity, out=out, where=mask)

    same(body)


@given(st.integers(1, 700), st.randoms(use_true_random=False), st.sampled_from(["f8", "f4", ">f8"]))
def test_where_random(size, random, dtype):
    mask = [random.random() < 0.5 for _ in range(size)]

    def body(xp):
        out = xp.zeros(size)
        xp.multiply(xp.arange(size).astype(dtype), 3, out=out, where=xp.array(mask))
        return out

    same(body)


def test_overlap():
    def body(xp):
        a = xp.arange(10)
        a[1:] += a[:-1]
        b = xp.arange(2000.0)
        xp.add(b[::-1], 1, out=b)
        c = xp.arange(9.0).reshape(3, 3)
        xp.multiply(c, c.T, out=c)
        d = xp.arange(5.0)
        xp.modf(d, out=(d, xp.zeros(5)))
        return a, b, c, d

    same(body)


@pytest.mark.parametrize(
    "name", ["add", "subtract", "multiply", "divide", "floor_divide", "remainder", "power", "fmod"]
)
@pytest.mark.parametrize("types", [("i4", "i4"), ("f8", "f8"), ("f4", "f4"), ("i8", "f8")])
def test_edges(name, types):
    if name == "power":
        same(lambda xp: xp.power(xp.array([2, 3, 0, 1], dtype=types[0]), xp.array([3, 2, 1, 0], dtype=types[1])))
        return

    def body(xp):
        a = xp.array([7, -7, 0, 5, -5, 1], dtype=types[0])
        b = xp.array([2, 2, 0, 0, -3, -1], dtype=types[1])
        return getattr(xp, name)(a, b)

    same(body)


def test_integer_extremes():
    for dtype in ("i1", "i2", "i4", "i8"):
        low = -(2 ** (8 * int(dtype[1]) - 1))
        same(lambda xp, d=dtype, v=low: xp.floor_divide(xp.array([v], dtype=d), xp.array([-1], dtype=d)))
        same(lambda xp, d=dtype, v=low: xp.remainder(xp.array([v], dtype=d), xp.array([-1], dtype=d)))
        same(lambda xp, d=dtype, v=low: xp.absolute(xp.array([v], dtype=d)))
        same(lambda xp, d=dtype, v=low: xp.negative(xp.array([v], dtype=d)))
    same(lambda xp: xp.power(xp.array([2, 3]), -1))
    same(lambda xp: xp.power(xp.array([2, 3]), xp.array([1, -1])))
    same(lambda xp: xp.array([2, 3]) ** -1.0)


def test_errors():
    bodies = [
        lambda xp: xp.add(1),
        lambda xp: xp.add(1, 2, 3, 4),
        lambda xp: xp.add(1, 2, foo=3),
        lambda xp: xp.add(xp.ones(2), xp.ones(3)),
        lambda xp: xp.subtract(xp.array(True), xp.array(False)),
        lambda xp: xp.negative(xp.array(True)),
        lambda xp: xp.sign(xp.array([True])),
        lambda xp: xp.sqrt(xp.ones(2), dtype="i4"),
        lambda xp: xp.add(1, 2, where=[1, 1]),
        lambda xp: xp.add(1, 2, where=xp.array([1, 0])),
        lambda xp: xp.add(1, 2, casting="foo"),
        lambda xp: xp.add(1, 2, order="Q"),
        lambda xp: xp.add(1, 2, subok=3),
        lambda xp: xp.floor(xp.array([1j])),
    ]
    for body in bodies:
        same(body)


def test_layout_of_results():
    def body(xp):
        a = xp.arange(24.0).reshape(2, 3, 4)
        b = a.transpose(1, 2, 0)
        return [
            (b + 1),
            xp.add(b, b, order="C"),
            xp.add(b, b, order="F"),
            b + a.transpose(1, 2, 0)[:, ::-1],
            b[::-1] * 2,
            xp.add(b, 1, order="A"),
        ]

    same(body)


@pytest.mark.parametrize("operator", ["__add__", "__radd__", "__sub__", "__rsub__", "__mul__", "__truediv__",
                                      "__rtruediv__", "__floordiv__", "__mod__", "__pow__", "__rpow__", "__eq__",
                                      "__ne__", "__lt__", "__ge__", "__iadd__", "__imul__", "__itruediv__", "__ipow__",
                                      "__divmod__"])  # fmt: skip
@pytest.mark.parametrize("other", [2, 2.0, [1, 2, 3], None, "x", 1j, 0.5, -1])
@pytest.mark.parametrize("dtype", ["i8", "f8", "f4"])
def test_operators(operator, other, dtype):
    def body(xp):
        a = xp.array([1, 4, 9], dtype=dtype)
        return getattr(a, operator)(other)

    if other == "x" and "mul" in operator:  # NumPy has a loop for text and integers, and errors of its own there
        with pytest.raises(TypeError):
            body(wasmnp)
    else:
        same(body)


def test_unary_operators():
    same(lambda xp: [-xp.array([1, -2.5]), +xp.array([1, -2]), abs(xp.array([1, -2, 3j])), abs(xp.array([-3]))])


class Recorder:
    """Claims every ufunc call."""

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return ufunc.__name__, method, len(inputs), sorted(kwargs)


class Refuser:
    __array_ufunc__ = None

    def __radd__(self, other):
        return "refused"


class Declines:
    def __array_ufunc__(self, *args, **kwargs):
        return NotImplemented


def test_array_ufunc():
    same(lambda xp: xp.add(xp.ones(2), Recorder()))
    same(lambda xp: xp.ones(2) * Recorder())
    same(lambda xp: xp.add(1, 2, Recorder()))
    same(lambda xp: xp.add(1, 2, out=Recorder(), where=True))
    same(lambda xp: xp.add.reduce(Recorder(), axis=0))
    same(lambda xp: xp.ones(2) + Refuser())
    same(lambda xp: xp.add(xp.ones(2), Refuser()))
    same(lambda xp: xp.add(xp.ones(2), Declines()))


def test_array_priority():
    class Old:
        __array_priority__ = 10.0

        def __rmul__(self, other):
            return "old"

    same(lambda xp: xp.ones(2) * Old())


def test_subclass():
    def body(xp):
        class Sub(xp.ndarray):
            def __array_finalize__(self, obj):
                self.tag = getattr(obj, "tag", "new")

            def __array_wrap__(self, arr, context=None, return_scalar=False):
                wrapped = super().__array_wrap__(arr, context, return_scalar)
                return wrapped

        a = xp.arange(3.0).view(Sub)
        a.tag = "mine"
        results = [
            a + 1,
            1 + a,
            a[1:],
            a.T,
            a.copy(),
            a.reshape(3, 1),
            xp.add(a, 1, subok=False),
            a.astype("i4"),
            xp.sqrt(a),
        ]
        return (
            [(type(r).__name__, getattr(r, "tag", None)) for r in results],
            type(a.sum()).__name__,
            type(a.view(xp.ndarray)).__name__,
        )

    same(body)


def test_attributes():
    for name in ("add", "sqrt", "modf", "maximum", "power", "multiply"):
        same(
            lambda xp, n=name: (
                getattr(xp, n).nin,
                getattr(xp, n).nout,
                getattr(xp, n).nargs,
                getattr(xp, n).identity,
                getattr(xp, n).__name__,
                repr(getattr(xp, n)),
                getattr(xp, n).signature,
            )
        )
    assert "dd->d" in wasmnp.add.types and wasmnp.add.ntypes == len(wasmnp.add.types)
    assert wasmnp.true_divide is wasmnp.divide
    assert wasmnp.add.__doc__.startswith("add(x1, x2, /, out=None")


@pytest.mark.parametrize("mode", ["ignore", "warn", "raise", "call", "print", "log"])
def test_errstate(mode, capsys):
    def body(xp):
        calls = []

        class Log:
            def write(self, text):
                calls.append(text)

        handler = Log() if mode == "log" else lambda kind, flag: calls.append((kind, flag))
        results = []
        with xp.errstate(all=mode, call=handler):
            for act in (lambda: xp.array([1.0]) / 0, lambda: xp.array([0.0]) / 0, lambda: xp.array([1e200]) * 1e200,
                        lambda: xp.array([1e-200]) * 1e-200, lambda: xp.sqrt(xp.array([-1.0])),
                        lambda: xp.exp(xp.array([1000.0])), lambda: xp.array([7]) // 0,
                        lambda: xp.array([1.0, float("nan"), float("inf")]) + 1):  # fmt: skip
                try:
                    results.append(act().tolist())
                except FloatingPointError as error:
                    results.append(str(error))
        return [repr(r) for r in results], calls

    same(body)
    same(lambda xp: xp.geterr())


def test_errstate_is_context_local():
    import contextvars

    def inner():
        wasmnp.seterr(all="raise")
        return wasmnp.geterr()["divide"]

    assert contextvars.copy_context().run(inner) == "raise"
    assert wasmnp.geterr()["divide"] == "warn"


def test_errstate_decorator_and_reuse():
    @wasmnp.errstate(divide="ignore")
    def quiet():
        return (wasmnp.ones(1) / 0).tolist()

    assert quiet() == [float("inf")]
    state = wasmnp.errstate(divide="raise")
    with state, pytest.raises(TypeError):
        state.__enter__()
    same(lambda xp: xp.seterr(divide="loud"))


def test_unaligned_operands():
    def body(xp):
        a = xp.frombuffer(bytes(range(1, 70)), dtype="u1")[1:65].view("f8")
        return a + a, a[::2] * 2, xp.sqrt(a[::-1])

    same(body)


@pytest.mark.parametrize("dtype", SWAPPED)
def test_swapped_operands(dtype):
    same(lambda xp: xp.arange(5).astype(dtype) + xp.arange(5))
    same(lambda xp: xp.add(xp.arange(5), 1, out=xp.zeros(5, dtype=dtype), casting="unsafe").tolist())


@pytest.mark.parametrize(
    "number", [1e200 + 1e-200j, -1e200 - 1e-200j, 1e-200 + 1e200j, 1e-300 + 1e-320j, 1e307 + 5e-5j]
)
def test_complex_roots_of_parts_far_apart(number):
    same(lambda xp: xp.sqrt(xp.array([number, 1.0])))
