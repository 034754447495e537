"""Functions of numbers as functions of arrays."""

from __future__ import annotations

import functools
import re
from typing import Any

from .. import _core as _nx
from .._core._conversion import wrap_like
from .._core._multiarray_umath import array, asanyarray, asarray, dtype
from .._globals import _NoValue
from .._utils import set_module
from ._index_tricks_impl import ndindex
from ._stride_tricks_impl import broadcast_shapes, broadcast_to

__all__ = ["vectorize"]

_NAMES = r"\s*(?:\w+\s*(?:,\s*\w+\s*)*,?)?\s*"
_ARGUMENT = rf"\(({_NAMES})\)"
_ARGUMENTS = rf"\s*{_ARGUMENT}\s*(?:,\s*{_ARGUMENT}\s*)*"
_SIGNATURE = re.compile(rf"\s*{_ARGUMENTS}->{_ARGUMENTS}\s*")


def _parse_gufunc_signature(signature: str) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """Names of the core dimensions of each input and of each output of a signature such as ``(m,n),(n)->(m)``."""
    if not _SIGNATURE.fullmatch(signature):
        raise ValueError(f"not a valid gufunc signature: {signature}")
    sides = signature.split("->")
    inputs, outputs = ([tuple(re.findall(r"\w+", one)) for one in re.findall(_ARGUMENT, side)] for side in sides)
    return inputs, outputs


def _core_sizes(arrays: list[Any], inputs: list[tuple[str, ...]]) -> tuple[tuple[int, ...], dict[str, int]]:
    """The shape that loops go over, and the size of each core dimension."""
    sizes: dict[str, int] = {}
    loops = []
    for one, names in zip(arrays, inputs, strict=True):
        _match_sizes(one.shape, names, sizes)
        loops.append(one.shape[: one.ndim - len(names)])
    return broadcast_shapes(*loops) if loops else (), sizes


def _match_sizes(shape: tuple[int, ...], names: tuple[str, ...], sizes: dict[str, int]) -> None:
    if not names:
        return
    if len(shape) < len(names):
        raise ValueError(
            f"{len(shape)}-dimensional argument does not have enough dimensions for all core dimensions {names!r}"
        )
    for name, size in zip(names, shape[-len(names) :], strict=True):
        if sizes.setdefault(name, size) != size:
            raise ValueError(f"inconsistent size for core dimension {name!r}: {size!r} vs {sizes[name]!r}")


