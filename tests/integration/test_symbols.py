"""The binaries take nothing from their hosts but the stable ABI of CPython 3.11, a listed rest, and a little C library.

A symbol that one host lacks fails at import there, and only there: hence a list that someone has to extend on purpose.
"""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from symbols import elf_undefined_symbols, undefined_symbols, wasm_imports

HERE = Path(__file__).resolve().parent
NONLIMITED = HERE.parent.parent / "native" / "python" / "nonlimited.hpp"


@pytest.fixture(scope="session")
def limited_api() -> set[str]:
    """Names that CPython's headers declare under the limited API of 3.11."""
    command = [sys.executable, "-m", "ziglang", "cc", "-E", "-P", "-x", "c", "-DPy_LIMITED_API=0x030B0000",
               "-I", sysconfig.get_path("include"), "-"]  # fmt: skip
    source = "#include <Python.h>\n"
    text = subprocess.run(command, input=source, capture_output=True, text=True, check=True).stdout
    names = set(re.findall(r"\b_?Py\w+", text))
    assert "PyObject_Call" in names
    assert "PyDict_Type" in names
    assert "PyUnicode_AsUTF8" not in names, "the headers did not restrict themselves"
    return names


def nonlimited() -> set[str]:
    """Functions outside the limited API that are used knowingly, from the header that lists them."""
    return set(re.findall(r"^WASMNP_NONLIMITED\((\w+)\)", NONLIMITED.read_text(), re.MULTILINE))


def allowed(section: str) -> re.Pattern[str]:
    """Pattern for the names of one section of allowed_symbols.txt."""
    lines: list[str] = []
    current = ""
    for line in (HERE / "allowed_symbols.txt").read_text().splitlines():
        if header := re.fullmatch(r"\[(\w+)\]", line):
            current = header[1]
        elif line and not line.startswith("#") and current == section:
            lines.append(f"(?:{line})")
    return re.compile("|".join(lines))


def unexpected(names: set[str], section: str, limited: set[str]) -> list[str]:
    """Names that no list allows. A version suffix (memcpy@GLIBC) is not part of a name here."""
    pattern = allowed(section)
    return sorted(name for name in names - limited - nonlimited() if not pattern.fullmatch(name))


def is_python(name: str) -> bool:
    return name.startswith(("Py", "_Py"))


@pytest.fixture(scope="session")
def wasm_module(wasm_wheel: Path) -> bytes:
    with zipfile.ZipFile(wasm_wheel) as archive:
        return archive.read("wasmnp/_native.abi3.so")


@pytest.mark.skipif(sys.platform != "linux", reason="reads ELF files")
def test_native_symbols(native_library: Path, limited_api: set[str]) -> None:
    assert unexpected(undefined_symbols(native_library), "native", limited_api) == []


@pytest.mark.skipif(sys.platform != "linux", reason="reads ELF files")
def test_the_c_library_is_the_systems(native_library: Path) -> None:
    """One call of a helper of zig's compiler library would link its mathematics and its memcpy as well."""
    assert {"memcpy", "memmove", "exp", "sinl", "expl"} <= undefined_symbols(native_library)


def test_wasm_imports(wasm_module: bytes, limited_api: set[str]) -> None:
    names = {entry.name for entry in wasm_imports(wasm_module)}
    assert [name for name in names if name.startswith(("_ZNSt", "_ZSt", "_ZNKSt", "_Zn", "_Zd"))] == []
    assert unexpected(names, "wasm", limited_api) == []


def test_both_targets_use_the_same_python_functions(
    native_library: Path, wasm_module: bytes, limited_api: set[str]
) -> None:
    """A function that only one target takes from CPython is a path that the other's tests never run."""
    # Macros of the limited headers differ between 32 and 64 bits and between header versions.
    native = {name for name in undefined_symbols(native_library) if is_python(name)}
    wasm = {entry.name for entry in wasm_imports(wasm_module) if is_python(entry.name)}
    assert sorted(native ^ wasm) == []


def test_every_listed_exception_is_used(native_library: Path) -> None:
    assert sorted(nonlimited() - undefined_symbols(native_library)) == []


def test_reader_refuses_other_formats() -> None:
    with pytest.raises(ValueError, match="not a 64-bit"):
        elf_undefined_symbols(b"MZ" + bytes(64))
    with pytest.raises(ValueError, match="not a WebAssembly"):
        wasm_imports(b"\x7fELF" + bytes(64))
