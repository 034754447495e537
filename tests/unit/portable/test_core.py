"""The array core with nothing but pytest: what runs inside Pyodide as well as on a desktop."""

import math
import pickle
import struct
import sys
import warnings

import pytest

import wasmnp as np

INTP = "int64" if sys.maxsize > 2**32 else "int32"


def test_creation_and_printing():
    assert repr(np.arange(4.0)) == "array([0., 1., 2., 3.])"
    assert (
        repr(np.array([[1, 2], [3, 4]], dtype="i8" if INTP == "int64" else "i4")) == "array([[1, 2],\n       [3, 4]])"
    )
    assert repr(np.arange(10.0).sum()) == "np.float64(45.0)"
    assert str(np.array([1.5, float("nan"), -0.0])) == "[ 1.5  nan -0. ]"
    assert np.arange(3).dtype.name == INTP and np.dtype("p").name == INTP
    assert np.array([2**40]).dtype.name == "int64"
    assert repr(np.zeros((0, 3))) == "array([], shape=(0, 3), dtype=float64)"


def test_arithmetic_over_layouts():
    a = np.arange(12.0).reshape(3, 4)
    assert (a.T + a.T[::-1]).tolist() == [
        [x + y for x, y in zip(r, s, strict=True)] for r, s in zip(a.T.tolist(), a.T.tolist()[::-1], strict=True)
    ]
    assert (a + np.arange(4)).tolist() == [[float(4 * i + 2 * j) for j in range(4)] for i in range(3)]
    assert (a.astype(">f4") * 2).dtype.str == "<f4"
    b = np.arange(10)
    b[1:] += b[:-1]
    assert b.tolist() == [0] + [2 * i - 1 for i in range(1, 10)]
    assert np.add(a, 1, where=a > 5, out=np.zeros((3, 4))).tolist()[1] == [0, 0, 7, 8]
    assert (np.uint8([250]) + 10).tolist() == [4]
    with pytest.raises(OverflowError):
        np.array([1], dtype="u1") + 300


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_functions(dtype):
    x = np.array([0.0, 0.5, 1.0, 100.0, -3.0], dtype=dtype)
    for name, reference in (("exp", math.exp), ("sin", math.sin)):
        got = getattr(np, name)(x).tolist()
        for value, argument in zip(got, x.tolist(), strict=True):
            expected = reference(argument) if not (name == "exp" and dtype == "f4" and argument > 88) else math.inf
            assert value == expected or math.isclose(value, expected, rel_tol=2e-7 if dtype == "f4" else 3e-16)
    assert np.modf(np.array([1.5, -2.25]))[0].tolist() == [0.5, -0.25]
    assert np.absolute(np.array([3 + 4j])).tolist() == [5.0]


