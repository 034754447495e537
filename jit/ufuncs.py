"""Universal functions of functions that users write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .. import _native, dtype, ufunc
from .._kernels.language.ir import KernelError
from .._kernels.language.promotion import NumberType
from .._kernels.language.source import Source
from .._kernels.language.user_frontend import compile_elementwise, count_results
from .code import ElementwiseCode
from .signatures import Signature
from .userland import cached, decorated, driver, refuse_options, source_from


def _is_held(letter: str) -> bool:
    try:
        dtype(letter)
    except TypeError:
        return False
    return True


# What arrays hold, by number type; the ufunc machinery knows types by NumPy's letters.
_LETTERS = {
    NumberType(kind, bits): letter
    for letter, kind, bits in (
        ("?", "b", 1),
        ("b", "i", 8),
        ("h", "i", 16),
        (dtype("i4").char, "i", 32),
        (dtype("i8").char, "i", 64),
        ("B", "u", 8),
        ("H", "u", 16),
        (dtype("u4").char, "u", 32),
        (dtype("u8").char, "u", 64),
        ("f", "f", 32),
        ("d", "f", 64),
        ("F", "c", 64),
        ("D", "c", 128),
    )
    if _is_held(letter)
}
_KINDS = {str(kind): kind for kind in _LETTERS}


def vectorize(
    ftylist_or_function: Any = (),
    *,
    target: str = "cpu",
    identity: int | str | None = None,
    names: Mapping[str, Any] | None = None,
    **options: Any,
) -> Any:
    """
    Make a universal function of a Python function of numbers.

    Parameters
    ----------
    ftylist_or_function : function, str, or list of signatures, optional
        The function, or its source as text. Or signatures, such as ``["float64(float64, float64)"]``: then a decorator
        is returned, and the ufunc has these loops alone. Without signatures, loops are compiled for the types of the
        arguments when they are first needed.
    target : {"cpu", "webgpu"}
        With ``"webgpu"`` the function takes device arrays.
    identity : {None, 0, 1, "reorderable"}
        What reductions start from.
    names : mapping, optional
        What the free names in a source text mean; ``np`` (wasmnp) and ``math`` are known.
    **options
        Numba's ``nopython``, ``cache`` (in memory, always) and ``nogil`` are accepted.

    Returns
    -------
    ufunc or DeviceFunction
        On target ``"cpu"`` a ufunc with ``out``, ``where``, casting, ``reduce``, ``accumulate`` and ``outer``.

    Raises
    ------
    CompileError
        For what is outside the language, with file and line: at once with signatures, else in the first call.
    TypeError
        For something that is not a function, a signature or an option.
    ImportError
        On the desktop without the extra ``wasmnp[jit]``.

    See Also
    --------
    jit : Compile loops over arrays.

    Notes
    -----
    NumPy's functions are inlined, with their floating-point errors (`errstate`); operators raise none.

    Examples
    --------
    >>> import wasmnp as np
    >>> from wasmnp import jit
    >>> @jit.vectorize(["float64(float64, float64)"], identity=0)
    ... def hypotenuse(x, y):
    ...     return np.sqrt(x * x + y * y)
    >>> hypotenuse(3.0, np.arange(3.0))
    array([3.        , 3.16227766, 3.60555128])
    >>> float(hypotenuse.reduce(np.array([2.0, 3.0, 6.0])))
    7.0
    >>> jit.vectorize("def double(x): return 2 * x")(np.arange(3))
    array([0, 2, 4])
    """
    refuse_options(options, "vectorize")
    if target not in ("cpu", "webgpu"):
        raise ValueError(f"target is 'cpu' or 'webgpu', not {target!r}")

    def decorate(function: Any, signatures: list[Signature]) -> Any:
        source = source_from(function, names)
        doc = getattr(function, "__doc__", None) if not isinstance(function, str) else None
        if target == "webgpu":
            from .device import DeviceFunction

            return DeviceFunction(source, signatures, doc)
        return make_ufunc(source, signatures, identity, doc)

    return decorated(ftylist_or_function, decorate, "vectorize")


class Compiler:
    """Compiles the loops of one ufunc; kept by it (and must not refer to it)."""

    def __init__(self, source: Source, closed: bool) -> None:
        self.jit_source = source
        self.closed = closed

    def __call__(self, function: ufunc, codes: str) -> tuple[str, int, int, Any] | None:
        """The loop for the type letters of some inputs; None if no further loops are made."""
        if self.closed:
            return None
        given = [dtype(code).name for code in codes.replace("~", "")]
        for name in given:
            if name not in _KINDS:
                raise TypeError(f"compiled functions compute with no {name}; use astype, or give signatures")
        kinds = [_KINDS[name] for name in given]
        weak = [before == "~" for before, code in zip(" " + codes, codes, strict=False) if code != "~"]
        return self.loop([replace(kind, weak=is_weak) for kind, is_weak in zip(kinds, weak, strict=True)], None)

    def loop(self, arguments: list[NumberType], results: list[NumberType] | None) -> tuple[str, int, int, Any]:
        """A loop as `make_compiled_ufunc` takes it."""
        source = self.jit_source
        key = "vectorize", source.key(), tuple(arguments), None if results is None else tuple(results)

        def make() -> tuple[str, ElementwiseCode]:
            function, kinds = compile_elementwise(source, arguments, results)
            for kind in (*arguments, *kinds):
                if kind.strong not in _LETTERS:
                    raise KernelError(f"{kind} is no type of arrays here", source.at(source.tree))
            inputs, outputs = ("".join(_LETTERS[kind.strong] for kind in side) for side in (arguments, kinds))
            return f"{inputs}->{outputs}", driver().build_elementwise(function, source.name)

        types, code = cached(key, make)
        return types, code.contiguous, code.strided, code.owner


def make_ufunc(source: Source, signatures: list[Signature], identity: int | str | None, doc: str | None) -> ufunc:
    """The ufunc of a source; see `vectorize`."""
    driver()  # an ImportError belongs here, not into the first call
    inputs = len(source.parameters)
    compiler = Compiler(source, closed=bool(signatures))
    loops = [compiler.loop(*declared_types(signature, source)) for signature in signatures]
    outputs = len(loops[0][0].partition("->")[2]) if loops else count_results(source)
    return _native.make_compiled_ufunc(source.name, inputs, outputs, identity, doc or "", compiler, loops)


def declared_types(signature: Signature, source: Source) -> tuple[list[NumberType], list[NumberType] | None]:
    """Number types of the arguments and results of a signature of numbers."""
    if len(signature.arguments) != len(source.parameters):
        raise TypeError(f"{source.name!r} takes {len(source.parameters)} numbers, the signature {signature} has others")
    results = signature.result if isinstance(signature.result, tuple) else (signature.result,)
    numbers = (*signature.arguments, *(results if signature.returns else ()))
    for kind in numbers:
        if not isinstance(kind, NumberType):
            raise TypeError(f"the signature {signature} of a ufunc has numbers only")
    return list(signature.arguments), list(results) if signature.returns else None
