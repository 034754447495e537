"""Compiles ``native/text/format_float.cpp`` on its own; NumPy's dragon4 functions over it."""

from __future__ import annotations

import ctypes
from pathlib import Path

import numpy as np

from .native_build import ROOT, compile_shared

WRAPPER = """
#include "{source}"
using namespace wasmnp::text;
static DecodedFloat decoded(double value, bool single) {{
  return single ? decode(static_cast<float>(value)) : decode(value);
}}
extern "C" int repr_of(double value, bool single, char* text) {{
  return single ? repr_float32(static_cast<float>(value), text) : repr_float64(value, text);
}}
extern "C" int complex_of(double real, double imag, bool single, char* text) {{
  return single ? repr_complex64(static_cast<float>(real), static_cast<float>(imag), text)
                : repr_complex128(real, imag, text);
}}
extern "C" int digits_of(double value, bool single, char* digits, int* exponent) {{
  return single ? shortest_digits(static_cast<float>(value), digits, exponent)
                : shortest_digits(value, digits, exponent);
}}
extern "C" int format_of(bool scientific, double value, bool single, int precision, bool unique, bool fractional,
                         char trim, bool sign, int pad_left, int pad_right, int min_digits, int exp_digits,
                         char* text, int capacity) {{
  FloatTextOptions options{{precision, unique, fractional, trim, sign, pad_left, pad_right, min_digits, exp_digits}};
  return static_cast<int>((scientific ? format_scientific : format_positional)(
      decoded(value, single), options, text, static_cast<std::size_t>(capacity)));
}}
"""


class FloatText:
    """The functions of format_float.hpp for Python and NumPy floats; float32 scalars keep their precision."""

    def __init__(self, folder: Path) -> None:
        source = folder / "float_text.cpp"
        source.write_text(WRAPPER.format(source=ROOT / "native" / "text" / "format_float.cpp"))
        target = folder / "float_text.so"
        compile_shared(source, target, [])
        self._library = ctypes.CDLL(str(target))
        self._library.repr_of.argtypes = [ctypes.c_double, ctypes.c_bool, ctypes.c_char_p]
        self._library.complex_of.argtypes = [ctypes.c_double, ctypes.c_double, ctypes.c_bool, ctypes.c_char_p]
        self._library.digits_of.argtypes = [ctypes.c_double, ctypes.c_bool, ctypes.c_char_p, ctypes.c_void_p]
        self._library.format_of.argtypes = [
            ctypes.c_bool, ctypes.c_double, ctypes.c_bool, ctypes.c_int, ctypes.c_bool, ctypes.c_bool, ctypes.c_char,
            ctypes.c_bool, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_char_p, ctypes.c_int,
        ]  # fmt: skip

    def repr(self, x) -> str:
        buffer = ctypes.create_string_buffer(64)
        length = self._library.repr_of(x, isinstance(x, np.float32), buffer)
        return buffer.raw[:length].decode()

    def repr_complex(self, x) -> str:
        buffer = ctypes.create_string_buffer(136)
        length = self._library.complex_of(x.real, x.imag, isinstance(x, np.complex64), buffer)
        return buffer.raw[:length].decode()

    def digits(self, x) -> tuple[str, int]:
        buffer, exponent = ctypes.create_string_buffer(64), ctypes.c_int()
        length = self._library.digits_of(x, isinstance(x, np.float32), buffer, ctypes.byref(exponent))
        return buffer.raw[:length].decode(), exponent.value

    def _format(self, scientific, x, precision, unique, fractional, trim, sign, left, right, least, exponent) -> str:
        capacity = 512
        while True:
            buffer = ctypes.create_string_buffer(capacity)
            length = self._library.format_of(
                scientific, x, isinstance(x, np.float32), precision, unique, fractional, trim.encode(), sign, left,
                right, least, exponent, buffer, capacity,
            )  # fmt: skip
            if length <= capacity:
                return buffer.raw[:length].decode()
            capacity = length

    def positional(self, x, precision=-1, unique=True, fractional=True, trim="k", sign=False, pad_left=-1,
                   pad_right=-1, min_digits=-1) -> str:  # fmt: skip
        return self._format(False, x, precision, unique, fractional, trim, sign, pad_left, pad_right, min_digits, -1)

    def scientific(self, x, precision=-1, unique=True, trim="k", sign=False, pad_left=-1, exp_digits=-1,
                   min_digits=-1) -> str:  # fmt: skip
        return self._format(True, x, precision, unique, False, trim, sign, pad_left, -1, min_digits, exp_digits)
