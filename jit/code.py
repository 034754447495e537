"""What the drivers give: addresses of machine code and what keeps it alive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ElementwiseCode:
    """Addresses of a kernel as BlockKernel and StridedKernel (:file:`kernels/cpu/kernel_table.hpp`).

    The code lives as long as ``owner``.
    """

    contiguous: int
    strided: int
    owner: Any


@dataclass(frozen=True)
class EntryCode:
    """Address of an ``int32_t f(char* arguments, char* results)`` on slots of 8 bytes; lives as long as ``owner``."""

    address: int
    owner: Any
