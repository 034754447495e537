"""Threads of their own for what must not meet the event loop that browser tests leave running."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


def alone(function: Callable[[], Result]) -> Result:
    """What a function gives in a thread without an event loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result()
