"""Strategies of random programs on arrays: an array in some layout, and steps that make the next array of it.

A step is a text and a function of the library and the array so far. Steps that NumPy leaves undefined give the array
back: each such place says why.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

Step = tuple[str, Callable[[Any, Any], Any]]

_CODES = (
    "? i1 u1 i2 >i2 u2 i4 u4 >u4 i8 u8 >i8 f2 >f2 f4 >f4 f8 >f8 g G c8 c16 >c16 O S3 U2 >U2 M8[D] >M8[s] m8[s] >m8[D] q"
)
DTYPES = _CODES.split()
FLOATS = [0.0, -0.0, 1.0, -1.5, 2.5, 100.0, float("nan"), float("inf"), -float("inf"), 1e-3]


def kind_of(code: str) -> str:
    return {"g": "f", "G": "c", "q": "i", "?": "b"}.get(code.lstrip(">")[0], code.lstrip(">")[0])


NUMBERS = [code for code in DTYPES if kind_of(code) in "biufc"]

dtypes = st.sampled_from(DTYPES)
numbers = st.sampled_from(NUMBERS)
shapes = st.lists(st.integers(0, 4), min_size=0, max_size=3).map(tuple)
orders = st.sampled_from("CFAK")


def elements_of(code: str) -> st.SearchStrategy[Any]:
    kind = kind_of(code)
    if kind == "b":
        return st.booleans()
    if kind in "im":
        return st.integers(-100, 100)
    if kind in "uM":
        return st.integers(0, 100)
    if kind == "f":
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
    layout = draw(st.sampled_from(["C", "F", "reversed", "spread", "offset", "inner axis reversed", "middle"]))

    def make(xp: Any) -> Any:
        flat = xp.empty(count, code)
        for i, value in enumerate(values):
            flat[i] = value
        a = flat.reshape(shape)
        if layout == "F":
            return a.copy(order="F")
        if layout == "reversed" and a.ndim:
            return a[::-1].copy()[::-1]
        if layout == "inner axis reversed" and a.ndim:
            return a[..., ::-1].copy()[..., ::-1]
        if layout == "spread" and a.ndim:
            wide = xp.zeros((*a.shape[:-1], 2 * a.shape[-1]), code)
            wide[..., ::2] = a
            return wide[..., ::2]
        if layout == "middle" and a.ndim:
            wide = xp.zeros(tuple(n + 2 for n in a.shape), code)
            wide[(slice(1, -1),) * a.ndim] = a
            return wide[(slice(1, -1),) * a.ndim]
        if layout == "offset" and a.dtype.kind not in "OSU" and a.dtype.itemsize > 1:
            raw = xp.zeros(a.nbytes + 1, "u1")[1:].view(a.dtype).reshape(shape)
            raw[...] = a
            return raw
        return a

    make.text = f"{code} {shape} {layout} {values}"  # type: ignore[attr-defined]
    return make


def spans(low: int, high: int) -> st.SearchStrategy[slice]:
    end = st.one_of(st.none(), st.integers(low, high))
    return st.builds(slice, end, end, st.sampled_from([None, 1, 2, -1, -2]))


index_items = st.one_of(
    st.integers(-5, 5),
    spans(-5, 5),
    st.none(),
    st.just(Ellipsis),
    st.booleans(),
    st.lists(st.integers(-4, 4), max_size=4),
    st.lists(st.booleans(), min_size=1, max_size=4),
    st.just([[0, 1], [1, 0]]),
)
# Indices that mostly fit, so that programs live on.
gentle_items = st.one_of(
    st.integers(-1, 0), spans(-2, 2), st.just([0, -1, 0]), st.just(Ellipsis), st.none(), st.just([[0], [-1]])
)
indices = st.one_of(
    index_items,
    gentle_items,
    st.lists(index_items, max_size=4).map(tuple),
    st.lists(gentle_items, max_size=4).map(tuple),
)
axes = st.one_of(
    st.none(), st.integers(-3, 3), st.tuples(st.integers(-2, 2), st.integers(-2, 2)), st.just(()), st.just((0, 1, 2))
)
scalars = st.sampled_from([0, 1, 2, -1, 3, 100, True, 0.5, -2.0, 1e10, 1 + 2j])


def is_undefined_cast(source: str, target: str) -> bool:
    """Whether kinds of types convert in ways that have no one value.

    Numbers with a fraction may lie out of the range of integers; NumPy reads spans as points without converting their
    unit, and it refuses to cut the text of times.
    """
    return (source in "fcO" and target in "iumM") or source + target in ("mM", "Mm", "MS", "mS", "MU", "mU")


def convert(a: Any, code: str, **keywords: Any) -> Any:
    return a if is_undefined_cast(a.dtype.kind, kind_of(code)) else a.astype(code, **keywords)


def is_text(a: Any) -> bool:
    """Whether an array is of text, of which wasmnp has no arithmetic yet."""
    return bool(a.dtype.kind in "SU")


def like(xp: Any, a: Any, make: Any) -> Any:
    """What `make` makes, repeated to the shape of `a`."""
    return xp.resize(make(xp), a.shape)


@st.composite
def operands(draw: Any) -> Any:
    """A second operand for an array: text, and a function of library and array."""
    kind = draw(st.sampled_from(["scalar", "self", "reversed", "row", "column", "cast", "other", "other F", "0-d"]))
    if kind == "scalar":
        scalar = draw(scalars)
        return repr(scalar), lambda xp, a: scalar
    if kind == "cast":
        code = draw(dtypes)
        return f"a.astype({code})", lambda xp, a: convert(a, code)
    if kind in ("other", "other F"):
        make = draw(arrays(shape=(draw(st.integers(1, 5)),)))
        order = "F" if kind == "other F" else "C"
        return f"like a, {order}: {make.text}", lambda xp, a: like(xp, a, make).copy(order)
    if kind == "0-d":
        make = draw(arrays(shape=()))
        return make.text, lambda xp, a: make(xp)
    return kind, {
        "self": lambda xp, a: a,
        "reversed": lambda xp, a: a[::-1],
        "row": lambda xp, a: a[:1],
        "column": lambda xp, a: a[..., :1],
    }[kind]


masks = st.lists(st.booleans(), min_size=1, max_size=5)


def mask_like(xp: Any, a: Any, mask: list[bool]) -> Any:
    return xp.resize(xp.array(mask, "?"), a.shape)


def get(draw: Any) -> Step:
    index = draw(indices)
    return f"a[{index!r}]", lambda xp, a: a[index]


def put(draw: Any) -> Step:
    index = draw(indices)
    kind = draw(st.sampled_from(["number", "list", "array", "self", "own part", "add"]))
    number, numbers_ = draw(st.integers(0, 3)), draw(st.lists(st.integers(0, 3), max_size=4))
    make, other = draw(arrays()), draw(indices)
    text = {"list": numbers_, "array": make.text, "own part": f"a[{other!r}]"}.get(kind, f"{kind} {number}")

    def assign(xp: Any, a: Any) -> Any:
        b = a.copy("K")
        if kind == "add":
            if not is_text(a):
                b[index] += number
            return b
        if kind in ("self", "own part") and b.dtype.kind == "O":
            return b  # nothing ends a walk through an array that holds itself
        value = {
            "number": lambda: number,
            "list": lambda: numbers_,
            "array": lambda: make(xp),
            "self": lambda: b,
            "own part": lambda: b[other],
        }[kind]()
        # Text that is no number may be read or not where it goes nowhere.
        if kind == "array" and (is_undefined_cast(value.dtype.kind, b.dtype.kind) or is_text(value)):
            return b
        b[index] = value
        return b

    return f"a[{index!r}] = {text}", assign


def astype(draw: Any) -> Step:
    code, order = draw(dtypes), draw(orders)
    casting = draw(st.sampled_from(["unsafe", "unsafe", "same_kind", "safe", "equiv"]))
    return (
        f"astype({code}, {order}, {casting})",
        lambda xp, a: convert(a, code, order=order, casting=casting, copy=casting == "unsafe"),
    )


def view(draw: Any) -> Step:
    code = draw(numbers)  # of other types not every byte has a meaning
    # Bits of NaNs are free, and so is the padding of long doubles.
    return f"view({code})", lambda xp, a: a if a.dtype.kind in "fc" or code in "gG" else a.view(code)


def reshape(draw: Any) -> Step:
    shape = draw(st.lists(st.integers(-1, 4), max_size=3).map(tuple))
    order = draw(st.sampled_from("CFA"))
    return f"reshape({shape}, {order})", lambda xp, a: a.reshape(shape, order=order)


def layout(draw: Any) -> Step:
    steps: dict[str, Callable[[Any, Any], Any]] = {
        "T": lambda xp, a: a.T,
        "ravel": lambda xp, a: a.ravel("K"),
        "flatten": lambda xp, a: a.flatten("F"),
        "squeeze": lambda xp, a: a.squeeze(),
        "flip": lambda xp, a: xp.flip(a),
        "swapaxes": lambda xp, a: a.swapaxes(0, -1),
        "moveaxis": lambda xp, a: xp.moveaxis(a, 0, -1),
        "rot90": lambda xp, a: xp.rot90(a),
        "copyF": lambda xp, a: a.copy("F"),
        "copyK": lambda xp, a: a.copy("K"),
        "newaxis": lambda xp, a: a[..., None],
        "broadcast": lambda xp, a: xp.broadcast_to(a, (2, *a.shape)),
        "byteswap": lambda xp, a: a.view(a.dtype.newbyteorder()) if a.dtype.kind in "biuSUmMO" else a.byteswap(),
        "windows": lambda xp, a: xp.lib.stride_tricks.sliding_window_view(a, 2, axis=-1),
        "real": lambda xp, a: a.real,
        "imag": lambda xp, a: a.imag,
        "flat": lambda xp, a: a.flat[::2],
        "zeros_like": lambda xp, a: xp.zeros_like(a),
        "full_like": lambda xp, a: xp.full_like(a, 1),
        "ascontiguousarray": lambda xp, a: xp.ascontiguousarray(a),
        "require": lambda xp, a: xp.require(a, requirements=["F", "W", "A"]),
    }
    name = draw(st.sampled_from(sorted(steps)))
    # Swapped bytes of these are out of the range of what they stand for.
    if name == "byteswap":
        return name, lambda xp, a: a if a.dtype.kind in "fcUMmO" else steps[name](xp, a)
    return name, steps[name]


def reduce(draw: Any) -> Step:
    name = draw(
        st.sampled_from(
            [
                "sum",
                "prod",
                "min",
                "max",
                "any",
                "all",
                "mean",
                "argmax",
                "argmin",
                "std",
                "var",
                "ptp",
                "count_nonzero",
            ]
        )
    )
    axis, keepdims = draw(axes), draw(st.booleans())
    keywords: dict[str, Any] = {"axis": axis, "keepdims": keepdims}
    if name == "ptp":
        return f"{name}({keywords})", lambda xp, a: xp.ptp(a, **keywords)
    if name == "count_nonzero":
        return f"{name}({keywords})", lambda xp, a: xp.count_nonzero(a, **keywords)
    mask = draw(st.one_of(st.none(), masks)) if not name.startswith("arg") else None
    if name in ("sum", "prod", "min", "max") and draw(st.booleans()):
        keywords["initial"] = draw(st.sampled_from([0, 1, 2]))
    if name in ("sum", "prod", "mean", "std", "var") and draw(st.integers(0, 3)) == 0:
        keywords["dtype"] = draw(numbers)
    out = draw(st.one_of(st.none(), st.none(), numbers))

    def apply(xp: Any, a: Any) -> Any:
        if name in ("sum", "prod", "mean", "std", "var") and is_text(a):
            return a
        extra = dict(keywords) if mask is None else {**keywords, "where": mask_like(xp, a, mask)}
        if "dtype" in extra and is_undefined_cast(a.dtype.kind, kind_of(extra["dtype"])):
            del extra["dtype"]
        result = getattr(a, name)(**extra)
        # NumPy finds extremes in the type of `out`, where negative numbers wrap around.
        if out is not None and name in ("min", "max") and kind_of(out) != a.dtype.kind:
            return result
        if out is None or is_undefined_cast(getattr(result, "dtype", a.dtype).kind, kind_of(out)):
            return result
        target = xp.ones(xp.shape(result), out)
        getattr(a, name)(**extra, out=target)
        return target

    return f"{name}({keywords}, where={mask}, out={out})", apply


def scan(draw: Any) -> Step:
    name, axis = (
        draw(st.sampled_from(["cumsum", "cumprod", "sort", "argsort", "sort in place"])),
        draw(st.integers(-2, 2)),
    )
    if name in ("sort", "argsort"):
        return f"{name}({axis})", lambda xp, a: getattr(xp, name)(a, axis=axis, kind="stable")
    if name == "sort in place":

        def sort(xp: Any, a: Any) -> Any:
            b = a.copy("K")
            b.sort(axis)
            return b

        return f"sort in place({axis})", sort
    return f"{name}({axis})", lambda xp, a: getattr(a, name)(axis)


BINARY = [
    "add",
    "subtract",
    "multiply",
    "true_divide",
    "floor_divide",
    "remainder",
    "fmod",
    "divmod",
    "maximum",
    "minimum",
    "fmax",
    "fmin",
    "equal",
    "not_equal",
    "less",
    "less_equal",
    "greater",
    "greater_equal",
    "logical_and",
    "logical_or",
    "logical_xor",
    "bitwise_and",
    "bitwise_or",
    "bitwise_xor",
    "left_shift",
    "right_shift",
    "hypot",
    "copysign",
    "arctan2",
    "gcd",
    "lcm",
    "heaviside",
    "nextafter",
    "logaddexp",
    "float_power",
    "power",
]
UNARY = [
    "negative",
    "positive",
    "absolute",
    "fabs",
    "sign",
    "invert",
    "sqrt",
    "cbrt",
    "square",
    "conjugate",
    "rint",
    "floor",
    "ceil",
    "trunc",
    "isnan",
    "isinf",
    "isfinite",
    "signbit",
    "logical_not",
    "exp",
    "exp2",
    "expm1",
    "log",
    "log2",
    "log10",
    "log1p",
    "sin",
    "cos",
    "tan",
    "arctan",
    "sinh",
    "tanh",
    "arcsinh",
    "degrees",
    "radians",
    "spacing",
    "frexp",
    "modf",
    "isnat",
]


def first(result: Any) -> Any:
    return result[-1] if isinstance(result, tuple) else result


def ufunc(draw: Any) -> Step:
    name = draw(st.sampled_from(BINARY + UNARY))
    text, operand = draw(operands()) if name in BINARY else ("", lambda xp, a: a)
    form = draw(st.sampled_from(["plain", "plain", "out", "in place", "where", "dtype", "turned"]))
    mask, code = draw(masks), draw(dtypes)

    def apply(xp: Any, a: Any) -> Any:
        function = getattr(xp, name)
        second = operand(xp, a)
        if name in ("power", "float_power", "left_shift") and "O" in (a.dtype.kind, xp.asarray(second).dtype.kind):
            return a  # numbers of any size
        # Python's numbers decide alone.
        if name == "power" and (a.dtype.kind == "c" or xp.asarray(second).dtype.kind == "c"):
            return a  # the C library's corner cases
        if name == "exp2" and a.dtype.kind == "c":
            return a  # NumPy rounds the product with log(2), which turns large numbers by any angle
        inputs = (a, second) if name in BINARY else (a,)
        if any(is_text(xp.asarray(x)) for x in inputs):
            return a
        if form == "turned":
            inputs = inputs[::-1]
        if form == "dtype":
            # Whether NumPy heeds dtype= beside times differs from one function to the next.
            kinds = [xp.asarray(x).dtype.kind for x in inputs]
            if any(kind in "mM" or is_undefined_cast(kind, kind_of(code)) for kind in kinds):
                return a
            return first(function(*inputs, dtype=code, casting="unsafe"))
        if form in ("plain", "turned") or function.nout > 1:
            return first(function(*inputs))
        plain = function(*inputs)
        if form == "in place":
            # Written over its first operand, whose order of elements differs from the operand's.
            b = a.copy("K")
            return function(b[::-1], *inputs[1:], out=b) if name in BINARY else function(b[::-1], out=b)
        if form == "where":
            return function(*inputs, where=mask_like(xp, plain, mask), out=xp.zeros_like(plain))
        if is_undefined_cast(plain.dtype.kind, kind_of(code)):
            return plain
        return function(*inputs, out=xp.zeros(plain.shape, code), casting="unsafe")

    return f"{name}({text}; {form}, {mask if form == 'where' else code})", apply


def method(draw: Any) -> Step:
    """The other methods of ufuncs."""
    name = draw(
        st.sampled_from(
            [
                "add",
                "multiply",
                "subtract",
                "maximum",
                "fmin",
                "logical_and",
                "logical_xor",
                "bitwise_or",
                "equal",
                "less",
            ]
        )
    )
    kind = draw(st.sampled_from(["reduce", "accumulate", "reduceat", "outer", "at"]))
    axis, keepdims = draw(st.integers(-2, 2)), draw(st.booleans())
    where = draw(st.lists(st.integers(-1, 3), min_size=1, max_size=4))
    several, code = draw(axes), draw(st.one_of(st.none(), numbers))

    def apply(xp: Any, a: Any) -> Any:
        # Of objects NumPy picks the comparison that gives truth, and then refuses it.
        if is_text(a) or (a.dtype.kind == "O" and name in ("equal", "less")):
            return a
        function = getattr(xp, name)
        dtype = None if code is None or is_undefined_cast(a.dtype.kind, kind_of(code)) else code
        if kind == "reduce":
            return function.reduce(a, axis=several, keepdims=keepdims, dtype=dtype)
        if kind == "accumulate":
            return function.accumulate(a, axis=axis, dtype=dtype)
        if kind == "reduceat":
            return function.reduceat(a, where, axis=axis, dtype=dtype)
        if kind == "outer":
            return function.outer(a, a[:2])
        b = a.copy("K")
        function.at(b, where, b[0])
        return b

    return f"{name}.{kind}(axis={axis} {several} {keepdims}, {where}, {code})", apply


def overlap(draw: Any) -> Step:
    """An array that is written to while it is read."""
    target, source = draw(spans(-3, 3)), draw(spans(-3, 3))
    kind = draw(st.sampled_from(["set", "add", "copyto", "transposed", "fancy", "putmask"]))

    def apply(xp: Any, a: Any) -> Any:
        b = a.copy("K")
        if kind == "set":
            b[target] = b[source]
        elif kind == "add" and not is_text(a):
            b[target] += b[source]
        elif kind == "copyto":
            xp.copyto(b[..., target], b[..., source])
        elif kind == "transposed":
            b[...] = b.T
        elif kind == "fancy":
            b[[0, 1, -1]] = b[[1, -1, 0]]
        else:
            xp.putmask(b, b.astype("?"), b[::-1])
        return b

    return f"{kind} [{target}] from [{source}]", apply


def structure(draw: Any) -> Step:
    """By way of an array of structures."""
    kind = draw(st.sampled_from(["field", "copy", "fields", "equal", "sort", "scalar", "bytes", "set"]))
    align = draw(st.booleans())

    def apply(xp: Any, a: Any) -> Any:
        s = xp.zeros(a.shape, xp.dtype([("x", "i1"), ("y", a.dtype), ("z", "u2", (2,))], align=align))
        s["y"] = a
        s["z"][..., 1] = 3
        if kind == "copy":
            return s[::-1].copy("F")["y"]
        if kind == "fields":
            return s[["z", "y"]].copy()["y"]
        if kind == "equal":
            return s == s[:1]
        if kind == "sort":
            return xp.sort(s, axis=-1)["y"] if a.dtype.kind not in "fcO" else s["y"]
        if kind == "scalar":
            return xp.asarray(s.ravel()[0]["y"])
        if kind == "set":
            s[...] = s.ravel()[-1]
            return s["y"]
        if kind == "bytes" and a.dtype.kind != "O":
            return xp.frombuffer(s.tobytes(), s.dtype)["y"]
        return s["y"]

    return f"structure {kind} {align}", apply


def rearrange(draw: Any) -> Step:
    axis = draw(st.sampled_from([0, -1, 1, None]))
    n = draw(st.integers(-3, 3))
    many = draw(st.lists(st.integers(-2, 2), min_size=1, max_size=3))
    mask = draw(masks)
    make = draw(arrays())
    steps: dict[str, Callable[[Any, Any], Any]] = {
        "repeat": lambda xp, a: a.repeat(2, axis=axis),
        "repeat many": lambda xp, a: xp.repeat(a, [abs(m) for m in many], axis=axis),
        # NumPy goes round an empty axis for ever.
        "take": lambda xp, a: a.take(many, axis=axis, mode="wrap") if a.size else a,
        "take clip": lambda xp, a: a.take([many], axis=axis, mode="clip"),
        "take raise": lambda xp, a: a.take(many, axis=axis),
        "take_along_axis": lambda xp, a: xp.take_along_axis(a, xp.argsort(a, axis=-1, kind="stable"), axis=-1),
        "nonzero": lambda xp, a: a.nonzero()[0],
        "argwhere": lambda xp, a: xp.argwhere(a),
        "where": lambda xp, a: xp.where(mask_like(xp, a, mask), a, a[::-1]),
        "where other": lambda xp, a: xp.where(mask_like(xp, a, mask), a, like(xp, a, make)),
        "select": lambda xp, a: xp.select([mask_like(xp, a, mask), a == a], [a, a[::-1]]),
        "choose": lambda xp, a: xp.choose(mask_like(xp, a, mask).astype(int), [a, a[::-1]]),
        "unique": lambda xp, a: xp.unique(a),
        "unique inverse": lambda xp, a: xp.unique(a, return_inverse=True)[1],
        "unique counts": lambda xp, a: xp.unique(a, return_counts=True)[1],
        "compress": lambda xp, a: a.compress(mask, axis=axis),
        "extract": lambda xp, a: xp.extract(mask_like(xp, a, mask), a),
        "boolean": lambda xp, a: a[mask_like(xp, a, mask)],
        "diagonal": lambda xp, a: a.diagonal(n),
        "trace": lambda xp, a: a.trace(n),
        "tril": lambda xp, a: xp.tril(a, n),
        "roll": lambda xp, a: xp.roll(a, n, axis=axis),
        "tile": lambda xp, a: xp.tile(a, [abs(m) for m in many]),
        "pad": lambda xp, a: xp.pad(a, abs(n), mode="edge"),
        "pad constant": lambda xp, a: xp.pad(a, abs(n)),
        "pad wrap": lambda xp, a: xp.pad(a, abs(n), mode="wrap"),
        "pad reflect": lambda xp, a: xp.pad(a, abs(n), mode="reflect"),
        "diff": lambda xp, a: xp.diff(a, axis=-1 if axis is None else axis),
        "insert": lambda xp, a: xp.insert(a, n, 1, axis=axis),
        "delete": lambda xp, a: xp.delete(a, many, axis=axis),
        "append": lambda xp, a: xp.append(a, a, axis=axis),
        "resize": lambda xp, a: xp.resize(a, [abs(m) for m in many]),
        "clip": lambda xp, a: xp.clip(a, min(many), max(many)),
        "round": lambda xp, a: xp.round(a, n),
        "partition": lambda xp, a: xp.sort(xp.partition(a, 0, axis=-1)[..., 1:], axis=-1),
        "searchsorted": lambda xp, a: xp.searchsorted(xp.sort(a.ravel()), a),
        "isin": lambda xp, a: xp.isin(a, many),
        "array_split": lambda xp, a: xp.array_split(a, 2)[-1],
        "put": lambda xp, a: _put(xp, a, many),
        "place": lambda xp, a: _place(xp, a, mask, many),
        "median": lambda xp, a: xp.median(a, axis=axis),
        "nansum": lambda xp, a: xp.nansum(a, axis=axis),
        "nanmax": lambda xp, a: xp.nanmax(a, axis=axis),
    }
    name = draw(st.sampled_from(sorted(steps)))
    return f"{name}({axis}, {n}, {many}, {mask}, {make.text if 'other' in name else ''})", steps[name]


def _put(xp: Any, a: Any, many: list[int]) -> Any:
    b = a.copy()
    b.put(many, [1, 0], mode="clip")
    return b


def _place(xp: Any, a: Any, mask: list[bool], many: list[int]) -> Any:
    b = a.copy()
    xp.place(b, mask_like(xp, a, mask), [abs(m) for m in many])
    return b


def join(draw: Any) -> Step:
    axis = draw(st.sampled_from([0, -1, None]))
    text, operand = draw(operands())
    steps: dict[str, Callable[[Any, Any], Any]] = {
        "concatenate": lambda xp, a: xp.concatenate([a, operand(xp, a)], axis=axis),
        "stack": lambda xp, a: xp.stack([a, operand(xp, a)], axis=0 if axis is None else axis),
        "hstack": lambda xp, a: xp.hstack([a, operand(xp, a)]),
        "column_stack": lambda xp, a: xp.column_stack([a, a]),
        "block": lambda xp, a: xp.block([[a, a], [a, a]]),
        # NumPy keeps arrays without dimensions as elements of arrays of objects.
        "array": lambda xp, a: xp.array([a, operand(xp, a)]) if a.ndim else a,
        "array of list": lambda xp, a: xp.array(a.tolist()) if a.dtype.kind not in "mMgG" else a,
        "array of scalars": lambda xp, a: xp.array(list(a.ravel())),
        "result_type": lambda xp, a: xp.zeros(2, xp.result_type(a, operand(xp, a))),
    }
    name = draw(st.sampled_from(sorted(steps)))
    return f"{name}({axis}, {text})", steps[name]


def product(draw: Any) -> Step:
    make = draw(arrays(code=draw(numbers), shape=draw(st.sampled_from([(2,), (3,), (3, 2), (2, 2, 3), (4, 1)]))))
    steps: dict[str, Callable[[Any, Any], Any]] = {
        # A factor of zero may hide infinities from NumPy's matrix library.
        "dot": lambda xp, a: xp.dot(a, make(xp)) if a.ndim else a,
        "dot T": lambda xp, a: xp.dot(a, a.T),
        "matmul": lambda xp, a: a @ make(xp),
        "matmul T": lambda xp, a: a @ a.swapaxes(-1, -2),
        "inner": lambda xp, a: xp.inner(a, a[:1]),
        "outer": lambda xp, a: xp.outer(a, make(xp)),
        "kron": lambda xp, a: xp.kron(a, make(xp)),
        "einsum": lambda xp, a: xp.einsum("...i,...i->...", a, a),
        "einsum trace": lambda xp, a: xp.einsum("ij,jk->ki", a, a.T),
        "tensordot": lambda xp, a: xp.tensordot(a, a, axes=(0, 0)),
        "vecdot": lambda xp, a: xp.vecdot(a, a),
    }
    name = draw(st.sampled_from(sorted(steps)))

    def apply(xp: Any, a: Any) -> Any:
        # Sums of no objects are None or False, depending on the function.
        if a.dtype.kind == "O" and a.size == 0:
            return a
        # NumPy multiplies spans of swapped bytes as they lie in memory.
        if a.dtype.kind == "m" and not a.dtype.isnative:
            return a
        # Where complex infinities become NaN depends on the matrix library.
        factors = [x for x in (a, make(xp)) if x.dtype.kind in "fc"]
        if any(x.dtype.kind == "c" for x in factors) and not all(xp.isfinite(x).all() for x in factors):
            return a
        return steps[name](xp, a)

    return f"{name}({make.text})", apply


def persist(draw: Any) -> Step:
    order = draw(st.sampled_from("CFA"))
    steps: dict[str, Callable[[Any, Any], Any]] = {
        "pickle": lambda xp, a: pickle.loads(pickle.dumps(a, protocol=5)),
        "pickle 2": lambda xp, a: pickle.loads(pickle.dumps(a, protocol=2)),
        "save": lambda xp, a: _saved(xp, a),
        "tobytes": lambda xp, a: a if a.dtype.kind in "Ofc" else xp.frombuffer(a.tobytes(order), a.dtype),
        "memoryview": lambda xp, a: xp.asarray(memoryview(a)),
        "from_dlpack": lambda xp, a: xp.from_dlpack(a),
        "repr": lambda xp, a: xp.asarray(repr(a).replace("wasmnp", "numpy")),
        "str": lambda xp, a: xp.asarray(str(a)),
        "str of scalar": lambda xp, a: xp.asarray(repr(a.ravel()[0]).replace("wasmnp", "np")),
        "item": lambda xp, a: xp.asarray(a.item()) if a.dtype.char not in "gGMm" else a,
        "iterate": lambda xp, a: xp.array(list(a)),
        "nditer": lambda xp, a: xp.array([x[()] for x in xp.nditer(a, order=order, flags=["zerosize_ok", "refs_ok"])]),
        "nditer buffered": lambda xp, a: _buffered(xp, a),
        "flat set": lambda xp, a: _flat_set(xp, a),
    }
    name = draw(st.sampled_from(sorted(steps)))
    return f"{name} {order}", steps[name]


def _saved(xp: Any, a: Any) -> Any:
    buffer = io.BytesIO()
    xp.save(buffer, a)
    buffer.seek(0)
    return xp.load(buffer, allow_pickle=True)


def _buffered(xp: Any, a: Any) -> Any:
    with xp.nditer(
        [a, None],
        flags=["buffered", "external_loop", "zerosize_ok", "refs_ok"],
        op_flags=[["readonly"], ["writeonly", "allocate"]],
        op_dtypes=[a.dtype.newbyteorder("="), a.dtype.newbyteorder("=")],
        buffersize=3,
    ) as steps:
        for x, y in steps:
            y[...] = x
        return steps.operands[1]


def _flat_set(xp: Any, a: Any) -> Any:
    b = a.copy("K")
    b.flat[::-2] = b.flat[1:4]
    return b


def scalar(draw: Any) -> Step:
    """Operators on scalars, which take a path of their own."""
    symbol = draw(
        st.sampled_from(
            [
                "+",
                "-",
                "*",
                "/",
                "//",
                "%",
                "**",
                "<",
                "==",
                ">=",
                "&",
                "|",
                "^",
                "<<",
                "divmod",
                "abs",
                "neg",
                "int",
                "float",
                "bool",
                "round",
                "hash",
            ]
        )
    )
    text, operand = draw(operands())

    def apply(xp: Any, a: Any) -> Any:
        x, y = a.ravel()[0], operand(xp, a)
        if is_text(a) or is_text(xp.asarray(y)):
            return a
        y = y.ravel()[-1] if isinstance(y, xp.ndarray) else y
        if symbol in ("**", "<<") and (a.dtype.kind in "Oc" or not hasattr(y, "dtype") or y.dtype.kind in "Oc"):
            return a  # numbers of any size, and the C library's corner cases
        if symbol in ("int", "float", "bool"):
            return xp.asarray({"int": int, "float": float, "bool": bool}[symbol](x))
        if symbol in ("abs", "round"):
            return xp.asarray({"abs": abs, "round": round}[symbol](x))
        if symbol == "hash":
            return a if a.dtype.kind in "MmSU" or x != x else xp.asarray(hash(x))
        if symbol == "neg":
            return xp.asarray(-x)
        if symbol == "divmod":
            return xp.asarray(divmod(x, y)[1])
        return xp.asarray(eval(f"x {symbol} y", {}, {"x": x, "y": y}))

    return f"scalar {symbol} {text}", apply


_STEPS = [
    get, put, astype, view, reshape, layout, reduce, scan, ufunc, method, overlap, structure, rearrange, join, product,
    persist, scalar,
]  # fmt: skip


@st.composite
def steps(draw: Any) -> Step:
    """What a program does next."""
    return draw(st.sampled_from(_STEPS))(draw)
