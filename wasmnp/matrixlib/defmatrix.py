"""The matrix class, kept for old programs: new ones use arrays and ``@``."""

from __future__ import annotations

import ast
import warnings
from typing import Any

from .._core import multiarray as _multiarray
from .._core import numeric as _numeric
from .._core._multiarray_umath import asarray, dtype, ndarray

__all__ = ["asmatrix", "bmat", "matrix"]


def asmatrix(data: Any, dtype: Any = None) -> matrix:
    """
    Interpret the input as a matrix, without a copy where it is an array.

    Parameters
    ----------
    data : array_like
    dtype : dtype, optional

    Returns
    -------
    matrix

    Examples
    --------
    >>> import wasmnp as np
    >>> np.asmatrix([[1, 2], [3, 4]]) * np.asmatrix([[1], [1]])
    matrix([[3],
            [7]])
    """
    return matrix(data, dtype=dtype, copy=False)


def _from_text(text: str) -> list[list[Any]]:
    for mark in "[]":
        text = text.replace(mark, "")
    rows = [[ast.literal_eval(word) for part in row.split(",") for word in part.split()] for row in text.split(";")]
    if len({len(row) for row in rows}) > 1:
        raise ValueError("Rows not the same size.")
    return rows


def matrix_power(a: Any, n: int) -> Any:
    """A square matrix multiplied by itself `n` times."""
    from ..linalg import matrix_power as power

    return power(a, n)


class matrix(ndarray):
    """
    A two-dimensional array that stays one; ``*`` is the matrix product and ``**`` the matrix power.

    Parameters
    ----------
    data : array_like or str
        Text has rows separated by ``;`` and elements by commas or blanks.
    dtype : dtype, optional
    copy : bool
        Whether an array is copied.

    Raises
    ------
    ValueError
        If `data` has more than two dimensions.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.matrix("1 2; 3 4")
    matrix([[1, 2],
            [3, 4]])
    """

    __array_priority__ = 10.0

    def __new__(cls, data: Any, dtype: Any = None, copy: bool = True) -> matrix:
        warnings.warn(
            "the matrix subclass is not the recommended way to represent matrices or deal with linear algebra "
            "(see https://docs.scipy.org/doc/numpy/user/numpy-for-matlab-users.html). Please adjust your code to use "
            "regular ndarray.",
            PendingDeprecationWarning,
            stacklevel=2,
        )
        if isinstance(data, matrix):
            if dtype is None or dtype == data.dtype:
                return data if not copy else data.copy()
            return data.astype(dtype)
        if isinstance(data, ndarray):
            new = (data if dtype is None else data.astype(dtype, copy=False)).view(cls)
            return new.copy() if copy else new
        if isinstance(data, str):
            data = _from_text(data)
        array = _multiarray.array(data, dtype=dtype, copy=True if copy else None)
        if array.ndim > 2:
            raise ValueError("matrix must be 2-dimensional")
        shape = array.shape if array.ndim == 2 else (1, array.size)
        return array.reshape(shape).view(cls)

    def __array_finalize__(self, other: Any) -> None:
        self._getitem = False
        if isinstance(other, matrix) and getattr(other, "_getitem", False):
            return
        if self.ndim == 2:
            return
        if self.ndim > 2:
            shape = tuple(n for n in self.shape if n > 1)
            if len(shape) > 2:
                raise ValueError("shape too large to be a matrix.")
            if len(shape) == 2:
                self.shape = shape
                return
        else:
            shape = self.shape
        if len(shape) == 0:
            self.shape = (1, 1)
        elif len(shape) == 1:
            self.shape = (1, shape[0])

    def __getitem__(self, index: Any) -> Any:
        self._getitem = True
        try:
            out = ndarray.__getitem__(self, index)
        finally:
            self._getitem = False
        if not isinstance(out, ndarray):
            return out
        if out.ndim == 0:
            return out[()]
        if out.ndim == 1:
            length = out.shape[0]
            # A column that was picked by an integer in second place stays a column.
            picks = index if isinstance(index, tuple) else (index,)
            out.shape = (length, 1) if len(picks) > 1 and _numeric.isscalar(picks[1]) else (1, length)
        return out

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, (ndarray, list, tuple)):
            return _multiarray.dot(self, asmatrix(other))
        if _numeric.isscalar(other) or not hasattr(other, "__rmul__"):
            return _multiarray.dot(self, other)
        return NotImplemented

    def __rmul__(self, other: Any) -> Any:
        return _multiarray.dot(other, self)

    def __imul__(self, other: Any) -> Any:
        self[:] = self * other
        return self

    def __pow__(self, other: Any) -> Any:
        return matrix_power(self, other)

    def __ipow__(self, other: Any) -> Any:
        self[:] = self**other
        return self

    def __rpow__(self, other: Any) -> Any:
        return NotImplemented

    def _align(self, axis: Any) -> Any:
        """A result of a reduction with its axis put back; a scalar for a reduction of everything."""
        if axis is None:
            return self[0, 0]
        if axis == 0:
            return self
        if axis == 1:
            return self.transpose()
        raise ValueError("unsupported axis")

    def _collapse(self, axis: Any) -> Any:
        return self[0, 0] if axis is None else self

    def tolist(self) -> list[Any]:
        """Nested lists of the elements."""
        return self.__array__().tolist()

    def sum(self, axis=None, dtype=None, out=None):
        """The sum of the elements, along an axis."""
        return ndarray.sum(self, axis, dtype, out, keepdims=True)._collapse(axis)

    def squeeze(self, axis=None):
        """The matrix, a row or column as it is."""
        return ndarray.squeeze(self, axis=axis)

    def flatten(self, order="C"):
        """The elements as one row."""
        return ndarray.flatten(self, order=order)

    def mean(self, axis=None, dtype=None, out=None):
        """The mean of the elements, along an axis."""
        return ndarray.mean(self, axis, dtype, out, keepdims=True)._collapse(axis)

    def std(self, axis=None, dtype=None, out=None, ddof=0):
        """The standard deviation of the elements, along an axis."""
        return ndarray.std(self, axis, dtype, out, ddof, keepdims=True)._collapse(axis)

    def var(self, axis=None, dtype=None, out=None, ddof=0):
        """The variance of the elements, along an axis."""
        return ndarray.var(self, axis, dtype, out, ddof, keepdims=True)._collapse(axis)

    def prod(self, axis=None, dtype=None, out=None):
        """The product of the elements, along an axis."""
        return ndarray.prod(self, axis, dtype, out, keepdims=True)._collapse(axis)

    def any(self, axis=None, out=None):
        """Whether any element is true, along an axis."""
        return ndarray.any(self, axis, out, keepdims=True)._collapse(axis)

    def all(self, axis=None, out=None):
        """Whether all elements are true, along an axis."""
        return ndarray.all(self, axis, out, keepdims=True)._collapse(axis)

    def max(self, axis=None, out=None):
        """The largest element, along an axis."""
        return ndarray.max(self, axis, out, keepdims=True)._collapse(axis)

    def argmax(self, axis=None, out=None):
        """The place of the largest element, along an axis."""
        return ndarray.argmax(self, axis, out)._align(axis) if axis is not None else ndarray.argmax(self, axis, out)

    def min(self, axis=None, out=None):
        """The smallest element, along an axis."""
        return ndarray.min(self, axis, out, keepdims=True)._collapse(axis)

    def argmin(self, axis=None, out=None):
        """The place of the smallest element, along an axis."""
        return ndarray.argmin(self, axis, out)._align(axis) if axis is not None else ndarray.argmin(self, axis, out)

    def ptp(self, axis=None, out=None):
        """The range of the elements, along an axis."""
        from .._core.fromnumeric import ptp

        return asmatrix(ptp(asarray(self), axis, out, keepdims=True))._collapse(axis)

    def ravel(self, order="C"):
        """The elements as one row, a view where possible."""
        return ndarray.ravel(self, order=order)

    @property
    def I(self) -> matrix:  # noqa: E743
        """The inverse, of a matrix that is not square the pseudo-inverse."""
        from ..linalg import inv, pinv

        return asmatrix(inv(self) if self.shape[0] == self.shape[1] else pinv(self))

    @property
    def A(self) -> ndarray:
        """The matrix as an array."""
        return self.__array__()

    @property
    def A1(self) -> ndarray:
        """The elements as an array of one dimension."""
        return self.__array__().ravel()

    @property
    def T(self) -> matrix:
        """The transpose."""
        return self.transpose()

    @property
    def H(self) -> matrix:
        """The conjugate transpose."""
        return (
            self.transpose().conjugate()
            if issubclass(self.dtype.type, dtype("c16").type.__base__)
            else self.transpose()
        )

    getT = T.fget
    getA = A.fget
    getA1 = A1.fget
    getH = H.fget
    getI = I.fget


