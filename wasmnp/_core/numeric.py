"""Creation functions and comparisons of arrays that are written in Python."""

from __future__ import annotations

import sys
import warnings
from typing import Any

from .._utils import set_module
from ._asarray import require
from ._axes import moveaxis, normalize_axis_index, normalize_axis_tuple, roll, rollaxis
from ._multiarray_umath import absolute as _absolute
from ._multiarray_umath import add, e, equal, euler_gamma, generic, less_equal, multiply, not_equal, pi, subtract
from ._number_text import base_repr, binary_repr
from ._selection import argwhere, count_nonzero, flatnonzero
from ._ufunc_config import errstate
from .fromnumeric import all as _all
from .multiarray import arange, asanyarray, asarray, empty, empty_like, frombuffer, ndarray, result_type, zeros
from .overrides import array_function_dispatch

newaxis = None
inf = float("inf")
nan = float("nan")
little_endian = sys.byteorder == "little"

__all__ = [
    "allclose",
    "argwhere",
    "array_equal",
    "array_equiv",
    "astype",
    "base_repr",
    "binary_repr",
    "count_nonzero",
    "e",
    "euler_gamma",
    "flatnonzero",
    "fromfunction",
    "full",
    "full_like",
    "identity",
    "indices",
    "inf",
    "isclose",
    "isfortran",
    "isscalar",
    "little_endian",
    "moveaxis",
    "nan",
    "newaxis",
    "normalize_axis_index",
    "normalize_axis_tuple",
    "ones",
    "ones_like",
    "pi",
    "require",
    "roll",
    "rollaxis",
    "zeros_like",
]


@array_function_dispatch()
def ones(shape: Any, dtype: Any = None, order: str = "C", *, device: str | None = None, like: Any = None) -> ndarray:
    """A new array of ones.

    Parameters
    ----------
    shape : int or sequence of ints
    dtype : dtype, optional
        Type of the elements; float64 by default.
    order : {'C', 'F'}
        Row-major or column-major memory.
    device : {None, 'cpu'}
        For the array API.
    like : array_like, optional
        Create through its ``__array_function__``.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> np.ones((2, 2))
    array([[1., 1.],
           [1., 1.]])
    """
    result = empty(shape, dtype, order, device=device)
    result.fill(1)
    return result


@array_function_dispatch()
def full(
    shape: Any, fill_value: Any, dtype: Any = None, order: str = "C", *, device: str | None = None, like: Any = None
) -> ndarray:
    """
    A new array filled with a value.

    Parameters
    ----------
    shape : int or sequence of ints
    fill_value : scalar or array_like
        Broadcast to the shape.
    dtype : dtype, optional
        Type of the elements; by default that of `fill_value`.
    order : {'C', 'F'}
        Row-major or column-major memory.
    device : {None, 'cpu'}
        For the array API.
    like : array_like, optional
        Create through its ``__array_function__``.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> np.full((2, 2), [1, 2])
    array([[1, 2],
           [1, 2]])
    """
    if dtype is None:
        fill_value = asarray(fill_value)
        dtype = fill_value.dtype
    result = empty(shape, dtype, order, device=device)
    _fill(result, fill_value)
    return result


def _fill(array: ndarray, value: Any) -> None:
    """Broadcast a value into an array; Python's integers must fit, everything else is cast."""
    array[...] = value if type(value) is int else asarray(value)


def _like_dispatcher(a, dtype=None, order=None, subok=None, shape=None, *, device=None):
    return (a,)


@array_function_dispatch(_like_dispatcher)
def zeros_like(
    a: Any,
    dtype: Any = None,
    order: str = "K",
    subok: bool = True,
    shape: Any = None,
    *,
    device: str | None = None,
) -> Any:
    """
    A new array of zeros, of the shape and type of another.

    Parameters
    ----------
    a : array_like
        Gives what the other arguments leave open.
    dtype : dtype, optional
        Another type of the elements.
    order : {'K', 'A', 'C', 'F'}
        Memory layout; K keeps the order of the axes of `a`.
    subok : bool
        Keep subclasses of ndarray.
    shape : int or sequence of ints, optional
        Another shape.
    device : {None, 'cpu'}
        For the array API.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> np.zeros_like([[1, 2], [3, 4]])
    array([[0, 0],
           [0, 0]])
    """
    result = empty_like(a, dtype, order, subok, shape, device=device)
    _fill(result, zeros((), result.dtype))  # of text: nothing, not a zero
    return result


