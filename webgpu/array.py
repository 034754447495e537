"""Device arrays: NumPy's operators, methods and functions over nodes of the lazy graph."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from .. import _native
from .._kernels.language.promotion import NumberType, host_number_type
from . import operations
from .device import Device, current_device
from .dtypes import (
    BOOL,
    UINT32,
    check,
    from_dtype,
    itemsize,
    scalar_number_type,
    to_dtype,
)
from .errors import CannotWaitError, DeviceLostError
from .graph import Constant, Node, Stored, broadcast, lies_contiguously, permute, reshape, view
from .indexing import basic_index, normalized_axes, resolved_shape
from .layout import Shape
from .memory import Storage
from .operations import Number, Operand
from .plan import copied
from .runtime import realize, write_into

# Graphs are recorded as kernels when a path through them gets this long, whether somebody reads them or not.
_LONGEST_PATH = 512
_MOVE = "device arrays do not move to the host by themselves; use x.to_device('cpu')"


def wrap(node: Node) -> DeviceArray:
    """A node as a device array."""
    if node.pending > _LONGEST_PATH:
        realize([node])
    return DeviceArray(node)


def operand_of(value: Any) -> Operand | None:
    """A device array or number as an operand; None for what is neither.

    Raises
    ------
    TypeError
        For host arrays, and for scalars of types that devices do not have.
    """
    if isinstance(value, DeviceArray):
        return value._node
    number = scalar_number_type(value)
    if number is not None:
        kind, plain = number
        return Number(kind if kind.weak else check(kind, str(kind), "the scalar"), plain)
    if isinstance(value, _native.ndarray):
        raise TypeError(
            "an operand is an array on the host, the other one is on the device; move it with np.webgpu.asarray(x), or "
            "the device's with x.to_device('cpu')"
        )
    return None


def operands_of(name: str, values: Sequence[Any]) -> list[Operand]:
    """Device arrays and numbers as operands; raises TypeError for anything else."""
    operands = []
    for value in values:
        operand = operand_of(value)
        if operand is None:
            raise TypeError(f"{name} takes device arrays and numbers, not {type(value).__name__}")
        operands.append(operand)
    return operands


def _binary(name: str, reflected: bool = False) -> Any:
    def method(self: DeviceArray, other: Any) -> Any:
        operand = operand_of(other)
        if operand is None:
            return NotImplemented
        pair = [operand, self._node] if reflected else [self._node, operand]
        return wrap(operations.operator(name, pair))

    return method


class DeviceArray:
    """An array in the memory of a GPU, or still to be computed there.

    Operators, NumPy's ufuncs and functions give device arrays that are computed when something is read, many operations
    in one kernel. Element types are bool, int32, uint32, float32 and complex64. Nothing moves to the host by itself:
    `to_device`, `to_host_async`, `item`, `tolist`, ``float(x)`` and printing do it.

    Parameters
    ----------
    node : Node
        What the array is; use `wasmnp.webgpu.asarray` to make one.

    Examples
    --------
    >>> import wasmnp as np
    >>> x = np.webgpu.asarray(np.arange(3, dtype=np.float32))
    >>> (x + 1).to_device("cpu")
    array([1., 2., 3.], dtype=float32)
    """

    __slots__ = ("__weakref__", "_node")
    __array_priority__ = 1000.0
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, node: Node) -> None:
        self._node = node
        node.handles += 1

    def __del__(self) -> None:
        node = getattr(self, "_node", None)
        if node is not None:
            node.handles -= 1

    # What it is

    @property
    def shape(self) -> Shape:
        """Extents along the axes."""
        return self._node.shape

    @property
    def dtype(self) -> Any:
        """Type of the elements."""
        return to_dtype(self._node.kind)

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self._node.shape)

    @property
    def size(self) -> int:
        """Number of elements."""
        return self._node.size

    @property
    def itemsize(self) -> int:
        """Bytes of an element on the host."""
        return self.dtype.itemsize

    @property
    def nbytes(self) -> int:
        """Bytes of the elements on the host."""
        return self.size * self.itemsize

    @property
    def device(self) -> str:
        """``"webgpu"``."""
        return "webgpu"

    def __array_namespace__(self, api_version: str | None = None) -> Any:
        import wasmnp

        return wasmnp

    # Moving

    def to_device(self, device: str, /, *, stream: None = None) -> Any:
        """The array on a device.

        Parameters
        ----------
        device : {'cpu', 'webgpu'}
        stream : None

        Returns
        -------
        ndarray or DeviceArray
            A host array for ``"cpu"``, after waiting for the GPU; the array itself for ``"webgpu"``.

        Raises
        ------
        CannotWaitError
            Where Python cannot wait; `to_host_async` works there.
        """
        if device == "webgpu":
            return self
        if device != "cpu":
            raise ValueError(f"device {device!r} is not known; 'cpu' and 'webgpu' are")
        node = self._readable()
        device, storage = _where(node)
        return _host_array(node, device.read(storage, *_range(node)))

    async def to_host_async(self) -> Any:
        """The array on the host, awaited: works also where Python cannot wait.

        Returns
        -------
        ndarray
        """
        node = self._readable()
        device, storage = _where(node)
        return _host_array(node, await device.read_async(storage, *_range(node)))

    def _readable(self) -> Node:
        node = self._node
        realize([node])
        if not lies_contiguously(node):
            node = copied(node)
            realize([node])
        return node

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        raise TypeError(_MOVE)

    def item(self, *index: int) -> Any:
        """The only element, or the one at an index, as a Python number."""
        if index:
            return self[index[0] if len(index) == 1 and isinstance(index[0], tuple) else index].item()
        if self.size != 1:
            raise ValueError("can only convert an array of size 1 to a Python scalar")
        return self.to_device("cpu").item()

    def tolist(self) -> Any:
        """Nested lists of Python numbers."""
        return self.to_device("cpu").tolist()

    def __bool__(self) -> bool:
        if self.size != 1:
            raise ValueError(
                "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()"
            )
        return bool(self.item())

    def __float__(self) -> float:
        return float(self._only())

    def __int__(self) -> int:
        return int(self._only())

    def __complex__(self) -> complex:
        return complex(self._only())

    def __index__(self) -> int:
        if self._node.kind.kind not in "iu" or self.ndim:
            raise TypeError("only integer scalar arrays can be converted to a scalar index")
        return self.item()

    def _only(self) -> Any:
        if self.ndim:
            raise TypeError("only 0-dimensional arrays can be converted to Python scalars")
        return self.item()

    def __repr__(self) -> str:
        try:
            text = repr(self.to_device("cpu"))
        except CannotWaitError:
            return f"<array on webgpu: shape {self.shape}, {self.dtype}>"
        return f"{text[:-1]}, device='webgpu')"

    def __str__(self) -> str:
        try:
            return str(self.to_device("cpu"))
        except CannotWaitError:
            return repr(self)

    # Shapes and views

    def __len__(self) -> int:
        if not self.ndim:
            raise TypeError("len() of unsized object")
        return self.shape[0]

    def __iter__(self) -> Iterator[DeviceArray]:
        if not self.ndim:
            raise TypeError("iteration over a 0-d array")
        return (self[index] for index in range(len(self)))

    def __getitem__(self, index: Any) -> DeviceArray:
        return wrap(view(self._node, *basic_index(self.shape, index)))

    def __setitem__(self, index: Any, value: Any) -> None:
        """Assign to a basic index: this array becomes a new one; views that were taken before keep the old elements."""
        operand = operands_of("an assignment", [value])[0]
        mapping, shape = basic_index(self.shape, index)
        if isinstance(operand, Node) and operand.kind != self._node.kind:
            raise TypeError(
                f"elements of {operand.kind} cannot be assigned to an array of {self._node.kind}; convert with astype"
            )
        node = broadcast(operations.as_node(operand, self._node.kind), shape)
        if isinstance(node, Constant):
            node = copied(node)
        self._become(node if shape == self.shape and index in (..., slice(None)) else None, mapping, node)

    def _become(self, whole: Node | None, mapping: Any, node: Node) -> None:
        result = whole if whole is not None else write_into(self._node, mapping, node)
        self._node.handles -= 1
        self._node = result
        result.handles += 1

    def reshape(self, *shape: Any, order: str = "C") -> DeviceArray:
        """The elements in row-major order in another shape; one extent may be -1.

        Parameters
        ----------
        *shape : int or tuple of int
        order : {'C'}

        Returns
        -------
        DeviceArray
        """
        _row_major(order)
        wanted = shape[0] if len(shape) == 1 else shape
        return wrap(reshape(self._node, resolved_shape(self.size, wanted)))

    def ravel(self, order: str = "C") -> DeviceArray:
        """The elements along one axis."""
        _row_major(order)
        return wrap(reshape(self._node, (self.size,)))

    flatten = ravel

    def transpose(self, *axes: Any) -> DeviceArray:
        """The array with its axes in another order, reversed by default."""
        order = axes[0] if len(axes) == 1 and not hasattr(axes[0], "__index__") else axes
        if not order:
            places = list(range(self.ndim))[::-1]
        else:
            if len(order) != self.ndim:
                raise ValueError("axes don't match array")
            normalized_axes(tuple(order), self.ndim)
            places = [place % self.ndim for place in order]
        return wrap(permute(self._node, places))

    @property
    def T(self) -> DeviceArray:
        """The array with its axes reversed."""
        return self.transpose()

    @property
    def mT(self) -> DeviceArray:
        """The array with its last two axes exchanged."""
        if self.ndim < 2:
            raise ValueError("matrix transpose with ndim < 2 is undefined")
        return self.transpose(*range(self.ndim - 2), self.ndim - 1, self.ndim - 2)

    def squeeze(self, axis: Any = None) -> DeviceArray:
        """The array without axes of length 1."""
        axes = normalized_axes(axis, self.ndim)
        if axis is not None and any(self.shape[place] != 1 for place in axes):
            raise ValueError("cannot select an axis to squeeze out which has size not equal to one")
        shape = tuple(n for place, n in enumerate(self.shape) if n != 1 or place not in axes)
        return wrap(reshape(self._node, shape))

    def astype(
        self, dtype: Any, order: str = "K", casting: str = "unsafe", subok: bool = True, copy: bool = True
    ) -> Any:
        """The elements converted.

        Parameters
        ----------
        dtype : dtype
            Of bool, int32, uint32, float32, complex64.
        order, casting, subok, copy
            As NumPy's; arrays cannot change, so that nothing is copied.

        Returns
        -------
        DeviceArray

        Notes
        -----
        Floats that do not fit an integer type become its nearest number, NaN becomes 0.
        """
        return wrap(operations.as_node(self._node, from_dtype(dtype, "the result")))

    def copy(self, order: str = "C") -> DeviceArray:
        """The array itself in a new handle: assignments to one do not change the other."""
        return DeviceArray(self._node)

    def __copy__(self) -> DeviceArray:
        return DeviceArray(self._node)

    def __deepcopy__(self, memo: Any) -> DeviceArray:
        return DeviceArray(self._node)

    def __reduce__(self) -> Any:
        raise TypeError(f"device arrays cannot be pickled: {_MOVE}")

    @property
    def real(self) -> DeviceArray:
        """The real part."""
        return wrap(operations.real_part(self._node, 0))

    @property
    def imag(self) -> DeviceArray:
        """The imaginary part; zeros for real arrays."""
        return wrap(operations.real_part(self._node, 1))

    def conjugate(self) -> DeviceArray:
        """The complex conjugate."""
        return wrap(operations.conjugated(self._node))

    conj = conjugate

    # Reductions

    def _reduced(self, name: str, public: str, axis: Any, dtype: Any, out: None, keepdims: Any) -> DeviceArray:
        _no_out(out)
        kind = None if dtype is None else from_dtype(dtype, public)
        return wrap(operations.reduction(name, self._node, axis, kind, bool(keepdims), public))

    def sum(self, axis: Any = None, dtype: Any = None, out: None = None, keepdims: bool = False) -> DeviceArray:
        """The sum along axes.

        Parameters
        ----------
        axis : None, int or tuple of int
        dtype : dtype, optional
            The type to compute in. Integers and bools need one, since NumPy's int64 does not exist on devices.
        out : None
        keepdims : bool

        Returns
        -------
        DeviceArray
        """
        return self._reduced("add", "sum", axis, dtype, out, keepdims)

    def prod(self, axis: Any = None, dtype: Any = None, out: None = None, keepdims: bool = False) -> DeviceArray:
        """The product along axes; parameters as `sum`."""
        return self._reduced("multiply", "prod", axis, dtype, out, keepdims)

    def max(self, axis: Any = None, out: None = None, keepdims: bool = False) -> DeviceArray:
        """The largest element along axes; NaN if one is."""
        return self._reduced("maximum", "max", axis, None, out, keepdims)

    def min(self, axis: Any = None, out: None = None, keepdims: bool = False) -> DeviceArray:
        """The smallest element along axes; NaN if one is."""
        return self._reduced("minimum", "min", axis, None, out, keepdims)

    def any(self, axis: Any = None, out: None = None, keepdims: bool = False) -> DeviceArray:
        """Whether some element along axes is not zero."""
        return self._reduced("or", "any", axis, None, out, keepdims)

    def all(self, axis: Any = None, out: None = None, keepdims: bool = False) -> DeviceArray:
        """Whether no element along axes is zero."""
        return self._reduced("and", "all", axis, None, out, keepdims)

    def mean(self, axis: Any = None, dtype: Any = None, out: None = None, keepdims: bool = False) -> DeviceArray:
        """The mean along axes; of integers and bools with ``dtype=np.float32`` only."""
        _no_out(out)
        kind = None if dtype is None else from_dtype(dtype, "mean")
        return wrap(operations.mean(self._node, axis, kind, bool(keepdims)))

    # Operators

    __add__, __radd__ = _binary("add"), _binary("add", True)
    __sub__, __rsub__ = _binary("subtract"), _binary("subtract", True)
    __mul__, __rmul__ = _binary("multiply"), _binary("multiply", True)
    __truediv__, __rtruediv__ = _binary("divide"), _binary("divide", True)
    __floordiv__, __rfloordiv__ = _binary("floor_divide"), _binary("floor_divide", True)
    __mod__, __rmod__ = _binary("remainder"), _binary("remainder", True)
    __pow__, __rpow__ = _binary("**"), _binary("**", True)
    __matmul__, __rmatmul__ = _binary("@"), _binary("@", True)
    __and__, __rand__ = _binary("and"), _binary("and", True)
    __or__, __ror__ = _binary("or"), _binary("or", True)
    __xor__, __rxor__ = _binary("xor"), _binary("xor", True)
    __lshift__, __rlshift__ = _binary("shl"), _binary("shl", True)
    __rshift__, __rrshift__ = _binary("shr"), _binary("shr", True)
    __lt__, __le__ = _binary("less"), _binary("less_equal")
    __gt__, __ge__ = _binary("greater"), _binary("greater_equal")
    __eq__, __ne__ = _binary("equal"), _binary("not_equal")  # type: ignore[assignment]

    def __neg__(self) -> DeviceArray:
        return wrap(operations.ufunc("negative", [self._node])[0])

    def __pos__(self) -> DeviceArray:
        return DeviceArray(self._node)

    def __abs__(self) -> DeviceArray:
        return wrap(operations.ufunc("absolute", [self._node])[0])

    def __invert__(self) -> DeviceArray:
        return wrap(operations.bit_operation("not", [self._node]))

    # NumPy's functions

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        from .functions import call_ufunc

        return call_ufunc(ufunc, method, inputs, kwargs)

    def __array_function__(self, func: Any, types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        from .functions import call_function

        return call_function(func, args, kwargs)


def _no_out(out: Any) -> None:
    if out is not None:
        raise TypeError("device arrays cannot change: out= is not possible, assign the result instead")


def _row_major(order: str) -> None:
    if order not in ("C", "A", "K"):
        raise TypeError(f"device arrays have row-major order only, not order={order!r}")


def _range(node: Node) -> tuple[int, int]:
    """Offset and length in bytes of a node that lies contiguously."""
    width = itemsize(node.kind)
    return node.offset * width, node.size * width


def _where(node: Node) -> tuple[Device, Storage]:
    """Device and storage of a node that is computed."""
    device = current_device()
    if node.storage is None or node.storage.pool is not device.pool:
        raise DeviceLostError("the WebGPU device of this array is lost; make the array anew with asarray")
    return device, node.storage


def _host_array(node: Node, data: memoryview) -> Any:
    stored = UINT32 if node.kind == BOOL else node.kind
    flat = _native.frombuffer(data, dtype=to_dtype(stored)) if data.nbytes else _native.empty(0, to_dtype(stored))
    return (flat.astype("?") if node.kind == BOOL else flat).reshape(node.shape)


def upload(array: Any, kind: NumberType | None = None) -> DeviceArray:
    """A host array on the device.

    Parameters
    ----------
    array : ndarray
    kind : NumberType, optional
        What to convert to; the array's own type must be on devices otherwise.
    """
    found = host_number_type(array.dtype)
    if kind is None:
        kind = check(found, str(array.dtype), "the array")
    stored = UINT32 if kind == BOOL else kind
    converted = array.astype("?") if kind == BOOL and found != BOOL else array
    contiguous = _native.array(converted, dtype=to_dtype(stored), order="C", copy=None)
    shape = tuple(array.shape)
    if not math.prod(shape):
        return DeviceArray(Stored(current_device().allocate(0), shape, kind))
    data = memoryview(contiguous.reshape(-1)).cast("B")
    return DeviceArray(Stored(current_device().upload(data), shape, kind))
