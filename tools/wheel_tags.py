"""The last step of a wheel build: tags, best compression; for browsers, wasm-opt where it is there and slim sources."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from slim_sources import archive_entry, slim_package

PYTHON_TAG = "cp311"  # lowest Python; agrees with limited_api in meson.build
ROOT = Path(__file__).resolve().parent.parent
WASM_FEATURES = (
    "--enable-simd", "--enable-bulk-memory", "--enable-sign-ext",
    "--enable-nontrapping-float-to-int", "--enable-mutable-globals",
)  # fmt: skip


def wasm_opt() -> str | None:
    """Binaryen's optimizer: $WASM_OPT, from `npm ci`, or on PATH. Builds work without it."""
    local = ROOT / "node_modules" / ".bin" / "wasm-opt"
    return os.environ.get("WASM_OPT") or (str(local) if local.exists() else shutil.which("wasm-opt"))


def optimize_module(data: bytes) -> bytes:
    """A side module after wasm-opt, or unchanged where wasm-opt is not installed."""
    tool = wasm_opt()
    if not tool:
        return data
    with tempfile.TemporaryDirectory() as temporary:
        before, after = Path(temporary, "before.wasm"), Path(temporary, "after.wasm")
        before.write_bytes(data)
        subprocess.run([tool, "-O3", *WASM_FEATURES, str(before), "-o", str(after)], check=True)
        return after.read_bytes()


def record_row(name: str, data: bytes) -> list[str]:
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return [name, f"sha256={digest}", str(len(data))]


def finish_wheel(wheel: Path, platforms: Sequence[str] | None, for_browsers: bool) -> Path:
    """Rewrite `wheel` with the tags cp311-abi3-PLATFORMS (its own platform where None); gives the new path.

    What browsers download is made small: the extension by wasm-opt, the sources by :mod:`.slim_sources`.
    """
    distribution, version, _, abi, platform = wheel.stem.split("-")
    platforms = platforms or platform.split(".")
    result = wheel.with_name(f"{distribution}-{version}-{PYTHON_TAG}-{abi}-{'.'.join(platforms)}.whl")
    information = f"{distribution}-{version}.dist-info/"
    record: list[list[str]] = []
    buffer = io.BytesIO()
    with zipfile.ZipFile(wheel) as source:
        # A working tree that was imported holds byte code; wheels do not.
        files = {
            name: source.read(name)
            for name in source.namelist()
            if name != information + "RECORD" and "__pycache__" not in name
        }
    if for_browsers:
        files = slim_package(files)
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as destination:
        for name, data in files.items():
            if name == information + "WHEEL":
                lines = [line for line in data.decode().splitlines() if line and not line.startswith("Tag:")]
                data = ("\n".join(lines + [f"Tag: {PYTHON_TAG}-{abi}-{tag}" for tag in platforms]) + "\n").encode()
            elif for_browsers and name.endswith(".so"):
                data = optimize_module(data)
            destination.writestr(archive_entry(name), data, zipfile.ZIP_DEFLATED, 9)
            record.append(record_row(name, data))
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([*record, [information + "RECORD", "", ""]])
        destination.writestr(archive_entry(information + "RECORD"), text.getvalue(), zipfile.ZIP_DEFLATED, 9)
    wheel.unlink()
    result.write_bytes(buffer.getvalue())
    return result
