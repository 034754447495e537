"""Variance, rounding, limits and reductions of chosen elements: the same as NumPy's."""

from __future__ import annotations

import math

import numpy
import pytest

from .differential import DTYPES, same, values

REAL = [dtype for dtype in DTYPES if dtype != "f2"]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ["var", "std", "mean"])
def test_spread(name, dtype):
    for axis in (None, 0, 1, (0, 1)):
        for keepdims in (False, True):
            same(
                lambda xp, a=axis, k=keepdims: getattr(xp, name)(
                    (xp.arange(24) % 7).astype(dtype).reshape(4, 6), axis=a, keepdims=k
                )
            )


@pytest.mark.parametrize("name", ["var", "std"])
def test_spread_arguments(name):
    raw = numpy.random.default_rng(3).random(60).tobytes()

    def array(xp):
        return xp.frombuffer(raw).reshape(6, 10)

    same(lambda xp: getattr(xp, name)(array(xp), axis=1, ddof=1))
    same(lambda xp: getattr(xp, name)(array(xp), axis=1, correction=1.5))
    same(lambda xp: getattr(xp, name)(array(xp), axis=1, ddof=2, correction=1))
    same(lambda xp: getattr(xp, name)(array(xp), axis=0, ddof=6))
    same(lambda xp: getattr(xp, name)(array(xp)[:0], axis=0))
    same(lambda xp: getattr(xp, name)(array(xp), where=array(xp) > 0.5))
    same(lambda xp: getattr(xp, name)(array(xp), axis=0, where=array(xp) > 0.5))
    same(lambda xp: getattr(xp, name)(array(xp), axis=1, mean=xp.mean(array(xp), axis=1, keepdims=True)))
    same(lambda xp: getattr(xp, name)(array(xp), axis=1, dtype="f4"))
    same(lambda xp: getattr(xp, name)(array(xp), axis=1, out=xp.zeros(6, dtype="f4")))
    same(lambda xp: getattr(xp, name)([[1, 2], [3, 5]]))
    same(lambda xp: getattr(xp, name)(array(xp).astype("c16") * 1j, axis=0))


@pytest.mark.parametrize("dtype", REAL)
@pytest.mark.parametrize("name", ["add", "multiply", "maximum", "minimum"])
def test_chosen_elements(name, dtype):
    for axis in (None, 0, 1, (0, 1)):
        for keepdims in (False, True):
            same(
                lambda xp, a=axis, k=keepdims: getattr(xp, name).reduce(
                    values(xp, dtype, (5, 7)),
                    axis=a,
                    keepdims=k,
                    initial=1,
                    where=(xp.arange(35) % 3 > 0).reshape(5, 7),
                )
            )
    same(lambda xp: getattr(xp, name).reduce(values(xp, dtype, (5, 7)), where=xp.arange(7) > 2))
    same(lambda xp: getattr(xp, name).reduce(values(xp, dtype, (7,)), where=[[True], [False]], axis=None, initial=0))
    same(lambda xp: getattr(xp, name).reduce(values(xp, dtype, (7,)), where=xp.arange(7.0), initial=0))


def test_chosen_by_methods():
    same(lambda xp: xp.arange(6).sum(where=xp.arange(6) % 2 == 0))
    same(lambda xp: xp.arange(6).reshape(2, 3).max(axis=0, initial=-1, where=[[True], [False]]))
    same(lambda xp: xp.arange(6).any(where=[True] + [False] * 5))
    same(lambda xp: xp.arange(6).all(where=[False] + [True] * 5))
    same(lambda xp: xp.arange(6).mean(where=[False] * 6))


@pytest.mark.parametrize("dtype", ["i1", "u2", "i8", "f2", "f4", "f8", "c16"])
def test_round(dtype):
    for decimals in (-2, -1, 0, 1, 3):
        same(lambda xp, d=decimals: xp.round((xp.arange(20) * 6).astype(dtype) / xp.array(1, dtype=dtype), d))
        same(lambda xp, d=decimals: xp.array([12.345, 67.895, -0.5, 2.5]).astype(dtype).round(d))
    same(lambda xp: xp.round(xp.array([1.25, 3.75]).astype(dtype), 1, out=xp.zeros(2, dtype="c16")))


@pytest.mark.parametrize("dtype", ["i1", "u1", "i8", "f4", "f8"])
def test_clip(dtype):
    for low, high in ((2, 5), (None, 5), (2, None), (5, 2), (-1, 3), (2.5, 5)):
        same(lambda xp, a=low, b=high: xp.clip(xp.arange(8, dtype=dtype), a, b))
    same(lambda xp: xp.arange(8, dtype=dtype).clip(max=3))
    same(lambda xp: xp.arange(8, dtype=dtype).clip(xp.arange(8, dtype=dtype)[::-1], 6))
    same(lambda xp: xp.clip(xp.arange(8, dtype=dtype), 3))
    same(lambda xp: xp.clip(xp.arange(8, dtype=dtype), 3, 4, min=2))
    same(lambda xp: xp.clip(xp.arange(8, dtype=dtype), min=-1000, max=3))
    same(lambda xp: xp.ptp(xp.arange(8, dtype=dtype).reshape(2, 4), axis=0))


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("shape", [(2,), (9,), (1000,), (7, 300), (3, 4, 200)])
def test_var_has_numpys_bits(dtype, shape):
    def body(xp):
        a = xp.sin(xp.arange(math.prod(shape), dtype="f8") ** 2 % 7).astype("f2").astype(dtype).reshape(shape)
        results = []
        for axis in (None, -1, 0):
            for keepdims in (False, True):
                results += [a.var(axis, keepdims=keepdims), a.std(axis, ddof=1, keepdims=keepdims)]
            results.append(a.T.var(axis, mean=a.T.mean(axis, keepdims=True)))
        return results

    same(body)


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_var_of_what_overflows(dtype):
    same(lambda xp: xp.array([0.0, float(numpy.finfo(dtype).max) / 2, 1.0], dtype=dtype).var())
    same(lambda xp: xp.array([0.0, float("inf"), 1.0], dtype=dtype).std())
    same(lambda xp: xp.array([0.0, float("nan"), 1.0], dtype=dtype).std())


def test_var_around_means_of_other_axes():
    """A mean is broadcast, whatever its size has in common with the number of rows."""

    def body(xp):
        square, block = xp.arange(36.0).reshape(6, 6) ** 2, xp.arange(24.0).reshape(4, 6)
        return [
            square.var(-1, mean=xp.arange(6.0)),
            square.var(mean=xp.arange(6.0).reshape(6, 1)),
            block.var(mean=xp.arange(4.0).reshape(4, 1)),
            block.std(1, mean=xp.arange(6.0)),
            block.var(1, mean=xp.arange(4.0).reshape(4, 1)),
        ]

    same(body)
