"""Arrays that live elsewhere: what the core asks for when `device` is not ``"cpu"``."""

from __future__ import annotations

from typing import Any


def asarray(a: Any, dtype: Any, order: Any, copy: Any, device: Any) -> Any:
    """An array on a device.

    Raises
    ------
    ValueError
        For a device that there is not, and for orders and copies that device arrays do not have.
    """
    if device != "webgpu":
        raise ValueError(f'Device not understood. Only "cpu" is allowed, but received: {device}')
    if order not in (None, "K", "A", "C"):
        raise ValueError(f"device arrays are in C order, not order={order!r}")
    from .. import webgpu

    if copy is False and not isinstance(a, webgpu.DeviceArray):
        raise ValueError("what lies on the host is copied to the device; copy=False cannot be had")
    return webgpu.asarray(a, dtype)
