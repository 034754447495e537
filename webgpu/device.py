"""One device: memory, pipelines, and commands that are recorded and submitted together."""

from __future__ import annotations

import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from .errors import CannotWaitError, DeviceLostError, WebGPUError
from .host import COPY_DST, GPU, MAP_READ, RAISED_LIMITS, UNIFORM, Host, current_host
from .memory import Pool, Storage

# What every device has by the defaults of WebGPU (specification, section 3.6.2), and what shaders here rely on.
ALIGNMENT = 256
MAXIMUM_GROUPS = 65535
# Storage buffers of a kernel: the specification's default is 8, browsers have 10.
MAXIMUM_BINDINGS = 10
_PARAMETER_BYTES = 64 << 10
_BATCH_DISPATCHES = 128
_MOST_GROUPS = 500


@dataclass(frozen=True)
class Binding:
    """A range of bytes that a shader sees; the offset is aligned."""

    storage: Storage
    offset: int
    nbytes: int


class Pipeline:
    """A compiled shader."""

    __slots__ = ("code", "layout", "pipeline")

    def __init__(self, code: str, pipeline: Any) -> None:
        self.code = code
        self.pipeline = pipeline
        self.layout = pipeline.get_bind_group_layout(0)


class Device:
    """An open device.

    Commands are recorded and submitted when something is read, when 128 dispatches wait, or by `submit`.

    Attributes
    ----------
    dispatches, pipelines_made : int
        Counts since the device was opened.
    lost : bool
        Whether the device is gone.
    recipes : dict
        Plans by structure (:mod:`.recipes`).
    lock : RLock
        Held while commands are recorded or submitted: threads may share a device.
    """

    def __init__(self, host: Host, gpu: GPU) -> None:
        self.host = host
        self.gpu = gpu
        self.lost = False
        self.lock = threading.RLock()
        self.dispatches = 0
        self.largest_binding = gpu.limits["max-storage-buffer-binding-size"] // ALIGNMENT * ALIGNMENT
        self.pool = Pool(gpu, self._create_buffer, self.submit, self.lock)
        self.batch = 0
        self.recipes: dict[Any, Any] = {}
        self._pipelines: dict[Any, Pipeline] = {}
        self._groups: dict[Any, tuple[Any, list[Any]]] = {}
        self._encoder: Any = None
        self._pass: Any = None
        self._waiting = 0
        self._parameters = bytearray()
        self._parameter_buffer: Any = None
        self._bound: Pipeline | None = None

    @property
    def pipelines_made(self) -> int:
        return len(self._pipelines)

    @contextmanager
    def translating(self) -> Iterator[None]:
        """Raise what the host raises as the classes of this package."""
        if self.lost:
            raise DeviceLostError("the WebGPU device of this array is lost; make the array anew with asarray")
        try:
            yield
        except Exception as error:
            translated = self.host.translated(error)
            self._note(translated)
            if translated is error:
                raise
            raise translated from error

    def _note(self, error: Exception) -> None:
        if isinstance(error, DeviceLostError):
            self.lost = True
            self._encoder = self._pass = None
            self.pool.closed = True

    def check(self) -> None:
        """Raise what went wrong since the last call."""
        errors = self.host.take_errors(self.gpu)
        for error in errors:
            self._note(error)
        if errors:
            raise errors[0]

    def _create_buffer(self, size: int, usage: int) -> Any:
        with self.translating():
            return self.gpu.create_buffer(size=size, usage=usage)

    def allocate(self, nbytes: int) -> Storage:
        """Memory with arbitrary contents."""
        return self.pool.allocate(max(nbytes, 4))

    def upload(self, data: memoryview) -> Storage:
        """Memory that holds the bytes of ``data``, whose length is a multiple of 4."""
        with self.lock:
            storage = self.allocate(data.nbytes)
            if storage.batch == self.batch:
                self.submit()  # what is recorded uses the buffer's former contents, and writes overtake it
            if data.nbytes:
                with self.translating():
                    self.gpu.queue.write_buffer(storage.buffer, 0, data)
            return storage

    def pipeline(self, key: Any, code: Callable[[], str]) -> Pipeline:
        """The pipeline of a shader, which is written when ``key`` is new."""
        found = self._pipelines.get(key)
        if found is None:
            text = code()
            with self.translating():
                module = self.gpu.create_shader_module(code=text)
                compute = {"module": module, "entry_point": "main"}
                found = Pipeline(text, self.gpu.create_compute_pipeline(layout="auto", compute=compute))
            self._pipelines[key] = found
        return found

    def dispatch(
        self, pipeline: Pipeline, parameters: bytes, bindings: Sequence[Binding], groups: tuple[int, int, int]
    ) -> None:
        """Record one dispatch.

        Parameters
        ----------
        pipeline : Pipeline
        parameters : bytes
            The uniform buffer at binding 0; its length is a multiple of 16.
        bindings : sequence of Binding
            Storage buffers, from binding 1 on.
        groups : tuple of int
            Workgroups along x, y and z.
        """
        if len(self._parameters) + len(parameters) > _PARAMETER_BYTES or self._waiting >= _BATCH_DISPATCHES:
            self.submit()
        with self.translating():
            if self._parameter_buffer is None:
                self._parameter_buffer = self.gpu.create_buffer(size=_PARAMETER_BYTES, usage=UNIFORM | COPY_DST)
            if self._encoder is None:
                self._encoder = self.gpu.create_command_encoder()
            if self._pass is None:
                self._pass = self._encoder.begin_compute_pass()
                self._bound = None
            start = len(self._parameters)
            self._parameters += parameters
            self._parameters += bytes(-len(self._parameters) % ALIGNMENT)
            for binding in bindings:
                binding.storage.batch = self.batch
            group = self._group(pipeline, start, len(parameters), bindings)
            if self._bound is not pipeline:
                self._pass.set_pipeline(pipeline.pipeline)
                self._bound = pipeline
            self._pass.set_bind_group(0, group)
            self._pass.dispatch_workgroups(*groups)
        self._waiting += 1
        self.dispatches += 1

    def _group(self, pipeline: Pipeline, start: int, nbytes: int, bindings: Sequence[Binding]) -> Any:
        """The bind group of a dispatch whose parameters lie at ``start``; loops come back to the same ones."""
        buffers = [self._parameter_buffer, *(binding.storage.buffer for binding in bindings)]
        ranges = [(start, nbytes), *((binding.offset, binding.nbytes) for binding in bindings)]
        key = id(pipeline), *map(id, buffers), *ranges
        found = self._groups.get(key)
        if found is None:
            entries = [
                {"binding": number, "resource": {"buffer": buffer, "offset": offset, "size": size}}
                for number, (buffer, (offset, size)) in enumerate(zip(buffers, ranges, strict=True))
            ]
            group = self.gpu.create_bind_group(layout=pipeline.layout, entries=entries)
            if len(self._groups) >= _MOST_GROUPS:
                self._groups.clear()
            found = self._groups[key] = group, buffers  # which keep their identity as long as the entry is there
        return found[0]

    def _end_pass(self) -> None:
        if self._pass is not None:
            self._pass.end()
            self._pass = None

    def submit(self) -> None:
        """Send what is recorded to the device."""
        with self.lock:
            self._submit()

    def _submit(self) -> None:
        if self._encoder is None:
            return
        encoder, self._encoder = self._encoder, None
        parameters, self._parameters = self._parameters, bytearray()
        self.batch += 1
        self._waiting = 0
        with self.translating():
            self._end_pass()
            if parameters:
                self.gpu.queue.write_buffer(self._parameter_buffer, 0, bytes(parameters))
            self.gpu.queue.submit([encoder.finish()])

    def _start_reading(self, storage: Storage, offset: int, nbytes: int) -> Any:
        with self.lock, self.translating():
            staging = self._create_buffer(-(-nbytes // 8) * 8, MAP_READ | COPY_DST)
            if self._encoder is None:
                self._encoder = self.gpu.create_command_encoder()
            self._end_pass()
            self._encoder.copy_buffer_to_buffer(storage.buffer, offset, staging, 0, nbytes)
            self.submit()
            return staging

    def _finish_reading(self, staging: Any, nbytes: int) -> memoryview:
        data = staging.read_mapped(0, -(-nbytes // 8) * 8)
        staging.unmap()
        staging.destroy()
        self.check()
        return memoryview(data).cast("B")[:nbytes]

    def read(self, storage: Storage, offset: int, nbytes: int) -> memoryview:
        """Bytes of a storage, waiting for all that is recorded.

        Raises
        ------
        CannotWaitError
            Where the host cannot wait.
        """
        if not self.host.can_wait():
            raise CannotWaitError(
                "Python cannot wait for the GPU here: use `await x.to_host_async()` instead of x.to_device('cpu')"
            )
        if not nbytes:
            return memoryview(b"")
        staging = self._start_reading(storage, offset, nbytes)
        with self.translating():
            self.host.wait(staging.map_async("READ"))
            return self._finish_reading(staging, nbytes)

    async def read_async(self, storage: Storage, offset: int, nbytes: int) -> memoryview:
        """As `read`, awaited; works on every host."""
        if not nbytes:
            return memoryview(b"")
        staging = self._start_reading(storage, offset, nbytes)
        with self.translating():
            await staging.map_async("READ")
            return self._finish_reading(staging, nbytes)


def packed(values: Sequence[int]) -> bytes:
    """Words of 32 bits, negative ones as two's complement, filled up to a multiple of 16 bytes."""
    words = [value & 0xFFFFFFFF for value in values]
    words += [0] * (-len(words) % 4)
    return struct.pack(f"<{len(words)}I", *words)


_device: Device | None = None
_opening = threading.Lock()


def current_device() -> Device:
    """The open device; opens one when there is none or when it is lost.

    Raises
    ------
    CannotWaitError
        Where opening takes an ``await``.
    """
    global _device
    device = _device
    if device is None or device.lost:
        with _opening:
            device = _device
            if device is None or device.lost:
                host = current_host()
                if not host.can_wait():
                    raise CannotWaitError(
                        "Python cannot wait for the GPU here: call `await np.webgpu.init_async()` first"
                    )
                device = _device = Device(host, host.open(RAISED_LIMITS))
    return device


async def open_device_async() -> Device:
    """As `current_device`, awaited."""
    global _device
    if _device is None or _device.lost:
        host = current_host()
        opened = Device(host, await host.open_async(RAISED_LIMITS))
        if _device is None or _device.lost:  # nobody else has opened one in the meantime
            _device = opened
    return _device


def is_available() -> bool:
    """Whether `current_device` gives a device."""
    try:
        current_device()
    except (ImportError, WebGPUError):
        return False
    return True
