"""Functions that do what methods of arrays do."""

from __future__ import annotations

from typing import Any

from .._globals import _NoValue
from ._axes import normalize_axis_tuple
from ._multiarray_umath import add, asanyarray, asarray, maximum, minimum, multiply, ndarray, ufunc
from ._selection import choose, compress, nonzero, put, repeat, take
from ._sorting import argmax, argmin, argpartition, argsort, cumprod, cumsum, partition, searchsorted, sort
from ._statistics import around, clip, diagonal, ptp, round, std, swapaxes, trace, var
from .overrides import array_function_dispatch

__all__ = [
    "all",
    "amax",
    "amin",
    "any",
    "argmax",
    "argmin",
    "argpartition",
    "argsort",
    "around",
    "choose",
    "clip",
    "compress",
    "cumprod",
    "cumsum",
    "diagonal",
    "max",
    "mean",
    "min",
    "ndim",
    "nonzero",
    "partition",
    "prod",
    "ptp",
    "put",
    "ravel",
    "repeat",
    "reshape",
    "round",
    "searchsorted",
    "shape",
    "size",
    "sort",
    "squeeze",
    "std",
    "sum",
    "swapaxes",
    "take",
    "trace",
    "transpose",
    "var",
]


def _reduced(a: Any, fold: ufunc, method: str, axis: Any, out: Any, options: dict[str, Any]) -> Any:
    """A reduction, by the method of ``a`` where that is an array of another kind, else by the ufunc."""
    given = {name: value for name, value in options.items() if value is not _NoValue}
    if type(a) is not ndarray:
        own = getattr(a, method, None)
        if own is not None:
            if given.get("dtype", 0) is None:
                del given["dtype"]
            return own(axis=axis, out=out, **given)
    return fold.reduce(asanyarray(a), axis=axis, out=out, **given)


def _sum_dispatcher(a, axis=None, dtype=None, out=None, keepdims=None, initial=None, where=None):
    return a, out


@array_function_dispatch(_sum_dispatcher)
def sum(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    keepdims: Any = _NoValue,
    initial: Any = _NoValue,
    where: Any = _NoValue,
) -> Any:
    """
    Sum of array elements over given axes.

    Floats are summed pairwise, in an order that depends on shape and layout alone.

    Parameters
    ----------
    a : array_like
        Elements to sum.
    axis : None, int or tuple of ints
        The axes to sum along; all by default.
    dtype : dtype, optional
        The type to sum in. Integers and bools are summed as int64 by default.
    out : ndarray, optional
        Where to put the result.
    keepdims : bool, optional
        Keep the axes with length 1.
    initial : scalar, optional
        What to start from.
    where : array_like of bool, optional
        The elements to include.

    Returns
    -------
    ndarray or scalar
        An array of the shape of `a` without the axes; a scalar if none is left.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.sum([[0, 1], [0, 5]], axis=0)
    array([0, 6])
    """
    options = {"dtype": dtype, "keepdims": keepdims, "initial": initial, "where": where}
    return _reduced(a, add, "sum", axis, out, options)


@array_function_dispatch(_sum_dispatcher)
def prod(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    keepdims: Any = _NoValue,
    initial: Any = _NoValue,
    where: Any = _NoValue,
) -> Any:
    """
    Product of array elements over given axes.

    Parameters
    ----------
    a : array_like
        Elements to multiply.
    axis : None, int or tuple of ints
        The axes to multiply along; all by default.
    dtype : dtype, optional
        The type to multiply in. Integers and bools are multiplied as int64 by default.
    out : ndarray, optional
        Where to put the result.
    keepdims : bool, optional
        Keep the axes with length 1.
    initial : scalar, optional
        What to start from.
    where : array_like of bool, optional
        The elements to include.

    Returns
    -------
    ndarray or scalar
        An array of the shape of `a` without the axes; a scalar if none is left.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.prod([[1.0, 2.0], [3.0, 4.0]], axis=1)
    array([ 2., 12.])
    """
    options = {"dtype": dtype, "keepdims": keepdims, "initial": initial, "where": where}
    return _reduced(a, multiply, "prod", axis, out, options)


