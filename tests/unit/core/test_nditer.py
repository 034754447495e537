"""nditer and nested_iters: the same values in the same order as NumPy's."""

from __future__ import annotations

import itertools
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st

import wasmnp

from .differential import same

ORDERS = ["C", "F", "A", "K"]


def seen(it):
    """What iterating yields, element by element or chunk by chunk."""
    return [[x.tolist() for x in value] if isinstance(value, tuple) else value.tolist() for value in it]


@given(
    st.lists(st.integers(1, 4), min_size=1, max_size=4),
    st.sampled_from(ORDERS),
    st.sampled_from(
        [
            [],
            ["external_loop"],
            ["multi_index"],
            ["c_index"],
            ["f_index"],
            ["buffered"],
            ["buffered", "external_loop"],
            ["buffered", "external_loop", "growinner"],
        ]
    ),
    st.data(),
)
def test_orders(shape, order, flags, data):
    axes = data.draw(st.permutations(range(len(shape))))
    steps = [data.draw(st.sampled_from([1, -1])) for _ in shape]

    def body(xp):
        size = 1
        for extent in shape:
            size *= extent
        a = xp.arange(size).reshape(shape).transpose(axes)[tuple(slice(None, None, step) for step in steps)]
        it = xp.nditer(a, flags, order=order)
        description = it.ndim, it.itersize, it.has_index, it.has_multi_index
        if "multi_index" in flags:
            return description, it.shape, [(x.tolist(), it.multi_index) for x in it]
        if it.has_index:
            return description, [(x.tolist(), it.index) for x in it]
        if "external_loop" in flags:
            return [x for chunk in it for x in chunk.tolist()]
        return description, seen(it)

    same(body)


@pytest.mark.parametrize("casting", ["no", "safe", "same_kind", "unsafe"])
@pytest.mark.parametrize(
    "access",
    [
        ["readonly"],
        ["readwrite"],
        ["writeonly"],
        ["readonly", "copy"],
        ["readwrite", "updateifcopy"],
        ["readonly", "readwrite"],
        [],
    ],
)
@pytest.mark.parametrize("flags", [[], ["buffered"], ["buffered", "external_loop"]])
def test_casts(flags, access, casting):
    def body(xp, wanted):
        a = xp.arange(7, dtype="f4").astype(">f4")[::2]
        with xp.nditer(a, flags, [access], op_dtypes=[wanted], casting=casting, buffersize=3) as it:
            values = seen(it) if "writeonly" not in access else []
            it.reset()
            for x in it:
                if "readonly" not in access:
                    x[...] = 5
        return values, a

    for wanted in ("f8", "i4", "f4", ">f4"):
        same(lambda xp, w=wanted: body(xp, w))


def test_outputs():
    def double(xp, a, **keywords):
        it = xp.nditer([a, None], [], [["readonly"], ["writeonly", "allocate"]], **keywords)
        for x, y in it:
            y[...] = 2 * x
        return it.operands[1]

    for layout in (lambda a: a, lambda a: a.T, lambda a: a[::-1], lambda a: a[:, ::2]):
        for order in ORDERS:
            same(lambda xp, f=layout, o=order: double(xp, f(xp.arange(24).reshape(4, 6)), order=o))
    same(lambda xp: double(xp, xp.arange(6).reshape(2, 3), op_axes=[None, [1, 0]]))
    same(lambda xp: double(xp, xp.arange(6).reshape(2, 3), op_axes=[None, [0, -1]]))
    same(lambda xp: double(xp, xp.arange(6).reshape(2, 3), itershape=(3, 2, 3)))
    same(lambda xp: double(xp, xp.arange(6).reshape(2, 3), op_dtypes=[None, "f4"]))

    def total(xp, flags):
        a, out = xp.arange(24).reshape(2, 3, 4), xp.zeros((2, 4), dtype=int)
        it = xp.nditer([a, out], ["reduce_ok", *flags], [["readonly"], ["readwrite"]], op_axes=[None, [0, -1, 1]])
        with it:
            for x, y in it:
                y[...] += x
        return out

    for flags in ([], ["buffered"], ["external_loop"], ["buffered", "external_loop"]):
        same(lambda xp, f=flags: total(xp, f))


