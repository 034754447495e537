"""What can go wrong on a device, as Python exceptions."""

from __future__ import annotations


class WebGPUError(RuntimeError):
    """Something that the device or its driver refused."""


class ValidationError(WebGPUError):
    """The device found a command or a shader invalid: a defect of this package, or of the driver."""


class DeviceLostError(WebGPUError):
    """The device is gone, and with it the data of its arrays. `asarray` opens a fresh device."""


class CannotWaitError(WebGPUError):
    """The result is not there yet, and this place cannot wait for it; use the form that is awaited."""


def out_of_memory(text: str) -> MemoryError:
    """The error for memory that the device does not have."""
    return MemoryError(f"the WebGPU device is out of memory: {text}")