def _extreme_dispatcher(a, axis=None, out=None, keepdims=None, initial=None, where=None):
    return a, out


@array_function_dispatch(_extreme_dispatcher)
def max(
    a: Any,
    axis: Any = None,
    out: Any = None,
    keepdims: Any = _NoValue,
    initial: Any = _NoValue,
    where: Any = _NoValue,
) -> Any:
    """
    Largest element along given axes; NaN if there is one.

    Parameters
    ----------
    a : array_like
        Elements to compare.
    axis : None, int or tuple of ints
        The axes to search along; all by default.
    out : ndarray, optional
        Where to put the result.
    keepdims : bool, optional
        Keep the axes with length 1.
    initial : scalar, optional
        A number that counts as well; needed where there may be no elements.
    where : array_like of bool, optional
        The elements to include.

    Returns
    -------
    ndarray or scalar
        An array of the shape of `a` without the axes; a scalar if none is left.

    Raises
    ------
    ValueError
        If there are no elements, and no `initial`.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.max([[0, 1], [2, 3]], axis=1)
    array([1, 3])
    """
    options = {"keepdims": keepdims, "initial": initial, "where": where}
    return _reduced(a, maximum, "max", axis, out, options)


@array_function_dispatch(_extreme_dispatcher)
def min(
    a: Any,
    axis: Any = None,
    out: Any = None,
    keepdims: Any = _NoValue,
    initial: Any = _NoValue,
    where: Any = _NoValue,
) -> Any:
    """
    Smallest element along given axes; NaN if there is one.

    Parameters
    ----------
    a : array_like
        Elements to compare.
    axis : None, int or tuple of ints
        The axes to search along; all by default.
    out : ndarray, optional
        Where to put the result.
    keepdims : bool, optional
        Keep the axes with length 1.
    initial : scalar, optional
        A number that counts as well; needed where there may be no elements.
    where : array_like of bool, optional
        The elements to include.

    Returns
    -------
    ndarray or scalar
        An array of the shape of `a` without the axes; a scalar if none is left.

    Raises
    ------
    ValueError
        If there are no elements, and no `initial`.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.min([[0, 1], [2, 3]], axis=1)
    array([0, 2])
    """
    options = {"keepdims": keepdims, "initial": initial, "where": where}
    return _reduced(a, minimum, "min", axis, out, options)


@array_function_dispatch(_extreme_dispatcher)
def amax(
    a: Any,
    axis: Any = None,
    out: Any = None,
    keepdims: Any = _NoValue,
    initial: Any = _NoValue,
    where: Any = _NoValue,
) -> Any:
    """
    Largest element along given axes: another name of `max`.

    Parameters
    ----------
    a, axis, out, keepdims, initial, where
        As for `max`.

    Returns
    -------
    ndarray or scalar

    Examples
    --------
    >>> import wasmnp as np
    >>> np.amax([[0, 1], [2, 3]], axis=0)
    array([2, 3])
    """
    options = {"keepdims": keepdims, "initial": initial, "where": where}
    return _reduced(a, maximum, "max", axis, out, options)


@array_function_dispatch(_extreme_dispatcher)
def amin(
    a: Any,
    axis: Any = None,
    out: Any = None,
    keepdims: Any = _NoValue,
    initial: Any = _NoValue,
    where: Any = _NoValue,
) -> Any:
    """
    Smallest element along given axes: another name of `min`.

    Parameters
    ----------
    a, axis, out, keepdims, initial, where
        As for `min`.

    Returns
    -------
    ndarray or scalar

    Examples
    --------
    >>> import wasmnp as np
    >>> np.amin([[0, 1], [2, 3]], axis=0)
    array([0, 1])
    """
    options = {"keepdims": keepdims, "initial": initial, "where": where}
    return _reduced(a, minimum, "min", axis, out, options)


