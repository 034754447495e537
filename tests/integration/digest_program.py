"""Hashes of many results, one a line: `name sha256`. Uses nothing but the public interface and the standard library.

Run natively on each instruction-set level and in Pyodide by tools/digest.py, which compares the lines. NaNs are mapped
to one pattern before hashing; floating-point errors are ignored here (unit tests look at them).
"""

from __future__ import annotations

import hashlib
import struct
import sys
from array import array
from collections.abc import Callable, Iterator

import wasmnp as np

MASK = (1 << 64) - 1
COUNT = 4099  # odd, and more than one block
# name: (struct code of the bits, bits of the exponent field all ones and no mantissa, bits of the canonical NaN)
FLOAT_PARTS = {
    "float16": ("H", 0x7C00, 0x7E00),
    "float32": ("I", 0x7F800000, 0x7FC00000),
    "float64": ("Q", 0x7FF0000000000000, 0x7FF8000000000000),
}
FLOAT_PARTS |= {"complex64": FLOAT_PARTS["float32"], "complex128": FLOAT_PARTS["float64"]}
EXACT = ("bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64")
CODES = "?bBhHiIlLqQefdFD"


def random_words(seed: int, count: int) -> array:
    """SplitMix64 (Steele, Lea and Flood 2014), the same numbers everywhere."""
    words, state = array("Q", bytes(8 * count)), seed * 0x9E3779B97F4A7C15 & MASK
    for index in range(count):
        state = (state + 0x9E3779B97F4A7C15) & MASK
        word = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 & MASK
        word = (word ^ word >> 27) * 0x94D049BB133111EB & MASK
        words[index] = word ^ word >> 31
    return words


_bytes_cache: dict[tuple, bytes] = {}


