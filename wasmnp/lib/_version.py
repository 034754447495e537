"""Versions of NumPy, in order."""

from __future__ import annotations

import re

from .._utils import set_module

__all__ = ["NumpyVersion"]


@set_module("lib")
class NumpyVersion:
    """
    A version of NumPy, comparable with others and with text.

    Development versions come before the release that they lead to; those of one release are equal.

    Parameters
    ----------
    vstring : str
        For example ``"2.4.0"``, ``"2.4.0rc1"`` or ``"2.4.0.dev0+1a2b3c"``.

    Raises
    ------
    ValueError
        If it is no such text.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.lib.NumpyVersion(np.__version__) >= "2.0.0"
    True
    """

    def __init__(self, vstring: str) -> None:
        self.vstring = vstring
        match = re.match(r"(\d+)\.(\d+)\.(\d+)", vstring)
        if not match:
            raise ValueError("Not a valid numpy version string")
        self.version = match[0]
        self.major, self.minor, self.bugfix = (int(part) for part in match.groups())
        pre = re.match(r"(a|b|rc)\d+", vstring[match.end() :])
        self.pre_release = pre[0] if pre else ""
        self.is_devversion = ".dev" in vstring

    def _key(self) -> tuple[tuple[int, int, int], str, bool]:
        # Development comes before the phases, which are in alphabetical order, and the release behind all of them.
        phase = self.pre_release or ("" if self.is_devversion else "release")
        return (self.major, self.minor, self.bugfix), phase, not self.is_devversion

    def _keys(self, other: object) -> tuple[tuple, tuple]:
        if isinstance(other, str):
            other = NumpyVersion(other)
        if not isinstance(other, NumpyVersion):
            raise ValueError("Invalid object to compare with NumpyVersion.")
        return self._key(), other._key()

    def __lt__(self, other: object) -> bool:
        mine, theirs = self._keys(other)
        return mine < theirs

    def __le__(self, other: object) -> bool:
        mine, theirs = self._keys(other)
        return mine <= theirs

    def __eq__(self, other: object) -> bool:
        mine, theirs = self._keys(other)
        return mine == theirs

    def __ne__(self, other: object) -> bool:
        mine, theirs = self._keys(other)
        return mine != theirs

    def __gt__(self, other: object) -> bool:
        mine, theirs = self._keys(other)
        return mine > theirs

    def __ge__(self, other: object) -> bool:
        mine, theirs = self._keys(other)
        return mine >= theirs

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"NumpyVersion({self.vstring})"
