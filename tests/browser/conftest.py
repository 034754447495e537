"""Fixtures: the assembled site on a local server, Chromium, a page with Python in it, sound files."""

from __future__ import annotations

import json
import struct
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from . import chromium

RECORDING = Path("/usr/share/sounds/alsa/Front_Center.wav")


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """Address of the assembled page, ending in a slash."""
    import webpage

    with webpage.serving(webpage.assemble()) as address:
        yield address


@pytest.fixture(scope="session")
def browser():
    with chromium.launched() as launched:
        yield launched


@pytest.fixture
def page(browser):
    """An empty page of a fresh profile; the test fails if anything asked for something beyond this machine."""
    with chromium.guarded_context(browser, viewport={"width": 1200, "height": 1000}) as (context, foreign):
        yield context.new_page()
        assert not foreign, f"requests left this machine: {foreign}"


# Starts Python, and runs code in it: gives ["ok", the JSON of what the last expression is] or ["error", a text].
_PYTHON = """
const started = async (site, wheel) => {
  const {loadPyodide} = await import(site + "pyodide/pyodide.mjs");
  const python = await loadPyodide({indexURL: site + "pyodide/", packages: ["micropip"]});
  await python.pyimport("micropip").install(site + wheel);
  return python;
};
const evaluated = async (python, entry, code) => {
  try {
    await python[entry](code);
    return ["ok", python.runPython("import json; json.dumps(__result)")];
  } catch (error) { return ["error", String(error.message)]; }
};
"""
_IN_PAGE = (
    _PYTHON
    + """
window.python = await started(...given);
window.evaluate = (entry, code) => evaluated(python, entry, code);
"""
)
_WORKER = (
    _PYTHON
    + """
let python;
self.onmessage = async ({data: [entry, code]}) => {
  try {
    python ??= await started(...given);
    postMessage(await evaluated(python, entry, code));
  } catch (error) { postMessage(["error", String(error.message)]); }
};
"""
)
_IN_WORKER = """([given, source]) => {
  const text = `const given = ${JSON.stringify(given)};\n${source}`;
  const worker = new Worker(URL.createObjectURL(new Blob([text], {type: "text/javascript"})), {type: "module"});
  window.evaluate = (entry, code) => new Promise((done, failed) => {
    worker.onmessage = ({data}) => done(data);
    worker.onerror = ({message}) => failed(new Error(message));
    worker.postMessage([entry, code]);
  });
}"""


class Python:
    """Pyodide in a page or in a Web Worker of it, with wasmnp installed by micropip from the page's own server."""

    def __init__(self, page, site: str, *, worker: bool = False) -> None:
        self.page = page
        page.goto(site + "manifest.json")
        given = [site, json.loads(page.evaluate("async () => (await fetch('manifest.json')).text()"))["wheel"]]
        if worker:
            page.evaluate(_IN_WORKER, [given, _WORKER])
        else:
            page.evaluate("async (given) => {" + _IN_PAGE + "}", given)

    def answer(self, code: str, entry: str = "runPythonAsync") -> tuple[str, Any]:
        """Run Python code by a function of Pyodide: ``("ok", what its last expression is)`` or ``("error", text)``."""
        program = textwrap.dedent(code).strip().split("\n")
        program[-1] = f"__result = {program[-1]}"
        kind, text = self.page.evaluate("([entry, code]) => evaluate(entry, code)", [entry, "\n".join(program)])
        return kind, json.loads(text) if kind == "ok" else chromium.readable(text)

    def run(self, code: str) -> Any:
        """Run Python code; gives what its last expression is, which must be JSON."""
        kind, result = self.answer(code)
        assert kind == "ok", result
        return result


@pytest.fixture(scope="session")
def python(browser, site) -> Iterator[Python]:
    with chromium.guarded_context(browser) as (context, foreign):
        yield Python(context.new_page(), site)
        assert not foreign, f"requests left this machine: {foreign}"


@pytest.fixture(scope="session")
def worker_python(browser, site) -> Iterator[Python]:
    """Python in a Web Worker."""
    with chromium.guarded_context(browser) as (context, foreign):
        yield Python(context.new_page(), site, worker=True)
        assert not foreign, f"requests left this machine: {foreign}"


@pytest.fixture(scope="session")
def recording() -> Path:
    """A real recording of a voice, from Debian's alsa-utils."""
    if not RECORDING.exists():
        pytest.fail(f"{RECORDING} is not installed (Debian package alsa-utils)")
    return RECORDING


def wav_bytes(samples: bytes, *, rate: int = 44100, channels: int = 1, bits: int = 16, code: int = 1) -> bytes:
    """A WAVE file around samples."""
    block = channels * bits // 8
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, code, channels, rate, rate * block, block, bits)
    body = head + struct.pack("<4sI", b"data", len(samples)) + samples
    return struct.pack("<4sI4s", b"RIFF", 4 + len(body), b"WAVE") + body
