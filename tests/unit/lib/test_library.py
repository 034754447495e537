"""Functions of wasmnp.lib, beside NumPy's: the same body on both, over types and layouts."""

from __future__ import annotations

import warnings

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wasmnp

from ..core.differential import DTYPES, LAYOUTS, same, values

SHAPED = {
    "atleast": lambda xp, a: (xp.atleast_1d(a), xp.atleast_2d(a[0]), xp.atleast_3d(a)),
    "stack": lambda xp, a: (xp.stack([a, a], 1), xp.vstack([a, a]), xp.hstack([a, a]), xp.dstack([a, a])),
    "block": lambda xp, a: xp.block([[a, a], [a, a]]),
    "roll": lambda xp, a: (xp.roll(a, 2), xp.roll(a, (1, -1), (0, 1)), xp.roll(a, 5, 0)),
    "axes": lambda xp, a: (
        xp.moveaxis(a, 0, -1),
        xp.rollaxis(a, 1),
        xp.expand_dims(a, (0, 2)),
        xp.flip(a),
        xp.rot90(a),
    ),
    "tile": lambda xp, a: (xp.tile(a, (2, 1, 2)), xp.tile(a, 0), xp.kron(a, xp.ones((2, 1), a.dtype)).tolist()),
    "split": lambda xp, a: (xp.array_split(a, 2, 1), xp.array_split(a, [1], 0)),
    "triangles": lambda xp, a: (xp.tril(a), xp.triu(a, 1), xp.diag(a), xp.diagflat(a)),
    "insertion": lambda xp, a: (xp.append(a, a), xp.insert(a, 1, a[0], 0), xp.delete(a, 0, 1), xp.delete(a, [0, 3])),
    "pad": lambda xp, a: [
        xp.pad(a, ((1, 2), (0, 3)), mode) for mode in ("constant", "edge", "wrap", "reflect", "symmetric")
    ],
    "meshgrid": lambda xp, a: xp.meshgrid(a[0], a[:, 0], indexing="ij"),
    "columns": lambda xp, a: (xp.column_stack([a[0], a[0]]), xp.c_[a, a], xp.r_[a, a]),
    "resize": lambda xp, a: (xp.resize(a, (5, 2)), xp.trim_zeros(a.ravel())),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", SHAPED)
def test_shapes(name, dtype, layout):
    same(lambda xp: SHAPED[name](xp, LAYOUTS[layout](values(xp, dtype, (3, 4)))))


# Sums of one kind of float are NumPy's to the bit, so that what is made of them can be compared.
COMPUTED = {
    "diff": lambda xp, a: (xp.diff(a), xp.diff(a, 2, 0), xp.diff(a, prepend=1), xp.ediff1d(a)),
    "average": lambda xp, a: (xp.average(a), xp.average(a, 0, weights=[1, 2, 3], returned=True)),
    "gradient": lambda xp, a: (xp.gradient(a), xp.gradient(a, 2.0, axis=0, edge_order=2), xp.trapezoid(a)),
    "median": lambda xp, a: (xp.median(a), xp.median(a, axis=1, keepdims=True)),
    "quantile": lambda xp, a: [
        xp.quantile(a, [0, 0.25, 0.5, 1], axis=1, method=method)
        for method in ("linear", "hazen", "median_unbiased", "lower", "nearest", "inverted_cdf", "closest_observation")
    ],
    "nan": lambda xp, a: (xp.nansum(a, 0), xp.nanmax(a, 1), xp.nanmean(a), xp.nanmedian(a, 0), xp.nanpercentile(a, 30)),
    "histogram": lambda xp, a: (xp.histogram(a, 4, (0, 8)), xp.histogram(a, [0, 2, 5]), xp.digitize(a, [0, 2, 5])),
    "unique": lambda xp, a: (xp.unique(a, True, True, True), xp.unique(a, axis=0), xp.union1d(a, a[0])),
    "sets": lambda xp, a: (xp.isin(a, [1, 7]), xp.setxor1d(a, a[0]), xp.setdiff1d(a, [2]), xp.intersect1d(a, a[1])),
    "select": lambda xp, a: (xp.select([a > 2, a < 1], [a, 2 * a], 9), xp.piecewise(a, [a > 2], [lambda x: x, 0])),
    "cumulative": lambda xp, a: (xp.cumulative_sum(a, axis=1, include_initial=True), xp.cumulative_prod(a, axis=0)),
    "vander": lambda xp, a: (xp.vander(a[0], 3), xp.outer(a, a[0]), xp.tensordot(a, a, ([0, 1], [0, 1]))),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("dtype", ["i1", "u2", "i4", "i8", "f4", "f8"])
@pytest.mark.parametrize("name", COMPUTED)
def test_numbers(name, dtype):
    same(lambda xp: COMPUTED[name](xp, xp.array([[3, 1, 4, 1], [5, 2, 6, 5], [3, 5, 0, 7]], dtype=dtype)))


@pytest.mark.parametrize(
    "body",
    [
        lambda xp: xp.mgrid[0:3, 1:2:3j],
        lambda xp: xp.ogrid[0:3, 4:0:-1],
        lambda xp: xp.r_[1:4, 0, [7.5]],
        lambda xp: xp.linspace(0, [1, 2], 4, axis=-1, retstep=True),
        lambda xp: xp.linspace(-1, 3, 8, dtype=int),
        lambda xp: xp.eye(3, 4, -1),
        lambda xp: xp.tri(3, 4, 1, dtype=int),
        lambda xp: [one.tolist() for one in xp.tril_indices(3, 1, 4)],
        lambda xp: xp.indices((2, 3), sparse=True),
        lambda xp: list(xp.ndindex(2, 3)),
        lambda xp: xp.vectorize(lambda a, b: a + b)([1, 2], [[3], [4.5]]),
        lambda xp: xp.vectorize(lambda v: v[::-1], signature="(n)->(n)")([[1, 2], [3, 4]]),
        lambda xp: xp.apply_along_axis(lambda v: v[::-1], 0, [[1, 2], [3, 4]]),
        lambda xp: xp.nan_to_num([1.5, float("nan"), float("inf"), -float("inf")]),
        lambda xp: xp.unwrap([0, 3, 6, 1], period=4),
        lambda xp: xp.interp([0.5, 2.5, 9], [1, 2, 3], [10, 20, 40], period=4),
        lambda xp: xp.base_repr(-255, 16, 3),
        lambda xp: xp.binary_repr(-7, 5),
        lambda xp: xp.quantile([1.0, 2.0, float("nan")], 0.5),
        lambda xp: xp.cross([1, 2, 3], [[4, 5, 6], [7, 8, 9]]),
        lambda xp: xp.stack([[1], [1, 2]]),
        lambda xp: xp.split(xp.arange(5), 2),
        lambda xp: xp.pad([1], -1),
        lambda xp: xp.insert([1, 2], 5, 1),
        lambda xp: xp.delete([1, 2], [5]),
        lambda xp: xp.quantile([1], 2),
        lambda xp: xp.histogram([1], "no rule"),
        lambda xp: xp.average([1, 2], weights=[1, -1]),
        lambda xp: xp.select([], []),
        lambda xp: xp.rot90([1]),
        lambda xp: xp.block([[1], 2]),
        lambda xp: xp.meshgrid([1], indexing="x"),
    ],
)
def test_results_and_errors(body):
    same(body)


@given(
    st.lists(st.integers(-9, 9), min_size=1, max_size=30),
    st.sampled_from(["reflect", "symmetric", "wrap", "edge"]),
    st.integers(0, 70),
    st.integers(0, 70),
)
def test_margins_of_any_width(elements, mode, left, right):
    options = [{}, {"reflect_type": "odd"}] if mode in ("reflect", "symmetric") else [{}]
    for one in options:
        same(lambda xp: xp.pad(elements, (left, right), mode, **one))  # noqa: B023


@given(
    st.lists(st.lists(st.sampled_from([0.0, 1.0, 2.5, -3.0, float("nan")]), min_size=4, max_size=4), min_size=1),
    st.sampled_from(["linear", "hazen", "weibull", "midpoint", "higher", "averaged_inverted_cdf"]),
    st.lists(st.floats(0, 1), min_size=1, max_size=3),
)
def test_quantiles_without_nans(rows, method, q):
    # NumPy warns from other places; the values are the same.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        theirs = numpy.nanquantile(numpy.array(rows), q, axis=1, method=method)
        ours = wasmnp.nanquantile(wasmnp.array(rows), q, axis=1, method=method)
    assert numpy.array_equal(theirs, numpy.asarray(ours.tolist()), equal_nan=True)


def test_i0_is_bessels():
    from mpmath import besseli

    for x in [0.0, 0.5, 3.0, 7.999, 8.0, 8.001, 20.0, 30.0]:
        exact = besseli(0, x)
        assert abs((float(wasmnp.i0(x)) - exact) / exact) < 1e-15


def test_windows():
    for name in ("bartlett", "blackman", "hamming", "hanning"):
        for count in (0, 1, 2, 7, 12):
            ours, theirs = getattr(wasmnp, name)(count), getattr(numpy, name)(count)
            assert numpy.allclose(ours.tolist(), theirs, rtol=1e-13, atol=1e-15)
    assert numpy.allclose(wasmnp.kaiser(9, 8.6).tolist(), numpy.kaiser(9, 8.6), rtol=1e-13)


def test_blocks_of_an_array():
    array = wasmnp.arange(2 * 3 * 7).reshape(2, 3, 7)
    for size in (1, 5, 7, 20, 42, None):
        blocks = wasmnp.lib.Arrayterator(array, size)[:, ::2, 1:6]
        assert [int(one) for one in blocks.flat] == array[:, ::2, 1:6].ravel().tolist()
        assert all(block.size <= (size or 42) for block in blocks)
