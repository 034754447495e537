"""Assertions that compare numbers and arrays, and say where and how far they differ.

Bools are combined with ``add`` (or), ``multiply`` (and) and ``not_equal`` (exclusive or), which hold for every kind of
array that can be compared.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Sequence
from typing import Any

from ..._core._ufunc_config import errstate
from ..._core.arrayprint import array2string
from ..._core.multiarray import array, asanyarray, asarray, ndarray, result_type
from ..._core.numeric import is_nan, isclose
from ..._core.umath import absolute, add, equal, less, maximum, minimum, multiply  # type: ignore[attr-defined]
from ...lib._stride_tricks_impl import broadcast_to
from ._messages import build_err_msg

_SHOWN_MISMATCHES = 5


class _Mismatch(Exception):
    """Two arrays differ: what there is to say about it, and the parts of them that show it."""

    def __init__(self, remarks: str, shown: tuple[Any, Any] | None = None) -> None:
        self.remarks = remarks
        self.shown = shown


def _everywhere(result: Any) -> bool:
    """Whether a comparison is true of all elements; masked ones do not count."""
    if hasattr(result, "filled"):
        result = result.filled(True)
    return bool(multiply.reduce(_plain(result).astype("?"), axis=None, dtype="?"))


def _plain(value: Any) -> ndarray:
    return value.view(ndarray) if isinstance(value, ndarray) else asarray(value)


def _kept(values: Any, dropped: ndarray) -> Any:
    """The elements of an array that are not dropped, along one axis; a single value stays what it is."""
    if values.ndim == 0:
        return values
    return values[equal(dropped, False)]


def _same_places(x: Any, y: Any, test: Callable[[Any], Any], kind: str) -> Any:
    """Where both arrays hold special values; a mismatch unless these are the same places in both."""
    in_x, in_y = _plain(test(x)), _plain(test(y))
    if not _everywhere(_masked_like(equal(in_x, in_y), x, y)):
        raise _Mismatch(f"{kind} location mismatch:")
    return in_y if 0 in (in_x.ndim, in_y.ndim) else in_x


def _masked_like(result: Any, x: Any, y: Any) -> Any:
    """A comparison without the elements that are masked in either array."""
    masks = [value.mask for value in (x, y) if hasattr(value, "mask")]
    for mask in masks:
        result = add(result, mask)
    return result


def _is_infinite(x: Any) -> Any:
    """Where elements are infinite, in either part for complex numbers."""
    if getattr(x, "dtype", None) is not None and x.dtype.kind == "c":
        return add(_is_infinite(x.real), _is_infinite(x.imag))
    return equal(absolute(x), math.inf)


def _special_places(x: Any, y: Any, equal_nan: bool, equal_inf: bool) -> Any:
    """Where both arrays hold NaNs, and where both hold the same infinities: what is not compared as a number."""
    special: Any = asarray(False)
    if equal_nan and all(value.dtype.kind in "biufcmMO" for value in (x, y)):
        special = _same_places(x, y, is_nan, "nan")
    if equal_inf and all(value.dtype.kind in "biufc" for value in (x, y)):
        # A complex number with a NaN, which has been matched, is not looked at for its infinity.
        infinite = _same_places(
            x, y, lambda z: multiply(_is_infinite(z), equal(is_nan(z), False)) if equal_nan else _is_infinite(z), "inf"
        )
        if infinite.ndim == 0:
            if infinite and not _everywhere(equal(x, y)):
                raise _Mismatch("inf values mismatch:", (x, y))
        elif add.reduce(infinite, axis=None):
            finite = equal(infinite, False)
            if not _everywhere(_masked_like(add(equal(_plain(x), _plain(y)), finite), x, y)):
                raise _Mismatch("inf values mismatch:", (_kept(x, finite), _kept(y, finite)))
        special = add(special, infinite)
    return special


def _listed(x: Any, y: Any, wrong: ndarray, names: Sequence[str]) -> list[str]:
    """Lines that show the first mismatches with their places."""
    count = int(add.reduce(wrong, axis=None, dtype="p"))
    if count == 1:
        lines = ["Mismatch at index:"]
    elif count <= _SHOWN_MISMATCHES:
        lines = ["Mismatch at indices:"]
    else:
        lines = [f"First {_SHOWN_MISMATCHES} mismatches are at indices:"]
    sides = [broadcast_to(value, wrong.shape) for value in (_plain(x), _plain(y))]
    place = -1
    flags = wrong.ravel().tolist()
    for _ in range(min(count, _SHOWN_MISMATCHES)):
        place = flags.index(True, place + 1)
        index, rest = [], place
        for extent in reversed(wrong.shape):
            rest, at = divmod(rest, extent)
            index.insert(0, at)
        left, right = (side[tuple(index)].item() for side in sides)
        lines.append(f" {index}: {left} ({names[0]}), {right} ({names[1]})")
    return lines


def _distances(x: Any, y: Any, wrong: ndarray) -> list[str]:
    """Lines about the largest differences among the elements that are wrong; none where they cannot be subtracted."""
    lines = []
    with contextlib.suppress(TypeError), errstate(all="ignore"):
        left, right = _plain(x), _plain(y)
        # One of the two does not wrap for unsigned integers.
        distance = _plain(minimum(absolute(left - right), absolute(right - left)))
        shape = distance.shape
        wrong = broadcast_to(wrong, shape)
        lines.append(f"Max absolute difference among violations: {_largest(distance, wrong)}")
        scale = broadcast_to(_plain(absolute(right)), shape)
        # A subclass may answer this with one bool; differences relative to zero are then infinite.
        counted = multiply(wrong, _plain(y != 0))
        if add.reduce(_plain(counted), axis=None):
            relative: Any = _largest(distance / scale, _plain(counted))
        else:
            relative = array2string(array(math.inf))
        lines.append(f"Max relative difference among violations: {relative}")
    return lines


def _largest(values: Any, where: ndarray) -> str:
    chosen = _kept(_plain(values).ravel(), equal(_plain(where).ravel(), False)) if _plain(values).ndim else values
    return array2string(_plain(maximum.reduce(_plain(chosen), axis=None)))


def _compare(
    comparison: Callable[[Any, Any], Any], x: Any, y: Any, equal_nan: bool, equal_inf: bool, names: Sequence[str]
) -> None:
    """Raise `_Mismatch` unless the comparison holds for all pairs of elements."""
    special = _special_places(x, y, equal_nan, equal_inf)
    first, second = x, y
    some = bool(add.reduce(_plain(special), axis=None, dtype="?"))
    if some and special.ndim == 0:
        return
    if some:
        first, second = _kept(x, special), _kept(y, special)
        if 0 in (first.size, second.size):
            return
    result = comparison(first, second)
    holds = result if isinstance(result, bool) else _everywhere(result)
    if holds is True:
        return
    if isinstance(result, bool) or not hasattr(result, "ndim"):
        wrong = asarray(True)
    else:
        wrong = asarray(equal(_plain(result.filled(True) if hasattr(result, "filled") else result), False))
    total = max(x.size, y.size)
    shape = x.shape or y.shape
    if some and wrong.ndim:
        filled = iter(wrong.ravel().tolist())
        flags = broadcast_to(special, shape).ravel().tolist()
        wrong = array([False if flag else next(filled) for flag in flags], dtype="?").reshape(shape)
    count = int(add.reduce(wrong, axis=None, dtype="p")) if wrong.ndim else 1
    remarks = [f"Mismatched elements: {count} / {total} ({100 * count / total:.3g}%)"]
    if wrong.ndim:
        remarks += _listed(x, y, wrong, names)
    remarks += _distances(x, y, wrong)
    raise _Mismatch("\n".join(remarks))


def assert_array_compare(
    comparison: Callable[[Any, Any], Any],
    x: Any,
    y: Any,
    err_msg: str = "",
    verbose: bool = True,
    header: str = "",
    precision: int = 6,
    equal_nan: bool = True,
    equal_inf: bool = True,
    *,
    strict: bool = False,
    names: Sequence[str] = ("ACTUAL", "DESIRED"),
) -> None:
    """
    Assert that a comparison holds for all elements of two arrays of one shape.

    Parameters
    ----------
    comparison : callable
        Takes two arrays, and returns bools.
    x, y : array_like
        The arrays; one of them may be a scalar.
    err_msg : str
        What the error says as well.
    verbose : bool
        Whether the error shows the arrays.
    header : str
        The first line of the error.
    precision : int
        Digits of the arrays shown.
    equal_nan, equal_inf : bool
        Whether NaNs, and equal infinities, at the same places count as the same.
    strict : bool
        Whether shapes and types must be the same.
    names : sequence of str
        What the error calls the arrays.

    Raises
    ------
    AssertionError
        If it does not hold.
    ValueError
        If the comparison raises it.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.testing.assert_array_compare(np.less, [1, 2], [2, 3])
    """
    __tracebackhide__ = True
    x, y = asanyarray(x), asanyarray(y)
    shown: tuple[Any, Any] = (x, y)
    try:
        _check_shapes(x, y, strict)
        _compare(comparison, x, y, equal_nan, equal_inf, names)
    except _Mismatch as mismatch:
        text = f"{err_msg}\n{mismatch.remarks}"
        raise AssertionError(
            build_err_msg(
                mismatch.shown or shown, text, header=header, verbose=verbose, names=names, precision=precision
            )
        ) from None
    except ValueError:
        import traceback

        header = f"error during assertion:\n\n{traceback.format_exc()}\n\n{header}"
        raise ValueError(
            build_err_msg(shown, err_msg, header=header, verbose=verbose, names=names, precision=precision)
        ) from None


def _check_shapes(x: Any, y: Any, strict: bool) -> None:
    if strict:
        if x.shape != y.shape:
            raise _Mismatch(f"(shapes {x.shape}, {y.shape} mismatch)")
        if x.dtype != y.dtype:
            raise _Mismatch(f"(dtypes {x.dtype}, {y.dtype} mismatch)")
    elif x.shape and y.shape and x.shape != y.shape:
        raise _Mismatch(f"(shapes {x.shape}, {y.shape} mismatch)")


def assert_array_equal(
    actual: Any, desired: Any, err_msg: str = "", verbose: bool = True, *, strict: bool = False
) -> None:
    """
    Assert that two arrays are equal; NaNs are equal to each other.

    Parameters
    ----------
    actual, desired : array_like
        The arrays; a scalar is compared with every element.
    err_msg : str
        What the error says as well.
    verbose : bool
        Whether the error shows the arrays.
    strict : bool
        Whether shapes and types must be the same.

    Raises
    ------
    AssertionError

    Examples
    --------
    >>> import wasmnp as np
    >>> np.testing.assert_array_equal([1.0, np.nan], [1.0, np.nan])
    """
    __tracebackhide__ = True
    assert_array_compare(
        lambda a, b: a == b, actual, desired, err_msg, verbose, header="Arrays are not equal", strict=strict
    )


def assert_array_almost_equal(
    actual: Any, desired: Any, decimal: int = 6, err_msg: str = "", verbose: bool = True
) -> None:
    """
    Assert that arrays are equal up to a decimal place: ``abs(desired - actual) < 1.5 * 10**-decimal``.

    Parameters
    ----------
    actual, desired : array_like
        The arrays.
    decimal : int
        The decimal place.
    err_msg : str
        What the error says as well.
    verbose : bool
        Whether the error shows the arrays.

    Raises
    ------
    AssertionError

    Examples
    --------
    >>> import wasmnp as np
    >>> np.testing.assert_array_almost_equal([1.0, 2.3333], [1.0, 2.3334], decimal=3)
    """
    __tracebackhide__ = True

    def near(x: Any, y: Any) -> Any:
        y = asanyarray(y, dtype=result_type(y, 1.0))  # the difference of integers may overflow
        distance = absolute(x - y)
        if distance.dtype.kind not in "fc":
            distance = distance.astype("f8")
        return distance < 1.5 * 10.0 ** (-decimal)

    header = f"Arrays are not almost equal to {decimal} decimals"
    assert_array_compare(near, actual, desired, err_msg, verbose, header=header, precision=decimal)


def assert_array_less(x: Any, y: Any, err_msg: str = "", verbose: bool = True, *, strict: bool = False) -> None:
    """
    Assert that all elements of an array are less than those of another; NaNs must be at the same places.

    Parameters
    ----------
    x : array_like
        The smaller one.
    y : array_like
        The larger one.
    err_msg : str
        What the error says as well.
    verbose : bool
        Whether the error shows the arrays.
    strict : bool
        Whether shapes and types must be the same.

    Raises
    ------
    AssertionError

    Examples
    --------
    >>> import wasmnp as np
    >>> np.testing.assert_array_less([1.0, 1.0], [1.5, 2.0])
    """
    __tracebackhide__ = True
    assert_array_compare(
        less,
        x,
        y,
        err_msg,
        verbose,
        header="Arrays are not strictly ordered `x < y`",
        equal_inf=False,
        strict=strict,
        names=("x", "y"),
    )


def assert_allclose(
    actual: Any,
    desired: Any,
    rtol: float = 1e-7,
    atol: float = 0,
    equal_nan: bool = True,
    err_msg: str = "",
    verbose: bool = True,
    *,
    strict: bool = False,
) -> None:
    """
    Assert that arrays are equal within a tolerance: ``abs(actual - desired) <= atol + rtol * abs(desired)``.

    Parameters
    ----------
    actual, desired : array_like
        The arrays; a scalar is compared with every element.
    rtol, atol : float
        Relative and absolute tolerance.
    equal_nan : bool
        Whether NaNs are equal to each other.
    err_msg : str
        What the error says as well.
    verbose : bool
        Whether the error shows the arrays.
    strict : bool
        Whether shapes and types must be the same.

    Raises
    ------
    AssertionError

    Examples
    --------
    >>> import wasmnp as np
    >>> np.testing.assert_allclose([1e-5, 1e-3], [1.00001e-5, 1e-3], rtol=1e-4)
    """
    __tracebackhide__ = True

    def near(x: Any, y: Any) -> Any:
        return isclose(x, y, rtol=rtol, atol=atol, equal_nan=equal_nan)

    actual, desired = asanyarray(actual), asanyarray(desired)
    header = f"Not equal to tolerance rtol={rtol:g}, atol={atol:g}"
    assert_array_compare(
        near, actual, desired, str(err_msg), verbose, header=header, equal_nan=equal_nan, strict=strict
    )
