"""Compiles one instruction-set level of ``kernels/cpu`` on its own and calls it through ctypes."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CPU = ROOT / "kernels" / "cpu"

V2 = ["-mssse3", "-msse4.1", "-msse4.2", "-mpopcnt", "-mcx16"]
V3 = [*V2, "-mavx2", "-mfma", "-mf16c", "-mbmi", "-mbmi2", "-mlzcnt", "-mmovbe"]
V4 = [*V3, "-mavx512f", "-mavx512bw", "-mavx512cd", "-mavx512dq", "-mavx512vl", "-mprefer-vector-width=512"]
LEVELS = {"v2": V2, "v3": V3, "v4": V4}
FLAGS = ["-std=c++20", "-O2", "-fPIC", "-ffp-contract=off", "-fno-exceptions", "-fno-rtti", "-fno-math-errno",
         "-fno-threadsafe-statics"]  # fmt: skip

ELEMENTS = ["bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float16", "float32",
            "float64", "complex64", "complex128", "longdouble", "clongdouble", "object"]  # fmt: skip
DIVIDE, OVERFLOW, UNDERFLOW, INVALID = 1, 2, 4, 8

_Fold = ctypes.CFUNCTYPE(ctypes.c_uint32, ctypes.c_void_p, ctypes.c_ssize_t, ctypes.c_ssize_t, ctypes.c_void_p)

_RunningSum = ctypes.CFUNCTYPE(
    ctypes.c_ssize_t, ctypes.c_void_p, ctypes.c_ssize_t, ctypes.c_void_p, ctypes.c_ssize_t, ctypes.c_ssize_t
)
_Squares = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_ssize_t, ctypes.c_void_p, ctypes.c_void_p)


class FourierRows(ctypes.Structure):
    """``wasmnp::FourierRows`` of kernels/cpu/routines.hpp."""

    _fields_ = [
        ("kind", ctypes.c_uint8),
        ("n", ctypes.c_ssize_t),
        ("rows", ctypes.c_ssize_t),
        ("in_data", ctypes.c_void_p),
        ("in_length", ctypes.c_ssize_t),
        ("in_step", ctypes.c_ssize_t),
        ("in_row", ctypes.c_ssize_t),
        ("out_data", ctypes.c_void_p),
        ("out_step", ctypes.c_ssize_t),
        ("out_row", ctypes.c_ssize_t),
        ("factor", ctypes.c_void_p),
        ("factor_row", ctypes.c_ssize_t),
    ]


_Fourier = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.POINTER(FourierRows))


class Routines(ctypes.Structure):
    """``wasmnp::Routines`` of kernels/cpu/routines.hpp."""

    _fields_ = [
        ("level", ctypes.c_char_p),
        ("loops", ctypes.c_void_p),
        ("sum", ctypes.c_void_p * len(ELEMENTS)),
        ("maximum", ctypes.c_void_p * len(ELEMENTS)),
        ("minimum", ctypes.c_void_p * len(ELEMENTS)),
        ("running_sums", ctypes.c_void_p * len(ELEMENTS)),
        ("squares_float32", ctypes.c_void_p),
        ("squares_float64", ctypes.c_void_p),
        ("truncate_float32", ctypes.c_void_p),
        ("truncate_float64", ctypes.c_void_p),
        ("fourier_float32", ctypes.c_void_p),
        ("fourier_float64", ctypes.c_void_p),
    ]

    def fold(self, kind: str, dtype: str):
        """The fold ``kind`` (sum, maximum, minimum) of a dtype, or None where it is not built."""
        pointer = getattr(self, kind)[ELEMENTS.index(dtype)]
        return _Fold(pointer) if pointer else None

    def running_sum(self, dtype: str):
        """The running sum of a dtype, or None where it is not built."""
        pointer = self.running_sums[ELEMENTS.index(dtype)]
        return _RunningSum(pointer) if pointer else None

    def squares(self, dtype: str):
        """The sum of squared distances of a dtype."""
        return _Squares(getattr(self, f"squares_{dtype}"))

    def fourier(self, dtype: str):
        """The Fourier transforms whose numbers have parts of a dtype."""
        return _Fourier(getattr(self, f"fourier_{dtype}"))


def cpu_has(level: str) -> bool:
    """Whether this machine can run a level of x86-64."""
    try:
        flags = set(Path("/proc/cpuinfo").read_text().split())
    except OSError:
        return level == "v2"
    needed = {"v2": {"sse4_2"}, "v3": {"avx2", "fma"}, "v4": {"avx512f", "avx512dq", "avx512vl"}}
    return needed[level] <= flags


def compile_shared(source: Path, target: Path, flags: list[str]) -> None:
    """Compiles one C++ file into a shared object with ``$CXX`` or the compiler of the ``ziglang`` package."""
    compiler = os.environ.get("CXX", "").split() or [sys.executable, "-m", "ziglang", "c++"]
    command = [*compiler, *FLAGS, *flags, "-I", str(CPU), "-I", str(source.parent), "-c", str(source)]
    if "ziglang" in compiler:
        command += ["-fno-sanitize=undefined"]
    objects = target.with_suffix(".o")
    environment = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}  # sanitizers
    subprocess.run([*command, "-o", str(objects)], check=True, cwd=target.parent, env=environment)
    link = [*compiler, "-shared", str(objects), "-o", str(target)]
    if "ziglang" in compiler:
        link += ["-nostdlib++"]
    subprocess.run(link, check=True, cwd=target.parent, env=environment)


def build_level(level: str, folder: Path) -> Routines:
    """Compiles ``level.cpp`` for a level, with no elementwise loops, and returns its table."""
    (folder / "loop_bodies.hpp").write_text(
        '#pragma once\n#include "kernel_table.hpp"\n'
        "namespace wasmnp::ISA { inline constexpr LoopBodies loop_bodies[1] = {}; }\n"
    )
    source = folder / f"table_{level}.cpp"
    source.write_text(
        '#include "level.cpp"\nextern "C" const wasmnp::Routines* table() { return &wasmnp::ISA::routines; }\n'
    )
    target = folder / f"level_{level}.so"
    compile_shared(source, target, [*LEVELS[level], f"-DISA=isa_{level}"])
    library = ctypes.CDLL(str(target))
    library.table.restype = ctypes.POINTER(Routines)
    return library.table().contents
