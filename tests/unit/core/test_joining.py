"""concatenate, copyto, views of axes, packed bits, places, files: the same as NumPy's."""

from __future__ import annotations

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wasmnp

from .differential import DTYPES, PAIRS, same, values


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_concatenate_promotes(a, b):
    same(lambda xp: xp.concatenate((xp.ones(2, dtype=a), xp.zeros(3, dtype=b))))


@pytest.mark.parametrize("axis", [0, 1, -1, None, 2])
def test_concatenate_layouts(axis):
    def body(xp, first, second):
        a, b = xp.arange(6).reshape(2, 3), xp.arange(6, 12).reshape(2, 3)
        return xp.concatenate((first(a), second(b)), axis=axis)

    for first in (lambda a: a, lambda a: a.copy("F"), lambda a: a[::-1], lambda a: a.astype(">f4")):
        for second in (lambda a: a, lambda a: a.copy("F"), lambda a: a[:, ::-1]):
            same(body, first, second)


def test_concatenate_arguments():
    same(lambda xp: xp.concatenate([]))
    same(lambda xp: xp.concatenate([1, 2]))
    same(lambda xp: xp.concatenate([xp.ones(2), xp.ones((2, 2))]))
    same(lambda xp: xp.concatenate([xp.ones((2, 3)), xp.ones((2, 2))]))
    same(lambda xp: xp.concatenate([xp.ones(2, dtype="f4"), 2.5], axis=None))
    same(lambda xp: xp.concatenate([xp.ones(2)], out=xp.zeros(3)))
    same(lambda xp: xp.concatenate([xp.ones(2)], out=xp.zeros(2), dtype="f8"))
    same(lambda xp: xp.concatenate([xp.ones(2)], dtype="i4"))
    same(lambda xp: xp.concatenate([xp.ones(2)], dtype="i4", casting="unsafe"))
    same(lambda xp: xp.concatenate([xp.ones(2), xp.zeros(1)], out=xp.zeros(3, dtype="f4")))

    a = wasmnp.arange(6)  # NumPy writes over what it has yet to read
    assert wasmnp.concatenate((a[3:], a[:3]), out=a).tolist() == [3, 4, 5, 0, 1, 2]
    same(lambda xp: xp.concatenate([xp.ones(1)] * 40))


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_copyto_casts(a, b):
    def body(xp):
        target = xp.zeros((2, 3), dtype=a)
        xp.copyto(target, xp.ones(3, dtype=b), where=xp.array([[True], [False]]))
        return target

    same(body)


@pytest.mark.parametrize("value", [300, 1, 1.5, 1j, True, [1, 2, 3], [[1], [2]], [1, 2]])
@pytest.mark.parametrize("casting", ["same_kind", "unsafe", "safe"])
def test_copyto_values(value, casting):
    for dtype in ("i1", "f4", "?", "c8"):

        def body(xp, dtype=dtype):
            target = xp.zeros((2, 3), dtype=dtype)
            xp.copyto(target, value, casting=casting)
            return target

        if not (value == 300 and casting == "unsafe"):
            same(body)


def test_copyto_overlapping_mask():
    def body(xp):
        a = xp.array([True, False, True, True])
        xp.copyto(a[1:], a[:-1], where=a[1:])
        return a

    same(body)


@given(
    st.integers(1, 9), st.integers(1, 9), st.integers(-9, 9), st.integers(-9, 9), st.integers(0, 30), st.integers(1, 3)
)
def test_shares_memory(n, m, step, other, offset, width):
    step, other = step or 1, other or 1
    memory = numpy.zeros(300, dtype="i1")

    def view(xp, count, stride, start):
        base = xp.frombuffer(memory, dtype="i1")
        array = xp.ndarray((count,), dtype=f"i{1 << (width - 1)}", buffer=base, offset=start, strides=(stride,))
        return array

    def body(xp):
        a, b = view(xp, n, step, 100), view(xp, m, other, 100 + offset)
        return xp.shares_memory(a, b), xp.may_share_memory(a, b)

    same(body)


