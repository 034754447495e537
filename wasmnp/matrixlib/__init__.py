"""Matrices: arrays of two dimensions whose ``*`` is the matrix product."""

from .defmatrix import asmatrix, bmat, matrix

__all__ = ["asmatrix", "bmat", "matrix"]
