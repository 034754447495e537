"""Comparisons of arrays of text that leave blanks at the end out."""

from .._core.defchararray import (
    compare_chararrays,
    equal,
    greater,
    greater_equal,
    less,
    less_equal,
    not_equal,
)

__all__ = ["compare_chararrays", "equal", "greater", "greater_equal", "less", "less_equal", "not_equal"]
