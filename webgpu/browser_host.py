"""The browser's WebGPU under the names of wgpu: what :mod:`wasmnp.webgpu.host` uses where Python runs in Pyodide.

Objects, methods and arguments are those of the Python package wgpu, as far as device arrays need them, so that the
device layer does not know where it runs. Three things differ underneath, and this file hides them:

* The browser reports errors later, through error scopes. One scope of each kind stays open; whatever waits for the
  device closes them, opens new ones, and raises what they caught.
* Waiting without ``await`` needs JavaScript promise integration, and a caller that can be suspended.
* Buffers live until JavaScript's collector finds them, which sees no pressure on a GPU's memory; here, as in wgpu, a
  buffer goes when the last Python object that can use it goes.

Calls cross into JavaScript through one table of small functions that take positional arguments: turning a descriptor
from a dict into an object costs more than the call that it is for. No Python object is held on the other side.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import js
from pyodide.code import run_js
from pyodide.ffi import can_run_sync, run_sync

# A table of functions around one adapter.
_ADAPTER = """(adapter) => ({
  names: () => { const names = []; for (const name in adapter.limits) names.push(name); return names.join(" "); },
  limit: (name) => adapter.limits[name],
  features: () => [...adapter.features].join(" "),
  info: (name) => String(adapter.info?.[name] ?? ""),
  fallback: () => Boolean(adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter),
  device: (label, features, names, ...values) => {
    const requiredLimits = {};
    if (names) names.split(" ").forEach((name, index) => { requiredLimits[name] = values[index]; });
    const requiredFeatures = features ? features.split(" ") : [];
    return adapter.requestDevice({label, requiredFeatures, requiredLimits});
  },
})"""

# A table of functions around one device. `wait` gives a text: what went wrong since the last wait, its kind first.
_DEVICE = """(device) => {
  const KINDS = ["validation", "out-of-memory", "internal"];
  let lost = "";
  device.lost.then(({reason, message}) => { lost = `${reason || "unknown"}: ${message}`; });
  const open = () => KINDS.forEach((kind) => device.pushErrorScope(kind));
  open();
  const wait = async (promise) => {
    const scopes = KINDS.map(() => device.popErrorScope());
    open();
    const [outcome, ...errors] = await Promise.allSettled([promise, ...scopes]);
    const failed = outcome.status === "rejected";
    // A lost device rejects what waits for it, and says that it is lost, in either order.
    if (failed && !lost) await Promise.race([device.lost, new Promise((done) => setTimeout(done, 20))]);
    if (lost) return `lost\\n${lost}`;
    // The scope opened last was closed first.
    const found = errors.findIndex(({value}) => value);
    if (found >= 0) return `${KINDS[KINDS.length - 1 - found]}\\n${errors[found].value.message}`;
    return failed ? `failed\\n${outcome.reason?.message ?? outcome.reason}` : "";
  };
  const entries = (flat) => {
    const result = [];
    for (let i = 0; i < flat.length; i += 4) {
      result.push({binding: flat[i], resource: {buffer: flat[i + 1], offset: flat[i + 2], size: flat[i + 3]}});
    }
    return result;
  };
  const pipeline = (label, module, entryPoint, names, values) => {
    const constants = {};
    if (names) names.split(" ").forEach((name, index) => { constants[name] = values[index]; });
    return {label, layout: "auto", compute: {module, entryPoint, constants}};
  };
  return {
    wait,
    lost: () => lost,
    limit: (name) => device.limits[name],
    features: () => [...device.features].join(" "),
    buffer: (label, size, usage, mappedAtCreation) => device.createBuffer({label, size, usage, mappedAtCreation}),
    shader: (label, code) => device.createShaderModule({label, code}),
    pipeline: (label, module, entry, names, ...values) =>
      device.createComputePipeline(pipeline(label, module, entry, names, values)),
    pipelineAsync: (label, module, entry, names, ...values) =>
      device.createComputePipelineAsync(pipeline(label, module, entry, names, values)),
    group: (label, layout, ...flat) => device.createBindGroup({label, layout, entries: entries(flat)}),
    write: (buffer, offset, contents) => {
      const view = contents.getBuffer("u8");
      try { device.queue.writeBuffer(buffer, offset, view.data); } finally { view.release(); }
    },
    submit: (...buffers) => device.queue.submit(buffers),
    idle: () => wait(device.queue.onSubmittedWorkDone()),
    map: (buffer, mode, offset, size) => wait(buffer.mapAsync(mode, offset, size)),
    range: (buffer, offset, size) => new Uint8Array(buffer.getMappedRange(offset, size)),
    fill: (buffer, offset, size, contents) => {
      const view = contents.getBuffer("u8");
      try { new Uint8Array(buffer.getMappedRange(offset, size)).set(view.data); } finally { view.release(); }
    },
    destroy: () => device.destroy(),
  };
}"""

_MAP_READ, _MAP_WRITE = 1, 2  # GPUMapMode


class GPUError(RuntimeError):
    """Something that the browser's WebGPU reports."""


