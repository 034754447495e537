"""Functions on arrays that need no machinery of their own."""

from __future__ import annotations

from typing import Any

from .. import _core as _nx
from .._core._axes import normalize_axis_tuple
from .._core._multiarray_umath import _place, array, asanyarray, asarray, ndarray
from .._core._selection import flatnonzero
from .._core.overrides import array_function_dispatch
from .._utils import set_module
from ._calculus_impl import diff, gradient, interp, trapezoid, unwrap
from ._insertion_impl import append, delete, insert, trim_zeros
from ._quantile_impl import (
    _lerp,  # noqa: F401
    _quantile_unchecked,  # noqa: F401
    _QuantileMethods,  # noqa: F401
    _ureduce,  # noqa: F401
    digitize,
    median,
    percentile,
    quantile,
)
from ._statistics_impl import average, corrcoef, cov
from ._stride_tricks_impl import broadcast_arrays, broadcast_shapes
from ._vectorize_impl import _parse_gufunc_signature, vectorize  # noqa: F401
from ._windows_impl import bartlett, blackman, hamming, hanning, i0, kaiser, sinc

__all__ = [
    "angle",
    "append",
    "asarray_chkfinite",
    "average",
    "bartlett",
    "blackman",
    "copy",
    "corrcoef",
    "cov",
    "delete",
    "diff",
    "digitize",
    "extract",
    "flip",
    "gradient",
    "hamming",
    "hanning",
    "i0",
    "insert",
    "interp",
    "iterable",
    "kaiser",
    "median",
    "meshgrid",
    "percentile",
    "piecewise",
    "place",
    "quantile",
    "rot90",
    "select",
    "sinc",
    "sort_complex",
    "trapezoid",
    "trim_zeros",
    "unwrap",
    "vectorize",
]


@array_function_dispatch(lambda condition, arr: (condition, arr))
def extract(condition: Any, arr: Any) -> Any:
    """
    The elements of an array where a condition holds.

    Parameters
    ----------
    condition : array_like
        Its elements in C order, zero or not.
    arr : array_like
        As many elements.

    Returns
    -------
    ndarray
        1-d.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.extract([True, False, True], [1, 2, 3])
    array([1, 3])
    """
    return asanyarray(arr).ravel().take(flatnonzero(condition))


@array_function_dispatch(lambda arr, mask, vals: (arr, mask, vals))
def place(arr: ndarray, mask: Any, vals: Any) -> None:
    """
    Set the elements where a mask is true to values that are used one after the other.

    Parameters
    ----------
    arr : ndarray
        The array to change.
    mask : array_like of bool
        As many elements as `arr`.
    vals : array_like
        Started again when used up.

    Raises
    ------
    ValueError
        If there are elements to set and no values.

    Examples
    --------
    >>> import wasmnp as np
    >>> a = np.arange(6).reshape(2, 3)
    >>> np.place(a, a > 2, [44, 55])
    >>> a
    array([[ 0,  1,  2],
           [44, 55, 44]])
    """
    return _place(arr, mask, vals)


@set_module()
def iterable(y: Any) -> bool:
    """
    Whether an object can be iterated over; 0-d arrays cannot.

    Parameters
    ----------
    y : any
        The object.

    Returns
    -------
    bool

    Examples
    --------
    >>> import wasmnp as np
    >>> np.iterable([1, 2]), np.iterable(2)
    (True, False)
    """
    try:
        iter(y)
    except TypeError:
        return False
    return True


@array_function_dispatch(lambda m, axis=None: (m,))
def flip(m: Any, axis: Any = None) -> Any:
    """
    An array with the order of elements along axes reversed.

    Parameters
    ----------
    m : array_like
        The array.
    axis : None, int or tuple of ints
        The axes; all by default.

    Returns
    -------
    ndarray
        A view.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.flip([[1, 2], [3, 4]], axis=1)
    array([[2, 1],
           [4, 3]])
    """
    if not hasattr(m, "ndim"):
        m = asarray(m)
    axes = range(m.ndim) if axis is None else normalize_axis_tuple(axis, m.ndim)
    return m[tuple(slice(None, None, -1) if one in axes else slice(None) for one in range(m.ndim))]


