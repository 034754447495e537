"""WebGPU on the desktop: the package ``wgpu``."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Any

from .errors import DeviceLostError, ValidationError, WebGPUError, out_of_memory


class DesktopHost:
    """The host protocol over ``wgpu``, which is imported here and not before.

    Raises
    ------
    ImportError
        Naming the extra that installs ``wgpu``.
    """

    name = "desktop"

    def __init__(self) -> None:
        try:
            import wgpu
        except ImportError as error:
            raise ImportError(
                "device arrays need the package wgpu on the desktop: pip install wasmnp[webgpu]"
            ) from error
        self.wgpu = wgpu

    def can_wait(self) -> bool:
        return True

    def open(self, raised_limits: Sequence[str]) -> Any:
        try:
            adapter = self.wgpu.gpu.request_adapter_sync(power_preference="high-performance")
        except RuntimeError as error:
            raise WebGPUError(f"no WebGPU adapter was found ({error})") from error
        limits = {name: adapter.limits[name] for name in raised_limits if name in adapter.limits}
        try:
            return adapter.request_device_sync(required_limits=limits)
        except Exception as error:
            raise self.translated(error) from error

    async def open_async(self, raised_limits: Sequence[str]) -> Any:
        return self.open(raised_limits)

    def wait(self, pending: Awaitable[Any]) -> Any:
        return pending.sync_wait()  # type: ignore[attr-defined]

    def take_errors(self, gpu: Any) -> list[Exception]:
        return []  # they are raised at once

    def translated(self, error: Exception) -> Exception:
        text = " ".join(str(error).split())
        if isinstance(error, self.wgpu.GPUOutOfMemoryError):
            return out_of_memory(text)
        if isinstance(error, self.wgpu.GPUError | RuntimeError) and not isinstance(error, WebGPUError):
            # wgpu has no class for it.
            return DeviceLostError(text) if "device is lost" in text.lower() else ValidationError(text)
        return error