class GPUValidationError(GPUError):
    """A call, a shader or a pipeline is not valid."""


class GPUOutOfMemoryError(GPUError, MemoryError):
    """The device has no memory left."""


class GPUInternalError(GPUError):
    """The driver failed at something valid."""


class GPUDeviceLostError(GPUError):
    """The device is gone: destroyed, reset by its driver, or taken by the system."""


_ERRORS = {
    "validation": GPUValidationError,
    "out-of-memory": GPUOutOfMemoryError,
    "internal": GPUInternalError,
    "lost": GPUDeviceLostError,
    "failed": GPUError,
}


def _check(report: str) -> None:
    """Raise what a table's ``wait`` reports."""
    if report:
        kind, _, text = report.partition("\n")
        raise _ERRORS[kind](f"the device was lost ({text})" if kind == "lost" else text)


def _canonical(name: str) -> str:
    """A limit's name as the browser, wgpu and Python code write it, in one form."""
    return name.replace("-", "").replace("_", "").lower()


def _hyphenated(name: str) -> str:
    """The browser's name of a limit as wgpu writes it: ``maxBufferSize`` is ``max-buffer-size``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z0-9])", "-", name).lower()


def _snake(name: str) -> str:
    return _hyphenated(name).replace("-", "_")


def _require_suspension() -> None:
    if not can_run_sync():
        raise RuntimeError(
            "waiting for the GPU is not possible here: this browser has no JavaScript promise integration, or Python "
            "was entered by runPython or a callback instead of runPythonAsync. Use the asynchronous form, such as "
            "`await x.to_host_async()`"
        )


class GPUPromise:
    """What will come later: ``await`` it, or wait with `sync_wait` where the caller can be suspended."""

    def __init__(self, promise: Any, finish: Callable[[Any], Any]) -> None:
        self._promise = promise
        self._finish = finish

    async def _result(self) -> Any:
        return self._finish(await self._promise)

    def __await__(self):
        return self._result().__await__()

    def sync_wait(self) -> Any:
        """
        Wait for the result.

        Raises
        ------
        RuntimeError
            Where Python cannot be suspended: under ``runPython``, in callbacks of JavaScript, or in a browser without
            JavaScript promise integration.
        """
        _require_suspension()
        return self._finish(run_sync(self._promise))


class GPU:
    """The entry point, as ``wgpu.gpu``."""

    def request_adapter_async(
        self, *, power_preference: str | None = None, force_fallback_adapter: bool = False
    ) -> GPUPromise:
        """Find an adapter.

        Raises
        ------
        RuntimeError
            If the browser has no WebGPU, or no adapter for it.
        """
        gpu = getattr(getattr(js, "navigator", None), "gpu", None)
        if gpu is None:
            raise RuntimeError(
                "this browser has no WebGPU (navigator.gpu is missing); it takes a recent Chrome, Edge, Firefox or "
                "Safari, and a page from https or localhost"
            )
        request = run_js(
            "(gpu, power, forceFallbackAdapter) => gpu.requestAdapter("
            "power ? {powerPreference: power, forceFallbackAdapter} : {forceFallbackAdapter})"
        )
        return GPUPromise(request(gpu, power_preference or "", force_fallback_adapter), _adapter)

    def request_adapter_sync(self, **options: Any) -> GPUAdapter:
        """`request_adapter_async`, waited for."""
        return self.request_adapter_async(**options).sync_wait()


gpu = GPU()


def _adapter(found: Any) -> GPUAdapter:
    if found is None:
        raise RuntimeError("the browser has WebGPU, but no adapter for it: the GPU or its driver is not supported")
    return GPUAdapter(found)


class GPUAdapter:
    """A GPU of this machine, or its emulation."""

    def __init__(self, adapter: Any) -> None:
        self._table = run_js(_ADAPTER)(adapter)
        self._limit_names = {_canonical(name): name for name in self._table.names().split()}

    @property
    def limits(self) -> dict[str, int]:
        """What a device can be asked for, such as ``max-buffer-size``."""
        return {_hyphenated(name): int(self._table.limit(name)) for name in self._limit_names.values()}

    @property
    def features(self) -> set[str]:
        """Optional features, such as ``shader-f16``."""
        return set(self._table.features().split())

    @property
    def info(self) -> dict[str, Any]:
        """What the browser tells about the adapter; often little."""
        known = {name: self._table.info(name) for name in ("vendor", "architecture", "device", "description")}
        kind = "CPU" if self._table.fallback() else "unknown"
        return {**known, "adapter_type": kind, "backend_type": "browser"}

    @property
    def is_fallback_adapter(self) -> bool:
        """Whether it is software that only has to be right."""
        return self._table.fallback()

    def request_device_async(
        self,
        *,
        label: str = "",
        required_features: Iterable[str] = (),
        required_limits: Mapping[str, int | None] | None = None,
    ) -> GPUPromise:
        """Open the device.

        Raises
        ------
        ValueError
            For a limit that the browser does not know.
        """
        wanted = {}
        for name, value in (required_limits or {}).items():
            if _canonical(name) not in self._limit_names:
                raise ValueError(f"there is no limit {name!r}; there are {', '.join(self.limits)}")
            if value is not None:
                wanted[self._limit_names[_canonical(name)]] = int(value)
        promise = self._table.device(label, " ".join(required_features), " ".join(wanted), *wanted.values())
        return GPUPromise(promise, lambda device: GPUDevice(device, self))

    def request_device_sync(self, **options: Any) -> GPUDevice:
        """`request_device_async`, waited for."""
        return self.request_device_async(**options).sync_wait()


class GPUDevice:
    """An open device and its queue."""

    def __init__(self, device: Any, adapter: GPUAdapter) -> None:
        self._device = device
        self._table = run_js(_DEVICE)(device)
        self.adapter = adapter
        self.queue = GPUQueue(self)

    @property
    def limits(self) -> dict[str, int]:
        """The limits in force."""
        return {_hyphenated(name): int(self._table.limit(name)) for name in self.adapter._limit_names.values()}

    @property
    def features(self) -> set[str]:
        """The optional features in force."""
        return set(self._table.features().split())

    @property
    def lost(self) -> str:
        """Why the device is gone; empty while it is there."""
        return self._table.lost()

    def create_buffer(self, *, label: str = "", size: int, usage: int, mapped_at_creation: bool = False) -> GPUBuffer:
        """A buffer of `size` bytes; it goes when the last Python object that can use it goes."""
        buffer = self._table.buffer(label, size, int(usage), mapped_at_creation)
        return GPUBuffer(self._table, buffer, size, int(usage), mapped_at_creation)

    def create_shader_module(self, *, label: str = "", code: str) -> GPUShaderModule:
        """Compile WGSL; an error in it is raised by what waits for the device next."""
        return GPUShaderModule(self._table.shader(label, code))

    def create_compute_pipeline(
        self, *, label: str = "", layout: str = "auto", compute: Mapping[str, Any]
    ) -> GPUComputePipeline:
        """A pipeline from ``{"module": ..., "entry_point": ..., "constants": ...}``; its layout is the shader's."""
        return GPUComputePipeline(self._table.pipeline(*_pipeline_arguments(label, layout, compute)))

    def create_compute_pipeline_async(
        self, *, label: str = "", layout: str = "auto", compute: Mapping[str, Any]
    ) -> GPUPromise:
        """The same without holding up the page while the driver compiles."""
        return GPUPromise(self._table.pipelineAsync(*_pipeline_arguments(label, layout, compute)), GPUComputePipeline)

    def create_bind_group(
        self, *, label: str = "", layout: GPUBindGroupLayout, entries: Sequence[Mapping[str, Any]]
    ) -> GPUBindGroup:
        """Buffers for a pipeline, from ``{"binding": i, "resource": {"buffer": ..., "offset": ..., "size": ...}}``."""
        flat: list[Any] = []
        buffers = []
        for entry in entries:
            resource = entry["resource"]
            buffer, offset = resource["buffer"], resource.get("offset", 0)
            size = resource.get("size")
            buffers.append(buffer)
            flat += (entry["binding"], buffer._buffer, offset, buffer.size - offset if size is None else size)
        return GPUBindGroup(self._table.group(label, layout._layout, *flat), buffers)

    def create_command_encoder(self, *, label: str = "") -> GPUCommandEncoder:
        """A recorder of commands."""
        return GPUCommandEncoder(self._device.createCommandEncoder())

    def destroy(self) -> None:
        """Give the device back; everything on it is gone."""
        self._table.destroy()


