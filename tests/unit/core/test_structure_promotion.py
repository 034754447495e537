"""Promotion of structures, and long doubles in texts."""

from __future__ import annotations

import numpy
import pytest

import wasmnp


@pytest.mark.parametrize("xp", [numpy, wasmnp])
def test_equal_structures_are_packed(xp):
    padded = xp.dtype({"names": ["a", "b"], "formats": ["i4", "f4"], "offsets": [0, 4], "itemsize": 100})
    packed = xp.promote_types(padded, padded)
    assert packed.itemsize == 8
    assert xp.promote_types(packed, packed) is packed


@pytest.mark.parametrize("xp", [numpy, wasmnp])
@pytest.mark.skipif(numpy.finfo("g").eps == numpy.finfo("d").eps, reason="long doubles are doubles here")
def test_texts_keep_the_digits_of_long_doubles(xp):
    (value,) = xp.fromstring("1.0000000000000000002", dtype="g", sep=" ")
    assert value != 1
