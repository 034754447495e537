"""What a host of WebGPU gives to the device layer: the desktop (package ``wgpu``) or the browser (``navigator.gpu``).

Everything above this file is written against the two protocols here, and against no more of WebGPU. The names of
:class:`GPU` and of the objects that it makes are those of the package ``wgpu``; the browser's host gives objects with
the same names over JavaScript's.

**Errors.** The desktop raises them at the call that is wrong. The browser tells of them later: its host collects what
error scopes and the event ``uncapturederror`` bring, and the device layer asks for them (`Host.take_errors`) whenever
it has waited for the device. Either way `Host.translated` makes Python exceptions of them: ``MemoryError`` when memory
runs out, :class:`.errors.DeviceLostError` when the device is gone, :class:`.errors.ValidationError` for commands and
shaders that are invalid.

**Waiting.** Memory that the host can read is mapped, which takes time. Desktop programs wait; Python in a browser can
wait only where the engine can suspend it. `Host.can_wait` tells, at the moment of the question.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, Protocol

# Bits of GPUBufferUsage (WebGPU specification, section 5.1.2).
MAP_READ = 0x0001
COPY_SRC = 0x0004
COPY_DST = 0x0008
UNIFORM = 0x0040
STORAGE = 0x0080

# Limits that are raised to what the adapter has; for all others the defaults suffice.
RAISED_LIMITS = ("max-buffer-size", "max-storage-buffer-binding-size", "max-storage-buffers-per-shader-stage")


class Queue(Protocol):
    """Where commands go."""

    def submit(self, command_buffers: Sequence[Any]) -> None: ...
    def write_buffer(self, buffer: Any, buffer_offset: int, data: Any) -> None: ...


class Buffer(Protocol):
    """Memory of the device. Offsets and sizes are multiples of 4, mapped ones of 8."""

    size: int

    def map_async(self, mode: str, offset: int = 0, size: int | None = None) -> Awaitable[None]:
        """Start to map; ``mode`` is ``"READ"``. `Host.wait` or ``await`` ends it."""

    def read_mapped(self, buffer_offset: int | None = None, size: int | None = None) -> memoryview:
        """A copy of what is mapped."""

    def unmap(self) -> None: ...
    def destroy(self) -> None: ...


class Pass(Protocol):
    """A compute pass."""

    def set_pipeline(self, pipeline: Any) -> None: ...
    def set_bind_group(self, index: int, bind_group: Any) -> None: ...
    def dispatch_workgroups(self, x: int, y: int = 1, z: int = 1) -> None: ...
    def end(self) -> None: ...


class Encoder(Protocol):
    """Records commands."""

    def begin_compute_pass(self) -> Pass: ...
    def copy_buffer_to_buffer(
        self, source: Any, source_offset: int, destination: Any, destination_offset: int, size: int
    ) -> None: ...
    def finish(self) -> Any: ...


class GPU(Protocol):
    """A device: ``GPUDevice`` of the package ``wgpu``.

    ``limits`` and ``adapter_info`` are mappings; names of limits are written with hyphens (``"max-buffer-size"``).
    Pipelines have ``get_bind_group_layout(0)``.
    """

    queue: Queue
    limits: Mapping[str, int]
    adapter_info: Mapping[str, Any]

    def create_buffer(self, *, size: int, usage: int) -> Buffer: ...
    def create_shader_module(self, *, code: str) -> Any: ...
    def create_compute_pipeline(self, *, layout: str, compute: dict[str, Any]) -> Any:
        """``layout`` is ``"auto"``; ``compute`` has the keys ``module`` and ``entry_point``."""

    def create_bind_group(self, *, layout: Any, entries: list[dict[str, Any]]) -> Any:
        """Entries are ``{"binding": n, "resource": {"buffer": buffer, "offset": bytes, "size": bytes}}``."""

    def create_command_encoder(self) -> Encoder: ...
    def destroy(self) -> None: ...


class Host(Protocol):
    """Opens devices, waits, and translates errors."""

    name: str

    def can_wait(self) -> bool:
        """Whether `wait` and `open` work here and now."""

    def open(self, raised_limits: Sequence[str]) -> GPU:
        """A new device, with these limits as high as the adapter has them.

        Raises
        ------
        WebGPUError
            Where there is no adapter.
        CannotWaitError
            Where the host cannot wait.
        """

    async def open_async(self, raised_limits: Sequence[str]) -> GPU:
        """As `open`, awaited."""

    def wait(self, pending: Awaitable[Any]) -> Any:
        """The result of what a buffer's ``map_async`` gave."""

    def take_errors(self, gpu: GPU) -> list[Exception]:
        """Errors that became known since the last call, translated; the first is raised by the device layer."""

    def translated(self, error: Exception) -> Exception:
        """An exception of the host's own classes as one of ours; any other exception as it is."""


_host: Host | None = None


def current_host() -> Host:
    """The host of this process.

    Raises
    ------
    ImportError
        On the desktop, when the package ``wgpu`` is missing.
    """
    global _host
    if _host is None:
        if sys.platform == "emscripten":
            from .browser_host import BrowserHost

            _host = BrowserHost()
        else:
            from .desktop_host import DesktopHost

            _host = DesktopHost()
    return _host
