"""Runs WebAssembly modules of the emitter in node: many calls, one process."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass
class Call:
    """One call of an exported kernel: arrays of bytes as operands, the bytes of outputs as given before the call."""

    module: int
    form: str  # "contiguous", "strided" or "entry"
    operands: list[np.ndarray]
    count: int = 0
    strides: list[int] | None = None


def run(modules: list, calls: list[Call]) -> list[tuple[int, list[np.ndarray]]]:
    """What every call returned, and its operands after it. `modules` are `wasm_module.Module`s."""
    node = shutil.which("node")
    assert node, "node is not installed"
    request = {
        "modules": [
            {"code": base64.b64encode(module.encoded()).decode(), "data": module.data_size} for module in modules
        ],
        "calls": [
            {
                "module": call.module,
                "form": call.form,
                "operands": [base64.b64encode(np.ascontiguousarray(a).tobytes()).decode() for a in call.operands],
                "count": call.count,
                "strides": call.strides or [],
            }
            for call in calls
        ],
    }
    script = Path(__file__).with_name("run_wasm.mjs")
    done = subprocess.run([node, script], input=json.dumps(request), capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    answers = json.loads(done.stdout)
    return [
        (
            answer["result"],
            [
                np.frombuffer(base64.b64decode(text), array.dtype).reshape(array.shape)
                for text, array in zip(answer["operands"], call.operands, strict=True)
            ],
        )
        for answer, call in zip(answers, calls, strict=True)
    ]
