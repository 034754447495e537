"""NumPy's C-ABI: struct offsets, the API tables, NumPy's compiled helpers, and the interpreter's type layout."""

from __future__ import annotations

import ctypes
import glob
import os
import subprocess
import sys
import textwrap

import numpy
import pytest

import wasmnp

POINTER = ctypes.sizeof(ctypes.c_void_p)
HEADER = object.__basicsize__


def field(obj: object, offset: int, kind: type = ctypes.c_ssize_t) -> int:
    return kind.from_address(id(obj) + offset).value


@pytest.mark.parametrize("xp", [numpy, wasmnp], ids=["numpy", "wasmnp"])
def test_array_struct(xp):
    a = xp.arange(6.0).reshape(2, 3)[:, ::2]
    data, nd, dims, strides, base, descr, flags = (HEADER + POINTER * i for i in range(7))
    assert field(a, nd, ctypes.c_int) == 2
    assert list((ctypes.c_ssize_t * 2).from_address(field(a, dims))) == [2, 2]
    assert list((ctypes.c_ssize_t * 2).from_address(field(a, strides))) == [24, 16]
    assert field(a, base) == id(a.base)
    assert field(a, descr) == id(a.dtype)
    assert field(a, flags, ctypes.c_int) & 0x400
    assert ctypes.c_double.from_address(field(a, data) + 40).value == 5.0


@pytest.mark.parametrize("xp", [numpy, wasmnp], ids=["numpy", "wasmnp"])
def test_descr_struct(xp):
    d = xp.dtype(">f4")
    assert field(d, HEADER) == id(xp.float32)
    assert bytes((ctypes.c_char * 3).from_address(id(d) + HEADER + POINTER)) == b"ff>"
    assert field(d, HEADER + POINTER + 4, ctypes.c_int) == 11
    assert field(d, HEADER + POINTER + 16) == 4 and field(d, HEADER + 2 * POINTER + 16) == 4


@pytest.mark.parametrize("xp", [numpy, wasmnp], ids=["numpy", "wasmnp"])
def test_dtype_class_struct(xp):
    tail = type.__basicsize__
    cls = type(xp.dtype("f8"))
    assert field(cls, tail) == id(xp.dtype("f8"))
    assert field(cls, tail + POINTER, ctypes.c_int) == 12
    assert field(cls, tail + 2 * POINTER) == id(xp.float64)


@pytest.mark.parametrize("xp", [numpy, wasmnp], ids=["numpy", "wasmnp"])
def test_ufunc_and_scalar_structs(xp):
    assert [field(xp.modf, HEADER + 4 * i, ctypes.c_int) for i in range(3)] == [1, 2, 3]
    assert field(xp.add, HEADER + 16 + 2 * POINTER, ctypes.c_int) == xp.add.ntypes
    assert ctypes.string_at(field(xp.add, HEADER + 24 + 2 * POINTER)) == b"add"
    assert ctypes.c_double.from_address(id(xp.float64(2.5)) + HEADER).value == 2.5
    assert ctypes.c_int16.from_address(id(xp.int16(-3)) + HEADER).value == -3


def table(capsule: object, length: int) -> list[int]:
    get = ctypes.pythonapi.PyCapsule_GetPointer
    get.restype, get.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    return list((ctypes.c_void_p * length).from_address(get(capsule, None)))


def test_api_tables_are_whole():
    arrays = table(wasmnp._core._multiarray_umath._ARRAY_API, 369)
    ufuncs = table(wasmnp._core._multiarray_umath._UFUNC_API, 48)
    assert all(arrays) and all(ufuncs)
    assert ctypes.CFUNCTYPE(ctypes.c_uint)(arrays[0])() == 0x02000000
    assert ctypes.CFUNCTYPE(ctypes.c_uint)(arrays[211])() == 0x15
    assert arrays[2] == id(wasmnp.ndarray) and arrays[10] == id(wasmnp.generic) and ufuncs[0] == id(wasmnp.ufunc)
    with pytest.raises(NotImplementedError, match=r"PyArray_API\[129\]"):
        ctypes.PYFUNCTYPE(ctypes.py_object)(arrays[129])()


def helper(name: str) -> str:
    return glob.glob(os.path.join(os.path.dirname(numpy.__file__), "_core", name + ".*"))[0]