def operand_bytes(name: str, itemsize: int, seed: int) -> bytes:
    """Random bits for the first half of COUNT elements; for float types, numbers of ordinary size for the second."""
    key = (name, seed)
    if key not in _bytes_cache:
        words = random_words(seed, COUNT * max(itemsize, 8) // 8)
        data = bytearray(words.tobytes()[: COUNT * itemsize])
        if name == "bool":
            data = bytearray(byte & 1 for byte in data)
        elif name in FLOAT_PARTS:
            code = {"H": "e", "I": "f", "Q": "d"}[FLOAT_PARTS[name][0]]
            size = struct.calcsize(code)
            half = len(data) // size // 2
            scales = (1.0, 10.0, 700.0, 1e-3)
            for index in range(half, len(data) // size):
                word = words[index % len(words)]
                value = ((word >> 11) * 2.0**-52 - 1.0) * scales[index % 4]
                struct.pack_into("<" + code, data, index * size, value)
        _bytes_cache[key] = bytes(data)
    return _bytes_cache[key]


def operand(name: str, seed: int) -> np.ndarray:
    dtype = np.dtype(name)
    return np.frombuffer(operand_bytes(name, dtype.itemsize, seed), dtype=dtype)


def hashed(result: object) -> str:
    """SHA-256 over dtypes, shapes and bytes of one or several results."""
    digest = hashlib.sha256()
    for item in result if isinstance(result, tuple) else (result,):
        value = np.asarray(item)
        name = value.dtype.name
        data = value.tobytes()
        if name in FLOAT_PARTS:
            code, infinity, canonical = FLOAT_PARTS[name]
            absolute = (1 << 8 * struct.calcsize(code) - 1) - 1
            bits = array(code, data)
            data = array(code, [canonical if word & absolute > infinity else word for word in bits]).tobytes()
        digest.update(f"{name} {value.shape} ".encode())
        digest.update(data)
    return digest.hexdigest()


def ufunc_signatures(function: np.ufunc) -> Iterator[tuple[str, ...]]:
    """Input type names of the loops of `function`, each once; `long` and `long long` are what they are here."""
    seen = set()
    for signature in function.types:
        inputs = signature.partition("->")[0]
        if all(code in CODES for code in inputs):
            names = tuple(np.dtype(code).name for code in inputs)
            if names not in seen:
                seen.add(names)
                yield names


def ufunc_cases() -> Iterator[tuple[str, Callable[[], object]]]:
    for name in sorted(dir(np)):
        function = getattr(np, name)
        if not isinstance(function, np.ufunc) or function.__name__ != name:
            continue
        for names in sorted(ufunc_signatures(function)):
            operands = [operand(type_name, seed) for seed, type_name in enumerate(names, 1)]
            if name == "power" and names[-1] in EXACT:
                operands[1] = np.frombuffer(bytes(byte & 7 for byte in operand_bytes("uint8", 1, 2)), dtype="uint8")
                operands[1] = operands[1].astype(names[1])
            label = f"{name} {','.join(names)}"
            yield label, lambda f=function, o=operands: f(*o)
            if len(operands) == 2:
                yield label + " scalar", lambda f=function, o=operands: (f(o[0], o[1][3:4]), f(o[0][5:6], o[1]))
            yield label + " strided", lambda f=function, o=operands: f(*(x[::-3] for x in o))


def reduction_cases() -> Iterator[tuple[str, Callable[[], object]]]:
    for name in ("float32", "float64", "complex128", "int32", "int64", "bool"):
        dtype = name if name in FLOAT_PARTS else "int64"  # the default integer is a pointer's size
        values = operand(name, 3)[COUNT // 2 :]  # of ordinary size: sums of random bit patterns are NaN
        for count in (1, 7, 8, 9, 127, 128, 129, 1000, len(values)):
            yield f"sum {name} {count}", lambda v=values, n=count, d=dtype: v[:n].sum(dtype=d)
        yield f"sum {name} strided", lambda v=values, d=dtype: (v[::2].sum(dtype=d), v[::-3].sum(dtype=d))
        yield f"cumsum {name}", lambda v=values, d=dtype: (v.cumsum(dtype=d), v[::-3].cumsum(dtype=d))
        grid = values[: 37 * 55].reshape(37, 55)
        for axis in (0, 1, (0, 1)):
            yield f"sum {name} axis {axis}", lambda g=grid, a=axis, d=dtype: g.sum(axis=a, dtype=d)
            yield f"sum {name} transposed axis {axis}", lambda g=grid, a=axis, d=dtype: g.T.sum(axis=a, dtype=d)
            yield f"mean {name} axis {axis}", lambda g=grid, a=axis: g.mean(axis=a)
            yield f"std {name} axis {axis}", lambda g=grid, a=axis: g.std(axis=a)
            if not name.startswith("complex"):
                yield f"max {name} axis {axis}", lambda g=grid, a=axis: g.max(axis=a)


def transform_cases() -> Iterator[tuple[str, Callable[[], object]]]:
    powers = [1 << power for power in (1, 2, 3, 4, 5, 8, 9, 12, 13, 16)]
    # Products of small primes, primes, and lengths with primes that are too large for passes of their own.
    for size in [*powers, 1, 3, 7, 11, 15, 30, 61, 67, 81, 125, 343, 360, 1000, 1001, 1009, 2018, 3072]:
        words = random_words(size.bit_length() - 1, 2 * size)
        signal = array("d", [(word >> 11) * 2.0**-52 - 1.0 for word in words])
        for name, pair in (("float64", "complex128"), ("float32", "complex64")):
            both = np.frombuffer(signal.tobytes(), dtype="float64").astype(name)
            data, points = both[:size], both.view(pair)
            yield f"rfft {name} {size}", lambda d=data: np.fft.rfft(d)
            yield f"irfft {name} {size}", lambda d=data, n=size: np.fft.irfft(np.fft.rfft(d), n)
            yield f"fft {pair} {size}", lambda d=points: np.fft.fft(d)
            yield f"ifft {pair} {size}", lambda d=points: np.fft.ifft(d, norm="ortho")
        yield f"fft float64 {size}", lambda d=signal[:size]: (np.fft.fft(d), np.fft.ifft(d))
    rows = operand("float64", 4)[COUNT // 2 :][:2048]
    for length in (8, 32, 256):
        grid = rows.reshape(-1, length)
        yield f"fft2 rows {length}", lambda g=grid: (np.fft.fft2(g), np.fft.rfft2(g), np.fft.irfft2(g))


def other_cases() -> Iterator[tuple[str, Callable[[], object]]]:
    yield "rfft rows", lambda: np.fft.rfft(operand("float64", 4)[COUNT // 2 :][:2048].reshape(8, 256))
    yield "hanning", lambda: (np.hanning(1), np.hanning(512), np.hanning(1001))
    yield "arange", lambda: (np.arange(10.0), np.arange(0.1, 7.3, 0.3), np.arange(5, -9, -2, dtype="int64"))
    for source, target in (("float64", "float32"), ("int64", "float64"), ("int64", "float32"), ("int32", "float32"),
                           ("float32", "float64"), ("int64", "int16"), ("float64", "complex128"),
                           ("float64", "bool")):  # fmt: skip
        yield f"astype {source} {target}", lambda s=source, t=target: operand(s, 5).astype(t)


def main() -> None:
    from wasmnp import _native

    print("level", _native._cpu_level)
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    with np.errstate(all="ignore"):
        for cases in (ufunc_cases, reduction_cases, transform_cases, other_cases):
            for label, compute in cases():
                if wanted in label:
                    try:
                        outcome = hashed(compute())
                    except Exception as error:
                        outcome = f"raised {type(error).__name__}"
                    print(label.replace(" ", "_"), outcome)


main()
