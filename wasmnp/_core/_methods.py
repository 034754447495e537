"""Array methods that are written in Python."""

from __future__ import annotations

import warnings
from typing import Any

from ..exceptions import AxisError
from . import _multiarray_umath as umath
from ._multiarray_umath import asanyarray, ndarray


def _reduced_count(array: ndarray, axis: Any) -> int:
    if axis is None:
        return array.size
    count = 1
    for one in axis if isinstance(axis, tuple) else (axis,):
        if not -array.ndim <= one < array.ndim:
            raise AxisError(one, array.ndim)
        count *= array.shape[one]
    return count


def _mean(a: Any, axis: Any = None, dtype: Any = None, out: ndarray | None = None, keepdims: bool = False) -> Any:
    """Arithmetic mean: the pairwise sum over the count; integers are summed as float64, halves as float32."""
    array = asanyarray(a)
    if dtype is None and array.dtype.kind in "biu":
        dtype = umath.dtype("f8")
    half = dtype is None and array.dtype.char == "e"
    if half:
        dtype = umath.dtype("f4")
    count = _reduced_count(array, axis)
    if count == 0:
        warnings.warn("Mean of empty slice", RuntimeWarning, stacklevel=2)
    total = umath.add.reduce(array, axis=axis, dtype=dtype, out=out, keepdims=keepdims)
    if isinstance(total, ndarray):
        result: Any = umath.divide(total, count, out=total, casting="unsafe", subok=False)
        return result.astype("e") if half and out is None else result
    result = total.dtype.type(total / count)
    return array.dtype.type(result) if half else result


_BOOL = umath.dtype("?")


def _truths(a: Any, axis: Any, out: ndarray | None, keepdims: bool, where: Any, fold: Any) -> Any:
    options = {} if where is True else {"where": where}
    truths = asanyarray(a).astype(_BOOL, copy=False)
    return fold.reduce(truths, axis=axis, dtype=_BOOL, out=out, keepdims=keepdims, **options)


def _any(a: Any, axis: Any = None, out: ndarray | None = None, keepdims: bool = False, *, where: Any = True) -> Any:
    """Whether some element is not zero: the sum of bools."""
    return _truths(a, axis, out, keepdims, where, umath.add)


def _all(a: Any, axis: Any = None, out: ndarray | None = None, keepdims: bool = False, *, where: Any = True) -> Any:
    """Whether no element is zero: the product of bools."""
    return _truths(a, axis, out, keepdims, where, umath.multiply)
