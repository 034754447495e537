"""Two-dimensional arrays: diagonals, triangles, flips, powers of a vector, histograms of pairs."""

from __future__ import annotations

import operator
from typing import Any

from .. import _core as _nx
from .._core._multiarray_umath import arange, asanyarray, asarray, ndarray, promote_types
from .._core.overrides import array_function_dispatch
from .._utils import set_module
from ._stride_tricks_impl import broadcast_to

__all__ = [
    "diag",
    "diagflat",
    "eye",
    "fliplr",
    "flipud",
    "histogram2d",
    "mask_indices",
    "tri",
    "tril",
    "tril_indices",
    "tril_indices_from",
    "triu",
    "triu_indices",
    "triu_indices_from",
    "vander",
]


@array_function_dispatch(lambda m: (m,))
def fliplr(m: Any) -> Any:
    """
    An array with its second axis reversed: left and right change places.

    Parameters
    ----------
    m : array_like
        At least 2-d.

    Returns
    -------
    ndarray
        A view.

    Raises
    ------
    ValueError
        If there is no second axis.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.fliplr([[1, 2], [3, 4]])
    array([[2, 1],
           [4, 3]])
    """
    m = asanyarray(m)
    if m.ndim < 2:
        raise ValueError("Input must be >= 2-d.")
    return m[:, ::-1]


@array_function_dispatch(lambda m: (m,))
def flipud(m: Any) -> Any:
    """
    An array with its first axis reversed: up and down change places.

    Parameters
    ----------
    m : array_like
        At least 1-d.

    Returns
    -------
    ndarray
        A view.

    Raises
    ------
    ValueError
        If there is no axis.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.flipud([[1, 2], [3, 4]])
    array([[3, 4],
           [1, 2]])
    """
    m = asanyarray(m)
    if m.ndim < 1:
        raise ValueError("Input must be >= 1-d.")
    return m[::-1, ...]


@array_function_dispatch()
def eye(
    N: int,
    M: int | None = None,
    k: int = 0,
    dtype: Any = float,
    order: str = "C",
    *,
    device: str | None = None,
    like: Any = None,
) -> ndarray:
    """
    A 2-d array with ones on a diagonal and zeros elsewhere.

    Parameters
    ----------
    N : int
        Rows.
    M : int, optional
        Columns; by default as many as rows.
    k : int
        The diagonal: positive above the main one, negative below.
    dtype : dtype
        Type of the elements.
    order : {'C', 'F'}
        Row-major or column-major memory.
    device : {None, 'cpu'}
        For the array API.
    like : array_like, optional
        Create through its ``__array_function__``.

    Returns
    -------
    ndarray, shape (N, M)

    Examples
    --------
    >>> import wasmnp as np
    >>> np.eye(2, 3, k=1)
    array([[0., 1., 0.],
           [0., 0., 1.]])
    """
    rows = operator.index(N)
    columns = rows if M is None else operator.index(M)
    k = operator.index(k)
    result = _nx.zeros((rows, columns), dtype=dtype, order=order, device=device)
    places = arange(max(0, -k), max(max(0, -k), min(rows, columns - k)))
    result[places, places + k] = 1
    return result


@array_function_dispatch(lambda v, k=None: (v,))
def diag(v: Any, k: int = 0) -> Any:
    """
    A diagonal of a 2-d array, or a 2-d array with a diagonal.

    Parameters
    ----------
    v : array_like
        2-d: its diagonal is returned; 1-d: it becomes a diagonal.
    k : int
        The diagonal: positive above the main one, negative below.

    Returns
    -------
    ndarray
        Of a 2-d array a view that cannot be written to.

    Raises
    ------
    ValueError
        If `v` has another number of axes.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.diag([1, 2])
    array([[1, 0],
           [0, 2]])
    >>> np.diag([[1, 2], [3, 4]])
    array([1, 4])
    """
    v = asanyarray(v)
    if v.ndim == 2:
        return _nx.diagonal(v, k)
    if v.ndim != 1:
        raise ValueError("Input must be 1- or 2-d.")
    n = v.shape[0] + abs(k)
    result = _nx.zeros((n, n), v.dtype)
    first = k if k >= 0 else -k * n
    result.reshape(-1)[first : (n - max(k, 0)) * n : n + 1] = v
    return result


@array_function_dispatch(lambda v, k=None: (v,))
def diagflat(v: Any, k: int = 0) -> Any:
    """
    A 2-d array with the elements of another on a diagonal.

    Parameters
    ----------
    v : array_like
        The elements, in C order.
    k : int
        The diagonal: positive above the main one, negative below.

    Returns
    -------
    ndarray, 2-d

    Examples
    --------
    >>> import wasmnp as np
    >>> np.diagflat([[1, 2]], k=1)
    array([[0, 1, 0],
           [0, 0, 2],
           [0, 0, 0]])
    """
    from .._core._conversion import wrap_like

    return wrap_like(diag(asarray(v).ravel(), k), v)