def _pipeline_arguments(label: str, layout: Any, compute: Mapping[str, Any]) -> list[Any]:
    if layout != "auto":
        raise ValueError(f"layout is {layout!r}; pipelines take their layout from the shader, with layout='auto'")
    constants = compute.get("constants") or {}
    names = " ".join(map(str, constants))
    return [label, compute["module"]._module, compute.get("entry_point", "main"), names, *constants.values()]


class GPUShaderModule:
    """Compiled WGSL."""

    def __init__(self, module: Any) -> None:
        self._module = module


class GPUBindGroupLayout:
    """What a pipeline expects in a bind group."""

    def __init__(self, layout: Any) -> None:
        self._layout = layout


class GPUComputePipeline:
    """A shader ready to run."""

    def __init__(self, pipeline: Any) -> None:
        self._pipeline = pipeline

    def get_bind_group_layout(self, index: int) -> GPUBindGroupLayout:
        """The layout of a bind group."""
        return GPUBindGroupLayout(self._pipeline.getBindGroupLayout(index))


class GPUBindGroup:
    """Buffers in their places; they stay while it does."""

    def __init__(self, group: Any, buffers: list[GPUBuffer]) -> None:
        self._group = group
        self._buffers = buffers


class GPUBuffer:
    """Memory of the device."""

    _buffer: Any = None

    def __init__(self, table: Any, buffer: Any, size: int, usage: int, mapped: bool) -> None:
        self._table = table
        self._buffer = buffer
        self.size = size
        self.usage = usage
        self.map_state = "mapped" if mapped else "unmapped"
        self._range = (0, size)
        self._mode = _MAP_WRITE if mapped else 0

    def map_async(self, mode: int | str, offset: int = 0, size: int | None = None) -> GPUPromise:
        """
        Make the contents visible to Python, when the device is done with them.

        Parameters
        ----------
        mode : int or str
            ``MapMode.READ`` (1, ``"READ"``) or ``MapMode.WRITE`` (2, ``"WRITE"``).
        offset, size : int, optional
            Range in bytes; multiples of 8 and 4.

        Raises
        ------
        RuntimeError
            If the buffer is mapped; from the promise, what went wrong on the device since it was last waited for.
        """
        if self.map_state != "unmapped":
            raise RuntimeError(f"only a buffer that is unmapped can be mapped; this one is {self.map_state}")
        wanted = {"READ": _MAP_READ, "WRITE": _MAP_WRITE}.get(mode, mode) if isinstance(mode, str) else int(mode)
        size = self.size - offset if size is None else size
        self.map_state = "pending"

        def finish(report: str) -> None:
            self.map_state = "unmapped"
            try:
                _check(report)
            except GPUError:
                with suppress(Exception):
                    self._buffer.unmap()  # it may have been mapped although something before it failed
                raise
            self.map_state, self._range, self._mode = "mapped", (offset, offset + size), wanted

        return GPUPromise(self._table.map(self._buffer, wanted, offset, size), finish)

    def map_sync(self, mode: int | str, offset: int = 0, size: int | None = None) -> None:
        """`map_async`, waited for."""
        _require_suspension()  # before the buffer is pending
        self.map_async(mode, offset, size).sync_wait()

    def _part(self, offset: int | None, size: int | None, mode: int, purpose: str) -> tuple[int, int]:
        if self.map_state != "mapped" or self._mode != mode:
            raise RuntimeError(f"the buffer is not mapped for {purpose}")
        start, stop = self._range
        offset = start if offset is None else offset
        size = stop - offset if size is None else size
        if offset < start or offset + size > stop:
            raise ValueError(f"bytes {offset} to {offset + size} are not within the mapped range, {start} to {stop}")
        return offset, size

    def read_mapped(self, buffer_offset: int | None = None, size: int | None = None) -> memoryview:
        """A copy of the mapped bytes, or of a part of them."""
        offset, size = self._part(buffer_offset, size, _MAP_READ, "reading")
        result = bytearray(size)
        self._table.range(self._buffer, offset, size).assign_to(result)
        return memoryview(result)

    def write_mapped(self, data: Any, buffer_offset: int | None = None) -> None:
        """Write bytes into the mapped range."""
        contents = memoryview(data).cast("B")
        offset, size = self._part(buffer_offset, (contents.nbytes + 3) & ~3, _MAP_WRITE, "writing")
        self._table.fill(self._buffer, offset, size, contents)

    def unmap(self) -> None:
        """Give the contents back to the device."""
        if self.map_state != "mapped":
            raise RuntimeError(f"only a buffer that is mapped can be unmapped; this one is {self.map_state}")
        self._buffer.unmap()
        self.map_state = "unmapped"

    def destroy(self) -> None:
        """Give the memory back when the device is done with what was submitted."""
        if self._buffer is not None:
            self._buffer.destroy()

    def __del__(self) -> None:
        with suppress(Exception):  # at exit, JavaScript may be gone first
            self.destroy()


