"""Scalars, pickles, copies, dispatch and the memory of arrays."""

from __future__ import annotations

import copy
import gc
import inspect
import math
import pickle
import subprocess
import sys
import weakref

import pytest

import wasmnp

from .differential import DTYPES, same


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("value", [0, 1, 2.5, -1, True, 100])
def test_scalars(dtype, value):
    if dtype == "u1" and value == -1:
        return

    def body(xp):
        kind = xp.dtype(dtype).type
        s = kind(value)
        return (
            repr(s),
            str(s),
            s,
            s.dtype.str,
            s.shape,
            s.ndim,
            s.item(),
            hash(s) == hash(s.item()),
            s == s.item(),
            bool(s),
            complex(s),
        )

    same(body)


def test_scalar_tree():
    for name in ("float64", "float32", "int8", "uint8", "complex128", "bool", "int64"):
        same(lambda xp, n=name: [c.__name__ for c in getattr(xp, n).__mro__])
    assert isinstance(wasmnp.float64(1), float) and isinstance(wasmnp.complex128(1), complex)
    for kind in (wasmnp.generic, wasmnp.number, wasmnp.floating):
        with pytest.raises(TypeError):
            kind()


def test_scalar_construction():
    for name, value in [("float64", "1.5"), ("int8", 300), ("int8", -3.7), ("uint8", -1), ("float32", 1e300),
                        ("complex128", "1+2j"), ("float64", [1, 2]), ("int32", "12"), ("float64", None), ("bool", []),
                        ("bool", "x"), ("int64", 2**64), ("float64", "x")]:  # fmt: skip
        if value is None:
            continue
        same(lambda xp, n=name, v=value: getattr(xp, n)(v))
    same(lambda xp: xp.int8(xp.int64(300)))
    same(lambda xp: xp.float64())
    same(lambda xp: xp.complex128(1, 2))
    assert wasmnp.bool(1) is wasmnp.True_


def test_scalar_arithmetic():
    for body in (
        lambda xp: xp.float64(1.5) + 1,
        lambda xp: 1 - xp.float32(0.5),
        lambda xp: xp.int8(3) * xp.int16(4),
        lambda xp: xp.float32(1) + xp.float64(1),
        lambda xp: xp.int64(7) // 2,
        lambda xp: xp.int64(7) / 2,
        lambda xp: xp.float64(2) ** 3,
        lambda xp: divmod(xp.float64(7), 2),
        lambda xp: -xp.float64(2),
        lambda xp: abs(xp.complex128(3 + 4j)),
        lambda xp: xp.float64(1) < 2,
        lambda xp: xp.float64(1) == "x",
        lambda xp: xp.float64(1) + [1, 2],
        lambda xp: xp.uint8(1) + 300,
        lambda xp: xp.float64(1) + None,
        lambda xp: [10, 20, 30][xp.int64(1)],
        lambda xp: [10, 20, 30][xp.float64(1)],
        lambda xp: (int(xp.float64(3.9)), float(xp.int8(3)), round(xp.float64(2.567), 2)),
        lambda xp: f"{xp.float64(1.23456):.2f} {xp.int32(5):03d}",
        lambda xp: math.sqrt(xp.float32(4)),
        lambda xp: {1.5: "a"}[xp.float64(1.5)],
        lambda xp: xp.float64(1.5).is_integer(),
    ):
        same(body)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickles(protocol):
    for array in (wasmnp.arange(6.0).reshape(2, 3), wasmnp.arange(6).reshape(2, 3).T, wasmnp.arange(6)[::2],
                  wasmnp.zeros((0, 3)), wasmnp.array(1j), wasmnp.arange(3).astype(">i4"),
                  wasmnp.ones((1, 2, 1, 2, 1, 2))):  # fmt: skip
        back = pickle.loads(pickle.dumps(array, protocol))
        assert back.tolist() == array.tolist() and back.shape == array.shape
        assert back.dtype == (array.dtype if protocol > 4 else array.dtype.newbyteorder("="))
        assert back.flags.f_contiguous == (
            array.flags.f_contiguous or (array.flags.c_contiguous is False and back.flags.f_contiguous)
        )
    for value in (
        wasmnp.float32(1.5),
        wasmnp.dtype(">f8"),
        wasmnp.dtype("i4"),
        wasmnp.add,
        wasmnp.float64,
        wasmnp.zeros,
        wasmnp.True_,
    ):
        assert pickle.loads(pickle.dumps(value, protocol)) == value