@pytest.mark.parametrize("mode", ["warn", "raise", "ignore", "call", "log"])
def test_floating_point_errors(mode):
    cases = [
        ("divide by zero encountered in divide", lambda: np.array([1.0]) / 0),
        ("invalid value encountered in divide", lambda: np.array([0.0]) / 0),
        ("overflow encountered in multiply", lambda: np.array([1e200]) * 1e200),
        ("underflow encountered in multiply", lambda: np.array([1e-200]) * 1e-200),
        ("invalid value encountered in sqrt", lambda: np.sqrt(np.array([-1.0]))),
        ("overflow encountered in exp", lambda: np.exp(np.array([1000.0]))),
        ("invalid value encountered in sin", lambda: np.sin(np.array([math.inf]))),
        ("divide by zero encountered in floor_divide", lambda: np.array([7]) // 0),
        ("overflow encountered in reduce", lambda: np.array([1e308, 1e308]).sum()),
        ("invalid value encountered in cast", lambda: np.array([math.nan]).astype("i4")),
        ("divide by zero encountered in scalar divide", lambda: np.float64(1) / 0),
    ]
    for text, act in cases:
        calls = []

        class Log:
            def write(self, line, calls=calls):
                calls.append(line)

        handler = Log() if mode == "log" else lambda kind, flag, calls=calls: calls.append(kind)
        with warnings.catch_warnings(record=True) as caught, np.errstate(all=mode, call=handler):
            warnings.simplefilter("always")
            if mode == "raise":
                with pytest.raises(FloatingPointError, match=text):
                    act()
            else:
                act()
        assert [str(w.message) for w in caught] == ([text] if mode == "warn" else [])
        assert calls == {"call": [text.split(" encountered")[0]], "log": [f"Warning: {text}\n"]}.get(mode, [])


def test_nothing_is_raised_beside_the_elements():
    with np.errstate(all="raise"):
        for count in range(1, 40):
            assert (np.ones(count) / 2).tolist() == [0.5] * count
            assert np.sqrt(np.ones(count)).tolist() == [1.0] * count
            np.exp(np.ones(count, dtype="f4"))


def test_reductions():
    a = np.arange(24.0).reshape(2, 3, 4)
    assert a.sum() == 276 and a.sum(axis=(0, 2)).tolist() == [60.0, 92.0, 124.0]
    assert a.max(axis=1, keepdims=True).shape == (2, 1, 4)
    assert a.mean(axis=0).tolist()[0] == [6.0, 7.0, 8.0, 9.0]
    assert np.add.reduce(np.ones((3, 0))).shape == (0,)
    with pytest.raises(ValueError, match="no identity"):
        np.zeros(0).max()


def test_indexing():
    a = np.arange(24).reshape(2, 3, 4)
    assert a[1, ..., ::-1][0].tolist() == [15, 14, 13, 12]
    assert a[:, None, 1].shape == (2, 1, 4)
    a[0, 0] = 7
    assert a[0, 0].tolist() == [7] * 4
    with pytest.raises(IndexError, match="out of bounds"):
        a[2]
    with pytest.raises(IndexError, match="too many indices"):
        a[0, 0, 0, 0]


def test_buffers():
    a = np.arange(6, dtype="i2").reshape(2, 3)
    view = memoryview(a)
    assert view.format == "h" and view.shape == (2, 3) and view.tolist() == a.tolist()
    assert np.frombuffer(struct.pack("<3d", 1, 2, 3)).tolist() == [1.0, 2.0, 3.0]
    source = bytearray(8)
    b = np.frombuffer(source, dtype="u1")
    b[0] = 9
    assert source[0] == 9


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickles(protocol):
    for value in (np.arange(6.0).reshape(2, 3).T, np.float32(1.5), np.dtype(">f8"), np.add, np.arange(3).astype(">i4")):
        back = pickle.loads(pickle.dumps(value, protocol))
        assert back.tolist() == value.tolist() if hasattr(value, "tolist") else back == value


def test_types():
    class Sub(np.ndarray):
        def __array_finalize__(self, obj):
            self.tag = getattr(obj, "tag", "fresh")

    a = np.arange(3.0).view(Sub)
    a.tag = "kept"
    assert type(a + 1) is Sub and (a[1:] * 2).tag == "kept"
    assert isinstance(np.float64(1), float) and issubclass(np.float64, np.floating)
    made = np._native._new_dtype_class("dtypes.Made", np.float64)
    assert issubclass(made, np.dtype) and type(made) is type(np.dtype) and made.type is np.float64
    assert isinstance(np.dtype("f8"), np.dtypes.Float64DType)

    class Half(np.float64):
        pass

    assert Half(0.5) + 1 == 1.5 and isinstance(Half(0.5), float)


def test_overrides():
    class Duck:
        def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
            return ufunc.__name__

        def __array_function__(self, func, types, args, kwargs):
            return func.__name__

    assert np.ones(2) * Duck() == "multiply"
    assert np.fft.rfft(Duck()) == "rfft"
    assert np.zeros(3, like=Duck()) == "zeros"


def test_transforms():
    x = np.sin(np.arange(64.0) * (2 * math.pi * 5 / 64))
    spectrum = np.absolute(np.fft.rfft(x))
    assert spectrum.shape == (33,) and max(range(33), key=spectrum.tolist().__getitem__) == 5
    assert max(abs(p - q) for p, q in zip(np.fft.irfft(np.fft.rfft(x)).tolist(), x.tolist(), strict=True)) < 1e-15
    windows = np.lib.stride_tricks.sliding_window_view(np.arange(8.0), 4)[::2]
    assert (windows * np.hanning(4)).shape == (3, 4)


def test_memory_errors():
    with pytest.raises((MemoryError, ValueError)):
        np.zeros((10**5, 10**5, 10))
    with pytest.raises(ValueError, match="negative"):
        np.zeros(-1)


UINTP = "uint64" if sys.maxsize > 2**32 else "uint32"


def test_unsigned_integers():
    big = np.array([0, 2**53 + 1, 2**63, 2**64 - 1], dtype="u8")
    assert big.tolist() == [0, 2**53 + 1, 2**63, 2**64 - 1] and np.array([2**63]).dtype.name == "uint64"
    assert str(big[1:]) == "[    9007199254740993  9223372036854775808 18446744073709551615]"
    signed = np.array([0, 2**53, -(2**63), -1], dtype="i8")
    assert (big == signed).tolist() == [True, False, False, False]
    assert (big > signed).tolist() == [False, True, True, True] and (signed < big).tolist() == [False, True, True, True]
    assert (big < 2**64).tolist() == [True] * 4 and (big == -1).tolist() == [False] * 4
    assert (big + signed).dtype.name == "float64" and (big[:1] + np.uint16([3])).dtype.name == "uint64"
    assert np.dtype("P").name == UINTP == np.dtype("uintp").name == np.uintp.__name__
    assert np.array([200, 100], dtype="u1").sum().dtype.name == UINTP
    assert np.array([2**16 - 1, 3], dtype="u2").sum() == 2**16 + 2
    assert np.array([-1.0, 2.0**63, 65537.0]).astype("u8").tolist() == [2**64 - 1, 2**63, 65537]
    assert np.array([-1.0, 65537.0]).astype("u2").tolist() == [2**16 - 1, 1]
    assert pickle.loads(pickle.dumps(big)).tolist() == big.tolist()
    assert pickle.loads(pickle.dumps(np.uint64(2**64 - 1))) == 2**64 - 1
    assert memoryview(big).tolist() == big.tolist() and memoryview(np.ushort([5])).format == "H"
    codes = {"H": "uint16", "Q": "uint64", "ulong": "uint64" if np.dtype("l").itemsize == 8 else "uint32"}
    assert all(np.dtype(code).name == name for code, name in codes.items())
    with pytest.raises(OverflowError):
        np.array([1], dtype="u8") + -1


def test_half_precision():
    numbers = [1.0, 0.1, 2.0**-24, 2.0**-25 * 1.001, 65504.0, 65519.0, -0.0, 2049.0, 2051.0]
    halves = np.array(numbers, dtype="f2")
    assert halves.tobytes() == struct.pack(f"{len(numbers)}e", *numbers[:5], 65504.0, *numbers[6:])
    assert halves.tolist() == list(struct.unpack(f"{len(numbers)}e", halves.tobytes()))
    assert np.array(numbers).astype("e").tobytes() == halves.tobytes()
    assert repr(np.float16(0.1)) == "np.float16(0.1)" and repr(halves[:2] + np.int8([0, 1])) == (
        "array([1. , 1.1], dtype=float16)"
    )
    assert np.sin(np.int8([0])).dtype.name == "float16" and (halves + np.int16([1])).dtype.name == "float32"
    with pytest.warns(RuntimeWarning, match="overflow encountered in multiply"):
        assert (halves[4:5] * 2).tolist() == [math.inf]
    with pytest.warns(RuntimeWarning, match="overflow encountered in cast"):
        np.array([65520.0]).astype("f2")
    assert np.array([60000.0, 60000.0, -60000.0], dtype="f2").sum() == 60000.0
    assert np.ones(5000, dtype="f2").sum() == 5000.0
    assert math.isnan(np.maximum(np.float16(math.nan), np.float16(1)))


def test_indexing_with_arrays():
    a = np.arange(24).reshape(2, 3, 4)
    assert a[[1, 0], 2, [3, 0]].tolist() == [23, 8]
    assert a[:, [2, 0], [1]].tolist() == [[9, 1], [21, 13]]
    assert a[a > 20].tolist() == [21, 22, 23]
    assert a[:, [True, False, True]].shape == (2, 2, 4)
    a[..., np.array([0, -1], dtype="i1")] = [[7], [8], [9]]
    assert a[1].tolist() == [[7, 13, 14, 7], [8, 17, 18, 8], [9, 21, 22, 9]]
    with pytest.raises(IndexError, match="index 5 is out of bounds for axis 1 with size 3"):
        a[:, [0, 5]] = 0
    assert np.where(a > 20, a, 0).sum() == 43
    assert np.take(a, [1, -1], axis=2).shape == (2, 3, 2)
    assert [part.tolist() for part in np.nonzero([[0, 3], [4, 0]])] == [[0, 1], [1, 0]]
    assert np.repeat([1, 2], [2, 1]).tolist() == [1, 1, 2]


@pytest.mark.parametrize("code", "efd")
def test_parts_of_floats_are_of_the_same_type(code):
    """The exponent is an `int` of C, which on some targets is not the first type of its width."""
    significand, exponent = np.frexp(np.array([12.0, -0.375], dtype=code))
    assert (significand.dtype, exponent.dtype) == (np.dtype(code), np.dtype("i4"))
    assert (significand.tolist(), exponent.tolist()) == ([0.75, -0.75], [4, -1])
    assert np.ldexp(significand, exponent).dtype == np.dtype(code)
    assert f"{code}->{code}i" in np.frexp.types
    assert {f"{code}i->{code}", f"{code}{np.dtype('i8').char}->{code}"} <= set(np.ldexp.types)


def test_scalar_types_are_listed_in_order():
    for narrow, wide in ("bh", "hi", "il", "lq", "BH", "HI", "IL", "LQ", "ef", "fd", "dg", "FD", "DG", "Mm"):
        assert np.ScalarType.index(np.dtype(narrow).type) <= np.ScalarType.index(np.dtype(wide).type)
    assert np.ScalarType[:7] == (int, float, complex, bool, bytes, str, memoryview)


def test_lengths_beyond_intp():
    for make in (np.zeros, np.zeros(3).reshape, lambda shape: np.unravel_index(1, shape)):
        for length in (2**31 + 1, 2**70):
            if length > sys.maxsize:
                with pytest.raises(ValueError, match="Maximum allowed dimension exceeded"):
                    make((length, 2))


def test_an_exponent_of_64_bits():
    assert np.ldexp(1.5, np.array([3, -(2**40)], "i8")).tolist() == [12.0, 0.0]
    assert float(np.ldexp(np.longdouble(1.5), np.int64(3))) == 12.0


def test_signature_and_dtype_exclude_each_other():
    with pytest.raises(TypeError, match="both 'signature' and 'dtype'"):
        np.add(1, 2, sig="ll->l", dtype="l")


def test_complex_long_doubles_have_at_least_the_precision_of_doubles():
    for name in [
        "sin",
        "cos",
        "tan",
        "arcsin",
        "arccos",
        "arctan",
        "sinh",
        "cosh",
        "tanh",
        "arcsinh",
        "arccosh",
        "arctanh",
        "exp",
        "log",
        "sqrt",
    ]:
        for z in (1 + 1j, 0.3 - 2j, -1e-9 + 3j, 1e20 - 1e20j):
            if abs(z) < 700 or name.startswith("arc"):
                want, got = getattr(np, name)(np.cdouble(z)), complex(getattr(np, name)(np.clongdouble(z)))
                assert abs(got - want) <= 4e-15 * abs(want), (name, z)


def test_a_second_reference_forbids_to_resize():
    x = np.zeros((2, 2))
    x.resize((3, 3))
    assert x.tolist() == [[0.0] * 3] * 3
    y = x
    with pytest.raises(ValueError, match="reference"):
        x.resize((5, 5))
    assert y is x


def test_classes_of_types_have_the_names_of_c():
    assert [type(np.dtype(code)) for code in "bhilqBHILQ"] == [
        getattr(np.dtypes, f"{sign}{name}DType")
        for sign in ("", "U")
        for name in ["Byte", "Short", "Int", "Long", "LongLong"]
    ]


def test_mappings_write_to_their_own_file(tmp_path):
    a = np.memmap(tmp_path / "a", "i4", "w+", shape=(3,))
    with open(tmp_path / "b", "wb") as other:
        other.write(b"other")
        a[:] = [1, 2, 3]
        a.flush()
        del a
    assert (tmp_path / "b").read_bytes() == b"other"
    assert (tmp_path / "a").read_bytes() == struct.pack("3i", 1, 2, 3)


@pytest.mark.parametrize("convert", [int, float, bool])
def test_an_array_that_holds_itself_is_no_number(convert):
    a = np.array(0, dtype=object)
    a[()] = a
    with pytest.raises(RecursionError):
        convert(a)
    a[()] = None


def test_objects_of_other_platforms():
    assert np.dtype("O4") == np.dtype("O8") == np.dtype(object)


def test_floating_point_errors_of_long_doubles():
    tiny, huge = np.finfo("g").tiny, np.finfo("g").max
    one, zero, infinity = np.array([1, 0, math.inf], "g")
    for kind, operation in [
        ("divide by zero", lambda: one / zero),
        ("divide by zero", lambda: np.log(zero)),
        ("divide by zero", lambda: np.log1p(-one)),
        ("divide by zero", lambda: np.divmod(np.array([1], "g"), zero)),
        ("overflow", lambda: huge * huge),
        ("overflow", lambda: np.exp(huge)),
        ("overflow", lambda: np.add.reduce(np.array([huge, huge]))),
        ("underflow", lambda: tiny * tiny),
        ("underflow", lambda: np.divide(np.array([tiny]), huge)),
        ("invalid", lambda: infinity - infinity),
        ("invalid", lambda: np.sqrt(-one)),
        ("invalid", lambda: np.fmod(np.array([1], "g"), zero)),
    ]:
        with np.errstate(all="raise"), pytest.raises(FloatingPointError, match=kind):
            operation()
    with np.errstate(all="raise"):
        assert float(one - one + infinity) == math.inf
        assert math.isnan(np.array([math.nan], "g")[0] + infinity)
        assert float(np.multiply(np.array([tiny]), zero)[0]) == 0 and float(np.fmod(tiny, tiny)) == 0
