"""The masked array: data, and a mask that is true where an element is missing."""

from __future__ import annotations

from typing import Any

from .._core import umath
from .._core._multiarray_umath import array as _array
from .._core._multiarray_umath import asarray, dtype, ndarray, where, zeros
from .._core._multiarray_umath import bool as bool_

__all__ = [
    "MAError",
    "MaskError",
    "MaskType",
    "MaskedArray",
    "array",
    "asanyarray",
    "compressed",
    "default_fill_value",
    "filled",
    "getdata",
    "getmask",
    "getmaskarray",
    "isMA",
    "isMaskedArray",
    "is_masked",
    "isarray",
    "make_mask",
    "make_mask_none",
    "mask_or",
    "masked",
    "masked_array",
    "masked_equal",
    "masked_invalid",
    "masked_where",
    "nomask",
]


class MAError(Exception):
    """Base of the errors of masked arrays."""


class MaskError(MAError):
    """A mask does not fit its array."""


MaskType = bool_
nomask = bool_(0)

_FILL_VALUES = {"b": True, "c": 1e20 + 0j, "f": 1e20, "i": 999999, "u": 999999, "O": "?", "S": b"N/A", "U": "N/A"}


def default_fill_value(obj: Any) -> Any:
    """
    What stands for missing elements of a type where nothing else was asked for.

    Parameters
    ----------
    obj : dtype, array_like or scalar

    Returns
    -------
    scalar

    Examples
    --------
    >>> import wasmnp as np
    >>> np.ma.default_fill_value(np.dtype(float))
    1e+20
    """
    kind = obj if isinstance(obj, dtype) else asarray(obj).dtype
    if kind.kind in "mM":
        return _array("NaT", dtype=kind)[()]
    return _FILL_VALUES.get(kind.kind, "???")


def getmask(a: Any) -> Any:
    """The mask of a masked array; `nomask` for anything else."""
    return getattr(a, "_mask", nomask)


def getmaskarray(a: Any) -> ndarray:
    """The mask of an array in full: false throughout where nothing is masked."""
    mask = getmask(a)
    return zeros(asarray(getdata(a)).shape, "?") if mask is nomask else mask


def getdata(a: Any, subok: bool = True) -> Any:
    """The data of a masked array; another array as it is."""
    data = a._data if isinstance(a, MaskedArray) else _array(a, copy=None, subok=True)
    return data if subok else data.view(ndarray)


def make_mask_none(newshape: Any, dtype: Any = None) -> ndarray:
    """A mask of a shape that masks nothing."""
    return zeros(newshape, "?")


def make_mask(m: Any, copy: bool = False, shrink: bool = True, dtype: Any = bool_) -> Any:
    """A mask of an array; with `shrink` `nomask` where nothing is masked."""
    if m is nomask:
        return nomask
    mask = _array(filled(m, True), dtype="?", copy=True if copy else None)
    return nomask if shrink and not mask.any() else mask


def mask_or(m1: Any, m2: Any, copy: bool = False, shrink: bool = True) -> Any:
    """What either of two masks masks."""
    if m1 is nomask or m2 is nomask:
        only = m2 if m1 is nomask else m1
        return make_mask(only, copy=copy, shrink=shrink) if only is not nomask else nomask
    return make_mask(umath.logical_or(m1, m2), copy=copy, shrink=shrink)


def is_masked(x: Any) -> bool:
    """Whether an array has masked elements."""
    mask = getmask(x)
    return mask is not nomask and bool(mask.any())


def isMaskedArray(x: Any) -> bool:
    """Whether the argument is a masked array."""
    return isinstance(x, MaskedArray)


isMA = isarray = isMaskedArray


def filled(a: Any, fill_value: Any = None) -> Any:
    """An array whose missing elements are filled in."""
    return a.filled(fill_value) if hasattr(a, "filled") else (a if isinstance(a, ndarray) else _array(a))


def compressed(x: Any) -> ndarray:
    """The elements that are not masked, in one dimension."""
    return asanyarray(x).compressed()


