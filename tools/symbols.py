"""Which symbols a shared library or a WebAssembly side module takes from its host; reads the files itself.

python tools/symbols.py FILE...
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SHT_DYNSYM = 11


def elf_undefined_symbols(data: bytes) -> set[str]:
    """Undefined dynamic symbols of a 64-bit little-endian ELF file (System V ABI, chapters 4 and 5)."""
    if data[:6] != b"\x7fELF\x02\x01":
        raise ValueError("not a 64-bit little-endian ELF file")
    table, entry_size, count = struct.unpack_from("<Q", data, 40)[0], *struct.unpack_from("<HH", data, 58)
    sections = [struct.unpack_from("<IIQQQQIIQQ", data, table + index * entry_size) for index in range(count)]
    names: set[str] = set()
    for _, kind, _, _, offset, size, link, _, _, symbol_size in sections:
        if kind != SHT_DYNSYM:
            continue
        strings = sections[link][4]
        for position in range(offset, offset + size, symbol_size):
            name, _, _, section = struct.unpack_from("<IBBH", data, position)
            if section == 0 and name:
                end = data.index(b"\0", strings + name)
                names.add(data[strings + name : end].decode())
    return names


@dataclass(frozen=True)
class WasmImport:
    module: str  # "env", or "GOT.func" / "GOT.mem" for an address
    name: str


class WasmReader:
    """Cursor over a WebAssembly binary (core specification, chapter 5)."""

    def __init__(self, data: bytes, position: int = 0) -> None:
        self.data, self.position = data, position

    def byte(self) -> int:
        self.position += 1
        return self.data[self.position - 1]

    def unsigned(self) -> int:
        result = shift = 0
        while True:
            byte = self.byte()
            result |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return result

    def name(self) -> str:
        length = self.unsigned()
        self.position += length
        return self.data[self.position - length : self.position].decode()

    def limits(self) -> None:
        flags = self.byte()
        self.unsigned()
        if flags & 1:
            self.unsigned()

    def skip_import_description(self) -> None:
        kind = self.byte()
        if kind == 0:  # function: type index
            self.unsigned()
        elif kind == 1:  # table: reference type, limits
            self.byte()
            self.limits()
        elif kind == 2:  # memory
            self.limits()
        elif kind == 3:  # global: value type, mutability
            self.position += 2
        else:
            raise ValueError(f"import of unknown kind {kind}")


def wasm_sections(data: bytes) -> Iterator[tuple[int, WasmReader]]:
    if data[:8] != b"\0asm\x01\0\0\0":
        raise ValueError("not a WebAssembly module")
    reader = WasmReader(data, 8)
    while reader.position < len(data):
        kind, size = reader.byte(), reader.unsigned()
        yield kind, WasmReader(data, reader.position)
        reader.position += size


def wasm_imports(data: bytes) -> set[WasmImport]:
    """Imports of a WebAssembly module."""
    found: set[WasmImport] = set()
    for kind, reader in wasm_sections(data):
        if kind == 2:
            for _ in range(reader.unsigned()):
                found.add(WasmImport(reader.name(), reader.name()))
                reader.skip_import_description()
    return found


def undefined_symbols(path: Path) -> set[str]:
    """Names that the binary at `path` takes from its host, for both formats."""
    data = path.read_bytes()
    if data[:4] == b"\0asm":
        return {entry.name for entry in wasm_imports(data)}
    return elf_undefined_symbols(data)


def main() -> None:
    for argument in sys.argv[1:]:
        print(*sorted(undefined_symbols(Path(argument))), sep="\n")


if __name__ == "__main__":
    main()
