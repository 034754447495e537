"""Integers as text."""

from __future__ import annotations

import operator
from typing import Any

from .._utils import set_module

__all__ = ["base_repr", "binary_repr"]

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@set_module()
def binary_repr(num: Any, width: int | None = None) -> str:
    """
    The binary digits of an integer.

    Parameters
    ----------
    num : int
        The integer.
    width : int, optional
        How many digits; negative numbers are then shown in two's complement, else with a sign.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If the digits are too few.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.binary_repr(-3), np.binary_repr(-3, width=5)
    ('-11', '11101')
    """
    num = operator.index(num)
    if width is None:
        return f"{num:b}"
    needed = (~num).bit_length() + 1 if num < 0 else num.bit_length()
    if width < needed:
        raise ValueError(f"Insufficient bit width={width} provided for binwidth={needed}")
    return f"{num % (1 << width) if num < 0 else num:0{max(1, width)}b}"


@set_module()
def base_repr(number: Any, base: int = 2, padding: int = 0) -> str:
    """
    The digits of an integer in a number system.

    Parameters
    ----------
    number : int
        The integer; a negative one gets a sign.
    base : int
        From 2 to 36.
    padding : int
        How many zeros to put in front.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        For other bases.

    Examples
    --------
    >>> import wasmnp as np
    >>> np.base_repr(255, 16), np.base_repr(-5, 3, padding=2)
    ('FF', '-0012')
    """
    if base > len(_DIGITS):
        raise ValueError("Bases greater than 36 not handled in base_repr.")
    if base < 2:
        raise ValueError("Bases less than 2 not handled in base_repr.")
    rest = abs(int(number))
    digits = []
    while rest:
        rest, digit = divmod(rest, base)
        digits.append(_DIGITS[digit])
    text = "0" * padding + "".join(reversed(digits))
    return ("-" if number < 0 else "") + (text or "0")
