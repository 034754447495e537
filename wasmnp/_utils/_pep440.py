"""Versions of Python distributions and their order (PEP 440)."""

from __future__ import annotations

import re
from functools import total_ordering
from typing import Any

__all__ = ["InvalidVersion", "Version", "parse"]

# The grammar of PEP 440, appendix B.
_PATTERN = re.compile(
    r"""\s*v?
    (?:(?P<epoch>\d+)!)?
    (?P<release>\d+(?:\.\d+)*)
    (?:[-_.]?(?P<pre>alpha|beta|preview|pre|a|b|c|rc)[-_.]?(?P<pre_number>\d*))?
    (?:-(?P<post_implied>\d+)|[-_.]?(?P<post>post|rev|r)[-_.]?(?P<post_number>\d*))?
    (?:[-_.]?(?P<dev>dev)[-_.]?(?P<dev_number>\d*))?
    (?:\+(?P<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_PHASES = {"a": "a", "alpha": "a", "b": "b", "beta": "b", "c": "rc", "rc": "rc", "pre": "rc", "preview": "rc"}
_FIRST: tuple[Any, ...] = (-1,)
_LAST: tuple[Any, ...] = (2,)


class InvalidVersion(ValueError):
    """A text that is no version."""


@total_ordering
class Version:
    """
    A version, comparable with others.

    Parameters
    ----------
    version : str

    Raises
    ------
    InvalidVersion
        If the text does not follow PEP 440.
    """

    def __init__(self, version: str) -> None:
        match = _PATTERN.fullmatch(version)
        if match is None:
            raise InvalidVersion(f"Invalid version: '{version}'")
        self.epoch = int(match["epoch"] or 0)
        self.release = tuple(int(part) for part in match["release"].split("."))
        self.pre = (_PHASES[match["pre"].lower()], int(match["pre_number"] or 0)) if match["pre"] else None
        self.post = None
        if match["post_implied"] or match["post"]:
            self.post = int(match["post_implied"] or match["post_number"] or 0)
        self.dev = int(match["dev_number"] or 0) if match["dev"] else None
        self.local = re.sub("[-_]", ".", match["local"].lower()) if match["local"] else None

    @property
    def public(self) -> str:
        """The version without its local part."""
        return str(self).partition("+")[0]

    @property
    def base_version(self) -> str:
        """Epoch and release alone."""
        epoch = f"{self.epoch}!" if self.epoch else ""
        return epoch + ".".join(map(str, self.release))

    @property
    def is_prerelease(self) -> bool:
        """Whether it is a pre-release or a development release."""
        return self.pre is not None or self.dev is not None

    @property
    def is_postrelease(self) -> bool:
        """Whether it is a post-release."""
        return self.post is not None

    def _key(self) -> tuple[Any, ...]:
        release = self.release
        while len(release) > 1 and release[-1] == 0:
            release = release[:-1]
        # A development release comes before the pre-releases of its release, a pre-release before the release.
        pre: tuple[Any, ...] = (1, *self.pre) if self.pre else _LAST
        if self.pre is None and self.post is None and self.dev is not None:
            pre = _FIRST
        post = -1 if self.post is None else self.post
        dev = _LAST if self.dev is None else (1, self.dev)
        local = tuple((1, int(part), "") if part.isdigit() else (0, 0, part) for part in (self.local or "").split("."))
        return self.epoch, release, pre, post, dev, local if self.local else ()

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, Version) else NotImplemented

    def __lt__(self, other: Version) -> bool:
        return self._key() < other._key() if isinstance(other, Version) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def __str__(self) -> str:
        text = self.base_version
        if self.pre:
            text += f"{self.pre[0]}{self.pre[1]}"
        if self.post is not None:
            text += f".post{self.post}"
        if self.dev is not None:
            text += f".dev{self.dev}"
        return f"{text}+{self.local}" if self.local else text

    def __repr__(self) -> str:
        return f"<Version('{self}')>"


def parse(version: str) -> Version:
    """The version that a text names."""
    return Version(version)
