"""WebGPU in the browser: ``navigator.gpu`` of a page or a worker, where Python runs in Pyodide.

The objects here are those of the protocols in :mod:`.host`. Three things differ underneath:

* The browser tells of errors later, through error scopes. One scope of each kind stays open; whatever waits for the
  device closes them and opens new ones, and `BrowserHost.take_errors` gives what they caught.
* Waiting without ``await`` needs JavaScript promise integration, and Python that was entered so that it can be
  suspended.
* Buffers live until JavaScript's collector finds them, which sees no pressure on a GPU's memory. Here, as on the
  desktop, a buffer goes when the last Python object that can use it goes.

Calls cross into JavaScript through small functions that take positional arguments: turning a descriptor from a dict
into an object costs more than the call that it is for. JavaScript holds no Python object after a call returns.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

from .errors import CannotWaitError, DeviceLostError, ValidationError, WebGPUError, out_of_memory

# Opens a device and gives the functions that Python calls. Names of limits are JavaScript's in camel case, ours with
# hyphens. A report is a text: the kind of an error, a line break, what the browser says.
_OPEN = """async (...raised) => {
  const adapter = await navigator.gpu.requestAdapter({powerPreference: "high-performance"});
  if (!adapter) return undefined; // which is None in every Pyodide; null is not
  const ours = (name) => name.replace(/([a-z])(?=[A-Z0-9])/g, "$1-").toLowerCase();
  const names = [];
  for (const name in adapter.limits) if (typeof adapter.limits[name] === "number") names.push(name);
  const wanted = names.filter((name) => raised.includes(ours(name)));
  const requiredLimits = Object.fromEntries(wanted.map((name) => [name, adapter.limits[name]]));
  const device = await adapter.requestDevice({requiredLimits});

  const KINDS = ["validation", "out-of-memory", "internal"];
  const reports = [];
  let lost = "";
  device.lost.then(({reason, message}) => { lost = `${reason || "unknown"}: ${message}`; });
  const watch = () => KINDS.forEach((kind) => device.pushErrorScope(kind));
  watch();

  // Resolves to the report of a failure of the promise itself, else to an empty text.
  const settled = async (promise) => {
    const scopes = KINDS.map(() => device.popErrorScope()).reverse(); // the last one opened is the first one closed
    watch();
    const [outcome, ...caught] = await Promise.allSettled([promise, ...scopes]);
    const failed = outcome.status === "rejected";
    // A lost device rejects what waits for it and says that it is lost, in either order.
    if (failed && !lost) await Promise.race([device.lost, new Promise((done) => setTimeout(done, 20))]);
    if (lost) return `lost\\n${lost}`;
    caught.forEach(({value}, index) => { if (value) reports.push(`${KINDS[index]}\\n${value.message}`); });
    if (!failed) return "";
    return reports.shift() ?? `validation\\n${outcome.reason?.message ?? outcome.reason}`;
  };

  // Firefox looks for work that is done every 100 ms, and whenever something is submitted.
  const hurries = navigator.userAgent.includes("Firefox");
  const hurried = async (promise) => {
    let waiting = true;
    const end = () => { waiting = false; };
    promise.then(end, end);
    for (let pause = 1; ; pause = Math.min(2 * pause, 50)) {
      await new Promise((done) => setTimeout(done, pause));
      if (!waiting || lost) return;
      device.queue.submit([]);
    }
  };

  return {
    limits: () => JSON.stringify(Object.fromEntries(names.map((name) => [ours(name), device.limits[name]]))),
    info: () => JSON.stringify({
      vendor: adapter.info?.vendor ?? "",
      architecture: adapter.info?.architecture ?? "",
      device: adapter.info?.device ?? "",
      description: adapter.info?.description ?? "",
      adapter_type: adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter ? "CPU" : "unknown",
      backend_type: "browser",
    }),
    lost: () => lost,
    report: () => reports.shift() ?? "",
    buffer: (size, usage) => device.createBuffer({size, usage}),
    shader: (code) => device.createShaderModule({code}),
    pipeline: (layout, module, entryPoint) => device.createComputePipeline({layout, compute: {module, entryPoint}}),
    group: (layout, ...flat) => {
      const entries = [];
      for (let i = 0; i < flat.length; i += 4) {
        entries.push({binding: flat[i], resource: {buffer: flat[i + 1], offset: flat[i + 2], size: flat[i + 3]}});
      }
      return device.createBindGroup({layout, entries});
    },
    encoder: () => device.createCommandEncoder(),
    submit: (...commands) => device.queue.submit(commands),
    write: (buffer, offset, contents) => {
      const view = contents.getBuffer("u8");
      try { device.queue.writeBuffer(buffer, offset, view.data); } finally { view.release(); }
    },
    map: (buffer, offset, size) => {
      const promise = buffer.mapAsync(GPUMapMode.READ, offset, size);
      if (hurries) hurried(promise);
      return settled(promise);
    },
    mapped: (buffer, offset, size) => new Uint8Array(buffer.getMappedRange(offset, size)),
    destroy: () => device.destroy(),
  };
}"""


def _error_of(report: str) -> Exception:
    """A report of the JavaScript side as one of our exceptions."""
    kind, _, text = report.partition("\n")
    text = " ".join(text.split())
    if kind == "lost":
        return DeviceLostError(f"the device is lost ({text})")
    if kind == "out-of-memory":
        return out_of_memory(text)
    return ValidationError(text) if kind == "validation" else WebGPUError(text)


class BrowserHost:
    """The host protocol over ``navigator.gpu``."""

    name = "browser"

    def can_wait(self) -> bool:
        from pyodide.ffi import can_run_sync

        return can_run_sync()

    def open(self, raised_limits: Sequence[str]) -> BrowserGPU:
        return self.wait(self.open_async(raised_limits))

    async def open_async(self, raised_limits: Sequence[str]) -> BrowserGPU:
        import js
        from pyodide.code import run_js
        from pyodide.ffi import JsException

        if getattr(getattr(js, "navigator", None), "gpu", None) is None:
            raise WebGPUError(
                "this browser has no WebGPU: navigator.gpu is missing. It takes a recent Chrome, Edge, Firefox or "
                "Safari, and a page that comes from https or localhost"
            )
        try:
            calls = await run_js(_OPEN)(*raised_limits)
        except JsException as error:
            raise WebGPUError(f"the browser gave no WebGPU device ({error.message})") from error
        if calls is None:
            raise WebGPUError("the browser has WebGPU, but no adapter: this GPU or its driver is not supported")
        return BrowserGPU(calls)

    def wait(self, pending: Awaitable[Any]) -> Any:
        from pyodide.ffi import run_sync

        if not self.can_wait():
            if hasattr(pending, "close"):
                pending.close()  # a coroutine that never ran
            raise CannotWaitError(
                "the GPU cannot be waited for here: this browser has no JavaScript promise integration, or Python "
                "was entered through runPython or a callback instead of runPythonAsync. Use the form that is "
                "awaited, such as `await x.to_host_async()`"
            )
        return run_sync(pending)

    def take_errors(self, gpu: BrowserGPU) -> list[Exception]:
        return [_error_of(report) for report in iter(gpu.calls.report, "")]

    def translated(self, error: Exception) -> Exception:
        from pyodide.ffi import JsException

        return ValidationError(error.message) if isinstance(error, JsException) else error


class BrowserGPU:
    """A device."""

    def __init__(self, calls: Any) -> None:
        self.calls = calls
        self.queue = BrowserQueue(calls)
        self.limits: dict[str, int] = json.loads(calls.limits())
        self.adapter_info: dict[str, Any] = json.loads(calls.info())

    def create_buffer(self, *, size: int, usage: int) -> BrowserBuffer:
        return BrowserBuffer(self.calls, self.calls.buffer(size, usage), size)

    def create_shader_module(self, *, code: str) -> Any:
        return self.calls.shader(code)

    def create_compute_pipeline(self, *, layout: str, compute: dict[str, Any]) -> BrowserPipeline:
        return BrowserPipeline(self.calls.pipeline(layout, compute["module"], compute["entry_point"]))

    def create_bind_group(self, *, layout: Any, entries: list[dict[str, Any]]) -> BrowserBindGroup:
        flat: list[Any] = []
        for entry in entries:
            resource = entry["resource"]
            flat += (entry["binding"], resource["buffer"].handle, resource["offset"], resource["size"])
        return BrowserBindGroup(self.calls.group(layout, *flat), [entry["resource"]["buffer"] for entry in entries])

    def create_command_encoder(self) -> BrowserEncoder:
        return BrowserEncoder(self.calls.encoder())

    def destroy(self) -> None:
        self.calls.destroy()


class BrowserQueue:
    """Where commands go."""

    def __init__(self, calls: Any) -> None:
        self.calls = calls

    def submit(self, command_buffers: Sequence[BrowserCommands]) -> None:
        self.calls.submit(*(commands.handle for commands in command_buffers))

    def write_buffer(self, buffer: BrowserBuffer, buffer_offset: int, data: Any) -> None:
        """``data`` is C-contiguous; it is copied once, into the browser's staging memory."""
        contents = memoryview(data)
        if contents.nbytes:  # an array without elements cannot be cast
            self.calls.write(buffer.handle, buffer_offset, contents.cast("B"))


