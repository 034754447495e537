"""Buffers of a device, kept for reuse."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from .host import COPY_DST, COPY_SRC, GPU, STORAGE

_SMALLEST = 256
# Unused buffers may hold this many bytes; what is released beyond is destroyed.
_KEPT_BYTES = 256 << 20


def size_class(nbytes: int) -> int:
    """The size of the buffer that holds ``nbytes``: a power of two, or 1.25, 1.5 or 1.75 times one.

    Examples
    --------
    >>> size_class(1), size_class(1025), size_class(1281)
    (256, 1280, 1536)
    """
    if nbytes <= _SMALLEST:
        return _SMALLEST
    step = 1 << ((nbytes - 1).bit_length() - 3)
    return -(-nbytes // step) * step


class Storage:
    """A buffer that returns to its pool when nobody holds the storage any more.

    Attributes
    ----------
    buffer : Buffer
    nbytes : int
        What was asked for; the buffer may be larger.
    batch : int
        The last batch of commands that uses the buffer.
    """

    __slots__ = ("__weakref__", "batch", "buffer", "nbytes", "pool")

    def __init__(self, pool: Pool, buffer: Any, nbytes: int, batch: int) -> None:
        self.pool = pool
        self.buffer = buffer
        self.nbytes = nbytes
        self.batch = batch

    def __del__(self) -> None:
        self.pool.release(self.buffer, self.batch)


class Pool:
    """Buffers by size, those in use and those that wait for their next use.

    Parameters
    ----------
    gpu : GPU
    create : callable
        Takes size and usage, gives a buffer, raises MemoryError.
    submit : callable
        Sends the recorded commands to the device: none of them may use a buffer that is destroyed.
    lock : RLock
        Of the device.
    """

    def __init__(
        self, gpu: GPU, create: Callable[[int, int], Any], submit: Callable[[], None], lock: threading.RLock
    ) -> None:
        self.lock = lock
        self.gpu = gpu
        self.create = create
        self.submit = submit
        self.free: dict[int, list[tuple[Any, int]]] = {}
        # The host must not finalize a buffer that a storage in the same garbage cycle is about to return.
        self.used: dict[int, Any] = {}
        self.surplus: list[Any] = []
        self.kept_bytes = 0
        self.used_bytes = 0
        self.created = 0
        self.closed = False  # then buffers are not kept

    def allocate(self, nbytes: int) -> Storage:
        """Memory with arbitrary contents.

        Raises
        ------
        MemoryError
            When the device has not enough of it, also after unused buffers are destroyed.
        """
        with self.lock:
            self.destroy_surplus()
            size = size_class(nbytes)
            largest = self.gpu.limits["max-buffer-size"]
            if nbytes > largest:
                raise MemoryError(f"the WebGPU device has no buffers of {nbytes} bytes; its limit is {largest}")
            size = min(size, largest // 4 * 4)
            waiting = self.free.get(size)
            if waiting:
                buffer, batch = waiting.pop()
                self.kept_bytes -= size
            else:
                buffer, batch = self._new_buffer(size), -1
            self.used_bytes += size
            self.used[id(buffer)] = buffer
            return Storage(self, buffer, nbytes, batch)

    def _new_buffer(self, size: int) -> Any:
        usage = STORAGE | COPY_SRC | COPY_DST
        try:
            buffer = self.create(size, usage)
        except MemoryError:
            self.clear()
            buffer = self.create(size, usage)
        self.created += 1
        return buffer

    def release(self, buffer: Any, batch: int) -> None:
        """Take back the buffer of a storage; the garbage collector may call this at any time."""
        with self.lock:
            size = buffer.size
            self.used_bytes -= size
            del self.used[id(buffer)]
            if self.closed:
                buffer.destroy()
            elif self.kept_bytes + size > _KEPT_BYTES:
                self.surplus.append(buffer)
            else:
                self.kept_bytes += size
                self.free.setdefault(size, []).append((buffer, batch))

    def destroy_surplus(self) -> None:
        """Destroy the buffers that are too many to keep."""
        if self.surplus:
            self.submit()
            while self.surplus:
                self.surplus.pop().destroy()

    def clear(self) -> None:
        """Destroy the unused buffers."""
        self.destroy_surplus()
        self.submit()
        for buffers in self.free.values():
            for buffer, _ in buffers:
                buffer.destroy()
        self.free.clear()
        self.kept_bytes = 0
