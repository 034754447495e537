"""The page's sound package on the desktop: files of every kind, damaged ones, levels, the command."""

from __future__ import annotations

import contextlib
import math
import random
import struct
import sys
from array import array
from pathlib import Path

import pytest

import wasmnp

AUDIO = Path(__file__).resolve().parents[3] / "site" / "audio"
sys.path.insert(0, str(AUDIO))

import wasmnp_audio  # noqa: E402
from wasmnp_audio import AudioFileError, analyse, decibels, read_wav  # noqa: E402
from wasmnp_audio.__main__ import main  # noqa: E402
from wasmnp_audio.page import picture_of, ticks  # noqa: E402

SAMPLE = AUDIO.parent / "sample.wav"


def wave_file(samples: bytes, rate: int = 8000, channels: int = 1, bits: int = 16, code: int = 1) -> bytes:
    block = channels * bits // 8
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, code, channels, rate, rate * block, block, bits)
    body = head + struct.pack("<4sI", b"data", len(samples)) + samples
    return struct.pack("<4sI4s", b"RIFF", 4 + len(body), b"WAVE") + body


def encoded(values: list[float], bits: int, is_float: bool) -> bytes:
    if is_float:
        return array("f" if bits == 32 else "d", values).tobytes()
    if bits == 8:
        return bytes(round(128 + 127 * value) for value in values)
    top = 2 ** (bits - 1) - 1
    return b"".join(round(value * top).to_bytes(bits // 8, "little", signed=True) for value in values)


def sine(hertz: float, rate: int, frames: int, amplitude: float = 0.5) -> list[float]:
    return [amplitude * math.sin(2 * math.pi * hertz * i / rate) for i in range(frames)]


@pytest.mark.parametrize(
    ("bits", "is_float"), [(8, False), (16, False), (24, False), (32, False), (32, True), (64, True)]
)
@pytest.mark.parametrize("channels", [1, 2, 5])
def test_samples_of_every_format(bits, is_float, channels):
    rng = random.Random(bits)
    values = [rng.uniform(-1, 1) for _ in range(100 * channels)]
    values[:2] = [-1.0, 1.0]
    data = wave_file(encoded(values, bits, is_float), 8000, channels, bits, 3 if is_float else 1)
    recording = read_wav(data)
    assert (recording.frames, recording.channels, recording.rate) == (100, channels, 8000)
    error = 1e-7 if is_float else 1.6 / 2 ** (bits - 1)
    got = recording.channels_between(0, 100).tolist()
    assert [value for frame in got for value in frame] == pytest.approx(values, abs=error)
    mono = recording.mono(-3, 103).tolist()
    assert mono[:3] == mono[-3:] == [0.0, 0.0, 0.0]
    means = [sum(frame) / channels for frame in got]
    assert mono[3:-3] == pytest.approx(means, abs=1e-15)


def test_extensible_header_odd_chunks_and_unknown_sizes():
    head = struct.pack("<HHIIHHHHIH", 0xFFFE, 1, 8000, 24000, 3, 24, 22, 24, 4, 1)
    head += bytes.fromhex("000000001000800000aa00389b71")
    samples = encoded([0.25] * 7, 24, False)
    for announced in (len(samples), 0xFFFFFFFF):
        body = b"LIST" + struct.pack("<I", 5) + b"hello\0" + b"fmt " + struct.pack("<I", len(head)) + head
        body += b"data" + struct.pack("<I", announced) + samples
        recording = read_wav(b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body)
        assert recording.frames == 7 and recording.bits == 24 and recording.note == ""
        assert recording.mono(0, 7).tolist() == pytest.approx([0.25] * 7, abs=1e-6)


def test_any_damage_is_an_audio_file_error():
    whole = wave_file(encoded(sine(440, 8000, 400), 16, False))
    for cut in range(len(whole)):
        try:
            analyse(read_wav(whole[:cut]))
        except AudioFileError as error:
            assert str(error).endswith(".")
    rng = random.Random(2)
    for _ in range(500):
        damaged = bytearray(whole)
        for _ in range(3):
            damaged[rng.randrange(60)] = rng.randrange(256)
        with contextlib.suppress(AudioFileError):
            analyse(read_wav(bytes(damaged)), columns=20)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"hello world, no sound", "RIFF WAVE"),
        (b"fLaC" + bytes(50), "FLAC"),
        (wave_file(b""), "no samples"),
        (wave_file(bytes(8), code=17, bits=16), "compressed"),
        (wave_file(bytes(8), bits=20), "20-bit"),
        (wave_file(bytes(8), rate=0), "damaged"),
        (b"RIFF\x04\0\0\0WAVE", "no format chunk"),
    ],
)
def test_messages_say_what_is_wrong(data, word):
    with pytest.raises(AudioFileError, match=word):
        read_wav(data)


