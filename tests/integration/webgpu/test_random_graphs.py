"""Random graphs of views, functions, reductions and products, against NumPy."""

from __future__ import annotations

import random
from typing import Any

import numpy
import pytest

import wasmnp as np

PROGRAMS = 150
STEPS = 14
LARGEST = 5000  # elements of an array


def is_exact(host: numpy.ndarray) -> bool:
    """Whether rounding has not come into play yet: functions with jumps would magnify it."""
    scaled = host * 1024
    return bool((scaled == numpy.rint(scaled)).all() and numpy.abs(scaled).max(initial=0) < 2**23)


class Program:
    """Arrays on host and device that grow by random steps; `text` says which."""

    def __init__(self, seed: int, numbers: int) -> None:
        self.random = random.Random(seed)
        self.text: list[str] = []
        self.arrays: list[tuple[numpy.ndarray, Any]] = []
        generator = numpy.random.default_rng(numbers)
        for shape in ((5, 6), (6,), (4, 1, 6), (6, 6)):
            host = generator.integers(-8, 9, shape).astype("f4") / 4
            self.arrays.append((host, np.webgpu.asarray(np.array(host))))

    def add(self, text: str, host: numpy.ndarray, device: Any) -> None:
        if host.size <= LARGEST and numpy.isfinite(host).all() and numpy.abs(host).max(initial=0) < 1e6:
            self.text.append(f"x{len(self.arrays)} = {text}  # {host.shape}")
            self.arrays.append((host.astype("f4"), device))

    def pick(self) -> tuple[int, numpy.ndarray, Any]:
        index = self.random.choice([self.random.randrange(len(self.arrays)), len(self.arrays) - 1])
        return index, *self.arrays[index]

    def step(self) -> None:
        number, host, device = self.pick()
        name = f"x{number}"
        match self.random.randrange(9):
            case 0:
                scale = self.random.choice([0.5, 2, -1.25])
                self.add(f"{name} * {scale} + 1", host * numpy.float32(scale) + 1, device * scale + 1)
            case 1:
                smooth = ["absolute", "square", "negative", *(["sin"] if numpy.abs(host).max(initial=0) < 50 else [])]
                function = self.random.choice([*smooth, *(["floor"] if is_exact(host) else [])])
                self.add(f"{function}({name})", getattr(numpy, function)(host), getattr(np, function)(device))
            case 2:
                other, host_2, device_2 = self.pick()
                function = self.random.choice(["add", "subtract", "multiply", "maximum"])
                try:
                    expected = getattr(numpy, function)(host, host_2)
                except ValueError:
                    return
                self.add(f"{function}({name}, x{other})", expected, getattr(np, function)(device, device_2))
            case 3:
                axes = list(range(host.ndim))
                self.random.shuffle(axes)
                self.add(f"{name}.transpose({axes})", host.transpose(axes), device.transpose(axes))
            case 4:
                items = (slice(None), slice(None, None, -1), slice(1, None), slice(None, None, 2), 0, -1, slice(0, 1))
                index = tuple(self.random.choice(items) if n else slice(None) for n in host.shape)
                if self.random.random() < 0.3:
                    index = (None, *index)
                self.add(f"{name}[{index}]", host[index], device[index])
            case 5 if host.size:
                name_of = self.random.choice(["sum", "max", "min", "mean"])
                axis = self.random.choice([None, *range(-host.ndim, host.ndim)])
                keep = self.random.random() < 0.5
                expected = getattr(host, name_of)(axis=axis, keepdims=keep)
                found = getattr(device, name_of)(axis=axis, keepdims=keep)
                self.add(f"{name}.{name_of}({axis}, keepdims={keep})", numpy.asarray(expected), found)
            case 6:
                shape = self.random.choice([(-1,), (1, -1), (host.size, 1), (*host.shape, 1)])
                self.add(f"{name}.reshape({shape})", host.reshape(shape), device.reshape(shape))
            case 7 if host.ndim >= 2:
                self.add(f"{name} @ {name}.mT", host @ numpy.swapaxes(host, -1, -2), device @ device.mT)
            case 8 if is_exact(host):
                value = numpy.where(host > 0.5, host, numpy.float32(-0.25))
                self.add(f"where({name} > 0.5, {name}, -0.25)", value, np.webgpu.where(device > 0.5, device, -0.25))

    def check(self, index: int) -> None:
        host, device = self.arrays[index]
        found = numpy.array(device.tolist(), dtype="f4").reshape(device.shape)
        scale = max(1.0, float(numpy.abs(host).max(initial=0)))
        close = found.shape == host.shape and numpy.allclose(found, host, rtol=2e-4, atol=2e-4 * scale)
        if not close:
            pytest.fail(f"x{index} differs: {found!r} instead of {host!r}\n" + "\n".join(self.text))


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_random_graphs(seed):
    for numbers in range(2):  # the second time, plans are found by the structure of the graph
        run(seed, numbers)


def run(seed: int, numbers: int) -> None:
    program = Program(seed, numbers)
    while len(program.text) < STEPS:
        program.step()
        if program.random.random() < 0.1:
            program.check(program.random.randrange(len(program.arrays)))
    if seed % 3 == 0:
        np.webgpu.compute(*(device for _, device in program.arrays[4:]))
    order = list(range(len(program.arrays)))
    program.random.shuffle(order)
    for index in order:
        program.check(index)
