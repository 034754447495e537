"""Numbers that are read from str and bytes."""

from __future__ import annotations

import numpy
import pytest

import wasmnp


@pytest.mark.parametrize("xp", [numpy, wasmnp])
@pytest.mark.skipif(numpy.finfo("g").eps == numpy.finfo("d").eps, reason="long doubles are doubles here")
def test_texts_keep_the_digits_of_long_doubles(xp):
    (value,) = xp.fromstring("1.0000000000000000002", dtype="g", sep=" ")
    assert value != 1


@pytest.mark.parametrize("text", ["1", " 1", "1 ", "\n-2.5", "  ", "\t", "", " nan", "nan ", " x", "1+2j", " 3 ", "+"])
@pytest.mark.parametrize("kind", "gGFDd")
@pytest.mark.parametrize("as_bytes", [False, True])
def test_space_around_numbers(text, kind, as_bytes):
    given = text.encode() if as_bytes else text

    def read(xp):
        try:
            return repr(xp.array(given).astype(kind))
        except ValueError:
            return "ValueError"

    assert read(wasmnp) == read(numpy)


@pytest.mark.parametrize("xp", [numpy, wasmnp])
def test_bytes_that_are_no_text(xp):
    with pytest.raises(UnicodeDecodeError):
        xp.array(b"\xff").astype("D")
