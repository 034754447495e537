"""Exceptions and warnings of the public interface, laid out as ``numpy.exceptions``."""

from __future__ import annotations

__all__ = [
    "AxisError",
    "ComplexWarning",
    "DTypePromotionError",
    "ModuleDeprecationWarning",
    "RankWarning",
    "TooHardError",
    "VisibleDeprecationWarning",
]


class ComplexWarning(RuntimeWarning):
    """Casting a complex number to a real one discards the imaginary part."""


class ModuleDeprecationWarning(DeprecationWarning):
    """A module is deprecated."""


class VisibleDeprecationWarning(UserWarning):
    """A deprecation that end users should see."""


class RankWarning(RuntimeWarning):
    """The design matrix of a fit is rank deficient."""


class TooHardError(RuntimeError):
    """A problem would take too long to solve exactly."""


class DTypePromotionError(TypeError):
    """Data types have no common data type."""


class AxisError(ValueError, IndexError):
    """An axis was out of the range of an array's dimensions.

    Parameters
    ----------
    axis : int or str
        The axis, or a whole message when it stands alone.
    ndim : int, optional
        Number of dimensions of the array.
    msg_prefix : str, optional
        Text before the message.
    """

    __slots__ = ("_msg", "axis", "ndim")

    def __init__(self, axis: int | str, ndim: int | None = None, msg_prefix: str | None = None) -> None:
        if ndim is None and msg_prefix is None:
            self._msg = axis
            self.axis = None
            self.ndim = None
        else:
            self._msg = msg_prefix
            self.axis = axis
            self.ndim = ndim

    def __str__(self) -> str:
        if self.axis is None and self.ndim is None:
            return str(self._msg)
        text = f"axis {self.axis} is out of bounds for array of dimension {self.ndim}"
        return text if self._msg is None else f"{self._msg}: {text}"
