"""Times of wasmnp.jit in the browser; runs inside Pyodide and prints one JSON object. See jit_browser.py.

Arguments, as base64: the module of mandelbrot.cpp, and the text of fractal.py.
"""

from __future__ import annotations

import base64
import json
import struct
import sys
import time

import wasmnp as np
from wasmnp import _native, jit

SIDE, LIMIT, PYTHON_SIDE = 512, 100, 64
ROUNDS = 40

# Twenty lines; every compilation gets another constant, so that none comes from the cache.
TWENTY_LINES = """
def escape(re, im, limit):
    x = re
    y = im
    n = 0
    smooth = np.float32(NUMBER)
    while n < limit:
        xx = x * x
        yy = y * y
        if xx + yy > 256.0:
            break
        y = 2.0 * x * y + im
        x = xx - yy + re
        n += 1
    if n == limit:
        smooth = np.float32(0.0)
    else:
        size = np.sqrt(x * x + y * y)
        smooth = np.float32(n) + 1.0 - size / 256.0
    if smooth < 0.0:
        smooth = -smooth
    return smooth
"""


def best(function, rounds: int = ROUNDS) -> float:
    """The shortest of several times, in milliseconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return 1000 * min(times)


def elementwise() -> dict[str, float]:
    fused = jit.vectorize("def wave(x): return np.exp(-x * x) * np.sin(3 * x)")
    x = (np.arange(1_000_000) / 2e5 - 2.5).astype("float32")
    out = np.zeros(1_000_000, "float32")
    times = {"fused": lambda: fused(x, out=out), "unfused": lambda: np.exp(-x * x) * np.sin(3 * x)}
    if hasattr(np, "wave"):
        times["built in"] = lambda: np.wave(x, out=out)
    found = dict.fromkeys(times, float("inf"))
    for _ in range(4):  # in turns
        for name, function in times.items():
            found[name] = min(found[name], best(function, ROUNDS // 4))
    if hasattr(np, "wave"):
        assert fused(x).tobytes() == np.wave(x).tobytes()
    return found


def loops(module: bytes, text: str) -> dict[str, float]:
    addresses, owner = _native.instantiate(module, 0)
    names: dict = {}
    exec(text, names)
    escape, fractal = text.split("\n\n\n", 2)[1:]
    compiled = jit.jit(fractal, names={"escape": jit.jit(escape)})
    image = np.zeros((SIDE, SIDE), "int32")
    arguments, results = struct.pack("<qqqq", _native.data_address(image), SIDE, SIDE, LIMIT), bytearray(8)
    found = {"C++": float("inf"), "jit": float("inf")}
    for _ in range(4):
        found["C++"] = min(found["C++"], best(lambda: _native.invoke(addresses[0], arguments, results), 5))
        wanted = image.tobytes()
        image[...] = 0
        found["jit"] = min(found["jit"], best(lambda: compiled(image, LIMIT), 5))
        assert image.tobytes() == wanted, "the images differ"
    del owner
    small = np.zeros((PYTHON_SIDE, PYTHON_SIDE), "int32")
    scale = (SIDE / PYTHON_SIDE) ** 2
    found["Python"] = best(lambda: names["mandelbrot"](small, LIMIT), 3) * scale
    return found


def compilation() -> dict[str, float]:
    x = np.zeros(1, "float32")

    def compile_one(number: int) -> float:
        start = time.perf_counter()
        jit.vectorize(TWENTY_LINES.replace("NUMBER", str(number)))(x, x, 100)
        return time.perf_counter() - start

    first, *later = (1000 * compile_one(number) for number in range(12))
    return {"first": first, "usual": sorted(later)[len(later) // 2], "slowest": max(later)}


def main() -> None:
    module, text = sys.argv[1:3]
    found = {
        "elementwise": elementwise(),
        "loops": loops(base64.b64decode(module), base64.b64decode(text).decode()),
        "compilation": compilation(),
    }
    print(json.dumps(found))


main()
