"""Comparisons: complex numbers compare lexicographically, real part first; signed and unsigned integers by value."""

from ..language import complex64, complex128, isnan, typeof


def is_equal(x, y):
    """``x == y``."""
    if typeof(x) in (complex64, complex128):
        return x.real == y.real and x.imag == y.imag
    if typeof(x) is typeof(y):
        return x == y
    if typeof(x).kind == "i":
        return x >= 0 and typeof(y)(x) == y
    return y >= 0 and x == typeof(x)(y)


def is_less(x, y):
    """``x < y``. Real parts decide only if no imaginary part is NaN."""
    if typeof(x) in (complex64, complex128):
        ordered = not isnan(x.imag) and not isnan(y.imag)
        return (x.real < y.real and ordered) or (x.real == y.real and x.imag < y.imag)
    if typeof(x) is typeof(y):
        return x < y
    if typeof(x).kind == "i":
        return x < 0 or typeof(y)(x) < y
    return y >= 0 and x < typeof(x)(y)


def is_less_equal(x, y):
    """``x <= y``, as `is_less`."""
    if typeof(x) in (complex64, complex128):
        ordered = not isnan(x.imag) and not isnan(y.imag)
        return (x.real < y.real and ordered) or (x.real == y.real and x.imag <= y.imag)
    if typeof(x) is typeof(y):
        return x <= y
    if typeof(x).kind == "i":
        return x < 0 or typeof(y)(x) <= y
    return y >= 0 and x <= typeof(x)(y)
