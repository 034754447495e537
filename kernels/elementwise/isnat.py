"""isnat: whether a time is missing."""

from ..language import Ufunc


def isnat(x):
    return x != x


ROW = Ufunc(
    name="isnat",
    body=isnat,
    loops="M->? m->?",
    parameters="x",
    doc="""
Test element-wise for NaT (not a time).

Parameters
----------
x : array_like
    Input array with datetime or timedelta data type.

Returns
-------
ndarray or scalar of bool
    True where `x` is NaT.

Examples
--------
>>> import wasmnp as np
>>> np.isnat(np.array(["NaT", "2016-01-01"], dtype="datetime64[D]"))
array([ True, False])
""",
)
