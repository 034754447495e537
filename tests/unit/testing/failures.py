"""Assertions that pass and fail, written once for NumPy and for wasmnp."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

Case = tuple[str, Callable[[], Any]]
NAN, INF = float("nan"), float("inf")
LARGEST = 5  # the pair of arrays beside the largest number, among those of `ulps`


def equality(np: Any, t: Any) -> Iterator[Case]:
    pairs: list[tuple[Any, Any]] = [
        ([1, 2], [1, 3]),
        ([1, 2], [1]),
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"a": 2, "b": 3}),
        ({"c": 1}, {"a": 1}),
        ([1], {"a": 1}),
        ({"a": [1, (2, 3)]}, {"a": [1, (2, 4)]}),
        (1, 2),
        ("a", "b"),
        ("a", "a"),
        ([1], (1,)),
        (None, None),
        (None, 1),
        (NAN, 1),
        (NAN, NAN),
        (INF, -INF),
        (np.float32(NAN), NAN),
        (NAN, [NAN]),
        (0.0, -0.0),
        (0, -0.0),
        (complex(0, 1), complex(-0.0, 1)),
        (complex(NAN, 1), complex(NAN, 2)),
        (complex(1, NAN), complex(1, NAN)),
        (complex(1, NAN), 1),
        (np.array([1, 2]), np.array([1, 3])),
        ([1, 3], np.array([1, 2])),
        (np.array(1), 2),
        (np.array([1 + 1j]), [1 + 1j]),
        (object, object),
        (2**70, 2**70 + 1),
    ]
    for place, (actual, desired) in enumerate(pairs):
        yield f"equal {place}", lambda a=actual, d=desired: t.assert_equal(a, d)
        yield f"equal {place} text", lambda a=actual, d=desired: t.assert_equal(a, d, err_msg="text")
        yield f"equal {place} brief", lambda a=actual, d=desired: t.assert_equal(a, d, verbose=False)
    yield "equal strict", lambda: t.assert_equal(np.array([1, 1]), 1, strict=True)
    yield "equal strict numbers", lambda: t.assert_equal(1, 1.0, strict=True)


def array_pairs(np: Any) -> list[tuple[Any, Any]]:
    array = np.array
    kind = type("MyArray", (np.ndarray,), {})
    return [
        ([1, 2], [1, 2, 3]),
        ([1, 2], [1, 2]),
        (array([1, 2]), array([1.0, 2])),
        (array([1, 2]), array([[1.0, 2]])),
        ([1, NAN], [1, 2.0]),
        ([1, NAN, 3], [2.0, NAN, 4]),
        ([1, NAN, 3], [1.0, NAN, 3]),
        ([[1, NAN], [3, INF]], [[1.0, NAN], [4, INF]]),
        ([NAN, NAN], NAN),
        ([NAN, 1], NAN),
        (NAN, [1, NAN]),
        (NAN, NAN),
        ([INF, 1], [1, INF]),
        ([INF, 1], [-INF, 1]),
        ([INF, INF], INF),
        ([INF, 1], INF),
        (INF, INF),
        (INF, -INF),
        ([complex(INF, 1)], [complex(INF, 2)]),
        ([complex(INF, 1)], [complex(INF, 1)]),
        ([complex(NAN, INF)], [complex(NAN, -INF)]),
        ([True, False], [True, True]),
        ([True, False], [1, 5]),
        (array([0, 1], "u1"), array([4, 255], "u1")),
        (array([-128, 1], "i1"), array([127, 2], "i1")),
        (array([-128, 1], "i1"), 0),
        (array([1 + 2j]), array([1 + 3j])),
        (np.zeros((3, 4)), np.ones((3, 4))),
        (np.zeros(3000), np.ones(3000)),
        (np.zeros(7), np.arange(7.0)),
        (np.arange(12.0).reshape(3, 4).T, np.ones((4, 3))),
        (np.arange(12.0)[::-2], np.ones(6)),
        ([], []),
        (np.zeros((0,)), 1),
        (np.zeros((0, 2)), np.zeros((0, 3))),
        (array([1.1], "f4"), array([1.1], "f8")),
        (array([1.00001, 2.00001], "f4"), array([1.0, 2], "f8")),
        (np.arange(3).view(kind), array([1, 1, 1]).view(kind)),
        (array([1, 2], ">i4"), array([1, 3], ">i4")),
        (1, 2),
        (1.0, 1.1),
        (1e-3, 1e-9),
        (2, np.ones(20)),
        (np.ones(20), 2),
        (np.arange(1000), 0),
        (array([2**62], "i8"), array([-(2**62)], "i8")),
        (array([1e300]), array([-1e300])),
    ]


def arrays(np: Any, t: Any) -> Iterator[Case]:
    asserts: list[tuple[str, Callable[..., Any]]] = [
        ("array_equal", t.assert_array_equal),
        ("array_almost_equal", t.assert_array_almost_equal),
        ("almost_equal", t.assert_almost_equal),
        ("array_less", t.assert_array_less),
        ("allclose", t.assert_allclose),
    ]
    for place, (actual, desired) in enumerate(array_pairs(np)):
        for name, check in asserts:
            yield f"{name} {place}", lambda c=check, a=actual, d=desired: c(a, d)
            yield f"{name} {place} swapped", lambda c=check, a=actual, d=desired: c(d, a)
            if name != "almost_equal" and not name.startswith("array_almost"):
                yield f"{name} {place} strict", lambda c=check, a=actual, d=desired: c(a, d, strict=True)
            yield f"{name} {place} text", lambda c=check, a=actual, d=desired: c(a, d, err_msg="a\ntext", verbose=False)
        yield f"loose {place}", lambda a=actual, d=desired: t.assert_allclose(a, d, rtol=0.1, atol=0.5, equal_nan=False)
        yield f"decimal {place}", lambda a=actual, d=desired: t.assert_array_almost_equal(a, d, decimal=1)
    yield "long text", lambda: t.assert_array_equal([1], [2], err_msg="x" * 90)
    yield "compare", lambda: t.assert_array_compare(np.less, [1, 2], [1, 2], header="H", names="pq", precision=2)
    yield "compare true", lambda: t.assert_array_compare(lambda a, b: True, [1, 2], [1, 3])
    yield "compare false", lambda: t.assert_array_compare(lambda a, b: False, [1, 2], [1, 3], header="H")
    yield "compare nan", lambda: t.assert_array_compare(np.equal, [1, NAN, INF], [1, NAN, INF], equal_nan=False)
    yield "compare inf", lambda: t.assert_array_compare(np.equal, [1, INF], [INF, 1], equal_inf=False)
    yield "ragged", lambda: t.assert_array_equal([[1], [1, 2]], [[1], [1, 2]])

    def raising(actual: Any, desired: Any, check: Callable[..., Any]) -> None:
        with np.errstate(all="raise"):
            check(actual, desired)

    yield "errstate", lambda: raising(np.array([1, 2], "f4"), np.array([1, 1e-40], "f4"), t.assert_array_equal)
    yield "errstate 2", lambda: raising(np.array([0.0, 2, INF, NAN]), np.array([0.0, 0, INF, NAN]), t.assert_allclose)


def numbers(np: Any, t: Any) -> Iterator[Case]:
    values = [1.0, 1.1, 1.00000001, 1 + 1j, 1 + 2j, NAN, INF, -INF, 0, -0.0, 1e-9, (1.0, 2), (1, 3.0), complex(NAN, 1)]
    for i, actual in enumerate(values):
        for j, desired in enumerate(values):
            yield f"almost {i} {j}", lambda a=actual, d=desired: t.assert_almost_equal(a, d)
            yield f"almost 0 {i} {j}", lambda a=actual, d=desired: t.assert_almost_equal(a, d, decimal=0, err_msg="x")
            if isinstance(actual, float) and isinstance(desired, float) and abs(actual) != INF != abs(desired):
                yield f"approx {i} {j}", lambda a=actual, d=desired: t.assert_approx_equal(a, d)
                yield f"approx 2 {i} {j}", lambda a=actual, d=desired: t.assert_approx_equal(a, d, 2, "text", False)
    yield "approx arrays", lambda: t.assert_approx_equal(np.array(1234.22), np.array(1234.23), significant=7)
    yield "approx tiny", lambda: t.assert_approx_equal(0.12345670e-20, 0.12345672e-20, significant=8)
    yield "approx sign", lambda: t.assert_approx_equal(-5, 5)


def ulps(np: Any, t: Any) -> Iterator[Case]:
    array = np.array
    pairs = [
        (array([1.0, 2]), array([1.0, 2.0000001])),
        (array([1.0, 2]), array([1.0, 2.0000000000000004])),
        (array([1.0, -2], "f4"), array([1.0, 2.0000001], "f4")),
        (array([5e-324, -5e-324, 1.0, -1.0, -1.5]), array([-5e-324, 0.0, -1.0, 1.0, -1.5])),
        (array([INF, -INF]), array([1.7976931348623157e308, -1.7976931348623157e308])),
        (array([1.7976931348623157e308]), array([1.7976931348623155e308])),
        (array([1.0, 2], "f4"), array([1.0, 2.0000001])),
        (array([NAN]), array([1.0])),
        (array([NAN, 1]), array([NAN, 1])),
        (array([1j]), array([1.1j])),
        (array([1.0, 2]), array([1.0, 2, 3])),
        ([1, 2], [1, 3]),
        (1.0, 1.0000000000000002),
        (0.0, -0.0),
        (array([[1.0], [2.0]]), array([[1.0], [2.5]])),
    ]
    for place, (a, b) in enumerate(pairs):
        for limit in (0, 1, 3, 1e20):
            yield f"max {place} {limit}", lambda a=a, b=b, n=limit: t.assert_array_max_ulp(a, b, n)
            if isinstance(a, list) or place == LARGEST:
                continue  # NumPy's fails on lists, and warns beside the largest number
            yield f"nulp {place} {limit}", lambda a=a, b=b, n=limit: t.assert_array_almost_equal_nulp(a, b, n)
        yield f"single {place}", lambda a=a, b=b: t.assert_array_max_ulp(a, b, 2, dtype="f4")


def texts(np: Any, t: Any) -> Iterator[Case]:
    pairs = [
        ("abc\ndef\n", "abc\ndxf\nx"),
        ("abc", "abd"),
        ("abc", "abc"),
        (1, "abd"),
        ("a", 1),
        ("a\nb\nc", "a\nc"),
        ("a\nc", "a\nb\nc"),
        ("foo\nbar", "hello\nbar"),
        ("abcdefghij\nklmnopq\nsame\nabcdefg", "abcdefghix\nklmnopr\nsame\nabcdefx"),
        ("", "a"),
        ("a", "a\n"),
        ("a\n\nb", "a\nb"),
        ("one two\nthree\n", "one  two\nthree four\n"),
    ]
    for place, (actual, desired) in enumerate(pairs):
        yield f"text {place}", lambda a=actual, d=desired: t.assert_string_equal(a, d)
        yield f"print {place}", lambda a=actual, d=desired: t.print_assert_equal("Test XYZ", a, d)
    yield "true", lambda: t.assert_([1])
    yield "false", lambda: t.assert_(False)
    yield "false text", lambda: t.assert_(0, "text")
    yield "false call", lambda: t.assert_(0, lambda: "made")

    class Bad:
        def __repr__(self) -> str:
            raise ValueError("bad")

    lines = type("Lines", (), {"__repr__": lambda self: "x\n" * 9})()
    for place, value in enumerate(
        [np.array([1.123456789012]), np.arange(2000.0).reshape(20, 100), Bad(), lines, "a\nb"]
    ):
        yield f"build {place}", lambda v=value: t.build_err_msg([v, 2], "text")
        yield f"build {place} long", lambda v=value: t.build_err_msg([v, 2], "m" * 60, precision=3)
        yield f"build {place} lines", lambda v=value: t.build_err_msg([v], "m\nn", header="H", names=("a", "b"))
        yield f"build {place} brief", lambda v=value: t.build_err_msg([v], "", verbose=False)


def calls(np: Any, t: Any) -> Iterator[Case]:
    def quiet(value: Any = None) -> Any:
        return value

    def warning() -> int:
        warnings.warn("yo", stacklevel=2)
        return 3

    def inside(context: Any, call: Callable[[], Any]) -> Any:
        with context:
            return call()

    yield "raises not", lambda: t.assert_raises(ValueError, int, "1")
    yield "raises", lambda: t.assert_raises(ValueError, int, "x")
    yield "raises other", lambda: t.assert_raises(ValueError, int, [])
    yield "raises inside", lambda: inside(t.assert_raises(ValueError), quiet)
    yield "regex not", lambda: t.assert_raises_regex(ValueError, "zz", int, "x")
    yield "regex", lambda: t.assert_raises_regex(ValueError, "invalid", int, "x")
    yield "warns not", lambda: t.assert_warns(UserWarning, quiet)
    yield "warns", lambda: t.assert_warns(UserWarning, warning)
    yield "warns other", lambda: t.assert_warns(DeprecationWarning, warning)
    yield "warns inside", lambda: inside(t.assert_warns(UserWarning), warning)
    yield "warns inside not", lambda: inside(t.assert_warns(UserWarning), quiet)
    yield "warns match", lambda: t.assert_warns(UserWarning, match="x")
    yield "warns wrong", lambda: t.assert_warns(UserWarning, wrong="x")
    yield "no warnings", lambda: t.assert_no_warnings(quiet, 3)
    yield "cycles", lambda: t.assert_no_gc_cycles(quiet)
    yield "bad rule", lambda: t.suppress_warnings("sometimes")
    yield "runs", lambda: t.runstring("x = 1 / 0", {})
    yield "measure", lambda: type(t.measure("x = 1", times=10))
    yield "threads", lambda: t.run_threaded(quiet, 2)
    yield "threads raise", lambda: t.run_threaded(lambda number: 1 / number, 2, pass_count=True)

    def decorated(match: str | None) -> Any:
        class Cases:
            def test_a(self) -> int:
                return 1

            def _test(self) -> int:
                return 2

            def other(self) -> int:
                return 3

        t.decorate_methods(Cases, lambda method: lambda self: ("decorated", method(self)), match)
        cases = Cases()
        return cases.test_a(), cases._test(), cases.other()

    yield "decorate", lambda: decorated(None)
    yield "decorate other", lambda: decorated("other")


ROOMS = {room.__name__: room for room in (equality, arrays, numbers, ulps, texts, calls)}
