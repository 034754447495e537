"""Makes sample.wav, the page's bundled recording: ``python site/make_sample.py``.

Five seconds of 16-bit mono, synthesised here and in the public domain (CC0): a rising sweep, four plucked notes, a
vowel-like tone that glides, and clicks. Only the standard library is used, and the output is always the same.
"""

from __future__ import annotations

import math
import random
import struct
import wave
from pathlib import Path

RATE = 16000
SECONDS = 5.0


def sweep(t: float) -> float:
    """An exponential sweep from 100 Hz to 7 kHz in the first 1.4 seconds."""
    if t > 1.4:
        return 0.0
    growth = math.log(70.0) / 1.4
    return 0.35 * math.sin(math.pi * t / 1.4) * math.sin(2 * math.pi * 100 / growth * (math.exp(growth * t) - 1))


def pluck(t: float, hertz: float) -> float:
    """A decaying note with twelve harmonics."""
    if not 0 <= t < 1.2:
        return 0.0
    return sum(
        math.exp(-t * (3 + 1.2 * k)) / k * math.sin(2 * math.pi * hertz * k * t) for k in range(1, 13)
    ) * min(1.0, t * 200)  # fmt: skip


def vowel(t: float) -> float:
    """Harmonics of a gliding voice under two moving formants."""
    if not 0 <= t < 1.5:
        return 0.0
    pitch = 130 + 25 * math.sin(2 * math.pi * 1.1 * t)
    phase = 2 * math.pi * (130 * t - 25 / (2 * math.pi * 1.1) * (math.cos(2 * math.pi * 1.1 * t) - 1))
    formants = (350 + 400 * t / 1.5, 2200 - 1000 * t / 1.5)
    total = 0.0
    for k in range(1, 30):
        weight = sum(math.exp(-(((k * pitch - formant) / 180) ** 2)) for formant in formants) + 0.02
        total += weight * math.sin(k * phase)
    return 0.25 * total * math.sin(math.pi * t / 1.5) ** 0.5


def main() -> None:
    noise = random.Random(1)
    samples = []
    for i in range(int(RATE * SECONDS)):
        t = i / RATE
        value = sweep(t)
        value += 0.3 * sum(pluck(t - 1.4 - 0.3 * k, hertz) for k, hertz in enumerate((261.6, 329.6, 392.0, 523.3)))
        value += vowel(t - 3.1)
        click = (t - 4.6) % 0.1
        if t >= 4.6:
            value += 0.5 * math.exp(-click * 300) * noise.uniform(-1, 1)
        value += noise.gauss(0, 0.0004)
        samples.append(round(max(-1.0, min(1.0, 0.8 * value)) * 32767))
    with wave.open(str(Path(__file__).with_name("sample.wav")), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))


if __name__ == "__main__":
    main()
