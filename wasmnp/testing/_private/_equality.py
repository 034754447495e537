"""Assertions about objects of any kind, and about single numbers."""

from __future__ import annotations

import contextlib
import math
import warnings
from typing import Any

from ..._core.multiarray import asarray, ndarray
from ..._core.numeric import isscalar
from ._comparison import assert_array_almost_equal, assert_array_equal
from ._messages import build_err_msg


def _has_parts(value: Any) -> bool:
    return isinstance(value, complex) or getattr(getattr(value, "dtype", None), "kind", "") == "c"


def _parts(value: Any) -> tuple[Any, Any]:
    if isinstance(value, list | tuple):
        value = asarray(value)
    return (value.real, value.imag) if hasattr(value, "real") else (value, 0)


def _is_complex(*values: Any) -> bool:
    for value in values:
        if _has_parts(value):
            return True
        if isinstance(value, list | tuple):
            with contextlib.suppress(ValueError, TypeError):
                if asarray(value).dtype.kind == "c":
                    return True
    return False


def _is_nan_value(value: Any) -> bool:
    """Whether one value is NaN or NaT: it differs from itself."""
    if not isscalar(value):
        return False
    with contextlib.suppress(TypeError, ValueError):
        return bool(value != value)
    return False


def _kind(value: Any) -> str:
    kind = getattr(getattr(value, "dtype", None), "kind", "f")
    return kind if kind in "mM" else "f"


def assert_equal(actual: Any, desired: Any, err_msg: str = "", verbose: bool = True, *, strict: bool = False) -> None:
    """
    Assert that two objects are equal: numbers, arrays, lists, tuples and dicts of them, or anything else.

    Parameters
    ----------
    actual, desired : any
        The objects. NaNs are equal to each other, and 0.0 and -0.0 are not.
    err_msg : str
        What the error says as well.
    verbose : bool
        Whether the error shows the objects.
    strict : bool
        Whether arrays must have the same shape and type.

    Raises
    ------
    AssertionError

    Examples
    --------
    >>> import wasmnp as np
    >>> np.testing.assert_equal({"a": [1, np.nan]}, {"a": [1, np.nan]})
    """
    __tracebackhide__ = True
    if isinstance(desired, dict):
        if not isinstance(actual, dict):
            raise AssertionError(repr(type(actual)))
        assert_equal(len(actual), len(desired), err_msg, verbose)
        for key, value in desired.items():
            if key not in actual:
                raise AssertionError(repr(key))
            assert_equal(actual[key], value, f"key={key!r}\n{err_msg}", verbose)
        return
    if isinstance(desired, list | tuple) and isinstance(actual, list | tuple):
        assert_equal(len(actual), len(desired), err_msg, verbose)
        for place, (left, right) in enumerate(zip(actual, desired, strict=True)):
            assert_equal(left, right, f"item={place!r}\n{err_msg}", verbose)
        return
    if isinstance(actual, ndarray) or isinstance(desired, ndarray):
        assert_array_equal(actual, desired, err_msg, verbose, strict=strict)
        return
    if not _equal_values(actual, desired):
        raise AssertionError(build_err_msg([actual, desired], err_msg, verbose=verbose))


def _equal_values(actual: Any, desired: Any) -> bool:
    if _is_complex(actual, desired):
        return all(_equal_values(left, right) for left, right in zip(_parts(actual), _parts(desired), strict=True))
    if isscalar(actual) != isscalar(desired):
        return False
    if _is_nan_value(actual) and _is_nan_value(desired):
        return _kind(actual) == _kind(desired)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "elementwise", DeprecationWarning)
        warnings.filterwarnings("ignore", "elementwise", FutureWarning)
        same = bool(actual == desired)
        if same and isscalar(actual):
            with contextlib.suppress(TypeError, ValueError, OverflowError):
                return desired != 0 or math.copysign(1, actual) == math.copysign(1, desired)
    return same


def assert_almost_equal(actual: Any, desired: Any, decimal: int = 7, err_msg: str = "", verbose: bool = True) -> None:
    """
    Assert that numbers are equal up to a decimal place: ``abs(desired - actual) < 1.5 * 10**-decimal``.

    Parameters
    ----------
    actual, desired : number or array_like
        The numbers; arrays are compared as by `assert_array_almost_equal`.
    decimal : int
        The decimal place.
    err_msg : str
        What the error says as well.
    verbose : bool
        Whether the error shows the numbers.

    Raises
    ------
    AssertionError

    Examples
    --------
    >>> import wasmnp as np
    >>> np.testing.assert_almost_equal(2.3333333333333, 2.33333334)
    """
    __tracebackhide__ = True

    def failure() -> AssertionError:
        header = f"Arrays are not almost equal to {decimal} decimals"
        return AssertionError(build_err_msg([actual, desired], err_msg, verbose=verbose, header=header))

    if _is_complex(actual, desired):
        try:
            for left, right in zip(_parts(actual), _parts(desired), strict=True):
                assert_almost_equal(left, right, decimal=decimal)
        except AssertionError:
            raise failure() from None
        return
    if isinstance(actual, ndarray | list | tuple) or isinstance(desired, ndarray | list | tuple):
        assert_array_almost_equal(actual, desired, decimal, err_msg)
        return
    with contextlib.suppress(NotImplementedError, TypeError):
        if not (math.isfinite(desired) and math.isfinite(actual)):
            if _is_nan_value(desired) or _is_nan_value(actual):
                if not (_is_nan_value(desired) and _is_nan_value(actual)):
                    raise failure()
            elif desired != actual:
                raise failure()
            return
    if abs(desired - actual) >= 1.5 * 10.0 ** (-decimal):
        raise failure()


def assert_approx_equal(
    actual: Any, desired: Any, significant: int = 7, err_msg: str = "", verbose: bool = True
) -> None:
    """
    Assert that two numbers are equal up to some significant digits.

    Parameters
    ----------
    actual, desired : number
        The numbers.
    significant : int
        The number of digits.
    err_msg : str
        What the error says as well.
    verbose : bool
        Whether the error shows the numbers.

    Raises
    ------
    AssertionError

    Examples
    --------
    >>> import wasmnp as np
    >>> np.testing.assert_approx_equal(0.123456777e-20, 0.1234567e-20)
    """
    __tracebackhide__ = True
    left, right = float(actual), float(desired)
    if left == right or (math.isnan(left) and math.isnan(right)):
        return
    middle = 0.5 * (abs(left) + abs(right))
    if math.isfinite(middle):
        scale = 10.0 ** math.floor(math.log10(middle))
        # Numbers below the smallest scale are not told apart.
        digits = [value / scale if scale else 0.0 for value in (left, right)]
        if abs(digits[1] - digits[0]) < 10.0 ** -(significant - 1):
            return
    header = f"Items are not equal to {significant} significant digits:"
    raise AssertionError(build_err_msg([left, right], err_msg, header=header, verbose=verbose))