def test_out_of_band_pickle_shares_memory():
    array = wasmnp.arange(1000.0)
    buffers: list[pickle.PickleBuffer] = []
    data = pickle.dumps(array, 5, buffer_callback=buffers.append)
    assert len(data) < 500
    back = pickle.loads(data, buffers=buffers)
    array[0] = 42
    assert back[0] == 42


def test_pickle_of_numpy_has_the_same_state():
    import numpy

    theirs = numpy.arange(6.0).reshape(2, 3).__reduce__()[2]
    ours = wasmnp.arange(6.0).reshape(2, 3).__reduce__()[2]
    assert ours[:2] == theirs[:2] and ours[3:] == theirs[3:]
    blank = wasmnp._core.multiarray._reconstruct(wasmnp.ndarray, (0,), b"b")
    blank.__setstate__((theirs[0], theirs[1], wasmnp.dtype("f8"), theirs[3], theirs[4]))
    assert blank.tolist() == numpy.arange(6.0).reshape(2, 3).tolist()


def test_bad_state():
    blank = wasmnp._core.multiarray._reconstruct(wasmnp.ndarray, (0,), b"b")
    for state in [
        (1, (2,), wasmnp.dtype("f8"), False, b"short"),
        (1, (2,), "f8", False, b""),
        (1,),
        (1, (2**62,), wasmnp.dtype("f8"), False, b""),
    ]:
        with pytest.raises((TypeError, ValueError, MemoryError)):
            blank.__setstate__(state)


def test_copies():
    a = wasmnp.arange(3.0)
    for b in (copy.copy(a), copy.deepcopy(a), a.copy(), wasmnp.array(a)):
        b[0] = 9
    assert a[0] == 0


def test_attributes():
    def body(xp):
        a = xp.arange(24.0).reshape(2, 3, 4)[:, ::2].T
        return (
            a.shape,
            a.strides,
            a.ndim,
            a.size,
            a.itemsize,
            a.nbytes,
            a.flags.c_contiguous,
            a.flags.f_contiguous,
            a.flags["W"],
            a.flags.owndata,
            a.T.shape,
            repr(a.flags),
        )

    same(body)
    same(lambda xp: xp.arange(3).tobytes("F"))
    same(lambda xp: xp.arange(6, dtype="i2").reshape(2, 3).T.tobytes())
    same(lambda xp: hash(xp.arange(3)))
    same(lambda xp: xp.arange(3).foo)


def test_dispatch():
    class Duck:
        def __array_function__(self, func, types, args, kwargs):
            return func.__name__, [t.__name__ for t in types], len(args), sorted(kwargs)

    class Declines:
        def __array_function__(self, *args):
            return NotImplemented

    same(lambda xp: xp.fft.rfft(Duck()))
    same(lambda xp: xp.lib.stride_tricks.sliding_window_view(Duck(), 3))
    same(lambda xp: xp.fft.rfft(Declines()))
    for name, args in [
        ("zeros", (3,)),
        ("ones", (3,)),
        ("array", ([1],)),
        ("arange", (3,)),
        ("asarray", ([1],)),
        ("frombuffer", (b"12345678",)),
        ("empty", (2,)),
    ]:
        same(lambda xp, n=name, a=args: getattr(xp, n)(*a, like=Duck())[:3])
        same(lambda xp, n=name, a=args: getattr(xp, n)(*a, like=3))
        assert getattr(wasmnp, name)(*args, like=wasmnp.ones(1)) is not None


