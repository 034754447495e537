"""Random numbers: bit generators, and the even, normal and integer draws from them."""

from ._generator import Generator, default_rng
from .bit_generator import MT19937, PCG64, BitGenerator, SeedSequence
from .mtrand import *  # noqa: F403
from .mtrand import __all__ as _legacy

__all__ = ["MT19937", "PCG64", "BitGenerator", "Generator", "SeedSequence", "default_rng", *_legacy]
