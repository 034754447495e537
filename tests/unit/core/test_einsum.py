"""einsum and einsum_path: the same as NumPy's."""

from __future__ import annotations

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from .differential import DTYPES, same

SIZES = dict(zip("abcdef", (2, 3, 4, 5, 1, 2), strict=True))
SUMS = [
    "ab->ba", "ab->", "ab->a", "aa->a" , "aa", "aab->ab", "ab,bc->ac", "ab,bc", "a,a->a", "a,b->ab", "ab,ab->",
    "abc,cd->abd", "ab,cb->ac", "abc,abd->acd", "ab,bc,cd->ad", "ab,b,a->", "...a->...", "a...,a->...", "...ab,...b",
    "abc->b", "ab,->ab", ",", "abcd,bd->ca", "ea,b->ab", "ea,ab->b", "ab...->...", "a->aa", "ab->c", "ab,ab,ab->a",
]  # fmt: skip


def operands(xp, subscripts, dtype, layout=lambda a: a):
    arrays = []
    for place, labels in enumerate(subscripts.partition("->")[0].split(",")):
        shape = [3, 2] if "..." in labels and place == 0 else []
        shape = tuple([2] * 0 + shape[: 2 if "..." in labels else 0])
        before, dots, after = labels.partition("...")
        full = tuple(SIZES[c] for c in before) + (shape if dots else ()) + tuple(SIZES[c] for c in after)
        size = int(numpy.prod(full, dtype=int))
        arrays.append(layout(((xp.arange(size) + place) % 5).astype(dtype).reshape(full)))
    return arrays


@pytest.mark.parametrize("subscripts", SUMS)
@pytest.mark.parametrize("dtype", [*DTYPES, "g", "O"])
def test_sums(subscripts, dtype):
    for optimize in (False, True):

        def body(xp, optimize=optimize):
            result = xp.einsum(subscripts, *operands(xp, subscripts, dtype), optimize=optimize)
            plain = xp.asarray(result)
            return (
                plain.shape,
                dtype == "O" or str(plain.dtype),
                [complex(item) for item in plain.ravel().astype("O").tolist()],
            )

        same(body)


@pytest.mark.parametrize("subscripts", ["ab,bc->ca", "abc->cb", "abc,abd->dca", "aab->ba"])
def test_layouts(subscripts):
    for layout in (lambda a: a.copy("F"), lambda a: a[..., ::-1], lambda a: a.astype(">f4")):
        for keywords in ({}, {"order": "F"}, {"order": "A"}, {"dtype": "f4", "casting": "same_kind"}):
            same(
                lambda xp, f=layout, k=keywords: xp.einsum(subscripts, *operands(xp, subscripts, "f8", f), **k).tolist()
            )


def test_views():
    def body(xp):
        a = xp.arange(9).reshape(3, 3)
        diagonal = xp.einsum("ii->i", a)
        diagonal[...] = -1
        return a, xp.einsum("ij->ji", a).base is not None, xp.einsum("...", a)

    same(body)


def test_arguments():
    same(lambda xp: xp.einsum(xp.arange(6).reshape(2, 3), [0, 1], [1]))
    same(lambda xp: xp.einsum(xp.arange(6).reshape(2, 3), [0, ...], xp.arange(2), [0]))
    same(lambda xp: xp.einsum("ab,b->a", xp.ones((2, 3)), xp.ones(3), out=xp.zeros(2)))
    same(lambda xp: xp.einsum("ab,b->a", xp.ones((2, 3)), xp.ones(3), out=xp.zeros(2, dtype="f4")))
    same(lambda xp: xp.einsum("ab,b->a", xp.ones((2, 3)), xp.ones(3), out=xp.zeros(2, dtype="f4"), casting="unsafe"))
    same(lambda xp: xp.einsum("ab,b->a", xp.ones((2, 3)), xp.ones(3), out=xp.zeros(3)))
    same(lambda xp: xp.einsum("a,a", xp.ones(2, dtype="i4"), 2.0 * xp.ones(2), dtype="i4"))
    same(lambda xp: xp.einsum("a", 2, other=3))
    same(lambda xp: xp.einsum("a,a", xp.ones(2), xp.ones(2), optimize=True, other=3))
    for arguments in ((), ("",), (0, 0), ("", 0, 0), ("i", 0), ("ij", [0, 0]), ("i..", [0]), ("i%", [0]), ("i->ij",
    [0]),
                      ("ii->ii", [[0]]), ("ii", [[1, 2, 3], [4, 5, 6]]), ("a,a", [1, 2], [1, 2, 3]),
                      ("i->.i", [0]), ("...i->i", [[1]])):  # fmt: skip
        for optimize in (False, True):
            same(lambda xp, a=arguments, o=optimize: xp.einsum(*a, optimize=o))


@given(
    st.lists(st.text("abcd", min_size=0, max_size=3), min_size=1, max_size=5), st.sampled_from(["greedy", "optimal"])
)
def test_paths(labels, kind):
    subscripts = ",".join("".join(dict.fromkeys(part)) for part in labels)
    same(lambda xp: xp.einsum_path(subscripts, *operands(xp, subscripts, "f8"), optimize=kind))
    same(lambda xp: xp.einsum(subscripts, *operands(xp, subscripts, "i8"), optimize=kind).tolist())
