"""What device arrays make the GPU do, beside jax-js: ``python -m tests.benchmarks.webgpu_counts``.

For five expressions, in Chromium: dispatches, bytes of the buffers that are bound to them, bytes copied, uploaded and
mapped (see webgpu_counts.mjs for what exactly is counted), each for one evaluation of operands that are on the device
already, after everything is compiled, without reading the result. Then what it costs to enqueue ``x + 1``.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT / "tools")]

import environment  # noqa: E402
import webpage  # noqa: E402

COUNTS = ("dispatches", "submits", "bound", "copied", "uploaded", "mapped")
SHAPES = {"x": (512, 512), "y": (512, 512), "a": (256, 256), "b": (256, 256), "bias": (256,)}


@dataclass(frozen=True)
class Expression:
    """An expression by its name, which webgpu_jax.mjs knows too: our source, and the operands that it takes."""

    name: str
    operands: tuple[str, ...]
    source: str


EXPRESSIONS = (
    Expression("mean((x - y)**2)", ("x", "y"), "np.mean((x - y) ** 2)"),
    Expression(
        "softmax over rows", ("x",), "(e := np.exp(x - np.max(x, axis=1, keepdims=True))) / e.sum(1, keepdims=True)"
    ),
    Expression("20 elementwise", ("x",), "functools.reduce(lambda x, i: x * 0.5 + i, range(10), x)"),
    Expression("relu(a @ b + bias)", ("a", "b", "bias"), "np.maximum(a @ b + bias, 0)"),
    Expression("sum over axis 0 of exp(x)*y", ("x", "y"), "np.sum(np.exp(x) * y, axis=0)"),
)
ENQUEUED = Expression("x + 1", ("x",), "x + 1")
CALLS, BATCHES = 200, 7


def operands() -> dict[str, tuple[tuple[int, ...], list[float]]]:
    """Shapes and values between -1 and 1 of all operands."""
    rng = Random(3)
    result = {}
    for name, shape in SHAPES.items():
        count = shape[0] * (shape[1] if len(shape) > 1 else 1)
        result[name] = shape, [rng.uniform(-1.0, 1.0) for _ in range(count)]
    return result


class Jax:
    """jax-js in the page."""

    forms = ("eager", "jit")

    def __init__(self, page: Any, address: str, arrays: dict[str, Any]) -> None:
        self.page = page
        page.evaluate(
            """async ([address, arrays]) => {
              window.jax = await import(address + "webgpu_jax.mjs");
              await jax.prepare(arrays);
            }""",
            [address, arrays],
        )

    def counted(self, expression: Expression, form: str) -> tuple[dict[str, int], list[float]]:
        """Counts of the second evaluation, and the values of its result."""
        return self.page.evaluate(
            """async ([name, form, operands]) => {
              (await jax.run(name, form, operands)).dispose();
              counting.reset();
              const result = await jax.run(name, form, operands);
              return [counting.read(), await jax.values(result)];
            }""",
            [expression.name, form, expression.operands],
        )

    def enqueue(self, expression: Expression, form: str) -> float:
        """Microseconds until a result is on its way."""
        return self.page.evaluate(
            "(given) => jax.enqueue(...given)", [expression.name, form, expression.operands, CALLS, BATCHES]
        )


@contextmanager
def served() -> Iterator[str]:
    """Address of jax-js and of the JavaScript side of this benchmark, on loopback."""
    folder = environment.BUILD / "webgpu-counts"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(environment.require_node_modules() / "@jax-js" / "jax" / "dist", folder / "jax")
    for name in ("webgpu_counts.mjs", "webgpu_jax.mjs"):
        shutil.copy2(HERE / name, folder)
    with webpage.serving(folder) as address:
        yield address
