"""What devices do not do is refused, with what to do instead; nothing moves to the host by itself."""

from __future__ import annotations

import asyncio
import copy
import pickle
import sys

import numpy
import pytest
from threads import alone
from wasmnp.webgpu.device import current_device

import wasmnp as np

X = np.arange(6, dtype="f4").reshape(2, 3)


@pytest.fixture
def x():
    return np.webgpu.asarray(X)


@pytest.mark.parametrize("dtype", ["f8", "i8", "c16", "i2", "u1"])
def test_types_of_64_bits_name_the_conversion(dtype):
    with pytest.raises(TypeError, match="convert with astype"):
        np.webgpu.asarray(np.ones(3, dtype=dtype))
    nearest = "c8" if dtype == "c16" else "f4"
    assert np.webgpu.asarray(np.ones(3, dtype=dtype), dtype=nearest).dtype == nearest


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (lambda x: x.astype("f8"), "float64"),
        (lambda x: x + np.float64(1), "float64"),
        (lambda x: x.astype("i4") + x, "float64"),
        (lambda x: x.astype("i4") + x.astype("u4"), "int64"),
        (lambda x: x.astype("i4") * 1.5, "float64"),
        (lambda x: x.astype("i4") / 2, "float64"),
        (lambda x: np.sin(x.astype("i4")), "float64"),
        (lambda x: x.astype("i4").sum(), "dtype=np.int32"),
        (lambda x: x.astype("u4").prod(), "dtype=np.uint32"),
        (lambda x: (x > 1).sum(), "dtype=np.int32"),
        (lambda x: x.astype("i4").mean(), "astype"),
        (lambda x: x.astype("f4") & 1, "bits of float32"),
    ],
)
def test_results_of_64_bits_name_the_conversion(x, body, text):
    with pytest.raises(TypeError, match=text):
        body(x)


@pytest.mark.parametrize(
    "body",
    [
        lambda x: x + X,
        lambda x: X + x,
        lambda x: np.add(X, x),
        lambda x: np.asarray(x),
        lambda x: np.array(x),
        lambda x: np.array([x[0], x[1]]),
        lambda x: np.asarray(x[0, 0]),
        lambda x: np.fft.rfft(x),
        lambda x: np.arange(3, like=x),
        lambda x: numpy.asarray(x),
        lambda x: X.__setitem__(..., x),
        lambda x: pickle.dumps(x),
    ],
)
def test_nothing_moves_by_itself(x, body):
    with pytest.raises(TypeError, match=r"to_device|no device form"):
        body(x)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (lambda x: x[[0, 1]], TypeError),
        (lambda x: x[x > 1], TypeError),
        (lambda x: x[True], TypeError),
        (lambda x: x[5], IndexError),
        (lambda x: x[0, 0, 0], IndexError),
        (lambda x: x + x[:, :2], ValueError),
        (lambda x: x.reshape(4), ValueError),
        (lambda x: x.reshape(-1, -1), ValueError),
        (lambda x: x.reshape(-1, 4), ValueError),
        (lambda x: x[:0].reshape(0, -1), ValueError),
        (lambda x: x.reshape(-2, 3), ValueError),
        (lambda x: x.sum(axis=2), np.exceptions.AxisError),
        (lambda x: x.sum(axis=(0, 0)), ValueError),
        (lambda x: x[:0].max(), ValueError),
        (lambda x: x @ x, ValueError),
        (lambda x: x @ 2, ValueError),
        (lambda x: bool(x), ValueError),
        (lambda x: float(x), TypeError),
        (lambda x: x.to_device("gpu"), ValueError),
        (lambda x: x + "a", TypeError),
        (lambda x: x + None, TypeError),
        (lambda x: np.add(x, x, out=x), TypeError),
        (lambda x: np.add(x, 1, where=False), TypeError),
        (lambda x: np.add(x, 1, where=x > 1), TypeError),
        (lambda x: np.add(X, 1, out=x), TypeError),
        (lambda x: np.add(x, 1, casting="unsafe"), TypeError),
        (lambda x: np.sum(x, out=x), TypeError),
        (lambda x: np.sum(x, where=x > 1), TypeError),
        (lambda x: np.add.accumulate(x), TypeError),
        (lambda x: np.subtract.reduce(x), TypeError),
        (lambda x: x.transpose(0, 0), ValueError),
        (lambda x: x.squeeze(axis=0), ValueError),
        (lambda x: x.astype("i4") + 2**31, OverflowError),
        (lambda x: x.astype("u4") - -1, OverflowError),
        (lambda x: x.astype("i4") ** -1, ValueError),
        (lambda x: len(x.sum()), TypeError),
        (lambda x: iter(x.sum()), TypeError),
        (lambda x: {x: 1}, TypeError),
        (lambda x: x.__setitem__([0], 1), TypeError),
        (lambda x: x.astype("i4").__setitem__(0, x[0]), TypeError),
        (lambda x: np.webgpu.where(x > 1), TypeError),
    ],
)
def test_errors(x, body, error):
    with pytest.raises(error):
        body(x)


