"""Objects that must be singletons across the package."""

from __future__ import annotations

import enum

__all__ = ["_CopyMode", "_NoValue"]


class _CopyMode(enum.Enum):
    """When :func:`array` copies: always, if needed, or never."""

    ALWAYS = True
    NEVER = False
    IF_NEEDED = 2

    def __bool__(self) -> bool:
        if self is _CopyMode.IF_NEEDED:
            raise ValueError(f"{self} is neither True nor False.")
        return bool(self.value)


class _NoValueType:
    """The type of the default for parameters where None has a meaning of its own."""

    _instance: _NoValueType | None = None

    def __new__(cls) -> _NoValueType:
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __repr__(self) -> str:
        return "<no value>"

    def __reduce__(self) -> tuple[type[_NoValueType], tuple[()]]:
        return _NoValueType, ()


_NoValue = _NoValueType()
