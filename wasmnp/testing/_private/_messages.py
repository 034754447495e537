"""Texts of failed assertions, and assertions about texts and truth."""

from __future__ import annotations

import difflib
import pprint
from collections.abc import Callable, Iterable, Sequence
from io import StringIO
from typing import Any

from ..._core.arrayprint import array_repr
from ..._core.multiarray import ndarray

# Longer descriptions of a value are cut after this many lines.
_SHOWN_LINES = 3
_LINE_LENGTH = 79


def assert_(val: Any, msg: str | Callable[[], str] = "") -> None:
    """
    Assert that a value is true, in Python's optimized mode as well.

    Parameters
    ----------
    val : any
        The value.
    msg : str or callable
        The text of the error, or what makes it.

    Raises
    ------
    AssertionError

    Examples
    --------
    >>> import wasmnp as np
    >>> np.testing.assert_(1 < 2)
    """
    __tracebackhide__ = True  # pytest leaves such frames out
    if not val:
        raise AssertionError(msg() if callable(msg) else msg)


def _described(value: Any, precision: int) -> str:
    try:
        text = array_repr(value, precision=precision) if isinstance(value, ndarray) else repr(value)
    except Exception as error:
        return f"[repr failed for <{type(value).__name__}>: {error}]"
    lines = text.splitlines()
    return text if text.count("\n") <= _SHOWN_LINES else "\n".join(lines[:_SHOWN_LINES]) + "..."


def build_err_msg(
    arrays: Iterable[Any],
    err_msg: str,
    header: str = "Items are not equal:",
    verbose: bool = True,
    names: Sequence[str] = ("ACTUAL", "DESIRED"),
    precision: int = 8,
) -> str:
    """
    The text of a failed comparison.

    Parameters
    ----------
    arrays : iterable
        The values that were compared.
    err_msg : str
        What the caller of the assertion says; beside the header if it is short.
    header : str
        The first line.
    verbose : bool
        Show the values.
    names : sequence of str
        What the values are called.
    precision : int
        Digits of the values.

    Returns
    -------
    str

    Examples
    --------
    >>> import wasmnp as np
    >>> print(np.testing.build_err_msg([1, 2], "off by one"))
    <BLANKLINE>
    Items are not equal: off by one
     ACTUAL: 1
     DESIRED: 2
    """
    text = f"\n{header}"
    if err_msg:
        one_line = "\n" not in err_msg and len(err_msg) < _LINE_LENGTH - len(header)
        text += f" {err_msg}" if one_line else f"\n{err_msg}"
    if verbose:
        for name, value in zip(names, arrays, strict=False):
            text += f"\n {name}: {_described(value, precision)}"
    return text


def print_assert_equal(test_string: str, actual: Any, desired: Any) -> None:
    """
    Assert that two objects are equal, and print both in the error.

    Parameters
    ----------
    test_string : str
        What was tested; the first line of the error.
    actual, desired : any
        The objects.

    Raises
    ------
    AssertionError

    Examples
    --------
    >>> import wasmnp as np
    >>> np.testing.print_assert_equal("sorting", sorted([2, 1]), [1, 2])
    """
    __tracebackhide__ = True
    if actual == desired:
        return
    text = StringIO()
    for title, value in ((f"{test_string} failed\nACTUAL: \n", actual), ("DESIRED: \n", desired)):
        text.write(title)
        pprint.pprint(value, text)
    raise AssertionError(text.getvalue())


def assert_string_equal(actual: str, desired: str) -> None:
    """
    Assert that two texts are equal, and show the lines that differ.

    Parameters
    ----------
    actual, desired : str
        The texts.

    Raises
    ------
    AssertionError

    Examples
    --------
    >>> import wasmnp as np
    >>> np.testing.assert_string_equal("abc", "abc")
    """
    __tracebackhide__ = True
    for text in (actual, desired):
        if not isinstance(text, str):
            raise AssertionError(repr(type(text)))
    if actual == desired:
        return
    lines = difflib.Differ().compare(actual.splitlines(True), desired.splitlines(True))
    changes: list[str] = []
    expected = "-"  # a line taken away is followed by the one that replaces it
    for line in lines:
        mark = line[0]
        if mark == expected:
            expected = "+" if mark == "-" else "-"
            changes.append(line)
        elif mark == "?" and changes:  # marks the characters that differ in the line before
            changes.append(line)
        elif mark != " " or expected == "+":
            raise AssertionError(repr(line))
    raise AssertionError(f"Differences in strings:\n{''.join(changes).rstrip()}")
