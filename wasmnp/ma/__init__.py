"""Masked arrays: arrays some of whose elements are missing."""

from .core import *  # noqa: F403
from .core import __all__ as __all__
