"""Sums, maxima and means over any axes, bit for bit."""

from __future__ import annotations

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wasmnp

from .differential import DTYPES, observe, same

SHAPES = [(5,), (3, 4), (2, 3, 4), (), (0,), (0, 3), (3, 0), (1, 1, 5), (7, 130), (300, 5)]
AXES = [None, 0, -1, 1, (0, 1), (0, -1), (), 5, (0, 0), (1, 0, 2)]


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("axis", AXES, ids=repr)
@pytest.mark.parametrize("shape", SHAPES, ids=repr)
@pytest.mark.parametrize("name", ["sum", "max", "min", "mean"])
def test_axes(name, shape, axis, keepdims):
    size = int(numpy.prod(shape, dtype=int))
    raw = numpy.random.default_rng(1).random(size).tobytes()

    def body(xp):
        a = (xp.frombuffer(raw) if size else xp.zeros(0)).reshape(shape)
        return getattr(a, name)(axis=axis, keepdims=keepdims), getattr(a.T, name)(axis=axis, keepdims=keepdims)

    same(body)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ["max", "min", "mean"])
def test_dtypes(name, dtype):
    same(lambda xp: getattr(xp.array([1, 0, 2, 3, 1, 1, 0, 5], dtype=dtype).reshape(2, 4), name)(axis=0))
    same(lambda xp: getattr(xp.array([1, 0, 2, 3, 1, 1, 0, 5], dtype=dtype), name)())


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ["sum"])
def test_dtypes_of_sums(name, dtype):
    same(lambda xp: getattr(xp.array([1, 0, 2, 3, 1, 1, 0, 5], dtype=dtype).reshape(2, 4), name)(axis=0))
    same(lambda xp: getattr(xp.array([1, 0, 2, 3, 1, 1, 0, 5], dtype=dtype), name)())


@pytest.mark.parametrize("dtype", ["f4", "f8", "c16", "i4"])
@pytest.mark.parametrize("to", ["f4", "f8", "c16", "i8"])
def test_dtype_argument(dtype, to):
    raw = (numpy.random.default_rng(2).random(3000) * 100).astype(dtype).tobytes()
    same(lambda xp: xp.frombuffer(raw, dtype=dtype).sum(dtype=to))
    same(lambda xp: xp.frombuffer(raw, dtype=dtype)[::3].sum(dtype=to))


@settings(max_examples=150)
@given(st.integers(0, 2100), st.sampled_from([1, 2, -1, 3]), st.sampled_from(["f4", "f8", "c16", ">f8", ">f4"]))
def test_pairwise_bits(size, step, dtype):
    raw = numpy.random.default_rng(size).standard_normal(size * (2 if dtype == "c16" else 1)).astype("f8").tobytes()

    def body(xp):
        a = xp.frombuffer(raw, dtype="c16" if dtype == "c16" else "f8") if raw else xp.zeros(0)
        return a.astype(dtype)[::step].sum()

    same(body)


def test_special_values():
    nan, inf = float("nan"), float("inf")
    for elements in ([1.0, nan, 2.0], [nan], [inf, -inf], [1e308, 1e308], [-0.0], [-0.0, -0.0], [0.0, -0.0]):
        for name in ("sum", "max", "min", "mean"):
            same(lambda xp, e=elements, n=name: getattr(xp.array(e), n)())
            same(lambda xp, e=elements, n=name: getattr(xp.array([e, e]), n)(axis=0))
            same(lambda xp, e=elements, n=name: getattr(xp.array(e * 40), n)())


def test_out_and_initial():
    same(lambda xp: xp.add.reduce(xp.ones((2, 3)), axis=0, out=xp.zeros(3, dtype="f4")))
    same(lambda xp: xp.add.reduce(xp.ones((2, 3)), axis=0, out=xp.zeros(2)))
    same(lambda xp: xp.add.reduce(xp.ones((2, 3)), axis=0, out=xp.zeros(3, dtype="i4")))
    same(lambda xp: xp.ones((2, 3)).sum(axis=1, out=xp.zeros(2)))
    same(lambda xp: xp.ones(3).sum(initial=10))
    same(lambda xp: xp.zeros(0).max(initial=-5))
    same(lambda xp: xp.zeros(0).max())
    same(lambda xp: xp.maximum.reduce(xp.zeros((0, 3)), axis=0))
    same(lambda xp: xp.maximum.reduce(xp.zeros((0, 3)), axis=1))
    same(lambda xp: xp.add.reduce(xp.arange(4), initial=None))


@pytest.mark.parametrize("name", ["subtract", "divide", "multiply", "fmod", "minimum"])
def test_other_ufuncs(name):
    same(lambda xp: getattr(xp, name).reduce(xp.array([[9.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), axis=0))
    same(lambda xp: getattr(xp, name).reduce(xp.array([[9.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), axis=1))
    same(lambda xp: getattr(xp, name).reduce(xp.array([[9.0, 2.0], [4.0, 5.0]])[:, ::-1].astype("f4")))


def test_not_reorderable():
    same(lambda xp: xp.subtract.reduce(xp.ones((2, 2)), axis=(0, 1)))
    same(lambda xp: xp.sqrt.reduce(xp.ones(2)))
    same(lambda xp: xp.modf.reduce(xp.ones(2)))


def test_sub_class_keeps_its_type():
    class Sub(wasmnp.ndarray):
        pass

    assert type(wasmnp.ones((2, 2)).view(Sub).sum(axis=0)) is Sub


@given(st.lists(st.integers(1, 5), min_size=1, max_size=4), st.data())
def test_any_axes_of_any_layout(shape, data):
    axes = tuple(data.draw(st.sets(st.integers(0, len(shape) - 1))))
    order = data.draw(st.permutations(range(len(shape))))
    step = data.draw(st.sampled_from([1, -1]))
    size = int(numpy.prod(shape))
    raw = numpy.random.default_rng(size).random(size).tobytes()

    def body(xp):
        a = xp.frombuffer(raw).reshape(shape).transpose(order)[::step]
        return a.sum(axis=axes), a.max(axis=axes), a.mean(axis=axes)

    same(body)


@pytest.mark.parametrize("out", ["f2", "f8", "i4", "m8[s]"])
def test_sums_of_spans_into_other_types(out):
    def body(xp, name):
        return getattr(xp.array([0, 3], dtype="m8[s]"), name)(out=xp.zeros((), dtype=out)).astype("i8")

    for name in ("sum", "mean"):
        expected, actual = observe(body, numpy, name), observe(body, wasmnp, name)
        assert (expected["outcome"][0] == "error") == (actual["outcome"][0] == "error")
        if expected["outcome"][0] != "error":
            assert actual == expected
