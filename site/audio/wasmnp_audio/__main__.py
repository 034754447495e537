"""Print a summary of a sound file: ``python -m wasmnp_audio FILE``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .analysis import Picture, analyse
from .wav import AudioFileError, read_wav

_SHADES = " .:-=+*#%@"


def sketch(picture: Picture, width: int = 72, height: int = 16, span: float = 72.0) -> str:
    """The spectrogram in characters, low frequencies at the bottom."""
    levels = picture.levels
    columns, bins = levels.shape
    top = float(levels.max())
    lines = []
    for row in reversed(range(height)):
        cells = []
        low, high = row * bins // height, (row + 1) * bins // height
        for column in range(min(width, columns)):
            left = column * columns // min(width, columns)
            right = max(left + 1, (column + 1) * columns // min(width, columns))
            level = float(levels[left:right, low:high].max())
            shade = int((level - (top - span)) / span * len(_SHADES))
            cells.append(_SHADES[min(max(shade, 0), len(_SHADES) - 1)])
        hertz = high / (bins - 1) * picture.nyquist
        lines.append(f"{min(hertz, picture.nyquist):7.0f} Hz |{''.join(cells)}")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; gives its exit status."""
    parser = argparse.ArgumentParser(prog="wasmnp_audio", description="Summary of a WAV file, computed with wasmnp.")
    parser.add_argument("file", type=Path, help="a WAV file")
    path = parser.parse_args(arguments).file
    try:
        recording = read_wav(path.read_bytes())
        picture = analyse(recording)
    except (AudioFileError, OSError) as error:
        print(f"{path}: {error}", file=sys.stderr)
        return 1
    print(f"{path.name}: {recording.seconds:.2f} s, {recording.rate} Hz, {recording.channels} channel(s), "
          f"{recording.format_name}")  # fmt: skip
    if recording.note:
        print(recording.note)
    print(f"peak {picture.peak:.1f} dBFS, RMS {picture.rms:.1f} dBFS, strongest at {picture.loudest_hertz:.0f} Hz")
    print(sketch(picture))
    return 0


if __name__ == "__main__":
    sys.exit(main())
