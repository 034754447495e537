"""Limits of the number types."""

from __future__ import annotations

import functools
import types
import warnings
from typing import Any

from .._utils import set_module
from . import _multiarray_umath as _um
from ._multiarray_umath import dtype

__all__ = ["finfo", "iinfo"]

# Bits of significand and exponent of binary16, binary32 and binary64 (IEEE 754-2019, table 3.5).
_FORMATS = {2: (10, 5), 4: (23, 8), 8: (52, 11)}


def _significand_bits(kind: dtype) -> int:
    """Stored bits of the significand, counted: how often one can be halved before adding it to one is lost."""
    one = kind.type(1)
    half, bits = one, -1
    while one + half != one:
        half, bits = half / kind.type(2), bits + 1
    return bits


def _scaled(kind: dtype, number: int, exponent: int) -> Any:
    """``number * 2**exponent`` as a scalar, exact: by steps that the type has."""
    value = kind.type(number)
    if kind.itemsize <= 8:
        return kind.type(number * 2.0**exponent)
    step = kind.type(2) if exponent > 0 else kind.type(1) / kind.type(2)
    count = abs(exponent)
    while count:
        if count & 1:
            value = value * step
        count >>= 1
        if count:
            step = step * step
    return value


@set_module()
class finfo:
    """
    Limits of a floating-point type.

    Parameters
    ----------
    dtype : float, dtype, or instance
        Of a complex type the limits are those of its parts.

    Attributes
    ----------
    bits : int
        Bits of a number.
    dtype : dtype
        The type.
    eps : float
        Distance from 1.0 to the next larger number, ``2**-nmant``.
    epsneg : float
        Distance from 1.0 to the next smaller number.
    iexp, nexp : int
        Bits of the exponent.
    machep, negep : int
        The exponents that give `eps` and `epsneg`.
    max, min : float
        The largest number, and its negative.
    maxexp : int
        The smallest power of two that overflows.
    minexp : int
        The smallest power of two that is normal.
    nmant : int
        Stored bits of the significand.
    precision : int
        How many decimal digits are right.
    resolution : float
        ``10**-precision``.
    smallest_normal, tiny : float
        The smallest positive number with a leading one.
    smallest_subnormal : float
        The smallest positive number.

    Raises
    ------
    ValueError
        If the type is not inexact.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.finfo(np.float32).eps
    np.float32(1.1920929e-07)
    """

    _finfo_cache: dict[Any, finfo] = {}  # noqa: RUF012
    __class_getitem__ = classmethod(types.GenericAlias)

    dtype: dtype

    def __new__(cls, dtype: Any) -> finfo:
        kind = _inexact(dtype)
        known = cls._finfo_cache.get(kind)
        if known is None:
            known = cls._finfo_cache[kind] = super().__new__(cls)
            known._measure(kind)
        return known

    def _measure(self, kind: dtype) -> None:
        self.dtype = kind
        self.bits = kind.itemsize * 8
        if kind.itemsize in _FORMATS:
            self.nmant, self.nexp = _FORMATS[kind.itemsize]
        else:  # long double: 80 bits of the x87, or binary128; both have 15 bits of exponent
            self.nmant, self.nexp = _significand_bits(kind), 15
        self.iexp = self.nexp
        self.machep, self.negep = -self.nmant, -self.nmant - 1
        self.maxexp = 1 << (self.nexp - 1)
        self.minexp = 2 - self.maxexp
        self.precision = int(self.nmant * 0.30102999566398119521)  # log10(2)

    @functools.cached_property
    def eps(self) -> Any:
        return _scaled(self.dtype, 1, self.machep)

    @functools.cached_property
    def epsneg(self) -> Any:
        return _scaled(self.dtype, 1, self.negep)

    @functools.cached_property
    def max(self) -> Any:
        # Two minus the last bit, scaled by the largest power of two: no step overflows.
        below_two = self.dtype.type(2) - self.eps
        return self.dtype.type(below_two * _scaled(self.dtype, 1, self.maxexp - 1))

    @functools.cached_property
    def min(self) -> Any:
        return -self.max

    @functools.cached_property
    def resolution(self) -> Any:
        if self.dtype.itemsize > 8:
            return self.dtype.type(1) / self.dtype.type(10) ** self.dtype.type(self.precision)
        return self.dtype.type(10.0**-self.precision)

    @functools.cached_property
    def smallest_normal(self) -> Any:
        return _scaled(self.dtype, 1, self.minexp)

    @functools.cached_property
    def smallest_subnormal(self) -> Any:
        return _scaled(self.dtype, 1, self.minexp - self.nmant)

    @property
    def tiny(self) -> Any:
        return self.smallest_normal

    def __repr__(self) -> str:
        ends = f"min={self._text(self.min)}, max={self._text(self.max)}"
        return f"finfo(resolution={self.resolution!s}, {ends}, dtype={self.dtype})"

    def _text(self, value: Any) -> str:
        return f"{float(value):.5e}" if self.dtype.itemsize == 2 else str(value)

    def __str__(self) -> str:
        line = "---------------------------------------------------------------"
        return (
            f"Machine parameters for {self.dtype!s}\n{line}\n"
            f"precision = {self.precision:3}   resolution = {self.resolution!s}\n"
            f"machep = {self.machep:6}   eps =        {self.eps!s}\n"
            f"negep =  {self.negep:6}   epsneg =     {self.epsneg!s}\n"
            f"minexp = {self.minexp:6}   tiny =       {self.smallest_normal!s}\n"
            f"maxexp = {self.maxexp:6}   max =        {self.max!s}\n"
            f"nexp =   {self.nexp:6}   min =        -max\n"
            f"smallest_normal = {self.smallest_normal!s}   smallest_subnormal = {self.smallest_subnormal!s}\n{line}\n"
        )


