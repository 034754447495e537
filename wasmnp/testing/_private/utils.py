"""Everything of the package under the module path that NumPy's own tests import from."""

from ._comparison import (
    assert_allclose,
    assert_array_almost_equal,
    assert_array_compare,
    assert_array_equal,
    assert_array_less,
)
from ._environment import (
    BLAS_SUPPORTS_FPE,
    HAS_LAPACK64,
    HAS_REFCOUNT,
    IS_64BIT,
    IS_EDITABLE,
    IS_INSTALLED,
    IS_MUSL,
    IS_PYPY,
    IS_PYSTON,
    IS_WASM,
    NOGIL_BUILD,
    NUMPY_ROOT,
    check_support_sve,
    jiffies,
    memusage,
)
from ._environment import _get_glibc_version as _get_glibc_version
from ._environment import _get_mem_available as _get_mem_available
from ._environment import _glibc_older_than as _glibc_older_than
from ._environment import _no_tracing as _no_tracing
from ._environment import _parse_size as _parse_size
from ._environment import check_free_memory as check_free_memory
from ._environment import requires_memory as requires_memory
from ._equality import assert_almost_equal, assert_approx_equal, assert_equal
from ._execution import (
    IgnoreException,
    KnownFailureException,
    SkipTest,
    assert_no_gc_cycles,
    assert_raises,
    assert_raises_regex,
    break_cycles,
    decorate_methods,
    measure,
    run_threaded,
    rundocs,
    runstring,
    tempdir,
    temppath,
    verbose,
)
from ._execution import _assert_valid_refcount as _assert_valid_refcount
from ._execution import _gen_alignment_data as _gen_alignment_data
from ._messages import assert_, assert_string_equal, build_err_msg, print_assert_equal
from ._ulp import assert_array_almost_equal_nulp, assert_array_max_ulp
from ._ulp import integer_repr as integer_repr
from ._ulp import nulp_diff as nulp_diff
from ._warnings import assert_no_warnings, assert_warns, clear_and_catch_warnings, suppress_warnings

KnownFailureTest = KnownFailureException

__all__ = [
    "BLAS_SUPPORTS_FPE",
    "HAS_LAPACK64",
    "HAS_REFCOUNT",
    "IS_64BIT",
    "IS_EDITABLE",
    "IS_INSTALLED",
    "IS_MUSL",
    "IS_PYPY",
    "IS_PYSTON",
    "IS_WASM",
    "NOGIL_BUILD",
    "NUMPY_ROOT",
    "IgnoreException",
    "KnownFailureException",
    "SkipTest",
    "assert_",
    "assert_allclose",
    "assert_almost_equal",
    "assert_approx_equal",
    "assert_array_almost_equal",
    "assert_array_almost_equal_nulp",
    "assert_array_compare",
    "assert_array_equal",
    "assert_array_less",
    "assert_array_max_ulp",
    "assert_equal",
    "assert_no_gc_cycles",
    "assert_no_warnings",
    "assert_raises",
    "assert_raises_regex",
    "assert_string_equal",
    "assert_warns",
    "break_cycles",
    "build_err_msg",
    "check_support_sve",
    "clear_and_catch_warnings",
    "decorate_methods",
    "jiffies",
    "measure",
    "memusage",
    "print_assert_equal",
    "run_threaded",
    "rundocs",
    "runstring",
    "suppress_warnings",
    "tempdir",
    "temppath",
    "verbose",
]
