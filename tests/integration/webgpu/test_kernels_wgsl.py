"""Every kernel's WGSL, run by wgpu, against the C++ loops of this machine."""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "unit" / "kernels"))

import support

SHADERS = json.loads(support.submodule("generate").write_shaders()["shaders.json"])["shaders"]
SMALLEST_NORMAL = np.float32(2.0**-126)


@cache
def device():
    """The GPU, or its emulation by lavapipe; a missing one is a failure, not a skip."""
    import wgpu

    try:
        adapter = wgpu.gpu.request_adapter_sync(power_preference="high-performance")
    except RuntimeError as error:
        pytest.fail(f"no WebGPU adapter ({error}); on Debian, install mesa-vulkan-drivers")
    return adapter.request_device_sync()


@cache
def kernels() -> support.Kernels:
    """CPU loops of the highest level."""
    return support.Kernels(support.levels_here()[-1])


def run_shader(code: str, inputs: list[np.ndarray], outputs: list[np.dtype]) -> list[np.ndarray]:
    """Run a compute shader of `emit_wgsl.emit_shader` over arrays of 32-bit elements."""
    import wgpu

    gpu = device()
    count = inputs[0].size
    usage = wgpu.BufferUsage.STORAGE | wgpu.BufferUsage.COPY_SRC
    buffers = [gpu.create_buffer_with_data(data=array, usage=usage) for array in inputs]
    buffers += [gpu.create_buffer(size=4 * count, usage=usage) for _ in outputs]
    pipeline = gpu.create_compute_pipeline(
        layout="auto", compute={"module": gpu.create_shader_module(code=code), "entry_point": "main"}
    )
    entries = [
        {"binding": index, "resource": {"buffer": buffer, "offset": 0, "size": buffer.size}}
        for index, buffer in enumerate(buffers)
    ]
    group = gpu.create_bind_group(layout=pipeline.get_bind_group_layout(0), entries=entries)
    encoder = gpu.create_command_encoder()
    compute = encoder.begin_compute_pass()
    compute.set_pipeline(pipeline)
    compute.set_bind_group(0, group)
    compute.dispatch_workgroups((count + 63) // 64)
    compute.end()
    gpu.queue.submit([encoder.finish()])
    return [
        np.frombuffer(gpu.queue.read_buffer(buffer), dtype).copy()
        for buffer, dtype in zip(buffers[len(inputs) :], outputs, strict=True)
    ]


def ulp_distance(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """How many float32 lie between two arrays."""
    order = [np.where(v < 0, np.int64(-(2**31)) - v, v.astype(np.int64)) for v in (x.view("i4"), y.view("i4"))]
    return np.abs(order[0].astype(np.int64) - order[1].astype(np.int64))


@pytest.mark.parametrize("shader", SHADERS, ids=lambda shader: f"{shader['name']}-{shader['signature']}")
def test_wgsl_agrees_with_cpu(shader: dict) -> None:
    """Within the stated ULP plus that of the CPU; subnormal operands and results may be flushed to zero."""
    name, signature = shader["name"], shader["signature"]
    inputs = support.grid(signature, seed=11, count=200_000 if support.FULL else 20_000)
    if name == "power" and signature[0] != "f":
        inputs[1] = np.abs(inputs[1]) % 40
    if kernels().built[name, signature]:
        expected, _ = kernels()(name, signature, *inputs)
    else:  # uint32
        with np.errstate(all="ignore"):
            result = support.numpys(name)(*inputs)
        expected = list(result) if isinstance(result, tuple) else [result]
    sent = [array.astype("u4") if array.dtype.kind == "b" else array for array in inputs]
    kinds = [np.dtype("u4") if array.dtype.kind == "b" else array.dtype for array in expected]
    found = run_shader(shader["code"], sent, kinds)
    usable = np.ones(inputs[0].size, bool)
    for array in inputs:
        if array.dtype.kind == "f":
            usable &= (array == 0) | ~(np.abs(array) < SMALLEST_NORMAL)
    row = support.submodule("registry").rows()[name]
    for want, got in zip(expected, found, strict=True):
        if want.dtype.kind == "b":
            wrong = (got != 0) != want
        elif want.dtype.kind != "f":
            wrong = got != want
        else:
            nan = (want != want) != ((got.view("u4") & 0x7FFFFFFF) > 0x7F800000)
            limit = int(np.ceil(shader["ulp"] + row.ulp.get("f", 0.0))) if shader["ulp"] not in (0.0, 0.5) else 0
            flushed = (np.abs(want) <= SMALLEST_NORMAL) & (np.abs(got) <= SMALLEST_NORMAL)
            wrong = nan | ((want == want) & ~flushed & (ulp_distance(want, got) > limit))
        wrong &= usable
        if wrong.any():
            at = int(np.flatnonzero(wrong)[0])
            operands = ", ".join(repr(array[at]) for array in inputs)
            pytest.fail(
                f"{name} {signature}: {wrong.sum()} differ; {name}({operands}) is {want[at]!r}, WGSL gives {got[at]!r}"
            )
