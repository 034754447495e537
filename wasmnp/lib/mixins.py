"""Operators for classes that have ``__array_ufunc__``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import _core as _nx
from .._utils import set_module

__all__ = ["NDArrayOperatorsMixin"]


def _binary(name: str, ufunc: str) -> tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any]]:
    def refused(other: Any) -> bool:
        return getattr(other, "__array_ufunc__", refused) is None

    def forward(self: Any, other: Any) -> Any:
        return NotImplemented if refused(other) else getattr(_nx, ufunc)(self, other)

    def reflected(self: Any, other: Any) -> Any:
        return NotImplemented if refused(other) else getattr(_nx, ufunc)(other, self)

    def in_place(self: Any, other: Any) -> Any:
        return getattr(_nx, ufunc)(self, other, out=(self,))

    forward.__name__, reflected.__name__, in_place.__name__ = f"__{name}__", f"__r{name}__", f"__i{name}__"
    return forward, reflected, in_place


def _unary(name: str, ufunc: str) -> Callable[[Any], Any]:
    def operator(self: Any) -> Any:
        return getattr(_nx, ufunc)(self)

    operator.__name__ = f"__{name}__"
    return operator


@set_module("lib.mixins")
class NDArrayOperatorsMixin:
    """
    All operators of Python by ufuncs, for classes that say in ``__array_ufunc__`` what these do with them.

    Other operands whose ``__array_ufunc__`` is None are left to them.

    Examples
    --------
    >>> import wasmnp as np
    >>> class Noted(np.lib.mixins.NDArrayOperatorsMixin):
    ...     def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
    ...         return ufunc.__name__
    >>> Noted() + 1, 1 < Noted(), -Noted()
    ('add', 'greater', 'negative')
    """

    __slots__ = ()

    __lt__ = _binary("lt", "less")[0]
    __le__ = _binary("le", "less_equal")[0]
    __eq__ = _binary("eq", "equal")[0]
    __ne__ = _binary("ne", "not_equal")[0]
    __gt__ = _binary("gt", "greater")[0]
    __ge__ = _binary("ge", "greater_equal")[0]

    __add__, __radd__, __iadd__ = _binary("add", "add")
    __sub__, __rsub__, __isub__ = _binary("sub", "subtract")
    __mul__, __rmul__, __imul__ = _binary("mul", "multiply")
    __matmul__, __rmatmul__, __imatmul__ = _binary("matmul", "matmul")
    __truediv__, __rtruediv__, __itruediv__ = _binary("truediv", "true_divide")
    __floordiv__, __rfloordiv__, __ifloordiv__ = _binary("floordiv", "floor_divide")
    __mod__, __rmod__, __imod__ = _binary("mod", "remainder")
    __divmod__, __rdivmod__ = _binary("divmod", "divmod")[:2]
    __pow__, __rpow__, __ipow__ = _binary("pow", "power")
    __lshift__, __rlshift__, __ilshift__ = _binary("lshift", "left_shift")
    __rshift__, __rrshift__, __irshift__ = _binary("rshift", "right_shift")
    __and__, __rand__, __iand__ = _binary("and", "bitwise_and")
    __xor__, __rxor__, __ixor__ = _binary("xor", "bitwise_xor")
    __or__, __ror__, __ior__ = _binary("or", "bitwise_or")

    __neg__ = _unary("neg", "negative")
    __pos__ = _unary("pos", "positive")
    __abs__ = _unary("abs", "absolute")
    __invert__ = _unary("invert", "invert")
