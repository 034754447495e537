"""Random programs on arrays give on wasmnp what they give on NumPy: values, types, shapes, orders, and errors.

A few seconds of them belong to the usual tests; `WASMNP_FUZZ_SECONDS=600` runs as long as asked (`dev.py fuzz`, under
sanitizers).
"""

from __future__ import annotations

import os
import time
import warnings
from typing import Any

import numpy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import wasmnp

from .programs import Step, arrays, steps

ORDINARY = (TypeError, ValueError, IndexError, ArithmeticError, AttributeError, BufferError)
SECONDS = float(os.environ.get("WASMNP_FUZZ_SECONDS", "4"))
SAME = "WASMNP_FUZZ_SECONDS" not in os.environ  # the same programs every time, but for `dev.py fuzz`


def outcome(xp: Any, step: Any, a: Any) -> tuple[tuple[Any, ...], Any]:
    """What a step gives, as plain Python data, and as an array to go on with."""
    try:
        result = step(xp, a)
    except Exception as error:
        if not isinstance(error, ORDINARY):
            raise
        return ("error",), None
    b = result if isinstance(result, xp.ndarray) else xp.asarray(result)
    return ("array", b.dtype.str, b.shape, b.tolist()), b


def alike(x: Any, y: Any) -> bool:
    """Equal values; floats that differ by rounding, as sums in another order do, are equal, too."""
    if isinstance(x, list) and isinstance(y, list):
        return len(x) == len(y) and all(map(alike, x, y))
    if isinstance(x, tuple) and isinstance(y, tuple):
        return alike(list(x), list(y))
    if isinstance(x, numpy.ndarray) and isinstance(y, wasmnp.ndarray):
        return x.dtype.str == y.dtype.str and x.shape == y.shape and alike(x.tolist(), y.tolist())
    try:
        if isinstance(x, (float, complex)) or hasattr(x, "dtype"):
            a, b = complex(x), complex(y)
            for p, q in ((a.real, b.real), (a.imag, b.imag)):
                if p != q and not (p != p and q != q) and not abs(p - q) <= 2e-3 * max(abs(p), abs(q), 1e-3):
                    return False
            return True
    except (TypeError, ValueError, OverflowError):
        pass
    return bool(x == y) or (x != x and y != y)


def check(make: Any, program: list[Step]) -> None:
    """Run a program on both libraries step by step, as long as they hold the same numbers to the last bit."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        a, b = make(numpy), make(wasmnp)
        for done, (_, step) in enumerate(program):
            expected, a = outcome(numpy, step, a)
            actual, b = outcome(wasmnp, step, b)
            text = "\n".join([f"array {make.text}", *(name for name, _ in program[: done + 1])])
            text += f"\nnumpy  {expected}\nwasmnp {actual}"
            assert expected[:3] == actual[:3], text
            assert alike(list(expected[3:]), list(actual[3:])), text
            if a is None or repr(expected) != repr(actual) or a.size > 5000 or a.dtype.itemsize == 0:
                break


@settings(max_examples=300, deadline=None, database=None, derandomize=SAME, suppress_health_check=list(HealthCheck))
@given(arrays(), st.lists(steps(), min_size=1, max_size=4))
def test_random_programs(make: Any, program: list[Step]) -> None:
    check(make, program)


def test_for_as_long_as_asked() -> None:
    """Fresh programs until the time is over: hypothesis starts anew with every round."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:

        @settings(
            max_examples=500, deadline=None, database=None, derandomize=SAME, suppress_health_check=list(HealthCheck)
        )
        @given(arrays(), st.lists(steps(), min_size=1, max_size=5))
        def one_round(make: Any, program: list[Step]) -> None:
            check(make, program)

        one_round()