@array_function_dispatch(_like_dispatcher)
def ones_like(
    a: Any,
    dtype: Any = None,
    order: str = "K",
    subok: bool = True,
    shape: Any = None,
    *,
    device: str | None = None,
) -> Any:
    """
    A new array of ones, of the shape and type of another.

    Parameters
    ----------
    a : array_like
        Gives what the other arguments leave open.
    dtype, order, subok, shape, device
        As for `zeros_like`.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> np.ones_like(np.arange(3.0))
    array([1., 1., 1.])
    """
    result = empty_like(a, dtype, order, subok, shape, device=device)
    _fill(result, 1)
    return result


def _full_like_dispatcher(a, fill_value, dtype=None, order=None, subok=None, shape=None, *, device=None):
    return (a,)


@array_function_dispatch(_full_like_dispatcher)
def full_like(
    a: Any,
    fill_value: Any,
    dtype: Any = None,
    order: str = "K",
    subok: bool = True,
    shape: Any = None,
    *,
    device: str | None = None,
) -> Any:
    """
    A new array filled with a value, of the shape and type of another.

    Parameters
    ----------
    a : array_like
        Gives what the other arguments leave open.
    fill_value : scalar or array_like
        Broadcast to the shape, and cast to the type.
    dtype, order, subok, shape, device
        As for `zeros_like`.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> np.full_like(np.arange(3), 7)
    array([7, 7, 7])
    """
    result = empty_like(a, dtype, order, subok, shape, device=device)
    _fill(result, fill_value)
    return result


_PYTHON_SCALARS = (int, float, complex, bool, bytes, str, memoryview)


@set_module()
def isscalar(element: Any) -> bool:
    """
    Whether an object is a scalar: a number of any kind, text, bytes or a scalar of an array. 0-d arrays are not.

    Parameters
    ----------
    element : any
        The object.

    Returns
    -------
    bool

    Examples
    --------
    >>> import wasmnp as np
    >>> np.isscalar(3.1), np.isscalar(np.float32(1)), np.isscalar(np.array(3.1)), np.isscalar("text")
    (True, True, False, True)
    """
    if isinstance(element, generic) or type(element) in _PYTHON_SCALARS:
        return True
    import numbers  # not before it is needed: it makes the import of the package slower

    return isinstance(element, numbers.Number)


def is_nan(x: Any) -> Any:
    """Where elements are NaN (in either part, for complex numbers); of any type that can be compared."""
    return not_equal(x, x)


def is_finite(x: Any) -> Any:
    """Where elements are neither infinite nor NaN, in both parts for complex numbers."""
    with errstate(invalid="ignore"):
        difference = subtract(x, x) if asarray(x).dtype.kind != "b" else x
    return equal(difference, difference)


def _close_dispatcher(a, b, rtol=None, atol=None, equal_nan=None):
    return a, b, rtol, atol


