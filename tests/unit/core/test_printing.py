"""Text of arrays and scalars beside NumPy's, in every style."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wasmnp

STYLES = ["1.13", "1.21", "1.25", "2.1", "2.2", False]
NUMBERS = [0.0, -0.0, 1.0, -1.5, 1 / 3, 0.1, 1e-5, 1e-4, 999.0, 1e3, 123456.0, 999999.0, 1e6, 65504.0, 1e11, 1e12, 1e15,
           1e16, 1e22, 5e-324, math.inf, -math.inf, math.nan]  # fmt: skip


def texts(xp: Any, body: Callable[[Any], list[Any]], **options: Any) -> list[str]:
    with xp.printoptions(**options), xp.errstate(all="ignore"):
        return [text(value).replace("wasmnp", "numpy") for value in body(xp) for text in (str, repr, "{}".format)]


def same(body: Callable[[Any], list[Any]], **options: Any) -> None:
    assert texts(wasmnp, body, **options) == texts(numpy, body, **options)


@pytest.mark.parametrize("legacy", STYLES)
def test_scalars(legacy):
    for code in "efdg":
        same(lambda xp, code=code: [xp.dtype(code).type(x) for x in NUMBERS], legacy=legacy)
    parts = [0.0, -0.0, 1 / 3, -1e16, 2e6, math.inf, -math.inf, math.nan]
    numbers = [complex(a, b) for a in parts for b in parts]
    for code in "FDG":
        same(lambda xp, code=code: [xp.dtype(code).type(x) for x in numbers], legacy=legacy)
    same(lambda xp: [xp.dtype(code).type(1) for code in "?bBhHiIlLqQ"], legacy=legacy)
    same(
        lambda xp: [
            xp.str_("é'"), xp.bytes_(b"a\0"), xp.datetime64("2012-01-01T01", "h"), xp.datetime64("NaT"),
            xp.timedelta64(3, "D"), xp.timedelta64(3), xp.void(b"ab"), xp.zeros((), "i4,f8,c8,S2,(2,)f4")[()],
        ],
        legacy=legacy,
    )  # fmt: skip


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from("efdg"), st.sampled_from(["1.13", "2.2"]))
def test_scalars_in_old_styles(value, code, legacy):
    same(lambda xp: [xp.dtype(code).type(value), xp.dtype(code.upper() if code != "e" else "F").type(value * cmath.e)],
         legacy=legacy)  # fmt: skip


def structures(xp: Any) -> list[Any]:
    fields = xp.zeros((3, 2), [("a", "i4", (50,)), ("b", "f4", (2, 3)), ("c", [("d", "c8"), ("e", "S3")])])
    fields["a"][0, 0, 20] = 123456
    fields["b"][2] = 1.25
    padded = {"names": ["a", "b"], "formats": ["i4", "f8"], "offsets": [4, 16], "titles": ["x", None], "itemsize": 32}
    times = xp.array([("2012-01-01", 3), ("NaT", -100), ("1066-10-14", "NaT")], [("f0", "M8[D]"), ("f1", "m8[s]")])
    return [fields, xp.zeros(2, padded), xp.dtype(padded), times, times["f0"], times["f1"], times[1],
            xp.zeros((2, 3), [("a", "i2", (2, 0))]), xp.zeros(3, []), xp.array([b"ab", b"c"], "V2"),
            xp.array(["a", "bé"]), xp.array([b"x"]), xp.array("a"), xp.array((1.5, 2), "f8,i4"),
            xp.zeros(2, "V0")]  # fmt: skip


@pytest.mark.parametrize("legacy", STYLES)
def test_structures(legacy):
    same(structures, legacy=legacy)
    for threshold in (0, 5, 6, 49, 50):
        for edge in (1, 2):
            same(structures, legacy=legacy, threshold=threshold, edgeitems=edge)


@pytest.mark.parametrize("legacy", STYLES)
def test_extents(legacy):
    def body(xp: Any) -> list[Any]:
        shapes = [(), (0,), (2, 0), (3,), (2, 3, 4), (40, 1), (7, 40)]
        return [xp.ones(shape, code) for shape in shapes for code in ("?", "i4", ">f4", "f8", "O")]

    for options in ({}, {"threshold": 5, "edgeitems": 1}, {"threshold": 5, "edgeitems": 0}, {"linewidth": 20}):
        same(body, legacy=legacy, **options)


def test_long_doubles():
    for values in ([1.5, -3.0], [1 / 3], [1e300, 3.0]):
        same(
            lambda xp, values=values: [
                xp.array(values, "g") / 3,
                xp.array(values, "G") / 3j,
                xp.array(values, "g") ** 8,
            ]
        )
    for name in ("format_float_positional", "format_float_scientific"):
        for options in ({}, {"precision": 30, "unique": False}, {"min_digits": 25}, {"trim": "-"}):
            got, wanted = ([getattr(xp, name)(xp.longdouble(x) / 3, **options) for x in (1, 7e20, -1e-7)]
                           for xp in (wasmnp, numpy))  # fmt: skip
            assert got == wanted


def test_texts_have_a_limit():
    for options in ({"unique": False, "precision": 10**5}, {"pad_left": 2**31 - 1}, {"pad_right": 10**5}):
        with pytest.raises(RuntimeError, match="Float formatting result too large"):
            wasmnp.format_float_positional(1.5, **options)
    assert wasmnp.format_float_positional(1.5, precision=10**9) == "1.5"


def test_arrays_inside_of_themselves():
    def body(xp: Any) -> list[Any]:
        inner, outer, row = xp.array(None), xp.array(None), xp.array([1, None, None], dtype=object)
        inner[()] = outer
        outer[()] = inner
        row[1] = row
        row[2] = [row]
        return [inner, row, xp.array([[xp.eye(2), None], [[1], xp.ones(3)]], dtype=object)]

    # Not with format(), which looks into arrays without dimensions for ever, in NumPy too.
    wanted, got = ([text(array) for array in body(xp) for text in (str, repr)] for xp in (numpy, wasmnp))
    assert got == wanted


@pytest.mark.parametrize("key", ["all", "bool", "int", "int_kind", "float", "float_kind", "longfloat", "complexfloat",
                                 "complex_kind", "longcomplexfloat", "timedelta", "datetime", "void", "numpystr",
                                 "str_kind", "object"])  # fmt: skip
def test_formatters(key):
    same(
        lambda xp: [xp.zeros(2, code) for code in ("?", "i1", "f4", "g", "D", "G", "m8[s]", "M8[s]", "V1", "S1", "U1",
                                                   "O", "i4,f4", "(2,)i4,V2")],
        formatter={key: lambda value: "<>"},
    )  # fmt: skip


def test_subclasses():
    class Masked(wasmnp.ndarray):
        def __getitem__(self, index):
            return super().__getitem__(index)[...].view(Masked)

        def __str__(self):
            return "many" if self.shape else f"<{self.item()}>"

    array = wasmnp.arange(4).reshape(2, 2).view(Masked)
    assert wasmnp.array2string(array, formatter={"all": str}) == "[[<0> <1>]\n [<2> <3>]]"
    assert repr(wasmnp.array(1).view(Masked)) == "Masked(1)"


def test_styles_are_options():
    for name in STYLES:
        with wasmnp.printoptions(legacy=name, sign="+") as options:
            assert options["legacy"] == name
            assert options["sign"] == ("-" if name == "1.13" else "+")
    with pytest.warns(UserWarning, match="legacy printing option"), wasmnp.printoptions(legacy="0") as options:
        assert options["legacy"] is False


def test_parts_of_scalars_are_arrays():
    for xp in (numpy, wasmnp):
        assert type(xp.float64(1)[...]) is type(xp.datetime64("2012")[...]) is type(xp.float64(1)[None]) is xp.ndarray
        assert type(xp.float64(1)[()]) is xp.float64