@array_function_dispatch()
def tri(N: int, M: int | None = None, k: int = 0, dtype: Any = float, *, like: Any = None) -> ndarray:
    """
    A 2-d array with ones on and below a diagonal.

    Parameters
    ----------
    N : int
        Rows.
    M : int, optional
        Columns; by default as many as rows.
    k : int
        The diagonal: positive above the main one, negative below.
    dtype : dtype
        Type of the elements.
    like : array_like, optional
        Create through its ``__array_function__``.

    Returns
    -------
    ndarray, shape (N, M)

    Examples
    --------
    >>> import wasmnp as np
    >>> np.tri(2, 3, dtype=int)
    array([[1, 0, 0],
           [1, 1, 0]])
    """
    columns = N if M is None else M
    # Diagonals beyond the corners are like the nearest; and narrow integers are compared faster.
    k = min(max(k, -N), columns)
    width = "i2" if N + columns < 1 << 15 else "i4" if N + columns < 1 << 31 else "i8"
    rows, diagonals = arange(N, dtype=width), arange(-k, columns - k, dtype=width)
    return _nx.greater_equal(rows[:, None], diagonals[None, :]).astype(dtype, copy=False)


def _keep(m: Any, k: int, upper: bool) -> Any:
    array = asanyarray(m)
    # tri says of each place whether it lies on or below a diagonal.
    below = tri(*array.shape[-2:] if array.ndim > 1 else (array.shape[0],) * 2, k=k - upper, dtype=bool)
    whole = asarray(array) if array.ndim > 1 else broadcast_to(asarray(array), below.shape)
    result = whole.astype(whole.dtype.newbyteorder("="), order="C")
    _nx.copyto(result, _nx.zeros((), array.dtype), where=below if upper else ~below)
    return result


@array_function_dispatch(lambda m, k=None: (m,))
def tril(m: Any, k: int = 0) -> Any:
    """
    A copy of an array with zeros above a diagonal.

    Parameters
    ----------
    m : array_like, shape (..., M, N)
        The last two axes count.
    k : int
        The diagonal: positive above the main one, negative below.

    Returns
    -------
    ndarray, shape (..., M, N)

    Examples
    --------
    >>> import wasmnp as np
    >>> np.tril([[1, 2], [3, 4]])
    array([[1, 0],
           [3, 4]])
    """
    return _keep(m, k, upper=False)


@array_function_dispatch(lambda m, k=None: (m,))
def triu(m: Any, k: int = 0) -> Any:
    """
    A copy of an array with zeros below a diagonal.

    Parameters
    ----------
    m : array_like, shape (..., M, N)
        The last two axes count.
    k : int
        The diagonal: positive above the main one, negative below.

    Returns
    -------
    ndarray, shape (..., M, N)

    Examples
    --------
    >>> import wasmnp as np
    >>> np.triu([[1, 2], [3, 4]])
    array([[1, 2],
           [0, 4]])
    """
    return _keep(m, k, upper=True)


@array_function_dispatch(lambda x, N=None, increasing=None: (x,))
def vander(x: Any, N: int | None = None, increasing: bool = False) -> Any:
    """
    Powers of the elements of a vector (a Vandermonde matrix).

    Parameters
    ----------
    x : array_like, 1-d
        The vector.
    N : int, optional
        How many powers; by default as many as elements.
    increasing : bool
        Begin with the power 0; by default it is the last.

    Returns
    -------
    ndarray, shape (len(x), N)

    Raises
    ------
    ValueError
        If `x` is not 1-d.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.vander([1, 2, 3])
    array([[1, 1, 1],
           [4, 2, 1],
           [9, 3, 1]])
    """
    x = asanyarray(x)
    if x.ndim != 1:
        raise ValueError("x must be a one-dimensional array or sequence.")
    count = len(x) if N is None else N
    result = _nx.empty((len(x), count), dtype=promote_types(x.dtype, int))
    rising = result if increasing else result[:, ::-1]
    if count > 0:
        rising[:, 0] = 1
    if count > 1:
        rising[:, 1:] = x[:, None]
        _nx.multiply.accumulate(rising[:, 1:], out=rising[:, 1:], axis=1)
    return result


def _histogram2d_dispatcher(x, y, bins=None, range=None, density=None, weights=None):
    yield x
    yield y
    # As for `histogram2d` itself: two bins, or one for both.
    try:
        count = len(bins)
    except TypeError:
        count = 1
    if count == 2:
        yield from bins
    else:
        yield bins
    yield weights


