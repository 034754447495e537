"""Assertions about warnings, and contexts that hide or record them."""

from __future__ import annotations

import contextlib
import re
import warnings
from collections.abc import Callable, Iterator
from functools import wraps
from types import ModuleType
from typing import Any


def _deprecated(stacklevel: int) -> None:
    warnings.warn(
        "NumPy warning suppression and assertion utilities are deprecated. Use warnings.catch_warnings, "
        "warnings.filterwarnings, pytest.warns, or pytest.filterwarnings instead. (Deprecated NumPy 2.4)",
        DeprecationWarning,
        stacklevel=stacklevel + 1,
    )


def _calling(name: str | None) -> str:
    return "" if name is None else f" when calling {name}"


@contextlib.contextmanager
def _assert_warns_context(warning_class: type[Warning], name: str | None = None) -> Iterator[None]:
    __tracebackhide__ = True
    with suppress_warnings(_warn=False) as hidden:
        caught = hidden.record(warning_class)
        yield
        if not caught:
            raise AssertionError(f"No warning raised{_calling(name)}")


def assert_warns(warning_class: type[Warning], *args: Any, **kwargs: Any) -> Any:
    """
    Assert that a call, or the body of a ``with`` statement, warns. Deprecated: use ``pytest.warns``.

    Parameters
    ----------
    warning_class : type
        The class of the warning.
    *args : callable and arguments
        What to call; without it a context is returned.
    **kwargs : any
        Keyword arguments of the call.

    Returns
    -------
    any
        What the call returns.

    Raises
    ------
    AssertionError
        If there was no such warning.

    Examples
    --------
    >>> import warnings
    >>> import wasmnp as np
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     np.testing.assert_warns(UserWarning, warnings.warn, "careful")
    """
    _deprecated(2)
    if not args:
        if kwargs:
            if "match" in kwargs:
                raise RuntimeError("assert_warns does not use 'match' kwarg, use pytest.warns instead")
            raise RuntimeError("assert_warns(...) needs at least one arg")
        return _assert_warns_context(warning_class)
    function, *rest = args
    with _assert_warns_context(warning_class, name=function.__name__):
        return function(*rest, **kwargs)


@contextlib.contextmanager
def _assert_no_warnings_context(name: str | None = None) -> Iterator[None]:
    __tracebackhide__ = True
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
        if caught:
            raise AssertionError(f"Got warnings{_calling(name)}: {caught}")


def assert_no_warnings(*args: Any, **kwargs: Any) -> Any:
    """
    Assert that a call, or the body of a ``with`` statement, does not warn.

    Parameters
    ----------
    *args : callable and arguments
        What to call; without it a context is returned.
    **kwargs : any
        Keyword arguments of the call.

    Returns
    -------
    any
        What the call returns.

    Raises
    ------
    AssertionError
        If there was a warning.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.testing.assert_no_warnings(abs, -1)
    1
    """
    if not args:
        return _assert_no_warnings_context()
    function, *rest = args
    with _assert_no_warnings_context(name=function.__name__):
        return function(*rest, **kwargs)


class clear_and_catch_warnings(warnings.catch_warnings):
    """
    ``warnings.catch_warnings`` that also forgets, while it lasts, which warnings modules have already given.

    Parameters
    ----------
    record : bool
        Whether warnings are collected in a list, which ``with`` then gives.
    modules : sequence of modules
        The modules that forget; besides those in the class's own ``class_modules``.

    Examples
    --------
    >>> import warnings
    >>> import wasmnp as np
    >>> with np.testing.clear_and_catch_warnings(record=True, modules=[np]) as caught:
    ...     warnings.simplefilter("always")
    ...     warnings.warn("careful")
    >>> len(caught)
    1
    """

    class_modules: tuple[ModuleType, ...] = ()

    def __init__(self, record: bool = False, modules: Any = ()) -> None:
        self.modules = {*modules, *self.class_modules}
        self._kept: dict[ModuleType, dict[Any, Any]] = {}
        super().__init__(record=record)

    def __enter__(self) -> Any:
        for module in self.modules:
            registry = getattr(module, "__warningregistry__", None)
            if registry is not None:
                self._kept[module] = registry.copy()
                registry.clear()
        return super().__enter__()

    def __exit__(self, *exc_info: Any) -> None:
        super().__exit__(*exc_info)
        for module in self.modules:
            registry = getattr(module, "__warningregistry__", None)
            if registry is not None:
                registry.clear()
                registry.update(self._kept.get(module, {}))