def test_shares_memory_of_many_axes():
    def body(xp):
        x = xp.zeros((8, 7, 6, 5), dtype="i2")
        a, b = x[::2, ::3, 1::2, ::2], x[1::2, ::2, ::3, 1::3]
        return xp.shares_memory(a, b), xp.shares_memory(a, x[::4, ::2, ::3, ::2]), xp.shares_memory(a, b, 0)

    same(body)
    same(lambda xp: xp.shares_memory(xp.zeros((9, 9))[::2], xp.zeros(3)))


@pytest.mark.parametrize("offset", [-9, -2, -1, 0, 1, 3, 9])
def test_diagonals(offset):
    same(lambda xp: xp.arange(12).reshape(3, 4).diagonal(offset))
    same(lambda xp: xp.arange(24).reshape(2, 3, 4).diagonal(offset, 2, 0).flags.writeable)
    same(lambda xp: xp.trace(xp.arange(24, dtype="i1").reshape(2, 3, 4), offset, 1, 2))


def test_axes():
    same(lambda xp: xp.swapaxes(xp.zeros((2, 3)), 0, 5))
    same(lambda xp: xp.zeros((2, 3, 4)).swapaxes(-1, 0))
    same(lambda xp: xp.zeros((1, 3, 1)).squeeze())
    same(lambda xp: xp.zeros((1, 3, 1)).squeeze((0, -1)))
    same(lambda xp: xp.zeros((1, 3, 1)).squeeze(1))
    same(lambda xp: xp.diagonal([1]))
    same(lambda xp: xp.zeros((2, 2)).diagonal(0, 1, 1))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ["argmax", "argmin"])
def test_extreme_places(name, dtype):
    for shape in ((7,), (3, 5), (2, 3, 4), (0, 3), (), (2000,)):
        for axis in (None, 0, -1, 1):
            for keepdims in (False, True):
                same(lambda xp, s=shape, a=axis, k=keepdims: getattr(values(xp, dtype, s), name)(axis=a, keepdims=k))
        same(lambda xp, s=shape: getattr(values(xp, dtype, s).T, name)(0))
    same(lambda xp: getattr(values(xp, dtype, (3, 4)), name)(axis=0, out=xp.zeros(4, dtype=int)))
    same(lambda xp: getattr(values(xp, dtype, (3, 4)), name)(axis=0, out=xp.zeros(3, dtype=int)))


def test_parts_of_elements():
    same(lambda xp: xp.arange(3, dtype="i8").getfield("i2", 2))
    same(lambda xp: xp.arange(3).getfield("i8", 1))
    same(lambda xp: xp.arange(3).getfield("c16"))

    def body(xp):
        a = xp.zeros(3, dtype="i4")
        a.setfield([1, 2, 3], "i2", 2)
        return a, a.byteswap(), a.byteswap(True), a

    same(body)
    for dtype in ("i1", "f2", "c8", ">c16", ">i4"):
        same(lambda xp, d=dtype: xp.arange(4, dtype="i1").astype(d).byteswap().tobytes())


def test_resize():
    def body(xp, *shape, order="C"):
        a = xp.arange(6).reshape(2, 3).copy(order)
        a.resize(*shape)
        return a

    for shape in ((3, 4), (2,), ((1, 2, 3, 1, 1),), (0,), ((6,),), (None,), (), (-1,)):
        same(body, *shape)
    same(lambda xp: body(xp, (4, 2), order="F"))

    def shared(xp):
        a = xp.arange(6)
        b = a[:]
        a.resize(8)
        return b

    same(shared)
    same(lambda xp: xp.arange(6)[:3].resize(8))


