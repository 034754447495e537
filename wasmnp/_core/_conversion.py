"""Arguments as arrays, with what they were before: weak Python numbers, scalars, subclasses."""

from __future__ import annotations

from typing import Any

from ._multiarray_umath import asanyarray, asarray, dtype, generic, ndarray, result_type

_WEAK = (int, float, complex)


def wrap_like(result: ndarray, *inputs: Any) -> Any:
    """A result as the inputs want it: by the ``__array_wrap__`` of the highest ``__array_priority__``."""
    best, priority = None, 0.0
    for one in inputs:
        if type(one) is ndarray or isinstance(one, generic):
            continue
        own = getattr(one, "__array_priority__", None)
        if hasattr(type(one), "__array_wrap__") and (own is not None or best is None):
            own = 0.0 if own is None else own
            if best is None or own > priority:
                best, priority = one, own
    return result if best is None else best.__array_wrap__(result, None, False)


class _array_converter:
    """
    Arguments of a function as arrays.

    Parameters
    ----------
    *array_likes : array_like
        The arguments.

    Attributes
    ----------
    scalar_input : tuple of bool
        For each argument whether it was a number and no array.
    """

    def __init__(self, *array_likes: Any) -> None:
        self._inputs = array_likes
        self._arrays = tuple(asanyarray(one) for one in array_likes)
        self.scalar_input = tuple(
            array.ndim == 0
            and (isinstance(one, generic | int | float | complex | str | bytes) or array.dtype.hasobject)
            and not isinstance(one, ndarray)
            for one, array in zip(array_likes, self._arrays, strict=True)
        )
        self._weak = tuple(type(one) in _WEAK for one in array_likes)

    def as_arrays(self, /, subok: bool = True, pyscalars: str = "convert_if_no_array") -> tuple[Any, ...]:
        """The arguments as arrays; Python's numbers stay what they are unless all are such, or as `pyscalars` says."""
        if pyscalars not in ("convert", "preserve", "convert_if_no_array"):
            raise ValueError("invalid python scalar handling option")
        keep = pyscalars == "preserve" or (pyscalars == "convert_if_no_array" and not all(self._weak))
        return tuple(
            one if weak and keep else array if subok else asarray(array)
            for one, array, weak in zip(self._inputs, self._arrays, self._weak, strict=True)
        )

    def result_type(self, /, extra_dtype: Any = None, ensure_inexact: bool = False) -> dtype:
        """The type that the arguments promote to."""
        kinds = [
            one if weak else array.dtype
            for one, array, weak in zip(self._inputs, self._arrays, self._weak, strict=True)
        ]
        if extra_dtype is not None:
            kinds.append(extra_dtype)
        return result_type(*kinds, 0.0) if ensure_inexact else result_type(*kinds)

    def wrap(self, arr: Any, /, to_scalar: bool | None = None) -> Any:
        """A result as the arguments want it; a scalar if all were scalars."""
        if to_scalar is None:
            to_scalar = all(self.scalar_input)
        wrapped = wrap_like(asanyarray(arr), *self._inputs)
        return wrapped[()] if to_scalar and isinstance(wrapped, ndarray) and wrapped.ndim == 0 else wrapped
