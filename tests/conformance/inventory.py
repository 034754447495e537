"""import_inventory.txt: which numpy.* modules and names NumPy's test files import."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from . import yardstick
from .judge import workplace
from .runner import Options

INVENTORY = yardstick.HERE / "import_inventory.txt"


def is_private(part: str) -> bool:
    return part.startswith("_") and not part.startswith("__")


@dataclass
class Inventory:
    modules: Counter[str] = field(default_factory=Counter)
    names: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    top_level: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, file: str, source: str) -> None:
        """Take in one test file, given relative to numpy/."""
        tree = ast.parse(source)
        at_top = set(map(id, tree.body))
        aliases = {"numpy": "numpy", "np": "numpy"}
        imported: set[str] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found = [name.name for name in node.names if name.name.split(".")[0] == "numpy"]
                aliases |= {name.asname: name.name for name in node.names if name.name in found and name.asname}
            elif isinstance(node, ast.ImportFrom):
                module = self.absolute(file, node)
                found = [module] if module.split(".")[0] == "numpy" else []
                for name in node.names if found else ():
                    self.names[module][name.name] += 1
                    aliases[name.asname or name.name] = f"{module}.{name.name}"
            else:
                continue
            imported.update(found)
            if id(node) in at_top:
                for module in found:
                    self.top_level[module].add(file)
        self.modules.update(imported)
        self.add_attributes(tree, aliases)

    def add_attributes(self, tree: ast.AST, aliases: dict[str, str]) -> None:
        """Count private attribute chains such as np._core.multiarray.x."""
        for node in ast.walk(tree):
            if not isinstance(node, ast.Attribute):
                continue
            chain, value = [node.attr], node.value
            while isinstance(value, ast.Attribute):
                chain.append(value.attr)
                value = value.value
            if isinstance(value, ast.Name) and value.id in aliases:
                full = [*aliases[value.id].split("."), *reversed(chain)]
                if any(is_private(part) for part in full[1:]):
                    self.names[".".join(full[:-1]) + " (attr)"][full[-1]] += 1

    @staticmethod
    def absolute(file: str, node: ast.ImportFrom) -> str:
        """Full name of the module of a `from` import."""
        module = node.module or ""
        if not node.level:
            return module
        package = ["numpy", *file.split("/")[:-1]]
        return ".".join(package[: len(package) - node.level + 1] + ([module] if module else []))

    def lines(self, files: int) -> list[str]:
        result = [f"# numpy.* modules imported by the {files} yardstick test files: "
                  "module, files (files importing it at top level)"]  # fmt: skip
        for module, count in sorted(self.modules.items(), key=lambda item: (-item[1], item[0])):
            private = "  PRIVATE" if any(part.startswith("_") for part in module.split(".")) else ""
            result.append(f"{count:4d} ({len(self.top_level.get(module, ())):3d}) {module}{private}")
        result += ["", '# names taken from them (count); "(attr)" = attribute access with a private part']
        for module in sorted(self.names):
            names = sorted(self.names[module].items(), key=lambda item: (-item[1], item[0]))
            result.append(f"{module}: " + ", ".join(f"{name} {n}" if n > 1 else name for name, n in names))
        return result


def write_inventory(options: Options, numpy_folder: str | None) -> None:
    """Write import_inventory.txt from the test files of the installed numpy."""
    inventory = Inventory()
    with workplace(options) as folder:
        tree, _ = yardstick.make_tree(yardstick.real_numpy_folder(numpy_folder), folder)
        files, _ = yardstick.test_files(tree)
        for file in files:
            inventory.add(file, (tree / "numpy" / file).read_text(encoding="utf-8"))
    INVENTORY.write_text("\n".join(inventory.lines(len(files))) + "\n")
    print("wrote", INVENTORY)
