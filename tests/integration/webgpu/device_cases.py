"""Cases of device arrays: each body runs on host arrays and on device arrays, and gives the same.

Nothing is used here but wasmnp and the standard library, so that the same file runs in pytest on the desktop and
inside Pyodide in a page or a worker. `check` waits for the device, `check_async` is awaited.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import wasmnp as np


@dataclass(frozen=True)
class Operand:
    """An array of a case: numbers that depend on the index and on ``seed`` alone.

    ``values`` is ``"plain"`` (-4 to 4), ``"positive"`` (0 to 8, without 0), ``"unit"`` (-1 to 1) or ``"special"``
    (infinities, NaN, zeros of both signs and extremes among plain numbers).
    """

    dtype: str
    shape: tuple[int, ...]
    values: str = "plain"
    seed: int = 0


@dataclass(frozen=True)
class Case:
    """One body, run on host and device.

    Attributes
    ----------
    name : str
    body : callable
        Takes wasmnp and the arrays.
    operands : tuple of Operand
    ulp : int
        Units in the last place that float results may differ by.
    relative : float
        Or: how much they may differ relative to the largest result.
    reference : callable, optional
        What the host does instead, where it lacks a function.
    big : bool
        Whether the case needs more than 128 MiB.
    """

    name: str
    body: Callable[..., Any]
    operands: tuple[Operand, ...]
    ulp: int = 0
    relative: float = 0.0
    reference: Callable[..., Any] | None = None
    big: bool = False


SPECIAL = [math.inf, -math.inf, math.nan, 0.0, -0.0, 1.0, -1.0, 3.0e38, -3.0e38, 1.5e-30, 0.5, -2.5, 2.5, 1e6, -7.0]


def host_array(operand: Operand) -> Any:
    """The array of an operand on the host."""
    size = math.prod(operand.shape)
    index = np.arange(size, dtype="i8")
    mixed = (index * 7919 + (operand.seed * 104729 + 13)) % 2003
    if operand.dtype == "?":
        return (mixed % 3 == 0).reshape(operand.shape)
    if operand.dtype in ("i4", "u4"):
        low = 0 if operand.dtype == "u4" or operand.values == "positive" else -1000
        numbers = mixed + low
        if operand.values == "positive":
            numbers = numbers % 50 + 1
        if operand.values == "special":
            numbers = numbers * 2140003 if operand.dtype == "i4" else numbers * 2140003 + 7
        return numbers.astype(operand.dtype).reshape(operand.shape)
    if operand.dtype == "c8":
        other = (index * 6133 + (operand.seed * 7351 + 5)) % 1999
        parts = np.empty((size, 2), "f4")
        parts[:, 0], parts[:, 1] = mixed / 250.0 - 4, other / 250.0 - 4
        if operand.values == "special":
            for place in range(size):
                parts[place, 0] = SPECIAL[place % len(SPECIAL)]
                parts[place, 1] = SPECIAL[place // len(SPECIAL) % len(SPECIAL)]
        return parts.reshape(-1).view("c8").reshape(operand.shape)
    if operand.values == "positive":
        numbers = (mixed + 1) / 250.0
    elif operand.values == "unit":
        numbers = mixed / 1001.5 - 1
    else:
        numbers = mixed / 250.0 - 4
    result = numbers.astype("f4")
    if operand.values == "special":
        for place in range(size):
            if place % 3 != 1:
                result[place] = SPECIAL[(place * 11 + operand.seed * 5) % len(SPECIAL)]
    return result.reshape(operand.shape)


def operand_arrays(case: Case) -> list[Any]:
    """The arrays of a case on the host."""
    return [host_array(operand) for operand in case.operands]


def _ordered(bits: Any) -> Any:
    """Integers that are ordered as the floats are whose bits are given."""
    wide = bits.astype("i8")
    return wide + (wide < 0).astype("i8") * (-(2**31) - 2 * wide)


def _distance(expected: Any, found: Any, relative: float) -> Any:
    """Errors of float32: units in the last place, or multiples of what is allowed; NaN equals NaN."""
    both = (expected != expected) * (found != found)
    if relative:
        largest = float(np.max(np.absolute(expected))) if expected.size else 0.0
        difference = np.absolute(expected.astype("f8") - found.astype("f8")) / (relative * largest or 1.0)
        difference = difference * (expected != found)  # infinities
    else:
        difference = np.absolute(_ordered(expected.view("i4")) - _ordered(found.view("i4"))).astype("f8")
        # Devices may flush what is smaller than the smallest normal number.
        flushed = (np.absolute(expected) < 2.0**-126) * (np.absolute(found) < 2.0**-126) * (expected != found)
        difference = difference * (1.0 - flushed.astype("f8"))
    return difference * (1.0 - both.astype("f8"))


def _compare(case: Case, expected: Any, found: Any) -> None:
    if isinstance(expected, tuple):
        assert isinstance(found, tuple) and len(found) == len(expected), f"{case.name}: {len(found)} results"
        for one, other in zip(expected, found, strict=True):
            _compare(case, one, other)
        return
    expected = np.asarray(expected)
    assert found.dtype == expected.dtype, f"{case.name}: dtype {found.dtype} instead of {expected.dtype}"
    assert found.shape == expected.shape, f"{case.name}: shape {found.shape} instead of {expected.shape}"
    if not expected.size:
        return
    one, other = expected.reshape(-1), found.reshape(-1)
    if expected.dtype.kind == "c":
        one, other = one.view("f4"), other.view("f4")
    if expected.dtype.kind in "fc":
        limit = 1.0 if case.relative else float(case.ulp)
        errors = _distance(one, other, case.relative)
    else:
        limit, errors = 0.0, (one != other).astype("f8")
    worst = float(np.max(errors))
    if not worst <= limit:
        wrong = errors.tolist()
        place = next(index for index, error in enumerate(wrong) if not error <= limit)
        kinds = ", ".join(f"{operand.dtype}{list(operand.shape)}" for operand in case.operands)
        count = sum(not error <= limit for error in wrong)
        raise AssertionError(
            f"{case.name} of {kinds}: {count} of {len(wrong)} numbers differ, the first at {place}: "
            f"{one[place]!r} on the host, {other[place]!r} on the device; worst error {worst}, limit {limit}"
        )


def _expected(case: Case, arrays: list[Any]) -> Any:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # means of nothing
        return (case.reference or case.body)(np, *arrays)


def check(case: Case) -> None:
    """Run a case on host and device; AssertionError names the first element that differs."""
    arrays = operand_arrays(case)
    result = case.body(np, *(np.webgpu.asarray(array) for array in arrays))
    results = result if isinstance(result, tuple) else (result,)
    assert all(isinstance(item, np.webgpu.DeviceArray) for item in results), f"{case.name} left the device"
    found = tuple(item.to_device("cpu") for item in results)
    _compare(case, _expected(case, arrays), found if isinstance(result, tuple) else found[0])


async def check_async(case: Case) -> None:
    """As `check`, awaited: for places where Python cannot wait."""
    arrays = operand_arrays(case)
    result = case.body(np, *(np.webgpu.asarray(array) for array in arrays))
    results = result if isinstance(result, tuple) else (result,)
    found = [await item.to_host_async() for item in results]
    _compare(case, _expected(case, arrays), tuple(found) if isinstance(result, tuple) else found[0])


# Shapes that every elementwise function meets: operands that broadcast.
SHAPES: list[tuple[tuple[int, ...], tuple[int, ...]]] = [
    ((7,), (7,)), ((), ()), ((0,), (0,)), ((3, 0, 2), (1, 2)), ((300,), ()), ((5, 1), (1, 6)), ((2, 3, 4), (3, 1)),
]  # fmt: skip
CASES: list[Case] = []


def _add(name: str, body: Callable[..., Any], *operands: Operand, **options: Any) -> None:
    CASES.append(Case(name, body, operands, **options))


def _text(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, shape)) or "scalar"


def _elementwise() -> None:
    """Every ufunc of float32, over plain and special numbers; integers, bools and complex numbers."""
    unary: dict[str, tuple[str, int]] = {
        "absolute": ("special", 0), "negative": ("special", 0), "square": ("special", 0), "sign": ("special", 0),
        "floor": ("special", 0), "ceil": ("special", 0), "trunc": ("special", 0), "rint": ("special", 0),
        "sqrt": ("positive", 3), "reciprocal": ("positive", 3), "exp": ("plain", 4), "sin": ("plain", 4),
        "cbrt": ("plain", 4), "modf": ("plain", 0),
    }  # fmt: skip
    binary: dict[str, tuple[str, int]] = {
        "add": ("special", 0), "subtract": ("special", 0), "multiply": ("special", 0), "divide": ("plain", 3),
        "maximum": ("special", 0), "minimum": ("special", 0), "equal": ("special", 0), "not_equal": ("special", 0),
        "less": ("special", 0), "less_equal": ("special", 0), "greater": ("special", 0),
        "greater_equal": ("special", 0), "power": ("positive", 4), "fmod": ("plain", 0), "remainder": ("plain", 0),
        "floor_divide": ("plain", 0),
    }  # fmt: skip
    for number, (name, (values, ulp)) in enumerate(unary.items()):
        for shape in ((37,), SHAPES[number % len(SHAPES)][0]):
            _add(f"{name} {_text(shape)}", _call(name, 1), Operand("f4", shape, values), ulp=ulp)
    for number, (name, (values, ulp)) in enumerate(binary.items()):
        for left, right in (((37,), (37,)), SHAPES[number % len(SHAPES)]):
            operands = Operand("f4", left, values), Operand("f4", right, values, 3)
            _add(f"{name} {_text(left)} {_text(right)}", _call(name, 2), *operands, ulp=ulp)
    for dtype in ("i4", "u4"):
        for name in ("add", "subtract", "multiply", "maximum", "floor_divide", "remainder", "less", "equal"):
            operands = Operand(dtype, (50,), "special"), Operand(dtype, (50,), "positive", 2)
            _add(f"{name} {dtype}", _call(name, 2), *operands)
        for name in ("square", "sign"):
            _add(f"{name} {dtype}", _call(name, 1), Operand(dtype, (5, 3), "special"))
    _add("negative i4", _call("negative", 1), Operand("i4", (9,), "special"))
    _add("absolute i4", _call("absolute", 1), Operand("i4", (9,), "special"))
    for name in ("add", "multiply", "maximum", "equal", "not_equal", "less"):
        _add(f"{name} bool", _call(name, 2), Operand("?", (4, 5)), Operand("?", (5,), seed=1))
    for name, ulp, relative in (("add", 0, 0.0), ("subtract", 0, 0.0), ("multiply", 0, 1e-6), ("divide", 0, 1e-5)):
        operands = Operand("c8", (6, 7)), Operand("c8", (7,), seed=4)
        _add(f"{name} complex", _call(name, 2), *operands, ulp=ulp, relative=relative)
    for name, relative in (("negative", 0.0), ("square", 1e-6), ("reciprocal", 1e-5), ("exp", 1e-6), ("sin", 1e-6),
                           ("sqrt", 1e-6), ("absolute", 1e-6)):  # fmt: skip
        _add(f"{name} complex", _call(name, 1), Operand("c8", (40,), seed=2), relative=relative)
    for name, ulp in (("exp", 4), ("sin", 4), ("sqrt", 4), ("absolute", 4), ("sign", 4), ("negative", 0)):
        special = Operand("c8", (len(SPECIAL) ** 2,), "special")
        _add(f"{name} of special complex numbers", _call(name, 1), special, ulp=ulp)
    power = _call("power", 2)
    _add("power complex", power, Operand("c8", (60,)), Operand("c8", (60,), seed=7), relative=1e-5)
    _add("powers of complex numbers", lambda xp, x: (x**2, x**3, x**-1, x**0, x**1, x**0.5, (x * 0) ** 2, x**-7.0),
         Operand("c8", (60,)), relative=1e-5)  # fmt: skip
    for name in ("equal", "not_equal"):
        _add(f"{name} complex", _call(name, 2), Operand("c8", (40,)), Operand("c8", (40,)))


def _call(name: str, count: int) -> Callable[..., Any]:
    if count == 1:
        return lambda xp, x: getattr(xp, name)(x)
    return lambda xp, x, y: getattr(xp, name)(x, y)


def _operators() -> None:
    """Python's operators, with numbers on either side."""
    x, y = Operand("f4", (6, 5)), Operand("f4", (5,), "positive", 1)
    i, u, b = Operand("i4", (20,)), Operand("u4", (20,)), Operand("?", (20,))
    _add("float operators", lambda xp, x, y: (x + 1, 2 - x, x * 0.5, x - y, -x, +x, abs(x)), x, y)
    _add("float divisions", lambda xp, x, y: (x / y, 1 / y, x / 4), x, y, ulp=3)
    _add("remainders", lambda xp, x, y: (x // y, x % y, x // 2, 7 % y), x, y)
    _add("powers", lambda xp, x, y: (x**2, y**0.5, y**-1, x**1, y**3, 2**x), x, y, ulp=4)
    _add("comparisons", lambda xp, x, y: (x < y, x <= y, x > 1, x >= 1.5, x == y, x != 0), x, y)
    _add("int operators", lambda xp, x: (x + 1, 3 - x, x * x, x // 7, x % 7, -x, x > 3, x**2), i)
    _add(
        "numbers out of range",
        lambda xp, x: (x < 2**40, xp.less(-(2**40), x), x == 2**31, x != -(2**35), xp.greater(2**70, x)),
        i,
    )
    _add("negative numbers and uint", lambda xp, x: (x > -1, x <= -1, x == 2**32, x >= 2**32), u)
    _add("uint operators", lambda xp, x: (x + 1, x * 3, x // 7, x % 7, x > 3), u)
    _add("bool operators", lambda xp, x: (x + True, x * x, x == True), b)  # noqa: E712
    _add("scalars of the host", lambda xp, x: (x + xp.float32(2.5), xp.float32(3) * x), x)
    _add("complex with numbers", lambda xp, x: (x + 1, x * 2.0, 1j + x), Operand("c8", (9,)), relative=1e-6)
    _add("conversions", lambda xp, x: (x.astype("i4"), x.astype("?"), x.astype("c8")), x)
    _add("int conversions", lambda xp, x: (x.astype("f4"), x.astype("u4"), x.astype("?")), i)
    _add("bool conversions", lambda xp, x: (x.astype("f4"), x.astype("i4"), x.astype("u4")), b)
    _add(
        "complex conversions", lambda xp, x: (x.astype("?"), x.astype("c8"), (x == x).astype("c8")), Operand("c8", (9,))
    )
    _add("parts", lambda xp, x: (x.real + 0, x.imag + 0), Operand("c8", (3, 4)))


def _views() -> None:
    """What is read where it lies: steps, reversed and exchanged axes, new axes, repeats, reshapes."""
    m, v = Operand("f4", (6, 8)), Operand("f4", (11,), seed=1)
    cube = Operand("f4", (3, 4, 5), seed=2)
    _add("steps", lambda xp, x: x[1:9:3] + x[::4], v)
    _add("reversed", lambda xp, x: x[::-1] * x, v)
    _add("transposed", lambda xp, x: x.T + 1, m)
    _add("transposed with itself", lambda xp, x: x[:6, :6] - x[:6, :6].T, m)
    _add("both reversed", lambda xp, x: x[::-1, ::-2] + 0, m)
    _add("integer indices", lambda xp, x: (x[2] + x[-1], x[1, 3] + 0, x[..., 2] * 2), m)
    _add("new axes", lambda xp, x: x[:, None] - x[None, :], v)
    _add("view of a view", lambda xp, x: x[1:, ::2].T[1:3, ::-1] * 1, m)
    _add("view of a chain", lambda xp, x: (x * 2 + 1)[::-1, 1:].T - 1, m, relative=1e-6)
    _add("reshape of nothing", lambda xp, x: (x.reshape(-1), x.reshape(3, -1), x.reshape(0, 7)), Operand("f4", (0, 2)))
    _add("empty view", lambda xp, x: x[3:3] + 1, m)
    _add("reshape", lambda xp, x: x.reshape(8, 6) + 0, m)
    _add("reshape of a transpose", lambda xp, x: x.T.reshape(-1) + 0, m)
    _add("reshape of a chain", lambda xp, x: (x + 1).reshape(4, 12)[:, ::5], m)
    _add("reshape of a part", lambda xp, x: x[:, :4].reshape(3, 8) * 2, m)
    _add("ravel", lambda xp, x: xp.ravel(x[::2]), m)
    _add("three axes", lambda xp, x: xp.transpose(x, (2, 0, 1))[::-1] + x.transpose(2, 0, 1), cube)
    _add("squeeze", lambda xp, x: xp.squeeze(x[:, 1:2]) + 1, m)
    _add("bools in a view", lambda xp, x: x[:, ::-1].T == x.T, Operand("?", (4, 5)))
    _add("complex view", lambda xp, x: x[::-2].T + 0, Operand("c8", (5, 4)))
    many = tuple(range(2, 8))
    _add("seven axes", lambda xp, x: x[::-1, :, ::-1].T + x.T, Operand("f4", (2, 3, 2, 3, 2, 3, 2)))
    _add("six axes reshaped", lambda xp, x: x.T.reshape(-1)[::7] + 0, Operand("i4", many))


def _reductions() -> None:
    """Along every kind of axis, with functions before and after."""
    cube = Operand("f4", (7, 6, 33), seed=5)
    for axis in (None, 0, 1, 2, (0, 2), (0, 1), (1, 2), -1, ()):
        body = _reduced("sum", axis)
        _add(f"sum axis={axis}", body, cube, relative=2e-6)
        _add(f"max axis={axis}", _reduced("max", axis), cube)
    for name in ("min", "mean", "prod", "any", "all"):
        values = Operand("f4", (5, 300), "unit" if name == "prod" else "plain")
        _add(f"{name} rows", _reduced(name, 1), values, relative=2e-5)
        _add(f"{name} columns keepdims", _reduced(name, 0, True), values, relative=2e-5)
    long = Operand("f4", (100_000,), seed=1)
    _add("long sum", _reduced("sum", None), long, relative=2e-6)
    _add("long max", _reduced("max", None), long)
    _add("long min of NaN", _reduced("min", None), Operand("f4", (5000,), "special"))
    _add("tall sum", _reduced("sum", 0), Operand("f4", (20_000, 3)), relative=2e-5)
    _add("wide sum", _reduced("sum", 0), Operand("f4", (3, 20_000)), relative=2e-6)
    _add("short rows", _reduced("sum", 1), Operand("f4", (3000, 5)), relative=2e-6)
    _add("sum of int32", lambda xp, x: x.sum(dtype="i4", axis=0), Operand("i4", (500, 4)))
    _add("sum of uint32", lambda xp, x: x.sum(dtype="u4"), Operand("u4", (500, 4)))
    _add("count of bools", lambda xp, x: x.sum(dtype="i4", axis=1), Operand("?", (9, 400)))
    _add("product of int32", lambda xp, x: x.prod(dtype="i4", axis=0), Operand("i4", (5, 4), "positive"),
         reference=lambda xp, x: xp.prod(x, dtype="i4", axis=0))  # fmt: skip
    _add("extremes of int32", lambda xp, x: (x.max(), x.min(axis=0)), Operand("i4", (400, 3), "special"))
    _add("extremes of uint32", lambda xp, x: (x.max(axis=1), x.min()), Operand("u4", (40, 30), "special"))
    _add("extremes of bools", lambda xp, x: (x.max(axis=1), x.min(axis=1)), Operand("?", (40, 3)))
    _add("sum of complex", _reduced("sum", 0), Operand("c8", (300, 5)), relative=2e-6)
    _add("mean of complex", _reduced("mean", 1), Operand("c8", (30, 50)), relative=2e-6)
    _add("extremes of complex", lambda xp, x: (x.max(axis=1), x.min()), Operand("c8", (40, 30)))
    _add("mean of nothing", _reduced("mean", 1), Operand("f4", (3, 0)))
    _add("sum of negative zeros", lambda xp, x: xp.sum(x * 0 - 0.0, axis=0), Operand("f4", (9, 2), "positive"))
    _add("sum of nothing", lambda xp, x: (xp.sum(x, axis=0), xp.sum(x, axis=1), x.sum()), Operand("f4", (0, 3)))
    _add("product of nothing", lambda xp, x: xp.prod(x, axis=0), Operand("f4", (0, 3)))
    _add("all of nothing", lambda xp, x: (xp.all(x), xp.any(x)), Operand("?", (0,)))
    _add("sum of a scalar", _reduced("sum", None), Operand("f4", ()))
    _add("sum of a transpose", lambda xp, x: xp.sum(x.T, axis=0), Operand("f4", (90, 70)), relative=2e-6)
    _add("sum of a part", lambda xp, x: xp.sum(x[::-3, 2:50], axis=1), Operand("f4", (90, 70)), relative=2e-6)
    _add("sum of repeats", lambda xp, x: xp.sum(x[:, None] * x[None, :], axis=0), Operand("f4", (200,)), relative=2e-6)
    _add("mean of squares", lambda xp, x, y: xp.mean((x - y) ** 2), cube, Operand("f4", (6, 33), seed=2), relative=2e-6)
    _add("softmax", _softmax, Operand("f4", (20, 130)), relative=2e-6)
    _add("normalized", lambda xp, x: (x - xp.mean(x, axis=0)) / xp.mean((x - xp.mean(x, axis=0)) ** 2, axis=0) ** 0.5,
         Operand("f4", (70, 9)), relative=1e-5)  # fmt: skip
    _add("reduction of a reduction", lambda xp, x: xp.max(xp.sum(x, axis=2), axis=0), cube, relative=2e-6)
    _add("ufunc.reduce", lambda xp, x: (xp.add.reduce(x), xp.maximum.reduce(x, axis=1)), Operand("f4", (30, 40)),
         relative=2e-6)  # fmt: skip


def _reduced(name: str, axis: Any, keepdims: bool = False) -> Callable[..., Any]:
    return lambda xp, x: getattr(xp, name)(x, axis=axis, keepdims=keepdims)


def _softmax(xp: Any, x: Any) -> Any:
    e = xp.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _product(xp: Any, x: Any, y: Any) -> Any:
    """What ``x @ y`` is, for operands with at least two axes."""
    return (x[..., :, :, None] * y[..., None, :, :]).sum(axis=-2, dtype=x.dtype)


def _products() -> None:
    """Matrix products of shapes around the sizes of tiles, transposed, stacked, with functions after them."""
    for m, k, n in ((1, 1, 1), (2, 3, 4), (16, 16, 16), (17, 5, 33), (64, 64, 64), (65, 100, 70), (130, 17, 40)):
        operands = Operand("f4", (m, k)), Operand("f4", (k, n), seed=3)
        _add(f"matmul {m}x{k}x{n}", lambda xp, x, y: x @ y, *operands, relative=3e-6, reference=_product)
    x, y = Operand("f4", (40, 30)), Operand("f4", (40, 50), seed=3)
    _add("matmul of a transpose", lambda xp, x, y: x.T @ y, x, y, relative=3e-6,
         reference=lambda xp, x, y: _product(xp, x.T, y))  # fmt: skip
    _add("matmul with a transpose", lambda xp, x, y: y.T @ x[:, ::-1], x, y, relative=3e-6,
         reference=lambda xp, x, y: _product(xp, y.T, x[:, ::-1]))  # fmt: skip
    _add("matmul of parts", lambda xp, x, y: x[::-2, 3:].T @ y[::2, :20], x, y, relative=3e-6,
         reference=lambda xp, x, y: _product(xp, x[::-2, 3:].T, y[::2, :20]))  # fmt: skip
    _add("stacked", lambda xp, x, y: x @ y, Operand("f4", (5, 7, 9)), Operand("f4", (5, 9, 4)), relative=3e-6,
         reference=_product)  # fmt: skip
    _add("stacks that broadcast", lambda xp, x, y: x @ y, Operand("f4", (2, 1, 7, 9)), Operand("f4", (3, 9, 4)),
         relative=3e-6, reference=_product)  # fmt: skip
    _add("matrix and vector", lambda xp, x, y: (x @ y, y @ x.T), Operand("f4", (30, 70)), Operand("f4", (70,)),
         relative=3e-6,
         reference=lambda xp, x, y: ((x * y).sum(axis=1), (x * y).sum(axis=1)))  # fmt: skip
    _add("vectors", lambda xp, x, y: x @ y, Operand("f4", (700,)), Operand("f4", (700,)), relative=3e-6,
         reference=lambda xp, x, y: (x * y).sum())  # fmt: skip
    _add("no columns", lambda xp, x, y: x @ y, Operand("f4", (3, 0)), Operand("f4", (0, 4)), reference=_product)
    _add("no rows", lambda xp, x, y: x @ y, Operand("f4", (0, 3)), Operand("f4", (3, 4)), reference=_product)
    _add("matmul int32", lambda xp, x, y: x @ y, Operand("i4", (20, 30)), Operand("i4", (30, 10)), reference=_product)
    _add("matmul uint32", lambda xp, x, y: x @ y, Operand("u4", (20, 30)), Operand("u4", (30, 10)), reference=_product)
    _add("matmul complex", lambda xp, x, y: x @ y, Operand("c8", (20, 30)), Operand("c8", (30, 40)), relative=3e-6,
         reference=_product)  # fmt: skip
    _add("matmul bool", lambda xp, x, y: x @ y, Operand("?", (20, 5)), Operand("?", (5, 30)), reference=_product)
    _add("matmul with a tail", lambda xp, x, y, b: xp.maximum(x @ y + b, 0) * 2, Operand("f4", (40, 30)),
         Operand("f4", (30, 50)), Operand("f4", (50,)), relative=3e-6,
         reference=lambda xp, x, y, b: xp.maximum(_product(xp, x, y) + b, 0) * 2)  # fmt: skip
    _add("matmul of chains", lambda xp, x, y: (x + 1) @ (y * 2).T, Operand("f4", (20, 30)), Operand("f4", (25, 30)),
         relative=3e-6, reference=lambda xp, x, y: _product(xp, x + 1, (y * 2).T))  # fmt: skip
    _add("matmul of a product", lambda xp, x: x @ x.T @ x, Operand("f4", (20, 30)), relative=1e-5,
         reference=lambda xp, x: _product(xp, _product(xp, x, x.T), x))  # fmt: skip
    _add("matmul that is compared", lambda xp, x, y: x @ y > y[0, 0] * 0 + 3.3, Operand("f4", (40, 30)),
         Operand("f4", (30, 50)), reference=lambda xp, x, y: _product(xp, x, y) > 3.3)  # fmt: skip
    _add("matmul 256", lambda xp, x, y: (x @ y).sum(axis=0), Operand("f4", (256, 256), "unit"),
         Operand("f4", (256, 256), "unit", 1), relative=1e-5,
         reference=lambda xp, x, y: _product(xp, x.sum(axis=0)[None], y)[0])  # fmt: skip


def _sizes() -> None:
    """More workgroups than a dimension has, and arrays larger than a binding may be."""
    n = 65_536 * 256 + 1000
    _add("more than 65535 workgroups", lambda xp, x: (x + 1)[-2000:], Operand("u4", (n,)))
    _add("sum over more than 65535 workgroups", lambda xp, x: x.sum(dtype="u4"), Operand("u4", (n,)))
    _add("more than 65535 rows", lambda xp, x: x.max(axis=1), Operand("f4", (70_000, 3)))
    big = (35_000_000,)
    _add("128 MiB elementwise", lambda xp, x: (x * 2)[::-50_000], Operand("u4", big), big=True)
    _add("128 MiB sum", lambda xp, x: x.sum(dtype="u4"), Operand("u4", big), big=True)
    _add("128 MiB columns", lambda xp, x: (x.reshape(-1, 5).sum(axis=0, dtype="u4"), x.reshape(5, -1).max(axis=1)),
         Operand("u4", big), big=True)  # fmt: skip
    _add("128 MiB of two rows", lambda xp, x: x.reshape(2, -1).sum(axis=0, dtype="u4")[::1000], Operand("u4", big),
         big=True)  # fmt: skip
    _add("128 MiB transposed", lambda xp, x: (x.reshape(7000, 5000).T + 1).max(axis=1), Operand("u4", big), big=True)


for _section in (_elementwise, _operators, _views, _reductions, _products, _sizes):
    _section()
