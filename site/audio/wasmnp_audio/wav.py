"""RIFF WAVE files: headers with struct, samples with wasmnp.

The format is that of "Multimedia Programming Interface and Data Specifications 1.0" (IBM and Microsoft, 1991) and, for
WAVE_FORMAT_EXTENSIBLE, Microsoft's "Multiple channel audio data and WAVE files" (2001).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import wasmnp as np

_PCM, _FLOAT, _EXTENSIBLE = 0x0001, 0x0003, 0xFFFE
# The last 14 bytes of the format identifiers of WAVE_FORMAT_EXTENSIBLE; the first two are one of the numbers above.
_GUID_TAIL = bytes.fromhex("000000001000800000aa00389b71")
_OTHER_SIGNATURES = (
    (b"RIFX", "a big-endian RIFX file"),
    (b"RF64", "an RF64 file"),
    (b"OggS", "an Ogg file"),
    (b"fLaC", "a FLAC file"),
    (b"ID3", "an MP3 file"),
    (b"\xff\xfb", "an MP3 file"),
    (b"FORM", "an AIFF file"),
    (b"\x1aE\xdf\xa3", "a Matroska or WebM file"),
)


class AudioFileError(ValueError):
    """A file that cannot be read as sound; the message says what is wrong with it."""


@dataclass(frozen=True)
class Recording:
    """The samples of a WAVE file, converted piece by piece so that memory stays bounded.

    Attributes
    ----------
    rate : int
        Samples per second and channel.
    channels : int
        Number of channels.
    bits : int
        Bits per sample.
    is_float : bool
        Whether samples are floating-point numbers.
    frames : int
        Number of samples per channel.
    note : str
        What was wrong with the file but could be worked around, or an empty text.
    """

    rate: int
    channels: int
    bits: int
    is_float: bool
    frames: int
    note: str
    data: memoryview

    @property
    def seconds(self) -> float:
        """The length of the recording."""
        return self.frames / self.rate

    @property
    def format_name(self) -> str:
        """For example ``16-bit PCM``."""
        return f"{self.bits}-bit {'float' if self.is_float else 'PCM'}"

    def channels_between(self, start: int, stop: int):
        """Samples of all channels, 1.0 being full scale.

        Parameters
        ----------
        start, stop : int
            Range of frames, inside the recording.

        Returns
        -------
        ndarray, float64, shape (stop - start, channels)
        """
        width = self.bits // 8
        piece = self.data[start * width * self.channels : stop * width * self.channels]
        if self.is_float:
            samples = np.frombuffer(piece, f"<f{width}").astype("f8")
        elif width == 1:
            samples = (np.frombuffer(piece, "u1").astype("f8") - 128.0) * 2.0**-7
        elif width == 3:
            bytes_ = np.frombuffer(piece, "u1").reshape(-1, 3)
            high = np.frombuffer(piece, "i1").reshape(-1, 3)[:, 2]
            samples = (high.astype("f8") * 65536.0 + bytes_[:, 1].astype("f8") * 256.0 + bytes_[:, 0]) * 2.0**-23
        else:
            samples = np.frombuffer(piece, f"<i{width}").astype("f8") * 2.0 ** (1 - self.bits)
        return samples.reshape(-1, self.channels)

    def mono(self, start: int, stop: int):
        """The mean of the channels; frames outside the recording are silence.

        Parameters
        ----------
        start, stop : int
            Range of frames; it may begin before 0 and end behind the recording.

        Returns
        -------
        ndarray, float64, shape (stop - start,)
        """
        inside_start, inside_stop = max(start, 0), min(stop, self.frames)
        if inside_start >= inside_stop:
            return np.zeros(stop - start)
        samples = self.channels_between(inside_start, inside_stop)
        samples = samples.reshape(-1) if self.channels == 1 else samples.mean(axis=1)
        if (inside_start, inside_stop) == (start, stop):
            return samples
        padded = np.zeros(stop - start)
        padded[inside_start - start : inside_stop - start] = samples
        return padded


def _chunks(data: memoryview):
    """Identifier, contents and announced size of each chunk; an odd chunk is followed by a padding byte."""
    position = 12
    while position + 8 <= len(data):
        size = struct.unpack_from("<I", data, position + 4)[0]
        yield bytes(data[position : position + 4]), data[position + 8 : position + 8 + size], size
        position += 8 + size + size % 2


def _parse_format(chunk: memoryview) -> tuple[int, int, int, bool]:
    """Channels, rate, bits and whether samples are floats."""
    if len(chunk) < 16:
        raise AudioFileError(f"The file's format chunk is damaged: {len(chunk)} bytes, at least 16 are needed.")
    code, channels, rate, _, block, bits = struct.unpack_from("<HHIIHH", chunk)
    if code == _EXTENSIBLE:
        if len(chunk) < 40:
            raise AudioFileError(f"The file's extended format chunk is damaged: {len(chunk)} bytes, 40 are needed.")
        code = struct.unpack_from("<H", chunk, 24)[0]
        if bytes(chunk[26:40]) != _GUID_TAIL:
            raise AudioFileError("The file's samples are in an unknown extended format; PCM and float can be read.")
    if code not in (_PCM, _FLOAT):
        raise AudioFileError(
            f"The file's samples are compressed or of an unknown kind (format code {code:#06x}); PCM and float can "
            "be read."
        )
    allowed = (8, 16, 24, 32) if code == _PCM else (32, 64)
    if bits not in allowed:
        kinds = ", ".join(map(str, allowed))
        raise AudioFileError(
            f"The file has {bits}-bit {'PCM' if code == _PCM else 'float'} samples; {kinds} bits can be read."
        )
    if channels == 0 or rate == 0:
        raise AudioFileError(f"The file's format chunk is damaged: {channels} channels at {rate} samples per second.")
    if block != channels * bits // 8:
        raise AudioFileError(
            f"The file's format chunk is damaged: blocks of {block} bytes for {channels} channels of {bits} bits."
        )
    return channels, rate, bits, code == _FLOAT


def read_wav(data) -> Recording:
    """
    Read a WAVE file.

    Parameters
    ----------
    data : bytes-like
        The contents of the file: PCM of 8, 16, 24 or 32 bits or float of 32 or 64 bits, any number of channels and
        any rate.

    Returns
    -------
    Recording

    Raises
    ------
    AudioFileError
        If the file is empty, damaged, not a WAVE file, or holds samples of another kind; the message says which.
    """
    data = memoryview(data).cast("B")
    if len(data) == 0:
        raise AudioFileError("The file is empty.")
    start = bytes(data[:12])
    if start[:4] != b"RIFF" or start[8:12] != b"WAVE":
        for signature, name in _OTHER_SIGNATURES:
            if start.startswith(signature):
                raise AudioFileError(f"This is {name}; only WAV files (RIFF WAVE) can be read.")
        if start[:4] == b"RIFF" and len(data) < 12:
            raise AudioFileError("The file is cut off: it ends inside its first header.")
        raise AudioFileError("This is not a sound file that can be read: it lacks the RIFF WAVE header of WAV files.")
    parsed = None
    for name, chunk, announced in _chunks(data):
        if name == b"fmt ":
            parsed = _parse_format(chunk)
        elif name == b"data":
            if parsed is None:
                raise AudioFileError("The file is damaged: its samples come before the chunk that says their format.")
            channels, rate, bits, is_float = parsed
            frames = len(chunk) // (channels * bits // 8)
            if frames == 0:
                raise AudioFileError("The file holds no samples.")
            note = ""
            if len(chunk) < announced and announced != 0xFFFFFFFF:
                note = f"The file is cut off: {len(chunk):,} of {announced:,} bytes of samples are there."
            return Recording(rate, channels, bits, is_float, frames, note, chunk)
    if parsed is None:
        raise AudioFileError("The file is damaged: it has no format chunk.")
    raise AudioFileError("The file is damaged: it has no samples.")
