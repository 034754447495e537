"""sign: -1, 0 or 1; the direction of a complex number."""

from ..language import Ufunc, complex64, complex128, isnan, select, typeof
from ._complex import hypot_quietly, hypot_wgsl
from ._errors import INFINITY


def sign_complex(x, magnitude):
    """``x / abs(x)``; an infinite part alone decides, two of them have no direction."""
    size = magnitude(x.real, x.imag)
    # A magnitude beyond the largest number: smaller parts have the same direction.
    beyond = size == INFINITY
    size = select(beyond, magnitude(0.5 * x.real, 0.5 * x.imag), size)
    real = select(beyond, 0.5 * x.real, x.real) / size
    imag = select(beyond, 0.5 * x.imag, x.imag) / size
    real_infinite = x.real == INFINITY or x.real == -INFINITY
    imag_infinite = x.imag == INFINITY or x.imag == -INFINITY
    real = select(real_infinite, select(x.real > 0.0, 1.0, typeof(real)(-1.0)), select(imag_infinite, 0.0, real))
    imag = select(imag_infinite, select(x.imag > 0.0, 1.0, typeof(imag)(-1.0)), select(real_infinite, 0.0, imag))
    either_infinite = real_infinite or imag_infinite
    unknown = ((isnan(x.real) or isnan(x.imag)) and not either_infinite) or (real_infinite and imag_infinite)
    zero = size == 0.0
    nan = float("nan")
    real = select(unknown, nan, select(zero, 0.0, real))
    imag = select(unknown, nan, select(zero, 0.0, imag))
    return typeof(x)(real, imag)


def sign(x):
    if typeof(x) in (complex64, complex128):
        return sign_complex(x, hypot_quietly)
    number = typeof(x)
    positive = select(x > number(0), number(1), number(0))
    if number.kind == "u":
        return positive
    result = select(x < number(0), number(-1), positive)
    if number.is_float:
        return select(isnan(x), x, result)
    return result


def sign_wgsl(x):
    """The same without wider types."""
    return sign_complex(x, hypot_wgsl) if typeof(x) is complex64 else sign(x)


ROW = Ufunc(
    name="sign",
    body=sign,
    loops="b->b B->B h->h H->H i->i I->I l->l L->L q->q Q->Q e->e f->f d->d g->g F->F D->D G->G m->m O->O",
    parameters="x",
    ulp={"F": 2.0, "D": 2.0},
    unroll=2,
    wgsl=sign_wgsl,
    doc="""
Returns an element-wise indication of the sign of a number.

For complex input the result is ``x / abs(x)``, and 0 for 0.

Parameters
----------
x : array_like
    Input values.

Returns
-------
ndarray or scalar
    -1, 0 or 1; NaN for NaN.

Examples
--------
>>> import wasmnp as np
>>> np.sign([-5.0, 0.0, 4.5])
array([-1.,  0.,  1.])
""",
)
