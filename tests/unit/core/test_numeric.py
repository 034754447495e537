"""Creation like another array, closeness and equality, types of results, broadcasting, questions about objects."""

from __future__ import annotations

import sys

import pytest

import wasmnp

from .differential import DTYPES, LAYOUTS, PAIRS, SWAPPED, same, values

LIKE = ["zeros_like", "ones_like", "full_like"]
CLOSE = {
    "f8": [
        0.0,
        1.0,
        1.0 + 1e-6,
        1.0 + 1e-4,
        -1.0,
        1e-9,
        float("inf"),
        float("-inf"),
        float("nan"),
        1e300,
        -0.0,
        5e-324,
    ],
    "f4": [0.0, 1.0, 1.0 + 1e-6, 1.0 + 1e-4, -1.0, 1e-9, float("inf"), float("-inf"), float("nan"), 1e38, -0.0, 1e-45],
    "c16": [0j, 1 + 1j, 1 + 1.000001j, complex("inf"), complex(0, float("nan")), complex(float("inf"), 1), 2 + 0j],
    "i8": [0, 1, -1, 100000, 100001, 2**63 - 1, -(2**63)],
    "i1": [0, 1, -1, 127, -128],
    "u1": [0, 1, 2, 255],
    "?": [True, False],
}


def like(xp, name, model, **options):
    arguments = (7,) if name == "full_like" else ()
    result = getattr(xp, name)(model, *arguments, **options)
    layout = result.dtype.str, result.shape, result.strides if result.size else None, type(result).__name__
    return layout if name == "empty_like" else (result, *layout)


def grid(xp, dtype, layout):
    return LAYOUTS[layout](xp.arange(24).astype(dtype).reshape(4, 6))


