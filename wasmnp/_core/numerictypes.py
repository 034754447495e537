"""The tree of scalar types, their names, and questions about them."""

from __future__ import annotations

import builtins
from typing import Any

from . import _multiarray_umath
from ._multiarray_umath import dtype, generic

datetime_data = _multiarray_umath.datetime_data
_concrete = sorted(
    name
    for name in dir(_multiarray_umath)
    if isinstance(getattr(_multiarray_umath, name), type) and issubclass(getattr(_multiarray_umath, name), generic)
)
globals().update({name: getattr(_multiarray_umath, name) for name in _concrete})

# The names of C's types, and those with a meaning of their own, by the character of the type.
_aliases = {
    "bool_": "?",
    "byte": "b",
    "ubyte": "B",
    "short": "h",
    "ushort": "H",
    "intc": "i",
    "uintc": "I",
    "long": "l",
    "ulong": "L",
    "longlong": "q",
    "ulonglong": "Q",
    "intp": "p",
    "uintp": "P",
    "int_": "p",
    "uint": "P",
    "half": "e",
    "single": "f",
    "double": "d",
    "csingle": "F",
    "cdouble": "D",
    dtype("g").name: "g",
    dtype("G").name: "G",
}
for _name, _code in _aliases.items():
    globals().setdefault(_name, dtype(_code).type)

typecodes = {
    "Character": "c",
    "Integer": "bhilqnp",
    "UnsignedInteger": "BHILQNP",
    "Float": "efdg",
    "Complex": "FDG",
    "AllInteger": "bBhHiIlLqQnNpP",
    "AllFloat": "efdgFDG",
    "Datetime": "Mm",
    "All": "?bhilqnpBHILQNPefdgFDGSUVOMm",
}

_names = sorted({*_concrete, *_aliases})
_abstract = "generic number integer signedinteger unsignedinteger inexact floating complexfloating flexible character"
sctypeDict: dict[str, type] = {name: globals()[name] for name in _names if name not in _abstract.split()}
sctypeDict |= {
    name: dtype(code).type
    for name, code in {
        "float": "d",
        "complex": "D",
        "object": "O",
        "int": "p",
        "str": "U",
        "unicode": "U",
        "bytes": "S",
        "a": "S",
    }.items()
}
sctypes: dict[str, list[type]] = {
    kind: list(dict.fromkeys(dtype(code).type for code in codes))
    for kind, codes in {
        "int": "bhilq",
        "uint": "BHILQ",
        "float": "efdg",
        "complex": "FDG",
        "others": "SUV?O",
    }.items()
}


def _place(kind: type) -> tuple[str, int, int]:
    """Scalar types are listed by kind, then from the narrowest."""
    own = dtype(kind)
    return own.kind.lower(), own.itemsize, own.num


ScalarType = (int, float, complex, builtins.bool, bytes, str, memoryview, *sorted({*sctypeDict.values()}, key=_place))

__all__ = sorted({"ScalarType", "datetime_data", "isdtype", "issubdtype", "sctypeDict", "typecodes", *_names})


def _scalar_type_of(kind: Any) -> type:
    return kind if isinstance(kind, type) and issubclass(kind, generic) else dtype(kind).type


def issubdtype(arg1: Any, arg2: Any) -> bool:
    """
    Whether a data type is another one, or lies below it in the tree of types.

    Parameters
    ----------
    arg1, arg2 : dtype or scalar type, or what makes a dtype
        `arg2` is mostly an abstract type, for example ``np.floating``.

    Returns
    -------
    bool

    Examples
    --------
    >>> import wasmnp as np
    >>> np.issubdtype("f4", np.floating)
    True
    >>> np.issubdtype(np.float64, np.float32)
    False
    """
    return issubclass(_scalar_type_of(arg1), _scalar_type_of(arg2))


_kinds = {
    "signed integer": "signedinteger",
    "unsigned integer": "unsignedinteger",
    "integral": "integer",
    "real floating": "floating",
    "complex floating": "complexfloating",
    "numeric": "number",
}


def isdtype(dtype: Any, kind: Any) -> bool:
    """
    Whether a data type is of a kind (array API standard).

    Parameters
    ----------
    dtype : dtype
    kind : dtype, str or tuple of them
        ``'bool'``, ``'signed integer'``, ``'unsigned integer'``, ``'integral'``, ``'real floating'``,
        ``'complex floating'`` or ``'numeric'``.

    Returns
    -------
    bool

    Raises
    ------
    TypeError
        If `dtype` or `kind` is neither a data type nor, for `kind`, a string.
    ValueError
        If `kind` is another string.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.isdtype(np.float32, "real floating")
    True
    >>> np.isdtype(np.float32, (np.int8, "integral"))
    False
    """
    try:
        own = _known_type(dtype)
    except TypeError:
        raise TypeError(f"dtype argument must be a NumPy dtype, but it is a {type(dtype)}.") from None
    for one in kind if isinstance(kind, tuple) else (kind,):
        if isinstance(one, str):
            if one == "bool":
                wanted = globals()["bool"]
            elif one in _kinds:
                wanted = globals()[_kinds[one]]
            else:
                raise ValueError(
                    f"kind argument is a string, but {one!r} is not a known kind name: 'bool', "
                    f"{', '.join(map(repr, _kinds))}."
                )
        else:
            try:
                wanted = _known_type(one)
            except TypeError:
                raise TypeError(
                    f"kind argument must be comprised of NumPy dtypes or strings only, but is a {type(one)}."
                ) from None
        if issubclass(own, wanted):
            return True
    return False


def _known_type(kind: Any) -> type:
    if isinstance(kind, dtype):
        return kind.type
    if isinstance(kind, type) and issubclass(kind, generic):
        return kind
    raise TypeError


def obj2sctype(rep: Any, default: Any = None) -> Any:
    """The scalar type of an object, a dtype or what makes one; `default` where there is none."""
    if isinstance(rep, type) and issubclass(rep, generic):
        return rep
    if hasattr(rep, "dtype") and not isinstance(rep, type):
        return rep.dtype.type
    try:
        return dtype(rep).type
    except Exception:
        return default


def sctype2char(sctype: Any) -> str:
    """The character of a scalar type, dtype or array."""
    kind = obj2sctype(sctype)
    if kind is None:
        raise ValueError(f"unrecognized type: {sctype!r}")
    if kind not in sctypeDict.values():
        raise KeyError(kind)
    return dtype(kind).char


def issctype(rep: Any) -> bool:
    """Whether an object stands for a scalar type of the package (not for ``object_``)."""
    if not isinstance(rep, (type, dtype)):
        return False
    kind = obj2sctype(rep)
    return kind is not None and kind is not globals()["object_"]


def maximum_sctype(t: Any) -> Any:
    """The widest scalar type of the kind of a type."""
    kind = obj2sctype(t)
    if kind is None:
        return t
    for base, name in (("signedinteger", "int"), ("unsignedinteger", "uint"), ("floating", "float")):
        if issubclass(kind, globals()[base]):
            return sctypes[name][-1]
    return sctypes["complex"][-1] if issubclass(kind, globals()["complexfloating"]) else kind


for _function in (issubdtype, isdtype):
    _function.__module__ = __name__.partition(".")[0]
