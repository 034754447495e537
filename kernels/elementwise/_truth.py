"""What counts as true: everything but zero."""

from ..language import bool_, complex64, complex128, typeof


def is_true(x):
    """Whether a number is not zero; NaN is not."""
    if typeof(x) is bool_:
        return x
    if typeof(x) in (complex64, complex128):
        return x.real != 0.0 or x.imag != 0.0
    return x != 0