class GPUCommandBuffer:
    """Recorded commands, and what they use."""

    def __init__(self, commands: Any, used: list[Any]) -> None:
        self._commands = commands
        self._used = used


class GPUCommandEncoder:
    """Records commands."""

    def __init__(self, encoder: Any) -> None:
        self._encoder = encoder
        self._used: list[Any] = []

    def begin_compute_pass(self, *, label: str = "") -> GPUComputePassEncoder:
        """Start to record dispatches."""
        return GPUComputePassEncoder(self._encoder.beginComputePass(), self._used)

    def copy_buffer_to_buffer(
        self,
        source: GPUBuffer,
        source_offset: int,
        destination: GPUBuffer,
        destination_offset: int,
        size: int | None = None,
    ) -> None:
        """Copy bytes on the device; offsets and size are multiples of 4."""
        size = source.size - source_offset if size is None else size
        self._used += (source, destination)
        self._encoder.copyBufferToBuffer(source._buffer, source_offset, destination._buffer, destination_offset, size)

    def clear_buffer(self, buffer: GPUBuffer, offset: int = 0, size: int | None = None) -> None:
        """Fill a range with zeros; offset and size are multiples of 4."""
        self._used.append(buffer)
        self._encoder.clearBuffer(buffer._buffer, offset, buffer.size - offset if size is None else size)

    def finish(self, *, label: str = "") -> GPUCommandBuffer:
        """End recording."""
        return GPUCommandBuffer(self._encoder.finish(), self._used)


