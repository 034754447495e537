"""Functions that users write, on device arrays."""

from __future__ import annotations

from typing import Any

from .. import generic, webgpu
from .._kernels.language.promotion import NumberType, host_number_type, is_safe, of_python
from .._kernels.language.source import Source
from .._kernels.language.user_frontend import compile_elementwise
from .signatures import Signature
from .userland import cached


class DeviceFunction:
    """An elementwise function of device arrays; see :func:`.vectorize`.

    Its results are lazy: they become part of the shaders that compute what they are used for.
    """

    def __init__(self, source: Source, signatures: list[Signature], doc: str | None) -> None:
        from .ufuncs import declared_types

        self.jit_source = source
        self.__name__ = source.name
        self.__doc__ = doc
        self._declared = [declared_types(signature, source) for signature in signatures]
        for arguments, results in self._declared:
            for kind in (*arguments, *(results or ())):
                if kind != kind.narrow:
                    raise TypeError(f"{kind} in a signature of {source.name}: WebGPU has {kind.narrow}")

    def __repr__(self) -> str:
        return f"<device function {self.__name__!r}>"

    def __call__(self, *arguments: Any) -> Any:
        """
        Apply the function.

        Parameters
        ----------
        *arguments : DeviceArray, number or scalar
            At least one device array; they broadcast. A Python number takes the type of what it meets.

        Returns
        -------
        DeviceArray or tuple of DeviceArray

        Raises
        ------
        TypeError
            For arrays of the host, and types that the signatures or devices do not have.
        CompileError
            For what is outside the language or cannot be said in WGSL, with file and line.
        """
        kinds = [self._kind(argument) for argument in arguments]
        if not any(isinstance(argument, webgpu.DeviceArray) for argument in arguments):
            raise TypeError(f"{self.__name__} takes device arrays; put one there by np.webgpu.asarray(x)")
        wanted, declared = self._loop(kinds)
        key = "webgpu", self.jit_source.key(), tuple(wanted), None if declared is None else tuple(declared)
        function, results = cached(key, lambda: compile_elementwise(self.jit_source, wanted, declared, narrow=True))
        found = webgpu.apply_elementwise(function, arguments, results)
        return found[0] if len(found) == 1 else found

    def _kind(self, argument: Any) -> NumberType:
        weak = of_python(argument)
        if weak is not None:
            return weak
        if isinstance(argument, (webgpu.DeviceArray, generic)):
            kind = host_number_type(argument.dtype)
            if kind is not None and kind == kind.narrow:
                return kind
            raise TypeError(f"{self.__name__} got {argument.dtype}, which WebGPU does not have; convert it first")
        raise TypeError(
            f"{self.__name__} takes device arrays and numbers, not {type(argument).__name__}; nothing moves to a "
            "device by itself: use np.webgpu.asarray(x)"
        )

    def _loop(self, kinds: list[NumberType]) -> tuple[list[NumberType], list[NumberType] | None]:
        if not self._declared:
            return kinds, None
        for arguments, results in self._declared:
            if len(arguments) == len(kinds) and all(
                given.rank <= to.rank if given.weak else is_safe(given, to)
                for given, to in zip(kinds, arguments, strict=True)
            ):
                return arguments, results
        raise TypeError(f"{self.__name__} has no loop for {', '.join(map(str, kinds))}")