def _mean_dispatcher(a, axis=None, dtype=None, out=None, keepdims=None, *, where=None):
    return a, where, out


@array_function_dispatch(_mean_dispatcher)
def mean(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    keepdims: Any = _NoValue,
    *,
    where: Any = _NoValue,
) -> Any:
    """
    Arithmetic mean along given axes.

    Parameters
    ----------
    a : array_like
        Elements whose mean is wanted.
    axis : None, int or tuple of ints
        The axes to go along; all by default.
    dtype : dtype, optional
        The type to compute in. Integers and bools are averaged as float64 by default.
    out : ndarray, optional
        Where to put the result.
    keepdims : bool, optional
        Keep the axes with length 1.
    where : array_like of bool, optional
        The elements to include.

    Returns
    -------
    ndarray or scalar
        An array of the shape of `a` without the axes; a scalar if none is left.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.mean([[1, 2], [3, 4]], axis=0)
    array([2., 3.])
    """
    options = {"keepdims": keepdims, "where": where}
    given = {name: value for name, value in options.items() if value is not _NoValue}
    return _method(a, "mean")(axis=axis, dtype=dtype, out=out, **given)


def _method(a: Any, name: str) -> Any:
    """The method of an array, or of what ``a`` is as an array."""
    return getattr(a if hasattr(a, name) else asanyarray(a), name)


def _logic_dispatcher(a, axis=None, out=None, keepdims=None, *, where=None):
    return a, where, out


@array_function_dispatch(_logic_dispatcher)
def any(a: Any, axis: Any = None, out: Any = None, keepdims: Any = _NoValue, *, where: Any = _NoValue) -> Any:
    """
    Whether some element along given axes is not zero.

    Parameters
    ----------
    a : array_like
        Elements to test; NaN is not zero.
    axis : None, int or tuple of ints
        The axes to go along; all by default.
    out : ndarray, optional
        Where to put the result.
    keepdims : bool, optional
        Keep the axes with length 1.
    where : array_like of bool, optional
        The elements to include.

    Returns
    -------
    ndarray or bool
        An array of the shape of `a` without the axes; a bool if none is left.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.any([[True, False], [False, False]], axis=1)
    array([ True, False])
    """
    options = {"keepdims": keepdims, "where": where}
    given = {name: value for name, value in options.items() if value is not _NoValue}
    return _method(a, "any")(axis=axis, out=out, **given)


@array_function_dispatch(_logic_dispatcher)
def all(a: Any, axis: Any = None, out: Any = None, keepdims: Any = _NoValue, *, where: Any = _NoValue) -> Any:
    """
    Whether no element along given axes is zero.

    Parameters
    ----------
    a : array_like
        Elements to test; NaN is not zero.
    axis : None, int or tuple of ints
        The axes to go along; all by default.
    out : ndarray, optional
        Where to put the result.
    keepdims : bool, optional
        Keep the axes with length 1.
    where : array_like of bool, optional
        The elements to include.

    Returns
    -------
    ndarray or bool
        An array of the shape of `a` without the axes; a bool if none is left.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.all([[True, False], [True, True]], axis=1)
    array([False,  True])
    """
    options = {"keepdims": keepdims, "where": where}
    given = {name: value for name, value in options.items() if value is not _NoValue}
    return _method(a, "all")(axis=axis, out=out, **given)


def _reshape_dispatcher(a, /, shape, order=None, *, copy=None):
    return (a,)


@array_function_dispatch(_reshape_dispatcher)
def reshape(a: Any, /, shape: Any, order: str = "C", *, copy: bool | None = None) -> Any:
    """
    The same elements in another shape.

    Parameters
    ----------
    a : array_like
        Array to reshape.
    shape : int or tuple of ints
        The new shape, of the same size; one extent may be -1, which stands for what is left.
    order : {'C', 'F', 'A'}
        The order in which elements are read and placed.
    copy : bool, optional
        Always copy, or never; by default where it cannot be avoided.

    Returns
    -------
    ndarray
        A view if possible.

    Raises
    ------
    ValueError
        If the sizes differ, or a copy would be needed and is not allowed.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.reshape([1, 2, 3, 4], (2, -1))
    array([[1, 2],
           [3, 4]])
    """
    if copy is None:
        return _method(a, "reshape")(shape, order=order)
    return _method(a, "reshape")(shape, order=order, copy=copy)


