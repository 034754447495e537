"""What tests need to know of the interpreter, the machine and its memory."""

from __future__ import annotations

import contextlib
import os
import pathlib
import platform
import re
import sys
import sysconfig
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from ..._core.multiarray import dtype

IS_WASM = platform.machine() in ("wasm32", "wasm64")
IS_PYPY = sys.implementation.name == "pypy"
IS_PYSTON = hasattr(sys, "pyston_version_info")
HAS_REFCOUNT = getattr(sys, "getrefcount", None) is not None and not IS_PYSTON
IS_64BIT = dtype("p").itemsize == 8
IS_MUSL = "musl" in str(sysconfig.get_config_var("HOST_GNU_TYPE") or "")
NOGIL_BUILD = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
NUMPY_ROOT = pathlib.Path(__file__).resolve().parents[2]
# Errors of floating point come from the computed flags of loops (errstate), in matrix products too.
BLAS_SUPPORTS_FPE = True
# The package has its own linear algebra, with indices of the machine's size.
HAS_LAPACK64 = IS_64BIT


def _distribution() -> tuple[bool, bool]:
    """Whether the package is installed, and whether that is an editable installation."""
    import importlib.metadata
    import json

    try:
        found = importlib.metadata.distribution(__name__.partition(".")[0])
    except importlib.metadata.PackageNotFoundError:
        return False, False
    text = found.read_text("direct_url.json")
    return True, bool(text and json.loads(text).get("dir_info", {}).get("editable", False))


IS_INSTALLED, IS_EDITABLE = _distribution()


def _get_glibc_version() -> str:
    """The version of the GNU C library, "0.0" where there is another."""
    with contextlib.suppress(AttributeError, OSError, ValueError):
        name, _, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").rpartition(" ")
        if name == "glibc":
            return version
    return "0.0"


def _glibc_older_than(x: str) -> bool:
    own = _get_glibc_version()
    return own != "0.0" and own < x


_SIZES = {
    "": 1,
    "b": 1,
    **{
        name: 10**power
        for power, letter in ((3, "k"), (6, "m"), (9, "g"), (12, "t"))
        for name in (letter, f"{letter}b")
    },
    **{f"{letter}ib": 2**power for power, letter in ((10, "k"), (20, "m"), (30, "g"), (40, "t"))},
}


def _parse_size(size_str: str) -> int:
    """Bytes that a text like "10 MB" or "1.5GiB" stands for."""
    units = "|".join(sorted(_SIZES, key=len, reverse=True))
    match = re.match(rf"^\s*(\d+|\d+\.\d+)\s*({units})\s*$", size_str, re.IGNORECASE)
    if match is None:
        raise ValueError(f"value {size_str!r} not a valid size")
    return int(float(match.group(1)) * _SIZES[match.group(2).lower()])


def _get_mem_available() -> int | None:
    """Bytes of memory that are free; None where that cannot be found out."""
    with contextlib.suppress(ImportError, AttributeError):
        import psutil

        return psutil.virtual_memory().available
    if sys.platform.startswith("linux"):
        sizes = {}
        with contextlib.suppress(OSError, ValueError, IndexError), open("/proc/meminfo") as lines:
            for line in lines:
                fields = line.split()
                sizes[fields[0].strip(":").lower()] = int(fields[1]) * 1024
        if "memavailable" in sizes:
            return sizes["memavailable"]
        if "memfree" in sizes:
            return sizes["memfree"] + sizes.get("cached", 0)
    return None


def check_free_memory(free_bytes: float) -> str | None:
    """
    Why a test that takes some memory cannot run, or None.

    Parameters
    ----------
    free_bytes : float
        What the test takes.

    Returns
    -------
    str or None
        The environment variable ``NPY_AVAILABLE_MEM``, for example "16 GB", overrules what the system says.
    """
    needed = f"{free_bytes / 1e9} GB memory required"
    given = os.environ.get("NPY_AVAILABLE_MEM")
    if given is not None:
        try:
            available: int | None = _parse_size(given)
        except ValueError as error:
            raise ValueError(f"Invalid environment variable NPY_AVAILABLE_MEM: {error}") from None
        message = f"{needed}, but environment variable NPY_AVAILABLE_MEM={given} set"
    else:
        available = _get_mem_available()
        if available is None:
            return f"Could not determine available memory; set NPY_AVAILABLE_MEM (for example 16GB) to run; {needed}"
        message = f"{needed}, but {available / 1e9} GB available"
    assert available is not None
    return message if available < free_bytes else None


def requires_memory(free_bytes: float) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """
    A decorator of tests that are skipped where memory is short, and may fail where it runs out.

    Parameters
    ----------
    free_bytes : float
        What the test takes.

    Returns
    -------
    callable
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def run(*args: Any, **kwargs: Any) -> Any:
            import pytest

            reason = check_free_memory(free_bytes)
            if reason is not None:
                pytest.skip(reason)
            try:
                return function(*args, **kwargs)
            except MemoryError:
                pytest.xfail("MemoryError raised")

        return run

    return decorate


def _no_tracing(func: Callable[..., Any]) -> Callable[..., Any]:
    """A function that runs without the trace function of debuggers and coverage."""
    if not hasattr(sys, "gettrace"):
        return func

    @wraps(func)
    def untraced(*args: Any, **kwargs: Any) -> Any:
        tracer = sys.gettrace()
        try:
            sys.settrace(None)
            return func(*args, **kwargs)
        finally:
            sys.settrace(tracer)

    return untraced


_STARTED = time.time()


def _process_field(number: int) -> int | None:
    with contextlib.suppress(OSError, ValueError, IndexError), open(f"/proc/{os.getpid()}/stat") as stat:
        return int(stat.readline().split(" ")[number])
    return None


def memusage() -> int | None:
    """
    Bytes of address space that the process takes; None where that cannot be found out.

    Returns
    -------
    int or None

    Examples
    --------
    >>> import wasmnp as np
    >>> np.testing.memusage() != 0
    True
    """
    return _process_field(22)


def jiffies() -> int:
    """
    Processor time of the process in hundredths of seconds; where that is unknown, time since the import.

    Returns
    -------
    int

    Examples
    --------
    >>> import wasmnp as np
    >>> np.testing.jiffies() >= 0
    True
    """
    used = _process_field(13)
    return int(100 * (time.time() - _STARTED)) if used is None else used


def check_support_sve() -> bool:
    """
    Whether the processor has the vector extension SVE of aarch64.

    Returns
    -------
    bool

    Examples
    --------
    >>> import wasmnp as np
    >>> np.testing.check_support_sve() in (True, False)
    True
    """
    with contextlib.suppress(OSError), open("/proc/cpuinfo") as lines:
        return any("sve" in line.split() for line in lines if line.startswith("Features"))
    return False
