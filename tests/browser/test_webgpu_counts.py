"""Device arrays make the GPU do no more than jax-js does for the same expressions."""

from __future__ import annotations

import pytest

from tests.benchmarks import webgpu_counts

# A dispatch has its parameters in a uniform buffer: shapes and strides, which jax-js compiles into the shader.
PARAMETERS = 512


@pytest.fixture(scope="module")
def both(browser, site):
    with webgpu_counts.libraries(browser, site) as libraries:
        yield libraries


@pytest.mark.parametrize("expression", webgpu_counts.EXPRESSIONS, ids=lambda expression: expression.name)
def test_no_more_than_jax(both, expression):
    counts = webgpu_counts.counts_of(expression, both)
    ours = counts.pop(("wasmnp", "lazy"))
    for (_, form), theirs in counts.items():
        limits = {
            "dispatches": theirs["dispatches"],
            "submits": theirs["submits"],
            "bound": theirs["bound"],
            "parameters": PARAMETERS * ours["dispatches"],
            "copied": theirs["copied"],
            "uploaded": theirs["uploaded"] + PARAMETERS * ours["dispatches"],
            "mapped": theirs["mapped"],
        }
        for name, limit in limits.items():
            assert ours[name] <= limit, f"{expression.name}, {name}: {ours[name]}, jax-js {form} {theirs[name]}"
