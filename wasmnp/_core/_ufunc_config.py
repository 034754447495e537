"""Handling of floating-point errors: context-local, kept where the compiled core reads it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ._multiarray_umath import _default_extobj, _extobj_contextvar

__all__ = ["errstate", "getbufsize", "geterr", "geterrcall", "setbufsize", "seterr", "seterrcall"]

_MODES = ("ignore", "warn", "raise", "call", "print", "log")
_SHIFTS = {"divide": 0, "over": 3, "under": 6, "invalid": 9}


def _modes(mask: int) -> dict[str, str]:
    return {kind: _MODES[mask >> shift & 7] for kind, shift in _SHIFTS.items()}


def _with(
    state: tuple[int, int, Any], all: str | None = None, call: Any = None, **kinds: str | None
) -> tuple[int, int, Any]:
    """A copy of `state` with some modes replaced; ``call`` is a one-element tuple when it is to change."""
    mask, bufsize, callback = state
    for kind, shift in _SHIFTS.items():
        mode = kinds.get(kind) or all
        if mode is None:
            continue
        if mode not in _MODES:
            raise ValueError(f"mode for {kind!r} is {mode!r}; it must be one of {', '.join(map(repr, _MODES))}")
        mask = mask & ~(7 << shift) | _MODES.index(mode) << shift
    if call is not None:
        callback = call[0]
        if callback is not None and not callable(callback) and not callable(getattr(callback, "write", None)):
            raise TypeError("python object must be callable or have a callable write method")
    return mask, bufsize, callback


def _state() -> tuple[int, int, Any]:
    return _extobj_contextvar.get(_default_extobj)


def seterr(
    all: str | None = None,
    divide: str | None = None,
    over: str | None = None,
    under: str | None = None,
    invalid: str | None = None,
) -> dict[str, str]:
    """Set how floating-point errors are handled in this context.

    Parameters
    ----------
    all, divide, over, under, invalid : {'ignore', 'warn', 'raise', 'call', 'print', 'log'}, optional
        Mode for all kinds, or for one; a kind's own mode wins.

    Returns
    -------
    dict
        The modes before the call.

    Examples
    --------
    >>> import wasmnp as np
    >>> old = np.seterr(divide="ignore")
    >>> np.array([1.0]) / 0
    array([inf])
    >>> _ = np.seterr(**old)
    """
    old = _state()
    _extobj_contextvar.set(_with(old, all=all, divide=divide, over=over, under=under, invalid=invalid))
    return _modes(old[0])


def geterr() -> dict[str, str]:
    """The modes of floating-point error handling in this context.

    Returns
    -------
    dict
        Mode by kind of error.
    """
    return _modes(_state()[0])


def seterrcall(func: Callable[[str, int], Any] | Any | None) -> Any:
    """Set the function for mode 'call', or the object with a ``write`` method for mode 'log'.

    Parameters
    ----------
    func : callable, object with ``write``, or None

    Returns
    -------
    object
        What was set before.
    """
    old = _state()
    _extobj_contextvar.set(_with(old, call=(func,)))
    return old[2]


def geterrcall() -> Any:
    """What `seterrcall` set in this context.

    Returns
    -------
    object
    """
    return _state()[2]


def getbufsize() -> int:
    """The buffer size of ufuncs; kept for NumPy's interface, without an effect on results.

    Returns
    -------
    int
        Elements.
    """
    return _state()[1]


def setbufsize(size: int) -> int:
    """Set the buffer size of ufuncs; kept for NumPy's interface, without an effect on results.

    Parameters
    ----------
    size : int
        Elements.

    Returns
    -------
    int
        The size before the call.
    """
    if size < 0:
        raise ValueError(f"buffer size, {size}, must be non-negative")
    mask, old, callback = _state()
    _extobj_contextvar.set((mask, size, callback))
    return old


_UNSET = object()


class errstate:
    """Context manager, and decorator, for the handling of floating-point errors.

    Parameters
    ----------
    call : callable or object with ``write``, optional
        For the modes 'call' and 'log'.
    all, divide, over, under, invalid : str, optional
        As in `seterr`.

    Examples
    --------
    >>> import wasmnp as np
    >>> with np.errstate(invalid="raise"):
    ...     np.sqrt(np.array([-1.0]))
    Traceback (most recent call last):
        ...
    FloatingPointError: invalid value encountered in sqrt
    """

    __slots__ = ("_call", "_kinds", "_token")

    def __init__(
        self,
        *,
        call: Any = _UNSET,
        all: str | None = None,
        divide: str | None = None,
        over: str | None = None,
        under: str | None = None,
        invalid: str | None = None,
    ) -> None:
        self._token: Any = None
        self._call = None if call is _UNSET else (call,)
        self._kinds = {"all": all, "divide": divide, "over": over, "under": under, "invalid": invalid}

    def __enter__(self) -> None:
        if self._token is not None:
            raise TypeError("Cannot enter `np.errstate` twice.")
        self._token = _extobj_contextvar.set(_with(_state(), call=self._call, **self._kinds))

    def __exit__(self, *exc_info: object) -> None:
        _extobj_contextvar.reset(self._token)

    def __call__(self, func: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(func)
        def inner(*args: Any, **kwargs: Any) -> Any:
            token = _extobj_contextvar.set(_with(_state(), call=self._call, **self._kinds))
            try:
                return func(*args, **kwargs)
            finally:
                _extobj_contextvar.reset(token)

        return inner