@set_module()
class vectorize:
    """
    A function of numbers as a function of arrays, by broadcasting. It is called for every element: convenient, not
    fast.

    Parameters
    ----------
    pyfunc : callable, optional
        The function; without it a decorator is made.
    otypes : str or list of dtypes, optional
        Types of the outputs; by default those of what the first call returns.
    doc : str, optional
        Docstring; by default that of the function.
    excluded : set of int or str, optional
        Arguments, by place or name, that are passed as they are.
    cache : bool
        Do not call the function again for the elements whose result gave the types.
    signature : str, optional
        Core dimensions of arguments and outputs, for example ``(m,n),(n)->(m)``; the function then gets arrays.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.vectorize(lambda a, b: a - b if a > b else a + b)([1, 2, 3, 4], 2)
    array([3, 4, 1, 2])
    """

    def __init__(
        self,
        pyfunc: Any = _NoValue,
        otypes: Any = None,
        doc: str | None = None,
        excluded: Any = None,
        cache: bool = False,
        signature: str | None = None,
    ) -> None:
        if pyfunc is not _NoValue and not callable(pyfunc):
            raise TypeError("When used as a decorator, only accepts keyword arguments.")
        self.pyfunc = pyfunc
        self.cache = cache
        self.signature = signature
        if isinstance(otypes, str):
            for code in otypes:
                if code not in _nx.numerictypes.typecodes["All"]:
                    raise ValueError(f"Invalid otype specified: {code}")
        elif hasattr(otypes, "__iter__"):
            otypes = [_otype(one) for one in otypes]
        elif otypes is not None:
            raise ValueError("Invalid otype specification")
        self.otypes = otypes
        if excluded is None:
            excluded = set()
        self.excluded = set(excluded)
        self._in_and_out_core_dims = None if signature is None else _parse_gufunc_signature(signature)
        self._cache: dict[int, Any] = {}
        self.__name__ = getattr(pyfunc, "__name__", None)
        self.__doc__ = doc
        if pyfunc is not _NoValue:
            self._describe(pyfunc, doc)

    def _describe(self, function: Any, doc: str | None) -> None:
        if doc is None:
            self.__doc__ = function.__doc__
        if hasattr(function, "__name__"):
            functools.update_wrapper(self, function, assigned=("__module__", "__name__", "__qualname__"), updated=())

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the function gives for the elements; as a decorator, the function to be."""
        if self.pyfunc is _NoValue:
            self.pyfunc = args[0]
            self._describe(self.pyfunc, self.__doc__)
            return self
        return self._call(args, kwargs)

    def _call(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if not kwargs and not self.excluded:
            return self._vectorized(self.pyfunc, list(args))
        names = [name for name in kwargs if name not in self.excluded]
        places = [place for place in range(len(args)) if place not in self.excluded]
        fixed = list(args)
        named = dict(kwargs)

        def function(*varying: Any) -> Any:
            for place, value in zip(places, varying, strict=False):
                fixed[place] = value
            named.update(zip(names, varying[len(places) :], strict=True))
            return self.pyfunc(*fixed, **named)

        return self._vectorized(function, [args[place] for place in places] + [kwargs[name] for name in names])

    def _vectorized(self, function: Any, args: list[Any]) -> Any:
        if self.signature is not None:
            return self._with_signature(function, args)
        if not args:
            return function()
        arrays = [asanyarray(one, dtype=object) for one in args]
        shape = broadcast_shapes(*(one.shape for one in arrays))
        calls = list(zip(*(broadcast_to(one, shape).ravel().tolist() for one in arrays), strict=True))
        first: list[Any] = []
        if self.otypes is None:
            if not calls:
                raise ValueError("cannot call `vectorize` on size 0 inputs unless `otypes` is set")
            # The types are those of the first outputs, which come from elements as the array holds them.
            value = function(*(asarray(one).ravel()[0] for one in args))
            outputs = value if isinstance(value, tuple) else (value,)
            kinds = [asarray(one).dtype for one in outputs]
            if self.cache:
                first, calls = [value], calls[1:]
        else:
            kinds = [dtype(one) for one in self.otypes]
        values = first + [function(*call) for call in calls]
        single = len(kinds) == 1
        columns = [values] if single else [[value[place] for value in values] for place in range(len(kinds))]
        results = [wrap_like(_filled(column, shape, kind), *args) for column, kind in zip(columns, kinds, strict=True)]
        return results[0] if single else tuple(results)

    def _with_signature(self, function: Any, args: list[Any]) -> Any:
        inputs, outputs = self._in_and_out_core_dims  # type: ignore[misc]
        if len(args) != len(inputs):
            raise TypeError(f"wrong number of positional arguments: expected {len(inputs)!r}, got {len(args)!r}")
        arrays = [asanyarray(one) for one in args]
        shape, sizes = _core_sizes(arrays, inputs)
        arrays = [
            broadcast_to(one, (*shape, *(sizes[name] for name in names)), subok=True)
            for one, names in zip(arrays, inputs, strict=True)
        ]
        results: list[Any] | None = None
        kinds = self.otypes
        single = len(outputs) == 1
        for place in ndindex(shape):
            values = function(*(one[place] for one in arrays))
            count = len(values) if isinstance(values, tuple) else 1
            if count != len(outputs):
                raise ValueError(f"wrong number of outputs from pyfunc: expected {len(outputs)!r}, got {count!r}")
            values = (values,) if single else values
            if results is None:
                for value, names in zip(values, outputs, strict=True):
                    _match_sizes(asarray(value).shape, names, sizes)
                results = self._results(shape, sizes, outputs, values)
            for result, value in zip(results, values, strict=True):
                result[place] = value
        if results is None:
            if kinds is None:
                raise ValueError("cannot call `vectorize` on size 0 inputs unless `otypes` is set")
            if any(name not in sizes for names in outputs for name in names):
                raise ValueError(
                    "cannot call `vectorize` with a signature including new output dimensions on size 0 inputs"
                )
            results = self._results(shape, sizes, outputs, None)
        return results[0] if single else tuple(results)

    def _results(self, shape: Any, sizes: dict[str, int], outputs: Any, values: Any) -> list[Any]:
        kinds = self.otypes or [None] * len(outputs)
        shapes = [(*shape, *(sizes[name] for name in names)) for names in outputs]
        if values is None:
            return [_nx.empty(one, dtype=kind) for one, kind in zip(shapes, kinds, strict=True)]
        return [
            _nx.empty_like(value, shape=one, dtype=kind) for value, one, kind in zip(values, shapes, kinds, strict=True)
        ]


def _otype(kind: Any) -> Any:
    given = dtype(kind)
    # Text without a length gets that of the results.
    return given.char if given.char in "SU" and given.itemsize == 0 else given


def _filled(values: list[Any], shape: tuple[int, ...], kind: Any) -> Any:
    held = _nx.empty(len(values), dtype=object)
    for place, value in enumerate(values):
        held[place] = value
    return (held if kind is object or kind == dtype("O") else array(held, dtype=kind)).reshape(shape)
