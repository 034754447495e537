"""Compare the candidate's public names, kinds and signatures with NumPy's."""

from __future__ import annotations

import dataclasses
import json
import re
import subprocess
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from . import runner, yardstick
from .judge import workplace
from .runner import Options

Names = dict[str, list]  # name -> [kind, signature]


class Row(NamedTuple):
    group: str  # "modules" or "classes"
    namespace: str
    present: int
    names: int
    equal: int
    signatures: int


@dataclass
class Comparison:
    rows: list[Row] = field(default_factory=list)
    missing: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, dict[str, list[str]]] = field(default_factory=lambda: defaultdict(dict))
    signatures: dict[str, dict[str, list]] = field(default_factory=lambda: defaultdict(dict))
    extra: dict[str, list[str]] = field(default_factory=dict)

    def add(self, group: str, namespace: str, wanted: Names, have: Names) -> None:
        missing = [name for name in wanted if name not in have]
        equal = 0
        for name, (kind, signature) in wanted.items():
            if name not in have:
                continue
            other_kind, other_signature = have[name]
            if kind != other_kind:
                self.kinds[namespace][name] = [kind, other_kind]
            if signature is not None:
                if signature == other_signature:
                    equal += 1
                else:
                    self.signatures[namespace][name] = [shown(signature), shown(other_signature)]
        counted = sum(signature is not None for _, signature in wanted.values())
        self.rows.append(Row(group, namespace, len(wanted) - len(missing), len(wanted), equal, counted))
        if missing:
            self.missing[namespace] = missing
        extra = sorted(set(have) - set(wanted))
        if extra and group == "modules":
            self.extra[namespace] = extra


def shown(signature: list | None) -> str | None:
    """A dumped signature as text."""
    if signature is None:
        return None
    stars, kinds = {2: "*", 4: "**"}, {0: " [pos-only]", 3: " [kw-only]"}
    return "(" + ", ".join(
        stars.get(kind, "") + name + (f"={default}" if default else "") + kinds.get(kind, "")
        for name, kind, default in signature
    ) + ")"  # fmt: skip


def dump(options: Options, real: Path, boot: Path, folder: Path) -> dict[str, Any]:
    """The public interface of `options.candidate`, taken in a process of its own."""
    output = folder / f"api-{options.candidate}.json"
    helpers = {} if options.candidate == "numpy" else dict.fromkeys(runner.wheel_helpers(real), "stub:public-api")
    environment = runner.environment_for(options, real, None, boot, helpers)
    words = [str(Path(__file__).with_name("api_dump.py")), str(output)]
    command, own = options.interpreter.command(words, environment, folder, folder)
    done = subprocess.run(command, env=own, cwd=folder, capture_output=True, text=True, timeout=600)
    if done.returncode or not output.exists():
        return {"modules": {}, "classes": {}, "errors": {"numpy": runner.last_line(done.stderr)[:300]}}
    return json.loads(output.read_text())


def same_class(namespace: str, classes: dict[str, Names]) -> Names:
    """The candidate's class of that name, also where another module was the first to name it."""
    if namespace in classes:
        return classes[namespace]

    def key(name: str) -> tuple[str, list[str]]:
        return re.split(r"[.:]", name)[-1], name.rpartition(".")[0].split(".")[:2]

    return next((names for name, names in classes.items() if key(name) == key(namespace)), {})


def compare(wanted: dict[str, Any], have: dict[str, Any]) -> Comparison:
    comparison = Comparison()
    for namespace, names in wanted["modules"].items():
        comparison.add("modules", namespace, names, have["modules"].get(namespace, {}))
    for namespace, names in wanted["classes"].items():
        comparison.add("classes", namespace, names, same_class(namespace, have["classes"]))
    return comparison


def print_rows(rows: list[Row], verbose: bool) -> None:
    def text(name: str, present: int, names: int, equal: int, signatures: int) -> str:
        return (f"{name:<44} {present:6d}/{names:<6d} {100 * present / max(names, 1):6.1f}%  "
                f"{equal:6d}/{signatures:<6d} {100 * equal / max(signatures, 1):6.1f}%")  # fmt: skip

    print(f"{'namespace':<44} {'names':>12} {'%':>7}   {'signatures':>12} {'%':>7}")
    for group in ("modules", "classes"):
        mine = [row for row in rows if row.group == group]
        for row in mine:
            incomplete = row.present < row.names or row.equal < row.signatures
            if group == "modules" or (incomplete and verbose):
                print(text(*row[1:]))
        print(text(f"ALL {group.upper()}", *(sum(row[index] for row in mine) for index in (2, 3, 4, 5))))


def compare_public_api(options: Options, numpy_folder: str | None, top: int, output: Path | None) -> None:
    """Print, and write as JSON to `output`, how far the candidate's interface is NumPy's."""
    real = yardstick.real_numpy_folder(numpy_folder)
    with workplace(options) as folder:
        _, boot = yardstick.make_tree(real, folder)
        path = [str(real.parent)] if numpy_folder else []
        numpy = dataclasses.replace(options, candidate="numpy", identity="alias", candidate_path=path)
        wanted, have = dump(numpy, real, boot, folder), dump(options, real, boot, folder)
    if wanted["errors"]:
        print("real numpy:", wanted["errors"])
    comparison = compare(wanted, have)
    print_rows(comparison.rows, options.verbose)
    if have["errors"]:
        print("candidate, not importable:", "; ".join(f"{k} ({v})" for k, v in list(have["errors"].items())[:12]))
    for title, found in (("missing names", comparison.missing), ("other kind", comparison.kinds),
                         ("signature mismatches", comparison.signatures),
                         ("extra public names", comparison.extra)):  # fmt: skip
        if found:
            print(f"\n{title}: {sum(map(len, found.values()))} in {len(found)} namespaces")
            for namespace, names in list(found.items())[:top]:
                print(f"  {namespace:<36} {len(names):4d}: {', '.join(list(names)[:8])[:110]}")
    if output:
        output.write_text(json.dumps(dataclasses.asdict(comparison) | {"errors": have["errors"]}, indent=1))
        print("wrote", output)
