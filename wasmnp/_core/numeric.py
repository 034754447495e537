"""Creation functions that are written in Python."""

from __future__ import annotations

from typing import Any

from .multiarray import empty, frombuffer, ndarray
from .overrides import array_function_dispatch

__all__ = ["newaxis", "ones"]

newaxis = None


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


def _frombuffer(buffer: Any, dtype: Any, shape: tuple[int, ...], order: str, axis_order: Any = None) -> ndarray:
    """Rebuild an array around the buffer of a protocol 5 pickle."""
    if axis_order is None:
        return frombuffer(buffer, dtype=dtype).reshape(shape, order=order)
    return (
        frombuffer(buffer, dtype=dtype)
        .reshape([shape[i] for i in axis_order])
        .transpose([axis_order.index(i) for i in range(len(axis_order))])
    )
