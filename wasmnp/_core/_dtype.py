"""Structured data types: what they are made from, their text, and their parts."""

from __future__ import annotations

import re
from typing import Any

from ._multiarray_umath import _structured_dtype, _subarray_dtype, dtype, promote_types, void

_ITEM = re.compile(
    r"\s*(?P<order>[<>=|^]?)(?P<shape>\(.*?\)|\d*)(?P<kind>[<>=|^]?(?:\?|[A-Za-z][A-Za-z0-9.]*(?:\[[^\]]*\])?))\s*(?P<rest>,|$)"
)


def from_text(text: str) -> dtype:
    """The type of a comma-separated description such as ``'i4, (2,3)f8, 5S3'``."""
    return from_parts(text)


def _items_of_text(text: str) -> list[Any]:
    items: list[Any] = []
    at = 0
    while at < len(text):
        match = _ITEM.match(text, at)
        if not match:
            raise ValueError(f'format number {len(items) + 1} of "{text}" is not recognized')
        order, shape, kind = match["order"], match["shape"], match["kind"]
        if order and kind[0] in "<>=|^":
            if order.replace("=", "<") != kind[0].replace("=", "<"):
                raise ValueError(f"inconsistent byte-order specification {order} and {kind[0]}")
            order = ""
        item: Any = (order + kind).replace("^", "=")
        if shape.startswith("("):
            item = (item, tuple(int(n) for n in shape[1:-1].replace(" ", "").split(",") if n))
        elif shape and shape != "1":
            item = (item, (int(shape),))
        items.append(item)
        at = match.end()
        if not match["rest"]:
            break
    return items


def from_parts(spec: Any, align: bool = False) -> dtype:
    """The type that a list of fields, a dictionary, a pair or comma-separated text describes."""
    if isinstance(spec, str):
        if "," not in spec:
            items = _items_of_text(spec) if spec[:1] in "(0123456789" else [spec]
            return dtype(items[0])
        items = _items_of_text(spec)
        return _structure([(f"f{i}", None, _field_type(item, align)) for i, item in enumerate(items)], align)
    if isinstance(spec, dict):
        return _from_dict(spec, align)
    if isinstance(spec, tuple):
        return _from_pair(spec, align)
    fields = []
    for i, entry in enumerate(spec):
        if isinstance(entry, str):
            raise TypeError(f"Field elements must be 2- or 3-tuples, got '{entry!r}'")
        if not isinstance(entry, tuple) or len(entry) not in (2, 3):
            raise TypeError(f"Field elements must be 2- or 3-tuples, got '{entry!r}'")
        name, kind = entry[:2]
        title = None
        if isinstance(name, tuple):
            if len(name) != 2:
                raise TypeError("a field's name is a str, or a pair of a title and a name")
            title, name = name
        if not isinstance(name, str):
            raise TypeError(f"Field name must be a str, got {type(name).__name__} of field {i}")
        own = _field_type(kind if len(entry) == 2 else (kind, entry[2]), align)
        if not name:
            name = title if isinstance(title, str) and title else f"f{i}"
        fields.append((name, title, own))
    return _structure(fields, align)


def _field_type(kind: Any, align: bool) -> dtype:
    return dtype(kind, align=True) if align and isinstance(kind, (list, dict, tuple)) else dtype(kind)


