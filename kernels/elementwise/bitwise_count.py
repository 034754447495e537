"""bitwise_count: how many bits are one."""

from ..language import Ufunc, absolute, bitcast, typeof, u8


def bitwise_count(x):
    unsigned = typeof(x).unsigned
    ones = bitcast(unsigned, absolute(x))
    # Sums of 2, 4 and 8 neighbouring bits, then of the bytes (Warren, "Hacker's Delight", 5-1).
    fifths = unsigned.maximum // 15
    ones = ones - ((ones >> 1) & (fifths * 5))
    ones = (ones & (fifths * 3)) + ((ones >> 2) & (fifths * 3))
    ones = (ones + (ones >> 4)) & (unsigned.maximum // 255 * 15)
    for shift in (8, 16, 32):
        if shift < unsigned.bits:
            ones = ones + (ones >> shift)
    return u8(ones)


ROW = Ufunc(
    name="bitwise_count",
    body=bitwise_count,
    loops="b->B B->B h->B H->B i->B I->B l->B L->B q->B Q->B O->O",
    parameters="x",
    doc="""
Computes the number of 1-bits in the absolute value of `x`.

Parameters
----------
x : array_like
    Integers.

Returns
-------
ndarray or scalar of uint8
    The count for each element.

Examples
--------
>>> import wasmnp as np
>>> np.bitwise_count([1023, -7])
array([10,  3], dtype=uint8)
""",
)
