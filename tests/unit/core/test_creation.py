"""Arrays from numbers, sequences, buffers and ranges."""

from __future__ import annotations

import array as stdlib_array

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wasmnp

from .differential import DTYPES, SWAPPED, same


@pytest.mark.parametrize("source", [1, 2.5, True, 1j, [1, 2], [1, 2.5], [True, 2], [[1, 2], [3, 4]], [[]], [],
                                    (1, (2)), [[1, 2], [3]], [1, [2]], 2**40, [2**62, 1.0], [[[1]]],
                                    [(1, 2), [3, 4]]])  # fmt: skip
@pytest.mark.parametrize("dtype", [None, "f4", "i8", "c16", "?"])
def test_array(source, dtype):
    same(lambda xp: xp.array(source, dtype=dtype))


@pytest.mark.parametrize("value", [300, -1, 2**63, 2**70, 1.5, float("nan"), float("inf"), 1 + 2j, "1", None])
@pytest.mark.parametrize("dtype", ["u1", "i2", "i8", "f4", "f8", "c16"])
def test_array_of_one_value(value, dtype):
    if value in ("1", None):
        with pytest.raises((TypeError, ValueError)):
            wasmnp.array([[value], [[value]]], dtype=dtype)
        return
    same(lambda xp: xp.array(value, dtype=dtype))
    same(lambda xp: xp.array([value], dtype=dtype))


@pytest.mark.parametrize("options", [{"ndmin": 3}, {"order": "F"}, {"copy": None}, {"copy": False}, {"dtype": "f4"},
                                     {"copy": False, "dtype": "f4"}, {"order": "F", "copy": False}])  # fmt: skip
def test_array_of_array(options):
    same(lambda xp: xp.array(xp.arange(6.0).reshape(2, 3)[:, ::-1], **options))


def test_array_shares_memory_only_when_allowed():
    a = wasmnp.arange(4.0)
    assert wasmnp.asarray(a) is a
    b = wasmnp.array(a)
    b[0] = 7
    assert a[0] == 0


@pytest.mark.parametrize("arguments", [(5,), (2, 9), (2, 9, 3), (9, 2, -2), (0, 1, 0.1), (5, 2), (1.5,), (0,), (-3,),
                                       (0, 10, 3.3), (3, 3), (1, 2, 0), (float("nan"),)])  # fmt: skip
@pytest.mark.parametrize("dtype", [None, "f4", "i2", "c16", ">f8"])
def test_arange(arguments, dtype):
    same(lambda xp: xp.arange(*arguments, dtype=dtype))


def test_arange_needs_a_stop():
    same(lambda xp: xp.arange())
    same(lambda xp: xp.arange(step=2))


@pytest.mark.parametrize(
    "shape", [0, 3, (2, 3), (), (0, 3), [2, 2], (1,) * 6, -1, (2, -1), "x", 1.5, (10**9, 10**9, 10**9)]
)
@pytest.mark.parametrize("name", ["zeros", "ones"])
@pytest.mark.parametrize("options", [{}, {"dtype": "i4", "order": "F"}])
def test_filled(name, shape, options):
    same(lambda xp: getattr(xp, name)(shape, **options))


@pytest.mark.parametrize("dtype", DTYPES + SWAPPED)
def test_frombuffer(dtype):
    raw = bytes(range(64))
    same(lambda xp: xp.frombuffer(raw, dtype=dtype))
    same(lambda xp: xp.frombuffer(raw, dtype=dtype, count=2, offset=16))
    same(lambda xp: xp.frombuffer(raw[:63], dtype=dtype).shape)


@pytest.mark.parametrize("options", [{"offset": 65}, {"offset": -1}, {"count": 100}, {"count": 0}])
def test_frombuffer_bounds(options):
    same(lambda xp: xp.frombuffer(bytes(64), dtype="f8", **options))


@pytest.mark.parametrize("code", "bBhifd")
def test_buffers_are_shared(code):
    source = stdlib_array.array(code, [1, 2, 3])
    a = wasmnp.asarray(source)
    assert a.tolist() == source.tolist()
    source[0] = 5
    assert a[0] == 5


@pytest.mark.parametrize("dtype", DTYPES + [">i2", ">f8"])
def test_buffer_export(dtype):
    def body(xp):
        a = xp.arange(6).astype(dtype).reshape(2, 3)
        views = [memoryview(v) for v in (a, a.T, a[:, ::2], a[0, 0:1])]
        return [
            (v.format, v.shape, v.strides, v.itemsize, v.nbytes, v.contiguous, v.readonly, v.tobytes()) for v in views
        ]

    same(body)


def test_array_protocol():
    class Like:
        def __init__(self, xp):
            self.xp = xp

        def __array__(self, dtype=None, copy=None):
            return self.xp.arange(3, dtype=dtype)

    same(lambda xp: xp.array(Like(xp)))
    same(lambda xp: xp.array([Like(xp), Like(xp)], dtype="f8"))
    same(lambda xp: Like(xp) + xp.ones(3))


@given(
    st.recursive(
        st.integers(-5, 5) | st.floats(width=32, allow_nan=False) | st.booleans(),
        lambda c: st.lists(c, max_size=3),
        max_leaves=8,
    )
)
def test_nested_sequences(nested):
    same(lambda xp: xp.array(nested))


def test_ndarray_constructor():
    same(lambda xp: xp.ndarray((2, 2), dtype="f4", buffer=bytearray(range(20)), offset=4, strides=(8, 4)))
    same(lambda xp: xp.ndarray((2, 2), dtype="i2", buffer=bytes(8), order="F"))
    same(lambda xp: xp.ndarray((3,), dtype="f8", buffer=bytes(8)))
    same(lambda xp: xp.ndarray((2,), strides=(8, 8)))


@pytest.mark.parametrize("dtype", ["g", "G", "O", ">f4", "e", "q"])
def test_arange_of_every_type(dtype):
    same(lambda xp: repr(xp.arange(5, dtype=dtype)))
    same(lambda xp: repr(xp.arange(1, 9, 3, dtype=dtype)))


@pytest.mark.parametrize("code", "bBhHiIqQefdg")
def test_type_of_arange(code):
    same(lambda xp: xp.arange(*xp.array([1, 5, 2], dtype=code)).dtype.char)
    same(lambda xp: xp.arange(xp.array(3, dtype=code)[()]).dtype.char)


def test_zeros_of_objects():
    same(lambda xp: xp.zeros((2, 2), dtype=object).tolist())
    same(lambda xp: xp.zeros(2, dtype=[("a", "O"), ("b", "i4")]).tolist())


def test_parts_of_long_complex_numbers():
    same(lambda xp: repr(xp.array([1 + 2j, 3], dtype="G").real))
    same(lambda xp: repr(xp.array([1 + 2j, 3], dtype="G").imag))


@pytest.mark.parametrize("text", ["3.3621031431120935063e-4932", "1e-4900", "1e-400", "1e4000", "0.0"])
def test_repr_of_long_doubles_beyond_double(text):
    if numpy.finfo(numpy.longdouble).nmant != 63:
        pytest.skip("long double has other limits")
    same(lambda xp: repr(xp.longdouble(text)))
