"""NumPy's functions on device arrays: what ``__array_ufunc__`` and ``__array_function__`` call."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from . import operations
from .array import DeviceArray, operands_of, wrap
from .dtypes import from_dtype
from .graph import Node, broadcast
from .layout import Shape

_ABSENT: Any = object()
_HOST = "x.to_device('cpu') brings an array to the host"
# Ufuncs whose folding is a reduction here.
_FOLDS = {"add": "sum", "multiply": "prod", "maximum": "max", "minimum": "min"}


def call_ufunc(ufunc: Any, method: str, inputs: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    """A ufunc, or its ``reduce``, with a device array among its arguments.

    Raises
    ------
    TypeError
        For other methods, for keywords, and for ufuncs without a kernel.
    """
    name = ufunc.__name__
    if method == "reduce" and name in _FOLDS:
        return _fold(name, inputs, kwargs)
    if method != "__call__":
        raise TypeError(f"np.{name}.{method} has no device form; {_HOST}")
    given = {key: value for key, value in kwargs.items() if not _is_default(key, value)}
    dtype = given.pop("dtype", None)
    if given:
        raise TypeError(f"np.{name} on device arrays takes no {', '.join(f'{key}=' for key in sorted(given))}")
    operands = operands_of(f"np.{name}", inputs)
    if dtype is not None:
        kind = from_dtype(dtype, f"np.{name}")
        operands = [operations.as_node(operand, kind) for operand in operands]
    if not operations.has_ufunc(name):
        raise TypeError(f"np.{name} has no device form; {_HOST}")
    results = tuple(wrap(node) for node in operations.ufunc(name, operands))
    return results[0] if len(results) == 1 else results


def _is_default(key: str, value: Any) -> bool:
    """Whether a keyword of a ufunc says what holds without it."""
    if key == "out":
        return value is None or (isinstance(value, tuple) and all(item is None for item in value))
    if key in ("where", "subok"):
        return value is True
    return value is None or (isinstance(value, str) and (key, value) in (("casting", "same_kind"), ("order", "K")))


def _fold(name: str, inputs: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    array, axis = inputs[0], kwargs.get("axis", inputs[1] if len(inputs) > 1 else 0)
    others = {key for key, value in kwargs.items() if key not in ("axis", "dtype", "keepdims") and value is not None}
    others -= {"where"} if kwargs.get("where", True) is True else set()
    if others or not isinstance(array, DeviceArray):
        raise TypeError(f"np.{name}.reduce on device arrays takes axis, dtype and keepdims only")
    options = {"axis": axis, "keepdims": bool(kwargs.get("keepdims", False))}
    if kwargs.get("dtype") is not None:
        options["dtype"] = kwargs["dtype"]
    return getattr(array, _FOLDS[name])(**options)


def call_function(func: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    """A public function with a device array among its arguments.

    Raises
    ------
    TypeError
        For functions that have no device form.
    """
    name = func.__name__
    found = FUNCTIONS.get(name)
    if found is None:
        raise TypeError(f"np.{name} has no device form; {_HOST}")
    return found(*args, **kwargs)


def _given(options: Mapping[str, Any]) -> dict[str, Any]:
    """Keyword arguments that somebody gave."""
    from .._globals import _NoValue

    return {key: value for key, value in options.items() if value is not _NoValue and value is not None}


def _method(name: str) -> Callable[..., Any]:
    def function(a: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(a, DeviceArray):
            raise TypeError(f"np.{name} of an array on the host cannot take arrays on the device; {_HOST}")
        options = _given(kwargs)
        for refused in ("initial", "where"):
            if refused in options:
                raise TypeError(f"np.{name} on device arrays takes no {refused}=")
        return getattr(a, name)(*args, **options)

    function.__name__ = name
    return function


def where(condition: Any, x: Any = _ABSENT, y: Any = _ABSENT) -> Any:
    """Elements of ``x`` where the condition holds, of ``y`` elsewhere.

    Parameters
    ----------
    condition, x, y : DeviceArray or number
        They broadcast.

    Returns
    -------
    DeviceArray

    Examples
    --------
    >>> import wasmnp as np
    >>> x = np.webgpu.asarray(np.arange(4, dtype=np.float32))
    >>> np.webgpu.where(x > 1, x, 0.0).tolist()
    [0.0, 0.0, 2.0, 3.0]
    """
    if x is _ABSENT or y is _ABSENT:
        raise TypeError("np.where with one argument has no device form: its shape depends on the elements")
    return wrap(operations.where(*operands_of("np.where", (condition, x, y))))


def matmul(x1: Any, x2: Any) -> Any:
    """The matrix product of device arrays.

    Parameters
    ----------
    x1, x2 : DeviceArray
        Stacks of matrices, which broadcast, or vectors.

    Returns
    -------
    DeviceArray

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> import wasmnp as np
    >>> x = np.webgpu.asarray(np.arange(4, dtype=np.float32).reshape(2, 2))
    >>> np.webgpu.matmul(x, x).tolist()
    [[2.0, 3.0], [6.0, 11.0]]
    """
    return wrap(operations.operator("@", operands_of("np.matmul", (x1, x2))))


def broadcast_to(array: Any, shape: Any, subok: bool = False) -> Any:
    """A device array repeated to a shape; a view.

    Parameters
    ----------
    array : DeviceArray
    shape : int or tuple of int
    subok : bool
        As NumPy's.

    Returns
    -------
    DeviceArray

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> import wasmnp as np
    >>> x = np.webgpu.asarray(np.arange(2, dtype=np.int32))
    >>> np.webgpu.broadcast_to(x, (2, 2)).tolist()
    [[0, 1], [0, 1]]
    """
    node = operands_of("np.broadcast_to", (array,))[0]
    if not isinstance(node, Node):
        raise TypeError("np.webgpu.broadcast_to takes a device array, not a number")
    wanted: Shape = tuple(map(operator.index, shape if isinstance(shape, tuple | list) else (shape,)))
    tail = wanted[len(wanted) - len(node.shape) :]
    if len(node.shape) > len(wanted) or any(n not in (1, m) for n, m in zip(node.shape, tail, strict=True)):
        raise ValueError(f"an array of shape {node.shape} cannot be broadcast to shape {wanted}")
    return wrap(broadcast(node, wanted))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{
        name: _method(name)
        for name in (
            "sum", "prod", "max", "min", "mean", "any", "all", "reshape", "ravel", "transpose", "squeeze",
        )
    },
    "amax": _method("max"),
    "amin": _method("min"),
    "where": where,
    "matmul": matmul,
    "broadcast_to": broadcast_to,
}  # fmt: skip
