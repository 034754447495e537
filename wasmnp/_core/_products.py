"""Products of whole arrays that are made of simpler ones."""

from __future__ import annotations

import math
import warnings
from typing import Any

from . import multiarray as _multiarray
from ._axes import moveaxis, normalize_axis_index, normalize_axis_tuple
from ._multiarray_umath import asarray, empty, multiply, promote_types, subtract
from .overrides import array_function_dispatch

__all__ = ["convolve", "correlate", "cross", "outer", "tensordot"]


@array_function_dispatch(lambda a, b, out=None: (a, b, out))
def outer(a: Any, b: Any, out: Any = None) -> Any:
    """
    Products of every element of one array with every element of another.

    Parameters
    ----------
    a : array_like
        M elements, in C order.
    b : array_like
        N elements, in C order.
    out : ndarray, optional
        Where to put the result.

    Returns
    -------
    ndarray, shape (M, N)

    Examples
    --------
    >>> import wasmnp as np
    >>> np.outer([1, 2], [3, 4])
    array([[3, 4],
           [6, 8]])
    """
    return multiply(asarray(a).ravel()[:, None], asarray(b).ravel()[None, :], out)


@array_function_dispatch(lambda a, b, axes=None: (a, b))
def tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    """
    Sum of products over axes of two arrays.

    Parameters
    ----------
    a, b : array_like
        The arrays.
    axes : int or (2,) array_like
        The axes of `a` and those of `b` to sum over, of equal lengths; of a number N the last N of `a` and the first N
        of `b`.

    Returns
    -------
    ndarray
        The other axes of `a`, then the other axes of `b`.

    Raises
    ------
    ValueError
        If the axes do not match.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.tensordot(np.ones((2, 3, 4)), np.ones((4, 3, 5)), axes=([1, 2], [1, 0])).shape
    (2, 5)
    """
    try:
        first, second = axes
    except TypeError:
        first, second = list(range(-axes, 0)), list(range(axes))
    first, second = ([one] if not hasattr(one, "__len__") else list(one) for one in (first, second))
    a, b = asarray(a), asarray(b)
    if len(first) != len(second) or any(
        not (-a.ndim <= i < a.ndim and -b.ndim <= j < b.ndim) or a.shape[i] != b.shape[j]
        for i, j in zip(first, second, strict=True)
    ):
        raise ValueError("shape-mismatch for sum")
    first, second = normalize_axis_tuple(first, a.ndim), normalize_axis_tuple(second, b.ndim)
    kept_a = [one for one in range(a.ndim) if one not in first]
    kept_b = [one for one in range(b.ndim) if one not in second]
    summed = math.prod(a.shape[one] for one in first)
    shape_a, shape_b = [a.shape[one] for one in kept_a], [b.shape[one] for one in kept_b]
    rows = a.transpose([*kept_a, *first]).reshape(math.prod(shape_a), summed)
    columns = b.transpose([*second, *kept_b]).reshape(summed, math.prod(shape_b))
    return _multiarray.dot(rows, columns).reshape(shape_a + shape_b)


@array_function_dispatch(lambda a, b, axisa=None, axisb=None, axisc=None, axis=None: (a, b))
def cross(a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None) -> Any:
    """
    Cross product of vectors in space.

    Parameters
    ----------
    a, b : array_like
        Vectors with 3 elements, of shapes that broadcast otherwise. Vectors with 2 elements are deprecated.
    axisa, axisb, axisc : int
        The axis of the vectors in `a`, in `b` and in the result.
    axis : int, optional
        All three of them.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If vectors have other lengths.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.cross([1, 2, 3], [4, 5, 6])
    array([-3,  6, -3])
    """
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = asarray(a), asarray(b)
    if a.ndim < 1 or b.ndim < 1:
        raise ValueError("At least one array has zero dimension")
    a = moveaxis(a, normalize_axis_index(axisa, a.ndim, "axisa"), -1)
    b = moveaxis(b, normalize_axis_index(axisb, b.ndim, "axisb"), -1)
    if a.shape[-1] not in (2, 3) or b.shape[-1] not in (2, 3):
        raise ValueError("incompatible dimensions for cross product\n(dimension must be 2 or 3)")
    if a.shape[-1] == 2 or b.shape[-1] == 2:
        warnings.warn(
            "Arrays of 2-dimensional vectors are deprecated. Use arrays of 3-dimensional vectors instead. "
            "(deprecated in NumPy 2.0)",
            DeprecationWarning,
            stacklevel=2,
        )
    kind = promote_types(a.dtype, b.dtype)
    a, b = a.astype(kind, copy=False), b.astype(kind, copy=False)
    planar = a.shape[-1] == b.shape[-1] == 2
    # The third part of a vector with two is zero, and products with it are left out.
    parts_a = [a[..., i] for i in range(a.shape[-1])]
    parts_b = [b[..., i] for i in range(b.shape[-1])]
    third = subtract(multiply(parts_a[0], parts_b[1]), multiply(parts_a[1], parts_b[0]))
    if planar:
        return third
    axisc = normalize_axis_index(axisc, third.ndim + 1, "axisc")
    result = empty((*third.shape, 3), dtype=kind)
    result[..., 2] = third
    for to, (i, j) in enumerate(((1, 2), (2, 0))):
        terms = [multiply(parts_a[m], parts_b[n]) for m, n in ((i, j), (j, i)) if m < len(parts_a) and n < len(parts_b)]
        if len(terms) == 2:
            subtract(*terms, out=result[..., to])
        else:  # a vector with two parts: one of the products is left
            positive = i < len(parts_a) and j < len(parts_b)
            result[..., to] = terms[0] if positive else -terms[0]
    return moveaxis(result, -1, axisc)


@array_function_dispatch(lambda a, v, mode=None: (a, v))
def correlate(a: Any, v: Any, mode: str = "valid") -> Any:
    """
    Cross-correlation of two sequences: ``c[k] = sum(a[n + k] * conj(v[n]))``, zeros beyond the ends.

    Parameters
    ----------
    a, v : array_like, 1-d
        The sequences.
    mode : {'valid', 'same', 'full'}
        As for `convolve`.

    Returns
    -------
    ndarray, 1-d

    Raises
    ------
    ValueError
        If a sequence is empty.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.correlate([1, 2, 3], [0, 1, 0.5])
    array([3.5])
    """
    return _multiarray.correlate2(a, v, mode)


@array_function_dispatch(lambda a, v, mode=None: (a, v))
def convolve(a: Any, v: Any, mode: str = "full") -> Any:
    """
    Convolution of two sequences: ``c[k] = sum(a[n] * v[k - n])``, zeros beyond the ends.

    Parameters
    ----------
    a, v : array_like, 1-d
        The sequences, of M and N elements.
    mode : {'full', 'same', 'valid'}
        ``'full'``: wherever they overlap, M + N - 1 elements; ``'same'``: the middle max(M, N) of them; ``'valid'``:
        where they overlap completely, max(M, N) - min(M, N) + 1.

    Returns
    -------
    ndarray, 1-d

    Raises
    ------
    ValueError
        If a sequence is empty.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.convolve([1, 2, 3], [0, 1, 0.5])
    array([0. , 1. , 2.5, 4. , 1.5])
    """
    a, v = (_multiarray.array(one, copy=None, ndmin=1) for one in (a, v))
    if len(v) > len(a):
        a, v = v, a
    if len(a) == 0:
        raise ValueError("a cannot be empty")
    if len(v) == 0:
        raise ValueError("v cannot be empty")
    return _multiarray.correlate(a, v[::-1], mode)
