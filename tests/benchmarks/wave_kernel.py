"""exp(-x*x)*sin(3*x) as a built-in kernel: jit_browser.py builds a wheel of the tree with this file in it."""

from ..language import Ufunc
from .exp import exp
from .sin import sin


def wave(x):
    """The kernels of exp and sin in one."""
    return exp(-x * x) * sin(3 * x)


ROW = Ufunc(
    name="wave",
    body=wave,
    loops="f->f d->d",
    parameters="x",
    errors=("invalid", "overflow", "underflow"),
    branch_unroll={"f": 4, "d": 2},
    doc="""
The expression that run-time code is compared with.

Examples
--------
>>> import wasmnp as np
>>> np.wave(0.0)
np.float64(0.0)
""",
)
