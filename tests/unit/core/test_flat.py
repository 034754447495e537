"""ndarray.flat and broadcast: the same as NumPy's."""

from __future__ import annotations

import pytest

from .differential import same

LAYOUTS = [lambda a: a, lambda a: a.T, lambda a: a[::-1, ::2], lambda a: a.astype(">i2")]
KEYS = [0, -1, 5, 6, slice(None), slice(1, 5, 2), slice(None, None, -1), ..., (), (2,), (1, 2), [0, 3, -1], [[0], [1]],
        [], 1.5]  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("key", KEYS, ids=repr)
def test_index(key, layout):
    def read(xp):
        return layout(xp.arange(12).reshape(3, 4)).flat[key]

    def write(xp, value):
        a = layout(xp.arange(12).reshape(3, 4).copy())
        a.flat[key] = value
        return a

    same(read)
    for value in (7, [7, 8], [[1, 2, 3]], []):
        same(lambda xp, v=value: write(xp, v))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_masks(layout):
    def body(xp, count):
        a = layout(xp.arange(12).reshape(3, 4).copy())
        mask = xp.arange(count) % 3 > 0
        chosen = a.flat[mask]
        a.flat[mask] = [7, 8]
        return chosen, a

    for count in (6, 9, 12):
        same(lambda xp, n=count: body(xp, n))


def test_walk():
    def body(xp):
        flat = xp.arange(6).reshape(2, 3).T.flat
        steps = [(flat.index, flat.coords, next(flat)) for _ in range(3)]
        return steps, list(flat), flat.index, flat.coords, len(flat), flat.copy(), flat == 3, flat.base

    same(body)
    same(lambda xp: xp.asarray(xp.arange(6).reshape(2, 3).T.flat))
    same(lambda xp: xp.asarray(xp.arange(6).flat, dtype="f4"))
    same(lambda xp: list(xp.array(3).flat))
    same(lambda xp: list(xp.zeros((2, 0)).flat))
    same(lambda xp: next(xp.zeros(0).flat))
    same(lambda xp: xp.zeros((1,) * 40).flat)

    def assigned(xp, value):
        a = xp.zeros((2, 3), dtype="i4")
        a.flat = value
        return a

    for value in (1, [1, 2], range(9), [], "x"):
        same(lambda xp, v=value: assigned(xp, v))


def test_broadcast():
    def body(xp):
        b = xp.broadcast(xp.arange(3), xp.arange(2)[:, None], 5)
        start = b.shape, b.size, b.nd, b.ndim, b.numiter, b.index
        pairs = list(b)
        end = b.index
        b.reset()
        return start, pairs, end, next(b), [list(it) for it in b.iters]

    same(body)
    same(lambda xp: xp.broadcast(xp.broadcast(xp.arange(3), [[1]]), 2).numiter)
    same(lambda xp: xp.broadcast().shape)
    same(lambda xp: xp.broadcast([1, 2], [1, 2, 3]))
    same(lambda xp: xp.broadcast(*[1] * 64).numiter)
    same(lambda xp: xp.broadcast(*[1] * 65).numiter)
    same(lambda xp: xp.broadcast(1, out=2))


def test_geometry_is_set_in_place():
    def body(xp, name, value, layout=lambda a: a):
        a = layout(xp.arange(6))
        setattr(a, name, value)
        return a

    for value in ((2, 3), 6, (-1, 2), (4,), (1, 2, 1, 3, 1, 1)):
        same(lambda xp, v=value: body(xp, "shape", v))
    same(lambda xp: body(xp, "shape", 6, lambda a: a.reshape(2, 3).T))
    same(lambda xp: body(xp, "strides", (16,), lambda a: a[::2]))
    same(lambda xp: body(xp, "strides", (8,), lambda a: a[::2]))
    same(lambda xp: body(xp, "strides", (800,)))
    same(lambda xp: body(xp, "strides", (8, 8)))
    for value in ("f8", "i4", "c16", ">i8", "nonsense"):
        same(lambda xp, v=value: body(xp, "dtype", v))
    same(lambda xp: body(xp, "dtype", "i4", lambda a: a[::2]))
