"""Distances between floats in units of the last place."""

from __future__ import annotations

from typing import Any

from ..._core._ufunc_config import errstate
from ..._core.fromnumeric import all as _all
from ..._core.fromnumeric import max as _max
from ..._core.multiarray import array, asanyarray, asarray, ndarray, result_type
from ..._core.numeric import is_nan, zeros_like
from ..._core.umath import absolute, equal, less, maximum, subtract  # type: ignore[attr-defined]


def _spacing(x: ndarray) -> ndarray:
    """Distance from positive floats to their neighbours, away from zero where there is one."""
    bits = x.view(f"i{x.dtype.itemsize}")
    with errstate(all="ignore"):
        up = (bits + 1).view(x.dtype) - x
        result = array(up, copy=True)
        # The neighbour of the largest number is infinite, and its distance to the number below is the same.
        last = equal(up, float("inf"))
        subtract(x, (bits - 1).view(x.dtype), out=result, where=last)
    return result


def assert_array_almost_equal_nulp(x: Any, y: Any, nulp: float = 1) -> None:
    """
    Assert that two arrays differ by at most some spacings of floats.

    Parameters
    ----------
    x, y : array_like
        The arrays.
    nulp : float
        The number of spacings, those at the larger of the two magnitudes, that may lie between elements.

    Raises
    ------
    AssertionError

    Examples
    --------
    >>> import wasmnp as np
    >>> x = np.array([1.0, 1e-10])
    >>> np.testing.assert_array_almost_equal_nulp(x, x * (1 + 2.0**-52), nulp=2)
    """
    __tracebackhide__ = True
    first, second = asanyarray(x), asanyarray(y)
    larger = asarray(maximum(absolute(first), absolute(second)))
    if larger.dtype.kind != "f":
        larger = larger.astype("f8")
    with errstate(all="ignore"):
        near = _all(absolute(subtract(first, second)) <= nulp * _spacing(larger))
    if near:
        return
    if "c" in (first.dtype.kind, second.dtype.kind):
        raise AssertionError(f"Arrays are not equal to {nulp} ULP")
    raise AssertionError(f"Arrays are not equal to {nulp} ULP (max is {_max(nulp_diff(x, y)):g})")


def assert_array_max_ulp(a: Any, b: Any, maxulp: float = 1, dtype: Any = None) -> ndarray:
    """
    Assert that at most some floats lie between the elements of two arrays.

    Parameters
    ----------
    a, b : array_like
        The arrays.
    maxulp : float
        The number of steps from float to float that is allowed.
    dtype : dtype, optional
        The type of floats to count in; by default that of the arrays.

    Returns
    -------
    ndarray
        The distances.

    Raises
    ------
    AssertionError

    Examples
    --------
    >>> import wasmnp as np
    >>> np.testing.assert_array_max_ulp(np.array([1.0]), np.array([1.0 + 2.0**-52]))
    array([[1.]])
    """
    __tracebackhide__ = True
    distance = nulp_diff(a, b, dtype)
    if not _all(distance <= maxulp):
        raise AssertionError(
            f"Arrays are not almost equal up to {maxulp:g} ULP (max difference is {_max(distance):g} ULP)"
        )
    return distance


def nulp_diff(x: Any, y: Any, dtype: Any = None) -> ndarray:
    """
    How many steps from float to float lie between the elements of two arrays.

    Parameters
    ----------
    x, y : array_like
        The arrays; integers count as float64.
    dtype : dtype, optional
        The type of floats to count in.

    Returns
    -------
    ndarray
        As floats, with an axis in front. NaNs are equal to each other.

    Raises
    ------
    ValueError
        If the shapes differ.
    NotImplementedError
        For complex numbers.
    """
    first, second = (asarray(value, dtype=dtype) for value in (x, y))
    kind = result_type(*(value.dtype if value.dtype.kind in "fc" else "f8" for value in (first, second)))
    if kind.kind == "c":
        raise NotImplementedError("_nulp not implemented for complex array")
    first, second = array([first], dtype=kind), array([second], dtype=kind)
    if first.shape != second.shape:
        raise ValueError(f"Arrays do not have the same shape: {first.shape} - {second.shape}")
    for value in (first, second):
        nan = zeros_like(value)
        nan.fill(float("nan"))
        maximum(nan, nan, out=value, where=is_nan(value))  # one NaN for all
    return absolute(subtract(integer_repr(first), integer_repr(second)).astype(kind))


def integer_repr(x: ndarray) -> ndarray:
    """
    Integers in the order of floats: neighbouring floats become neighbouring integers, and -0.0 and 0.0 the same.

    Parameters
    ----------
    x : ndarray of floats

    Returns
    -------
    ndarray of integers
    """
    bits = x.view(f"i{x.dtype.itemsize}").copy()
    lowest = array(-(2 ** (8 * x.dtype.itemsize - 1)), dtype=bits.dtype)
    with errstate(all="ignore"):
        subtract(lowest, bits, out=bits, where=less(bits, 0))
    return bits
