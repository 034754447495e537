"""Basic indexing and shape changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import wasmnp

from .differential import same

INDICES = [0, -1, 2, 5, -6, slice(None), slice(1, None), slice(None, None, -1), slice(3, 0, -2), slice(10, 20), ...,
           None, (), (0,), (0, 1), (slice(None), 1), (..., 0), (None, ...), (0, ..., 0), (..., ...), (0, 0, 0, 0),
           (1, None, slice(0, 2)),
           (slice(None, None, 2), slice(None, None, -1)), "x", 1.0, (slice(None),) * 3, slice(0, 1, 0)]  # fmt: skip


@pytest.mark.parametrize("index", INDICES, ids=repr)
@pytest.mark.parametrize("shape", [(5,), (3, 4), (2, 3, 4), (), (0, 2)])
def test_get(shape, index):
    size = 1
    for n in shape:
        size *= n
    same(lambda xp: xp.arange(size).reshape(shape)[index])
    same(lambda xp: xp.arange(size).reshape(shape).T[index])


@pytest.mark.parametrize("index", INDICES, ids=repr)
@pytest.mark.parametrize("value", [7, 2.5, [1, 2], [[9]], 1j, [1, 2, 3, 4], 2**70])
def test_set(index, value):
    def body(xp):
        a = xp.arange(12).reshape(3, 4)
        a[index] = value
        return a

    same(body)


def test_set_from_overlapping_views():
    def body(xp):
        a = xp.arange(10)
        a[1:] = a[:-1]
        b = xp.arange(10)
        b[::-1] = b
        c = xp.arange(9).reshape(3, 3)
        c[...] = c.T
        return a, b, c

    same(body)


def test_read_only():
    def body(xp):
        a = xp.arange(3)
        a.setflags(write=False)
        assert not a[1:].flags.writeable
        a[0] = 1

    same(body)
    same(lambda xp: xp.frombuffer(b"abc", dtype="u1").__setitem__(0, 1))


@pytest.mark.parametrize("shape", [(12,), (3, 4), (4, -1), (2, 2, 3), (-1, -1), (5,), (1, 12, 1), (0, -1), (-2, 6), ()])
@pytest.mark.parametrize("order", ["C", "F", "A"])
@pytest.mark.parametrize("source", ["plain", "transposed", "strided"])
def test_reshape(shape, order, source):
    def body(xp):
        a = xp.arange(12).reshape(3, 4)
        a = {"plain": a, "transposed": a.T, "strided": xp.arange(24).reshape(3, 8)[:, ::2]}[source]
        b = a.reshape(shape, order=order)
        return b, b.base is not None

    same(body)


@given(
    st.permutations([0, 1, 2, 3]), st.lists(st.sampled_from([1, 2, 3]), min_size=4, max_size=4), st.sampled_from("CFAK")
)
def test_transpose_and_ravel(axes, shape, order):
    def body(xp):
        size = shape[0] * shape[1] * shape[2] * shape[3]
        a = xp.arange(size).reshape(shape).transpose(axes)
        return a, a.ravel(order), a.flatten(order), a.copy(order), a[::-1].copy(order)

    same(body)


@pytest.mark.parametrize("axes", [(0, 0), (0,), (0, 2), (1, 0), (-1, 0), None])
def test_transpose_axes(axes):
    same(lambda xp: xp.arange(6).reshape(2, 3).transpose(axes))


@given(st.data())
def test_slices(data):
    shape = data.draw(st.lists(st.integers(0, 4), min_size=1, max_size=4))
    part = st.one_of(st.slices(5), st.integers(-5, 5), st.none(), st.just(...))
    index = tuple(data.draw(st.lists(part, max_size=5)))
    size = 1
    for n in shape:
        size *= n

    def body(xp):
        a = xp.arange(float(size)).reshape(shape)
        view = a[index]
        if hasattr(view, "base"):
            a[index] = -1
        return view, a

    same(body)


def test_views_collapse_to_their_owner():
    a = wasmnp.arange(10)
    assert a[2:][3:].base is a
    assert a.reshape(2, 5).T[0].base is a
    assert a.base is None


def test_view():
    same(lambda xp: xp.arange(4.0).view("i8"))
    same(lambda xp: xp.arange(4, dtype="i4").view("u1"))
    same(lambda xp: xp.arange(8, dtype="u1").view("f8"))
    same(lambda xp: xp.arange(7, dtype="u1").view("i4"))
    same(lambda xp: xp.arange(8, dtype="i4").reshape(2, 4)[:, ::2].view("i8"))
    same(lambda xp: xp.array(1.0).view("f4"))


def test_real_and_imag():
    def body(xp):
        a = xp.array([1 + 2j, 3 - 4j])
        a.real = [5, 6]
        a.imag[0] = 9
        return a, a.real, a.imag, xp.arange(3).real, xp.arange(3).imag

    same(body)


@pytest.mark.parametrize("index", [(), (0,), (1, 2), (5,), (-1,), (6,), (0, 0, 0), ((1, 1),)])
def test_item(index):
    same(lambda xp: xp.arange(6.0).reshape(2, 3).item(*index))
    same(lambda xp: xp.array(2.5).item(*index))


def test_length_iteration_containment():
    same(
        lambda xp: (
            len(xp.zeros((3, 0))),
            list(xp.arange(3)),
            [r.tolist() for r in xp.ones((2, 2))],
            2 in xp.arange(3),
            5 in xp.arange(3),
        )
    )
    same(lambda xp: len(xp.array(1)))
    same(lambda xp: list(xp.array(1)))
    same(lambda xp: bool(xp.arange(2)))
    same(lambda xp: bool(xp.array([])))
    same(lambda xp: (bool(xp.array([0.0])), int(xp.array(3.7)), float(xp.array(2)), complex(xp.array(1 + 1j))))
