"""Signatures of objects that are not Python functions."""

from __future__ import annotations

import inspect
from typing import Any

from .._globals import _NoValue


def signature_from_text(text: str) -> inspect.Signature:
    """The signature that a parameter list in Python's syntax describes.

    Parameters
    ----------
    text : str
        For example ``"(x1, x2, /, out=None)"``; defaults are literals, or ``<no value>``.

    Returns
    -------
    inspect.Signature
    """
    namespace: dict[str, Any] = {}
    exec(f"def function{text}: ...".replace("<no value>", "_NoValue"), {"_NoValue": _NoValue}, namespace)
    return inspect.signature(namespace["function"])
