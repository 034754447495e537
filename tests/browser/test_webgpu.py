"""Every kernel's WGSL on Chromium's WebGPU, against the C++ loops of this machine: the desktop test's body, with the
browser in place of wgpu."""

from __future__ import annotations

import base64
import importlib.util
from pathlib import Path

import numpy as np
import pytest

from . import chromium

_SOURCE = Path(__file__).resolve().parents[1] / "integration" / "webgpu" / "test_kernels_wgsl.py"
_SPEC = importlib.util.spec_from_file_location("kernels_wgsl", _SOURCE)
desktop = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(desktop)

OPEN_DEVICE = """async () => {
  const adapter = await navigator.gpu?.requestAdapter();
  if (!adapter) return "no WebGPU adapter";
  window.device = await adapter.requestDevice();
  return "";
}"""

RUN_SHADER = """async ([code, inputs, outputs]) => {
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const text = (data) => { let s = ""; for (let i = 0; i < data.length; i += 4096)
    s += String.fromCharCode(...data.subarray(i, i + 4096)); return btoa(s); };
  device.pushErrorScope("validation");
  const arrays = inputs.map(bytes);
  const size = arrays[0].length;
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const buffers = [...arrays, ...Array(outputs)].map((data) => {
    const buffer = device.createBuffer({size, usage});
    if (data) device.queue.writeBuffer(buffer, 0, data);
    return buffer;
  });
  const module = device.createShaderModule({code});
  const pipeline = await device.createComputePipelineAsync({layout: "auto", compute: {module, entryPoint: "main"}});
  const group = device.createBindGroup({layout: pipeline.getBindGroupLayout(0),
    entries: buffers.map((buffer, binding) => ({binding, resource: {buffer}}))});
  const encoder = device.createCommandEncoder();
  const compute = encoder.beginComputePass();
  compute.setPipeline(pipeline);
  compute.setBindGroup(0, group);
  compute.dispatchWorkgroups(Math.ceil(size / 4 / 64));
  compute.end();
  const copies = buffers.slice(arrays.length).map((buffer) => {
    const copy = device.createBuffer({size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST});
    encoder.copyBufferToBuffer(buffer, 0, copy, 0, size);
    return copy;
  });
  device.queue.submit([encoder.finish()]);
  const results = [];
  for (const copy of copies) {
    await copy.mapAsync(GPUMapMode.READ);
    results.push(text(new Uint8Array(copy.getMappedRange())));
    copy.destroy();
  }
  buffers.forEach((buffer) => buffer.destroy());
  const error = await device.popErrorScope();
  return {results, error: error?.message ?? ""};
}"""


@pytest.fixture(scope="module")
def gpu(browser, site):
    """A page that holds a WebGPU device."""
    with chromium.guarded_context(browser) as (context, foreign):
        page = context.new_page()
        page.goto(site + "manifest.json")
        problem = page.evaluate(OPEN_DEVICE)
        assert not problem, problem
        yield page
        assert not foreign


@pytest.mark.parametrize("shader", desktop.SHADERS, ids=lambda shader: f"{shader['name']}-{shader['signature']}")
def test_wgsl_agrees_with_cpu(gpu, shader, monkeypatch):
    def run_shader(code: str, inputs: list[np.ndarray], outputs: list[np.dtype]) -> list[np.ndarray]:
        sent = [base64.b64encode(np.ascontiguousarray(array).tobytes()).decode() for array in inputs]
        answer = gpu.evaluate(RUN_SHADER, [code, sent, len(outputs)])
        assert not answer["error"], answer["error"]
        return [
            np.frombuffer(base64.b64decode(text), dtype) for text, dtype in zip(answer["results"], outputs, strict=True)
        ]

    monkeypatch.setattr(desktop, "run_shader", run_shader)
    # SwiftShader flushes subnormal intermediate results as well, such as the rest that remainder() adds the divisor to;
    # so operands need the width of a mantissa above the smallest normal number.
    monkeypatch.setattr(desktop, "SMALLEST_NORMAL", np.float32(2.0**-102))
    desktop.test_wgsl_agrees_with_cpu(shader)