class BrowserBuffer:
    """Memory of the device."""

    handle: Any = None

    def __init__(self, calls: Any, handle: Any, size: int) -> None:
        self.calls = calls
        self.handle = handle
        self.size = size
        self.range = (0, 0)

    def map_async(self, mode: str, offset: int = 0, size: int | None = None) -> Awaitable[None]:
        if mode != "READ":
            raise ValueError(f"mode is {mode!r}; buffers are mapped for reading, with 'READ'")
        size = self.size - offset if size is None else size
        return self._mapped(self.calls.map(self.handle, offset, size), (offset, size))

    async def _mapped(self, promise: Any, part: tuple[int, int]) -> None:
        report = await promise
        if report:
            raise _error_of(report)
        self.range = part

    def read_mapped(self, buffer_offset: int | None = None, size: int | None = None) -> memoryview:
        offset = self.range[0] if buffer_offset is None else buffer_offset
        size = sum(self.range) - offset if size is None else size
        contents = bytearray(size)
        self.calls.mapped(self.handle, offset, size).assign_to(contents)
        return memoryview(contents)

    def unmap(self) -> None:
        self.handle.unmap()
        self.range = (0, 0)

    def destroy(self) -> None:
        self.handle.destroy()

    def __del__(self) -> None:
        with suppress(Exception):  # at exit, JavaScript may be gone first
            self.destroy()


