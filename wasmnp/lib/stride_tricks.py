"""Views made by setting strides."""

from ._stride_tricks_impl import sliding_window_view

__all__ = ["sliding_window_view"]
