"""bitwise_xor: the exclusive or of all bits; of bools."""

from ..language import Ufunc


def bitwise_xor(x, y):
    return x ^ y


ROW = Ufunc(
    name="bitwise_xor",
    body=bitwise_xor,
    loops="??->? bb->b BB->B hh->h HH->H ii->i II->I ll->l LL->L qq->q QQ->Q OO->O",
    parameters="x1, x2",
    identity=0,
    cheap=True,
    unroll=4,
    doc="""
Compute the bit-wise exclusive or of two arrays, element-wise.

Python's ``^``; logical for booleans.

Parameters
----------
x1, x2 : array_like
    Integers or booleans. If ``x1.shape != x2.shape``, they must broadcast to a common shape.

Returns
-------
ndarray or scalar
    The result, of the common type of `x1` and `x2`.

Examples
--------
>>> import wasmnp as np
>>> np.bitwise_xor([13, 2], 17)
array([28, 19])
""",
)
