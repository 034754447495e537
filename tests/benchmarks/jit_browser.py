"""wasmnp.jit in Pyodide, in node and in Chromium, beside C++: `python tools/dev.py bench jit [node] [chromium]`.

What run-time code is compared with is compiled from the same tree: the loop of a fractal from C++, and a wheel in which
the elementwise expression is a built-in kernel. Leaves with status 1 where a bar does not hold.
"""

from __future__ import annotations

import argparse
import base64
import inspect
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import builds
import pyodide
from environment import BUILD, ROOT
from tests.benchmarks import fractal
from tests.benchmarks.skeleton import Figure, report

HERE = Path(__file__).resolve().parent
PROGRAM = HERE / "jit_program.py"
COPIED = ("jit", "kernels", "native", "tools", "wasmnp", "webgpu", "meson.build", "meson.options", "pyproject.toml",
          "README.md", "LICENSE", "package.json", "package-lock.json")  # fmt: skip


def compiled_fractal() -> bytes:
    """mandelbrot.cpp as a WebAssembly module."""
    target = BUILD / "mandelbrot.wasm"
    features = "generic+simd128+bulk_memory+nontrapping_fptoint"
    subprocess.run(
        [sys.executable, "-m", "ziglang", "c++", "-target", "wasm32-freestanding", "-nostdlib", "-O3", "-Xclang", "-O3",
         "-ffp-contract=off", f"-mcpu={features}", "-Wl,--no-entry", "-Wl,--import-memory", "-Wl,--export=entry",
         "-Wl,--strip-all", HERE / "mandelbrot.cpp", "-o", target], check=True)  # fmt: skip
    return target.read_bytes()


def wheel_with_kernel() -> Path:
    """The WebAssembly wheel of a copy of this tree that has the kernel of wave_kernel.py."""
    tree = BUILD / "tree-with-wave"
    for name in COPIED:
        source, target = ROOT / name, tree / name
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    shutil.copy2(HERE / "wave_kernel.py", tree / "kernels" / "elementwise" / "wave.py")
    if not (tree / "node_modules").exists():
        (tree / "node_modules").symlink_to(builds.require_node_modules())
    options = builds.settings(BUILD / "wheel-with-wave", target="pyodide")
    sources = (*builds.SOURCES, str(HERE / "wave_kernel.py"))
    return builds.fresh_wheel("with-wave", sources, ["--no-build-isolation", *options, tree])


def arguments() -> list[str]:
    text = inspect.getsource(fractal)
    return [base64.b64encode(data).decode() for data in (compiled_fractal(), text.encode())]


def in_node(wheel: Path) -> dict:
    """What the program measures in Pyodide in node."""
    text = pyodide.python_output(PROGRAM, arguments(), folder=pyodide.distribution(), wheels=[wheel])
    return json.loads(text.splitlines()[-1])


def in_chromium(wheel: Path) -> dict:
    """The same in a page."""
    import webpage
    from tests.browser import chromium

    site = BUILD / "jit-site"
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(pyodide.distribution(), site / "pyodide")
    shutil.copy2(wheel, site)
    (site / "index.html").write_text("<!doctype html><title>wasmnp.jit</title>")
    with (
        webpage.serving(site) as address,
        chromium.launched() as browser,
        chromium.guarded_context(browser) as (context, foreign),
    ):
        page = context.new_page()
        page.goto(address)
        answer = page.evaluate(
            """async ([wheel, source, words]) => {
              const {loadPyodide} = await import(new URL("pyodide/pyodide.mjs", location.href).href);
              let printed = "";
              const python = await loadPyodide({indexURL: new URL("pyodide/", location.href).href,
                                                stdout: (text) => { printed = text; }});
              await python.loadPackage(new URL(wheel, location.href).href);
              python.globals.set("words", python.toPy(words));
              python.runPython("import sys; sys.argv = ['program', *words]");
              python.runPython(source);
              return printed;
            }""",
            [wheel.name, PROGRAM.read_text(), arguments()],
        )
        assert not foreign, foreign
    return json.loads(answer)


def figures(place: str, found: dict) -> Iterator[Figure]:
    times, loops = found["elementwise"], found["loops"]
    note = f"{times['fused']:.2f} ms"
    yield Figure(f"{place}: @vectorize by the built-in kernel", times["built in"] / times["fused"], 0.9, "x", True,
                 f"{note}, built in {times['built in']:.2f} ms")  # fmt: skip
    yield Figure(f"{place}: @vectorize by the unfused expression", times["unfused"] / times["fused"], 1.4, "x", True,
                 f"{note}, unfused {times['unfused']:.2f} ms")  # fmt: skip
    note = f"{loops['jit']:.1f} ms"
    yield Figure(f"{place}: @jit fractal by the Python loop", loops["Python"] / loops["jit"], 100, "x", True,
                 f"{note}, Python {loops['Python']:.0f} ms")  # fmt: skip
    yield Figure(f"{place}: @jit fractal by C++ in WebAssembly", loops["C++"] / loops["jit"], 0.7, "x", True,
                 f"{note}, C++ {loops['C++']:.1f} ms")  # fmt: skip
    times = found["compilation"]
    yield Figure(f"{place}: compiling 20 lines, after the first", times["usual"], 15, "ms", False,
                 f"median of eleven; slowest {times['slowest']:.1f} ms, first {times['first']:.0f} ms")  # fmt: skip


PLACES = {"node": in_node, "chromium": in_chromium}


def main() -> None:
    parser = argparse.ArgumentParser(prog="dev.py bench jit", description=__doc__)
    parser.add_argument("places", nargs="*", metavar="PLACE", help="node or chromium; both where none is named")
    options = parser.parse_args()
    wheel = wheel_with_kernel()
    report(figure for name in options.places or PLACES for figure in figures(name, PLACES[name](wheel)))


if __name__ == "__main__":
    main()
