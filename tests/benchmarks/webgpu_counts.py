"""What device arrays make the GPU do, beside jax-js: ``dev.py bench webgpu``.

For five expressions, in Chromium: dispatches, bytes of the arrays that are bound to them, bytes copied, uploaded and
mapped (see webgpu_counts.mjs for what exactly is counted), each for one evaluation of operands that are on the device
already, after everything is compiled, without reading the result. Then what it costs to enqueue ``x + 1``, to the end
of the call that makes the result (both libraries are lazy) and to the end of the one that submits it.
"""

from __future__ import annotations

import json
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
from tests.browser import chromium  # noqa: E402
from tests.browser.conftest import Python  # noqa: E402

COUNTS = ("dispatches", "submits", "bound", "parameters", "copied", "uploaded", "mapped")
SHAPES = {"x": (256, 256), "y": (256, 256), "a": (256, 256), "b": (256, 256), "bias": (256,), "small": (32, 32)}


@dataclass(frozen=True)
class Expression:
    """An expression by its name, which webgpu_jax.mjs knows too: our source, and the operands that it takes."""

    name: str
    operands: tuple[str, ...]
    source: str


EXPRESSIONS = (
    Expression("mean((x - y)**2)", ("x", "y"), "((x - y) ** 2).mean()"),
    Expression(
        "softmax over rows", ("x",), "(e := np.exp(x - x.max(axis=1, keepdims=True))) / e.sum(axis=1, keepdims=True)"
    ),
    Expression("20 elementwise", ("x",), "functools.reduce(lambda x, i: x * 0.5 + i, range(10), x)"),
    Expression("relu(a @ b + bias)", ("a", "b", "bias"), "np.maximum(a @ b + bias, 0)"),
    Expression("sum over axis 0 of exp(x)*y", ("x", "y"), "(np.exp(x) * y).sum(axis=0)"),
)
# Small, so that a software adapter does not take the time from the calling thread.
ENQUEUED = Expression("x + 1", ("small",), "small + 1")
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

    def enqueue(self, expression: Expression, form: str, submitted: bool) -> float:
        """Microseconds until a result is recorded, or on its way to the device."""
        return self.page.evaluate(
            "(given) => jax.enqueue(...given)", [expression.name, form, expression.operands, submitted, CALLS, BATCHES]
        )


class Ours:
    """Device arrays in Pyodide, in the same page."""

    forms = ("lazy",)

    def __init__(self, python: Python, arrays: dict[str, Any]) -> None:
        self.python = python
        python.run(f"""
            import functools, json, time
            import wasmnp as np
            from wasmnp import webgpu
            from js import counting
            arrays = json.loads({json.dumps(json.dumps(arrays))})
            for name, (shape, values) in arrays.items():
                arrays[name] = webgpu.asarray(np.array(values, dtype=np.float32).reshape(shape))
            webgpu.compute(*arrays.values())
            len(arrays)
        """)

    def counted(self, expression: Expression, form: str) -> tuple[dict[str, int], list[float]]:
        """Counts of the second evaluation, and the values of its result."""
        return self.python.run(f"""
            def evaluate():
                result = eval({expression.source!r}, dict(arrays, np=np, functools=functools))
                webgpu.compute(result)
                return result
            evaluate()
            webgpu.synchronize()
            counting.reset()
            result = evaluate()
            counts = counting.read().to_py()
            [counts, result.to_device("cpu").reshape(-1).tolist()]
        """)

    def enqueue(self, expression: Expression, form: str, submitted: bool) -> float:
        """Microseconds until a result is recorded, or on its way to the device."""
        return self.python.run(f"""
            operands = dict(arrays, np=np)
            code = compile({expression.source!r}, "<expression>", "eval")
            times = []
            for batch in range({BATCHES}):
                results = []
                start = time.perf_counter()
                for call in range({CALLS}):
                    results.append(eval(code, operands))
                    if {submitted}:
                        webgpu.compute(results[-1])
                times.append((time.perf_counter() - start) / {CALLS} * 1e6)
                webgpu.synchronize()
                del results
            sorted(times)[{BATCHES} // 2]
        """)


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


@contextmanager
def libraries(browser: Any, site: str) -> Iterator[dict[str, Ours | Jax]]:
    """Both libraries in one page whose WebGPU is counted, each with the operands on the device."""
    arrays = operands()
    with served() as address, chromium.guarded_context(browser) as (context, foreign):
        page = context.new_page()
        python = Python(page, site)
        page.evaluate(
            """async (address) => {
              window.counting = await import(address + "webgpu_counts.mjs");
              counting.install();
            }""",
            address,
        )
        yield {"wasmnp": Ours(python, arrays), "jax-js": Jax(page, address, arrays)}
        assert not foreign, foreign


def counts_of(expression: Expression, both: dict[str, Ours | Jax]) -> dict[tuple[str, str], dict[str, int]]:
    """Counts of an expression by library and form, with results that are checked against each other."""
    reference: list[float] = []
    result = {}
    for name, library in both.items():
        for form in library.forms:
            result[name, form], values = library.counted(expression, form)
            reference = reference or values
            check(f"{expression.name}, {name} {form}", values, reference)
    return result


def check(what: str, values: list[float], reference: list[float]) -> None:
    """Raise unless results agree as float32 sums of some thousand terms do."""
    if len(values) != len(reference):
        raise AssertionError(f"{what}: {len(values)} values, {len(reference)} expected")
    for i, (value, wanted) in enumerate(zip(values, reference, strict=True)):
        if not abs(value - wanted) <= 1e-4 * max(1.0, abs(wanted)):
            raise AssertionError(f"{what}: value {i} is {value}, elsewhere {wanted}")


def main() -> None:
    print(f"{'expression':30}{'library':16}" + "".join(f"{name:>12}" for name in COUNTS))
    with (
        webpage.serving(webpage.assemble()) as site,
        chromium.launched() as browser,
        libraries(browser, site) as both,
    ):
        for expression in EXPRESSIONS:
            for (name, form), counts in counts_of(expression, both).items():
                row = "".join(f"{counts[column]:12,}" for column in COUNTS)
                print(f"{expression.name:30}{f'{name} {form}':16}{row}", flush=True)
        for name, library in both.items():
            for form in library.forms:
                recorded, submitted = (library.enqueue(ENQUEUED, form, end) for end in (False, True))
                costs = f"{recorded:6.0f} µs to record, {submitted:6.0f} µs to submit"
                print(f"{ENQUEUED.name:30}{f'{name} {form}':16}{costs}", flush=True)


if __name__ == "__main__":
    main()