@pytest.mark.parametrize("axis", [None, 0, 1, -1, 2])
@pytest.mark.parametrize("order", ["big", "little", "other"])
def test_bits(axis, order):
    same(lambda xp: xp.packbits(xp.arange(36).reshape(4, 9) % 3, axis=axis, bitorder=order))
    for count in (None, 0, 3, 30, -3, -90):
        same(
            lambda xp, c=count: xp.unpackbits(
                xp.arange(12, dtype="u1").reshape(3, 4)[:, ::2], axis=axis, count=c, bitorder=order
            )
        )
    same(lambda xp: xp.packbits(xp.zeros((2, 0), dtype=bool), axis=axis))


def test_places():
    same(lambda xp: xp.ravel_multi_index(([3, 6, 6], [4, 5, 1]), (7, 6), order="F"))
    same(lambda xp: xp.ravel_multi_index(([3, -6, 9], [[4], [5]]), (4, 6), mode=("clip", "wrap")))
    same(lambda xp: xp.ravel_multi_index((-1, 1), (2, 2)))
    same(lambda xp: xp.ravel_multi_index((0.5, 1), (2, 2)))
    same(lambda xp: xp.ravel_multi_index(([], []), (2, 2)))
    same(lambda xp: xp.unravel_index([[5, 7]], (4, 6), order="F"))
    same(lambda xp: xp.unravel_index(5, (4, 6)))
    same(lambda xp: xp.unravel_index(24, (4, 6)))
    same(lambda xp: xp.unravel_index([0], ()))


@pytest.mark.parametrize("dtype", ["i4", "f8", "c8", "?", "u2"])
def test_fromiter(dtype):
    for count in (-1, 0, 3, 30):
        same(lambda xp, c=count: xp.fromiter((i % 7 for i in range(20)), dtype, c))
    same(lambda xp: xp.fromiter(["a"], dtype))
    same(lambda xp: xp.fromiter(5, dtype))


@pytest.mark.parametrize(
    ("dtype", "item"),
    [("2i4", (1, 2)), ("i4,O", (1, "a")), (("f8", (2, 3)), ((1, 2, 3), (4, 5, 6))), (("O", (1, 2)), ((None, "b"),))],
)
def test_fromiter_of_types_with_parts(dtype, item):
    same(lambda xp: xp.fromiter((item for _ in range(50)), dtype))


@pytest.mark.parametrize("text", ["1 2  3", "1, 2,3", "", "1.5 x", "nan -inf 1e3", "1;2"])
@pytest.mark.parametrize("sep", [" ", ",", ", ", "", ";"])
def test_texts(text, sep):
    same(lambda xp: xp.fromstring(text, sep=sep))
    if "1.5" not in text:
        same(lambda xp: xp.fromstring(text, dtype=int, sep=sep))


def test_files(tmp_path):
    path = tmp_path / "numbers"

    def body(xp, sep):
        a = xp.arange(12, dtype=">i4").reshape(3, 4).T
        a.tofile(path, sep)
        with open(path, "rb") as opened:
            parts = [xp.fromfile(opened, ">i4", count, sep) for count in (4, -1)]
            position = opened.tell()
        return parts, position, path.read_bytes()

    same(body, "")
    for code in ("<i4", "f8"):
        same(lambda xp, c=code: (xp.arange(5, dtype=c).tofile(path, ","), xp.fromfile(path, c, sep=","))[1])
    same(lambda xp: xp.fromfile(path, "i4", sep=",", offset=4))
    same(lambda xp: xp.fromfile(tmp_path / "missing"))


@pytest.mark.parametrize("code", ["S", "U", "S4", "U2"])
def test_text_is_as_long_as_it_needs(code):
    for parts in ([[1.5], [2]], [[True], ["abc"]], [["a", "bcd"], ["efghi"]]):
        same(lambda xp: xp.concatenate(parts, dtype=code, casting="unsafe").dtype.str)  # noqa: B023


def test_refusals():
    same(lambda xp: xp.concatenate([[1]], dtype="(2,)i4"))
    import operator

    same(lambda xp: operator.concat(xp.arange(2), [1]))
    same(lambda xp: xp.squeeze([[[1.5]]]))
