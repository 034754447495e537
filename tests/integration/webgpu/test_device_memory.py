"""Memory of devices: reuse, limits, loss."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor

import pytest
from threads import alone
from wasmnp.webgpu import device as devices
from wasmnp.webgpu.memory import size_class

import wasmnp as np


def array(size: int, value: float = 1.0):
    return np.webgpu.asarray(np.zeros(size, "f4") + np.float32(value))


def test_size_classes_waste_a_quarter_at_most():
    for nbytes in [1, 256, 257, 1000, 4096, 4097, 5121, 10**6, 2**20, 2**20 + 1, 10**8]:
        size = size_class(nbytes)
        assert size >= nbytes and size % 4 == 0 and size_class(size) == size
        assert size <= max(256, 1.25 * nbytes + 4)


def test_buffers_are_reused():
    pool = devices.current_device().pool
    x = array(10_000)
    (x + 1).tolist()
    made = pool.created
    for value in range(50):
        assert (x + value).tolist()[0] == 1.0 + value
    assert pool.created == made


def test_unused_memory_is_bounded(monkeypatch):
    from wasmnp.webgpu import memory

    pool = devices.current_device().pool
    gc.collect()
    pool.clear()
    assert pool.kept_bytes == 0
    monkeypatch.setattr(memory, "_KEPT_BYTES", 100_000)
    arrays = [array(10_000, value) for value in range(8)]
    sums = [x + 1 for x in arrays]
    np.webgpu.compute(*sums)
    del arrays
    assert 0 < pool.kept_bytes <= 100_000 and len(pool.surplus) == 6
    assert [x[0].item() for x in sums] == [value + 1.0 for value in range(8)]
    del sums
    assert array(10_000)[0].item() == 1.0 and not pool.surplus


def test_what_was_written_late_does_not_reach_what_was_recorded_early():
    x = array(64, 1.0)
    y = x * 2
    np.webgpu.compute(y)
    for value in range(20):
        x = array(64, value)
        z = x + y
        devices.current_device()  # recorded, not submitted
        from wasmnp.webgpu.runtime import realize

        realize([z._node])
        del x
        other = array(64, 100.0)  # takes the buffer of x
        assert z.tolist() == [value + 2.0] * 64
        del other


def test_nothing_is_left_after_a_thousand_turns():
    device = devices.current_device()
    x = array(1000)

    def turn(value: float) -> float:
        y = np.exp(x * 0.01) + value
        total = (y - y.mean()).max() + (y.reshape(10, 100) @ y.reshape(100, 10))[0, 0]
        return total.item()

    def turns(count: int) -> None:
        for value in range(count):
            turn(value)
        gc.collect()

    alone(lambda: turns(20))
    used, made, objects = device.pool.used_bytes, device.pool.created, len(gc.get_objects())
    alone(lambda: turns(1000))
    assert device.pool.used_bytes == used
    assert device.pool.created == made
    assert len(gc.get_objects()) - objects < 200


def test_threads_share_the_device():
    x = array(5000)

    def turn(number: int) -> bool:
        for step in range(25):
            y = np.webgpu.asarray(np.zeros(64, "f4") + np.float32(number)) + step
            y[3] = number
            z = (x + number).sum() + y[2] * 0 + step
            if z.item() != 5000 * (number + 1) + step or y.tolist()[2:4] != [number + step, number]:
                return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(turn, range(16)))


def test_memory_is_returned_without_the_garbage_collector():
    device = devices.current_device()
    x = array(1000)
    gc.collect()
    gc.disable()
    try:
        used = device.pool.used_bytes
        for value in range(30):
            (np.exp(x + value).sum() + x).tolist()
        assert device.pool.used_bytes == used
    finally:
        gc.enable()


def test_too_much_is_a_memory_error():
    device = devices.current_device()
    with pytest.raises(MemoryError, match="limit"):
        device.allocate(1 << 50)
    x = array(100_000)
    with pytest.raises(MemoryError):
        (x[:, None] + x[None, :]).tolist()
    assert x[:2].tolist() == [1.0, 1.0]


def test_invalid_shaders_are_validation_errors():
    with pytest.raises(np.webgpu.ValidationError):
        devices.current_device().pipeline("broken", lambda: "fn main( {")
    assert issubclass(np.webgpu.ValidationError, RuntimeError)


def test_the_device_tells_about_itself():
    info = np.webgpu.device_info()
    assert info["host"] == "desktop" and info["limits"]["max-buffer-size"] > 0 and info["adapter"]
    assert np.webgpu.is_available()


def test_a_lost_device_is_named_and_replaced():
    x = array(5)
    pending = x + 1
    lost = devices.current_device()
    lost.gpu.destroy()
    with pytest.raises(np.webgpu.DeviceLostError):
        for _ in range(3):
            pending.tolist()
    assert lost.lost and issubclass(np.webgpu.DeviceLostError, RuntimeError)
    y = array(5, 3.0)
    assert devices.current_device() is not lost
    assert (y + 1).tolist() == [4.0] * 5
    with pytest.raises(np.webgpu.DeviceLostError, match="asarray"):
        (x + 1).tolist()
    with pytest.raises(np.webgpu.DeviceLostError, match="asarray"):
        x.tolist()
    with pytest.raises(np.webgpu.DeviceLostError):
        (x + y).tolist()
    del x, pending
    gc.collect()
    assert (y * 2).tolist() == [6.0] * 5
