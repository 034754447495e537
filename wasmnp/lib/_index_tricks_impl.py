"""Indices, grids and concatenation written as indexing; diagonals; iteration over indices."""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Iterator
from typing import Any

from .. import _core as _nx
from .._core._multiarray_umath import asanyarray, asarray, ndarray
from .._core.overrides import array_function_dispatch
from .._utils import set_module

__all__ = [
    "c_",
    "diag_indices",
    "diag_indices_from",
    "fill_diagonal",
    "index_exp",
    "ix_",
    "mgrid",
    "ndenumerate",
    "ndindex",
    "ogrid",
    "r_",
    "s_",
]


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


def _is_imaginary(step: Any) -> bool:
    return type(step) is complex or isinstance(step, _nx.complexfloating)


def _ends(key: slice) -> tuple[Any, Any, Any, int | None]:
    """Start, stop, step and, where an imaginary step says so, the number of points."""
    start = 0 if key.start is None else key.start
    step = 1 if key.step is None else key.step
    if _is_imaginary(step):
        count = int(abs(step))
        step = (key.stop - start) / (count - 1) if count > 1 else 1.0
        return start, key.stop, step, count
    return start, key.stop, step, None


class nd_grid:
    """
    A grid of points, made by indexing with a slice for each axis.

    Parameters
    ----------
    sparse : bool
        Give arrays that broadcast to the grid instead of whole ones.
    """

    __slots__ = ("sparse",)

    def __init__(self, sparse: bool = False) -> None:
        self.sparse = sparse

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, slice) and not _is_imaginary(key.step):
            return _nx.arange(0 if key.start is None else key.start, key.stop, 1 if key.step is None else key.step)
        slices = key if isinstance(key, tuple) else (key,)
        ends = [_ends(one) for one in slices]
        kinds = [
            number
            for one, (start, stop, step, count) in zip(slices, ends, strict=True)
            for number in (start, stop, *(() if one.step is None else (step if count is None else abs(one.step),)))
        ]
        dtype = _nx.result_type(*kinds)
        lines = []
        for start, stop, step, count in ends:
            points = max(0, math.ceil((stop - start) / step)) if count is None else count
            line = _nx.arange(points, dtype=dtype)
            lines.append(line * step + start)
        if not isinstance(key, tuple):
            return lines[0]
        lines = [
            line.reshape((1,) * place + (-1,) + (1,) * (len(lines) - place - 1)).astype(dtype, copy=False)
            for place, line in enumerate(lines)
        ]
        if self.sparse:
            return tuple(lines)
        result = _nx.empty((len(lines), *(line.size for line in lines)), dtype=dtype)
        for place, line in enumerate(lines):
            result[place] = line
        return result


class MGridClass(nd_grid):
    """
    A grid of points as whole arrays, made by indexing with a slice for each axis.

    An imaginary step gives the number of points; the stop is then among them.

    Returns
    -------
    ndarray
        The coordinates along each axis, of shape (number of axes, points along the first axis, ...); of one slice that
        is not in a tuple, the points themselves.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.mgrid[0:2, 0:3]
    array([[[0, 0, 0],
            [1, 1, 1]],
    <BLANKLINE>
           [[0, 1, 2],
            [0, 1, 2]]])
    >>> np.mgrid[-1:1:5j]
    array([-1. , -0.5,  0. ,  0.5,  1. ])
    """

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(sparse=False)


class OGridClass(nd_grid):
    """
    A grid of points as arrays that broadcast to it, made by indexing with a slice for each axis.

    An imaginary step gives the number of points; the stop is then among them.

    Returns
    -------
    tuple of ndarray
        The coordinates along each axis, each with one axis that is not of length 1; of one slice that is not in a
        tuple, the points themselves.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.ogrid[0:2, 0:3]
    (array([[0],
           [1]]), array([[0, 1, 2]]))
    """

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(sparse=True)


mgrid = MGridClass()
ogrid = OGridClass()


