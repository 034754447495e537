"""What the page's worker calls: bytes in, plain numbers and bytes for the canvases out."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from .analysis import analyse
from .wav import read_wav


def ticks(span: float, most: int) -> list[float]:
    """Round numbers from 0 to `span`: steps of 1, 2 or 5 times a power of ten, at most `most` of them.

    Examples
    --------
    >>> ticks(1.4, 5)
    [0.0, 0.5, 1.0]
    """
    raw = span / most
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw)
    return [round(i * step, 12) for i in range(int(span / step + 1e-9) + 1)]


def picture_of(data: Any, progress: Callable[[float], None] | None = None) -> dict[str, Any]:
    """
    Read a WAVE file and compute everything that the page shows.

    Parameters
    ----------
    data : bytes-like
        The file.
    progress : callable, optional
        Called with the fraction done.

    Returns
    -------
    dict
        Texts, axis ticks (value, label), sizes, the waveform's extremes (float32 pairs: lowest, highest of each
        column) and the spectrogram's pixels (uint8, rows from high to low frequencies).
    """
    recording = read_wav(data)
    picture = analyse(recording, progress=progress)
    columns, bins = picture.levels.shape
    extremes = picture.lowest.astype("f4").tobytes(), picture.highest.astype("f4").tobytes()
    width = columns * picture.column_seconds
    span = 90.0
    top = float(picture.levels.max())
    unit, factor = ("kHz", 1000.0) if picture.nyquist >= 2000 else ("Hz", 1.0)
    time_unit, time_factor = ("s", 1.0) if picture.seconds >= 0.5 else ("ms", 1e-3)
    facts = {
        "Length": f"{picture.seconds:.2f} s",
        "Rate": f"{recording.rate:,} Hz",
        "Channels": str(recording.channels),
        "Samples": recording.format_name,
        "Peak": f"{picture.peak:.1f} dBFS",
        "RMS": f"{picture.rms:.1f} dBFS",
        "Strongest": f"{picture.loudest_hertz:,.0f} Hz",
        "Spectra": f"{picture.size} points, Hann window",
    }
    return {
        "facts": facts,
        "note": recording.note,
        "columns": columns,
        "bins": bins,
        "lowest": extremes[0],
        "highest": extremes[1],
        "pixels": picture.pixels(span),
        "time_unit": time_unit,
        "time_ticks": [[t * time_factor / width, f"{t:g}"] for t in ticks(picture.seconds / time_factor, 8)],
        "time_end": picture.seconds / width,
        "frequency_unit": unit,
        "frequency_ticks": [[f * factor / picture.nyquist, f"{f:g}"] for f in ticks(picture.nyquist / factor, 6)],
        "level_ticks": [[(level - (top - span)) / span, f"{level:g}"] for level in _level_ticks(top, span)],
    }


def _level_ticks(top: float, span: float) -> list[float]:
    first = math.ceil((top - span) / 20.0) * 20
    return [float(level) for level in range(first, math.floor(top) + 1, 20)]
