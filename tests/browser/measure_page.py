"""Time the page in Chromium with an empty profile: ``python tests/browser/measure_page.py``.

Prints the times of three runs, then a JSON object of their medians on the last line:
``cold_open_seconds``, from opening the page to the spectrogram of the bundled sample, and ``minute_file_seconds``, from
handing a file of 60 s (mono, 44.1 kHz, 16 bits) to the page to its spectrogram.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from array import array
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

import webpage  # noqa: E402
from tests.browser import chromium  # noqa: E402
from tests.browser.conftest import wav_bytes  # noqa: E402

RUNS = 3


def minute_of_noise() -> bytes:
    rng = Random(5)
    return wav_bytes(array("h", (rng.randrange(-8000, 8000) for _ in range(60 * 44100))).tobytes())


def one_run(address: str, minute: Path) -> tuple[float, float]:
    """Both times, in a browser that was never used."""
    with chromium.launched() as browser, chromium.guarded_context(browser) as (context, foreign):
        page = context.new_page()
        start = time.perf_counter()
        page.goto(address)
        page.wait_for_function("document.body.dataset.firstPicture", timeout=120_000)
        cold = time.perf_counter() - start
        start = time.perf_counter()
        page.set_input_files("#file", str(minute))
        page.wait_for_function("name => document.body.dataset.shown === name", arg=minute.name, timeout=120_000)
        file = time.perf_counter() - start
        inside = float(page.evaluate("document.body.dataset.analysed")) / 1000
        print(f"cold open {cold:.2f} s, 60 s file {file:.2f} s (of which in Python {inside:.2f} s)")
        assert not foreign, foreign
    return cold, file


def main() -> None:
    folder = webpage.assemble()
    minute = folder.parent / "minute.wav"
    minute.write_bytes(minute_of_noise())
    with webpage.serving(folder) as address:
        runs = [one_run(address, minute) for _ in range(RUNS)]
    cold, file = (statistics.median(times) for times in zip(*runs, strict=True))
    print(json.dumps({"cold_open_seconds": round(cold, 3), "minute_file_seconds": round(file, 3)}))


if __name__ == "__main__":
    main()
