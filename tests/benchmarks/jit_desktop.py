"""wasmnp.jit beside Numba, on the desktop: `python -m tests.benchmarks.jit_desktop`.

Both compile the same functions in this process and take turns. Where Numba is not installed it goes into a folder of
its own under build/. Leaves with status 1 where a bar does not hold.

A first call is one on a single element, of a function that was just decorated: compilation, in a process that has
compiled something else before. The figures named "cold" are of a new process: import, and the first call of all.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks.skeleton import Figure, report
from tests.benchmarks.timing import duration

BUILD = Path(__file__).resolve().parents[2] / "build"
FOLDER = BUILD / "numba"
# Numba's time by ours; our first call by Numba's, and the same with the imports of a new process.
SPEED_BAR, COMPILE_BAR, COLD_BAR = 0.9, 0.5, 1.0
ROUNDS, COMPILATIONS, STARTS = 60, 15, 5
SIZES = (1_000_000, 4096)
SIDE, LIMIT = 512, 100


def mandelbrot(out, limit):
    height, width = out.shape
    for row in range(height):
        for column in range(width):
            real = -2.0 + 3.0 * column / width
            imag = -1.5 + 3.0 * row / height
            x = 0.0
            y = 0.0
            n = 0
            while n < limit and x * x + y * y <= 4.0:
                x, y = x * x - y * y + real, 2.0 * x * y + imag
                n += 1
            out[row, column] = n


def wave_of(np: Any) -> Callable:
    """The elementwise function, with a library's own exp and sin."""

    def wave(x):
        return np.exp(-x * x) * np.sin(3 * x)

    return wave


def need_numba() -> None:
    """Make Numba importable."""
    if importlib.util.find_spec("numba"):
        return
    if not (FOLDER / "numba").is_dir():
        import numpy

        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*command, "--target", str(FOLDER), "numba", f"numpy=={numpy.__version__}"], check=True)
    sys.path.insert(0, str(FOLDER))


class Numba:
    """Numba's way to the functions, on NumPy's arrays."""

    name = "Numba"

    def __init__(self) -> None:
        import numba
        import numpy

        self.numba, self.np = numba, numpy

    def wave(self, letter: str) -> Callable:
        kind = {"f": self.numba.float32, "d": self.numba.float64}[letter]
        return self.numba.vectorize([kind(kind)])(wave_of(self.np))

    def mandelbrot(self) -> Callable:
        return self.numba.njit(mandelbrot, error_model="python")


class Wasmnp:
    """The same by wasmnp."""

    name = "wasmnp"

    def __init__(self) -> None:
        from wasmnp.jit import userland

        import wasmnp

        self.np, self.userland = wasmnp, userland

    def wave(self, letter: str) -> Callable:
        self.userland._cache.clear()
        kind = {"f": "float32", "d": "float64"}[letter]
        return self.np.jit.vectorize([f"{kind}({kind})"])(wave_of(self.np))

    def mandelbrot(self) -> Callable:
        self.userland._cache.clear()
        return self.np.jit.jit(mandelbrot)


def elapsed(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def first_calls(library: Any) -> dict[str, Callable[[], Any]]:
    """Per function, what decorates and calls it once."""
    np = library.np
    one, image = {letter: np.ones(1, letter) for letter in "fd"}, np.zeros((1, 1), "int64")
    return {
        "exp(-x*x)*sin(3*x) f4": lambda: library.wave("f")(one["f"]),
        "exp(-x*x)*sin(3*x) f8": lambda: library.wave("d")(one["d"]),
        "mandelbrot": lambda: library.mandelbrot()(image, LIMIT),
    }


def runs(library: Any) -> dict[str, tuple[Callable[[], Any], Any]]:
    """Per row, what is timed, and the array that it leaves its result in."""
    np = library.np
    found = {}
    for letter, label in (("f", "f4"), ("d", "f8")):
        function = library.wave(letter)
        for size in SIZES:
            x = (np.arange(size, dtype="float64") * (8.0 / size) - 4.0).astype(letter)
            out = np.zeros(size, letter)
            name = f"exp(-x*x)*sin(3*x) {label} {size}"
            found[name] = (lambda function=function, x=x, out=out: function(x, out)), out
    image, compiled = np.zeros((SIDE, SIDE), "int64"), library.mandelbrot()
    found[f"mandelbrot {SIDE}x{SIDE}"] = (lambda: compiled(image, LIMIT)), image
    return found


def agree(x: Any, y: Any) -> bool:
    """Whether results are the same, but for the last bits of the C library's functions."""
    if x.dtype.kind == "i":
        return x.tolist() == y.tolist()
    tolerance = 1e-6 if x.dtype.itemsize == 4 else 1e-14
    return all(math.isclose(a, b, abs_tol=tolerance) for a, b in zip(x.tolist(), y.tolist(), strict=True))


def speed(theirs: Numba, ours: Wasmnp) -> Iterator[Figure]:
    """Run time, in turns; the minimum of the rounds counts."""
    for (name, (reference, expected)), (candidate, result) in zip(
        runs(theirs).items(), runs(ours).values(), strict=True
    ):
        best = [math.inf, math.inf]
        for _ in range(ROUNDS):
            for side, call in enumerate((reference, candidate)):
                best[side] = min(best[side], elapsed(call))
        note = f"{duration(best[1])}, Numba {duration(best[0])}"
        if not agree(expected, result):
            raise SystemExit(f"{name}: the results differ")
        yield Figure(name, best[0] / best[1], SPEED_BAR, "x", at_least=True, note=note)


def warm(theirs: Numba, ours: Wasmnp) -> Iterator[Figure]:
    """First calls in a process that has compiled before."""
    for (name, reference), candidate in zip(first_calls(theirs).items(), first_calls(ours).values(), strict=True):
        best = [math.inf, math.inf]
        for _ in range(COMPILATIONS):
            for side, call in enumerate((reference, candidate)):
                best[side] = min(best[side], elapsed(call))
        note = f"{duration(best[1])}, Numba {duration(best[0])}"
        yield Figure(f"first call of {name}", best[1] / best[0], COMPILE_BAR, "x", at_least=False, note=note)


def cold() -> Iterator[Figure]:
    """Import and first call in new processes, which have imported NumPy for Numba."""
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # installed packages come with their bytecode
    for name in first_calls(Wasmnp()):
        best = {}
        for library in (Numba.name, Wasmnp.name):
            command = [sys.executable, "-m", __spec__.name, "--cold", library, name]
            times = [
                json.loads(subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout)
                for _ in range(STARTS)
            ]
            best[library] = min(times)
        note = f"{duration(best[Wasmnp.name])}, Numba {duration(best[Numba.name])}"
        ratio = best[Wasmnp.name] / best[Numba.name]
        yield Figure(f"cold: import, first call of {name}", ratio, COLD_BAR, "x", at_least=False, note=note)


def main() -> None:
    parser = argparse.ArgumentParser(prog="jit_desktop", description=__doc__)
    parser.add_argument("--cold", nargs=2, metavar=("LIBRARY", "ROW"), help="print the seconds of one first call")
    options = parser.parse_args()
    need_numba()
    import numpy  # noqa: F401

    if options.cold:
        library, row = options.cold
        kind = {kind.name: kind for kind in (Numba, Wasmnp)}[library]
        print(elapsed(lambda: first_calls(kind())[row]()))
        return
    theirs, ours = Numba(), Wasmnp()
    report(itertools.chain(speed(theirs, ours), warm(theirs, ours), cold()))


if __name__ == "__main__":
    main()
