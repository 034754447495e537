"""Array methods that are written in Python."""

from __future__ import annotations

import warnings
from typing import Any

from ..exceptions import AxisError
from . import _multiarray_umath as umath
from ._multiarray_umath import asanyarray, ndarray

_BOOL, _INTP, _SINGLE, _DOUBLE = (umath.dtype(code) for code in "?pfd")


def _reduced_count(array: ndarray, axis: Any, keepdims: bool, where: Any) -> Any:
    """How many elements each result is made of: an intp, or an array where ``where`` leaves out some."""
    if where is not True:
        chosen = umath.asarray(where, dtype=_BOOL)
        counted = umath.add.reduce(_broadcast(chosen, array.shape), axis=axis, dtype=_INTP, out=None, keepdims=keepdims)
        return counted
    if axis is None:
        return _INTP.type(array.size)
    count = 1
    for one in axis if isinstance(axis, tuple) else (axis,):
        if not -array.ndim <= one < array.ndim:
            raise AxisError(one, array.ndim)
        count *= array.shape[one]
    return _INTP.type(count)


def _broadcast(array: ndarray, shape: tuple[int, ...]) -> ndarray:
    strides = (0,) * (len(shape) - array.ndim) + tuple(
        0 if extent == 1 else stride for extent, stride in zip(array.shape, array.strides, strict=True)
    )
    return umath._strided_view(array, shape, strides)


def _none_left(count: Any) -> bool:
    return bool((count == 0).any()) if isinstance(count, ndarray) else count == 0


def _divided(total: Any, count: Any, scalar: Any) -> Any:
    """``total / count``, into an array where there is one; ``scalar`` makes scalars of the right type."""
    if isinstance(total, ndarray):
        return umath.divide(total, count, out=total, casting="unsafe", subok=False)
    return scalar(total / count)


def _mean(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: ndarray | None = None,
    keepdims: bool = False,
    *,
    where: Any = True,
) -> Any:
    """Arithmetic mean: the pairwise sum over the count; integers are summed as float64, halves as float32."""
    array = asanyarray(a)
    half = False
    if dtype is None:
        if array.dtype.kind in "biu":
            dtype = _DOUBLE
        elif array.dtype.char == "e":
            dtype, half = _SINGLE, True
    count = _reduced_count(array, axis, keepdims, where)
    if _none_left(count):
        warnings.warn("Mean of empty slice", RuntimeWarning, stacklevel=2)
    total = umath.add.reduce(array, axis=axis, dtype=dtype, out=out, keepdims=keepdims, where=where)
    if isinstance(total, ndarray):
        result = _divided(total, count, None)
        return result.astype("e") if half and out is None else result
    if hasattr(total, "dtype"):
        return (array if half else total).dtype.type(total / count)
    return total / count


def _sum_of_squares(distance: Any, axis: Any, dtype: Any, out: ndarray | None, keepdims: bool, where: Any) -> Any:
    """Of the sizes of numbers, which may be overwritten."""
    distance = asanyarray(distance)
    if distance.dtype.kind in "biuf":
        squares = umath.square(distance, out=distance) if isinstance(distance, ndarray) else distance * distance
    elif distance.dtype.kind == "c":
        squares = umath.square(distance.real) + umath.square(distance.imag)
    else:
        squares = umath.multiply(distance, umath.conjugate(distance)).real
    return umath.add.reduce(squares, axis=axis, dtype=dtype, out=out, keepdims=keepdims, where=where)


