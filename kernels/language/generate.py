#!/usr/bin/env python3
"""Writes the C++ of every registered kernel, the WGSL shaders, or rows of other files, into a folder.

``generate.py OUTDIR`` writes :data:`OUTPUTS`; ``generate.py --wgsl OUTDIR`` writes ``shaders.json``;
``generate.py --rows OUTDIR`` writes ``ufuncs.md`` and ``benchmark_rows.txt``; ``generate.py --list`` prints the names
of the C++ files. Needs Python 3.11 and nothing else.

``ufunc_table.cpp`` is compiled once. The other files are compiled once per instruction level, with ``-DISA=isa_v3``
and the like naming the namespace of the level, and with the repository root on the include path.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path

if not __package__:
    # Run as a script: find the package that this file belongs to.
    _kernels = Path(__file__).resolve().parent.parent
    sys.path[0] = str(_kernels.parent)
    __package__ = f"{_kernels.name}.language"
    importlib.import_module(__package__)

from .derived import write_rows
from .emit_cpp import Kernel, emit_kernel
from .emit_wgsl import emit_shader
from .ir import KernelError
from .registry import IDENTITIES, Ufunc, compiled, compiled_for_wgsl, expand_long, rows, wgsl_signatures
from .typesystem import CHARACTERS

CHUNKS = 6
OUTPUTS = (
    "ufunc_table.cpp", "loop_bodies.hpp", "loop_bodies.cpp", *(f"elementwise_{index}.cpp" for index in range(CHUNKS)),
)  # fmt: skip

_ELEMENTS = {
    "?": "Bool", "b": "Int8", "B": "UInt8", "h": "Int16", "H": "UInt16", "i": "Int32", "I": "UInt32", "q": "Int64",
    "Q": "UInt64", "e": "Float16", "f": "Float32", "d": "Float64", "F": "Complex64", "D": "Complex128",
}  # fmt: skip
_HEADER = "// Written by kernels/language/generate.py; do not edit.\n"


def table_signatures(row: Ufunc, long_bits: int) -> list[str]:
    """NumPy's loops of a row that kernels can describe, each once, with `long` as a type of known width."""
    plain = [expand_long(signature)[long_bits == 64] for signature in row.loops_where(long_bits)]
    return [signature for signature in dict.fromkeys(plain) if set(signature) <= {*CHARACTERS, "-", ">"}]


def quoted(text: str) -> str:
    """A C++ string literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("?", "\\?")
    return f'"{escaped}"'


def write_ufunc_table() -> str:
    """``ufunc_table.cpp``: ufunc rows and loop rows, which do not depend on the instruction level."""
    parts = [
        _HEADER,
        '#include "kernels/cpu/kernel_table.hpp"\n\n#include <climits>\n\nnamespace wasmnp {\nnamespace {\n',
        *(f"constexpr Element k{name} = Element::{name};\n" for name in _ELEMENTS.values()),
        "}  // namespace\n\n",
    ]
    for condition, long_bits in (("#if LONG_MAX > 0x7fffffffL", 64), ("#else", 32)):
        loops, ufuncs, first = [], [], 0
        for row in rows().values():
            signatures = table_signatures(row, long_bits)
            for signature in signatures:
                names = ", ".join(f"k{_ELEMENTS[character]}" for character in signature.replace("->", ""))
                built, cheap = str(row.is_built(signature)).lower(), str(row.cheap).lower()
                loops.append(f"  {{{{{names}}}, {built}, {cheap}}},  // {row.name} {signature}")
            alias = quoted(row.alias) if row.alias else "nullptr"
            ufuncs.append(
                f"  {{{quoted(row.name)}, {alias}, {row.nin}, {row.nout}, Identity::{IDENTITIES[row.identity]}, "
                f"{first}, {len(signatures)}, {quoted(' '.join(row.loops_where(long_bits)))}, "
                f"{quoted(row.parameters)}, doc_{row.name}}},"
            )
            first += len(signatures)
        if long_bits == 64:
            docs = [f"constexpr char doc_{row.name}[] = {quoted(row.doc.strip())};" for row in rows().values()]
            parts.append("\n".join(["namespace {", *docs, "}  // namespace", "", ""]))
        parts.append(
            "\n".join(
                [
                    condition,
                    "const LoopRow loop_rows[] = {",
                    *loops,
                    "};",
                    "const UfuncRow ufunc_rows[] = {",
                    *ufuncs,
                    "};",
                    "",
                ]
            )
        )
    parts.append("#endif\n\nconst int ufunc_row_count = sizeof(ufunc_rows) / sizeof(ufunc_rows[0]);\n")
    parts.append("const int loop_row_count = sizeof(loop_rows) / sizeof(loop_rows[0]);\n\n}  // namespace wasmnp\n")
    return "".join(parts)


def forms(row: Ufunc, signature: str) -> dict[str, str]:
    """Which bodies a loop has: member of LoopBodies to template of :file:`runtime.hpp`."""
    inputs, outputs = signature.split("->")
    found = {"contiguous": "contiguous"}
    if len(inputs) == 2:
        found |= {"scalar_first": "scalar_first", "scalar_second": "scalar_second"}
    if row.cheap:
        found["strided"] = "strided_direct"
    elif inputs == outputs[0] * len(inputs):
        found["strided"] = "strided_packed"
    return found


def collect() -> tuple[dict[str, Kernel], dict[tuple[str, str], dict[str, str]], dict[str, dict[str, None]]]:
    """Every distinct kernel; per loop the kernel's entry points; per kernel the forms that are wanted of it."""
    kernels: dict[str, Kernel] = {}
    entries: dict[tuple[str, str], dict[str, str]] = {}
    wanted: dict[str, dict[str, None]] = {}
    for row in rows().values():
        for signature in dict.fromkeys(table_signatures(row, 64) + table_signatures(row, 32)):
            if not row.is_built(signature):
                continue
            unroll = row.branch_unroll.get(signature[0], 1)
            kernel = emit_kernel(compiled(row.name, signature), row.unroll, unroll, row.cheap)
            kernels.setdefault(kernel.name, kernel)
            entry = entries.setdefault((row.name, signature), {})
            for member, template in forms(row, signature).items():
                entry[member] = f"{template}_{kernel.name}"
                wanted.setdefault(kernel.name, {})[template] = None
    return kernels, entries, wanted


