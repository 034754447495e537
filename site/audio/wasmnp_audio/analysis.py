"""Waveform and spectrogram of a recording, column by column of a picture."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import wasmnp as np
from wasmnp.lib.stride_tricks import sliding_window_view

from .decibels import decibels
from .wav import AudioFileError, Recording

# The spectra that are in memory at a time; with 1024 points each they take about 1 MB.
_SPECTRA_AT_A_TIME = 128


@dataclass(frozen=True)
class Picture:
    """What the page draws.

    Attributes
    ----------
    seconds : float
        Duration of the recording.
    column_seconds : float
        Time that one column covers. The last column may reach behind the end.
    lowest, highest : ndarray, float64, shape (columns,)
        Extremes of the samples in each column, 1.0 being full scale.
    levels : ndarray, float64, shape (columns, size / 2 + 1)
        Decibels relative to a sine of full scale, one row of frequencies from 0 to `nyquist` per column; the
        largest where a column holds several spectra.
    nyquist : float
        Half the sampling rate, in hertz.
    size : int
        Points of each spectrum.
    peak, rms : float
        Largest absolute sample and root mean square, in decibels of full scale.
    loudest_hertz : float
        Frequency of the highest level.
    """

    seconds: float
    column_seconds: float
    lowest: Any
    highest: Any
    levels: Any
    nyquist: float
    size: int
    peak: float
    rms: float
    loudest_hertz: float

    def pixels(self, span: float = 90.0) -> bytes:
        """Levels as bytes, frequency after frequency from the highest to 0: 255 is the highest level, 0 is `span`
        decibels or more below it."""
        top = float(self.levels.max())
        scaled = (self.levels - (top - span)) * (255.0 / span)
        scaled = np.minimum(np.maximum(scaled, 0.0), 255.0)
        return np.rint(scaled).astype("u1").transpose()[::-1].tobytes()


def _columns_of(frames: int, columns: int, size: int) -> tuple[int, int, int]:
    """Number of columns, spectra per column and samples from one spectrum to the next: neighbouring spectra overlap
    by half or more."""
    step = -(-frames // columns)
    spectra = -(-step // (size // 2))
    hop = -(-step // spectra)
    return -(-frames // (spectra * hop)), spectra, hop


def analyse(
    recording: Recording, columns: int = 1000, size: int = 1024, progress: Callable[[float], None] | None = None
) -> Picture:
    """
    Compute waveform and spectrogram of a recording.

    Parameters
    ----------
    recording : Recording
        The samples; channels are averaged.
    columns : int, optional
        Width of the picture, at most.
    size : int, optional
        Points of each spectrum, a power of two. Spectra are taken of samples under a Hann window.
    progress : callable, optional
        Called with the fraction done.

    Returns
    -------
    Picture

    Raises
    ------
    AudioFileError
        If samples are infinite or not numbers.
    """
    count, spectra, hop = _columns_of(recording.frames, columns, size)
    step = spectra * hop
    window = np.hanning(size)
    # A sine of full scale gives half the window's sum.
    window *= 2.0 / float(window.sum())
    lowest, highest = np.empty(count), np.empty(count)
    magnitudes = np.empty((count, size // 2 + 1))
    lead = size // 2 - hop // 2  # samples before the first column that its first spectrum covers
    energy = 0.0
    batch = max(1, _SPECTRA_AT_A_TIME // spectra)
    for first in range(0, count, batch):
        last = min(first + batch, count)
        number = (last - first) * spectra
        begin = first * step
        samples = recording.mono(begin - lead, begin - lead + (number - 1) * hop + size)
        own = samples[lead : lead + (last - first) * step]
        if own.size < (last - first) * step:
            own = recording.mono(begin, last * step)
        energy += float((own * own).sum())
        own = own.reshape(last - first, step)
        highest[first:last] = own.max(axis=1)
        lowest[first:last] = -(-own).max(axis=1)
        spectrum = np.fft.rfft(sliding_window_view(samples, size)[::hop] * window)
        magnitude = np.absolute(spectrum)
        if spectra > 1:
            magnitude = magnitude.reshape(last - first, spectra, -1).max(axis=1)
        magnitudes[first:last] = magnitude
        if progress is not None:
            progress(last / count)
    if not math.isfinite(energy):
        raise AudioFileError("The file holds samples that are not finite numbers.")
    peak = max(float(highest.max()), float((-lowest).max()))
    overall = magnitudes.max(axis=0).tolist()
    loudest = overall.index(max(overall))
    summary = decibels(np.array([peak, math.sqrt(energy / recording.frames)])).tolist()
    return Picture(
        seconds=recording.seconds,
        column_seconds=step / recording.rate,
        lowest=lowest,
        highest=highest,
        levels=decibels(magnitudes),
        nyquist=recording.rate / 2,
        size=size,
        peak=summary[0],
        rms=summary[1],
        loudest_hertz=loudest * recording.rate / size,
    )