@array_function_dispatch(lambda m, k=None, axes=None: (m,))
def rot90(m: Any, k: int = 1, axes: Any = (0, 1)) -> Any:
    """
    An array turned by a quarter of a circle in the plane of two axes, from the first towards the second.

    Parameters
    ----------
    m : array_like
        At least 2-d.
    k : int
        How many quarters.
    axes : (2,) array_like of int
        The axes.

    Returns
    -------
    ndarray
        A view.

    Raises
    ------
    ValueError
        If there are not two different axes.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.rot90([[1, 2], [3, 4]])
    array([[2, 4],
           [1, 3]])
    """
    axes = tuple(axes)
    if len(axes) != 2:
        raise ValueError("len(axes) must be 2.")
    m = asanyarray(m)
    if axes[0] == axes[1] or abs(axes[0] - axes[1]) == m.ndim:
        raise ValueError("Axes must be different.")
    if any(not -m.ndim <= one < m.ndim for one in axes):
        raise ValueError(f"Axes={axes} out of range for array of ndim={m.ndim}.")
    k %= 4
    if k == 0:
        return m[:]
    if k == 2:
        return flip(m, axes)
    order = list(range(m.ndim))
    order[axes[0]], order[axes[1]] = order[axes[1]], order[axes[0]]
    if k == 1:
        return flip(m, axes[1]).transpose(order)
    return flip(m.transpose(order), axes[1])


@array_function_dispatch(lambda a, order=None, subok=None: (a,))
def copy(a: Any, order: str = "K", subok: bool = False) -> Any:
    """
    A copy of an array.

    Parameters
    ----------
    a : array_like
        The array.
    order : {'K', 'A', 'C', 'F'}
        Memory layout; K keeps the order of the axes of `a`.
    subok : bool
        Keep subclasses of ndarray.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> a = np.arange(2)
    >>> b = np.copy(a)
    >>> a[0] = 7
    >>> b
    array([0, 1])
    """
    return array(a, order=order, subok=subok, copy=True)


@array_function_dispatch(lambda *xi, copy=None, sparse=None, indexing=None: xi)
def meshgrid(*xi: Any, copy: bool = True, sparse: bool = False, indexing: str = "xy") -> tuple[Any, ...]:
    """
    Coordinates of a grid of points from those along each axis.

    Parameters
    ----------
    *xi : array_like, 1-d
        The coordinates along each axis.
    copy : bool
        Give arrays of their own; else views that show elements more than once.
    sparse : bool
        Give arrays that broadcast to the grid instead.
    indexing : {'xy', 'ij'}
        Whether the first coordinate runs along the second axis, as in plots, or along the first.

    Returns
    -------
    tuple of ndarray

    Raises
    ------
    ValueError
        For another `indexing`.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.meshgrid([1, 2, 3], [10, 20])
    (array([[1, 2, 3],
           [1, 2, 3]]), array([[10, 10, 10],
           [20, 20, 20]]))
    """
    if indexing not in ("xy", "ij"):
        raise ValueError("Valid values for `indexing` are 'xy' and 'ij'.")
    count = len(xi)
    result = [
        asanyarray(one).reshape((1,) * place + (-1,) + (1,) * (count - place - 1)) for place, one in enumerate(xi)
    ]
    if indexing == "xy" and count > 1:
        first, second = result[:2]
        result[0] = first.reshape((1, -1) + (1,) * (count - 2))
        result[1] = second.reshape((-1, 1) + (1,) * (count - 2))
    if not sparse:
        result = list(broadcast_arrays(*result, subok=True))
    return tuple(one.copy() for one in result) if copy else tuple(result)


@array_function_dispatch(lambda z, deg=None: (z,))
def angle(z: Any, deg: bool = False) -> Any:
    """
    Angles of complex numbers to the positive real axis.

    Parameters
    ----------
    z : array_like
        The numbers.
    deg : bool
        In degrees instead of radians.

    Returns
    -------
    ndarray or scalar
        From -pi to pi.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.angle([1, 1j, -1], deg=True)
    array([  0.,  90., 180.])
    """
    z = asanyarray(z)
    parts = (z.imag, z.real) if z.dtype.kind == "c" else (0, z)
    result = _nx.arctan2(*parts)
    if deg:
        result *= 180 / _nx.pi
    return result


@array_function_dispatch(lambda a: (a,))
def sort_complex(a: Any) -> Any:
    """
    A sorted copy of an array as complex numbers: by the real parts, then by the imaginary ones.

    Parameters
    ----------
    a : array_like
        The array, sorted along the last axis.

    Returns
    -------
    ndarray of complex

    Examples
    --------
    >>> import wasmnp as np
    >>> np.sort_complex([5, 3])
    array([3.+0.j, 5.+0.j])
    """
    b = array(a, copy=True)
    b.sort()
    if b.dtype.kind == "c":
        return b
    # Integers of 8 and 16 bits, and single precision, fit into complex numbers of single precision.
    return b.astype("F" if b.dtype.char in "bhBHf" else "G" if b.dtype.char == "g" else "D")


