"""Random programs on arrays give on wasmnp what they give on NumPy: values, types, shapes, and classes of errors.

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

SECONDS = float(os.environ.get("WASMNP_FUZZ_SECONDS", "4"))
_CODES = "? i1 u1 i2 >i2 u2 i4 u4 >u4 i8 u8 f2 f4 >f4 f8 >f8 g c8 c16 >c16 O S3 U2 >U2 M8[D] m8[s] q"
DTYPES = _CODES.split()
NUMBERS = [code for code in DTYPES if code.lstrip(">")[0] in "?iuqfc"]
FLOATS = [0.0, -0.0, 1.0, -1.5, 2.5, 100.0, float("nan"), float("inf"), -float("inf"), 1e-3]

dtypes = st.sampled_from(DTYPES)
shapes = st.lists(st.integers(0, 4), min_size=0, max_size=3).map(tuple)


def elements_of(code: str) -> st.SearchStrategy[Any]:
    kind = code.lstrip("><")[0]
    if kind == "?":
        return st.booleans()
    if kind in "iqm":
        return st.integers(-100, 100)
    if kind in "uM":
        return st.integers(0, 100)
    if kind in "fg":
        return st.sampled_from(FLOATS)
    if kind == "c":
        return st.builds(complex, st.sampled_from(FLOATS[:6]), st.sampled_from(FLOATS[:6]))
    if kind == "O":
        return st.one_of(st.integers(-5, 5), st.sampled_from([0.5, 2.0]))
    text = st.text("ab c", max_size=4)
    return text.map(lambda value: value.encode()) if kind == "S" else text


@st.composite
def arrays(draw: Any, code: str | None = None, shape: tuple[int, ...] | None = None) -> Any:
    """A function that makes the same array on either library, in one of several layouts."""
    code = draw(dtypes) if code is None else code
    shape = draw(shapes) if shape is None else shape
    count = 1
    for extent in shape:
        count *= extent
    values = draw(st.lists(elements_of(code), min_size=count, max_size=count))
    layout = draw(st.sampled_from(["C", "F", "reversed", "spread", "offset"]))

    def make(xp: Any) -> Any:
        flat = xp.empty(count, code)
        for i, value in enumerate(values):
            flat[i] = value
        a = flat.reshape(shape)
        if layout == "F":
            return a.copy(order="F")
        if layout == "reversed" and a.ndim:
            return a[::-1].copy()[::-1]
        if layout == "spread" and a.ndim:
            wide = xp.zeros((*a.shape[:-1], 2 * a.shape[-1]), code)
            wide[..., ::2] = a
            return wide[..., ::2]
        if layout == "offset" and code[-1] not in "OSU" and a.dtype.itemsize > 1:
            raw = xp.zeros(a.nbytes + 1, "u1")[1:].view(a.dtype).reshape(shape)
            raw[...] = a
            return raw
        return a

    make.text = f"{code} {shape} {layout} {values}"  # type: ignore[attr-defined]
    return make


index_items = st.one_of(
    st.integers(-5, 5),
    st.builds(slice, *[st.one_of(st.none(), st.integers(-5, 5))] * 2, st.sampled_from([None, 1, 2, -1, -2])),
    st.none(),
    st.just(Ellipsis),
    st.booleans(),
    st.lists(st.integers(-4, 4), max_size=4),
    st.lists(st.booleans(), min_size=1, max_size=4),
    st.just([[0, 1], [1, 0]]),
)
indices = st.one_of(index_items, st.lists(index_items, max_size=4).map(tuple))
axes = st.one_of(st.none(), st.integers(-3, 3), st.tuples(st.integers(-2, 2), st.integers(-2, 2)))


@st.composite
def steps(draw: Any) -> tuple[str, Any]:
    """What a program does next: a text, and a function of the library and the array so far."""
    kind = draw(
        st.sampled_from(["get", "set", "astype", "view", "reshape", "order", "reduce", "scan", "arrange", "join"])
    )
    if kind == "get":
        index = draw(indices)
        return f"a[{index!r}]", lambda xp, a: a[index]
    if kind == "set":
        index, value = draw(indices), draw(st.one_of(st.integers(0, 3), st.lists(st.integers(0, 3), max_size=4)))

        def assign(xp: Any, a: Any) -> Any:
            b = a.copy()
            b[index] = value
            return b

        return f"a[{index!r}] = {value!r}", assign
    if kind == "astype":
        code = draw(dtypes)

        def cast(xp: Any, a: Any) -> Any:
            # What is out of range has no one value, NumPy reads spans as points without converting their unit, and it
            # refuses to cut the text of times.
            kind = code.lstrip(">")[0]
            if (a.dtype.kind in "fcO" and kind in "iuqMm") or a.dtype.kind + kind in (
                "mM",
                "Mm",
                "MS",
                "mS",
                "MU",
                "mU",
            ):
                return a
            return a.astype(code)

        return f"astype({code})", cast
    if kind == "view":
        code = draw(st.sampled_from(NUMBERS))  # of other types not every byte has a meaning
        return f"view({code})", lambda xp, a: a if a.dtype.kind in "fc" else a.view(code)  # bits of NaNs are free
    if kind == "reshape":
        shape = draw(st.lists(st.integers(-1, 4), max_size=3).map(tuple))
        order = draw(st.sampled_from("CFA"))
        return f"reshape({shape}, {order})", lambda xp, a: a.reshape(shape, order=order)
    if kind == "order":
        name = draw(st.sampled_from(["T", "ravel", "squeeze", "flip", "swapaxes", "copyF", "newaxis", "broadcast"]))
        return name, {
            "T": lambda xp, a: a.T,
            "ravel": lambda xp, a: a.ravel("K"),
            "squeeze": lambda xp, a: a.squeeze(),
            "flip": lambda xp, a: xp.flip(a),
            "swapaxes": lambda xp, a: a.swapaxes(0, -1),
            "copyF": lambda xp, a: a.copy("F"),
            "newaxis": lambda xp, a: a[..., None],
            "broadcast": lambda xp, a: xp.broadcast_to(a, (2, *a.shape)),
        }[name]
    if kind == "reduce":
        name = draw(st.sampled_from(["sum", "prod", "min", "max", "any", "all", "mean", "argmax", "argmin", "std"]))
        axis, keepdims = draw(axes), draw(st.booleans())
        return f"{name}({axis}, {keepdims})", lambda xp, a: getattr(a, name)(axis=axis, keepdims=keepdims)
    if kind == "scan":
        name, axis = draw(st.sampled_from(["cumsum", "cumprod", "sort", "argsort"])), draw(st.integers(-2, 2))
        if name in ("sort", "argsort"):
            return f"{name}({axis})", lambda xp, a: getattr(xp, name)(a, axis=axis, kind="stable")
        return f"{name}({axis})", lambda xp, a: getattr(a, name)(axis)
    if kind == "arrange":
        name = draw(st.sampled_from(["repeat", "take", "nonzero", "where", "unique", "compress", "diagonal"]))
        return name, {
            "repeat": lambda xp, a: a.repeat(2, axis=0),
            "take": lambda xp, a: a.take([0, -1, 0], mode="wrap"),
            "nonzero": lambda xp, a: a.nonzero()[0],
            "where": lambda xp, a: xp.where(xp.ones(a.shape, "?"), a, a),
            "unique": lambda xp, a: xp.unique(a),
            "compress": lambda xp, a: a.compress([True, False, True]),
            "diagonal": lambda xp, a: a.diagonal(),
        }[name]
    axis = draw(st.sampled_from([0, -1, None]))
    return f"concatenate([a, a], {axis})", lambda xp, a: xp.concatenate([a, a], axis=axis)


def observe(xp: Any, make: Any, program: list[tuple[str, Any]]) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        a = make(xp)
        for done, (_, step) in enumerate(program):
            try:
                result = step(xp, a)
            except Exception as error:
                if not isinstance(error, (TypeError, ValueError, IndexError, ArithmeticError)):
                    raise
                return "error", done, ()
            a = result if isinstance(result, xp.ndarray) else xp.asarray(result)
            if a.size > 5000 or a.dtype.itemsize == 0:
                break
        return "array", a.dtype.str, a.shape, a.tolist()


def alike(x: Any, y: Any) -> bool:
    """Equal values; floats that differ by rounding, as sums in another order do, are equal, too."""
    if isinstance(x, list) and isinstance(y, list):
        return len(x) == len(y) and all(map(alike, x, y))
    if isinstance(x, tuple) and isinstance(y, tuple):
        return alike(list(x), list(y))
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


def check(make: Any, program: list[tuple[str, Any]]) -> None:
    expected, actual = observe(numpy, make, program), observe(wasmnp, make, program)
    text = f"array {make.text}\n" + "\n".join(step for step, _ in program) + f"\nnumpy  {expected}\nwasmnp {actual}"
    assert expected[:3] == actual[:3], text
    assert alike(list(expected[3:]), list(actual[3:])), text


@settings(max_examples=300, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(arrays(), st.lists(steps(), min_size=1, max_size=4))
def test_random_programs(make: Any, program: list[tuple[str, Any]]) -> None:
    check(make, program)


def test_for_as_long_as_asked() -> None:
    """Fresh programs until the time is over: hypothesis starts anew with every round."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:

        @settings(max_examples=500, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(arrays(), st.lists(steps(), min_size=1, max_size=5))
        def one_round(make: Any, program: list[tuple[str, Any]]) -> None:
            check(make, program)

        one_round()