def test_positions():
    def body(xp):
        it = xp.nditer(xp.arange(12).reshape(3, 4)[::-1], ["multi_index", "c_index"])
        it.multi_index = (1, 2)
        first = it[0].tolist(), it.iterindex, it.index
        it.index = 7
        second = it[0].tolist(), it.multi_index
        it.iterindex = 3
        return first, second, it.multi_index, it.iternext(), it.multi_index

    same(body)
    same(lambda xp: setattr(xp.nditer(xp.arange(3), ["multi_index"]), "multi_index", (3,)))
    same(lambda xp: setattr(xp.nditer(xp.arange(3), ["c_index"]), "index", 3))
    same(lambda xp: setattr(xp.nditer(xp.arange(3)), "iterindex", -1))

    def ranged(xp):
        it = xp.nditer(xp.arange(12), ["ranged", "buffered", "external_loop"], buffersize=5)
        it.iterrange = (2, 9)
        return seen(it), it.iterrange

    same(ranged)

    def removed(xp):
        it = xp.nditer(xp.arange(12).reshape(3, 4), ["multi_index"])
        it.remove_axis(1)
        values = seen(it)
        it.remove_multi_index()
        it.enable_external_loop()
        return values, seen(it)

    same(removed)


@pytest.mark.parametrize("axes", [[[0], [1, 2]], [[1], [0, 2]], [[2], [1], [0]], [[], [0, 1, 2]], [[0, 0], [1]]])
@pytest.mark.parametrize("flags", [[], ["multi_index"], ["buffered"], ["external_loop"]])
def test_nested(axes, flags):
    def body(xp):
        levels = xp.nested_iters(xp.arange(12).reshape(2, 3, 2), axes, flags)

        def walk(level):
            if level == len(levels) - 1:
                return [x.tolist() for x in levels[level]]
            return [walk(level + 1) for _ in levels[level]]

        return walk(0)

    same(body)


def test_errors():
    for arguments in (
        ([],),
        (None,),
        ([1, 2], ["other"]),
        ([1, 2], [], [["readonly"]]),
        ([1], [], [["writeonly"]]),
        ([[1, 2], [1, 2, 3]],),
        ([1], ["c_index", "f_index"]),
        ([1], ["external_loop", "multi_index"]),
        ([[]],),
        ([[1]], [], ["readonly"], None, "K", "safe", [[0, 0]]),
        ([[1]], [], None, None, "K", "safe", None, (2,)),
    ):
        same(lambda xp, a=arguments: xp.nditer(*a).itersize)
    same(lambda xp: xp.nditer(xp.arange(3))[1])
    same(lambda xp: xp.nditer(xp.arange(3)).multi_index)
    same(lambda xp: xp.nditer(xp.arange(3), itershape=(3, 3)).shape)


def test_copies_and_lifetimes():
    a = wasmnp.arange(6.0)
    it = wasmnp.nditer(a, ["buffered", "external_loop"], op_dtypes=["f4"], casting="same_kind")
    value = it.value
    other = it.copy()
    it.close()
    del it
    assert value.tolist() == other.value.tolist() == [0, 1, 2, 3, 4, 5]

    class Sub(wasmnp.nditer):
        pass

    kept = Sub(a)
    alive = weakref.ref(type(kept))
    assert next(kept).base is kept
    del kept
    assert alive() is Sub


def test_objects():
    for flags in itertools.product((["refs_ok"], ["refs_ok", "buffered"]), ("O", "i8")):
        same(
            lambda xp, f=flags: seen(
                xp.nditer(xp.array([1, 2, 3], dtype="O"), f[0], op_dtypes=[f[1]], casting="unsafe")
            )
        )
    same(lambda xp: xp.nditer(xp.array([1], dtype="O")).value)
    same(lambda xp: xp.arange(5, dtype="O"))
    same(lambda xp: xp.zeros(3, dtype="O"))
