"""Bitwise operators, divmod, unary operators and logical reductions: arrays, scalars and Python numbers."""

from __future__ import annotations

import operator

import pytest

from .differential import LAYOUTS, same, values

INTEGERS = ["?", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"]
BITWISE = [operator.and_, operator.or_, operator.xor, operator.lshift, operator.rshift]
IN_PLACE = [operator.iand, operator.ior, operator.ixor, operator.ilshift, operator.irshift]


@pytest.mark.parametrize("function", [*BITWISE, divmod], ids=lambda function: function.__name__)
@pytest.mark.parametrize("dtype", [*INTEGERS, ">i2", ">u8", "f8"])
def test_binary(function, dtype):
    for other in (1, 3, True, -2):
        same(lambda xp, y=other: function(values(xp, dtype.lstrip(">"), (6,)).astype(dtype), y))
        same(lambda xp, y=other: function(y, values(xp, dtype.lstrip(">"), (6,)).astype(dtype)))
        same(lambda xp, y=other: function(values(xp, dtype.lstrip(">"), (6,))[1], y))
    for other in ("?", "i1", "u4", "i8"):
        same(lambda xp, y=other: function(values(xp, dtype.lstrip(">"), (6,)), values(xp, y, (6,)) & 7))
        same(lambda xp, y=other: function(values(xp, dtype.lstrip(">"), (6,))[2], values(xp, y, (6,))[1] | True))


@pytest.mark.parametrize("function", IN_PLACE, ids=lambda function: function.__name__)
@pytest.mark.parametrize("dtype", INTEGERS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_in_place(function, dtype, layout):
    def body(xp):
        array = LAYOUTS[layout](values(xp, dtype, (5, 4)))
        before = array
        array = function(array, xp.array([1, 0, 3, 2, 1], dtype=dtype)[: array.shape[-1]])
        assert array is before
        return array

    same(body)


@pytest.mark.parametrize("function", [operator.invert, operator.pos, operator.neg, abs], ids=lambda f: f.__name__)
@pytest.mark.parametrize("dtype", [*INTEGERS, "f2", "f4", "f8", "c8", "c16"])
def test_unary(function, dtype):
    same(lambda xp: function(values(xp, dtype, (3, 4))))
    same(lambda xp: function(values(xp, dtype, (3, 4))[1, 2]))


def test_shifts_beyond_the_width():
    for dtype in INTEGERS[1:]:
        bits = 8 * int(dtype[1])
        for count in (bits - 1, bits, bits + 1):
            same(lambda xp, d=dtype, n=count: xp.left_shift(values(xp, d, (9,)), xp.array(n, dtype=d)))
            same(lambda xp, d=dtype, n=count: xp.right_shift(values(xp, d, (9,)), xp.array(n, dtype=d)))


@pytest.mark.parametrize("name", ["logical_and", "logical_or", "logical_xor"])
@pytest.mark.parametrize("dtype", [*INTEGERS, "f2", "f8", "c16"])
def test_logical_reductions(name, dtype):
    same(lambda xp: getattr(xp, name).reduce(values(xp, dtype, (3, 4))))
    same(lambda xp: getattr(xp, name).reduce(values(xp, dtype, (3, 4)), axis=(0, 1)))
    same(lambda xp: getattr(xp, name).reduce(xp.zeros((0, 2), dtype=dtype)))
    same(lambda xp: getattr(xp, name).accumulate(values(xp, dtype, (5,)), dtype="?"))
    same(lambda xp: getattr(xp, name).identity)


@pytest.mark.parametrize("name", ["fmax", "fmin", "gcd", "bitwise_and", "bitwise_or", "bitwise_xor"])
def test_reductions_over_several_axes(name):
    dtype = "f8" if name[0] == "f" else "i4"
    same(lambda xp: getattr(xp, name).reduce(values(xp, dtype, (3, 4)), axis=None))
    same(lambda xp: getattr(xp, name).reduce(xp.zeros((0,), dtype=dtype)))


@pytest.mark.parametrize("dtype", ["?", "i4", "f4", "c8", ">c16"])
def test_conjugate(dtype):
    def body(xp):
        array = values(xp, dtype.lstrip(">"), (2, 3)).astype(dtype)
        return array.conj(), array.conjugate(), xp.conj(array), array.conj() is array, xp.isnan(array), ~xp.isinf(array)

    same(body)


def test_mixed_operands():
    same(lambda xp: xp.ldexp(xp.array([1.5, -2], dtype="f4"), [3, -200]))
    same(lambda xp: xp.ldexp(xp.array([1.5, 3], dtype="f2"), xp.array([-25, 5], dtype="i8")))
    same(lambda xp: xp.ldexp(1.0, xp.array([2**40, -(2**40), 1074])))
    same(lambda xp: xp.frexp(xp.array([0.0, -0.0, 3, xp.inf, -xp.nan, 5e-324])))
    same(lambda xp: xp.frexp(xp.array([0.0, 6e-8, 3, 65504], dtype="f2")))
    same(lambda xp: xp._core.umath.clip(xp.arange(6.0), xp.array(1, dtype="f4"), 4))