def test_what_it_is(x):
    assert (x.shape, x.ndim, x.size, len(x), x.nbytes, x.itemsize, x.device) == ((2, 3), 2, 6, 2, 24, 4, "webgpu")
    assert x.dtype == np.float32 and x.to_device("webgpu") is x and np.webgpu.asarray(x) is x
    assert x.T.shape == (3, 2) and x.mT.shape == (3, 2)
    assert float(x.sum()) == 15.0 and int(x.max()) == 5 and bool(x[0, 1] == 1) and complex(x[0, 1]) == 1
    assert [float(row.sum()) for row in x] == [3.0, 12.0]
    assert x.item(1, 2) == 5.0 and x.tolist() == X.tolist()
    assert [0, 1, 2][np.webgpu.asarray(np.array(2, "i4"))] == 2
    assert repr(x[0]) == "array([0., 1., 2.], dtype=float32, device='webgpu')"
    assert str(x[0]) == "[0. 1. 2.]"
    assert x.__array_namespace__() is np


def test_keywords_of_ufuncs(x):
    assert np.add(x, 1, dtype="f4", where=True, casting="same_kind", order="K", subok=True).tolist() == (X + 1).tolist()
    assert np.add(x.astype("i4"), 1, dtype="f4").dtype == "f4"
    assert np.add.reduce(x, axis=(0, 1), keepdims=True).tolist() == [[15.0]]


def test_assignment_makes_a_new_array(x):
    before, view = x.copy(), x[0]
    x += 1
    assert x.tolist() == (X + 1).tolist() and before.tolist() == X.tolist()
    x[0, 1:] = 7
    assert x.tolist() == [[1, 7, 7], [4, 5, 6]] and view.tolist() == [0, 1, 2]
    x[:, ::-2] = before[:, 1:] * 10
    assert x.tolist() == [[20, 7, 10], [50, 5, 40]]
    x[...] = before[1]
    assert x.tolist() == [[3, 4, 5]] * 2
    x[1] = np.webgpu.asarray(np.float32(2.5))
    assert x.tolist() == [[3, 4, 5], [2.5] * 3]
    assert before.tolist() == X.tolist()
    for same in (copy.copy(before), copy.deepcopy(before)):
        same[0] = 0
        assert before.tolist() == X.tolist()


def test_assignment_to_single_elements(x):
    x[1, 1] = 9
    assert x.tolist() == [[0, 1, 2], [3, 9, 5]]
    scalar = x.sum()
    scalar[...] = 4
    assert scalar.item() == 4.0 and (scalar + 1).item() == 5.0
    scalar[()] = x[0, 1]
    assert scalar.tolist() == 1.0