def run_as_numpy(code: str) -> str:
    program = """
        import sys, importlib.util
        import wasmnp as np
        np.install_as_numpy()
        def helper(name, path):
            spec = importlib.util.spec_from_file_location("numpy._core." + name, path)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            return module
        """
    whole = textwrap.dedent(program) + textwrap.dedent(code)
    result = subprocess.run([sys.executable, "-X", "faulthandler", "-c", whole],
                            capture_output=True, text=True)  # fmt: skip
    assert result.returncode == 0, result.stderr[-2000:]
    return result.stdout


@pytest.mark.parametrize("name", ["_rational_tests", "_multiarray_tests", "_umath_tests"])
def test_compiled_helpers_import(name):
    assert run_as_numpy(f"print(len(dir(helper({name!r}, {helper(name)!r}))) > 5)") == "True\n"


def test_static_subclass_and_user_type():
    out = run_as_numpy(f"""
        rational = helper("_rational_tests", {helper("_rational_tests")!r}).rational
        assert issubclass(rational, np.generic)
        a = np.array([rational(1, 2), rational(1, 3)], dtype=np.dtype(rational))
        print(a.tolist(), (a + a).tolist(), a.sum(), np.dtype(rational).num >= 256)
        print((a * 2).tolist(), a.astype(float).tolist(), (a < a[::-1]).tolist(), a[0],
              type(np.dtype(rational)).__mro__[1] is np.dtype)
        print(np.zeros(2, dtype=rational).tolist(), np.array([3, 4]).astype(rational).tolist(), (-a).tolist(),
              np.maximum.reduce(a))
        """)
    assert out.splitlines() == [
        "[rational(1,2), rational(1,3)] [rational(1), rational(2,3)] 5/6 True",
        "[rational(1), rational(2,3)] [0.5, 0.3333333333333333] [False, True] 1/2 True",
        "[rational(0), rational(0)] [rational(3), rational(4)] [rational(-1,2), rational(-1,3)] 1/2",
    ]


def test_core_signatures():
    out = run_as_numpy(f"""
        u = helper("_umath_tests", {helper("_umath_tests")!r})
        print(u.test_signature(2, 1, "(i),(i)->()"))
        print(u.test_signature(2, 1, "(m?,n),(n,3)->(m?,3)"))
        for bad in ("(i),(i)->", "(i),(i)", "(i,),(i)->()", "((i)),(i)->()", "(i?),(i)->()"):
            try:
                print(u.test_signature(2, 1, bad))
            except ValueError as error:
                print("ValueError")
        print(u.indexed_negative(np.array([1, 2], dtype="i4")))
        """)
    assert out.splitlines()[2:] == ["ValueError"] * 5 + ["[-1 -2]"]


def test_install_as_numpy():
    out = run_as_numpy("""
        import numpy, numpy.fft, importlib.metadata, pickle
        assert numpy is np and numpy.fft is np.fft
        print(numpy.ndarray.__module__, numpy.zeros.__module__, type(numpy.dtype("f8")).__module__,
              numpy.add.__class__.__module__)
        print(importlib.metadata.version("numpy"), numpy.__version__, b"numpy._core" in pickle.dumps(numpy.ones(2), 2))
        np.install_as_numpy()
        """)
    assert out.splitlines() == ["numpy numpy numpy.dtypes numpy", "2.4.6 2.4.6 True"]


def test_install_after_numpy_is_refused():
    with pytest.raises(ImportError):
        wasmnp.install_as_numpy()


def test_identity():
    assert wasmnp.ndarray.__module__ == "wasmnp" and wasmnp.dtypes.Float64DType.__module__ == "wasmnp.dtypes"
    assert wasmnp.fft.rfft.__module__ == "wasmnp.fft" and wasmnp.add.__module__ == "wasmnp"


def test_dtype_classes():
    meta = type(wasmnp.dtype)
    assert type(wasmnp.dtypes.Float64DType) is meta and issubclass(wasmnp.dtypes.Float64DType, wasmnp.dtype)
    with pytest.raises(TypeError, match="Cannot subclass DType"):
        meta("Mine", (wasmnp.dtype,), {})
    made = wasmnp._native._new_dtype_class("dtypes.Made", wasmnp.float64)
    assert type(made) is meta and issubclass(made, wasmnp.dtype) and made.type is wasmnp.float64
    with pytest.raises(TypeError):
        made()


@pytest.mark.parametrize("level", ["v2", "v3", "v4", "v9"])
def test_cpu_level_can_be_forced(level):
    program = "import wasmnp; print(wasmnp._native._cpu_level)"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True,
                            env={**os.environ, "WASMNP_CPU_LEVEL": level})  # fmt: skip
    if level == "v9":
        assert result.returncode and "it takes v2, v3 or v4" in result.stderr
    else:
        assert result.stdout.strip() <= level