class BrowserPipeline:
    """A shader that is ready to run."""

    def __init__(self, handle: Any) -> None:
        self.handle = handle

    def get_bind_group_layout(self, index: int) -> Any:
        return self.handle.getBindGroupLayout(index)


class BrowserBindGroup:
    """Buffers at their bindings, which stay while it does."""

    def __init__(self, handle: Any, buffers: list[BrowserBuffer]) -> None:
        self.handle = handle
        self.buffers = buffers


class BrowserCommands:
    """Recorded commands. The browser keeps what they use once they are submitted, this object until then."""

    def __init__(self, handle: Any, used: list[Any]) -> None:
        self.handle = handle
        self.used = used


class BrowserEncoder:
    """Records commands."""

    def __init__(self, handle: Any) -> None:
        self.handle = handle
        self.used: list[Any] = []

    def begin_compute_pass(self) -> BrowserPass:
        return BrowserPass(self.handle.beginComputePass(), self.used.append)

    def copy_buffer_to_buffer(
        self,
        source: BrowserBuffer,
        source_offset: int,
        destination: BrowserBuffer,
        destination_offset: int,
        size: int,
    ) -> None:
        self.used += (source, destination)
        self.handle.copyBufferToBuffer(source.handle, source_offset, destination.handle, destination_offset, size)

    def finish(self) -> BrowserCommands:
        return BrowserCommands(self.handle.finish(), self.used)


class BrowserPass:
    """A compute pass."""

    def __init__(self, handle: Any, use: Callable[[Any], None]) -> None:
        self.handle = handle
        self.use = use

    def set_pipeline(self, pipeline: BrowserPipeline) -> None:
        self.handle.setPipeline(pipeline.handle)

    def set_bind_group(self, index: int, bind_group: BrowserBindGroup) -> None:
        self.use(bind_group)
        self.handle.setBindGroup(index, bind_group.handle)

    def dispatch_workgroups(self, x: int, y: int = 1, z: int = 1) -> None:
        self.handle.dispatchWorkgroups(x, y, z)

    def end(self) -> None:
        self.handle.end()
