"""right_shift: bits moved to the right."""

from ..language import Ufunc, select, typeof


def right_shift(x, y):
    number = typeof(x)
    # Counts beyond the width, and negative ones, leave copies of the sign.
    out = x >> (number.bits - 1) if number.kind == "i" else 0
    return select(number.unsigned(y) < number.bits, x >> y, out)


ROW = Ufunc(
    name="right_shift",
    body=right_shift,
    loops="bb->b BB->B hh->h HH->H ii->i II->I ll->l LL->L qq->q QQ->Q OO->O",
    parameters="x1, x2",
    alias="bitwise_right_shift",
    unroll=2,
    doc="""
Shift the bits of an integer to the right.

``x1 // 2**x2``: 0 or -1 for shifts by the width of the type or more, and by negative counts.

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
>>> np.right_shift(10, [1, 2, 3])
array([5, 2, 1])
""",
)
