"""Random kernels of bools and 32-bit integers as WGSL, which is exact on them, against the interpreter."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "unit" / "kernels"))

import random_ir
import support
from test_kernels_wgsl import run_shader

ir, interpreter, exits, passes, emit_wgsl, typesystem = (
    support.submodule(name) for name in ("ir", "interpreter", "exits", "passes", "emit_wgsl", "typesystem")
)
KERNELS = 1500 if support.FULL else 150
COUNT = 37


@pytest.mark.parametrize("group", range(10))
def test_random_kernels(group: int) -> None:
    for seed in range(group, KERNELS, 10):
        made = random_ir.Maker(
            seed, random_ir.NARROW, size=8 + seed % 30, exits=seed % 3 == 0, flags=False, lookups=seed % 2 == 0
        )
        function = made.function()
        columns = random_ir.arguments(function, COUNT, seed)
        wanted = [interpreter.interpret(function, list(row))[0] for row in zip(*columns, strict=True)]
        text = ir.format_function(function)
        code = emit_wgsl.emit_shader(passes.simplify(exits.lower_exits(function)), "kernel")
        sent = [np.array(column, "i4" if value.type == typesystem.i32 else "u4")
                for column, value in zip(columns, function.parameters, strict=True)]  # fmt: skip
        kinds = [np.dtype("i4" if kind == typesystem.i32 else "u4") for kind in function.result_types]
        for index, found in enumerate(run_shader(code, sent, kinds)):
            expected = [int(row[index]) for row in wanted]
            assert found.tolist() == expected, f"seed {seed}, result {index}\n{text}\n{code}"
