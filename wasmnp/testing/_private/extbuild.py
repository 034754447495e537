"""Extension modules that tests compile while they run."""

from __future__ import annotations

import importlib.util
import os
import pathlib
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from types import ModuleType
from typing import Any

__all__ = ["build_and_import_extension", "compile_extension_module"]


def build_and_import_extension(
    modname: str,
    functions: Sequence[tuple[str, str, str]],
    *,
    prologue: str = "",
    build_dir: Any = None,
    include_dirs: Sequence[Any] | None = None,
    more_init: str = "",
) -> ModuleType:
    """
    Compile an extension module of a few functions with the system's C compiler, and import it.

    Parameters
    ----------
    modname : str
        The name of the module.
    functions : sequence of (name, flags, body)
        For each function its name, its flags such as "METH_VARARGS", and the C code of its body, which has `self`
        and `args`.
    prologue : str
        C code before the functions.
    build_dir : path, optional
        Where to compile; a temporary directory by default.
    include_dirs : sequence of paths, optional
        Where headers are looked for, besides Python's.
    more_init : str
        C code that runs when the module is made; the module is called `mod`.

    Returns
    -------
    module

    Raises
    ------
    RuntimeError
        If it cannot be compiled.
    """
    if build_dir is None:
        build_dir = tempfile.mkdtemp(prefix=f"{modname}-")
    source = _source(modname, functions, prologue, more_init)
    path = compile_extension_module(modname, build_dir, list(include_dirs or []), source)
    spec = importlib.util.spec_from_file_location(modname, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _source(modname: str, functions: Sequence[tuple[str, str, str]], prologue: str, more_init: str) -> str:
    rows, bodies = [], []
    for name, flags, body in functions:
        own = f"{modname}_{name}"
        rows.append(f'    {{"{name}", (PyCFunction){own}, {flags}, 0}},')
        bodies.append(f"static PyObject* {own}(PyObject* self, PyObject* args) {{\n{body}\n}}")
    return "\n".join(
        [
            "#define PY_SSIZE_T_CLEAN",
            "#include <Python.h>",
            prologue,
            *bodies,
            "static PyMethodDef methods[] = {",
            *rows,
            "    {0, 0, 0, 0},\n};",
            f'static struct PyModuleDef definition = {{PyModuleDef_HEAD_INIT, "{modname}", 0, -1, methods}};',
            f"PyMODINIT_FUNC PyInit_{modname}(void) {{",
            "  PyObject* mod = PyModule_Create(&definition);",
            "  if (!mod) return 0;",
            more_init,
            "  return mod;\n}\n",
        ]
    )


def compile_extension_module(
    name: str, builddir: Any, include_dirs: Sequence[Any], source_string: str, libraries: Sequence[str] = ()
) -> pathlib.Path:
    """
    Compile the source of an extension module with ``$CC``, or else the compiler that Python was built with.

    Parameters
    ----------
    name : str
        The name of the module.
    builddir : path
        Where to compile.
    include_dirs : sequence of paths
        Where headers are looked for, besides Python's.
    source_string : str
        C code.
    libraries : sequence of str
        Names of libraries to link.

    Returns
    -------
    pathlib.Path
        The module's file.

    Raises
    ------
    RuntimeError
        If it cannot be compiled.
    """
    if sys.platform in ("win32", "emscripten"):
        raise RuntimeError(f"extension modules cannot be compiled while tests run on {sys.platform}")
    folder = pathlib.Path(builddir) / name
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "source.c"
    source.write_text(source_string)
    target = folder / (name + str(sysconfig.get_config_var("EXT_SUFFIX")))
    compiler = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()
    includes = [f"-I{path}" for path in (*include_dirs, sysconfig.get_path("include"))]
    undefined = ["-undefined", "dynamic_lookup"] if sys.platform == "darwin" else []
    command = [*compiler, "-shared", "-fPIC", *undefined, *includes, str(source), "-o", str(target)]
    try:
        subprocess.run([*command, *(f"-l{one}" for one in libraries)], check=True, capture_output=True, text=True)
    except OSError as error:
        raise RuntimeError(f"no C compiler for extension modules of tests: {error}") from None
    except subprocess.CalledProcessError as error:
        raise RuntimeError(f"compiling the extension module {name!r} failed:\n{error.stderr}") from None
    return target