def _from_pair(spec: tuple[Any, ...], align: bool) -> dtype:
    if len(spec) != 2:
        raise TypeError(f"Tuple must have size 2, but has size {len(spec)}")
    base, second = spec
    if isinstance(second, dict):
        base = dtype(base)
        other = _from_dict(second, align)
        if other.itemsize > base.itemsize:
            raise ValueError("structured type does not fit into its base type")
        return other
    base = _field_type(base, align)
    if isinstance(second, (dtype, type, list, str)):
        other = dtype(second)
        if base.itemsize == 0:
            return other
        if other.itemsize != base.itemsize:
            raise ValueError("mismatch in size of old and new data-descriptor")
        return other
    if base.itemsize == 0 and base.kind in "SUV" and base.names is None and not isinstance(second, tuple):
        return dtype(f"{base.kind}{int(second)}")
    import operator

    scalar = not isinstance(second, tuple)
    try:
        shape = (operator.index(second),) if scalar else tuple(operator.index(n) for n in second)
    except TypeError:
        raise TypeError(
            "data type not understood" if scalar else "dimension smaller than zero or not an integer"
        ) from None
    if any(n < 0 for n in shape):
        raise ValueError("invalid shape in fixed-type tuple: dimension smaller then zero.")
    if any(n > 2**31 - 1 for n in shape):
        raise ValueError("invalid shape in fixed-type tuple: dimension does not fit into a C int.")
    if not shape or (scalar and shape == (1,)):
        return base
    if base.subdtype is not None:
        base, inner = base.subdtype
        shape += inner
    if len(shape) > 64:
        raise ValueError("invalid shape in fixed-type tuple: the tuple has too many dimensions")
    return _subarray_dtype(base, shape)


