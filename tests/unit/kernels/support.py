"""Compiles the generated kernels for this machine and calls their loops on NumPy arrays."""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import shlex
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[3]
FULL = bool(os.environ.get("WASMNP_FULL"))
FLAG_BITS = {"divide": 1, "overflow": 2, "underflow": 4, "invalid": 8, "negative_power": 16}
ELEMENTS = "?bBhHiIqQefdFD"  # NumPy characters in the order of enum Element

_V2 = ["-mssse3", "-msse4.1", "-msse4.2", "-mpopcnt", "-mcx16"]
_V3 = [*_V2, *["-mavx2", "-mfma", "-mf16c", "-mbmi", "-mbmi2", "-mlzcnt", "-mmovbe"]]
_V4 = [*_V3, *["-mavx512f", "-mavx512bw", "-mavx512cd", "-mavx512dq", "-mavx512vl", "-mprefer-vector-width=512"]]
LEVELS = {"v2": _V2, "v3": _V3, "v4": _V4, "base": []}


def language():
    """The package of the kernel language, wherever it is installed."""
    try:
        import wasmnp._kernels.language as package
    except ImportError:
        sys.path.insert(0, str(ROOT))
        import kernels.language as package
    return package


def submodule(name: str):
    """A module of the kernel language, by name."""
    import importlib

    return importlib.import_module(f"{language().__name__}.{name}")


def levels_here() -> list[str]:
    """Instruction levels that this processor runs, lowest first."""
    if platform.machine() not in ("x86_64", "AMD64"):
        return ["base"]
    try:
        flags = Path("/proc/cpuinfo").read_text()
    except OSError:
        flags = ""
    found = ["v2"]
    if " avx2" in flags and " fma" in flags:
        found.append("v3")
        if " avx512dq" in flags and " avx512vl" in flags:
            found.append("v4")
    return found


def compiler() -> list[str]:
    """The C++ compiler: $CXX, else clang from the ziglang package."""
    if os.environ.get("CXX"):
        return shlex.split(os.environ["CXX"])
    return [sys.executable, "-m", "ziglang", "c++"]


def compiler_flags(level: str) -> list[str]:
    """Options for generated code of one level."""
    command = compiler()
    clang = "ziglang" in command or "clang" in command[0]
    return ["-std=c++20", "-O2", "-g0", *LEVELS[level], "-fPIC", "-fno-exceptions", "-fno-rtti", "-ffp-contract=off",
            "-fno-math-errno", "-fvisibility=hidden", f"-DISA=isa_{level}", "-Wall", "-Wextra", "-Werror",
            *(["-fno-sanitize=undefined"] if clang else [])]  # fmt: skip


def link(objects: list[Path], library: Path) -> None:
    """Make a shared library; of C++'s library only headers are used."""
    clang = "ziglang" in compiler() or "clang" in compiler()[0]
    extra = ["-nostdlib++"] if clang else []
    run_compiler(["-shared", *extra, *map(str, objects), "-o", str(library)], library.name)


def run_compiler(arguments: list[str], what: str) -> None:
    done = subprocess.run([*compiler(), *arguments], capture_output=True, text=True)
    assert done.returncode == 0, f"{what} does not compile:\n{done.stderr[-6000:]}"


def compile_library(text: str, folder: Path) -> ctypes.CDLL:
    """The library of one C++ file, for the highest level of this machine; warnings do not count."""
    (folder / "source.cpp").write_text(text)
    arguments = [*compiler_flags(levels_here()[-1]), "-Wno-error", "-w", f"-I{ROOT}", "-c", str(folder / "source.cpp")]
    run_compiler([*arguments, "-o", str(folder / "source.o")], "source.cpp")
    link([folder / "source.o"], folder / "library.so")
    return ctypes.CDLL(str(folder / "library.so"))


@cache
def build(level: str) -> Path:
    """A shared library with the generated loops of one level."""
    files, flags = submodule("generate").write_files(), compiler_flags(level)
    runtime = (ROOT / "kernels/language/runtime.hpp").read_text() + (ROOT / "kernels/cpu/kernel_table.hpp").read_text()
    harness = Path(__file__).with_name("harness.cpp")
    key = hashlib.sha256(repr((files, flags, compiler(), runtime, harness.read_text())).encode()).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"wasmnp-kernels-{level}-{key}"
    library = folder / "kernels.so"
    if library.exists():
        return library
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    sources = [folder / name for name in files if name.endswith(".cpp")] + [harness]

    def compile_one(source: Path) -> Path:
        target = folder / (source.stem + ".o")
        run_compiler([*flags, f"-I{ROOT}", f"-I{folder}", "-c", str(source), "-o", str(target)], source.name)
        return target

    with ThreadPoolExecutor(2) as pool:
        objects = list(pool.map(compile_one, sources))
    partial = folder / f"kernels-{os.getpid()}.so"
    link(objects, partial)
    partial.replace(library)
    return library