@array_function_dispatch(lambda a, order=None: (a,))
def ravel(a: Any, order: str = "C") -> Any:
    """
    The elements along one axis.

    Parameters
    ----------
    a : array_like
        Array to flatten.
    order : {'C', 'F', 'A', 'K'}
        The order in which elements are read.

    Returns
    -------
    ndarray
        A view if possible.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.ravel([[1, 2], [3, 4]])
    array([1, 2, 3, 4])
    """
    return _method(a, "ravel")(order=order)


@array_function_dispatch(lambda a, axes=None: (a,))
def transpose(a: Any, axes: Any = None) -> Any:
    """
    The array with its axes in another order.

    Parameters
    ----------
    a : array_like
        Array to transpose.
    axes : tuple of ints, optional
        For each axis of the result the axis of `a` that it is; by default all in reverse.

    Returns
    -------
    ndarray
        A view.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.transpose([[1, 2, 3]])
    array([[1],
           [2],
           [3]])
    """
    method = _method(a, "transpose")
    return method() if axes is None else method(axes)


@array_function_dispatch(lambda a, axis=None: (a,))
def squeeze(a: Any, axis: Any = None) -> Any:
    """
    The array without axes of length 1.

    Parameters
    ----------
    a : array_like
        Array to squeeze.
    axis : None, int or tuple of ints
        The axes to take out; all of length 1 by default.

    Returns
    -------
    ndarray
        A view.

    Raises
    ------
    ValueError
        If one of the axes has another length.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.squeeze([[[0], [1]]])
    array([0, 1])
    """
    method = _method(a, "squeeze")
    return method() if axis is None else method(axis=axis)


@array_function_dispatch(lambda a: (a,))
def ndim(a: Any) -> int:
    """
    Number of axes.

    Parameters
    ----------
    a : array_like
        Counted as an array if it has no ``ndim``.

    Returns
    -------
    int

    Examples
    --------
    >>> import wasmnp as np
    >>> np.ndim([[1, 2], [3, 4]]), np.ndim(1)
    (2, 0)
    """
    try:
        return a.ndim
    except AttributeError:
        return asarray(a).ndim


@array_function_dispatch(lambda a: (a,))
def shape(a: Any) -> tuple[int, ...]:
    """
    Lengths of the axes.

    Parameters
    ----------
    a : array_like
        Measured as an array if it has no ``shape``.

    Returns
    -------
    tuple of ints

    Examples
    --------
    >>> import wasmnp as np
    >>> np.shape([[1, 2, 3]])
    (1, 3)
    """
    try:
        return a.shape
    except AttributeError:
        return asarray(a).shape


@array_function_dispatch(lambda a, axis=None: (a,))
def size(a: Any, axis: Any = None) -> int:
    """
    Number of elements, or of places along given axes.

    Parameters
    ----------
    a : array_like
        Measured as an array if it has no ``size`` or ``shape``.
    axis : None, int or tuple of ints
        The axes to count along; all by default.

    Returns
    -------
    int

    Raises
    ------
    AxisError
        If there is no such axis.
    ValueError
        If an axis is named twice.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.size([[1, 2, 3], [4, 5, 6]]), np.size([[1, 2, 3], [4, 5, 6]], 1)
    (6, 3)
    """
    if axis is None:
        try:
            return a.size
        except AttributeError:
            return asarray(a).size
    extents = getattr(a, "shape", None)
    extents = asarray(a).shape if extents is None else extents
    count = 1
    for place in normalize_axis_tuple(axis, len(extents)):
        count *= extents[place]
    return count
