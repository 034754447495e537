"""Products of matrices and vectors, and generalized ufuncs: the same as NumPy's."""

from __future__ import annotations

import inspect
import operator

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wasmnp

from .differential import DTYPES, same

SHAPES = [
    ((3,), (3,)),
    ((2, 3), (3,)),
    ((3,), (3, 4)),
    ((2, 3), (3, 4)),
    ((5, 2, 3), (3, 4)),
    ((5, 1, 2, 3), (2, 3, 4)),
    ((2, 3), (2, 4)),
    ((0, 3), (3, 0)),
    ((2, 0), (0, 3)),
    ((), (3,)),
    ((3,), ()),
    ((1, 3), (3, 1)),
]
LAYOUTS = [lambda a: a, lambda a: a.copy("F"), lambda a: a[::-1], lambda a: a.astype(a.dtype.newbyteorder(">"))]


def small(xp, dtype, shape):
    """Whole numbers, of which every sum of products is exact."""
    size = int(numpy.prod(shape, dtype=int))
    return ((xp.arange(size) % 5) - (0 if numpy.dtype(dtype).kind in "ub" else 2)).astype(dtype).reshape(shape)


@pytest.mark.parametrize("name", ["matmul", "dot", "inner", "vdot", "vecdot", "matvec", "vecmat"])
@pytest.mark.parametrize("dtype", [*DTYPES, "g", "G", "O", "q"])
def test_shapes(name, dtype):
    for first, second in SHAPES:
        if dtype == "O" and 0 in first:
            continue  # NumPy's own sums of no objects differ from function to function
        for layout in LAYOUTS if len(first) > 1 and dtype != "O" else LAYOUTS[:1]:

            def body(xp, first=first, second=second, layout=layout):
                b = small(xp, dtype, second)
                result = getattr(xp, name)(layout(small(xp, dtype, first)), layout(b) if second else b)
                plain = xp.asarray(result).astype("O" if dtype == "O" else "c16") + 0  # zeros of one sign
                return xp.asarray(plain).tolist(), str(getattr(result, "dtype", "")), type(result).__name__

            same(body)


@given(st.integers(1, 70), st.integers(0, 300), st.integers(1, 70), st.sampled_from(["f4", "f8", "c8", "c16", "i2"]))
def test_sizes(rows, depth, columns, dtype):
    def body(xp):
        a, b = small(xp, dtype, (rows, depth)), small(xp, dtype, (depth, columns))
        return xp.matmul(a, b) + 0, xp.matmul(b.T, a.T) + 0, xp.dot(a, b) + 0

    same(body)


def test_blocks():
    rng = numpy.random.default_rng(0)
    a, b = rng.integers(-3, 3, (200, 600)).astype("f8"), rng.integers(-3, 3, (600, 900)).astype("f8")
    mine = wasmnp.matmul(
        wasmnp.frombuffer(a.tobytes()).reshape(a.shape), wasmnp.frombuffer(b.tobytes()).reshape(b.shape)
    )
    assert (a @ b).tobytes() == mine.tobytes()


def test_mixed_types():
    for a in ("i4", "f4", "?", "c8", "u8"):
        for b in ("i8", "f2", "f8", "?"):
            same(lambda xp, x=a, y=b: xp.matmul(small(xp, x, (2, 3)), small(xp, y, (3, 2))))
            same(lambda xp, x=a, y=b: xp.dot(small(xp, x, (2, 3)), small(xp, y, (3, 2))))
    same(lambda xp: xp.dot(3, xp.ones(2, dtype="f4")))
    same(lambda xp: xp.matmul([[1, 2]], [[1.5], [2]]))


def test_special_values():
    inf, nan = float("inf"), float("nan")
    for elements in ([inf, 1.0], [nan, 1.0], [inf, -inf], [1e308, 1e308]):
        for other in ([0.0, 1.0], [1.0, 1.0], [inf, 1.0]):
            same(lambda xp, a=elements, b=other: repr(xp.matmul(xp.array(a), xp.array(b))))


def test_outputs():
    same(lambda xp: xp.matmul(xp.ones((2, 3)), xp.ones((3, 2)), out=xp.zeros((2, 2))))
    same(lambda xp: xp.matmul(xp.ones((2, 3)), xp.ones((3, 2)), out=xp.zeros((2, 2), dtype="f4")))
    same(lambda xp: xp.matmul(xp.ones((2, 3)), xp.ones((3, 2)), out=xp.zeros((2, 2), dtype="i4")))
    same(lambda xp: xp.matmul(xp.ones((2, 3)), xp.ones((3, 2)), out=xp.zeros((3, 2))))
    same(lambda xp: xp.matmul(xp.ones((2, 3)), xp.ones((3, 2)), out=xp.zeros((5, 2, 2))))
    same(lambda xp: xp.matmul(xp.ones((2, 3)), xp.ones((3, 2)), dtype="f4", casting="unsafe"))
    same(lambda xp: xp.matmul(xp.ones((2, 3)), xp.ones((3, 2)), where=True))
    same(lambda xp: xp.dot(xp.ones((2, 3)), xp.ones(3), out=xp.zeros(2)))
    same(lambda xp: xp.dot(xp.ones((2, 3)), xp.ones(3), out=xp.zeros(2, dtype="f4")))
    same(lambda xp: xp.dot(xp.ones((2, 3)), xp.ones(3), out=xp.zeros(4)[::2]))

    def overlapping(xp):
        a = xp.arange(9.0).reshape(3, 3)
        return xp.matmul(a, a.T, out=a)

    same(overlapping)