class AxisConcatenator:
    """
    Concatenation written as indexing.

    Parameters
    ----------
    axis : int
        The axis to concatenate along.
    matrix : bool
        Give matrices.
    ndmin : int
        The least number of axes.
    trans1d : int
        Where the axes of arrays with fewer go; -1: last.
    """

    __slots__ = ("axis", "matrix", "ndmin", "trans1d")

    def __init__(self, axis: int = 0, matrix: bool = False, ndmin: int = 1, trans1d: int = -1) -> None:
        self.axis = axis
        self.matrix = matrix
        self.ndmin = ndmin
        self.trans1d = trans1d

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str):
            import sys

            from .. import bmat

            frame = sys._getframe().f_back
            return bmat(key, frame.f_globals, frame.f_locals)  # type: ignore[union-attr]
        items = list(key) if isinstance(key, tuple) else [key]
        axis, ndmin, trans1d, matrix, column = self.axis, self.ndmin, self.trans1d, self.matrix, False
        if items and isinstance(items[0], str):
            directive = items.pop(0)
            if directive in ("r", "c"):
                matrix, column = True, directive == "c"
            else:
                try:
                    axis, ndmin, trans1d = (int(one) for one in _with_rest(directive, ndmin, trans1d))
                except Exception as error:
                    raise ValueError(f"unknown special directive {directive!r}") from error
        parts: list[Any] = []
        for item in items:
            if isinstance(item, str):
                raise ValueError("special directives must be the first entry.")
            if isinstance(item, slice):
                start, stop, step, count = _ends(item)
                line = _nx.arange(start, stop, step) if count is None else _nx.linspace(start, stop, num=count)
                if ndmin > 1:
                    line = _nx.array(line, copy=None, ndmin=ndmin)
                    if trans1d != -1:
                        line = line.swapaxes(-1, trans1d)
                parts.append(line)
            elif type(item) in (int, float, complex, bool) or isinstance(item, _nx.generic):
                parts.append(item)
            else:
                parts.append(_with_axes(item, ndmin, trans1d))
        if parts:
            dtype = _nx.result_type(*parts)
            parts = [_nx.array(one, copy=None, subok=True, ndmin=ndmin, dtype=dtype) for one in parts]
        result = _nx.concatenate(tuple(parts), axis=axis)
        if matrix:
            from .. import matrix as matrix_type

            one_axis = result.ndim == 1
            result = matrix_type(result)
            if one_axis and column:
                result = result.T
        return result

    def __len__(self) -> int:
        return 0


def _with_rest(directive: str, ndmin: int, trans1d: int) -> list[Any]:
    """Axis, least number of axes and place of axes from ``'axis,ndmin,trans1d'``, of which the last may be missing."""
    given = directive.split(",")
    return [*given, *(ndmin, trans1d)[len(given) - 1 :]][:3]


def _with_axes(item: Any, ndmin: int, trans1d: int) -> Any:
    ndim = _nx.ndim(item)
    array = _nx.array(item, copy=None, subok=True, ndmin=ndmin)
    missing = ndmin - ndim
    if trans1d != -1 and missing > 0:
        place = trans1d + missing + 1 if trans1d < 0 else trans1d
        axes = list(range(ndmin))
        array = array.transpose(axes[:place] + axes[missing:] + axes[place:missing])
    return array


class RClass(AxisConcatenator):
    """
    Concatenation along the first axis, written as indexing.

    Slices become ranges, with an imaginary step of as many points, the end among them. A text in front,
    ``'axis,ndmin,trans1d'``, gives another axis, the least number of axes, and where the axes of arrays with fewer go;
    ``'r'`` and ``'c'`` make matrices.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.r_[np.array([1, 2]), 0, 0, 3:6]
    array([1, 2, 0, 0, 3, 4, 5])
    >>> np.r_["0,2", [1, 2], [3, 4]]
    array([[1, 2],
           [3, 4]])
    """

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(0)


class CClass(AxisConcatenator):
    """
    Concatenation along the second axis, written as indexing: ``np.r_['-1,2,0', ...]``.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.c_[[1, 2, 3], [4, 5, 6]]
    array([[1, 4],
           [2, 5],
           [3, 6]])
    """

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(-1, ndmin=2, trans1d=0)


r_ = RClass()
c_ = CClass()


@set_module()
class ndenumerate:
    """
    Indices and elements of an array, in C order.

    Parameters
    ----------
    arr : array_like
        The array.

    Examples
    --------
    >>> import wasmnp as np
    >>> list(np.ndenumerate(np.array([[1, 2]])))
    [((0, 0), np.int64(1)), ((0, 1), np.int64(2))]
    """

    def __init__(self, arr: Any) -> None:
        self._array = asarray(arr)
        self._indices = itertools.product(*map(range, self._array.shape))

    def __next__(self) -> tuple[tuple[int, ...], Any]:
        index = next(self._indices)
        return index, self._array[index]

    def __iter__(self) -> ndenumerate:
        return self


