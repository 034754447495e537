"""Running code in tests: errors, cycles, threads, doctests, temporary files."""

from __future__ import annotations

import concurrent.futures
import contextlib
import gc
import os
import re
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any
from unittest import SkipTest as SkipTest
from unittest import TestCase

from ..._core._multiarray_umath import float32
from ..._core.multiarray import arange, empty

verbose = 0


class IgnoreException(Exception):
    """The result of a test is not to count."""


class KnownFailureException(Exception):
    """A test fails that is known to fail."""


class _Asserting(TestCase):
    def runTest(self) -> None:
        """Nothing runs: the case lends its assertions."""


_asserting = _Asserting()


def assert_raises(*args: Any, **kwargs: Any) -> Any:
    """
    Assert that a call, or the body of a ``with`` statement, raises an exception of a class.

    Parameters
    ----------
    *args : exception class, and optionally callable and arguments
        Without a callable a context is returned.
    **kwargs : any
        Keyword arguments of the call.

    Raises
    ------
    AssertionError
        If nothing is raised. Exceptions of other classes pass.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.testing.assert_raises(ValueError, int, "one")
    """
    __tracebackhide__ = True
    return _asserting.assertRaises(*args, **kwargs)


def assert_raises_regex(exception_class: Any, expected_regexp: Any, *args: Any, **kwargs: Any) -> Any:
    """
    Assert that a call raises an exception of a class whose text matches a regular expression.

    Parameters
    ----------
    exception_class : class or tuple of classes
        The class.
    expected_regexp : str or pattern
        What is searched for in the text.
    *args : callable and arguments
        Without them a context is returned.
    **kwargs : any
        Keyword arguments of the call.

    Raises
    ------
    AssertionError

    Examples
    --------
    >>> import wasmnp as np
    >>> np.testing.assert_raises_regex(ValueError, "invalid literal", int, "one")
    """
    __tracebackhide__ = True
    return _asserting.assertRaisesRegex(exception_class, expected_regexp, *args, **kwargs)


def decorate_methods(cls: type, decorator: Callable[[Any], Any], testmatch: Any = None) -> None:
    """
    Apply a decorator to the public methods of a class whose names match.

    Parameters
    ----------
    cls : type
        The class.
    decorator : callable
        The decorator.
    testmatch : str or pattern, optional
        What is searched for in the names; by default "test" at the beginning of a word.

    Examples
    --------
    >>> import wasmnp as np
    >>> class Cases:
    ...     def test_one(self):
    ...         return 1
    >>> np.testing.decorate_methods(Cases, lambda method: lambda self: 2 * method(self))
    >>> Cases().test_one()
    2
    """
    pattern = re.compile(rf"(?:^|[\\b_\\.{os.sep}-])[Tt]est") if testmatch is None else re.compile(testmatch)
    for name, member in list(vars(cls).items()):
        if isinstance(member, FunctionType) and not name.startswith("_") and pattern.search(name):
            setattr(cls, name, decorator(member))


def measure(code_str: str, times: int = 1, label: str | None = None) -> float:
    """
    Time that code takes, run in the namespace of the caller.

    Parameters
    ----------
    code_str : str
        The code.
    times : int
        How often it runs.
    label : str, optional
        What tracebacks call it.

    Returns
    -------
    float
        Seconds of processor time in all.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.testing.measure("sum(range(100))", times=10) >= 0
    True
    """
    frame = sys._getframe(1)
    code = compile(code_str, f"Test name: {label} ", "exec")
    start = time.process_time()
    for _ in range(times):
        exec(code, frame.f_globals, frame.f_locals)
    return time.process_time() - start


def runstring(astr: str, dict: dict[str, Any]) -> None:
    """
    Run code in a namespace.

    Parameters
    ----------
    astr : str
        The code.
    dict : dict
        The namespace.

    Examples
    --------
    >>> import wasmnp as np
    >>> names = {}
    >>> np.testing.runstring("x = 1 + 1", names)
    >>> names["x"]
    2
    """
    exec(astr, dict)


