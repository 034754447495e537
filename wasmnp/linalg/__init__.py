"""Linear algebra: what LU decompositions give."""

from ._linalg import LinAlgError, det, inv, matrix_power, slogdet, solve

__all__ = ["LinAlgError", "det", "inv", "matrix_power", "slogdet", "solve"]

LinAlgError.__module__ = __name__
