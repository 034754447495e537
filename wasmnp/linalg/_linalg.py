"""Functions of square matrices, on LU decompositions."""

from __future__ import annotations

import operator
from typing import Any, NamedTuple, NoReturn

from .._core._multiarray_umath import asanyarray, asarray, matmul, result_type
from .._core._ufunc_config import errstate
from .._core.overrides import array_function_dispatch
from . import _umath_linalg

__all__ = ["LinAlgError", "det", "inv", "matrix_power", "slogdet", "solve"]


class LinAlgError(ValueError):
    """
    Raised where a function of linear algebra has no result, for example the inverse of a singular matrix.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.linalg.inv(np.zeros((2, 2)))
    Traceback (most recent call last):
        ...
    numpy.linalg.LinAlgError: Singular matrix
    """


class SlogdetResult(NamedTuple):
    """Signs of determinants and logarithms of their sizes."""

    sign: Any
    logabsdet: Any


def _singular(error: str, flag: int) -> NoReturn:
    raise LinAlgError("Singular matrix")


def _squares(*arrays: Any) -> list[Any]:
    """Arrays in a common inexact type; the first has to hold square matrices."""
    given = [asarray(array) for array in arrays]
    first = given[0]
    if first.ndim < 2:
        raise LinAlgError(f"{first.ndim}-dimensional array given. Array must be at least two-dimensional")
    if first.shape[-1] != first.shape[-2]:
        raise LinAlgError("Last 2 dimensions of the array must be square")
    kind = result_type(*given)
    if kind.char in "egG" or kind.kind not in "biufc":
        raise TypeError(f"array type {kind.name} is unsupported in linalg")
    if kind.kind not in "fc":
        kind = result_type("f8")
    return [array.astype(kind.newbyteorder("="), copy=False) for array in given]


@array_function_dispatch(lambda a: (a,), module="linalg")
def det(a: Any) -> Any:
    """
    The determinant of square matrices.

    Parameters
    ----------
    a : (..., m, m) array_like

    Returns
    -------
    (...) ndarray or scalar

    Raises
    ------
    LinAlgError
        If the matrices are not square.

    Examples
    --------
    >>> import wasmnp as np
    >>> float(np.linalg.det([[1, 2], [3, 4]]))
    -2.0
    """
    return _umath_linalg.det(*_squares(a))


@array_function_dispatch(lambda a: (a,), module="linalg")
def slogdet(a: Any) -> SlogdetResult:
    """
    The sign of determinants and the logarithm of their sizes, which may be too large for the determinant itself.

    Parameters
    ----------
    a : (..., m, m) array_like

    Returns
    -------
    (sign, logabsdet)
        Arrays of shape ``(...)``, or scalars.

    Raises
    ------
    LinAlgError
        If the matrices are not square.

    Examples
    --------
    >>> import wasmnp as np
    >>> sign, logabsdet = np.linalg.slogdet([[1, 2], [3, 4]])
    >>> int(sign), round(float(logabsdet), 4)
    (-1, 0.6931)
    """
    return SlogdetResult(*_umath_linalg.slogdet(*_squares(a)))


@array_function_dispatch(lambda a: (a,), module="linalg")
def inv(a: Any) -> Any:
    """
    The inverse of square matrices.

    Parameters
    ----------
    a : (..., m, m) array_like

    Returns
    -------
    (..., m, m) ndarray

    Raises
    ------
    LinAlgError
        If a matrix is singular, or they are not square.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.linalg.inv([[2.0, 0.0], [0.0, 4.0]])
    array([[0.5 , 0.  ],
           [0.  , 0.25]])
    """
    wrap = asanyarray(a)
    with errstate(call=_singular, invalid="call", over="ignore", divide="ignore", under="ignore"):
        result = _umath_linalg.inv(*_squares(a))
    return wrap.__array_wrap__(result)


@array_function_dispatch(lambda a, b: (a, b), module="linalg")
def solve(a: Any, b: Any) -> Any:
    """
    The solution of linear systems ``a @ x == b``.

    Parameters
    ----------
    a : (..., m, m) array_like
    b : (m,) or (..., m, k) array_like
        One right-hand side where it has one dimension.

    Returns
    -------
    ndarray
        Of the shape of `b`, broadcast.

    Raises
    ------
    LinAlgError
        If a matrix is singular, or they are not square.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.linalg.solve([[2.0, 0.0], [0.0, 4.0]], [1.0, 2.0])
    array([0.5, 0.5])
    """
    wrap = asanyarray(b)
    first, second = _squares(a, b)
    function = _umath_linalg.solve1 if second.ndim == 1 else _umath_linalg.solve
    with errstate(call=_singular, invalid="call", over="ignore", divide="ignore", under="ignore"):
        result = function(first, second)
    return wrap.__array_wrap__(result)


@array_function_dispatch(lambda a, n: (a,), module="linalg")
def matrix_power(a: Any, n: int) -> Any:
    """
    A square matrix multiplied by itself `n` times.

    Parameters
    ----------
    a : (..., m, m) array_like
    n : int
        The inverse is multiplied where it is negative.

    Returns
    -------
    (..., m, m) ndarray

    Raises
    ------
    TypeError
        If `n` is not an integer.
    LinAlgError
        If the matrices are not square, or, for a negative `n`, singular.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.linalg.matrix_power([[1, 1], [0, 1]], 5)
    array([[1, 5],
           [0, 1]])
    """
    a = asanyarray(a)
    if a.ndim < 2:
        raise LinAlgError(f"{a.ndim}-dimensional array given. Array must be at least two-dimensional")
    if a.shape[-1] != a.shape[-2]:
        raise LinAlgError("Last 2 dimensions of the array must be square")
    try:
        n = operator.index(n)
    except TypeError as error:
        raise TypeError("exponent must be an integer") from error
    if n < 0:
        a, n = inv(a), -n
    if n == 0:
        from .._core.numeric import empty_like
        from ..lib._twodim_base_impl import eye

        result = empty_like(a)
        result[...] = eye(a.shape[-1], dtype=a.dtype)
        return result
    # Squares, of which those that the binary digits of n ask for are multiplied.
    result = None
    while n:
        n, digit = divmod(n, 2)
        if digit:
            result = a if result is None else matmul(result, a)
        if n:
            a = matmul(a, a)
    return result
