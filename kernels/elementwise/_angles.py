"""Factors between degrees and radians."""

from math import pi

from ..language import f32, f64, typeof
from ..language.typesystem import round_to
from ._errors import multiply_parts

# NumPy's float32 factors are quotients of float32 numbers.
DEGREE = {f32: round_to(round_to(pi, f32) / 180, f32), f64: pi / 180}
RADIAN = {f32: round_to(180 / round_to(pi, f32), f32), f64: 180 / pi}


def to_radians(x):
    return multiply_parts(x, typeof(x)(DEGREE[typeof(x)]))


def to_degrees(x):
    return multiply_parts(x, typeof(x)(RADIAN[typeof(x)]))
