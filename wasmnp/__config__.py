"""How the package was built."""

from __future__ import annotations

from typing import Any

from ._core._multiarray_umath import _cpu_level

__all__ = ["show_config"]


def show_config(mode: str = "stdout") -> dict[str, Any] | None:
    """
    Print or return how the package was built, and what it found at import.

    Parameters
    ----------
    mode : {"stdout", "dicts"}
        Whether to print, or to return a dictionary.

    Returns
    -------
    dict or None

    Raises
    ------
    ValueError
        For any other `mode`.

    Examples
    --------
    >>> import wasmnp as np
    >>> sorted(np.show_config("dicts"))
    ['Build Dependencies', 'Compilers', 'SIMD Extensions']
    """
    if mode not in ("stdout", "dicts"):
        raise ValueError(f"mode must be 'stdout' or 'dicts', not {mode!r}")
    config = {
        "Compilers": {"c++": {"name": "clang", "standard": "c++20"}},
        "SIMD Extensions": {"found": [_cpu_level]},
        "Build Dependencies": {"blas": {"name": "none", "found": False}, "lapack": {"name": "none", "found": False}},
    }
    if mode == "dicts":
        return config
    for chapter, entries in config.items():
        print(f"{chapter}:")
        for name, value in entries.items():
            print(f"  {name}: {value}")
    return None
