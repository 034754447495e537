"""Elementwise functions, reductions and transforms give the same bits on every level and in WebAssembly."""

from __future__ import annotations

import digest


def test_every_target_gives_the_same_bits() -> None:
    found = digest.collect(digest.LEVELS, with_pyodide=True)
    assert "wasm" in found
    assert len(found) >= 2
    assert min(map(len, found.values())) > 100
    assert digest.differences(found) == []


def test_a_difference_is_named() -> None:
    found = {"v2": {"add": "1", "sum": "2"}, "wasm": {"add": "1", "sum": "3"}}
    assert digest.differences(found) == ["sum: v2 2, wasm 3"]