class MaskedArray(ndarray):
    """
    An array with a mask: operations leave masked elements out.

    Parameters
    ----------
    data : array_like
    mask : array_like of bool, optional
        True where an element is missing; broadcast to the shape of the data.
    dtype : dtype, optional
    copy : bool
    fill_value : scalar, optional
        What `filled` puts in place of missing elements.
    keep_mask : bool
        Whether the mask of masked `data` is kept beside `mask`.
    hard_mask : bool
        Whether assignment leaves masked elements masked.

    Examples
    --------
    >>> import wasmnp as np
    >>> x = np.ma.MaskedArray([1, 2, 3], mask=[False, True, False])
    >>> int(x.sum()), x.filled(0).tolist()
    (4, [1, 0, 3])
    """

    __array_priority__ = 15
    _mask: Any = nomask
    _fill_value: Any = None
    _hardmask = False

    def __new__(
        cls,
        data: Any = None,
        mask: Any = nomask,
        dtype: Any = None,
        copy: bool = False,
        subok: bool = True,
        ndmin: int = 0,
        fill_value: Any = None,
        keep_mask: bool = True,
        hard_mask: bool | None = None,
        shrink: bool = True,
        order: Any = None,
    ) -> MaskedArray:
        own = getmask(data)
        if isinstance(data, (list, tuple)) and any(item is masked or is_masked(item) for item in data):
            own = _array([getmaskarray(item) if item is not masked else True for item in data], dtype="?")
            data = [0 if item is masked else getdata(item) for item in data]
        raw = _array(getdata(data), dtype=dtype, copy=True if copy else None, order=order or "K", ndmin=ndmin)
        result = raw.view(cls if not (subok and isinstance(data, MaskedArray)) else type(data))
        given: Any = nomask
        if mask is not nomask and mask is not None:
            from ..lib._stride_tricks_impl import broadcast_to

            if mask is False or mask is True:
                mask = _array(mask)
            given = _array(mask, dtype="?")
            if given.shape != raw.shape:
                if given.size == raw.size:
                    given = given.reshape(raw.shape)
                elif given.size == 1:
                    given = broadcast_to(given.reshape(()), raw.shape).copy()
                else:
                    raise MaskError(
                        f"Mask and data not compatible: data size is {raw.size}, mask size is {given.size}."
                    )
        combined = mask_or(own, given, shrink=False) if keep_mask or given is nomask else given
        if combined is not nomask:
            combined = combined.copy() if combined is own else combined
            if combined.shape != raw.shape:
                combined = combined.reshape(raw.shape)
        elif mask is False:
            combined = zeros(raw.shape, "?")
        result._mask = combined
        result._fill_value = fill_value if fill_value is not None else getattr(data, "_fill_value", None)
        result._hardmask = bool(getattr(data, "_hardmask", False) if hard_mask is None else hard_mask)
        return result

    def __array_finalize__(self, other: Any) -> None:
        self._fill_value = getattr(other, "_fill_value", None)
        self._hardmask = getattr(other, "_hardmask", False)
        mask = getmask(other)
        if mask is not nomask and mask.shape != self.shape:
            mask = mask.reshape(self.shape) if mask.size == self.size else nomask
        self._mask = mask

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        data = [getdata(x) if isinstance(x, MaskedArray) else x for x in inputs]
        out = kwargs.get("out")
        if out is not None:
            kwargs["out"] = tuple(getdata(x) if isinstance(x, MaskedArray) else x for x in out)
        if method != "__call__":
            if method in ("reduce", "accumulate") and is_masked(inputs[0]):
                neutral = ufunc.identity
                if neutral is None:
                    neutral = _extreme(inputs[0].dtype, lowest=ufunc.__name__ in ("maximum", "fmax"))
                data[0] = inputs[0].filled(neutral)
            return getattr(ufunc, method)(*data, **kwargs)
        mask: Any = nomask
        for x in inputs:
            own = getmask(x)
            if own is not nomask:
                mask = own if mask is nomask else umath.logical_or(mask, own)
        from .._core._ufunc_config import errstate

        with errstate(divide="ignore", invalid="ignore"):
            results = ufunc(*data, **kwargs)
        if ufunc.__name__ in _DOMAINS:
            outside = _DOMAINS[ufunc.__name__](*map(asarray, data[: ufunc.nin]))
            mask = outside if mask is nomask else umath.logical_or(mask, outside)
        if out is not None:
            for target in out:
                if isinstance(target, MaskedArray):
                    target._mask = mask
            return out[0] if len(out) == 1 else out
        wrapped = tuple(
            self._wrapped(result, mask) for result in (results if isinstance(results, tuple) else (results,))
        )
        return wrapped if isinstance(results, tuple) else wrapped[0]

    def _wrapped(self, result: Any, mask: Any) -> Any:
        if not isinstance(result, ndarray):
            return masked if mask is not nomask and bool(mask) else result
        view = result.view(type(self))
        view._mask = (
            mask if mask is nomask or mask.shape == result.shape else umath.logical_or(mask, zeros(result.shape, "?"))
        )
        view._fill_value = self._fill_value
        return view

    @property
    def _data(self) -> ndarray:
        return ndarray.view(self, ndarray)

    data = _data

    @property
    def mask(self) -> Any:
        """True where an element is missing; `nomask` where none can be."""
        return self._mask

    @mask.setter
    def mask(self, value: Any) -> None:
        if value is nomask:
            self._mask = nomask
            return
        full = zeros(self.shape, "?")
        full[...] = value
        self._mask = umath.logical_or(full, self._mask) if self._hardmask and self._mask is not nomask else full

    @property
    def fill_value(self) -> Any:
        """What `filled` puts in place of missing elements."""
        value = default_fill_value(self.dtype) if self._fill_value is None else self._fill_value
        return _array(value).astype(self.dtype)[()] if self.dtype.kind not in "SUOV" else value

    @fill_value.setter
    def fill_value(self, value: Any) -> None:
        self._fill_value = value

    def filled(self, fill_value: Any = None) -> ndarray:
        """A copy of the data with missing elements filled in; the data itself where none is missing."""
        if self._mask is nomask:
            return self._data
        result = self._data.copy()
        result[self._mask] = self.fill_value if fill_value is None else fill_value
        return result

    def compressed(self) -> ndarray:
        """The elements that are not masked, in one dimension."""
        data = self._data.ravel()
        return data if self._mask is nomask else data[~self._mask.ravel()]

    def count(self, axis: Any = None, keepdims: Any = False) -> Any:
        """How many elements are not masked, along an axis."""
        present = ~getmaskarray(self)
        return present.sum(axis=axis, dtype="p", keepdims=keepdims)

    def harden_mask(self) -> MaskedArray:
        """Leave masked elements masked when they are assigned to."""
        self._hardmask = True
        return self

    def soften_mask(self) -> MaskedArray:
        """Let assignment unmask elements."""
        self._hardmask = False
        return self

    def shrink_mask(self) -> MaskedArray:
        """Drop a mask that masks nothing."""
        if self._mask is not nomask and not self._mask.any():
            self._mask = nomask
        return self

    def __getitem__(self, index: Any) -> Any:
        data = self._data[index]
        mask = nomask if self._mask is nomask else self._mask[index]
        if not isinstance(data, ndarray):
            return masked if mask is not nomask and mask else data
        return self._wrapped(data, mask)

    def __setitem__(self, index: Any, value: Any) -> None:
        if value is masked:
            if self._mask is nomask:
                self._mask = zeros(self.shape, "?")
            self._mask[index] = True
            return
        mask = getmask(value)
        data = getdata(value)
        if self._hardmask and self._mask is not nomask:
            kept = self._mask[index]
            self._data[index] = where(kept, self._data[index], data)
            self._mask[index] = umath.logical_or(kept, mask)
            return
        self._data[index] = data
        if mask is not nomask and self._mask is nomask:
            self._mask = zeros(self.shape, "?")
        if self._mask is not nomask:
            self._mask[index] = mask

    def reshape(self, *shape: Any, **kwargs: Any) -> MaskedArray:
        """The array in another shape."""
        mask = nomask if self._mask is nomask else self._mask.reshape(*shape, **kwargs)
        return self._wrapped(self._data.reshape(*shape, **kwargs), mask)

    def _of_both(name: str) -> Any:
        def method(self: MaskedArray, *args: Any, **kwargs: Any) -> Any:
            mask = nomask if self._mask is nomask else getattr(self._mask, name)(*args, **kwargs)
            return self._wrapped(getattr(self._data, name)(*args, **kwargs), mask)

        method.__name__ = name
        method.__doc__ = f"``{name}`` of the data and of the mask."
        return method

    copy = _of_both("copy")
    ravel = _of_both("ravel")
    flatten = _of_both("flatten")
    transpose = _of_both("transpose")
    swapaxes = _of_both("swapaxes")
    squeeze = _of_both("squeeze")
    take = _of_both("take")
    repeat = _of_both("repeat")
    diagonal = _of_both("diagonal")
    T = property(lambda self: self.transpose())

    def _reduced(self, result: Any, axis: Any, keepdims: Any) -> Any:
        """The result of a reduction, masked where no element was left."""
        if self._mask is nomask:
            return result if not isinstance(result, ndarray) else self._wrapped(result, nomask)
        empty = self._mask.all(axis=axis, keepdims=bool(keepdims))
        return self._wrapped(result, empty)

    def sum(self, axis=None, dtype=None, out=None, keepdims=False):
        """The sum of the elements that are not masked."""
        return self._reduced(self.filled(0).sum(axis, dtype, out, keepdims), axis, keepdims)

    def prod(self, axis=None, dtype=None, out=None, keepdims=False):
        """The product of the elements that are not masked."""
        return self._reduced(self.filled(1).prod(axis, dtype, out, keepdims), axis, keepdims)

    def min(self, axis=None, out=None, fill_value=None, keepdims=False):
        """The smallest element that is not masked."""
        highest = _extreme(self.dtype, lowest=False) if fill_value is None else fill_value
        return self._reduced(self.filled(highest).min(axis, out, keepdims), axis, keepdims)

    def max(self, axis=None, out=None, fill_value=None, keepdims=False):
        """The largest element that is not masked."""
        lowest = _extreme(self.dtype, lowest=True) if fill_value is None else fill_value
        return self._reduced(self.filled(lowest).max(axis, out, keepdims), axis, keepdims)

    def all(self, axis=None, out=None, keepdims=False):
        """Whether all elements that are not masked are true."""
        return self._reduced(self.filled(True).all(axis, out, keepdims), axis, keepdims)

    def any(self, axis=None, out=None, keepdims=False):
        """Whether any element that is not masked is true."""
        return self._reduced(self.filled(False).any(axis, out, keepdims), axis, keepdims)

    def mean(self, axis=None, dtype=None, out=None, keepdims=False):
        """The mean of the elements that are not masked."""
        if self._mask is nomask:
            return self._reduced(self._data.mean(axis, dtype, out, keepdims), axis, keepdims)
        total = self.sum(axis, dtype, keepdims=keepdims)
        count = self.count(axis, keepdims)
        result = total * 1.0 / count if total is not masked else masked
        if out is not None:
            out[...] = result
            return out
        return result

    def var(self, axis=None, dtype=None, out=None, ddof=0, keepdims=False, mean=None):
        """The variance of the elements that are not masked."""
        centre = self.mean(axis, dtype, keepdims=True) if mean is None else mean
        distance = self - centre
        squares = umath.absolute(distance) ** 2
        count = self.count(axis, keepdims) - ddof
        total = squares.sum(axis, dtype, keepdims=keepdims)
        result = masked if total is masked else total / count
        if out is not None:
            out[...] = result
            return out
        return result

    def std(self, axis=None, dtype=None, out=None, ddof=0, keepdims=False, mean=None):
        """The standard deviation of the elements that are not masked."""
        variance = self.var(axis, dtype, None, ddof, keepdims, mean)
        result = masked if variance is masked else umath.sqrt(variance)
        if out is not None:
            out[...] = result
            return out
        return result

    def tolist(self) -> Any:
        """Nested lists, with None for missing elements."""
        if self._mask is nomask:
            return self._data.tolist()
        objects = self._data.astype(object)
        objects[self._mask] = None
        return objects.tolist()

    def __str__(self) -> str:
        if self._mask is nomask or not self._mask.any():
            return str(self._data)
        shown = self._data.astype(object)
        shown[self._mask] = _MaskedText()
        return str(shown)

    def __repr__(self) -> str:
        fill = self.fill_value
        return (
            f"masked_array(data={self!s},\n             mask={self._mask!s},\n       fill_value={fill!s})"
            if self.ndim < 2
            else f"masked_array(\n  data={self!s},\n  mask={self._mask!s},\n  fill_value={fill!s})"
        )

    def __reduce__(self) -> Any:
        return MaskedArray, (self._data, self._mask if self._mask is nomask else self._mask.copy())


