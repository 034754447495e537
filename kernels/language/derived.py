"""What is derived from the registry besides code: rows of the documentation and rows of the benchmark."""

from __future__ import annotations

from .registry import Ufunc, rows

_SIZE = 4096
_NAMES = {"f": "float32", "d": "float64", "F": "complex64", "D": "complex128"}


def ulp_text(row: Ufunc) -> str:
    """The stated errors per type. Complex parts that may cancel have an error relative to the magnitude alone."""
    texts = [
        f"{_NAMES[character]} {error:g}" if error < 2.0**20 else f"{_NAMES[character]} relative to the magnitude"
        for character, error in row.ulp.items()
    ]
    return ", ".join(texts) or "exact"


def write_documentation() -> str:
    """A table in Markdown: name, built loops, largest error, domain and floating-point errors of every ufunc."""
    lines = [
        "# Elementwise functions",
        "",
        "Written by `python kernels/language/generate.py --rows`. Errors are in units in the last place; 0.5 is "
        "correctly rounded.",
        "",
        "| name | loops | largest error | domain | floating-point errors |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in rows().values():
        name = ", ".join(f"`{name}`" for name in row.names)
        loops = " ".join(f"`{signature}`" for signature in row.signatures if row.is_built(signature))
        errors = ", ".join(error.replace("_", " ") for error in row.errors) or "none"
        lines.append(f"| {name} | {loops} | {ulp_text(row)} | {row.domain} | {errors} |")
    return "\n".join([*lines, ""])


def write_benchmark_rows() -> str:
    """Rows ``name | setup | statement`` as :file:`tests/benchmarks/rows.txt` has them, one per ufunc and float type."""
    lines = ["# Written by kernels/language/generate.py --rows; do not edit."]
    for row in rows().values():
        for character, size in (("f", "f4"), ("d", "f8")):
            inputs = character * row.nin
            if not any(signature.split("->")[0] == inputs for signature in row.signatures):
                continue
            numbers = f"np.array(memoryview(r.random({_SIZE}).astype('{size}')), dtype='{size}')"
            names = "abc"[: row.nin]
            # The public clip and ones_like are other functions.
            where = "np" if row.nin < 3 and row.name[0] != "_" else "np._core._multiarray_umath"
            setup = "; ".join(["r=rng(0)", *(f"{name}={numbers}" for name in names)])
            lines.append(f"ufunc {row.name} {size} 4k | {setup} | {where}.{row.name}({', '.join(names)})")
    return "\n".join([*lines, ""])


def write_rows() -> dict[str, str]:
    """The text of ``ufuncs.md`` and ``benchmark_rows.txt``."""
    return {"ufuncs.md": write_documentation(), "benchmark_rows.txt": write_benchmark_rows()}
