"""Functions of the array API standard that others here stand for; arrays repeated, or laid out in memory as asked."""

from __future__ import annotations

import math
from typing import Any

from . import _multiarray_umath
from ._axes import normalize_axis_index
from ._multiarray_umath import add, array, asanyarray, empty, multiply
from .numeric import zeros_like
from .overrides import array_function_dispatch

__all__ = ["ascontiguousarray", "asfortranarray", "cumulative_prod", "cumulative_sum", "matrix_transpose", "resize"]


@array_function_dispatch()
def ascontiguousarray(a: Any, dtype: Any = None, *, like: Any = None) -> Any:
    """
    An array that is contiguous in row-major order and has at least one axis.

    Parameters
    ----------
    a : array_like
        What to convert; copied only if it must be.
    dtype : dtype, optional
        Type of the elements.
    like : array_like, optional
        Create through its ``__array_function__``.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> np.ascontiguousarray(np.ones((2, 3)).T).flags.c_contiguous
    True
    """
    return array(a, dtype=dtype, copy=None, order="C", ndmin=1)


@array_function_dispatch()
def asfortranarray(a: Any, dtype: Any = None, *, like: Any = None) -> Any:
    """
    An array that is contiguous in column-major order and has at least one axis.

    Parameters
    ----------
    a : array_like
        What to convert; copied only if it must be.
    dtype : dtype, optional
        Type of the elements.
    like : array_like, optional
        Create through its ``__array_function__``.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> np.asfortranarray(np.ones((2, 3))).flags.f_contiguous
    True
    """
    return array(a, dtype=dtype, copy=None, order="F", ndmin=1)


@array_function_dispatch(lambda x, /: (x,))
def matrix_transpose(x: Any, /) -> Any:
    """
    Matrices with rows and columns exchanged.

    Parameters
    ----------
    x : array_like, shape (..., M, N)
        The matrices.

    Returns
    -------
    ndarray, shape (..., N, M)
        A view.

    Raises
    ------
    ValueError
        If there are less than two axes.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.matrix_transpose([[1, 2], [3, 4]])
    array([[1, 3],
           [2, 4]])
    """
    x = asanyarray(x)
    if x.ndim < 2:
        raise ValueError(f"Input array must be at least 2-dimensional, but it is {x.ndim}")
    return x.swapaxes(-1, -2)


def _cumulated(x: Any, fold: Any, axis: Any, dtype: Any, out: Any, include_initial: bool) -> Any:
    x = array(x, copy=None, subok=True, ndmin=1)
    if axis is None:
        if x.ndim != 1:
            raise ValueError("For arrays which have more than one dimension ``axis`` argument is required.")
        axis = 0
    axis = normalize_axis_index(axis, x.ndim)
    if not include_initial:
        return fold.accumulate(x, axis=axis, dtype=dtype, out=out)
    if out is None:
        shape = (*x.shape[:axis], x.shape[axis] + 1, *x.shape[axis + 1 :])
        # The type of sums of narrow integers is wider.
        kind = fold.reduce(empty(0, x.dtype), dtype=dtype).dtype
        out = empty(shape, dtype=kind)
    before = (slice(None),) * axis
    out[(*before, 0)] = fold.identity
    if x.shape[axis]:
        fold.accumulate(x, axis=axis, dtype=dtype, out=out[(*before, slice(1, None))])
    return out


def _cumulative_dispatcher(x, /, *, axis=None, dtype=None, out=None, include_initial=None):
    return x, out


@array_function_dispatch(_cumulative_dispatcher)
def cumulative_sum(
    x: Any, /, *, axis: int | None = None, dtype: Any = None, out: Any = None, include_initial: bool = False
) -> Any:
    """
    Running sums along an axis.

    Parameters
    ----------
    x : array_like
        What to sum.
    axis : int, optional
        The axis; needed if there is more than one.
    dtype : dtype, optional
        The type to sum in.
    out : ndarray, optional
        Where to put the result.
    include_initial : bool
        Begin with zero, so that the axis gets longer by one.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If the axis is missing.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.cumulative_sum([1, 2, 3], include_initial=True)
    array([0, 1, 3, 6])
    """
    return _cumulated(x, add, axis, dtype, out, include_initial)


@array_function_dispatch(_cumulative_dispatcher)
def cumulative_prod(
    x: Any, /, *, axis: int | None = None, dtype: Any = None, out: Any = None, include_initial: bool = False
) -> Any:
    """
    Running products along an axis.

    Parameters
    ----------
    x : array_like
        What to multiply.
    axis, dtype, out
        As for `cumulative_sum`.
    include_initial : bool
        Begin with one, so that the axis gets longer by one.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If the axis is missing.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.cumulative_prod([1, 2, 3])
    array([1, 2, 6])
    """
    return _cumulated(x, multiply, axis, dtype, out, include_initial)


@array_function_dispatch(lambda a, new_shape: (a,))
def resize(a: Any, new_shape: Any) -> Any:
    """
    The elements of an array, repeated as often as needed, in another shape.

    Parameters
    ----------
    a : array_like
        The elements, in C order; zeros, if there are none.
    new_shape : int or tuple of ints
        The shape.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If an extent is negative.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.resize([0, 1, 2], (2, 2))
    array([[0, 1],
           [2, 0]])
    """
    shape = (new_shape,) if isinstance(new_shape, int) or hasattr(new_shape, "__index__") else tuple(new_shape)
    if any(extent < 0 for extent in shape):
        raise ValueError("all elements of `new_shape` must be non-negative")
    flat = asanyarray(a).ravel()
    size = math.prod(shape)
    if flat.size == 0 or size == 0:
        return zeros_like(a, shape=shape)
    result = _multiarray_umath.empty_like(flat, dtype=flat.dtype.newbyteorder("="), shape=(size,))
    whole = size - size % flat.size
    result[:whole].reshape(-1, flat.size)[...] = flat
    result[whole:] = flat[: size - whole]
    return result.reshape(shape)