class _Rule:
    """Which warnings are hidden, and the list that records them, if any."""

    def __init__(
        self, category: type[Warning], message: str, module: ModuleType | None, record: list[Any] | None
    ) -> None:
        self.category = category
        self.message = message
        self.pattern = re.compile(message, re.IGNORECASE)
        self.module = module
        self.record = record

    def matches(self, warning: warnings.WarningMessage) -> bool:
        if not issubclass(warning.category, self.category) or self.pattern.match(str(warning.message)) is None:
            return False
        # The name of a module's file may end in .pyc.
        return self.module is None or str(self.module.__file__).startswith(str(warning.filename))

    def install(self) -> None:
        """Let every such warning be shown, whatever has been shown before."""
        module = "" if self.module is None else re.escape(self.module.__name__) + "$"
        warnings.filterwarnings("always", category=self.category, message=self.message, module=module)


class suppress_warnings:
    """
    A context or decorator that hides warnings, or records them. Deprecated: use ``warnings.catch_warnings``.

    Rules that are added inside the context end with it. The last rule that fits a warning counts.

    Parameters
    ----------
    forwarding_rule : {'always', 'once', 'module', 'location'}
        How often a warning that fits no rule is passed on.

    Examples
    --------
    >>> import warnings
    >>> import wasmnp as np
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     with np.testing.suppress_warnings() as hidden:
    ...         caught = hidden.record(UserWarning)
    ...         warnings.warn("careful")
    >>> len(caught)
    1
    """

    def __init__(self, forwarding_rule: str = "always", _warn: bool = True) -> None:
        if _warn:
            _deprecated(2)
        if forwarding_rule not in {"always", "module", "once", "location"}:
            raise ValueError("unsupported forwarding rule.")
        self._forwarding_rule = forwarding_rule
        self._entered = False
        self._rules: list[_Rule] = []  # those of every use
        self._inner_rules: list[_Rule] = []  # those of the context that is open
        self.log: list[warnings.WarningMessage] = []

    def _add(self, category: type[Warning], message: str, module: ModuleType | None, record: bool) -> list[Any] | None:
        rule = _Rule(category, message, module, [] if record else None)
        if self._entered:
            rule.install()
            self._inner_rules.append(rule)
        else:
            self._rules.append(rule)
        return rule.record

    def filter(self, category: type[Warning] = Warning, message: str = "", module: ModuleType | None = None) -> None:
        """
        Hide warnings.

        Parameters
        ----------
        category : type
            Their class.
        message : str
            A regular expression for the beginning of their text.
        module : module, optional
            Where they come from.
        """
        self._add(category, message, module, record=False)

    def record(
        self, category: type[Warning] = Warning, message: str = "", module: ModuleType | None = None
    ) -> list[Any]:
        """
        Hide warnings, and collect them in a list and in ``log``.

        Parameters
        ----------
        category, message, module
            As for `filter`.

        Returns
        -------
        list
            Of ``warnings.WarningMessage``.
        """
        records = self._add(category, message, module, record=True)
        assert records is not None
        return records

    def __enter__(self) -> suppress_warnings:
        if self._entered:
            raise RuntimeError("cannot enter suppress_warnings twice.")
        self._catching = warnings.catch_warnings()
        self._catching.__enter__()
        self._shown_by: Any = warnings.showwarning
        self._entered = True
        self._inner_rules = []
        self._forwarded: set[Any] = set()
        self.log = []
        for rule in self._rules:
            if rule.record is not None:
                del rule.record[:]
            rule.install()
        warnings.showwarning = self._showwarning  # type: ignore[assignment]
        return self

    def __exit__(self, *exc_info: Any) -> None:
        self._catching.__exit__(*exc_info)
        self._entered = False
        self._inner_rules = []

    def _showwarning(
        self,
        message: Any,
        category: type[Warning],
        filename: str,
        lineno: int,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        warning = warnings.WarningMessage(message, category, filename, lineno, **kwargs)
        for rule in (*reversed(self._inner_rules), *reversed(self._rules)):
            if rule.matches(warning):
                if rule.record is not None:
                    self.log.append(warning)
                    rule.record.append(warning)
                return
        key: Any = None
        if self._forwarding_rule == "once":
            key = (str(message), category)
        elif self._forwarding_rule == "module":
            key = (str(message), category, filename)
        elif self._forwarding_rule == "location":
            key = (str(message), category, filename, lineno)
        if key is not None:
            if key in self._forwarded:
                return
            self._forwarded.add(key)
        self._shown_by(message, category, filename, lineno, *args, **kwargs)

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def hidden(*args: Any, **kwargs: Any) -> Any:
            with self:
                return function(*args, **kwargs)

        return hidden