def _block_rows(text: str, names: dict[str, Any], outer: dict[str, Any]) -> matrix:
    from .._core.multiarray import concatenate

    rows = []
    for row in text.split(";"):
        blocks = []
        for word in (word for part in row.split(",") for word in part.split()):
            if word not in names and word not in outer:
                raise NameError(f"name {word!r} is not defined")
            blocks.append(names.get(word, outer.get(word)))
        rows.append(concatenate(blocks, axis=-1))
    return concatenate(rows, axis=0)


def bmat(obj: Any, ldict: dict[str, Any] | None = None, gdict: dict[str, Any] | None = None) -> matrix:
    """
    Build a matrix of blocks.

    Parameters
    ----------
    obj : str or array_like
        Names of variables as rows of blocks (``"A, B; C, D"``), or nested sequences of arrays.
    ldict, gdict : dict, optional
        Where names are looked up; without them, in the caller's variables.

    Returns
    -------
    matrix

    Examples
    --------
    >>> import wasmnp as np
    >>> A = np.asmatrix("1 1; 1 1")
    >>> np.bmat([[A, A]])
    matrix([[1, 1, 1, 1],
            [1, 1, 1, 1]])
    """
    from .._core.multiarray import concatenate

    if isinstance(obj, str):
        if gdict is None:
            import sys

            frame = sys._getframe(1)
            ldict, gdict = frame.f_locals, frame.f_globals
        return matrix(_block_rows(obj, ldict or {}, gdict))
    if isinstance(obj, ndarray):
        return matrix(obj)
    rows = []
    for row in obj:
        if isinstance(row, ndarray):
            return matrix(concatenate(obj, axis=-1))
        rows.append(concatenate(row, axis=-1))
    return matrix(concatenate(rows, axis=0))


for _public in (asmatrix, bmat, matrix):
    _public.__module__ = __name__.partition(".")[0]
