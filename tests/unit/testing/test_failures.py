"""What every assertion says, beside NumPy's."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy
import numpy.testing
import pytest

import wasmnp
import wasmnp.testing

from .failures import ROOMS


def outcome(call: Callable[[], Any]) -> Any:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result: Any = "returned", repr(call())
        except Exception as error:
            result = type(error).__name__, str(error)
    # The bodies are lambdas of one file: their warnings come in one order.
    return result, [(one.category.__name__, str(one.message)) for one in caught]


@pytest.mark.parametrize("room", ROOMS)
def test_outcomes(room):
    expected = {name: outcome(call) for name, call in ROOMS[room](numpy, numpy.testing)}
    actual = {name: outcome(call) for name, call in ROOMS[room](wasmnp, wasmnp.testing)}
    assert list(actual) == list(expected)
    for name, result in expected.items():
        assert repr(actual[name]).replace("wasmnp", "numpy") == repr(result), f"{room}: {name}"
