"""Sound files to waveforms and spectrograms, with wasmnp.

>>> from wasmnp_audio import analyse, read_wav
>>> picture = analyse(read_wav(open("voice.wav", "rb").read()))  # doctest: +SKIP
"""

from .analysis import Picture, analyse
from .decibels import decibels
from .wav import AudioFileError, Recording, read_wav

__all__ = ["AudioFileError", "Picture", "Recording", "analyse", "decibels", "read_wav"]