def rundocs(filename: str | None = None, raise_on_error: bool = True) -> None:
    """
    Run the examples in the docstrings of a file.

    Parameters
    ----------
    filename : str, optional
        The path of a Python file; by default that of the caller.
    raise_on_error : bool
        Raise if an example fails, else print.

    Raises
    ------
    AssertionError
        If an example fails.
    """
    import doctest
    import importlib.util

    if filename is None:
        filename = sys._getframe(1).f_globals["__file__"]
    name = os.path.splitext(os.path.basename(filename))[0]
    spec = importlib.util.spec_from_file_location(name, filename)
    assert spec is not None and spec.loader is not None, filename
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    runner = doctest.DocTestRunner(verbose=False)
    texts: list[str] = []
    for test in doctest.DocTestFinder().find(module):
        runner.run(test, out=texts.append if raise_on_error else None)
    if runner.failures and raise_on_error:
        raise AssertionError("Some doctests failed:\n" + "\n".join(texts))


@contextlib.contextmanager
def tempdir(*args: Any, **kwargs: Any) -> Iterator[str]:
    """
    A context with a new directory, which it deletes at its end.

    Parameters
    ----------
    *args, **kwargs : any
        As for ``tempfile.mkdtemp``.

    Returns
    -------
    context manager
        Gives the path.
    """
    path = tempfile.mkdtemp(*args, **kwargs)
    try:
        yield path
    finally:
        shutil.rmtree(path)


@contextlib.contextmanager
def temppath(*args: Any, **kwargs: Any) -> Iterator[str]:
    """
    A context with a new, closed file, which it deletes at its end.

    Parameters
    ----------
    *args, **kwargs : any
        As for ``tempfile.mkstemp``.

    Returns
    -------
    context manager
        Gives the path.
    """
    descriptor, path = tempfile.mkstemp(*args, **kwargs)
    os.close(descriptor)
    try:
        yield path
    finally:
        os.remove(path)


# ---- garbage

_MOST_COLLECTIONS = 100


@contextlib.contextmanager
def _assert_no_gc_cycles_context(name: str | None = None) -> Iterator[None]:
    __tracebackhide__ = True
    if not hasattr(sys, "getrefcount"):  # interpreters without reference counts need cycles to be collected
        yield
        return
    assert_gc_enabled = gc.isenabled()
    gc.disable()
    flags = gc.get_debug()
    try:
        for _ in range(_MOST_COLLECTIONS):
            if gc.collect() == 0:
                break
        else:
            raise RuntimeError(
                "Unable to fully collect garbage - perhaps a __del__ method is creating more reference cycles?"
            )
        gc.set_debug(gc.DEBUG_SAVEALL)
        yield
        # gc.collect counts unreachable objects; those that __del__ has made are not in gc.garbage.
        count = gc.collect()
        found = gc.garbage[:]
    finally:
        gc.set_debug(flags)
        gc.garbage.clear()
        if assert_gc_enabled:
            gc.enable()
    if count:
        import pprint

        listing = "".join(
            f"\n  {type(one).__name__} object with id={id(one)}:\n    " + pprint.pformat(one).replace("\n", "\n    ")
            for one in found
        )
        calling = "" if name is None else f" when calling {name}"
        raise AssertionError(
            f"Reference cycles were found{calling}: {count} objects were collected, "
            f"of which {len(found)} are shown below:{listing}"
        )


def assert_no_gc_cycles(*args: Any, **kwargs: Any) -> Any:
    """
    Assert that a call, or the body of a ``with`` statement, leaves no cycles of references behind.

    Parameters
    ----------
    *args : callable and arguments
        What to call; without it a context is returned.
    **kwargs : any
        Keyword arguments of the call.

    Raises
    ------
    AssertionError
        If there are cycles.
    RuntimeError
        If there is no end to garbage from before.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.testing.assert_no_gc_cycles(list, "abc")
    """
    if not args:
        return _assert_no_gc_cycles_context()
    function, *rest = args
    with _assert_no_gc_cycles_context(name=function.__name__):
        function(*rest, **kwargs)
    return None


def break_cycles() -> None:
    """
    Collect garbage, and what its finalizers have left.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.testing.break_cycles()
    """
    gc.collect()
    if not hasattr(sys, "getrefcount"):
        for _ in range(4):  # objects with finalizers take several rounds there
            gc.collect()


