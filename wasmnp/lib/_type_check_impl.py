"""Questions about the types of numbers, and their parts."""

from __future__ import annotations

from typing import Any

from .. import _core as _nx
from .._core._multiarray_umath import array, asanyarray, asarray
from .._core.overrides import array_function_dispatch
from .._utils import set_module

__all__ = [
    "common_type",
    "imag",
    "iscomplex",
    "iscomplexobj",
    "isreal",
    "isrealobj",
    "mintypecode",
    "nan_to_num",
    "real",
    "real_if_close",
    "typename",
]

_LARGEST_FIRST = "GDFgdfQqLlIiHhBb?"


@set_module()
def mintypecode(typechars: Any, typeset: Any = "GDFgdf", default: str = "d") -> str:
    """
    The character of the smallest type that all given types can be cast to.

    Parameters
    ----------
    typechars : list of str or array_like
        Characters of types, or arrays.
    typeset : str or list of str
        Types to choose from.
    default : str
        The type if none of the given ones is among them.

    Returns
    -------
    str

    Examples
    --------
    >>> import wasmnp as np
    >>> np.mintypecode(["d", "f", "F"])
    'D'
    """
    codes = {one if isinstance(one, str) and one else asarray(one).dtype.char for one in typechars}
    codes &= set(typeset)
    if not codes:
        return default
    if {"F", "d"} <= codes:
        return "D"
    return min(codes, key=_LARGEST_FIRST.index)


@array_function_dispatch(lambda val: (val,))
def real(val: Any) -> Any:
    """
    The real parts of numbers.

    Parameters
    ----------
    val : array_like
        The numbers.

    Returns
    -------
    ndarray or scalar
        A view of a complex array.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.real([1 + 2j, 3 + 4j])
    array([1., 3.])
    """
    try:
        return val.real
    except AttributeError:
        return asanyarray(val).real


@array_function_dispatch(lambda val: (val,))
def imag(val: Any) -> Any:
    """
    The imaginary parts of numbers.

    Parameters
    ----------
    val : array_like
        The numbers.

    Returns
    -------
    ndarray or scalar
        A view of a complex array.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.imag([1 + 2j, 3 + 4j])
    array([2., 4.])
    """
    try:
        return val.imag
    except AttributeError:
        return asanyarray(val).imag


@array_function_dispatch(lambda x: (x,))
def iscomplex(x: Any) -> Any:
    """
    Where numbers have an imaginary part that is not zero.

    Parameters
    ----------
    x : array_like
        The numbers.

    Returns
    -------
    ndarray of bool, or bool

    Examples
    --------
    >>> import wasmnp as np
    >>> np.iscomplex([1 + 1j, 1 + 0j, 4.5])
    array([ True, False, False])
    """
    values = asanyarray(x)
    if values.dtype.kind == "c":
        return values.imag != 0
    return _nx.zeros(values.shape, bool)[()] if values.ndim == 0 else _nx.zeros_like(values, dtype=bool)


@array_function_dispatch(lambda x: (x,))
def isreal(x: Any) -> Any:
    """
    Where numbers have no imaginary part, or zero.

    Parameters
    ----------
    x : array_like
        The numbers.

    Returns
    -------
    ndarray of bool, or bool

    Examples
    --------
    >>> import wasmnp as np
    >>> np.isreal([1 + 1j, 1 + 0j, 4.5])
    array([False,  True,  True])
    """
    return imag(x) == 0


@array_function_dispatch(lambda x: (x,))
def iscomplexobj(x: Any) -> bool:
    """
    Whether an array or number is of a complex type, whatever its values.

    Parameters
    ----------
    x : any
        The array.

    Returns
    -------
    bool

    Examples
    --------
    >>> import wasmnp as np
    >>> np.iscomplexobj(1 + 0j), np.iscomplexobj([3.0])
    (True, False)
    """
    try:
        kind = x.dtype.type
    except AttributeError:
        kind = asarray(x).dtype.type
    return issubclass(kind, _nx.complexfloating)


@array_function_dispatch(lambda x: (x,))
def isrealobj(x: Any) -> bool:
    """
    Whether an array or number is not of a complex type.

    Parameters
    ----------
    x : any
        The array.

    Returns
    -------
    bool

    Examples
    --------
    >>> import wasmnp as np
    >>> np.isrealobj(1 + 0j), np.isrealobj([3.0])
    (False, True)
    """
    return not iscomplexobj(x)