class _MaskedText:
    def __repr__(self) -> str:
        return "--"


# Arguments for which operations have no value, and so mask their results.
_DOMAINS = {
    "divide": lambda a, b: b == 0,
    "floor_divide": lambda a, b: b == 0,
    "remainder": lambda a, b: b == 0,
    "fmod": lambda a, b: b == 0,
    "log": lambda a: a <= 0,
    "log2": lambda a: a <= 0,
    "log10": lambda a: a <= 0,
    "sqrt": lambda a: a < 0,
    "arcsin": lambda a: umath.absolute(a) > 1,
    "arccos": lambda a: umath.absolute(a) > 1,
    "arccosh": lambda a: a < 1,
    "arctanh": lambda a: umath.absolute(a) >= 1,
}


def _extreme(kind: dtype, lowest: bool) -> Any:
    """The lowest or the highest value of a type."""
    if kind.kind in "fc":
        return -float("inf") if lowest else float("inf")
    if kind.kind == "b":
        return not lowest
    from .._core.getlimits import iinfo

    return iinfo(kind).min if lowest else iinfo(kind).max


class MaskedConstant(MaskedArray):
    """The one value that missing elements have when they stand alone."""

    _one: MaskedConstant | None = None

    def __new__(cls) -> MaskedConstant:
        if cls._one is None:
            one = zeros((), "f8").view(cls)
            one._mask = _array(True)
            cls._one = one
        return cls._one

    def __array_finalize__(self, other: Any) -> None:
        self._mask = _array(True)

    def _wrapped(self, result: Any, mask: Any) -> Any:
        if not isinstance(result, ndarray) or result.ndim == 0:
            return masked
        view = result.view(MaskedArray)
        view._mask = zeros(result.shape, "?") | mask
        return view

    def __repr__(self) -> str:
        return "masked"

    def __str__(self) -> str:
        return "--"

    def __reduce__(self) -> Any:
        return MaskedConstant, ()

    def __copy__(self) -> MaskedConstant:
        return self

    def __deepcopy__(self, memo: Any) -> MaskedConstant:
        return self


