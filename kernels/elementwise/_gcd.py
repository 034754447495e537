"""The greatest common divisor."""

from ..language import absolute, bitcast, each_lane, modulus, typeof, u32, u64


def magnitude(x):
    """The size of an integer, unsigned, in at least 32 bits: loops over narrow types share their code."""
    wide = u64 if typeof(x).bits == 64 else u32
    return wide(bitcast(typeof(x).unsigned, absolute(x)))


def greatest_common_divisor(x, y):
    """Of two unsigned integers, by Euclid's algorithm; one lane at a time."""
    result = x
    if each_lane(y != 0):
        rest = y
        while rest != 0:
            following = modulus(result, rest)
            result = rest
            rest = following
    return result