def _structure(fields: list[tuple[str, Any, dtype]], align: bool) -> dtype:
    offsets = []
    at, alignment = 0, 1
    for _, _, own in fields:
        if align:
            at = -(-at // own.alignment) * own.alignment
            alignment = max(alignment, own.alignment)
        offsets.append(at)
        at += own.itemsize
    if align:
        at = -(-at // alignment) * alignment
    return _checked(fields, offsets, at, alignment, align)


def _checked(
    fields: list[tuple[str, Any, dtype]], offsets: list[int], itemsize: int, alignment: int, align: bool
) -> dtype:
    names = [name for name, _, _ in fields]
    titles = [title for _, title, _ in fields if title is not None]
    seen: set[Any] = set()
    for name in [*names, *titles]:
        if name in seen:
            raise ValueError(f"field {name!r} occurs more than once")
        seen.add(name)
    return _structured_dtype(
        tuple(names),
        tuple(own for _, _, own in fields),
        tuple(offsets),
        tuple(title for _, title, _ in fields),
        itemsize,
        alignment,
        align,
    )


def _from_dict(spec: dict[str, Any], align: bool) -> dtype:
    if "names" not in spec or "formats" not in spec:
        # {name: (type, offset[, title])}
        entries = []
        for name, value in spec.items():
            if not isinstance(value, tuple) or len(value) not in (2, 3):
                raise ValueError("entry not a 2- or 3- tuple")
            if not isinstance(value[1], int):
                raise ValueError("invalid offset: it has to be an integer")
            entries.append((name, value[2] if len(value) == 3 else None, _field_type(value[0], align), value[1]))
        entries.sort(key=lambda entry: entry[3])
        fields: list[tuple[str, Any, dtype]] = [entry[:3] for entry in entries]
        offsets = [entry[3] for entry in entries]
        itemsize = None
    else:
        names, formats = spec["names"], spec["formats"]
        given, titles = spec.get("offsets"), spec.get("titles") or [None] * len(names)
        align = align or bool(spec.get("aligned", False))
        itemsize = spec.get("itemsize")
        if isinstance(formats, str):
            formats = _items_of_text(formats)
        if isinstance(names, str):
            names = names.split(",")
        if not (len(names) == len(formats) == len(titles)) or (given is not None and len(given) != len(names)):
            raise ValueError("'names', 'formats', 'offsets', and 'titles' dict entries must have the same length")
        for name in names:
            if not isinstance(name, str):
                raise ValueError("field names must be strings")
        fields = [
            (name, title, _field_type(kind, align)) for name, title, kind in zip(names, titles, formats, strict=True)
        ]
        if given is None:
            laid_out = _structure(fields, align)
            offsets = [laid_out.fields[name][1] for name in names]
        else:
            offsets = [int(offset) for offset in given]
    for (name, _, own), offset in zip(fields, offsets, strict=True):
        if offset < 0:
            raise ValueError("offset cannot be negative")
        if align and offset % own.alignment:
            raise ValueError(
                f"offset {offset} for NumPy dtype with fields is not divisible by the field alignment {own.alignment} "
                f"with align=True (field {name!r})"
            )
    ends = [offset + own.itemsize for (_, _, own), offset in zip(fields, offsets, strict=True)]
    least = max(ends, default=0)
    alignment = max([own.alignment for _, _, own in fields], default=1) if align else 1
    if itemsize is None:
        itemsize = -(-least // alignment) * alignment
    itemsize = int(itemsize)
    if itemsize < least:
        raise ValueError(
            f"NumPy dtype descriptor requires {least} bytes, cannot override to smaller itemsize of {itemsize}"
        )
    if align and itemsize % alignment:
        raise ValueError(
            f"NumPy dtype descriptor requires alignment of {alignment} bytes, which is not divisible into the "
            f"specified itemsize {itemsize}"
        )
    return _checked(fields, offsets, itemsize, alignment, align)


def _fields_of(kind: dtype) -> list[tuple[str, Any, dtype, int]]:
    return [
        (name, field[2] if len(field) > 2 else None, field[0], field[1])
        for name, field in ((name, kind.fields[name]) for name in kind.names)
    ]


def select_fields(kind: dtype, names: list[str]) -> dtype:
    """The structure of some fields of a structure, each where it was."""
    chosen = []
    for name in names:
        if not isinstance(name, str) or name not in kind.names:
            raise KeyError(name)
        field = kind.fields[name]
        chosen.append((name, field[2] if len(field) > 2 else None, field[0], field[1]))
    return _checked([entry[:3] for entry in chosen], [entry[3] for entry in chosen], kind.itemsize, 1, False)


def renamed_fields(kind: dtype, names: Any) -> tuple[tuple[str, ...], dict[str, Any]]:
    """The names and the dictionary of a structure whose fields get other names."""
    if not isinstance(names, (list, tuple)) or len(names) != len(kind.names):
        raise ValueError(f"must replace all names at once with a sequence of length {len(kind.names)}")
    for i, name in enumerate(names):
        if not isinstance(name, str):
            raise ValueError(f"item #{i} of names is of type {type(name).__name__} and not string")
    if len(set(names)) != len(names):
        raise ValueError("Duplicate field names given.")
    fields: dict[str, Any] = {}
    for old, new in zip(kind.names, names, strict=True):
        entry = kind.fields[old]
        fields[new] = entry
        if len(entry) > 2 and isinstance(entry[2], str):
            fields[entry[2]] = entry
    return tuple(names), fields


def promote_structures(a: dtype, b: dtype) -> dtype:
    """The structure of the common types of two structures' fields, packed or aligned."""
    from ..exceptions import DTypePromotionError

    if a.names != b.names:
        raise DTypePromotionError(
            f"field names `{a.names}` and `{b.names}` mismatch: their structures have no common data type"
        )
    align = a.isalignedstruct or b.isalignedstruct
    fields = []
    for (name, title, own, _), (_, other_title, other, _) in zip(_fields_of(a), _fields_of(b), strict=True):
        if title != other_title:
            raise DTypePromotionError(f"field titles of field '{name}' mismatch")
        fields.append((name, title, promote_types(own, other)))
    result = _structure(fields, align)
    # What differs from the packed layout in the same way on both sides is kept.
    if [field[:1] + field[2:] for field in _fields_of(result)] == [field[:1] + field[2:] for field in _fields_of(a)]:
        return a if a.itemsize == result.itemsize else result
    return result


def with_byteorder(kind: dtype, order: str) -> dtype:
    """The structure or sub-array with its parts in another byte order."""
    if kind.subdtype is not None:
        return _subarray_dtype(kind.base.newbyteorder(order), kind.shape)
    fields = _fields_of(kind)
    return _checked(
        [(name, title, own.newbyteorder(order)) for name, title, own, _ in fields],
        [field[3] for field in fields],
        kind.itemsize,
        kind.alignment,
        kind.isalignedstruct,
    )


def is_native(kind: dtype) -> bool:
    """Whether all parts have the machine's byte order."""
    if kind.subdtype is not None:
        return kind.base.isnative
    return all(own.isnative for _, _, own, _ in _fields_of(kind))


def hash_key(kind: dtype) -> Any:
    """What equal types have in common."""
    if kind.names is None:
        return kind.char, kind.itemsize, kind.byteorder
    return kind.itemsize, kind.isalignedstruct, tuple(_fields_of(kind))


def reduced(kind: dtype) -> tuple[Any, ...]:
    """What a flexible type is pickled as."""
    order = "|" if kind.char != "U" else ("<" if kind.isnative else ">")
    name = f"{kind.char}{kind.itemsize // (4 if kind.char == 'U' else 1)}"
    flags = kind.flags
    fields = dict(kind.fields) if kind.fields is not None else None
    state = (3, order, kind.subdtype, kind.names, fields, kind.itemsize, kind.alignment, flags)
    if kind.metadata is not None:
        state = (4, *state[1:], dict(kind.metadata))
    return dtype, (name, False, True), state


def from_state(state: tuple[Any, ...]) -> dtype:
    """The structure or sub-array that a pickled state describes."""
    _, _, subdtype, names, fields, itemsize, alignment, flags = state[:8]
    if subdtype is not None:
        return _subarray_dtype(*subdtype)
    entries = [(name, fields[name][2] if len(fields[name]) > 2 else None, fields[name][0]) for name in names]
    return _checked(entries, [fields[name][1] for name in names], itemsize, alignment, bool(flags & 0x80))


# ---- text


def name_of(kind: dtype) -> str:
    """The ``name`` of a flexible type: its kind and bits."""
    if kind.type is not void and kind.type.__name__ not in ("str_", "bytes_"):
        return kind.type.__name__
    name = kind.type.__name__.rstrip("_")
    unsized = kind.itemsize == 0 and kind.names is None and kind.subdtype is None
    return name if unsized else f"{name}{8 * kind.itemsize}"


def descr_of(kind: dtype) -> Any:
    """The type as the array interface lists it."""
    if kind.subdtype is not None:
        return [("", kind.base.str, kind.shape)] if kind.base.names is None else [("", kind.base.descr, kind.shape)]
    if kind.names is None:
        return [("", kind.str)]
    result: list[Any] = []
    at = 0
    for name, title, own, offset in sorted(_fields_of(kind), key=lambda field: field[3]):
        if offset < at:
            raise ValueError("dtype.descr is not defined for types with overlapping or out-of-order fields")
        if offset > at:
            result.append(("", f"|V{offset - at}"))
        base = own.base
        label = name if title is None else (title, name)
        kind_text = base.str if base.names is None else base.descr
        result.append((label, kind_text) if own.subdtype is None else (label, kind_text, own.shape))
        at = offset + own.itemsize
    if at < kind.itemsize:
        result.append(("", f"|V{kind.itemsize - at}"))
    return result


def _short(kind: dtype) -> str:
    """The type as it stands inside another one's text."""
    if kind.subdtype is not None:
        return f"({_short(kind.base)}, {kind.shape})"
    if kind.names is not None:
        return _structure_text(kind)
    if kind.char in "SUV":
        return f"'{_flexible_code(kind)}'"
    return "'?'" if kind.char == "?" else f"'{kind.str.lstrip('|')}'"


def _flexible_code(kind: dtype) -> str:
    order = "" if kind.char != "U" else "<" if kind.isnative else ">"
    return f"{order}{kind.char}" + (str(kind.itemsize // (4 if kind.char == "U" else 1)) if kind.itemsize else "")


def _is_packed(kind: dtype) -> bool:
    align = kind.isalignedstruct
    alignment, at = 1, 0
    for _, _, own, offset in _fields_of(kind):
        if align:
            at = -(-at // own.alignment) * own.alignment
            alignment = max(alignment, own.alignment)
        if offset != at:
            return False
        at += own.itemsize
    return -(-at // alignment) * alignment == kind.itemsize


def _structure_text(kind: dtype, with_align: bool = False) -> str:
    fields = _fields_of(kind)
    if _is_packed(kind):
        parts = []
        for name, title, own, _ in fields:
            label = repr(name) if title is None else f"({title!r}, {name!r})"
            if own.subdtype is not None:
                parts.append(f"({label}, {_short(own.base)}, {own.shape})")
            else:
                parts.append(f"({label}, {_short(own)})")
        text = "[" + ", ".join(parts) + "]"
    else:
        from .printoptions import legacy_style

        comma, colon = (",", ":") if legacy_style() <= 121 else (", ", ": ")
        lists = {
            "names": [repr(name) for name, _, _, _ in fields],
            "formats": [_short(own) for _, _, own, _ in fields],
            "offsets": [str(offset) for _, _, _, offset in fields],
        }
        if any(title is not None for _, title, _, _ in fields):
            lists["titles"] = [repr(title) for _, title, _, _ in fields]
        parts = [f"'{key}'{colon}[{comma.join(items)}]" for key, items in lists.items()]
        parts.append(f"'itemsize'{colon}{kind.itemsize}")
        if with_align and kind.isalignedstruct:
            parts.append(f"'aligned'{colon}True")
        text = "{" + ", ".join(parts) + "}"
    return text


def __str__(kind: dtype) -> str:
    if kind.names is not None:
        return _structure_text(kind, with_align=True)
    return _short(kind) if kind.subdtype is not None else kind.str


def __repr__(kind: dtype) -> str:
    if kind.names is not None:
        text = _structure_text(kind)
        return f"dtype({text}, align=True)" if kind.isalignedstruct else f"dtype({text})"
    if kind.subdtype is not None:
        return f"dtype({_short(kind)})"
    return f"dtype('{_flexible_code(kind)}')"


def reduced_time(kind: dtype) -> tuple[Any, ...]:
    """What a datetime64 or timedelta64 type is pickled as."""
    from ._multiarray_umath import datetime_data

    unit, count = datetime_data(kind)
    order = "<" if kind.isnative else ">"
    metadata = {} if kind.metadata is None else dict(kind.metadata)
    code = kind.str if not kind.isnative else kind.str[1:]
    return (
        dtype,
        (code, False, True),
        (4, order, None, None, None, -1, -1, kind.flags, (metadata, (unit.encode(), count, 1, 1))),
    )


def arange_of_times(start: Any, stop: Any, step: Any, kind: dtype) -> Any:
    """``arange`` over points in time or spans, in the unit that its arguments share."""
    from ._multiarray_umath import arange, array, datetime64, timedelta64

    point = kind.char == "M"
    if point and start is None:
        raise ValueError("arange requires both a start and a stop for NumPy datetime64 ranges")
    if start is None:
        start = 0
    given = [value for value in (start, stop, step) if value is not None]
    if datetime_unit(kind) == "generic":
        for value in given:
            if point and isinstance(value, timedelta64):
                own = dtype("M8" + value.dtype.str[3:])
            elif isinstance(value, (datetime64, timedelta64)):
                own = value.dtype
            elif isinstance(value, int):
                continue
            else:
                own = array(value, dtype=kind).dtype
            kind = own if datetime_unit(kind) == "generic" else promote_types(kind, own)
    span = dtype("m8" + kind.str[3:])
    if point and isinstance(stop, (timedelta64, int)):
        # A span behind the start.
        stop = array(start, dtype=kind) + array(stop, dtype=span)
    first, last = (int(array(value, dtype=kind).astype("i8")) for value in (start, stop))
    width = 1 if step is None else int(array(step, dtype=span).astype("i8"))
    missing = -(2**63)
    if missing in (first, last, width):
        raise ValueError("arange: cannot use NaT (not-a-time) datetime values")
    if width == 0:
        raise ValueError("arange: step cannot be zero")
    return arange(first, last, width, dtype="i8").view(kind)


def datetime_unit(kind: dtype) -> str:
    """The unit of a datetime64 or timedelta64 type."""
    from ._multiarray_umath import datetime_data

    return datetime_data(kind)[0]
