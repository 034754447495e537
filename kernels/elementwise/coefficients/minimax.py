"""Computes the polynomial coefficients and constants that kernels use, and prints them as Python.

``python minimax.py`` needs mpmath. Polynomials are found with the Remez exchange algorithm in 80 digits and then
rounded, one coefficient at a time, to the type they are used in.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from mpmath import mp, mpf

mp.dps = 80


def to_float32(value: mpf) -> float:
    """The float32 nearest to a number."""
    return struct.unpack("<f", struct.pack("<f", float(value)))[0]


def remez(
    function: Callable[[mpf], mpf], weight: Callable[[mpf], mpf], low: mpf, high: mpf, degree: int
) -> tuple[list[mpf], mpf]:
    """Coefficients of the polynomial with the smallest largest weighted error on an interval, and that error."""
    count = degree + 2
    points = [(low + high) / 2 - (high - low) / 2 * mp.cos(mp.pi * i / (count - 1)) for i in range(count)]
    for _ in range(30):
        matrix = mp.matrix(count, count)
        right = mp.matrix(count, 1)
        for row, x in enumerate(points):
            for column in range(degree + 1):
                matrix[row, column] = x**column
            matrix[row, degree + 1] = (-1) ** row / weight(x)
            right[row] = function(x)
        solution = mp.lu_solve(matrix, right)
        coefficients = [solution[i] for i in range(degree + 1)]

        def error(x: mpf, coefficients: list[mpf] = coefficients) -> mpf:
            return (mp.polyval(coefficients[::-1], x) - function(x)) * weight(x)

        steps = 40 * count
        grid = [low + (high - low) * i / steps for i in range(steps + 1)]
        values = [error(x) for x in grid]
        # One extremum per stretch of equal sign.
        extrema: list[tuple[mpf, mpf]] = []
        for x, value in zip(grid, values, strict=True):
            if extrema and (extrema[-1][1] > 0) == (value > 0):
                if abs(value) > abs(extrema[-1][1]):
                    extrema[-1] = x, value
            else:
                extrema.append((x, value))
        while len(extrema) > count:
            extrema.pop(0 if abs(extrema[0][1]) < abs(extrema[-1][1]) else -1)
        if len(extrema) < count:
            break
        points = [x for x, _ in extrema]
        sizes = [abs(value) for _, value in extrema]
        if max(sizes) < min(sizes) * mpf("1.001"):
            break
    return coefficients, max(abs(value) for value in values)


def show(name: str, values: list[mpf], rounding: Callable[[mpf], float], error: mpf | None = None) -> None:
    """Print a tuple of hexadecimal floats."""
    if error is not None:
        print(f"# largest error 2**{float(mp.log(error, 2)):.1f}")
    print(f"{name} = (")
    for value in values:
        print(f'    float.fromhex("{rounding(value).hex()}"),')
    print(")")


def neighbour(value: mpf, digits: int, rounding: Callable[[mpf], mpf]) -> mpf:
    """A number rounded to ``digits`` bits in the direction of ``rounding``."""
    unit = mpf(2) ** (mp.floor(mp.log(abs(value), 2)) + 1 - digits)
    return rounding(value / unit) * unit


def split_constant(value: mpf, bits: int, parts: int) -> list[mpf]:
    """A constant as a sum of floats, all but the last of which have ``bits`` bits."""
    found = []
    for _ in range(parts - 1):
        unit = mpf(2) ** (mp.floor(mp.log(abs(value), 2)) + 1 - bits)
        found.append(mp.nint(value / unit) * unit)
        value -= found[-1]
    return [*found, value]


def main() -> None:
    """Print everything."""
    half, tiny = mp.log(2) / 2, mpf(10) ** -12
    # (exp(r) - 1 - r - r**2 / 2) / r**3, whose error counts r**3 / exp(r)-fold.
    for name, degree, rounding in (("EXP32", 4, to_float32), ("EXP64", 9, float)):
        coefficients, error = remez(
            lambda r: (mp.exp(r) - 1 - r - r**2 / 2) / r**3 if abs(r) > tiny else mpf(1) / 6 + r / 24,
            lambda r: abs(r) ** 3 / mp.exp(r) + mpf("0.0005"),
            -half, half, degree,
        )  # fmt: skip
        show(name, coefficients, rounding, error)
    # Arguments of exp, of each format: the largest with a finite result, the smallest with a normal one, and the
    # smallest that does not round to zero.
    for digits, lowest, highest in ((24, -149, 128), (53, -1074, 1024)):
        edges = (
            neighbour(mp.log(mpf(2) ** highest - mpf(2) ** (highest - digits - 1)), digits, mp.floor),
            neighbour(mp.log(mpf(2) ** (lowest + digits - 1)), digits, mp.ceil),
            neighbour(mp.log(mpf(2) ** (lowest - 1)), digits, mp.ceil),
        )
        for name, edge in zip(("LARGEST", "SMALLEST", "TO_ZERO"), edges, strict=True):
            print(f'{name}[f{32 if digits == 24 else 64}] = float.fromhex("{float(edge).hex()}")')
    show("LN2_32", split_constant(mp.log(2), 14, 2), to_float32)
    show("LN2_64", split_constant(mp.log(2), 40, 2), float)
    quarter = (mp.pi / 4) ** 2 * mpf("1.0001")
    # Polynomials in z = r**2: sin(r) = r + r z S(z), cos(r) = 1 - z / 2 + z z C(z).
    for name, degree, rounding in (("SIN32", 2, to_float32), ("SIN64", 5, float)):
        coefficients, error = remez(
            lambda z: (mp.sin(mp.sqrt(z)) / mp.sqrt(z) - 1) / z if z > tiny else -mpf(1) / 6 + z / 120,
            lambda z: z + tiny, mpf(0), quarter, degree,
        )  # fmt: skip
        show(name, coefficients, rounding, error)
    for name, degree, rounding in (("COS32", 2, to_float32), ("COS64", 5, float)):
        coefficients, error = remez(
            lambda z: (mp.cos(mp.sqrt(z)) - 1 + z / 2) / z**2 if z > tiny else mpf(1) / 24 - z / 720,
            lambda z: z**2 + tiny, mpf(0), quarter, degree,
        )  # fmt: skip
        show(name, coefficients, rounding, error)
    coefficients, error = remez(
        lambda z: (mp.sin(mp.sqrt(z)) / mp.sqrt(z) - 1) / z if z > tiny else -mpf(1) / 6 + z / 120,
        lambda z: z + tiny, mpf(0), (mp.pi / 2) ** 2 * mpf("1.0001"), 3,
    )  # fmt: skip
    show("SIN_WIDE", coefficients, float, error)
    # log(1 + r) = r - r**2 / 2 + r**3 L(r)
    coefficients, error = remez(
        lambda r: (mp.log(1 + r) - r + r**2 / 2) / r**3 if abs(r) > tiny else mpf(1) / 3 - r / 4,
        lambda r: r**2 + tiny, mpf("-0.0085"), mpf("0.0085"), 7,
    )  # fmt: skip
    show("LOG64", coefficients, float, error)
    # log((1 + s) / (1 - s)) = 2 s + s z L(z), z = s**2, for the quotient of sqrt(2) and 1 at most
    widest = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2 * mpf("1.0001")
    for name, degree, rounding in (("LOG_QUOTIENT32", 3, to_float32), ("LOG_QUOTIENT64", 6, float)):
        coefficients, error = remez(
            lambda z: (2 * mp.atanh(mp.sqrt(z)) / mp.sqrt(z) - 2) / z if z > tiny else mpf(2) / 3 + z * 2 / 5,
            lambda z: z + tiny, mpf(0), widest, degree,
        )  # fmt: skip
        show(name, coefficients, rounding, error)
    # To other bases: the inverse of the base's logarithm, times what has about 20 or 12 bits; and log(2) to that base.
    for digits, (short, long), rounding in ((32, (12, 16), to_float32), (64, (21, 40), float)):
        show(f"INVERSE_LN2_{digits}", split_constant(1 / mp.log(2), short, 2), rounding)
        show(f"INVERSE_LN10_{digits}", split_constant(1 / mp.log(10), short, 2), rounding)
        show(f"LOG10_OF_2_{digits}", split_constant(mp.log10(2), long, 2), rounding)
    # arctan(t) = t + t z A(z), z = t**2
    eighth = mp.tan(mp.pi / 8) ** 2 * mpf("1.0001")
    for name, degree, rounding in (("ATAN32", 4, to_float32), ("ATAN64", 10, float)):
        coefficients, error = remez(
            lambda z: (mp.atan(mp.sqrt(z)) / mp.sqrt(z) - 1) / z if z > tiny else -mpf(1) / 3 + z / 5,
            lambda z: z + tiny, mpf(0), eighth, degree,
        )  # fmt: skip
        show(name, coefficients, rounding, error)
    # arcsin(x) = x + x z A(z), z = x**2, up to x = 1/2
    for name, degree, rounding in (("ASIN32", 4, to_float32), ("ASIN64", 12, float)):
        coefficients, error = remez(
            lambda z: (mp.asin(mp.sqrt(z)) / mp.sqrt(z) - 1) / z if z > tiny else mpf(1) / 6 + z * 3 / 40,
            lambda z: z + tiny, mpf(0), mpf("0.2501"), degree,
        )  # fmt: skip
        show(name, coefficients, rounding, error)
    # sinh(x) = x + x z H(z), z = x**2, up to x = 1
    coefficients, error = remez(
        lambda z: (mp.sinh(mp.sqrt(z)) / mp.sqrt(z) - 1) / z if z > tiny else mpf(1) / 6 + z / 120,
        lambda z: z + tiny, mpf(0), mpf("1.0001"), 6,
    )  # fmt: skip
    show("SINH64", coefficients, float, error)
    for bits, rounding in ((24, to_float32), (53, float)):
        show("LN2", split_constant(mp.log(2), bits, 2), rounding)
        show("INVERSE_LN2", split_constant(1 / mp.log(2), bits, 2), rounding)
        show("INVERSE_LN10", split_constant(1 / mp.log(10), bits, 2), rounding)
    show("HALF_PI_64", split_constant(mp.pi / 2, 33, 4), float)
    show("PI_64", split_constant(mp.pi, 33, 2), float)
    show("HALF_PI_32", split_constant(mp.pi / 2, 11, 4), to_float32)


if __name__ == "__main__":
    main()
