"""The last step of a wheel build: tags, wasm-opt where it is installed, best compression."""

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


def finish_wheel(wheel: Path, platforms: Sequence[str] | None, optimize_wasm: bool) -> Path:
    """Rewrite `wheel` with the tags cp311-abi3-PLATFORMS (its own platform where None); gives the new path."""
    distribution, version, _, abi, platform = wheel.stem.split("-")
    platforms = platforms or platform.split(".")
    result = wheel.with_name(f"{distribution}-{version}-{PYTHON_TAG}-{abi}-{'.'.join(platforms)}.whl")
    information = f"{distribution}-{version}.dist-info/"
    record: list[list[str]] = []
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(wheel) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as destination,
    ):
        for entry in source.infolist():
            # A working tree that was imported holds byte code; wheels do not.
            if entry.filename == information + "RECORD" or "__pycache__" in entry.filename:
                continue
            data = source.read(entry)
            if entry.filename == information + "WHEEL":
                lines = [line for line in data.decode().splitlines() if line and not line.startswith("Tag:")]
                data = ("\n".join(lines + [f"Tag: {PYTHON_TAG}-{abi}-{name}" for name in platforms]) + "\n").encode()
            elif optimize_wasm and entry.filename.endswith(".so"):
                data = optimize_module(data)
            destination.writestr(entry, data, zipfile.ZIP_DEFLATED, 9)
            record.append(record_row(entry.filename, data))
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([*record, [information + "RECORD", "", ""]])
        destination.writestr(information + "RECORD", text.getvalue())
    wheel.unlink()
    result.write_bytes(buffer.getvalue())
    return result
