"""Indices made from sequences."""

from __future__ import annotations

from typing import Any

from .._core._multiarray_umath import asarray, ndarray
from .._core.overrides import array_function_dispatch

__all__ = ["ix_"]


@array_function_dispatch(lambda *args: args)
def ix_(*args: Any) -> tuple[ndarray, ...]:
    """
    Index arrays that select every combination of several 1-d sequences.

    Parameters
    ----------
    *args : array_like of int or bool, 1-d
        A sequence for each axis; bools stand for the indices of true elements.

    Returns
    -------
    tuple of ndarray
        Each has one axis that is not of length 1.

    Examples
    --------
    >>> import wasmnp as np
    >>> a = np.arange(10).reshape(2, 5)
    >>> a[np.ix_([0, 1], [2, 4])]
    array([[2, 4],
           [7, 9]])
    """
    result = []
    for place, item in enumerate(args):
        array = item if isinstance(item, ndarray) else asarray(item)
        if array.size == 0 and not isinstance(item, ndarray):
            array = array.astype("p")
        if array.ndim != 1:
            raise ValueError("Cross index must be 1 dimensional")
        if array.dtype.kind == "b":
            (array,) = array.nonzero()
        result.append(array.reshape((1,) * place + (array.size,) + (1,) * (len(args) - place - 1)))
    return tuple(result)
