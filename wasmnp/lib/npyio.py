"""Archives of arrays in files."""

from ._npyio_impl import NpzFile

__all__ = ["NpzFile"]
