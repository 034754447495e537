"""The page from end to end: sample, a real recording, every sample format, files that are no sound."""

from __future__ import annotations

import math
import struct
from array import array

import pytest

from .conftest import wav_bytes

SHOTS = "build/screenshots"


def open_page(page, site: str) -> None:
    messages: list[str] = []
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.goto(site)
    page.wait_for_function("document.body.dataset.shown || !document.getElementById('error').hidden", timeout=60_000)
    assert page.locator("#error").is_hidden(), page.locator("#error").inner_text()
    assert not messages


def choose(page, name: str, contents: bytes) -> None:
    page.set_input_files("#file", {"name": name, "mimeType": "audio/wav", "buffer": contents})


def shown(page, name: str) -> dict[str, str]:
    """Waits until a file is shown; gives the facts under the pictures."""
    page.wait_for_function("name => document.body.dataset.shown === name", arg=name, timeout=30_000)
    return dict(zip(page.locator("dt").all_inner_texts(), page.locator("dd").all_inner_texts(), strict=True))


def complaint(page) -> str:
    page.wait_for_selector("#error:not([hidden])", timeout=30_000)
    return page.locator("#error").inner_text()


def drawn_colours(page, canvas: str) -> int:
    """How many different colours a canvas shows."""
    return page.evaluate(
        """id => { const c = document.getElementById(id);
          const words = new Uint32Array(c.getContext("2d").getImageData(0, 0, c.width, c.height).data.buffer);
          return new Set(words).size; }""",
        canvas,
    )


@pytest.fixture(scope="module")
def opened(browser, site):
    """One page with Python ready, for all the files that follow."""
    from . import chromium

    with chromium.guarded_context(browser, viewport={"width": 1200, "height": 1000}) as (context, foreign):
        page = context.new_page()
        open_page(page, site)
        yield page
        assert not foreign, f"requests left this machine: {foreign}"


def test_sample_is_shown_without_asking(opened):
    facts = shown(opened, "Bundled sample")
    assert facts["Length"] == "5.00 s" and facts["Rate"] == "16,000 Hz"
    assert drawn_colours(opened, "spectrogram") > 100
    assert drawn_colours(opened, "waveform") > 3
    opened.screenshot(path=f"{SHOTS}/sample.png", full_page=True)


def test_real_recording(opened, recording):
    choose(opened, recording.name, recording.read_bytes())
    facts = shown(opened, recording.name)
    assert facts["Rate"] == "48,000 Hz" and facts["Samples"] == "16-bit PCM" and facts["Channels"] == "1"
    assert 1.0 < float(facts["Length"].split()[0]) < 2.0
    assert drawn_colours(opened, "spectrogram") > 100
    opened.screenshot(path=f"{SHOTS}/recording.png", full_page=True)


def test_dropped_file(opened):
    tone = array("h", (int(12000 * math.sin(2 * math.pi * 1000 * i / 8000)) for i in range(8000)))
    opened.evaluate(
        """bytes => { const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(bytes)], "dropped.wav", {type: "audio/wav"}));
          window.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true})); }""",
        list(wav_bytes(tone.tobytes(), rate=8000)),
    )
    assert shown(opened, "dropped.wav")["Strongest"] == "1,000 Hz"


def tone_as(bits: int, is_float: bool, frames: int = 4096, channels: int = 2) -> bytes:
    """A sine of half of full scale, 1 kHz at 16 kHz, in all channels."""
    values = [0.5 * math.sin(2 * math.pi * i / 16) for i in range(frames) for _ in range(channels)]
    if is_float:
        return array("f" if bits == 32 else "d", values).tobytes()
    if bits == 8:
        return bytes(round(128 + 127 * v) for v in values)
    scaled = (round(v * (2 ** (bits - 1) - 1)) for v in values)
    return b"".join(v.to_bytes(bits // 8, "little", signed=True) for v in scaled)


@pytest.mark.parametrize(
    ("bits", "is_float"), [(8, False), (16, False), (24, False), (32, False), (32, True), (64, True)]
)
def test_sample_formats(opened, bits, is_float):
    name = f"{bits}{is_float}.wav"
    contents = wav_bytes(tone_as(bits, is_float), rate=16000, channels=2, bits=bits, code=3 if is_float else 1)
    choose(opened, name, contents)
    facts = shown(opened, name)
    assert facts["Strongest"] == "1,000 Hz" and facts["Channels"] == "2"
    assert facts["Peak"] in ("-6.0 dBFS", "-6.1 dBFS") and facts["RMS"] in ("-9.0 dBFS", "-9.1 dBFS")


BAD_FILES = {
    "empty.wav": (b"", "empty"),
    "text.wav": (b"hello, this is no sound at all", "RIFF WAVE"),
    "music.wav": (b"OggS" + bytes(100), "Ogg"),
    "stub.wav": (b"RIFF", "cut off"),
    "headless.wav": (b"RIFF\x04\x00\x00\x00WAVE", "no format chunk"),
    "silent.wav": (wav_bytes(b""), "no samples"),
    "adpcm.wav": (wav_bytes(bytes(64), code=2, bits=16), "compressed"),
    "bits.wav": (wav_bytes(bytes(64), bits=12), "12-bit"),
    "nan.wav": (wav_bytes(array("f", [math.nan] * 64).tobytes(), bits=32, code=3), "not finite"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_files_get_a_clear_message(opened, name):
    contents, word = BAD_FILES[name]
    choose(opened, name, contents)
    opened.wait_for_function(
        "name => document.getElementById('error').textContent.startsWith(name)", arg=name, timeout=30_000
    )
    message = complaint(opened)
    assert message.startswith(f"{name}: ") and word in message
    assert "Traceback" not in message and "Error" not in message
    if name == "text.wav":
        opened.screenshot(path=f"{SHOTS}/bad-file.png", full_page=True)


def test_a_truncated_file_is_shown_with_a_note(opened):
    whole = wav_bytes(tone_as(16, False))
    choose(opened, "cut.wav", whole[: len(whole) // 2])
    shown(opened, "cut.wav")
    assert "cut off" in complaint(opened)


def test_extensible_format_and_odd_chunks(opened):
    tail = bytes.fromhex("000000001000800000aa00389b71")
    head = struct.pack("<HHIIHHHHIH", 0xFFFE, 2, 16000, 64000, 4, 16, 22, 16, 3, 1) + tail
    samples = tone_as(16, False)
    body = b"LIST" + struct.pack("<I", 3) + b"abc\0" + b"fmt " + struct.pack("<I", 40) + head
    body += b"data" + struct.pack("<I", len(samples)) + samples
    choose(opened, "extensible.wav", b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body)
    assert shown(opened, "extensible.wav")["Strongest"] == "1,000 Hz"


def test_keyboard(opened):
    opened.focus("#sample")
    opened.keyboard.press("Enter")
    shown(opened, "Bundled sample")
    opened.keyboard.press("Shift+Tab")
    assert opened.evaluate("document.activeElement.id") == "pick"


def test_narrow_dark_screen(browser, site):
    from . import chromium

    options = {"viewport": {"width": 380, "height": 800}, "color_scheme": "dark", "device_scale_factor": 2}
    with chromium.guarded_context(browser, **options) as (context, foreign):
        page = context.new_page()
        open_page(page, site)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.screenshot(path=f"{SHOTS}/narrow-dark.png", full_page=True)
        assert not foreign