class GPUComputePassEncoder:
    """Records dispatches."""

    def __init__(self, encoder: Any, used: list[Any]) -> None:
        self._encoder = encoder
        self._used = used

    def set_pipeline(self, pipeline: GPUComputePipeline) -> None:
        """Choose the shader of the dispatches that follow."""
        self._encoder.setPipeline(pipeline._pipeline)

    def set_bind_group(self, index: int, bind_group: GPUBindGroup) -> None:
        """Choose the buffers of the dispatches that follow."""
        self._used.append(bind_group)
        self._encoder.setBindGroup(index, bind_group._group)

    def dispatch_workgroups(self, x: int, y: int = 1, z: int = 1) -> None:
        """Run the shader."""
        self._encoder.dispatchWorkgroups(x, y, z)

    def end(self) -> None:
        """End the pass."""
        self._encoder.end()


class GPUQueue:
    """Where a device takes its work from."""

    def __init__(self, device: GPUDevice) -> None:
        self._table = device._table

    def submit(self, command_buffers: Iterable[GPUCommandBuffer]) -> None:
        """Start recorded commands. What they use may go afterwards; the browser keeps it until they are done."""
        buffers = list(command_buffers)
        self._table.submit(*(buffer._commands for buffer in buffers))

    def write_buffer(
        self, buffer: GPUBuffer, buffer_offset: int, data: Any, data_offset: int = 0, size: int | None = None
    ) -> None:
        """
        Copy bytes to the device.

        Parameters
        ----------
        buffer : GPUBuffer
            Its usage includes ``COPY_DST``.
        buffer_offset : int
            Where the bytes go; a multiple of 4.
        data : bytes-like
            C-contiguous; nothing else is copied on the way.
        data_offset, size : int, optional
            Which bytes; `size` is a multiple of 4.

        Raises
        ------
        ValueError
            If the number of bytes is not a multiple of 4.
        """
        contents = memoryview(data).cast("B")[data_offset:]
        contents = contents if size is None else contents[:size]
        if contents.nbytes % 4:
            raise ValueError(f"{contents.nbytes} bytes to write; WebGPU takes multiples of 4")
        if contents.nbytes:
            self._table.write(buffer._buffer, buffer_offset, contents)

    def on_submitted_work_done_async(self) -> GPUPromise:
        """When everything that was submitted so far is done."""
        return GPUPromise(self._table.idle(), _check)

    def on_submitted_work_done_sync(self) -> None:
        """`on_submitted_work_done_async`, waited for."""
        self.on_submitted_work_done_async().sync_wait()