@pytest.mark.parametrize(
    "keywords",
    [
        {"axes": [(0, 1), (1, 2), (0, 1)]},
        {"axes": [(2, 0), (0, 1), (0, 2)]},
        {"axes": [(0, 1), (0, 1)]},
        {"axes": 5},
        {"axis": 0},
        {"keepdims": True},
    ],
)
def test_axes_of_matrices(keywords):
    same(lambda xp: (xp.matmul(small(xp, "f8", (3, 3, 3)), small(xp, "f8", (3, 3, 3)), **keywords) + 0).tolist())


@pytest.mark.parametrize(
    "keywords",
    [
        {"axis": 0},
        {"axis": 1},
        {"axis": -1, "keepdims": True},
        {"axis": 5},
        {"axes": [0, 1]},
        {"axes": [(0,), 0, ()]},
        {"axis": 0, "keepdims": True},
        {"axes": [0, 0], "axis": 0},
        {"axes": [0, 0, 1], "keepdims": True},
    ],
)
def test_axes_of_vectors(keywords):
    same(lambda xp: xp.vecdot(small(xp, "f8", (3, 3)), small(xp, "f8", (3, 3)), **keywords))


def test_operators():
    same(lambda xp: small(xp, "i4", (2, 3)) @ small(xp, "i4", (3, 2)))
    same(lambda xp: [[1, 2]] @ small(xp, "i4", (2, 2)))
    same(lambda xp: small(xp, "i4", (2, 2)) @ 3)
    for shapes in (((2, 2), (2, 2)), ((2,), (2, 2)), ((5, 2, 2), (2, 2)), ((2, 2), (2,)), ((2, 3), (3, 2))):
        same(lambda xp, s=shapes: operator.imatmul(small(xp, "f8", s[0]), small(xp, "f8", s[1])))
    same(lambda xp: operator.imatmul(small(xp, "i4", (2, 2)), small(xp, "f8", (2, 2))))


def test_names():
    same(lambda xp: [(u.signature, u.types, u.nin, u.nout) for u in (xp.matmul, xp.vecdot, xp.matvec, xp.vecmat)])


def test_arguments_of_generalized_ufuncs():
    same(lambda xp: xp.matmul(xp.ones((2, 2)), xp.ones((2, 2)), keepdims=False))
    same(lambda xp: xp.matmul(xp.ones((2, 2)), xp.ones((2, 2)), axes=[-1, -1, -1]))
    same(lambda xp: xp.vecdot(xp.ones(2), xp.ones(2), axes=[-1, -1, -1]))
    same(lambda xp: xp.vecdot(xp.ones((3, 3)), xp.ones((3, 3)), axes=[0, 0], keepdims=True))
    same(lambda xp: xp.add(1, 2, out=...))
    same(lambda xp: xp.add.reduce([1, 2], out=...))
    same(lambda xp: xp.add(1, 2, ...))
    same(lambda xp: [str(inspect.signature(u)) for u in (xp.matmul, xp.vecdot, xp.divmod, xp.add)])
    same(lambda xp: xp.ones((2, 3, 4)).mT)
    same(lambda xp: xp.ones(3).mT)
    same(lambda xp: xp.vecdot(xp.array(["a"], dtype=object), xp.array([1], dtype=object)))


def test_object_at_stops_at_the_first_error():
    def body(xp):
        a = xp.array([1, "a", 2], dtype=object)
        try:
            xp.add.at(a, [0, 1, 2], 1)
        except TypeError:
            return a

    same(body)


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("depth", [1, 7, 64, 300])
def test_products_of_every_width(dtype, depth):
    """Whole numbers, so that any order of the additions gives the same bits; around the sizes of tiles."""
    for rows in (2, 3, 7, 8, 9, 15, 31):
        for columns in (1, 3, 4, 8, 15, 16, 17, 24, 31, 33, 48, 49, 65, 97):
            a = (numpy.arange(rows * depth) % 11 - 5).astype(dtype).reshape(rows, depth)
            b = (numpy.arange(depth * columns) % 7 - 3).astype(dtype).reshape(depth, columns)
            out = wasmnp.full((rows + 2, columns + 3), 9, dtype=dtype)
            wasmnp.matmul(wasmnp.array(a), wasmnp.array(b), out=out[1:-1, 1:-2])
            expected = numpy.full((rows + 2, columns + 3), 9, dtype=dtype)
            expected[1:-1, 1:-2] = a @ b
            assert out.tolist() == expected.tolist(), (rows, depth, columns)


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("place", [(0, 0), (31, 32), (5, 17)])
def test_products_that_are_not_finite(dtype, place):
    def body(xp, value):
        a, b = xp.ones((32, 33), dtype=dtype), xp.ones((33, 33), dtype=dtype)
        a[place] = value
        return a @ b

    largest = float(numpy.finfo(dtype).max)
    for value in (float("inf"), float("nan"), largest):
        same(body, value)
    same(lambda xp: xp.full((20, 20), largest, dtype=dtype) @ xp.ones((20, 20), dtype=dtype))
