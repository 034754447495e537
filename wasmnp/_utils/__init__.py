"""Small helpers of the package that need no arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from .. import _native

__all__ = ["asbytes", "asunicode", "set_module"]

Named = TypeVar("Named", bound=Callable[..., Any])


def set_module(module: str = "") -> Callable[[Named], Named]:
    """
    Say where a public function or class lives, under the name that the package goes by.

    Parameters
    ----------
    module : str
        Relative to the package: ``""`` or, for example, ``"lib.mixins"``.

    Returns
    -------
    callable
        A decorator.
    """

    def decorate(thing: Named) -> Named:
        identity = _native._identity()
        thing.__module__ = f"{identity}.{module}" if module else identity
        return thing

    return decorate


def asunicode(s: Any) -> str:
    """Text of an object; bytes are decoded as latin-1."""
    return s.decode("latin1") if isinstance(s, bytes) else str(s)


def asbytes(s: Any) -> bytes:
    """Bytes of an object, its text encoded as latin-1."""
    return s if isinstance(s, bytes) else str(s).encode("latin1")
