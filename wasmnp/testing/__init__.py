"""Assertions about arrays and tools for test-suites, laid out as ``numpy.testing``."""

from unittest import TestCase

from . import _private as _private
from . import overrides
from ._private import extbuild as extbuild
from ._private.utils import *  # noqa: F403
from ._private.utils import __all__ as _utils_all
from ._private.utils import _assert_valid_refcount as _assert_valid_refcount
from ._private.utils import _gen_alignment_data as _gen_alignment_data

__all__ = [*_utils_all, "TestCase", "overrides"]