def _inexact(given: Any) -> dtype:
    """The floating-point type that an argument of `finfo` means."""
    if given is None:
        warnings.warn(
            "finfo() dtype cannot be None. This behavior will raise an error in the future.",
            DeprecationWarning,
            stacklevel=3,
        )
    own = getattr(given, "dtype", None)
    if isinstance(own, dtype):
        kind = own
    else:
        try:
            kind = dtype(given)
        except TypeError:  # a number of Python
            kind = dtype(type(given))
    if kind.kind == "c":
        kind = (_um.asarray(kind.type(0)).real).dtype
    if kind.kind != "f":
        raise ValueError(f"data type {kind.type!r} not inexact")
    return kind.newbyteorder("=")


@set_module()
class iinfo:
    """
    Limits of an integer type.

    Parameters
    ----------
    int_type : integer type, dtype, or instance

    Attributes
    ----------
    bits : int
        Bits of a number.
    dtype : dtype
        The type.
    min, max : int
        The smallest and the largest number.

    Raises
    ------
    ValueError
        If the type is no integer type.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.iinfo(np.int8).max
    127
    """

    __class_getitem__ = classmethod(types.GenericAlias)

    def __init__(self, int_type: Any) -> None:
        try:
            self.dtype = dtype(int_type)
        except TypeError:
            self.dtype = dtype(type(int_type))
        self.kind = self.dtype.kind
        self.bits = self.dtype.itemsize * 8
        self.key = f"{self.kind}{self.bits}"
        if self.kind not in "iu":
            raise ValueError(f"Invalid integer data type {self.kind!r}.")

    @property
    def min(self) -> int:
        """The smallest number."""
        return 0 if self.kind == "u" else -(1 << (self.bits - 1))

    @property
    def max(self) -> int:
        """The largest number."""
        return (1 << (self.bits if self.kind == "u" else self.bits - 1)) - 1

    def __repr__(self) -> str:
        return f"{type(self).__name__}(min={self.min}, max={self.max}, dtype={self.dtype})"

    def __str__(self) -> str:
        line = "---------------------------------------------------------------"
        return f"Machine parameters for {self.dtype}\n{line}\nmin = {self.min}\nmax = {self.max}\n{line}\n"