@array_function_dispatch(_histogram2d_dispatcher)
def histogram2d(
    x: Any, y: Any, bins: Any = 10, range: Any = None, density: bool | None = None, weights: Any = None
) -> tuple[ndarray, ndarray, ndarray]:
    """
    How many points lie in each cell of a plane.

    Parameters
    ----------
    x, y : array_like, shape (N,)
        The points.
    bins : int, array_like, or pair of them
        How many bins, or their edges, along both axes or for each.
    range : array_like, shape (2, 2), optional
        Between which ends the bins lie; points elsewhere are not counted.
    density : bool, optional
        Divide by the number of points and by the area of the cell.
    weights : array_like, shape (N,), optional
        What each point counts.

    Returns
    -------
    H : ndarray, shape (nx, ny)
        The counts.
    xedges, yedges : ndarray
        The edges.

    Raises
    ------
    ValueError
        If `x` and `y` differ in length.

    Examples
    --------
    >>> import wasmnp as np
    >>> H, _, _ = np.histogram2d([0, 1, 1], [0, 0, 1], bins=2)
    >>> H
    array([[1., 0.],
           [1., 1.]])
    """
    from ._histograms_impl import histogramdd

    if len(x) != len(y):
        raise ValueError("x and y must have the same length.")
    try:
        count = len(bins)
    except TypeError:
        count = 1
    if count not in (1, 2):  # the edges for both
        bins = [asarray(bins)] * 2
    counts, edges = histogramdd([x, y], bins, range, density, weights)
    return counts, edges[0], edges[1]


@set_module()
def mask_indices(n: int, mask_func: Any, k: Any = 0) -> tuple[Any, ...]:
    """
    Indices of the part of a square array that a function leaves.

    Parameters
    ----------
    n : int
        Length of the axes.
    mask_func : callable
        `triu`, `tril` or the like: takes a square array and `k`.
    k : any
        Passed to the function.

    Returns
    -------
    tuple of ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> np.mask_indices(2, np.triu)
    (array([0, 0, 1]), array([0, 1, 1]))
    """
    return _nx.nonzero(mask_func(_nx.ones((n, n), int), k) != 0)


@set_module()
def tril_indices(n: int, k: int = 0, m: int | None = None) -> tuple[Any, ...]:
    """
    Indices of the lower triangle of an array of shape (n, m).

    Parameters
    ----------
    n : int
        Rows.
    k : int
        The diagonal that bounds it, as for `tril`.
    m : int, optional
        Columns; by default as many as rows.

    Returns
    -------
    tuple of ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> np.tril_indices(2)
    (array([0, 1, 1]), array([0, 0, 1]))
    """
    return tri(n, m, k=k, dtype=bool).nonzero()


@array_function_dispatch(lambda arr, k=None: (arr,))
def tril_indices_from(arr: Any, k: int = 0) -> tuple[Any, ...]:
    """
    Indices of the lower triangle of an array.

    Parameters
    ----------
    arr : ndarray, 2-d
        The array.
    k : int
        The diagonal that bounds it, as for `tril`.

    Returns
    -------
    tuple of ndarray

    Raises
    ------
    ValueError
        If the array is not 2-d.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.tril_indices_from(np.ones((2, 2)))
    (array([0, 1, 1]), array([0, 0, 1]))
    """
    if arr.ndim != 2:
        raise ValueError("input array must be 2-d")
    return tril_indices(arr.shape[-2], k=k, m=arr.shape[-1])


@set_module()
def triu_indices(n: int, k: int = 0, m: int | None = None) -> tuple[Any, ...]:
    """
    Indices of the upper triangle of an array of shape (n, m).

    Parameters
    ----------
    n : int
        Rows.
    k : int
        The diagonal that bounds it, as for `triu`.
    m : int, optional
        Columns; by default as many as rows.

    Returns
    -------
    tuple of ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> np.triu_indices(2)
    (array([0, 0, 1]), array([0, 1, 1]))
    """
    return _nx.equal(tri(n, m, k=k - 1, dtype=bool), False).nonzero()


@array_function_dispatch(lambda arr, k=None: (arr,))
def triu_indices_from(arr: Any, k: int = 0) -> tuple[Any, ...]:
    """
    Indices of the upper triangle of an array.

    Parameters
    ----------
    arr : ndarray, 2-d
        The array.
    k : int
        The diagonal that bounds it, as for `triu`.

    Returns
    -------
    tuple of ndarray

    Raises
    ------
    ValueError
        If the array is not 2-d.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.triu_indices_from(np.ones((2, 2)))
    (array([0, 0, 1]), array([0, 1, 1]))
    """
    if arr.ndim != 2:
        raise ValueError("input array must be 2-d")
    return triu_indices(arr.shape[-2], k=k, m=arr.shape[-1])
