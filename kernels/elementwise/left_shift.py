"""left_shift: bits moved to the left."""

from ..language import Ufunc, select, typeof


def left_shift(x, y):
    number = typeof(x)
    # Counts beyond the width, and negative ones, shift everything out.
    return select(number.unsigned(y) < number.bits, x << y, 0)


ROW = Ufunc(
    name="left_shift",
    body=left_shift,
    loops="bb->b BB->B hh->h HH->H ii->i II->I ll->l LL->L qq->q QQ->Q OO->O",
    parameters="x1, x2",
    alias="bitwise_left_shift",
    unroll=2,
    doc="""
Shift the bits of an integer to the left.

``x1 * 2**x2``, wrapping around; 0 for shifts by the width of the type or more, and by negative counts.

Parameters
----------
x1, x2 : array_like
    Integers, and how far to shift them. If ``x1.shape != x2.shape``, they must broadcast to a common shape.

Returns
-------
ndarray or scalar
    `x1` shifted.

Examples
--------
>>> import wasmnp as np
>>> np.left_shift(5, [1, 2, 3])
array([10, 20, 40])
""",
)