def test_samples_that_are_not_numbers():
    for bad in (math.nan, math.inf):
        data = wave_file(encoded([0.1] * 50 + [bad] + [0.1] * 50, 32, True), bits=32, code=3)
        with pytest.raises(AudioFileError, match="not finite"):
            analyse(read_wav(data))


def test_decibels_are_accurate():
    rng = random.Random(3)
    values = [10.0 ** rng.uniform(-9, 9) for _ in range(2000)] + [1.0, 2.0, 0.5, 1.9999999, 1e-299]
    got = decibels(wasmnp.array(values), floor=-5990.0).tolist()
    for value, level in zip(values, got, strict=True):
        assert abs(level - 20 * math.log10(value)) < 1.2e-5
    assert decibels(wasmnp.array([0.0, 1e-30])).tolist() == pytest.approx([-200.0] * 2, abs=1e-4)


@pytest.mark.parametrize("frames", [1, 2, 100, 511, 1024, 5000, 44100, 300_000])
def test_levels_of_a_tone(frames):
    rate = 44100
    values = sine(rate / 1024 * 100, rate, frames)
    picture = analyse(read_wav(wave_file(encoded(values, 16, False), rate)))
    columns, bins = picture.levels.shape
    assert columns == min(columns, 1000) and bins == 513
    assert (columns - 1) * picture.column_seconds < picture.seconds <= columns * picture.column_seconds + 1e-9
    if frames >= 5000:
        assert picture.loudest_hertz == pytest.approx(rate / 1024 * 100)
        assert picture.peak == pytest.approx(-6.02, abs=0.02) and picture.rms == pytest.approx(-9.03, abs=0.02)
        middle = picture.levels[columns // 2].tolist()
        assert middle[100] == pytest.approx(-6.02, abs=0.02)
        assert max(middle[:90]) < -85
    loudest = max(abs(value) for value in values)
    extremes = max(float(picture.highest.max()), -float((-picture.lowest).max() * -1))
    assert extremes == pytest.approx(loudest, abs=1e-4)


def test_page_dictionary():
    fractions: list[float] = []
    result = picture_of(SAMPLE.read_bytes(), fractions.append)
    assert len(result["pixels"]) == result["columns"] * result["bins"]
    assert max(result["pixels"]) == 255
    assert len(result["lowest"]) == len(result["highest"]) == 4 * result["columns"]
    assert fractions == sorted(fractions) and fractions[-1] == 1.0
    assert result["facts"]["Rate"] == "16,000 Hz" and result["note"] == ""
    for key in ("time_ticks", "frequency_ticks", "level_ticks"):
        assert all(0 <= at <= 1 + 1e-9 for at, _ in result[key]) and len(result[key]) > 1


def test_ticks():
    assert ticks(5.0, 8) == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    assert ticks(0.03, 4) == [0.0, 0.01, 0.02, 0.03]
    assert all(len(ticks(span / 7, 6)) <= 7 for span in range(1, 500))


def test_command(capsys, tmp_path):
    assert main([str(SAMPLE)]) == 0
    assert "5.00 s, 16000 Hz, 1 channel(s), 16-bit PCM" in capsys.readouterr().out
    bad = tmp_path / "bad.wav"
    bad.write_bytes(b"")
    assert main([str(bad)]) == 1
    assert "The file is empty." in capsys.readouterr().err


def test_only_wasmnp_computes():
    for source in (AUDIO / "wasmnp_audio").glob("*.py"):
        assert "numpy" not in source.read_text().replace("wasmnp", "")
    assert wasmnp_audio.analysis.np is wasmnp