def _nan_to_num_dispatcher(x, copy=None, nan=None, posinf=None, neginf=None):
    return (x,)


@array_function_dispatch(_nan_to_num_dispatcher)
def nan_to_num(x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    """
    Numbers with other ones in place of NaN and of the infinities.

    Parameters
    ----------
    x : array_like
        The numbers.
    copy : bool
        Whether to leave `x` as it is.
    nan : scalar
        In place of NaN.
    posinf, neginf : scalar, optional
        In place of the infinities; by default the largest finite number and its negative.

    Returns
    -------
    ndarray or scalar

    Examples
    --------
    >>> import wasmnp as np
    >>> np.nan_to_num([np.nan, np.inf, 1.0], posinf=9)
    array([0., 9., 1.])
    """
    x = array(x, subok=True, copy=copy if copy else None)
    if x.dtype.kind not in "fc":
        return x[()] if x.ndim == 0 else x
    parts = (x.real, x.imag) if x.dtype.kind == "c" else (x,)
    limits = _nx.finfo(parts[0].dtype)
    for part in parts:
        nans, infinite = _nx.isnan(part), _nx.isinf(part)
        negative = _nx.signbit(part)
        _nx.copyto(part, nan, where=nans)
        _nx.copyto(part, limits.max if posinf is None else posinf, where=infinite & ~negative)
        _nx.copyto(part, limits.min if neginf is None else neginf, where=infinite & negative)
    return x[()] if x.ndim == 0 else x


@array_function_dispatch(lambda a, tol=None: (a,))
def real_if_close(a: Any, tol: float = 100) -> Any:
    """
    The real parts of complex numbers if all imaginary parts are close to zero, else the numbers.

    Parameters
    ----------
    a : array_like
        The numbers.
    tol : float
        How close, in steps of the type from 1 on; as a distance if it is less than 1.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> import wasmnp as np
    >>> np.real_if_close([2.1 + 4e-15j, 5.2 + 3e-16j])
    array([2.1, 5.2])
    """
    a = asanyarray(a)
    if a.dtype.kind != "c":
        return a
    if tol > 1:
        tol = _nx.finfo(a.dtype).eps * tol
    return a.real if _nx.all(_nx.absolute(a.imag) < tol) else a


_TYPE_NAMES = {
    "S1": "character",
    "?": "bool",
    "b": "signed char",
    "B": "unsigned char",
    "h": "short",
    "H": "unsigned short",
    "i": "integer",
    "I": "unsigned integer",
    "l": "long integer",
    "L": "unsigned long integer",
    "q": "long long integer",
    "Q": "unsigned long long integer",
    "f": "single precision",
    "d": "double precision",
    "g": "long precision",
    "F": "complex single precision",
    "D": "complex double precision",
    "G": "complex long double precision",
    "S": "string",
    "U": "unicode",
    "V": "void",
    "O": "object",
}


@set_module()
def typename(char: str) -> str:
    """
    What a character of a type means, in words.

    Parameters
    ----------
    char : str
        The character.

    Returns
    -------
    str

    Examples
    --------
    >>> import wasmnp as np
    >>> np.typename("d")
    'double precision'
    """
    return _TYPE_NAMES[char]


# Half, single, double and long double, and the complex types made of them.
_REAL, _COMPLEX = "efdg", "FFDG"


@array_function_dispatch(lambda *arrays: arrays)
def common_type(*arrays: Any) -> type:
    """
    The inexact scalar type that arrays have in common; integers count as float64.

    Parameters
    ----------
    *arrays : ndarray
        The arrays.

    Returns
    -------
    type

    Raises
    ------
    TypeError
        If an array does not hold numbers.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.common_type(np.arange(4), np.array([45, 6.0j]))
    <class 'wasmnp.complex128'>
    """
    precision, is_complex = 0, False
    for one in arrays:
        kind, code = one.dtype.kind, one.dtype.char
        if kind == "c":
            is_complex = True
            precision = max(precision, _COMPLEX.rindex(code))
        elif kind == "f":
            precision = max(precision, _REAL.index(code))
        elif kind in "iu":
            precision = max(precision, _REAL.index("d"))
        else:
            raise TypeError("can't get common type for non-numeric array")
    return _nx.dtype((_COMPLEX if is_complex else _REAL)[precision]).type