def run_threaded(
    func: Callable[..., Any],
    max_workers: int = 8,
    pass_count: bool = False,
    pass_barrier: bool = False,
    outer_iterations: int = 1,
    prepare_args: Callable[[], list[Any]] | None = None,
) -> None:
    """
    Run a function in several threads at once.

    Parameters
    ----------
    func : callable
        The function.
    max_workers : int
        The number of threads.
    pass_count : bool
        Whether the first argument is the number of the thread.
    pass_barrier : bool
        Whether the last argument is a ``threading.Barrier`` of all threads.
    outer_iterations : int
        How often this happens.
    prepare_args : callable, optional
        Makes a list of arguments that all threads share.

    Examples
    --------
    >>> import wasmnp as np
    >>> done = []
    >>> np.testing.run_threaded(done.append, max_workers=2, pass_count=True)
    >>> sorted(done)
    [0, 1]
    """
    for _ in range(outer_iterations):
        with concurrent.futures.ThreadPoolExecutor(max_workers=max_workers) as pool:
            shared = [] if prepare_args is None else prepare_args()
            barrier = threading.Barrier(max_workers) if pass_barrier else None
            futures = []
            try:
                for number in range(max_workers):
                    args = [*([number] if pass_count else []), *shared, *([barrier] if barrier else [])]
                    futures.append(pool.submit(func, *args))
            except RuntimeError as error:
                import pytest

                pytest.skip(f"cannot start {max_workers} threads: {error!r}")
            finally:
                if barrier is not None and len(futures) < max_workers:
                    barrier.abort()
            for future in futures:
                future.result()


# ---- helpers of NumPy's own tests


def _assert_valid_refcount(op: Callable[[Any, Any], Any]) -> bool | None:
    """Check that an operation of arrays of the object 1 counts its references."""
    if not hasattr(sys, "getrefcount"):
        return True
    base = arange(100 * 100).reshape(100, 100)
    other, one = base, 1
    count = sys.getrefcount(one)
    for _ in range(15):
        result = op(base, other)
    assert sys.getrefcount(one) >= count
    del result
    return None


def _gen_alignment_data(dtype: Any = float32, type: str = "binary", max_size: int = 24) -> Iterator[tuple[Any, ...]]:
    """Arrays whose data start at different offsets from a multiple of the alignment, some of them the same memory.

    Yields the output, the inputs (one for ``type="unary"``, else two) and a description.
    """
    operands = {"unary": 1, "binary": 2}[type] + 1
    label = "offset=({offsets}), size={size}, dtype={dtype}, {how}"

    def fresh(length: int, offset: int) -> Any:
        return arange(length, dtype=dtype)[offset:]

    def described(offsets: tuple[int, ...], size: int, how: str) -> str:
        text = ", ".join(map(str, offsets))
        return f"{type} " + label.format(offsets=text, size=size, dtype=dtype, how=how)

    for offset in range(3):
        for size in range(offset + 2, max(max_size, 3)):
            even = (offset,) * operands
            yield (
                empty(size, dtype=dtype)[offset:],
                *(fresh(size, offset) for _ in even[1:]),
                described(even, size, "out of place"),
            )
            for place in range(1, operands):
                inputs = [fresh(size, offset) for _ in even[1:]]
                how = "in place" if operands == 2 else f"in place{place}"
                yield inputs[place - 1], *inputs, described(even, size, how)
            # One of the operands starts one element later, and all have its length.
            later = [tuple(offset + (at == which) for at in range(operands)) for which in range(operands)]
            for how in ("out of place", "aliased"):
                order = later if how == "out of place" or operands == 3 else later[::-1]
                for offsets in order:
                    if how == "out of place":
                        memory = [empty(size, dtype=dtype), *(arange(size, dtype=dtype) for _ in offsets[1:])]
                    else:
                        memory = [arange(size, dtype=dtype)] * operands
                    length = size - offset - 1
                    yield (
                        *(one[at : at + length] for one, at in zip(memory, offsets, strict=True)),
                        described(offsets, size - 1, how),
                    )
