"""Ranges of numbers between two ends."""

from __future__ import annotations

import operator
from typing import Any

from .. import _core as _nx
from ._axes import moveaxis
from ._conversion import _array_converter
from .multiarray import arange, asanyarray, result_type
from .overrides import array_function_dispatch

__all__ = ["geomspace", "linspace", "logspace"]


def _linspace_dispatcher(start, stop, num=None, endpoint=None, retstep=None, dtype=None, axis=None, *, device=None):
    return start, stop


@array_function_dispatch(_linspace_dispatcher)
def linspace(
    start: Any,
    stop: Any,
    num: Any = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: Any = None,
    axis: int = 0,
    *,
    device: str | None = None,
) -> Any:
    """
    Numbers at even distances between two ends.

    Parameters
    ----------
    start, stop : array_like
        The ends; of arrays every pair.
    num : int
        How many numbers.
    endpoint : bool
        Whether `stop` is the last of them.
    retstep : bool
        Return the distance, too.
    dtype : dtype, optional
        Type of the result, by default inexact; integers are rounded down.
    axis : int
        Where the numbers lie in the result, if the ends are arrays.
    device : {None, 'cpu'}
        For the array API.

    Returns
    -------
    ndarray, or tuple of ndarray and float or ndarray

    Raises
    ------
    ValueError
        If `num` is negative.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.linspace(2.0, 3.0, num=5)
    array([2.  , 2.25, 2.5 , 2.75, 3.  ])
    """
    num = operator.index(num)
    if num < 0:
        raise ValueError(f"Number of samples, {num}, must be non-negative.")
    parts = num - 1 if endpoint else num
    if type(start) in _NUMBERS and type(stop) in _NUMBERS and dtype is None:
        return _between_numbers(float(start), float(stop), num, parts, endpoint, retstep, device)
    converter = _array_converter(start, stop)
    start, stop = converter.as_arrays()
    computed = converter.result_type(ensure_inexact=True)
    dtype = computed if dtype is None else _nx.dtype(dtype)
    delta = asanyarray(_nx.subtract(stop, start, dtype=computed))
    counts = arange(0, num, dtype=computed, device=device).reshape((-1,) + (1,) * delta.ndim)
    if parts > 0:
        step = delta / parts
        # A distance that underflows to zero is multiplied first: its multiples need not be zero.
        y = counts / parts * delta if _nx.any(step == 0) else counts * step
    else:
        step = _nx.nan
        y = counts * delta
    y = y + start
    if endpoint and num > 1:
        y[-1, ...] = stop
    if axis != 0:
        y = moveaxis(y, 0, axis)
    if dtype.kind in "iu":
        _nx.floor(y, out=y)
    y = converter.wrap(y.astype(dtype, copy=False), to_scalar=False)
    return (y, step) if retstep else y


_NUMBERS = (int, float)


def _between_numbers(
    start: float, stop: float, num: int, parts: int, endpoint: bool, retstep: bool, device: str | None
) -> Any:
    """What `linspace` does for two numbers of Python, which are most of its calls."""
    delta = stop - start
    y = arange(0, num, dtype="f8", device=device)
    step = delta / parts if parts > 0 else _nx.nan
    if parts > 0 and step == 0:
        y /= parts
        y *= delta
    else:
        y *= step if parts > 0 else delta
    y += start
    if endpoint and num > 1:
        y[-1] = stop
    return (y, _nx.float64(step) if parts > 0 else step) if retstep else y


def _logspace_dispatcher(start, stop, num=None, endpoint=None, base=None, dtype=None, axis=None):
    return start, stop, base


@array_function_dispatch(_logspace_dispatcher)
def logspace(
    start: Any,
    stop: Any,
    num: Any = 50,
    endpoint: bool = True,
    base: Any = 10.0,
    dtype: Any = None,
    axis: int = 0,
) -> Any:
    """
    Numbers whose logarithms are at even distances.

    Parameters
    ----------
    start, stop : array_like
        Exponents of the ends.
    num : int
        How many numbers.
    endpoint : bool
        Whether ``base ** stop`` is the last of them.
    base : array_like
        The base of the logarithms.
    dtype : dtype, optional
        Type of the result.
    axis : int
        Where the numbers lie in the result, if the ends are arrays.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> np.logspace(2.0, 3.0, num=3)
    array([ 100.        ,  316.22776602, 1000.        ])
    """
    if not isinstance(base, int | float) and _nx.ndim(base):
        ndim = max(_nx.ndim(one) for one in (start, stop, base))
        start, stop, base = (_nx.array(one, copy=None, subok=True, ndmin=ndim) for one in (start, stop, base))
        base = base.reshape(base.shape[: axis % (ndim + 1)] + (1,) + base.shape[axis % (ndim + 1) :])
    y = linspace(start, stop, num=num, endpoint=endpoint, axis=axis)
    powers = _nx.power(base, y)
    return powers if dtype is None else powers.astype(dtype, copy=False)


def _geomspace_dispatcher(start, stop, num=None, endpoint=None, dtype=None, axis=None):
    return start, stop


@array_function_dispatch(_geomspace_dispatcher)
def geomspace(start: Any, stop: Any, num: Any = 50, endpoint: bool = True, dtype: Any = None, axis: int = 0) -> Any:
    """
    Numbers of which each is the same multiple of the one before; of complex numbers, on a spiral.

    Parameters
    ----------
    start, stop : array_like
        The ends.
    num : int
        How many numbers.
    endpoint : bool
        Whether `stop` is the last of them.
    dtype : dtype, optional
        Type of the result.
    axis : int
        Where the numbers lie in the result, if the ends are arrays.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If an end is zero.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.geomspace(1, 1000, num=4)
    array([   1.,   10.,  100., 1000.])
    """
    converter = _array_converter(start, stop)
    start, stop = (asanyarray(end) for end in converter.as_arrays())
    if _nx.any(start == 0) or _nx.any(stop == 0):
        raise ValueError("Geometric sequence cannot include zero")
    computed = result_type(start, stop, float(num), "f8" if dtype is None else dtype)
    dtype = computed if dtype is None else _nx.dtype(dtype)
    if computed.kind in "iu":
        computed = result_type(computed, "f8")
    start, stop = start.astype(computed), stop.astype(computed)
    # The first number is turned to the positive real axis, and everything back in the end.
    turn = _nx.sign(start)
    first, last = start / turn, stop / turn
    result = logspace(_nx.log10(first), _nx.log10(last), num, endpoint=endpoint, base=10.0, dtype=computed)
    if num > 0:
        result[0] = first
        if num > 1 and endpoint:
            result[-1] = last
    result = result * turn
    if axis != 0:
        result = moveaxis(result, 0, axis)
    return converter.wrap(result.astype(dtype, copy=False), to_scalar=False)


def add_newdoc(place: str, obj: str, doc: Any, warn_on_python: bool = True) -> None:
    """
    Give an object of a module a docstring; objects that cannot take one, or have one, stay as they are.

    Parameters
    ----------
    place : str
        The module.
    obj : str
        The name of the object.
    doc : str, or tuple of str, or list of tuples
        Its docstring; with the name of an attribute, that of the attribute.
    warn_on_python : bool
        For compatibility.
    """
    import importlib
    import inspect

    owner = getattr(importlib.import_module(place), obj)
    for name, text in [(None, doc)] if isinstance(doc, str) else [doc] if isinstance(doc, tuple) else doc:
        thing = owner if name is None else getattr(owner, name)
        if thing.__doc__:
            continue
        try:
            thing.__doc__ = inspect.cleandoc(text)
        except (AttributeError, TypeError):
            continue
