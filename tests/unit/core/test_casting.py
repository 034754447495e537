"""Conversions between data types, and the rules about them."""

from __future__ import annotations

import warnings

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

import wasmnp

from .differential import DTYPES, LAYOUTS, PAIRS, SWAPPED, same, values


@pytest.mark.parametrize("to", DTYPES + SWAPPED)
@pytest.mark.parametrize("from_", DTYPES + SWAPPED)
def test_astype(from_, to):
    def body(xp):
        a = xp.array([0, 1, 2, 100, 1], dtype=from_)
        return a.astype(to), a[::-2].astype(to), a.reshape(5, 1).T.astype(to, order="F")

    same(body)


@pytest.mark.parametrize("casting", ["no", "equiv", "safe", "same_kind", "unsafe", "other"])
@pytest.mark.parametrize("to", DTYPES + [">f8"])
@pytest.mark.parametrize("from_", DTYPES + [">f8"])
def test_can_cast(from_, to, casting):
    same(lambda xp: xp.can_cast(from_, to, casting=casting))
    same(lambda xp: xp.array([1], dtype=from_).astype(to, casting=casting))


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_promotion(first, second):
    same(lambda xp: xp.array([xp.array(1, dtype=first), xp.array(1, dtype=second)]).dtype.str)
    same(lambda xp: xp.maximum(xp.ones(2, dtype=first), xp.ones(2, dtype=second)).dtype.str)


@pytest.mark.parametrize(
    "value",
    [1e10, -1e10, 3e9, 2147483647.5, -2147483648.9, 1e300, float("nan"), float("inf"), 9.3e18, -9.223372036854775e18],
)
@pytest.mark.parametrize("to", ["i1", "u1", "i2", "i4", "i8"])
def test_float_to_integer_out_of_range(value, to):
    """Every target gives what x86-64 does: the minimum of the 32- or 64-bit conversion, narrowed by dropping bits."""
    bits = 64 if to == "i8" else 32
    inside = -(2.0 ** (bits - 1)) - (1 if bits == 32 else 0) < value < 2.0 ** (bits - 1)
    wide = int(value) if inside else -(2 ** (bits - 1))
    narrow = 8 * int(to[1])
    expected = wide % 2**narrow
    if to[0] == "i" and expected >= 2 ** (narrow - 1):
        expected -= 2**narrow
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert wasmnp.array([value]).astype(to).tolist() == [expected]
    assert [str(w.message) for w in caught] == ([] if inside else ["invalid value encountered in cast"])


@given(
    npst.arrays(st.sampled_from(["f8", "f4", "i4", "i8", "u1", "?"]), st.integers(0, 40), elements=None),
    st.sampled_from(["f4", "f8", "c16", "i8", "?"]),
)
def test_casts_of_random_values(a, to):
    if a.dtype.kind == "f" and to == "i8":
        a = numpy.nan_to_num(a, posinf=0, neginf=0).clip(-1e18, 1e18)
    raw = a.tobytes()
    same(lambda xp: xp.frombuffer(raw, dtype=a.dtype.str).astype(to) if raw else xp.zeros(0))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("to", ["f8", ">f4", "i2"])
@pytest.mark.parametrize("from_", ["i4", ">f8", "c16"])
def test_assignment_casts(from_, to, layout):
    def body(xp):
        source = LAYOUTS[layout](
            values(xp, from_, (4, 3)) if from_ != ">f8" else xp.arange(12.0).astype(">f8").reshape(4, 3)
        )
        target = xp.zeros(source.shape, dtype=to)
        target[...] = source
        return target

    same(body)


def test_dtype_object():
    for spec in [*DTYPES, *SWAPPED, float, int, bool, complex, "float64", "int32", "=f8", "|u1", "<i4", None]:
        same(
            lambda xp, s=spec: [
                getattr(xp.dtype(s), n)
                for n in ("str", "kind", "itemsize", "alignment", "name", "byteorder", "isnative", "char", "num")
            ]
        )
        same(
            lambda xp, s=spec: (
                repr(xp.dtype(s)),
                str(xp.dtype(s)),
                xp.dtype(s) == s if s else True,
                xp.dtype(s).newbyteorder().str,
            )
        )
    for spec in ["foo", "f5", 3.5, ">", ""]:
        with pytest.raises(TypeError):
            wasmnp.dtype(spec)
    assert hash(wasmnp.dtype("f8")) == hash(wasmnp.dtype(float))
    assert wasmnp.dtype("f8") is wasmnp.dtype(wasmnp.float64) is wasmnp.float64(1).dtype
    assert wasmnp.dtypes.Float64DType() is wasmnp.dtype("f8")
    assert wasmnp.dtype("i4") != "i8" and wasmnp.dtype("i4") < "i8"


@pytest.mark.parametrize("to", [*DTYPES, "g", "G"])
@pytest.mark.parametrize("time", ["M8[D]", "m8[s]"])
def test_times_and_numbers(time, to):
    same(lambda xp: xp.array(["NaT", "NaT", "NaT"], dtype=time)[::2].astype(to).astype("c16"))
    same(lambda xp: xp.array([-1, 0, 100]).astype(time).astype(to).astype("c16"))
    same(lambda xp: xp.array([0, 1, 2], dtype=to).astype(time).astype("i8"))


@pytest.mark.parametrize("from_", ["f2", "f4", "f8", "c16"])
def test_what_is_no_number_is_no_time(from_):
    same(lambda xp: xp.array([float("nan"), float("inf"), 3.0], dtype=from_).astype("m8[s]").astype("i8"))


@pytest.mark.parametrize("unit", ["ns", "ps", "fs", "as", "7fs"])
def test_texts_of_short_times(unit):
    ticks = [0, 1, -1, 10**17, -(10**17), *([2**63 - 1, -(2**63) + 1] if unit != "7fs" else [])]
    same(lambda xp: xp.array(ticks).astype(f"M8[{unit}]").astype("U40"))


@pytest.mark.parametrize("to", ["S5", "U5", "S10", "U12", "S2"])
def test_times_that_do_not_fit_into_text(to):
    same(lambda xp: xp.array(["2001-02-03", "NaT"], dtype="M8[D]").astype(to))
    same(lambda xp: xp.array([12345], dtype="m8[s]").astype(to))