masked = MaskedConstant()
masked_array = MaskedArray


def array(
    data: Any,
    dtype: Any = None,
    copy: bool = False,
    order: Any = None,
    mask: Any = nomask,
    fill_value: Any = None,
    keep_mask: bool = True,
    hard_mask: bool = False,
    shrink: bool = True,
    subok: bool = True,
    ndmin: int = 0,
) -> MaskedArray:
    """
    A masked array of data and a mask.

    Parameters
    ----------
    data, dtype, copy, order, mask, fill_value, keep_mask, hard_mask, shrink, subok, ndmin
        As of `MaskedArray`.

    Returns
    -------
    MaskedArray

    Examples
    --------
    >>> import wasmnp as np
    >>> float(np.ma.array([1.0, 2.0, 3.0], mask=[0, 1, 0]).mean())
    2.0
    """
    return MaskedArray(
        data, mask=mask, dtype=dtype, copy=copy, subok=subok, keep_mask=keep_mask, hard_mask=hard_mask,
        fill_value=fill_value, ndmin=ndmin, shrink=shrink, order=order,
    )  # fmt: skip


def asanyarray(a: Any, dtype: Any = None, order: Any = None) -> MaskedArray:
    """A masked array of the input, which is returned as it is where it is one."""
    if isinstance(a, MaskedArray) and (dtype is None or dtype == a.dtype):
        return a
    return MaskedArray(a, dtype=dtype, order=order)


def masked_where(condition: Any, a: Any, copy: bool = True) -> Any:
    """
    An array masked where a condition holds.

    Parameters
    ----------
    condition : array_like of bool
    a : array_like
    copy : bool

    Returns
    -------
    MaskedArray

    Raises
    ------
    IndexError
        If the shapes differ.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.ma.masked_where(np.arange(3) > 1, np.arange(3)).tolist()
    [0, 1, None]
    """
    mask = make_mask(condition, shrink=False)
    data = _array(a, copy=True if copy else None, subok=True)
    if mask.shape and mask.shape != data.shape:
        raise IndexError(f"Inconsistent shape between the condition and the input (got {mask.shape} and {data.shape})")
    return MaskedArray(data, mask=mask)


def masked_equal(x: Any, value: Any, copy: bool = True) -> Any:
    """An array masked where it equals a value."""
    result = masked_where(asarray(getdata(x)) == value, x, copy=copy)
    result.fill_value = value
    return result


def masked_invalid(a: Any, copy: bool = True) -> Any:
    """An array masked where it is NaN or infinite."""
    return masked_where(~umath.isfinite(asarray(getdata(a))), a, copy=copy)
