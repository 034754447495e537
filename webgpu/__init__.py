"""Device arrays on WebGPU.

>>> import wasmnp as np
>>> x = np.webgpu.asarray(np.arange(4, dtype=np.float32))
>>> ((x - 1) ** 2).to_device("cpu")
array([1., 0., 1., 4.], dtype=float32)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import _native
from .._kernels.language.ir import Function
from .._kernels.language.promotion import NumberType
from . import operations
from .array import DeviceArray, operands_of, upload, wrap
from .device import current_device, is_available, open_device_async
from .dtypes import from_dtype
from .errors import CannotWaitError, DeviceLostError, ValidationError, WebGPUError
from .functions import broadcast_to, matmul, where
from .runtime import Explanation, realize
from .runtime import explain as _explain

__all__ = [
    "CannotWaitError",
    "DeviceArray",
    "DeviceLostError",
    "Explanation",
    "ValidationError",
    "WebGPUError",
    "apply_elementwise",
    "asarray",
    "broadcast_to",
    "compute",
    "device_info",
    "explain",
    "init_async",
    "is_available",
    "matmul",
    "synchronize",
    "synchronize_async",
    "where",
]


def asarray(a: Any, dtype: Any = None) -> DeviceArray:
    """An array on the device.

    Parameters
    ----------
    a : array_like or DeviceArray
        On the host: anything that `wasmnp.asarray` takes.
    dtype : dtype, optional
        bool, int32, uint32, float32 or complex64; the host converts. By default that of `a`, which must be one of them.

    Returns
    -------
    DeviceArray
        The given one if it has the type already.

    Raises
    ------
    TypeError
        For types that devices do not have, float64 and int64 among them: say ``dtype=np.float32``.
    MemoryError
        If the array does not fit the device's memory.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.webgpu.asarray([1.5, 2.5], dtype=np.float32).sum().item()
    4.0
    """
    kind = None if dtype is None else from_dtype(dtype)
    if isinstance(a, DeviceArray):
        return a if kind is None else a.astype(dtype)
    return upload(_native.asarray(a), kind)


def compute(*arrays: DeviceArray) -> None:
    """Record the kernels that compute arrays, together, and submit them; nothing waits.

    Parameters
    ----------
    *arrays : DeviceArray

    Examples
    --------
    >>> import wasmnp as np
    >>> x = np.webgpu.asarray(np.arange(4, dtype=np.float32))
    >>> total, largest = x.sum(), x.max()
    >>> np.webgpu.compute(total, largest)
    """
    realize([array._node for array in arrays])
    if arrays:
        current_device().submit()


def explain(*arrays: DeviceArray) -> Explanation:
    """What computing arrays would take; computes nothing.

    Parameters
    ----------
    *arrays : DeviceArray

    Returns
    -------
    Explanation
        With attributes ``dispatches``, ``bytes_moved`` and ``wgsl`` (a shader for each dispatch).

    Examples
    --------
    >>> import wasmnp as np
    >>> x = np.webgpu.asarray(np.arange(4, dtype=np.float32))
    >>> np.webgpu.explain(np.exp(x + 1) * 2).dispatches
    1
    """
    return _explain([array._node for array in arrays])


def synchronize() -> None:
    """Wait until everything that was recorded is done, and raise what went wrong.

    Raises
    ------
    CannotWaitError
        Where Python cannot wait; `synchronize_async` works there.
    """
    device = current_device()
    device.read(device.allocate(4), 0, 4)


async def synchronize_async() -> None:
    """As `synchronize`, awaited."""
    device = await open_device_async()
    await device.read_async(device.allocate(4), 0, 4)


async def init_async() -> None:
    """Open the device, awaited: needed once where Python cannot wait, harmless elsewhere.

    Raises
    ------
    WebGPUError
        If there is no adapter.
    """
    await open_device_async()


def device_info() -> dict[str, Any]:
    """What the device says about itself.

    Returns
    -------
    dict
        Keys ``host`` (``"desktop"`` or ``"browser"``), ``adapter`` and ``limits``.
    """
    device = current_device()
    return {"host": device.host.name, "adapter": dict(device.gpu.adapter_info), "limits": dict(device.gpu.limits)}


def apply_elementwise(
    function: Function, arguments: Sequence[Any], results: Sequence[NumberType]
) -> tuple[DeviceArray, ...]:
    """A function of one element on arrays that broadcast, as part of the lazy graph.

    Parameters
    ----------
    function : Function
        Simplified IR without early exits, of 32-bit types: what
        ``user_frontend.compile_elementwise`` gives.
    arguments : sequence of DeviceArray or number
        Converted to the types of the function's parameters.
    results : sequence of NumberType
        Types of its results.

    Returns
    -------
    tuple of DeviceArray

    Raises
    ------
    TypeError
        Naming the type or operation that WebGPU does not have.
    """
    nodes = operations.user_call(function, operands_of(function.name, arguments), results)
    return tuple(wrap(node) for node in nodes)
