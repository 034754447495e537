"""Promotion of structures."""

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


def test_structures_of_times_in_short_form():
    for text in ("M8[s],i4", "i4,M8[s]", "m8[2s],f8,S3"):
        assert str(wasmnp.dtype(text)) == str(numpy.dtype(text))
