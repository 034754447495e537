"""Random programs of numbers: what the compiled function gives is what Python gives for NumPy's scalars."""

from __future__ import annotations

import random

import pytest

import wasmnp as np
from wasmnp import jit

PROGRAMS = 600
TYPES = [
    np.int8,
    np.int16,
    np.int32,
    np.int64,
    np.uint8,
    np.uint16,
    np.uint32,
    np.float32,
    np.float64,
    int,
    float,
    bool,
]
BINARY = ("+", "-", "*", "/", "//", "%", "<", "<=", "==", "!=", ">", ">=")


class Program:
    """The text of a function of two numbers, and some arguments for it."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.lines: list[str] = []
        self.names = ["a", "b"]
        for _ in range(self.random.randint(1, 6)):
            self.statement("    ")
        self.lines.append(f"    return {self.expression(2)}, {self.random.choice(self.names)}")
        self.text = "def f(a, b):\n" + "\n".join(self.lines) + "\n"
        kinds = [self.random.choice(TYPES) for _ in range(2)]
        self.calls = [tuple(self.number(kind) for kind in kinds) for _ in range(4)]

    def number(self, kind):
        if kind in (bool, float, np.float32, np.float64):
            return kind(self.random.choice((0, 1, 0.5, -1.25, 2.0, 3.0, -7.5)))
        value = self.random.choice((0, 1, 2, 3, 5, 7, 100, -1, -3))
        return kind(abs(value) if kind in (np.uint8, np.uint16, np.uint32) else value)

    def expression(self, depth: int) -> str:
        if depth == 0 or self.random.random() < 0.2:
            return self.random.choice((*self.names, *self.names, "2", "3", "0.5", "1.25", "-1"))
        chance = self.random.random()
        inner = self.expression(depth - 1)
        if chance < 0.1:
            return f"(-({inner}))"
        if chance < 0.2:
            return f"abs({inner})"
        if chance < 0.3:
            return f"({inner} if {self.condition()} else ({inner} + {inner}))"  # of one type: see below
        if chance < 0.35:
            return f"float({inner})"
        operation = self.random.choice(BINARY[:6])
        return f"({inner} {operation} {self.expression(depth - 1)})"

    def condition(self) -> str:
        test = f"{self.expression(1)} {self.random.choice(BINARY[6:])} {self.expression(1)}"
        if self.random.random() < 0.3:
            test += f" {self.random.choice(('and', 'or'))} {self.expression(1)} < {self.expression(1)}"
        return f"not ({test})" if self.random.random() < 0.2 else f"({test})"

    def statement(self, indent: str) -> None:
        chance = self.random.random()
        if chance < 0.55:
            name = f"v{len(self.names)}"
            self.lines.append(f"{indent}{name} = {self.expression(2)}")
            self.names.append(name)
        elif chance < 0.8:
            self.lines.append(f"{indent}if {self.condition()}:")
            self.lines.append(f"{indent}    return {self.expression(1)}, {self.random.choice(self.names)}")
        else:
            name = f"v{len(self.names)}"
            term = self.expression(1)
            self.lines.append(f"{indent}{name} = 0.0 * {term}")
            self.lines.append(f"{indent}for i{name} in range({self.random.randint(0, 4)}):")
            self.lines.append(f"{indent}    {name} = {name} + {term}")
            self.names.append(name)


def outcome(function, arguments):
    """What a call gives, or the class of what it raises."""
    try:
        with np.errstate(all="ignore"):
            return function(*arguments)
    except (ZeroDivisionError, OverflowError, TypeError) as error:
        return type(error)


def agrees(got, wanted) -> bool:
    """The same number; its type is the one that holds every way through the function."""
    if isinstance(wanted, tuple):
        return isinstance(got, tuple) and all(map(agrees, got, wanted))
    if isinstance(wanted, type) or isinstance(got, type):
        return got is wanted
    return bool(got == wanted) or (got != got and wanted != wanted)


@pytest.mark.parametrize("group", range(10))
def test_random_programs(group: int) -> None:
    compared = 0
    for seed in range(group, PROGRAMS, 10):
        program = Program(seed)
        names = {"np": np}
        exec(program.text, names)
        compiled = jit.jit(program.text)
        for arguments in program.calls:
            wanted = outcome(names["f"], arguments)
            try:
                got = outcome(compiled, arguments)
            except jit.CompileError as error:
                # Refused: operators that NumPy refuses for bools, integers beyond their type, constants by zero.
                assert (
                    wanted in (TypeError, OverflowError, ZeroDivisionError)
                    or "bool" in str(error)
                    or "bounds" in str(error)
                ), f"seed {seed}: {error}\n{program.text}"
                continue
            # Where ways through a function join, Python's numbers become NumPy's: those raise for integers that do not
            # fit, and give infinities and NaNs where Python's own raise.
            if got is OverflowError or wanted in (ZeroDivisionError, OverflowError):
                continue
            compared += 1
            assert agrees(got, wanted), (
                f"seed {seed}: f{arguments} gives {got!r}, in Python {wanted!r}\n{program.text}{compiled.signatures}"
            )
    assert compared > 60