@set_module()
class ndindex:
    """
    All indices of an array, in C order.

    Parameters
    ----------
    *shape : ints, or one tuple of ints
        Its shape.

    Raises
    ------
    ValueError
        If an extent is negative.

    Examples
    --------
    >>> import wasmnp as np
    >>> list(np.ndindex(2, 2))
    [(0, 0), (0, 1), (1, 0), (1, 1)]
    """

    def __init__(self, *shape: Any) -> None:
        if len(shape) == 1 and isinstance(shape[0], tuple):
            shape = shape[0]
        extents = [operator.index(one) for one in shape]
        if len(extents) > _MOST_AXES:
            raise ValueError(f"maximum supported dimension for an ndarray is {_MOST_AXES}, found {len(extents)}")
        if min(extents, default=0) < 0:
            raise ValueError("negative dimensions are not allowed")
        self._indices: Iterator[tuple[int, ...]] = itertools.product(*map(range, extents))

    def __iter__(self) -> ndindex:
        return self

    def __next__(self) -> tuple[int, ...]:
        """The next index."""
        return next(self._indices)


_MOST_AXES = 64  # NPY_MAXDIMS


class IndexExpression:
    """
    What is written between brackets, as an object.

    Parameters
    ----------
    maketuple : bool
        Give a tuple for one index, too.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.s_[2::2]
    slice(2, None, 2)
    >>> np.index_exp[2::2]
    (slice(2, None, 2),)
    """

    __slots__ = ("maketuple",)

    def __init__(self, maketuple: bool) -> None:
        self.maketuple = maketuple

    def __getitem__(self, item: Any) -> Any:
        return (item,) if self.maketuple and not isinstance(item, tuple) else item


index_exp = IndexExpression(maketuple=True)
s_ = IndexExpression(maketuple=False)


@array_function_dispatch(lambda a, val, wrap=None: (a,))
def fill_diagonal(a: Any, val: Any, wrap: bool = False) -> None:
    """
    Set the main diagonal of an array, where all indices are equal.

    Parameters
    ----------
    a : ndarray
        The array to change, at least 2-d; with more axes they have the same length.
    val : array_like
        The elements in C order, started again when used up.
    wrap : bool
        Whether the diagonal of a tall 2-d array starts again below the square.

    Raises
    ------
    ValueError
        If the array has no such diagonal.

    Examples
    --------
    >>> import wasmnp as np
    >>> a = np.zeros((2, 3), int)
    >>> np.fill_diagonal(a, 5)
    >>> a
    array([[5, 0, 0],
           [0, 5, 0]])
    """
    if a.ndim < 2:
        raise ValueError("array must be at least 2-d")
    if a.ndim == 2:
        rows, columns = a.shape
        if not wrap or rows <= columns:
            places = _nx.arange(min(rows, columns))
            index: Any = (places, places)
        else:  # one element of each row but for every (columns + 1)-th
            places = _nx.arange(0, rows * columns, columns + 1)
            index = (places // columns, places % columns)
    else:
        if len(set(a.shape)) != 1:
            raise ValueError("All dimensions of input must be of equal length")
        index = (_nx.arange(a.shape[0]),) * a.ndim
    values = asanyarray(val).ravel()
    count = index[0].size
    if values.size == 0 and count:
        raise ValueError("cannot copy from an empty array")
    a[index] = values if values.size in (1, count) else values[_nx.arange(count) % max(1, values.size)]


@set_module()
def diag_indices(n: int, ndim: int = 2) -> tuple[Any, ...]:
    """
    Indices of the main diagonal of an array of shape ``(n,) * ndim``.

    Parameters
    ----------
    n : int
        Length of the axes.
    ndim : int
        Number of axes.

    Returns
    -------
    tuple of ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> np.diag_indices(3)
    (array([0, 1, 2]), array([0, 1, 2]))
    """
    return (_nx.arange(n),) * ndim


@array_function_dispatch(lambda arr: (arr,))
def diag_indices_from(arr: Any) -> tuple[Any, ...]:
    """
    Indices of the main diagonal of an array.

    Parameters
    ----------
    arr : ndarray
        At least 2-d, all axes of the same length.

    Returns
    -------
    tuple of ndarray

    Raises
    ------
    ValueError
        If the array has another shape.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.diag_indices_from(np.ones((2, 2)))
    (array([0, 1]), array([0, 1]))
    """
    if not arr.ndim >= 2:
        raise ValueError("input array must be at least 2-d")
    if len(set(arr.shape)) != 1:
        raise ValueError("All dimensions of input must be of equal length")
    return diag_indices(arr.shape[0], arr.ndim)
