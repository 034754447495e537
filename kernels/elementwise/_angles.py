"""Factors between degrees and radians."""

from math import pi

from ..language import f32, f64
from ..language.typesystem import round_to

# NumPy's float32 factors are quotients of float32 numbers.
DEGREE = {f32: round_to(round_to(pi, f32) / 180, f32), f64: pi / 180}
RADIAN = {f32: round_to(180 / round_to(pi, f32), f32), f64: 180 / pi}