def _var(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: ndarray | None = None,
    ddof: Any = 0,
    keepdims: bool = False,
    *,
    where: Any = True,
    mean: Any = None,
) -> Any:
    """Mean of the squared distances from the mean, in two passes."""
    array = asanyarray(a)
    count = _reduced_count(array, axis, keepdims, where)
    few = (ddof >= count).any() if isinstance(count, ndarray) else ddof >= count
    if few:
        warnings.warn("Degrees of freedom <= 0 for slice", RuntimeWarning, stacklevel=2)
    if dtype is None and array.dtype.kind in "biu":
        dtype = _DOUBLE
    if mean is not None:
        center = mean
    else:
        center = umath.add.reduce(array, axis=axis, dtype=dtype, out=None, keepdims=True, where=where)
        divisor = count
        if isinstance(count, ndarray) and not keepdims:
            divisor = _reduced_count(array, axis, True, where)
        if isinstance(center, ndarray):
            center = umath.divide(center, divisor, out=center, casting="unsafe", subok=False)
        elif hasattr(center, "dtype"):
            center = center.dtype.type(center / divisor)
        else:
            center = center / divisor
    total = None
    if mean is None and where is True and dtype is None and out is None and axis in (None, -1, array.ndim - 1):
        total = umath._squares_around(array, center)
    if total is not None:
        kept = array.shape[:-1] if axis is not None else ()
        total = total.reshape(center.shape if keepdims else kept)[()]
    else:
        total = _sum_of_squares(umath.subtract(array, center), axis, dtype, out, keepdims, where)
    left = count - ddof
    left = umath.maximum(left, 0) if isinstance(left, ndarray) else max(left, 0)
    if isinstance(total, ndarray):
        return umath.divide(total, left, out=total, casting="unsafe", subok=False)
    return total.dtype.type(total / left) if hasattr(total, "dtype") else total / left


def _std(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: ndarray | None = None,
    ddof: Any = 0,
    keepdims: bool = False,
    *,
    where: Any = True,
    mean: Any = None,
) -> Any:
    """Square root of the variance."""
    result = _var(a, axis=axis, dtype=dtype, out=out, ddof=ddof, keepdims=keepdims, where=where, mean=mean)
    if isinstance(result, ndarray):
        return umath.sqrt(result, out=result)
    return result.dtype.type(umath.sqrt(result)) if hasattr(result, "dtype") else umath.sqrt(result)


def _ptp(a: Any, axis: Any = None, out: ndarray | None = None, keepdims: bool = False) -> Any:
    """Largest less smallest."""
    return umath.subtract(
        umath.maximum.reduce(a, axis, None, out, keepdims), umath.minimum.reduce(a, axis, None, None, keepdims), out
    )


def _clip(a: Any, min: Any = None, max: Any = None, out: ndarray | None = None, **kwargs: Any) -> Any:
    """Elements brought between two limits; None, or an int beyond the type of the elements, is no limit."""
    kind = a.dtype
    if kind.kind in "iu":
        bits = 8 * kind.itemsize
        low, high = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if kind.kind == "i" else (0, (1 << bits) - 1)
        if type(min) is int and min <= low:
            min = None
        if type(max) is int and max >= high:
            max = None
    if kind.char == "O" and min is not None and max is not None:
        return umath.clip(a, min, max, out=out, **kwargs)
    if min is None and max is None:
        return umath.positive(a, out=out, **kwargs)
    if min is None:
        return umath.minimum(a, max, out=out, **kwargs)
    if max is None:
        return umath.maximum(a, min, out=out, **kwargs)
    return umath.minimum(umath.maximum(a, min, **kwargs), max, out=out, **kwargs)


def _round(a: ndarray, decimals: Any = 0, out: ndarray | None = None) -> Any:
    """Scaled by a power of ten, rounded half to even, and scaled back."""
    decimals = decimals.__index__()
    if out is not None and not isinstance(out, ndarray):
        raise TypeError("return arrays must be of ArrayType")
    integral = a.dtype.kind in "iu"
    if a.dtype.kind == "c":
        result = a.copy("K") if out is None else out
        result.real = _round(a.real, decimals)
        result.imag = _round(a.imag, decimals)
        return result if out is not None or a.ndim else result[()]
    if integral and decimals >= 0:
        if out is None:
            return a.copy("K") if a.ndim else a[()]
        out[...] = a
        return out
    if decimals == 0:
        return umath.rint(a, out=out)
    scale, first, second = 10.0 ** abs(decimals), umath.multiply, umath.divide
    if decimals < 0:
        first, second = second, first
    result = umath.empty_like(a, dtype=_DOUBLE if integral else a.dtype) if out is None else out
    casting = "unsafe" if integral else "same_kind"
    first(a, scale, out=result, casting=casting)
    umath.rint(result, out=result, casting=casting)
    second(result, scale, out=result, casting=casting)
    if integral and out is None:
        result = result.astype(a.dtype)
    return result if out is not None or a.ndim else result[()]


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