def test_functions_of_users_name_what_is_missing(x):
    from wasmnp._kernels.language.promotion import NumberType
    from wasmnp._kernels.language.user_frontend import compile_elementwise

    def halved(x):
        return x * 0.5

    def wide(x):
        return np.float32(np.float64(x) + 1.0)

    single, double = NumberType("f", 32), NumberType("f", 64)
    function, _ = compile_elementwise(halved, [double])
    with pytest.raises(TypeError, match="takes f64"):
        np.webgpu.apply_elementwise(function, [x], [single])
    function, _ = compile_elementwise(wide, [single])
    with pytest.raises(TypeError, match="no type f64"):
        np.webgpu.apply_elementwise(function, [x], [single])
    with pytest.raises(TypeError, match="gives float64"):
        np.webgpu.apply_elementwise(function, [x], [double])
    with pytest.raises(TypeError, match="takes 1 arguments, 2 were given"):
        np.webgpu.apply_elementwise(function, [x, x], [single])


def test_where_and_repeats(x):
    assert np.webgpu.where(x > 2, x, -1).tolist() == [[-1, -1, -1], [3, 4, 5]]
    assert np.webgpu.where(x[:1] > 1, np.float32(2), 1.5).tolist() == [[1.5, 1.5, 2.0]]
    assert np.webgpu.broadcast_to(x[0], (2, 3)).tolist() == [X[0].tolist()] * 2
    with pytest.raises(ValueError, match="cannot be broadcast"):
        np.webgpu.broadcast_to(x, (3, 3))


def test_functions_are_found_by_name(x):
    for name, arguments in (("where", (x > 2, x, -1)), ("matmul", (x, x.T)), ("broadcast_to", (x, (4, 2, 3)))):
        public = getattr(np.webgpu, name)
        found = x.__array_function__(public, (type(x),), arguments, {})
        assert found.tolist() == public(*arguments).tolist()


def test_bits_and_logic():
    i = np.webgpu.asarray(np.array([6, -3, 0], "i4"))
    assert ((i & 3).tolist(), (i | 1).tolist(), (i ^ i).tolist(), (~i).tolist()) == (
        [2, 1, 0],
        [7, -3, 1],
        [0] * 3,
        [-7, 2, -1],
    )
    assert ((i << 2).tolist(), (i >> 1).tolist(), (1 << (i & 3)).tolist()) == ([24, -12, 0], [3, -2, 0], [4, 2, 1])
    b = i > 0
    assert ((b & True).tolist(), (b | (i == 0)).tolist(), (~b).tolist(), (b ^ b).tolist()) == (
        [True, False, False], [True, False, True], [False, True, True], [False] * 3,
    )  # fmt: skip


def test_awaited(x):
    async def body():
        await np.webgpu.init_async()
        result = await (x + 1).to_host_async()
        await np.webgpu.synchronize_async()
        return result

    assert alone(lambda: asyncio.run(body())).tolist() == (X + 1).tolist()
    np.webgpu.synchronize()


def test_places_that_cannot_wait_name_the_awaited_form(x, monkeypatch):
    monkeypatch.setattr(type(current_device().host), "can_wait", lambda self: False)
    with pytest.raises(np.webgpu.CannotWaitError, match=r"await x\.to_host_async"):
        x.tolist()
    assert repr(x) == "<array on webgpu: shape (2, 3), float32>"
    assert alone(lambda: asyncio.run((x * 2).to_host_async())).tolist() == (X * 2).tolist()


def test_import_is_lazy():
    import subprocess

    code = "import sys, wasmnp; print([name for name in sys.modules if 'webgpu' in name or 'wgpu' in name])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


def test_a_missing_wgpu_is_named():
    import subprocess

    code = (
        "import sys; sys.modules['wgpu'] = None\nimport wasmnp as np\n"
        "assert not np.webgpu.is_available()\n"
        "try: np.webgpu.asarray(np.ones(2, 'f4'))\nexcept ImportError as error: print(error)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "pip install wasmnp[webgpu]" in found.stdout, found.stderr