@array_function_dispatch(_close_dispatcher)
def isclose(a: Any, b: Any, rtol: Any = 1.0e-5, atol: Any = 1.0e-8, equal_nan: bool = False) -> Any:
    """
    Where two arrays are equal within a tolerance: ``abs(a - b) <= atol + rtol * abs(b)``.

    Infinities are close to themselves alone. `b` is the reference: the comparison is not symmetric.

    Parameters
    ----------
    a, b : array_like
        Arrays to compare, of shapes that broadcast.
    rtol : array_like
        Relative tolerance.
    atol : array_like
        Absolute tolerance; the default is too large for numbers that are much smaller than one.
    equal_nan : bool
        Whether NaNs are close to each other.

    Returns
    -------
    ndarray of bool, or bool
        A scalar if both are scalars.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.isclose([1e10, 1e-7], [1.00001e10, 1e-8])
    array([ True, False])
    >>> np.isclose([1.0, np.nan], [1.0, np.nan], equal_nan=True)
    array([ True,  True])
    """
    x, y, atol, rtol = (
        value if isinstance(value, int | float | complex) else asanyarray(value) for value in (a, b, atol, rtol)
    )
    # The difference of integers may overflow, and that of bools is refused: the reference is made inexact.
    if getattr(y, "dtype", None) is None or y.dtype.kind not in "fcm":
        y = float(y) if isinstance(y, int) else y if isinstance(y, float | complex) else y.astype(result_type(y, 1.0))
    with errstate(invalid="ignore"):
        close = less_equal(_absolute(subtract(x, y)), add(atol, multiply(rtol, _absolute(y))))
        close = add(multiply(close, is_finite(y)), equal(x, y))
        if equal_nan:
            close = add(close, multiply(is_nan(x), is_nan(y)))
    if not (_all(is_finite(rtol)) and _all(is_finite(atol))):
        warnings.warn(
            f"One of rtol or atol is not valid, atol: {atol}, rtol: {rtol}", category=RuntimeWarning, stacklevel=2
        )
    return close[()] if isinstance(close, ndarray) else close


@array_function_dispatch(_close_dispatcher)
def allclose(a: Any, b: Any, rtol: Any = 1.0e-5, atol: Any = 1.0e-8, equal_nan: bool = False) -> bool:
    """
    Whether two arrays are equal within a tolerance everywhere, as `isclose` has it.

    Parameters
    ----------
    a, b : array_like
        Arrays to compare, of shapes that broadcast.
    rtol, atol : array_like
        Relative and absolute tolerance.
    equal_nan : bool
        Whether NaNs are close to each other.

    Returns
    -------
    bool

    Examples
    --------
    >>> import wasmnp as np
    >>> np.allclose([1e10, 1e-8], [1.00001e10, 1e-9])
    True
    """
    return bool(_all(isclose(a, b, rtol=rtol, atol=atol, equal_nan=equal_nan)))


def _both_as_arrays(a: Any, b: Any) -> tuple[ndarray, ndarray] | None:
    try:
        return asarray(a), asarray(b)
    except Exception:  # what cannot be an array is equal to none
        return None


@array_function_dispatch(lambda a1, a2, equal_nan=None: (a1, a2))
def array_equal(a1: Any, a2: Any, equal_nan: bool = False) -> bool:
    """
    Whether two arrays have the same shape and the same elements.

    Parameters
    ----------
    a1, a2 : array_like
        Arrays to compare.
    equal_nan : bool
        Whether NaNs are equal to each other.

    Returns
    -------
    bool

    Examples
    --------
    >>> import wasmnp as np
    >>> np.array_equal([1, 2], [1, 2]), np.array_equal([1, 2], [[1, 2]])
    (True, False)
    """
    pair = _both_as_arrays(a1, a2)
    if pair is None or pair[0].shape != pair[1].shape:
        return False
    a, b = pair
    same = a == b
    if equal_nan:
        same = add(same, multiply(is_nan(a), is_nan(b)))
    return bool(_all(same))


@array_function_dispatch(lambda a1, a2: (a1, a2))
def array_equiv(a1: Any, a2: Any) -> bool:
    """
    Whether two arrays have the same elements after broadcasting one to the other.

    Parameters
    ----------
    a1, a2 : array_like
        Arrays to compare.

    Returns
    -------
    bool

    Examples
    --------
    >>> import wasmnp as np
    >>> np.array_equiv([1, 2], [[1, 2], [1, 2]]), np.array_equiv([1, 2], [1, 2, 3])
    (True, False)
    """
    pair = _both_as_arrays(a1, a2)
    if pair is None:
        return False
    try:
        same = pair[0] == pair[1]
    except ValueError:  # the shapes do not broadcast
        return False
    return bool(_all(same))


