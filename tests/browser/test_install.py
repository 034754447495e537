"""The wheel in Chromium: installed by micropip, imported, and the public functions at work."""

from __future__ import annotations

import math

import pytest


def test_micropip_installs_the_wheel(python):
    name, level = python.run("""
        import wasmnp as np
        from wasmnp import _native
        [np.__name__, _native._cpu_level]
    """)
    assert name == "wasmnp" and "simd128" in str(level)


def test_the_wheel_needs_nothing_else(python):
    requirements = python.run("""
        import importlib.metadata
        importlib.metadata.requires("wasmnp") or []
    """)
    assert all("extra ==" in line for line in requirements)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("repr(np.arange(10.).sum())", "np.float64(45.0)"),
        ("(np.arange(3) + 1).tolist()", [1, 2, 3]),
        ("(np.arange(3).reshape(3, 1) * np.arange(2)).tolist()", [[0, 0], [0, 1], [0, 2]]),
        ("np.sqrt(np.array([4.0, 9.0])).tolist()", [2.0, 3.0]),
        ("str(np.arange(3).dtype)", "int32"),
        ("repr(np.array([1.5, -0.25, 1e10]))", "array([ 1.5e+00, -2.5e-01,  1.0e+10])"),
        ("repr(np.fft.rfft([0, 1, 0, 0]))", "array([ 1.+0.j,  0.-1.j, -1.+0.j])"),
        ("[round(x, 9) for x in np.fft.irfft(np.fft.rfft(np.arange(8.))).tolist()]", [0, 1, 2, 3, 4, 5, 6, 7]),
        ("np.hanning(5).tolist()", [0.0, 0.5, 1.0, 0.5, 0.0]),
        ("np.frombuffer(b'\\x01\\x02', np.uint8).tolist()", [1, 2]),
        ("bytes(memoryview(np.arange(3, dtype=np.uint8)))[2]", 2),
        ("np.absolute(np.array([3+4j])).tolist()", [5.0]),
        ("[part.tolist() for part in np.modf(np.array([1.5, -2.25]))]", [[0.5, -0.25], [1.0, -2.0]]),
        ("np.less(np.arange(3), 1).tolist()", [True, False, False]),
        ("np.fmod(np.array([7., -7.]), 3).tolist()", [1.0, -1.0]),
        ("isinstance(np.float64(1), float)", True),
        ("np.lib.stride_tricks.sliding_window_view(np.arange(4), 3).tolist()", [[0, 1, 2], [1, 2, 3]]),
        ("np.arange(6).reshape(2, 3).transpose()[::-1].tolist()", [[2, 5], [1, 4], [0, 3]]),
        ("np.arange(6.).reshape(2, 3).max(axis=1).tolist()", [2.0, 5.0]),
    ],
)  # fmt: skip
def test_api(python, expression, expected):
    assert python.run(f"import wasmnp as np, wasmnp.lib.stride_tricks\n{expression}") == expected


def test_exp_and_sin_are_accurate(python):
    values = [-700.5, -1.0, 1e-8, 0.5, 3.0, 700.0]
    assert python.run(f"np.exp(np.array({values})).tolist()") == pytest.approx([math.exp(x) for x in values], rel=3e-16)
    values = [1e-300, 0.5, 3.14159, 1e6, 1e22, 1.7e308]
    assert python.run(f"np.sin(np.array({values})).tolist()") == pytest.approx([math.sin(x) for x in values], rel=3e-16)


@pytest.mark.parametrize(
    ("kind", "expression", "text"),
    [
        ("divide", "np.array([1.0]) / 0.0", "divide by zero"),
        ("invalid", "np.sqrt(np.array([-1.0]))", "invalid value"),
        ("over", "np.exp(np.array([1000.0]))", "overflow"),
        ("under", "np.exp(np.array([-1000.0]))", "underflow"),
        ("over", "np.add.reduce(np.array([1e308] * 9))", "overflow"),
    ],
)
def test_errstate_works_in_the_browser(python, kind, expression, text):
    outcomes = python.run(f"""
        import warnings, wasmnp as np
        outcomes = []
        for mode in ("ignore", "warn", "raise"):
            with warnings.catch_warnings(record=True) as caught, np.errstate(all="ignore"):
                warnings.simplefilter("always")
                try:
                    with np.errstate({kind}=mode):
                        {expression}
                    outcomes.append([str(w.message) for w in caught])
                except FloatingPointError as error:
                    outcomes.append("raised: " + str(error))
        calls = []
        with np.errstate(all="ignore"), np.errstate({kind}="call", call=lambda name, flag: calls.append(name)):
            {expression}
        outcomes.append(calls)
        outcomes
    """)
    assert outcomes[0] == []
    assert len(outcomes[1]) == 1 and text in outcomes[1][0]
    assert outcomes[2].startswith("raised: ") and text in outcomes[2]
    assert len(outcomes[3]) == 1


def test_errors_are_pythons(python):
    assert python.run("""
        try:
            np.arange(3) + np.arange(4)
        except ValueError as error:
            message = str(error)
        message
    """).startswith("operands could not be broadcast together")
