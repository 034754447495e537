"""The demo pages as one folder, and a server for it: pages, Pyodide and wheels under one origin.

build/site/                the files of site/ (without the audio package)
build/site/pyodide/        the local Pyodide distribution
build/site/wheels/         the WebAssembly wheel of wasmnp and the wheel of the audio package
build/site/manifest.json   {"wheel": "wheels/...", "audio_wheel": "wheels/..." or null}
"""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import builds
import pyodide
from environment import BUILD, ROOT


def assemble() -> Path:
    """Build everything that the page needs and lay it out in build/site; gives that folder."""
    wheel, audio_wheel, distribution = builds.build_wheel("pyodide"), builds.build_audio_wheel(), pyodide.distribution()
    folder = BUILD / "site"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "site", folder, ignore=shutil.ignore_patterns("audio", "__pycache__"))
    shutil.copytree(distribution, folder / "pyodide", ignore=shutil.ignore_patterns(".recipe"))
    (folder / "wheels").mkdir()
    manifest: dict[str, str | None] = {"wheel": None, "audio_wheel": None}
    for key, path in (("wheel", wheel), ("audio_wheel", audio_wheel)):
        if path is not None:
            shutil.copy2(path, folder / "wheels")
            manifest[key] = f"wheels/{path.name}"
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    return folder


class Handler(SimpleHTTPRequestHandler):
    """Files with the types that browsers insist on, never cached, and usable from another port."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".wasm": "application/wasm",
        ".mjs": "text/javascript",
        ".js": "text/javascript",
        ".whl": "application/zip",
        ".wav": "audio/wav",
    }

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[str]:
    """Serve `folder` on loopback from a thread; gives the address, such as http://127.0.0.1:8000/."""
    server = ThreadingHTTPServer(("127.0.0.1", port), lambda *a: Handler(*a, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


def serve(port: int) -> None:
    """Build all, then serve the page until interrupted."""
    folder = assemble()
    with serving(folder, port) as address:
        print(f"wasmnp is served at {address} (Ctrl-C stops)", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print()
