"""Registry rows: everything that is known about a ufunc, declared once beside its kernel."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from .frontend import compile_function
from .half import half_kernel
from .ir import Function, KernelError
from .parts import kernel_of_parts, narrow_kernel_of_parts
from .passes import drop_flags, simplify
from .typesystem import CHARACTERS, LONG_CHARACTERS, Type, f16, u16

# The element types whose loops are built. A loop is built when all its operands are among them.
BUILT = frozenset("?bBhHiIlLqQefdFD")
IDENTITIES = {
    None: "None", 0: "Zero", 1: "One", -1: "MinusOne", float("-inf"): "MinusInfinity", "reorderable": "ReorderableNone",
}  # fmt: skip


@dataclass(frozen=True)
class Ufunc:
    """A universal function.

    Parameters
    ----------
    name : str
        Public name.
    body : function
        The kernel, generic over the types of `loops`.
    loops : str
        NumPy's ``ufunc.types``, separated by blanks.
    doc : str
        Numpydoc docstring with an example.
    parameters : str
        Parameter names, such as ``"x1, x2"``.
    identity : int, -inf or "reorderable", optional
        What a reduction starts from. None: nothing. Of truths, 0 and 1 are False and True.
    alias : str
        Other public names, separated by blanks.
    errors : tuple of str
        Floating-point errors that some loop can raise.
    domain : str
        Where the function is defined, in words.
    ulp : dict
        Largest error per input character in units in the last place; 0.5 is correctly rounded. Loops that are exact
        have no entry.
    cheap : bool
        Whether scalar-operand bodies and a strided body without packing are worth their size.
    unroll : int
        Vector registers of the widest type per step of a loop without branches.
    branch_unroll : dict
        The same for loops with branches, per input character; 1 where missing.
    half : function, optional
        A body for halves, which it is given as f32, when `body` does not do what NumPy does for them.
    parts : function, optional
        A body for complex numbers of one operand, which it is given as real and imaginary part (`.parts`).
    wgsl : function, optional
        A body for targets without 64-bit types, when `body` needs them.
    wgsl_ulp : float
        Largest error of the WGSL body for float32; None: as `ulp`.
    wide_long : bool
        Whether NumPy's loops of ``l`` are loops of ``q`` where `long` has 32 bits.
    """

    name: str
    body: Callable[..., Any]
    loops: str
    doc: str
    parameters: str
    identity: float | str | None = None
    alias: str = ""
    errors: tuple[str, ...] = ()
    domain: str = "all numbers"
    ulp: dict[str, float] = field(default_factory=dict)
    cheap: bool = False
    unroll: int = 1
    branch_unroll: dict[str, int] = field(default_factory=dict)
    half: Callable[..., Any] | None = None
    parts: Callable[..., Any] | None = None
    wgsl: Callable[..., Any] | None = None
    wgsl_ulp: float | None = None
    wide_long: bool = False

    @property
    def nin(self) -> int:
        return len(self.signatures[0].split("->")[0])

    @property
    def nout(self) -> int:
        return len(self.signatures[0].split("->")[1])

    @property
    def names(self) -> list[str]:
        """All public names."""
        return [self.name, *self.alias.split()]

    @property
    def signatures(self) -> list[str]:
        """NumPy's loops, each once."""
        return list(dict.fromkeys(self.loops.split()))

    def loops_where(self, long_bits: int) -> list[str]:
        """NumPy's loops, repeated ones too, on platforms whose `long` has so many bits."""
        loops = self.loops.replace("l", "q") if self.wide_long and long_bits == 32 else self.loops
        return loops.split()

    def is_built(self, signature: str) -> bool:
        """Whether this build has a loop."""
        return set(signature.replace("->", "")) <= BUILT


def expand_long(signature: str) -> tuple[str, str]:
    """A signature with ``l`` and ``L`` as 32-bit and as 64-bit types.

    Examples
    --------
    >>> expand_long("ll->?")
    ('ii->?', 'qq->?')
    """
    narrow = "".join(LONG_CHARACTERS.get(character, (character,) * 2)[0] for character in signature)
    wide = "".join(LONG_CHARACTERS.get(character, (character,) * 2)[1] for character in signature)
    return narrow, wide


def operand_types(signature: str) -> tuple[list[Type], list[Type]]:
    """Input and output types of a signature without ``l`` and ``L``."""
    inputs, outputs = signature.split("->")
    return [CHARACTERS[character] for character in inputs], [CHARACTERS[character] for character in outputs]


@cache
def compiled(ufunc_name: str, signature: str) -> Function:
    """Simplified IR of one loop of a registered ufunc. Halves are u16: their bits."""
    row = rows()[ufunc_name]
    inputs, outputs = operand_types(signature)
    body = row.body
    if row.parts is not None and not {"F", "D"}.isdisjoint(signature):
        body = kernel_of_parts(row.parts)
    if "e" in signature:
        body = half_kernel(row.half or body, signature)
        inputs, outputs = ([u16 if kind is f16 else kind for kind in kinds] for kinds in (inputs, outputs))
    return simplify(compile_function(body, inputs, outputs))  # type: ignore[arg-type]


# Types that a WGSL shader can store; bools travel as u32.
WGSL_CHARACTERS = frozenset("?iIf")


def wgsl_signatures(row: Ufunc) -> list[str]:
    """The loops of a row that WGSL has types for."""
    return [signature for signature in row.signatures if set(signature.replace("->", "")) <= WGSL_CHARACTERS]


@cache
def compiled_for_wgsl(ufunc_name: str, signature: str) -> Function:
    """IR of one loop as WGSL runs it: the second body where there is one, and no flags."""
    row = rows()[ufunc_name]
    inputs, outputs = operand_types(signature)
    body = row.wgsl if row.wgsl is not None and not {"f", "F"}.isdisjoint(signature) else row.body
    if row.parts is not None and "F" in signature:
        body = narrow_kernel_of_parts(row.parts)
    return drop_flags(simplify(compile_function(body, inputs, outputs)))  # type: ignore[arg-type]


@cache
def rows() -> dict[str, Ufunc]:
    """Every row, by name, found in the files of the ``elementwise`` folder.

    Raises
    ------
    KernelError
        If a file whose name does not start with an underscore holds no row of its own name.
    """
    package = __package__.rpartition(".")[0] + ".elementwise"
    folder = importlib.import_module(package)
    found: dict[str, Ufunc] = {}
    for module in sorted(pkgutil.iter_modules(folder.__path__), key=lambda module: module.name):
        if module.ispkg or module.name.startswith("_"):
            continue
        row = getattr(importlib.import_module(f"{package}.{module.name}"), "ROW", None)
        if not isinstance(row, Ufunc) or row.name.lstrip("_") != module.name:
            raise KernelError(f"{module.name}.py has no ROW named {module.name!r}")
        found[row.name] = row
    return found