@set_module()
def asarray_chkfinite(a: Any, dtype: Any = None, order: str | None = None) -> ndarray:
    """
    An array that has neither infinities nor NaNs.

    Parameters
    ----------
    a : array_like
        What to convert.
    dtype : dtype, optional
        Type of the elements.
    order : {'C', 'F', 'A', 'K'}, optional
        Memory layout.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If there is one.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.asarray_chkfinite([1, 2])
    array([1, 2])
    """
    result = asarray(a, dtype=dtype, order=order)
    if result.dtype.kind in "fc" and not _nx.isfinite(result).all():
        raise ValueError("array must not contain infs or NaNs")
    return result


def _piecewise_dispatcher(x, condlist, funclist, *args, **kw):
    yield x
    if hasattr(condlist, "__iter__"):
        yield from condlist


@array_function_dispatch(_piecewise_dispatcher)
def piecewise(x: Any, condlist: Any, funclist: Any, *args: Any, **kw: Any) -> Any:
    """
    A function that is put together from others, each where a condition holds.

    Parameters
    ----------
    x : array_like
        Where.
    condlist : list of bool arrays, or one
        The conditions; the last that holds counts.
    funclist : list of callables or scalars
        The functions, called with the elements of `x`; one more than conditions stands for the rest.
    *args, **kw
        Passed to the functions.

    Returns
    -------
    ndarray
        Of the type of `x`; zero where no condition holds.

    Raises
    ------
    ValueError
        For another number of functions.

    Examples
    --------
    >>> import wasmnp as np
    >>> x = np.array([-2.0, 0.0, 3.0])
    >>> np.piecewise(x, [x < 0, x >= 0], [lambda x: -x, lambda x: x])
    array([2., 0., 3.])
    """
    x = asanyarray(x)
    if _nx.isscalar(condlist) or (not isinstance(condlist[0], list | ndarray) and x.ndim != 0):
        condlist = [condlist]
    conditions = asarray(condlist, dtype=bool)
    n = len(conditions)
    if n == len(funclist) - 1:
        rest = ~_nx.any(conditions, axis=0, keepdims=True)
        conditions = _nx.concatenate([conditions, rest], axis=0)
    elif n != len(funclist):
        raise ValueError(f"with {n} condition(s), either {n} or {n + 1} functions are expected")
    y = _nx.zeros_like(x)
    for condition, function in zip(conditions, funclist, strict=True):
        if not callable(function):
            y[condition] = function
        else:
            values = x[condition]
            if values.size > 0:
                y[condition] = function(values, *args, **kw)
    return y


def _select_dispatcher(condlist, choicelist, default=None):
    yield from condlist
    yield from choicelist


@array_function_dispatch(_select_dispatcher)
def select(condlist: Any, choicelist: Any, default: Any = 0) -> ndarray:
    """
    An array put together from several, each where a condition holds.

    Parameters
    ----------
    condlist : list of bool arrays
        The conditions; the first that holds counts.
    choicelist : list of arrays
        What is chosen; broadcast together with the conditions.
    default : array_like
        What stands where no condition holds.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If there are no conditions, or not as many choices.
    TypeError
        If conditions are not bools, or types have none in common.

    Examples
    --------
    >>> import wasmnp as np
    >>> x = np.arange(6)
    >>> np.select([x < 3, x > 3], [x, x**2], 42)
    array([ 0,  1,  2, 42, 16, 25])
    """
    if len(condlist) != len(choicelist):
        raise ValueError("list of cases must be same length as list of conditions")
    if len(condlist) == 0:
        raise ValueError("select with an empty condition list is not possible")
    choices = [one if type(one) in (int, float, complex) else asarray(one) for one in [*choicelist, default]]
    try:
        dtype = _nx.result_type(*choices)
    except TypeError as error:
        raise TypeError(f"Choicelist and default value do not have a common dtype: {error}") from None
    conditions = broadcast_arrays(*condlist)
    for number, one in enumerate(conditions):
        if one.dtype.kind != "b":
            raise TypeError(f"invalid entry {number} in condlist: should be boolean ndarray")
    choices = broadcast_arrays(*choices)
    shape = broadcast_shapes(conditions[0].shape, choices[0].shape)
    result = _nx.full(shape, choices[-1], dtype)
    for condition, choice in zip(conditions[::-1], choices[-2::-1], strict=True):
        _nx.copyto(result, choice, where=condition)
    return result