class _UfuncRow(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("alias", ctypes.c_char_p), ("nin", ctypes.c_uint8),
                ("nout", ctypes.c_uint8),
                ("identity", ctypes.c_int8), ("first_loop", ctypes.c_uint16), ("loop_count", ctypes.c_uint16),
                ("types", ctypes.c_char_p), ("parameters", ctypes.c_char_p), ("doc", ctypes.c_char_p)]  # fmt: skip


class _LoopRow(ctypes.Structure):
    _fields_ = [("operands", ctypes.c_uint8 * 6), ("built", ctypes.c_bool), ("cheap", ctypes.c_bool)]


class _LoopBodies(ctypes.Structure):
    _fields_ = [("contiguous", ctypes.c_void_p), ("scalar_first", ctypes.c_void_p), ("scalar_second", ctypes.c_void_p),
                ("strided", ctypes.c_void_p)]  # fmt: skip


class Kernels:
    """The loops of one level.

    Parameters
    ----------
    level : str
        One of `levels_here`.
    """

    def __init__(self, level: str) -> None:
        self.library = ctypes.CDLL(str(build(level)))
        for name, kind in (("ufuncs", _UfuncRow), ("loops", _LoopRow), ("bodies", _LoopBodies)):
            getattr(self.library, f"harness_{name}").restype = ctypes.POINTER(kind)
        self.ufuncs = self.library.harness_ufuncs()[: self.library.harness_ufunc_count()]
        loops = self.library.harness_loops()[: self.library.harness_loop_count()]
        self.bodies = self.library.harness_bodies()[: self.library.harness_loop_count()]
        self.library.harness_run.restype = ctypes.c_uint32
        self.library.harness_run_strided.restype = ctypes.c_uint32
        self.index: dict[tuple[str, str], int] = {}
        self.built: dict[tuple[str, str], bool] = {}
        for row in self.ufuncs:
            for position in range(row.first_loop, row.first_loop + row.loop_count):
                characters = "".join(ELEMENTS[code] for code in loops[position].operands[: row.nin + row.nout])
                key = row.name.decode(), f"{characters[: row.nin]}->{characters[row.nin :]}"
                self.index[key] = position
                self.built[key] = loops[position].built

    def outputs(self, signature: str, count: int) -> list[np.ndarray]:
        """Fresh output arrays, filled with a pattern."""
        return [
            np.frombuffer(bytearray(b"\xa5" * (count * np.dtype(c).itemsize)), c).copy()
            for c in signature.split("->")[1]
        ]

    def __call__(
        self, name: str, signature: str, *inputs: np.ndarray, form: int = 0, outputs: list[np.ndarray] | None = None
    ):
        """Outputs and flags of a contiguous (0), scalar-first (1) or scalar-second (2) body."""
        assert self.built[name, signature], f"{name} {signature} is not built"
        count = max(array.size for array in inputs)
        results = outputs if outputs is not None else self.outputs(signature, count)
        pointers = (ctypes.c_void_p * 6)(*(array.ctypes.data for array in (*inputs, *results)))
        flags = self.library.harness_run(self.index[name, signature], form, pointers, ctypes.c_ssize_t(count), 1)
        return results, {kind for kind, bit in FLAG_BITS.items() if flags & bit}

    def strided(
        self, name: str, signature: str, operands: list[np.ndarray], strides: list[int], count: int
    ) -> set[str]:
        """Flags of the strided body; outputs are among the operands."""
        pointers = (ctypes.c_void_p * 6)(*(array.ctypes.data for array in operands))
        steps = (ctypes.c_ssize_t * 6)(*strides)
        flags = self.library.harness_run_strided(self.index[name, signature], pointers, steps, ctypes.c_ssize_t(count))
        return {kind for kind, bit in FLAG_BITS.items() if flags & bit}


