"""What random programs (tests/fuzz) found: each case on both libraries."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy
import pytest

import wasmnp

from .differential import observe, same

CODES = ["?", "i1", "u8", ">i4", "f2", ">f4", "f8", "c8", "g", "O", "S3", ">U2", "M8[s]", ">m8[D]", "i4,>f4"]
PAIRED = ["add", "subtract", "multiply", "divide", "floor_divide", "remainder", "divmod", "logical_and", "greater"]
FACTORS = ["m8[s]", "i4", "u8", "?", "f4", "M8[s]", 2, 2.5]


def array_of(xp: Any, code: str, shape: tuple[int, ...] = (3,)) -> Any:
    size = int(numpy.prod(shape, dtype=int))
    return xp.array([7, 2, 0, 5, 3, 6][:size]).astype(code).reshape(shape)


def outcome(body: Callable[..., Any], *args: Any) -> None:
    """Assert equal results, and errors of classes that are alike but for private names."""
    expected, actual = (observe(body, xp, *args)["outcome"] for xp in (numpy, wasmnp))
    if isinstance(expected, tuple) and expected[0] == "error":
        assert isinstance(actual, tuple) and actual[0] == "error", f"{args!r}: numpy {expected}, wasmnp {actual}"
    else:
        assert actual == expected, f"{args!r}: numpy {expected}, wasmnp {actual}"


@pytest.mark.parametrize(
    "fields",
    [
        [("x", "i1"), ("z", ">u2", (2,))],
        [("x", ">f4"), ("y", ">U2")],
        [("z", [("x", ">i2"), ("y", "f4")]), ("y", "U2")],
        [("x", ">M8[s]"), ("y", "O")],
    ],
)
def test_structures_sort_by_fields_of_any_order_of_bytes(fields):
    def body(xp: Any) -> Any:
        s = xp.zeros(4, fields)
        for name in s.dtype.names:
            if s[name].dtype.names is None:
                s[name] = xp.array([3, 256, 1, 2]).astype(s[name].dtype.base).reshape(4, *[1] * (s[name].ndim - 1))
            else:
                s[name]["x"] = [3, 256, 1, 2]
        return xp.argsort(s, kind="stable"), xp.sort(s).tolist()

    assert body(wasmnp)[0].tolist() == body(numpy)[0].tolist()


@pytest.mark.parametrize("code", [">U1", ">U2", ">U3", ">U5"])
def test_text_of_swapped_bytes_sorts(code):
    for body in (
        lambda xp: xp.sort(xp.array([["ac", "bcd", "ca"], ["a", "cabra", ""]], code)),
        lambda xp: xp.argsort(xp.array(["ca", "ac", "bcde"], code), kind="stable"),
    ):
        same(body)


@pytest.mark.parametrize("code", [">i2", ">f4", "M8[s]", "m8[D]", "S3", "i4,i4", "i4", "m8"])
@pytest.mark.parametrize(
    "call",
    [
        lambda xp, code: xp.add(xp.int16(1), xp.int16(2), dtype=code),
        lambda xp, code: xp.add.reduce(xp.ones(2, "i2"), dtype=code),
        lambda xp, code: xp.add.accumulate(xp.ones(2, "i2"), dtype=code),
        lambda xp, code: xp.add.reduceat(xp.ones(2, "i2"), [0], dtype=code),
        lambda xp, code: xp.ones(2, "i2").sum(dtype=code),
        lambda xp, code: xp.add(xp.int16(1), xp.int16(2), signature=(code, None, None)),
    ],
)
def test_dtype_of_ufuncs_is_a_class(call, code):
    if code == "m8":
        return  # NumPy lets the operands decide, and so casts nothing
    outcome(call, code)


@pytest.mark.parametrize("code", ["i1", "f4", "O"])
def test_prod_takes_a_dtype(code):
    same(lambda xp: xp.arange(1, 4).prod(dtype=code))


@pytest.mark.parametrize("name", ["logical_and", "logical_or"])
def test_logic_of_objects_gives_one_of_them(name):
    same(lambda xp: getattr(xp, name)(xp.array([2.0, 0, "a"], object), xp.array([1, 5, 0], object)).tolist())
    same(lambda xp: getattr(xp, name)(xp.array([2.0, 0, 3], object), xp.array([1, 5, 0])).tolist())
    outcome(lambda xp: getattr(xp, name)(xp.array([2.0, 0], object), 1, dtype=bool))


@pytest.mark.parametrize("other", FACTORS)
@pytest.mark.parametrize("name", PAIRED)
@pytest.mark.parametrize("code", ["m8[s]", "M8[s]"])
def test_times_beside_others(name, code, other):
    def body(xp: Any, swap: bool) -> Any:
        pair = [array_of(xp, code), array_of(xp, other) if isinstance(other, str) else other]
        result = getattr(xp, name)(*(pair[::-1] if swap else pair))
        return [
            part.astype("i8") if part.dtype.kind in "mM" else part
            for part in (result if isinstance(result, tuple) else [result])
        ]

    for swap in (False, True):
        outcome(body, swap)


def test_quotients_of_negative_spans():
    for divisor in (5, -5, 2.5):
        same(lambda xp, d=divisor: (xp.array([-24, -7, 7, 24], "m8[D]") // d).astype("i8"))


@pytest.mark.parametrize("dtype", ["?", "i1", "f4"])
def test_sums_of_times_are_of_times(dtype):
    for body in (
        lambda xp: xp.add.reduce(array_of(xp, "m8[s]"), dtype=dtype),
        lambda xp: xp.add.accumulate(array_of(xp, "m8[s]"), dtype=dtype),
        lambda xp: xp.multiply.reduce(array_of(xp, "m8[s]"), dtype=dtype),
    ):
        outcome(lambda xp, b=body: str(b(xp)))


def test_products_of_spans_count():
    for body in (
        lambda xp: xp.dot(array_of(xp, "m8[s]"), array_of(xp, "i4")),
        lambda xp: xp.dot(array_of(xp, "m8[s]"), array_of(xp, "f4")),
        lambda xp: xp.dot(array_of(xp, "M8[s]"), array_of(xp, "M8[s]")),
        lambda xp: xp.dot(array_of(xp, "m8[s]"), 2),
        lambda xp: array_of(xp, "m8[s]") @ array_of(xp, "m8[s]"),
        lambda xp: xp.vecdot(xp.array(["a"]), xp.array(["b"])),
    ):
        outcome(lambda xp, b=body: str(b(xp)))


@pytest.mark.parametrize("number", [1, 0.5, 1j])
def test_python_numbers_beside_what_is_no_number(number):
    for code in ("m8[s]", "M8[s]", "S3", "U2", "O", "i1"):
        outcome(lambda xp, c=code: str(xp.result_type(xp.dtype(c), number)))


@pytest.mark.parametrize("a", ["?", "u8", "f4", "c8"])
@pytest.mark.parametrize("b", ["m8[s]", "M8[s]"])
def test_what_has_no_common_type_makes_objects(a, b):
    same(lambda xp: xp.array([xp.ones(1, a), xp.ones(1, b)]).astype(str).tolist())
    outcome(lambda xp: str(xp.promote_types(a, b)))


@pytest.mark.parametrize("code", ["f2", ">f4", "f8", "c8", ">c16"])
@pytest.mark.parametrize("text", ["U", "S", "U8", "S32"])
def test_digits_of_numbers_in_text(code, text):
    same(lambda xp: xp.array([0.001, 6e4, 1 / 3, float("nan"), 1e-5, 100.0]).astype(code).astype(text))


@pytest.mark.parametrize("code", ["f2", "f4", "f8", "g"])
def test_nan_becomes_nat_in_silence(code):
    same(lambda xp: xp.array([float("nan"), 5]).astype(code).astype("m8[s]").astype("i8"))


def test_complex_numbers_become_real_where_asked():
    for body in (
        lambda xp: xp.maximum(xp.ones(2, "i1"), 1 + 2j, dtype="f4", casting="unsafe"),
        lambda xp: float(xp.complex64(1.5 + 2j)),
        lambda xp: int(xp.complex128(2.5 + 2j)),
    ):
        same(body)


@pytest.mark.parametrize("kind", [int, float, complex])
def test_arrays_with_axes_are_no_numbers(kind):
    for shape in ((), (1,), (1, 1), (2,)):
        outcome(lambda xp, s=shape: kind(xp.ones(s)))


@pytest.mark.parametrize("code", CODES)
def test_elements_take_no_arrays_with_axes(code):
    def body(xp: Any, index: Any, shape: tuple[int, ...]) -> Any:
        a = xp.zeros(2, code)
        a[index] = xp.ones(shape, code)
        return str(a.tolist())

    for index in (0, -1, [0], slice(0, 1), (0, ...)):
        for shape in ((), (1,), (1, 1)):
            outcome(body, index, shape)


@pytest.mark.parametrize("code", CODES)
def test_buffers_and_pickles_of_every_type(code):
    for layout in (lambda a: a, lambda a: a.T, lambda a: a[:, ::2], lambda a: a[0, 0:1].reshape(())):
        a, b = (layout(xp.zeros((2, 3), code)) for xp in (numpy, wasmnp))
        for protocol in (2, 5):
            x, y = (pickle.loads(pickle.dumps(c, protocol)) for c in (a, b))
            assert (x.dtype.str, x.shape, x.strides, x.tolist()) == (y.dtype.str, y.shape, y.strides, y.tolist())
        outcome(lambda xp, f=layout: memoryview(f(xp.zeros((2, 3), code))).format)


@pytest.mark.parametrize(
    "fields",
    [
        [("a", ">i2"), ("b", "i4"), ("c", "i4"), ("d", "f8")],
        [("a", "i2"), ("b", [("x", "i4"), ("y", ">u2")]), ("c", "g"), ("d", "G")],
        [("a", "S1"), ("b", "U1", (2,)), ("c", "O")],
        "(2,)i4,i1",
    ],
)
def test_formats_of_buffers_of_structures(fields):
    assert len({memoryview(xp.zeros(2, fields)).format for xp in (numpy, wasmnp)}) == 1
    a = wasmnp.zeros(2, fields)
    assert wasmnp.asarray(memoryview(a)).dtype == a.dtype


@pytest.mark.parametrize("digits", [(), (1,), (-1,), (None,)])
def test_round_of_scalars(digits):
    for make in ("bool", "longdouble", "int8", "float16", "float64", "complex64", "clongdouble"):
        outcome(lambda xp, m=make: repr(round(getattr(xp, m)(1.5), *digits)).replace("wasmnp", "numpy"))


def test_small_things():
    for body in (
        lambda xp: str(xp.promote_types("M8[s]", "m8[D]")),
        lambda xp: xp.maximum(xp.ones(1, "m8[s]"), xp.ones(1, "m8[M]")),
        lambda xp: [bool(xp.array(v, "M8[D]")[()]) for v in (0, 1, "NaT")],
        lambda xp: xp.array([0.5, 2j, None], object).imag.tolist(),
        lambda xp: str(xp.array(b"a")),
        lambda xp: xp.clip(xp.array(0.5, object), -2, -1),
        lambda xp: xp.zeros((1, 2, 0)).take([-2], axis=0),
        lambda xp: xp.zeros_like(xp.array(["a"], ">U2")).tolist(),
        lambda xp: xp.gcd(xp.array([True]), xp.array([True])),
        lambda xp: xp.lcm(xp.array([0], object), xp.array([0], object)),
        lambda xp: xp.divmod(xp.array([5], object), 2),
        lambda xp: xp.array([xp.zeros(2, ">f4")]).dtype.str,
        lambda xp: xp.array([xp.zeros(2, ">f4")] * 2).dtype.str,
        lambda xp: xp.resize(xp.zeros(2, ">f4"), (3,)).dtype.str,
        lambda xp: [xp.resize(xp.zeros(0, code), shape).tolist() for code in ("S3", "U2") for shape in ((), (2,))],
        lambda xp: xp.tril(xp.ones((2, 2), ">f4")).dtype.str,
        lambda xp: xp.arange(6)[::2].ravel("K"),
        lambda xp: xp.argwhere(xp.eye(3)),
        lambda xp: xp.logical_or.reduce(xp.zeros((2, 0), object), axis=1).tolist(),
        lambda xp: bool(xp.datetime64(1, "s") == 1j),
        lambda xp: xp.from_dlpack(xp.lib.stride_tricks.as_strided(xp.zeros((2, 0)), (2, 0), (0, 3))).shape,
        lambda xp: (xp.dtype("S3").byteorder, xp.dtype("U3").byteorder),
    ):
        outcome(body)
