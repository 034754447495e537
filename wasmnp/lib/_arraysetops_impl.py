"""Arrays as sets: unique elements, membership, unions and differences."""

from __future__ import annotations

from typing import Any, NamedTuple

from .. import _core as _nx
from .._core._axes import normalize_axis_index
from .._core._multiarray_umath import asanyarray, asarray
from .._core.overrides import array_function_dispatch
from ._calculus_impl import diff
from ._insertion_impl import append
from ._shape_base_impl import _is_matrix

__all__ = [
    "ediff1d",
    "intersect1d",
    "isin",
    "setdiff1d",
    "setxor1d",
    "union1d",
    "unique",
    "unique_all",
    "unique_counts",
    "unique_inverse",
    "unique_values",
]


@array_function_dispatch(lambda ary, to_end=None, to_begin=None: (ary, to_end, to_begin))
def ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> Any:
    """
    Differences between the elements of an array, in C order.

    Parameters
    ----------
    ary : array_like
        The array.
    to_end, to_begin : array_like, optional
        What to put behind the differences and in front of them.

    Returns
    -------
    ndarray, 1-d

    Raises
    ------
    TypeError
        If these cannot be cast to the type of the array.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.ediff1d([1, 2, 4], to_begin=0)
    array([0, 1, 2])
    """
    ary = asanyarray(ary).ravel()
    ends = []
    for name, given in (("to_begin", to_begin), ("to_end", to_end)):
        values = _nx.empty(0, ary.dtype) if given is None else asanyarray(given)
        if not _nx.can_cast(values.dtype, ary.dtype, casting="same_kind"):
            raise TypeError(f"dtype of `{name}` must be compatible with input `ary` under the `same_kind` rule.")
        ends.append(values.ravel())
    before, after = ends
    count = max(len(ary) - 1, 0)
    result = _nx.empty_like(ary, shape=len(before) + count + len(after))
    result[: len(before)] = before
    result[len(before) + count :] = after
    _nx.subtract(ary[1:], ary[:-1], result[len(before) : len(before) + count])
    return result


def _unique_dispatcher(
    ar, return_index=None, return_inverse=None, return_counts=None, axis=None, *, equal_nan=None, sorted=None
):
    return (ar,)


