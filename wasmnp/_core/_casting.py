"""Casts as objects: what a pair of data types resolves to, and one cast of two arrays."""

from __future__ import annotations

from typing import Any

from ._multiarray_umath import can_cast, copyto, dtype, result_type

# NPY_CASTING, and the bit that marks casts which keep values.
_LEVELS = {"no": 0, "equiv": 1, "safe": 2, "same_kind": 3, "unsafe": 4}
_SAME_VALUE = 64


class CastingImpl:
    """The cast between two classes of data types.

    Parameters
    ----------
    source, target : type
        Classes of :mod:`wasmnp.dtypes`.
    """

    def __init__(self, source: type, target: type) -> None:
        self._source, self._target = source, target

    def __repr__(self) -> str:
        return f"<CastingImpl from {self._source.__name__} to {self._target.__name__}>"

    def _default_target(self, source: dtype) -> dtype:
        if self._target is self._source:
            return source.newbyteorder("=") if not source.isnative else source
        plain: dtype = self._target()
        if plain.char in "SU" and plain.itemsize == 0:
            from ._multiarray_umath import empty

            return empty(0, source).astype(plain).dtype
        if plain.char == "V" and plain.itemsize == 0:
            return dtype(f"V{source.itemsize}")
        return plain

    def _resolve_descriptors(self, given: tuple[Any, Any]) -> tuple[int, tuple[dtype, dtype], int | None]:
        """The casting level, the two types that take part, and the offset of a view that does the same (or None)."""
        source, target = given
        if type(source) is not self._source or (target is not None and type(target) is not self._target):
            raise TypeError(f"the cast takes {self._source.__name__} and {self._target.__name__}, not {given}")
        if target is None:
            target = self._default_target(source)
        elif target.char in "SUV" and target.itemsize == 0 and target.names is None and target.subdtype is None:
            target = self._default_target(source) if type(source) is not type(target) else source
        level = next(name for name in _LEVELS if can_cast(source, target, casting=name))
        code = _LEVELS[level]
        as_bytes = target.char == "V" and target.names is None and source.itemsize == target.itemsize
        viewed = 0 if level == "no" or (as_bytes and not source.hasobject) else None
        return code | (_SAME_VALUE if self._keeps_values(source, target) else 0), (source, target), viewed

    _supports_unaligned = True  # of operands

    @staticmethod
    def _keeps_values(source: dtype, target: dtype) -> bool:
        return source.kind in "biufc" and target.kind in "biufc"

    def _simple_strided_call(self, operands: tuple[Any, Any]) -> None:
        """Cast the elements of one array into another of the same shape."""
        source, target = operands
        copyto(target, source, casting="unsafe")


def _get_castingimpl(source: type, target: type) -> CastingImpl:
    """The cast between two classes of data types."""
    result_type(source(), source())  # refuses what is no class of data types
    return CastingImpl(source, target)


def _discover_array_parameters(object: Any, kind: Any = None) -> tuple[dtype, tuple[int, ...]]:
    """The data type and shape of the array that an object makes, for a data type or a class of them."""
    from ._multiarray_umath import array

    wanted = kind() if isinstance(kind, type) and issubclass(kind, dtype) else kind
    made = array(object, dtype=wanted)
    if isinstance(wanted, dtype) and made.size == 0 and wanted.char in "SU" and wanted.itemsize == 0:
        return wanted, made.shape
    return made.dtype, made.shape


_C_NAMES = {
    "?": "bool", "b": "byte", "B": "ubyte", "h": "short", "H": "ushort", "i": "int", "I": "uint", "l": "long",
    "L": "ulong", "q": "longlong", "Q": "ulonglong", "e": "half", "f": "float", "d": "double", "g": "longdouble",
    "F": "cfloat", "D": "cdouble", "G": "clongdouble",
}  # fmt: skip


def check_same_value(source: Any, result: Any) -> None:
    """
    Raise where the elements of `result`, a cast of `source`, are not those of `source`.

    Raises
    ------
    ValueError
        If a value changed.
    TypeError
        For types other than numbers.
    """
    own, other = source.dtype, result.dtype
    if own.char not in _C_NAMES or other.char not in _C_NAMES:
        if own == other:
            return
        raise TypeError(f"Cannot cast array data from {own!r} to {other!r} according to the rule 'same_value'")
    back = result.astype(own)
    # Both ways: an integer may come back from where it does not fit, and a float may round.
    same = (back == source) & (result == source)
    if own.kind in "fc":
        same = same | ((back != back) & (source != source))
    if not same.all():
        part = ": imag is not 0" if own.kind == "c" and other.kind != "c" and (source.imag != 0).any() else ""
        raise ValueError(f"could not cast 'same_value' {_C_NAMES[own.char]} to {_C_NAMES[other.char]}{part}")