@array_function_dispatch(lambda x, dtype, /, *, copy=None, device=None: (x,))
def astype(x: Any, dtype: Any, /, *, copy: bool = True, device: str | None = None) -> Any:
    """
    An array or scalar as another data type.

    Parameters
    ----------
    x : ndarray or scalar
        What to cast.
    dtype : dtype
        The type to cast to.
    copy : bool
        Copy even if `x` has the type.
    device : {None, 'cpu'}
        For the array API.

    Returns
    -------
    ndarray or scalar

    Raises
    ------
    TypeError
        If `x` is neither.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.astype(np.array([1.5, 2.5]), np.int32)
    array([1, 2], dtype=int32)
    """
    if not isinstance(x, ndarray | generic):
        raise TypeError(f"Input should be a NumPy array or scalar. It is a {type(x)} instead.")
    if device is not None and device != "cpu":
        raise ValueError(f'Device not understood. Only "cpu" is allowed, but received: {device}')
    return x.astype(dtype, copy=copy)


def _frombuffer(buffer: Any, dtype: Any, shape: tuple[int, ...], order: str, axis_order: Any = None) -> ndarray:
    """Rebuild an array around the buffer of a protocol 5 pickle."""
    if axis_order is None:
        return frombuffer(buffer, dtype=dtype).reshape(shape, order=order)
    return (
        frombuffer(buffer, dtype=dtype)
        .reshape([shape[i] for i in axis_order])
        .transpose([axis_order.index(i) for i in range(len(axis_order))])
    )


@set_module()
def isfortran(a: Any) -> bool:
    """
    Whether an array is contiguous in column-major order and not in row-major order.

    Parameters
    ----------
    a : ndarray
        The array.

    Returns
    -------
    bool

    Examples
    --------
    >>> import wasmnp as np
    >>> np.isfortran(np.ones((2, 3), order="F")), np.isfortran(np.ones(3, order="F"))
    (True, False)
    """
    return a.flags.fnc


@array_function_dispatch()
def identity(n: int, dtype: Any = None, *, like: Any = None) -> ndarray:
    """
    A square array with ones on the diagonal and zeros elsewhere.

    Parameters
    ----------
    n : int
        Rows, and columns.
    dtype : dtype, optional
        Type of the elements; float64 by default.
    like : array_like, optional
        Create through its ``__array_function__``.

    Returns
    -------
    ndarray, shape (n, n)

    Examples
    --------
    >>> import wasmnp as np
    >>> np.identity(2)
    array([[1., 0.],
           [0., 1.]])
    """
    result = zeros((n, n), dtype)
    result.reshape(-1)[:: n + 1] = 1
    return result


@set_module()
def indices(dimensions: Any, dtype: Any = int, sparse: bool = False) -> Any:
    """
    Arrays that hold, at each place of a grid, its index along an axis.

    Parameters
    ----------
    dimensions : sequence of ints
        Shape of the grid.
    dtype : dtype
        Type of the result.
    sparse : bool
        Give arrays that broadcast to the grid instead of whole ones.

    Returns
    -------
    ndarray, shape (len(dimensions), *dimensions), or tuple of ndarrays

    Examples
    --------
    >>> import wasmnp as np
    >>> np.indices((2, 3))[0]
    array([[0, 0, 0],
           [1, 1, 1]])
    """
    shape = tuple(dimensions)
    count = len(shape)
    lines = [
        arange(extent, dtype=dtype).reshape((1,) * place + (extent,) + (1,) * (count - place - 1))
        for place, extent in enumerate(shape)
    ]
    if sparse:
        return tuple(lines)
    result = empty((count, *shape), dtype=dtype)
    for place, line in enumerate(lines):
        result[place] = line
    return result


@array_function_dispatch()
def fromfunction(function: Any, shape: Any, *, dtype: Any = float, like: Any = None, **kwargs: Any) -> Any:
    """
    What a function gives for the indices of all places of a grid.

    Parameters
    ----------
    function : callable
        Called once, with an array of indices for each axis.
    shape : tuple of ints
        Shape of the grid.
    dtype : dtype
        Type of the indices.
    like : array_like, optional
        Create through its ``__array_function__``.
    **kwargs
        Passed to the function.

    Returns
    -------
    any
        Whatever the function returns.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.fromfunction(lambda i, j: i + j, (2, 2), dtype=int)
    array([[0, 1],
           [1, 2]])
    """
    return function(*indices(shape, dtype=dtype), **kwargs)


def __getattr__(name: str) -> Any:
    # NumPy's module has the names of the whole core.
    from .. import _core

    return getattr(_core, name)