@array_function_dispatch(_unique_dispatcher)
def unique(
    ar: Any,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    *,
    equal_nan: bool = True,
    sorted: bool = True,
) -> Any:
    """
    The different elements of an array, sorted.

    Parameters
    ----------
    ar : array_like
        The array.
    return_index : bool
        Return where each was first, too.
    return_inverse : bool
        Return for each element of `ar` which it is, too.
    return_counts : bool
        Return how often each occurs, too.
    axis : int, optional
        Compare parts along this axis; by default elements.
    equal_nan : bool
        Whether NaNs are equal to each other.
    sorted : bool
        Whether they must be sorted; they are.

    Returns
    -------
    ndarray, or tuple of ndarray

    Raises
    ------
    AxisError
        If there is no such axis.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.unique([3, 1, 3], return_counts=True)
    (array([1, 3]), array([1, 2]))
    """
    ar = asanyarray(ar)
    whole = axis is None
    if whole or (normalize_axis_index(axis, ar.ndim) == 0 and ar.ndim == 1):
        # A matrix stays two-dimensional whatever is done to it.
        flat = (asarray(ar) if _is_matrix(ar) else ar).ravel()
        order = None
        if return_index or return_inverse:
            order = flat.argsort(kind="stable" if return_index else None)
            ordered = flat[order]
        else:
            ordered = flat.copy()
            ordered.sort()
        first = _first_of_equals(ordered, equal_nan)
        values = ordered[first]
    else:
        if ar.dtype.hasobject:
            raise TypeError(f"The axis argument to unique is not supported for dtype {ar.dtype}")
        parts = _nx.moveaxis(ar, axis, 0)
        rows = parts.reshape(parts.shape[0], -1) if parts.size else parts.reshape(parts.shape[0], 0)
        columns = [rows[:, place] for place in range(rows.shape[1])]
        order = _nx.lexsort(columns[::-1]) if columns else _nx.arange(rows.shape[0])
        ordered = rows[order]
        first = _nx.ones(rows.shape[0], dtype=bool)
        first[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
        values = _nx.moveaxis(parts[order[first]], 0, axis)
    results = [values]
    if return_index:
        results.append(order[first])
    if return_inverse:
        inverse = _nx.empty(first.shape, dtype="p")
        inverse[order] = first.cumsum() - 1
        results.append(inverse.reshape(ar.shape) if whole else inverse)
    if return_counts:
        places = append(first.nonzero()[0], first.size)
        results.append(diff(places))
    return results[0] if len(results) == 1 else tuple(results)


def _first_of_equals(ordered: Any, equal_nan: bool) -> Any:
    """Where sorted elements differ from the one before."""
    first = _nx.empty(ordered.shape, dtype=bool)
    first[:1] = True
    first[1:] = ordered[1:] != ordered[:-1]
    if equal_nan and ordered.size and ordered.dtype.kind in "cfmM" and _nx.isnan(ordered[-1]):
        # NaNs are at the end; complex ones of whatever parts count as one.
        nans = _nx.isnan(ordered)
        start = int(nans.argmax())
        first[start + 1 :] = False
    return first


class UniqueAllResult(NamedTuple):
    """What `unique_all` returns."""

    values: Any
    indices: Any
    inverse_indices: Any
    counts: Any


class UniqueCountsResult(NamedTuple):
    """What `unique_counts` returns."""

    values: Any
    counts: Any


class UniqueInverseResult(NamedTuple):
    """What `unique_inverse` returns."""

    values: Any
    inverse_indices: Any


@array_function_dispatch(lambda x, /: (x,))
def unique_all(x: Any) -> UniqueAllResult:
    """
    The different elements of an array, where and how often they are; NaNs are not equal (array API standard).

    Parameters
    ----------
    x : array_like
        The array.

    Returns
    -------
    UniqueAllResult
        With ``values``, ``indices`` of the first of each, ``inverse_indices`` and ``counts``.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.unique_all([3, 1, 3]).indices
    array([1, 0])
    """
    return UniqueAllResult(*unique(x, return_index=True, return_inverse=True, return_counts=True, equal_nan=False))


@array_function_dispatch(lambda x, /: (x,))
def unique_counts(x: Any) -> UniqueCountsResult:
    """
    The different elements of an array, and how often they are; NaNs are not equal (array API standard).

    Parameters
    ----------
    x : array_like
        The array.

    Returns
    -------
    UniqueCountsResult
        With ``values`` and ``counts``.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.unique_counts([3, 1, 3]).counts
    array([1, 2])
    """
    return UniqueCountsResult(*unique(x, return_counts=True, equal_nan=False))


@array_function_dispatch(lambda x, /: (x,))
def unique_inverse(x: Any) -> UniqueInverseResult:
    """
    The different elements of an array, and which each is; NaNs are not equal (array API standard).

    Parameters
    ----------
    x : array_like
        The array.

    Returns
    -------
    UniqueInverseResult
        With ``values`` and ``inverse_indices``.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.unique_inverse([3, 1, 3]).inverse_indices
    array([1, 0, 1])
    """
    return UniqueInverseResult(*unique(x, return_inverse=True, equal_nan=False))


@array_function_dispatch(lambda x, /: (x,))
def unique_values(x: Any) -> Any:
    """
    The different elements of an array; NaNs are not equal (array API standard).

    Parameters
    ----------
    x : array_like
        The array.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> np.unique_values([3, 1, 3])
    array([1, 3])
    """
    return unique(x, equal_nan=False)


def _intersect1d_dispatcher(ar1, ar2, assume_unique=None, return_indices=None):
    return ar1, ar2


@array_function_dispatch(_intersect1d_dispatcher)
def intersect1d(ar1: Any, ar2: Any, assume_unique: bool = False, return_indices: bool = False) -> Any:
    """
    The elements that are in both of two arrays, sorted.

    Parameters
    ----------
    ar1, ar2 : array_like
        The arrays.
    assume_unique : bool
        Whether no array has an element twice.
    return_indices : bool
        Return where each was first in both arrays, too.

    Returns
    -------
    ndarray, 1-d, or tuple of three

    Examples
    --------
    >>> import wasmnp as np
    >>> np.intersect1d([1, 3, 4, 3], [3, 1, 2, 1])
    array([1, 3])
    """
    ar1, ar2 = asanyarray(ar1), asanyarray(ar2)
    if assume_unique:
        ar1, ar2 = ar1.ravel(), ar2.ravel()
    elif return_indices:
        (ar1, first1), (ar2, first2) = unique(ar1, return_index=True), unique(ar2, return_index=True)
    else:
        ar1, ar2 = unique(ar1), unique(ar2)
    both = _nx.concatenate((ar1, ar2))
    if not return_indices:
        both.sort()
        return both[:-1][both[1:] == both[:-1]]
    order = both.argsort(kind="stable")
    both = both[order]
    shared = both[1:] == both[:-1]
    place1, place2 = order[:-1][shared], order[1:][shared] - ar1.size
    if not assume_unique:
        place1, place2 = first1[place1], first2[place2]
    return both[:-1][shared], place1, place2


@array_function_dispatch(lambda ar1, ar2, assume_unique=None: (ar1, ar2))
def setxor1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Any:
    """
    The elements that are in one of two arrays only, sorted.

    Parameters
    ----------
    ar1, ar2 : array_like
        The arrays.
    assume_unique : bool
        Whether no array has an element twice.

    Returns
    -------
    ndarray, 1-d

    Examples
    --------
    >>> import wasmnp as np
    >>> np.setxor1d([1, 2, 3], [3, 4])
    array([1, 2, 4])
    """
    if not assume_unique:
        ar1, ar2 = unique(ar1), unique(ar2)
    both = _nx.concatenate((ar1, ar2), axis=None)
    if both.size == 0:
        return both
    both.sort()
    edges = _nx.ones(both.size + 1, dtype=bool)
    edges[1:-1] = both[1:] != both[:-1]
    return both[edges[1:] & edges[:-1]]


def _isin_dispatcher(element, test_elements, assume_unique=None, invert=None, *, kind=None):
    return element, test_elements


@array_function_dispatch(_isin_dispatcher)
def isin(
    element: Any, test_elements: Any, assume_unique: bool = False, invert: bool = False, *, kind: str | None = None
) -> Any:
    """
    Which elements of an array are in another.

    Parameters
    ----------
    element : array_like
        The elements to look for.
    test_elements : array_like
        Where to look.
    assume_unique : bool
        Whether no array has an element twice.
    invert : bool
        Say which are not.
    kind : {None, 'sort', 'table'}
        Whether to sort, or to mark integers in a table as long as their range; by default what seems faster.

    Returns
    -------
    ndarray of bool
        Of the shape of `element`.

    Raises
    ------
    ValueError
        For other kinds, and for a table of what are no integers.
    RuntimeError
        If the table would be too large.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.isin([[0, 2], [4, 6]], [1, 2, 4])
    array([[False,  True],
           [ True, False]])
    """
    element = asarray(element)
    return _members(element, test_elements, invert, kind).reshape(element.shape)


def _members(element: Any, test_elements: Any, invert: bool, kind: str | None) -> Any:
    wanted, known = asarray(element).ravel(), asarray(test_elements)
    known = known.ravel()
    if kind not in (None, "sort", "table"):
        raise ValueError(f"Invalid kind: '{kind}'. Please use None, 'sort' or 'table'.")
    if all(one.dtype.kind in "uib" for one in (wanted, known)) and kind in (None, "table"):
        if known.size == 0:
            return _nx.full(wanted.shape, invert, dtype=bool)
        if wanted.dtype.kind == "b":
            wanted = wanted.astype("u1")
        if known.dtype.kind == "b":
            known = known.astype("u1")
        low, high = int(known.min()), int(known.max())
        fits = high - low <= _nx.iinfo(known.dtype).max
        # Beyond a few times the number of elements, sorting needs less memory and is about as fast.
        if fits if kind == "table" else high - low <= 6 * (wanted.size + known.size):
            return _members_by_table(wanted, known, low, high, invert)
        if kind == "table":
            raise RuntimeError(
                "You have specified kind='table', but the range of values in `ar2` or `ar1` exceed the maximum integer "
                "of the datatype. Please set `kind` to None or 'sort'."
            )
    elif kind == "table":
        raise ValueError(
            "The 'table' method is only supported for boolean or integer arrays. Please select 'sort' or None for kind."
        )
    # Objects need not have an order; and few elements are compared faster than sorted.
    if wanted.dtype.hasobject or known.dtype.hasobject or len(known) < 10 * len(wanted) ** 0.145:
        result = _nx.full(wanted.shape, invert, dtype=bool)
        for place in range(len(known)):
            one = known[place : place + 1]  # an array, as objects may be sequences
            if invert:
                result &= wanted != one
            else:
                result |= wanted == one
        return result
    known = known.copy()
    known.sort()
    places = known.searchsorted(wanted)
    places[places == len(known)] = 0
    return known[places] != wanted if invert else known[places] == wanted


def _members_by_table(wanted: Any, known: Any, low: int, high: int, invert: bool) -> Any:
    def offsets(integers: Any) -> Any:
        # Differences of unsigned integers are exact, whatever the types.
        return (integers.astype("u8") - _nx.uint64(low % 2**64)).astype("p")

    table = _nx.full(high - low + 1, invert, dtype=bool)
    table[offsets(known)] = not invert
    inside = (wanted >= low) & (wanted <= high)
    result = _nx.full(wanted.shape, invert, dtype=bool)
    result[inside] = table[offsets(wanted[inside])]
    return result


@array_function_dispatch(lambda ar1, ar2: (ar1, ar2))
def union1d(ar1: Any, ar2: Any) -> Any:
    """
    The elements that are in at least one of two arrays, sorted.

    Parameters
    ----------
    ar1, ar2 : array_like
        The arrays.

    Returns
    -------
    ndarray, 1-d

    Examples
    --------
    >>> import wasmnp as np
    >>> np.union1d([-1, 0, 1], [-2, 0, 2])
    array([-2, -1,  0,  1,  2])
    """
    return unique(_nx.concatenate((ar1, ar2), axis=None))


@array_function_dispatch(lambda ar1, ar2, assume_unique=None: (ar1, ar2))
def setdiff1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Any:
    """
    The elements of an array that are not in another.

    Parameters
    ----------
    ar1, ar2 : array_like
        The arrays.
    assume_unique : bool
        Whether no array has an element twice; the order of `ar1` is kept then, else the result is sorted.

    Returns
    -------
    ndarray, 1-d

    Examples
    --------
    >>> import wasmnp as np
    >>> np.setdiff1d([1, 2, 3, 2, 4, 1], [3, 4, 5])
    array([1, 2])
    """
    ar1 = asarray(ar1).ravel() if assume_unique else unique(ar1)
    return ar1[_members(ar1, ar2, invert=True, kind=None)]
