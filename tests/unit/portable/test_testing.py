"""numpy.testing by itself: every assertion passes and fails, and the tools for tests work."""

import gc
import os
import sys
import warnings

import pytest

import wasmnp as np
from wasmnp import testing as t
from wasmnp.testing._private import utils


def test_import_is_lazy():
    import subprocess

    if sys.platform == "emscripten":
        return  # no other processes there
    code = "import sys, wasmnp; assert 'wasmnp.testing' not in sys.modules; wasmnp.testing.assert_equal(1, 1)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_all_names_are_there():
    for name in t.__all__:
        assert hasattr(t, name), name
    assert t.NUMPY_ROOT.is_dir()
    assert (np.dtype("p").itemsize == 8) == t.IS_64BIT
    assert (sys.platform == "emscripten") == t.IS_WASM


@pytest.mark.parametrize("dtype", ["?", "i1", "u1", "i2", "i4", "i8", "f4", "f8", "c8", "c16", ">f8"])
def test_equal_and_different(dtype):
    a = np.array([[1, 0], [1, 1]], dtype)
    b = np.array([[1, 0], [1, 0]], dtype)
    for check in (t.assert_equal, t.assert_array_equal, t.assert_array_almost_equal, t.assert_allclose):
        check(a, a.copy())
        check(a.T, a.T.copy())
        with pytest.raises(AssertionError, match=r"Mismatched elements: 1 / 4 \(25%\)\nMismatch at index:\n \[1, 1\]"):
            check(a, b)


def test_nan_and_inf_have_their_places():
    a = np.array([1.0, np.nan, np.inf, 4.0])
    t.assert_array_equal(a, [1.0, np.nan, np.inf, 4.0])
    t.assert_allclose(a, [1.0, np.nan, np.inf, 4.0 + 1e-9])
    with pytest.raises(AssertionError, match="nan location mismatch"):
        t.assert_array_equal(a, [np.nan, 1.0, np.inf, 4.0])
    with pytest.raises(AssertionError, match="inf values mismatch"):
        t.assert_array_equal(a, [1.0, np.nan, -np.inf, 4.0])
    with pytest.raises(AssertionError, match=r"Mismatch at index:\n \[3\]: 4.0 \(ACTUAL\), 5.0 \(DESIRED\)"):
        t.assert_array_equal(a, [1.0, np.nan, np.inf, 5.0])


def test_ulps():
    x = np.array([1.0, 1e-300, 5e-324, 1e300])
    t.assert_array_max_ulp(x, x * (1 + 2.0**-52), 1)
    t.assert_array_almost_equal_nulp(x, x * (1 + 2.0**-52), 1)
    with pytest.raises(AssertionError):
        t.assert_array_almost_equal_nulp(x, x * (1 + 2.0**-50), 2)
    with pytest.raises(AssertionError):
        t.assert_array_max_ulp(x, x * (1 + 2.0**-50), 2)


def test_warnings_are_hidden_recorded_and_passed_on():
    with warnings.catch_warnings(record=True) as passed:
        warnings.simplefilter("always")
        with t.suppress_warnings() as hidden:
            log = hidden.record(UserWarning, "b")
            hidden.filter(message="a")
            warnings.warn("a", stacklevel=1)
            warnings.warn("b", stacklevel=1)
            warnings.warn("c", stacklevel=1)
    assert [str(one.message) for one in log] == [str(one.message) for one in hidden.log] == ["b"]
    assert [str(one.message) for one in passed][1:] == ["c"]  # the first says that this is deprecated


@pytest.mark.parametrize(("rule", "count"), [("always", 4), ("once", 1), ("module", 1), ("location", 2)])
def test_rules_of_passing_on(rule, count):
    with warnings.catch_warnings(record=True) as passed:
        warnings.simplefilter("always")
        with t.suppress_warnings(rule):
            for _ in range(2):
                warnings.warn("a", stacklevel=1)
                warnings.warn("a", stacklevel=1)
    assert len(passed) == 1 + count


def test_registries_are_cleared_and_come_back():
    module = sys.modules[__name__]
    module.__warningregistry__ = {"kept": 1}
    with t.clear_and_catch_warnings(record=True, modules=[module]) as caught:
        warnings.simplefilter("always")
        warnings.warn("a", stacklevel=1)
    assert len(caught) == 1
    assert module.__warningregistry__ == {"kept": 1}


def test_cycles_are_found():
    def cycle():
        one = []
        one.append(one)

    t.assert_no_gc_cycles(list)
    with pytest.raises(AssertionError, match="1 objects were collected"):
        t.assert_no_gc_cycles(cycle)
    with pytest.raises(AssertionError, match="Reference cycles were found: 1"), t.assert_no_gc_cycles():
        cycle()
    assert gc.isenabled()
    assert not gc.garbage
    t.break_cycles()


def test_files():
    with t.tempdir() as folder, open(os.path.join(folder, "file"), "w"):
        pass
    assert not os.path.exists(folder)
    with t.temppath(suffix=".txt") as path:
        assert path.endswith(".txt")
        assert os.path.exists(path)
        module = path + ".py"
        with open(module, "w") as file:
            file.write('def f():\n    """\n    >>> 1 + 1\n    3\n    """\n')
        with pytest.raises(AssertionError, match="Some doctests failed"):
            t.rundocs(module)
        with open(module, "w") as file:
            file.write('def f():\n    """\n    >>> 1 + 1\n    2\n    """\n')
        t.rundocs(module)
        os.remove(module)
    assert not os.path.exists(path)


def test_sizes_and_memory(monkeypatch):
    for text, size in [("5", 5), ("1.5 GB", 1500000000), ("10kib", 10240), ("5 m", 5000000), ("2tb", 2 * 10**12)]:
        assert utils._parse_size(text) == size
    with pytest.raises(ValueError, match="not a valid size"):
        utils._parse_size("1x")
    monkeypatch.setenv("NPY_AVAILABLE_MEM", "1 MB")
    assert utils.check_free_memory(10) is None
    assert "NPY_AVAILABLE_MEM=1 MB" in utils.check_free_memory(10**7)
    assert utils.requires_memory(10)(lambda: 3)() == 3
    with pytest.raises(pytest.skip.Exception):
        utils.requires_memory(10**7)(lambda: 3)()


def test_overridable_functions():
    assert t.overrides.allows_array_ufunc_override(np.add)
    assert not t.overrides.allows_array_ufunc_override(np.sum)
    assert t.overrides.allows_array_function_override(np.sum)
    assert not t.overrides.allows_array_function_override(np.add)
    assert np.add in t.overrides.get_overridable_numpy_ufuncs()
    functions = t.overrides.get_overridable_numpy_array_functions()
    assert {np.sum, np.isclose, np.lib.stride_tricks.sliding_window_view} <= functions


@pytest.mark.parametrize("kind", ["unary", "binary"])
def test_alignment_data(kind):
    cases = list(utils._gen_alignment_data(np.float32, kind, 6))
    for out, *inputs, text in cases:
        assert text.startswith(kind)
        assert all(one.shape == out.shape for one in inputs)
