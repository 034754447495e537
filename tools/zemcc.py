"""zig in the part of emcc: `zemcc.py cc|c++|ar|ranlib|strip ARGUMENTS...`

Understands the part of emcc's command line that a Pyodide side module needs and runs zig's clang and wasm-ld, so that
the build description has one WebAssembly path for real Emscripten and for the `ziglang` package from PyPI.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

HERE = Path(__file__).resolve().parent
CPU = "generic+bulk_memory+sign_ext+nontrapping_fptoint+mutable_globals"  # without extended_const: node 20
FEATURE = re.compile(r"-m(no-)?(simd128|relaxed-simd|bulk-memory|sign-ext|nontrapping-fptoint|mutable-globals)")
VERSION = """\
emcc (Emscripten gcc/clang-like replacement, zig) 4.0.0
clang version 22.0.0
Target: wasm32-unknown-emscripten"""


def zig() -> tuple[str, Path]:
    """Zig's executable and its folder of headers."""
    import ziglang

    folder = Path(ziglang.__file__).parent
    return str(folder / ("zig.exe" if os.name == "nt" else "zig")), folder / "lib"


def execute(command: list[str]) -> NoReturn:
    """Become `command` (on Windows, which cannot, run it and exit with its status)."""
    if os.name == "nt":
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)


def expanded(arguments: list[str]) -> Iterator[str]:
    """Arguments with response files (@FILE) read."""
    for argument in arguments:
        if argument.startswith("@"):
            yield from expanded(shlex.split(Path(argument[1:]).read_text()))
        else:
            yield argument


def compile_source(tool: str, arguments: list[str]) -> NoReturn:
    executable, library = zig()
    cpu, passed = CPU, []
    for argument in arguments:
        if feature := FEATURE.fullmatch(argument):
            cpu += ("-" if feature[1] else "+") + feature[2].replace("-", "_")
        elif not argument.startswith("-s") or argument.startswith("-std"):
            passed.append(argument)  # everything but emcc's -sSETTING=VALUE
    sysroot, libc = HERE / "wasm-sysroot", library / "libc" / "include"
    execute([
        executable, tool, "-target", "wasm32-emscripten", f"-mcpu={cpu}",
        "-include", str(sysroot / "pyconfig.h"), "-isystem", str(sysroot), *passed,
        "-g0", "-fno-sanitize=undefined", "-fomit-frame-pointer",
        "-idirafter", str(libc / "arm-linux-musl"), "-idirafter", str(libc / "generic-musl"),
    ])  # fmt: skip


def link(arguments: list[str]) -> NoReturn:
    executable, _ = zig()
    inputs: list[str] = []
    exports: list[str] = []
    side_module = False
    rest = iter(arguments)
    for argument in rest:
        if argument in ("-o", "-Wl,-o"):
            inputs += ["-o", next(rest)]
        elif argument.startswith("-sSIDE_MODULE"):
            side_module = True
        elif argument.startswith("-sEXPORTED_FUNCTIONS="):
            exports += re.findall(r"_(\w+)", argument.partition("=")[2])
        elif argument in ("-Wl,--gc-sections", "-Wl,--whole-archive", "-Wl,--no-whole-archive"):
            inputs.append(argument.removeprefix("-Wl,"))
        elif not argument.startswith("-"):
            inputs.append(argument)  # flags that are left are for the host or for the compiler
    if side_module:
        options = ["-shared", "--experimental-pic", "--import-memory", "--unresolved-symbols=import-dynamic",
                   "--no-entry", "--gc-sections", "--strip-all",
                   *(f"--export-if-defined={name}" for name in exports)]  # fmt: skip
    else:  # a link test of meson's configuration
        options = ["--no-entry", "--allow-undefined"]
        inputs = [name for name in inputs if not name.endswith((".c", ".cpp"))]
    execute([executable, "wasm-ld", *options, *inputs])


def main() -> None:
    tool, arguments = sys.argv[1], list(expanded(sys.argv[2:]))
    if tool in ("ar", "ranlib"):
        execute([zig()[0], tool, *arguments])
    elif tool == "strip":
        pass  # the linker has stripped
    elif "--version" in arguments or arguments == ["-v"]:
        print(VERSION)
    elif "-Wl,--version" in arguments:
        print("LLD 22.0.0")
    elif any(argument in ("-c", "-S", "-E") for argument in arguments):
        compile_source(tool, arguments)
    else:
        link(arguments)


if __name__ == "__main__":
    main()