def test_public_functions_are_declared_through_the_dispatcher():
    from wasmnp._core.overrides import ARRAY_FUNCTIONS

    names = {f.__module__ + "." + f.__name__ for f in ARRAY_FUNCTIONS}
    assert {"wasmnp.zeros", "wasmnp.ones", "wasmnp.array", "wasmnp.arange", "wasmnp.fft.rfft"} <= names
    for function in ARRAY_FUNCTIONS:
        assert function.__doc__ and inspect.signature(function).parameters
    assert str(inspect.signature(wasmnp.zeros)) == "(shape, dtype=None, order='C', *, device=None, like=None)"
    assert list(inspect.signature(wasmnp.add).parameters)[:3] == ["x1", "x2", "out"]


def test_weak_references_and_release():
    a = wasmnp.arange(100000.0)
    view = a[10:]
    reference = weakref.ref(a)
    del a
    assert reference() is not None
    del view
    gc.collect()
    assert reference() is None


def test_nothing_leaks():
    def churn():
        a = wasmnp.arange(50.0)
        b = (a + 1)[::2].reshape(5, 5).T.copy()
        memoryview(b).tobytes()
        pickle.loads(pickle.dumps(b))
        wasmnp.array([[1, 2], [3, 4]]).sum(axis=0).astype("f4").tolist()
        for bad in (
            lambda: a + wasmnp.ones(3),
            lambda: a[99],
            lambda: wasmnp.array([[1], 2]),
            lambda: wasmnp.zeros(-1),
            lambda: wasmnp.dtype("x"),
        ):
            with pytest.raises((ValueError, IndexError, TypeError)):
                bad()
        wasmnp.modf(a, out=(None, a))
        wasmnp.add(a, 1, where=a < 3, out=a)
        repr(a), repr(a[3])

    for _ in range(400):  # until every cache of the interpreter is warm
        churn()
    gc.collect()
    before = sys.getallocatedblocks()
    for _ in range(200):
        churn()
    gc.collect()
    assert sys.getallocatedblocks() - before < 100


@pytest.mark.parametrize("value", [1, 2.5, 1j, True])
def test_large_allocations_fail_cleanly(value):
    same(lambda xp: xp.zeros((10**6, 10**6, 10**3)))
    same(lambda xp: xp.zeros(2**62))
    with pytest.raises(MemoryError, match="Unable to allocate"):
        wasmnp.ones((10**5, 10**5, 10**3))


def test_odd_arguments_raise_python_errors():
    a, b = wasmnp.arange(3), wasmnp.arange(4.0).reshape(2, 2)
    for act in (
        lambda: b.item(a, a),
        lambda: b.transpose(a, a),
        lambda: b.reshape(a, a),
        lambda: a.__setstate__(3),
        lambda: wasmnp.dtype("f8").__setstate__(3),
        lambda: a.__format__(3),
        lambda: wasmnp.float64(1).__format__(a),
    ):
        with pytest.raises(TypeError):
            act()


def test_import_loads_only_the_core():
    others = ("wasmnp._kernels", "wasmnp.jit", "wasmnp.webgpu", "numpy")
    code = f"import sys, wasmnp; print([m for m in sys.modules if m.startswith({others})])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize("protocol", range(2, 6))
def test_objects_are_pickled_as_such(protocol):
    for layout in (lambda a: a, lambda a: a.T, lambda a: a[::2]):
        for make in (
            lambda xp: xp.array([[1, "abc", None], [(1, 2), 2.5, 3]], dtype=object),
            lambda xp: xp.array([[(1, "x")], [(2, None)]], dtype=[("a", "i4"), ("b", "O")]),
        ):
            same(lambda xp, f=layout, m=make: pickle.loads(pickle.dumps(f(m(xp)), protocol)).tolist())
    with pytest.raises(TypeError):
        wasmnp.zeros(0, dtype="b").__setstate__((1, (1,), wasmnp.dtype("O"), False, bytes(8)))


@pytest.mark.parametrize("kind", [bool, int, float])
def test_an_array_that_holds_itself_is_no_number(kind):
    array = wasmnp.array(None, dtype=object)
    array[()] = array
    with pytest.raises(RecursionError):
        kind(array)
    array[()] = None