def same_bits(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Where two arrays are equal bit by bit; any NaN equals any NaN."""
    if x.dtype.kind == "c":
        part = x.real.dtype
        return same_bits(x.view(part), y.view(part)).reshape(-1, 2).all(axis=1)
    equal = x.view(f"u{x.itemsize}") == y.view(f"u{y.itemsize}")
    return equal | ((x != x) & (y != y))


SPECIAL = {
    "e": [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, -1.5, 2.0, -2.0, 3.0, -3.0, 2.5, 7.0, -7.0, 10.0, 0.1, -0.1, np.inf,
          -np.inf, np.nan, 6e-8, -6e-8, 6.1e-5, 6.104e-5, -6.104e-5, 65504.0, -65504.0, 300.0, 1e-4, 1024.0, 1025.0,
          2048.0, -2047.0, 1.001, 0.9995, 11.08, 11.1, -9.7, -17.4, 100.0],
    "f": [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, -1.5, 2.0, -2.0, 3.0, -3.0, 2.5, 7.0, -7.0, 10.0, 0.1, -0.1, np.inf,
          -np.inf, np.nan, 1e-45, -1e-45, 1.1754942e-38, 1.1754944e-38, -1.1754944e-38, 3.4028235e38, -3.4028235e38,
          1e30, 1e-30,
          8388608.0, 8388609.0, 16777216.0, -16777217.0, 1e10, 1.0000001, 0.99999994, 88.7, 88.8, -87.3, -104.0, 100.0],
    "d": [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, -1.5, 2.0, -2.0, 3.0, -3.0, 2.5, 7.0, -7.0, 10.0, 0.1, -0.1, np.inf,
          -np.inf, np.nan, 5e-324, -5e-324, 2.225073858507201e-308, 2.2250738585072014e-308, -2.2250738585072014e-308,
          1.7976931348623157e308, -1.7976931348623157e308, 1e200, 1e-200, 1e-310, 4503599627370496.0,
          9007199254740993.0,
          9007199254740992.0, -9007199254740991.0, 1e22, 1 + 2.0**-52, 1 - 2.0**-53, 709.7, 709.8, -708.4,
          -745.2, 100.0],
}  # fmt: skip


def numpys(name: str):
    """NumPy's ufunc of a name; some are not in its main namespace."""
    return getattr(np._core._multiarray_umath, name)


def special_values(character: str) -> np.ndarray:
    """Numbers at which a loop of a type is likely to go wrong."""
    dtype = np.dtype(character)
    if dtype.kind == "b":
        return np.array([False, True])
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        near = [0, 1, 2, 3, 5, 7, 10, 100, info.max, info.max - 1, info.max // 2, info.min, info.min + 1]
        return np.array([v for v in near + [-v for v in near] if info.min <= v <= info.max], dtype)
    if dtype.kind == "c":
        chosen = special_values(dtype.char.lower())[[0, 1, 2, 3, 4, 7, 10, 16, 18, 19, 20, 21, 26, 27, 28]]
        real, imag = np.meshgrid(chosen, chosen)
        result = np.empty(real.size, dtype)
        result.real, result.imag = real.ravel(), imag.ravel()
        return result
    return np.array(SPECIAL[character], dtype)


def random_values(character: str, count: int, seed: int) -> np.ndarray:
    """Random bit patterns, half of them of moderate size."""
    dtype = np.dtype(character)
    generator = np.random.default_rng(seed)
    if dtype.kind == "b":
        return generator.integers(0, 2, count).astype(bool)
    raw = np.frombuffer(generator.bytes(count * dtype.itemsize), dtype).copy()
    if dtype.kind == "c":
        parts = raw.view(dtype.char.lower())
        parts[:count] = random_values(dtype.char.lower(), count, seed + 1)
    elif dtype.kind == "f":
        if dtype.char == "e":  # signalling NaNs, which count as quiet here, are frequent among the few patterns
            raw[np.isnan(raw)] = np.nan
        raw[::2] = (generator.standard_normal(raw[::2].size) * 10).astype(dtype)
    else:
        raw[::2] = generator.integers(0 if dtype.kind == "u" else -10, 11, raw[::2].size).astype(dtype)
    return raw


def grid(signature: str, seed: int = 0, count: int = 1000) -> list[np.ndarray]:
    """Operands for a loop: special values in all pairs, then random ones."""
    characters = signature.split("->")[0]
    special = [special_values(character) for character in characters]
    if len(characters) == 2:
        if special[0].size > 100:  # complex: the whole grid would be a million pairs
            special = [array[:: 3 if not_first else 1][:75] for not_first, array in enumerate(special)]
        left, right = np.meshgrid(special[0], special[1])
        special = [left.ravel(), right.ravel()]
    elif len(characters) == 3:
        special = [array.ravel() for array in np.meshgrid(*(array[:: 1 + array.size // 12] for array in special))]
    return [
        np.ascontiguousarray(np.concatenate([array, random_values(character, count, seed + 17 * index)]))
        for index, (array, character) in enumerate(zip(special, characters, strict=True))
    ]
