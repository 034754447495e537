"""The generalized ufuncs of linear algebra."""

from .. import _native

det = _native._lapack_det
slogdet = _native._lapack_slogdet
inv = _native._lapack_inv
solve = _native._lapack_solve
solve1 = _native._lapack_solve1

__all__ = ["det", "inv", "slogdet", "solve", "solve1"]
