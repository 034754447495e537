"""Memory of arrays."""

from __future__ import annotations

from typing import Any

from .._core._axes import normalize_axis_index, normalize_axis_tuple
from .._core._multiarray_umath import data_address
from .._utils import set_module

__all__ = ["byte_bounds", "normalize_axis_index", "normalize_axis_tuple"]


@set_module("lib.array_utils")
def byte_bounds(a: Any) -> tuple[int, int]:
    """
    The first and the last address of the memory that an array shows.

    Parameters
    ----------
    a : ndarray
        The array.

    Returns
    -------
    tuple of int
        Address of the first byte, and of the one behind the last.

    Examples
    --------
    >>> import wasmnp as np
    >>> low, high = np.lib.array_utils.byte_bounds(np.zeros(3)[::-1])
    >>> high - low
    24
    """
    low = high = data_address(a)
    for extent, stride in zip(a.shape, a.strides, strict=True):
        if stride < 0:
            low += (extent - 1) * stride
        else:
            high += (extent - 1) * stride
    return low, high + a.itemsize