@pytest.mark.parametrize("name", [*LIKE, "empty_like"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_like(name, layout):
    for dtype in (*DTYPES, *SWAPPED):
        same(lambda xp, dtype=dtype: like(xp, name, grid(xp, dtype, layout)))
    for order in "KACF":
        same(lambda xp, order=order: like(xp, name, grid(xp, "i4", layout), order=order))
        same(lambda xp, order=order: like(xp, name, grid(xp, "f8", layout), order=order, shape=(3, 5)))
        same(lambda xp, order=order: like(xp, name, grid(xp, "f8", layout), order=order, shape=(3, 5, 2)))
    same(lambda xp: like(xp, name, grid(xp, "f8", layout), dtype="c8"))
    same(lambda xp: like(xp, name, xp.arange(24).reshape(2, 3, 4).transpose(1, 2, 0)))
    same(lambda xp: like(xp, name, xp.arange(24).reshape(2, 3, 4).transpose(1, 2, 0), shape=(2, 5, 3)))


@pytest.mark.parametrize("name", [*LIKE, "empty_like"])
def test_like_of_other_things(name):
    same(lambda xp: like(xp, name, [[1, 2], [3, 4]]))
    same(lambda xp: like(xp, name, 3.5))
    same(lambda xp: like(xp, name, 3, shape=(2,)))
    same(lambda xp: like(xp, name, 3, shape=(-1,)))
    same(lambda xp: like(xp, name, grid(xp, "i4", "strided")[:, ::2], shape=(2, -1)))
    same(lambda xp: like(xp, name, 3, order="X"))
    same(lambda xp: like(xp, name, 3, device="gpu"))
    same(lambda xp: like(xp, name, xp.zeros((0, 3))))
    same(lambda xp: like(xp, name, 3, dtype="no such type"))

    def with_subclass(xp):
        kind = type("Sub", (xp.ndarray,), {})
        model = xp.arange(3).view(kind)
        return like(xp, name, model), like(xp, name, model, subok=False)

    same(with_subclass)


@pytest.mark.parametrize("dtype", [*DTYPES, None])
def test_full(dtype):
    for value in (1, 1.0, True, [1, 0], 2 + 0j):
        same(lambda xp, value=value: xp.full((3, 2), value, dtype=dtype))
    same(lambda xp: xp.full(3, 1, dtype, "F"))
    same(lambda xp: xp.full((), 1, dtype))
    same(lambda xp: xp.full((2, 0), 1, dtype))


def test_full_casts_and_refuses():
    same(lambda xp: xp.full(3, 1.9, "i4"))
    same(lambda xp: xp.full(3, 300, "u1"))
    same(lambda xp: xp.full(3, [1, 2], "u1"))
    same(lambda xp: xp.full(-1, 2))
    same(lambda xp: xp.full_like(xp.arange(3), 1.9))
    same(lambda xp: xp.full_like(xp.arange(3, dtype="i1"), 300))


@pytest.mark.parametrize("first", CLOSE)
@pytest.mark.parametrize("second", CLOSE)
def test_closeness(first, second):
    def arrays(xp):
        a = xp.array(CLOSE[first], dtype=first)
        return a.reshape(-1, 1), xp.array(CLOSE[second], dtype=second)

    for options in ({}, {"equal_nan": True}, {"rtol": 0}, {"rtol": 0, "atol": 1}, {"rtol": 1e-3, "atol": 0}):
        same(lambda xp, options=options: xp.isclose(*arrays(xp), **options))
        same(lambda xp, options=options: xp.allclose(*arrays(xp), **options))
        same(lambda xp, options=options: xp.isclose(arrays(xp)[0], arrays(xp)[0], **options))
    same(lambda xp: xp.array_equal(*arrays(xp)))
    same(lambda xp: xp.array_equal(arrays(xp)[0], arrays(xp)[0]))
    same(lambda xp: xp.array_equal(arrays(xp)[0], arrays(xp)[0], equal_nan=True))
    same(lambda xp: xp.array_equiv(*arrays(xp)))
    same(lambda xp: xp.array_equiv(arrays(xp)[0], arrays(xp)[0]))


def test_closeness_of_scalars():
    for a, b in [
        (1, 2),
        (1.0, 1),
        (True, True),
        (1j, 1),
        (float("inf"), float("inf")),
        (float("nan"), 1),
        (2**70, 1.0),
    ]:
        same(lambda xp, a=a, b=b: xp.isclose(a, b))
        same(lambda xp, a=a, b=b: xp.allclose(b, a))
        same(lambda xp, a=a, b=b: xp.isclose(a, [b, b]))
    same(lambda xp: xp.isclose(xp.float32(1), xp.float32(1.00001)))
    same(lambda xp: xp.isclose(xp.array(1), xp.array(2.0)))
    same(lambda xp: xp.isclose(1, 2, rtol=[1, 0.1, 0.6]))
    same(lambda xp: xp.isclose(1, 2, atol=float("inf")))
    same(lambda xp: xp.isclose(float("inf"), 1, rtol=float("inf")))
    same(lambda xp: xp.isclose([1, 2], [1, 2, 3]))
    same(lambda xp: xp.isclose(1.0, 10**400))
    same(lambda xp: xp.allclose([], 1))


def test_equality_of_shapes_and_of_what_is_no_array():
    same(lambda xp: xp.array_equal([1, 2], [[1, 2]]))
    same(lambda xp: xp.array_equal("a", 1))
    same(lambda xp: xp.array_equiv("a", 1))
    same(lambda xp: xp.array_equal([[1], [1, 2]], 1))
    same(lambda xp: xp.array_equiv([1, 1], 1))
    same(lambda xp: xp.array_equiv([1, 2, 3], [1, 2]))
    same(lambda xp: xp.array_equal([], []))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_count_nonzero(dtype, layout):
    for options in ({}, {"axis": 0}, {"axis": (0, 1)}, {"axis": -1, "keepdims": True}, {"keepdims": True}):
        same(lambda xp, options=options: xp.count_nonzero(LAYOUTS[layout](values(xp, dtype, (3, 4))), **options))


def test_count_nonzero_of_other_things():
    same(lambda xp: xp.count_nonzero(3))
    same(lambda xp: xp.count_nonzero([[0, 1], [2, float("nan")]]))
    same(lambda xp: xp.count_nonzero([1], axis=2))


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_types_of_results(first, second):
    same(lambda xp: str(xp.promote_types(first, second)))
    same(lambda xp: str(xp.result_type(first, second)))
    same(lambda xp: str(xp.result_type(xp.zeros(2, first), xp.dtype(second).type(1))))
    for weak in (1, 1.0, 1j, True):
        same(lambda xp, weak=weak: str(xp.result_type(first, weak, second)))
        same(lambda xp, weak=weak: str(xp.result_type(weak, xp.array(1, first))))


def test_types_of_results_without_arrays():
    for given in [(1,), (1.0,), (1j,), (True,), (1, 2.0), (1, 2j), (1.0, 2j, 1), (None,), (int, 1.0), ("f4", 300)]:
        same(lambda xp, given=given: str(xp.result_type(*given)))
    for code in SWAPPED:
        same(lambda xp, code=code: xp.result_type(code).str)
        same(lambda xp, code=code: xp.promote_types(code, code).str)
    same(lambda xp: xp.result_type())
    same(lambda xp: xp.result_type("no such type"))
    assert_error(lambda: wasmnp.result_type(1, axis=1), TypeError)
    same(lambda xp: str(xp.result_type(2**70)))
    assert_error(lambda: wasmnp.promote_types("i4"), TypeError)
    assert_error(lambda: wasmnp.promote_types(1, 2), TypeError)


def assert_error(call, kind):
    with pytest.raises(kind):
        call()


def test_types_of_results_leak_nothing():
    descr, array = wasmnp.dtype("f4"), wasmnp.zeros(3, "c8")
    before = sys.getrefcount(descr), sys.getrefcount(array)
    for _ in range(1000):
        wasmnp.result_type(descr, array, 1)
        wasmnp.promote_types(descr, descr)
        wasmnp.empty_like(array, descr)
        with pytest.raises(TypeError):
            wasmnp.result_type(descr, "no such type")
    assert (sys.getrefcount(descr), sys.getrefcount(array)) == before


@pytest.mark.parametrize(
    "value",
    [0, 255, -1, -128, 70000, -129, -32769, 2**31, -(2**31) - 1, True, 65000.0, -3.4e38, 1e38 + 1j, 1e50 + 0j, 1e300],
)
def test_smallest_types(value):
    same(lambda xp: str(xp.min_scalar_type(value)))
    same(lambda xp: str(xp.min_scalar_type(xp.array(value))))
    same(lambda xp: str(xp.min_scalar_type([value])))


def test_smallest_types_of_arrays_and_errors():
    same(lambda xp: xp.min_scalar_type(xp.array([3], ">i4")).str)
    same(lambda xp: xp.min_scalar_type(xp.array(3, ">i4")).str)
    same(lambda xp: str(xp.min_scalar_type(xp.float32(1e5))))
    same(lambda xp: str(xp.min_scalar_type(2**64)))
    same(lambda xp: str(xp.min_scalar_type("text")))


@pytest.mark.parametrize("dtype", [*DTYPES, ">f8"])
def test_broadcast_to(dtype):
    for layout in LAYOUTS:
        same(lambda xp, layout=layout: xp.broadcast_to(LAYOUTS[layout](values(xp, dtype, (3, 4))), (2, 3, 4)))
    same(lambda xp: xp.broadcast_to(values(xp, dtype, (4,)), (3, 4)))
    same(lambda xp: xp.broadcast_to(values(xp, dtype, (3, 1)), (3, 4)))
    same(lambda xp: xp.broadcast_to(values(xp, dtype, ()), 3))
    same(lambda xp: xp.broadcast_to(values(xp, dtype, (1,)), (2, 0)))


def test_broadcast_to_refuses():
    for shape in [(2,), (2, -3), (), 5, (3, 2), (0,)]:
        same(lambda xp, shape=shape: xp.broadcast_to(xp.arange(3), shape))
    assert_error(lambda: wasmnp.broadcast_to([[1, 2]], 2), ValueError)
    same(lambda xp: xp.broadcast_to(xp.arange(3), (2, 3)).flags.writeable)
    assert_error(lambda: wasmnp.broadcast_to([1], "a"), TypeError)

    def subclass(xp):
        model = xp.arange(3).view(type("Sub", (xp.ndarray,), {}))
        return type(xp.broadcast_to(model, (2, 3))).__name__, type(xp.broadcast_to(model, (2, 3), True)).__name__

    same(subclass)


@pytest.mark.parametrize(
    "shapes",
    [
        (),
        (3,),
        ((3,), (2,)),
        (3, (1,), (2, 1)),
        ((3,), 1, (2, 4)),
        (-1,),
        ((2, -1),),
        ((0,), (1,)),
        ((0,), (2,)),
        ((1, 2),) * 70,
        ("a",),
        (2.0,),
    ],
)
def test_broadcast_shapes(shapes):
    same(lambda xp: xp.broadcast_shapes(*shapes))


def test_broadcast_arrays():
    same(lambda xp: xp.broadcast_arrays())
    same(lambda xp: xp.broadcast_arrays(1, [1, 2]))
    same(lambda xp: xp.broadcast_arrays(xp.arange(3), xp.arange(2.0).reshape(2, 1), True))
    same(lambda xp: xp.broadcast_arrays([1, 2, 3], [1, 2]))
    same(lambda xp: xp.broadcast_arrays([1, 2], [3, 4])[0].flags.writeable)
    a = wasmnp.arange(2)
    assert wasmnp.broadcast_arrays(a, [3, 4])[0] is a
    # NumPy warns of writing to elements that many places share; here they are read-only.
    assert not wasmnp.broadcast_arrays(1, [3, 4])[0].flags.writeable


@pytest.mark.parametrize("value", [3, 2.5, [1, 2], [[1, 2, 3]], [], (1,), [[], []]])
def test_measures(value):
    same(lambda xp: (xp.ndim(value), xp.shape(value), xp.size(value)))
    same(lambda xp: (xp.ndim(xp.array(value)), xp.shape(xp.array(value)), xp.size(xp.array(value))))
    for axis in (0, 1, -1, 2, (0, 1), (0, 0), (0, -2), ()):
        same(lambda xp, axis=axis: xp.size(value, axis))
        same(lambda xp, axis=axis: xp.size(xp.array(value), axis))


def test_questions():
    for value in (1, 1.5, 1j, True, b"a", "a", None, [1], memoryview(b"a"), object, 2**70):
        same(lambda xp, value=value: xp.isscalar(value))
        same(lambda xp, value=value: xp.iterable(value))
    same(lambda xp: (xp.isscalar(xp.float32(1)), xp.isscalar(xp.array(1)), xp.iterable(xp.array(1))))
    for below in ("f4", "i8", int, float, bool, "u1", "c8", ">f8"):
        for above in ("floating", "integer", "number", "generic", "signedinteger", "float64", "inexact", "bool"):
            same(lambda xp, below=below, above=above: xp.issubdtype(below, getattr(xp, above)))
            same(lambda xp, below=below, above=above: xp.issubdtype(getattr(xp, above), below))
    same(lambda xp: xp.issubdtype(1, 2))


def test_astype():
    for dtype in DTYPES:
        same(lambda xp, dtype=dtype: xp.astype(xp.array([0, 1, 2]), dtype))
        same(lambda xp, dtype=dtype: xp.astype(xp.float64(1), dtype))
    same(lambda xp: xp.astype([1], "f8"))
    same(lambda xp: xp.astype(xp.arange(2), "f8", device="gpu"))
    same(lambda xp: xp.astype(xp.arange(2), "f8", device="cpu"))
    a = wasmnp.arange(3)
    assert wasmnp.astype(a, a.dtype, copy=False) is a
    assert wasmnp.astype(a, a.dtype) is not a


ASKED = {
    "isclose": (1,),
    "allclose": (1,),
    "array_equal": (1,),
    "array_equiv": (1,),
    "zeros_like": (),
    "ones_like": (),
    "full_like": (1,),
    "empty_like": (),
    "count_nonzero": (),
    "ndim": (),
    "shape": (),
    "size": (),
    "astype": ("f8",),
    "result_type": (1,),
    "min_scalar_type": (),
    "broadcast_to": (3,),
    "broadcast_arrays": (1,),
}


@pytest.mark.parametrize("name", ASKED)
def test_other_arrays_are_asked(name):
    class Asked:
        def __array_function__(self, func, types, args, kwargs):
            return func.__name__, args[1:], kwargs

    assert getattr(wasmnp, name)(Asked(), *ASKED[name]) == (name, ASKED[name], {})