def write_files() -> dict[str, str]:
    """The text of every file in :data:`OUTPUTS`."""
    kernels, entries, wanted = collect()
    files = {"ufunc_table.cpp": write_ufunc_table()}
    strided = "char* const* operands, const std::intptr_t* strides, std::intptr_t count"
    parameters = {"strided_direct": strided, "strided_packed": strided}
    plain = "char* const* operands, std::intptr_t count"
    declarations = [
        f"std::uint32_t {template}_{name}({parameters.get(template, plain)});"
        for name in kernels
        for template in wanted[name]
    ]
    files["loop_bodies.hpp"] = "\n".join(
        [_HEADER + "#pragma once", "", '#include "kernels/cpu/kernel_table.hpp"', "",
         "namespace wasmnp {", "namespace ISA {",
         "", "// Parallel to loop_rows.", "extern const LoopBodies loop_bodies[];", "", *declarations, "",
         "}  // namespace ISA", "}  // namespace wasmnp", ""]
    )  # fmt: skip
    table = [
        _HEADER + '#include "loop_bodies.hpp"',
        "",
        "#include <climits>",
        "",
        "namespace wasmnp {",
        "namespace ISA {",
        "",
    ]
    for condition, long_bits in (("#if LONG_MAX > 0x7fffffffL", 64), ("#else", 32)):
        table += [condition, "const LoopBodies loop_bodies[] = {"]
        for row in rows().values():
            for signature in table_signatures(row, long_bits):
                entry = entries.get((row.name, signature), {})
                members = (
                    entry.get(member, "nullptr")
                    for member in ("contiguous", "scalar_first", "scalar_second", "strided")
                )
                table.append(f"  {{{', '.join(members)}}},  // {row.name} {signature}")
        table.append("};")
    table += ["#endif", "", "}  // namespace ISA", "}  // namespace wasmnp", ""]
    files["loop_bodies.cpp"] = "\n".join(table)

    chunks: list[list[Kernel]] = [[] for _ in range(CHUNKS)]
    for kernel in sorted(kernels.values(), key=lambda kernel: (-kernel.cost, kernel.name)):
        min(chunks, key=lambda chunk: sum(other.cost + 10 for other in chunk)).append(kernel)
    for index, chunk in enumerate(chunks):
        helpers: dict[str, str] = {}
        for kernel in chunk:
            helpers |= kernel.helpers
        # Tables are used by branches and by kernels.
        ordered = sorted(helpers.items(), key=lambda item: (not item[0].startswith("table_"), item[0]))
        lines = [_HEADER + '#include "kernels/language/runtime.hpp"', '#include "loop_bodies.hpp"', "",
                 "namespace wasmnp {",
                 "namespace ISA {", "", *(text for _, text in ordered)]  # fmt: skip
        for kernel in chunk:
            lines.append(kernel.text)
            for template in wanted[kernel.name]:
                signature = parameters.get(template, plain)
                names = ", ".join(part.split()[-1] for part in signature.split(", "))
                lines.append(f"std::uint32_t {template}_{kernel.name}({signature}) {{\n"
                             f"  return {template}<{kernel.name}>({names});\n}}")  # fmt: skip
        files[f"elementwise_{index}.cpp"] = "\n".join([*lines, "", "}  // namespace ISA", "}  // namespace wasmnp", ""])
    return files


def write_shaders() -> dict[str, str]:
    """``shaders.json``: every loop that WGSL has types for, with what a test needs to know."""
    shaders = [
        {
            "name": row.name,
            "signature": signature,
            "ulp": (row.wgsl_ulp if row.wgsl_ulp is not None else row.ulp.get("f", 0.0)) if "f" in signature else 0.0,
            "code": emit_shader(compiled_for_wgsl(row.name, signature), f"kernel_{row.name}"),
        }
        for row in rows().values()
        for signature in wgsl_signatures(row)
    ]
    return {"shaders.json": json.dumps({"shaders": shaders}, indent=1)}


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", nargs="?", type=Path, help="where to write")
    parser.add_argument("--wgsl", action="store_true", help="write shaders.json instead of C++")
    parser.add_argument("--rows", action="store_true", help="write ufuncs.md and benchmark_rows.txt instead of C++")
    parser.add_argument("--list", action="store_true", help="print the names of the C++ files")
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(OUTPUTS))
        return 0
    if arguments.folder is None:
        parser.error("a folder to write to is needed")
    try:
        files = write_shaders() if arguments.wgsl else write_rows() if arguments.rows else write_files()
    except KernelError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        path = arguments.folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
