"""Extension modules compiled by tests, with the compiler that builds of this package use."""

from __future__ import annotations

import sys

import pytest

from wasmnp.testing import extbuild


@pytest.fixture(autouse=True)
def compiler(monkeypatch):
    monkeypatch.setenv("CC", f"{sys.executable} -m ziglang cc")


def test_functions_prologue_and_init(tmp_path):
    module = extbuild.build_and_import_extension(
        "made_by_a_test",
        [
            ("seven", "METH_NOARGS", "return PyLong_FromLong(SEVEN);"),
            ("length", "METH_O", "return PyLong_FromSsize_t(PyObject_Length(args));"),
        ],
        prologue="#define SEVEN 7",
        build_dir=tmp_path,
        more_init='PyModule_AddIntConstant(mod, "two", 2);',
    )
    assert (module.seven(), module.length("abc"), module.two) == (7, 3, 2)


def test_errors_of_the_compiler_are_shown(tmp_path):
    with pytest.raises(RuntimeError, match="unknown_name"):
        extbuild.build_and_import_extension(
            "fails_to_compile", [("f", "METH_NOARGS", "return unknown_name;")], build_dir=tmp_path
        )


def test_no_compiler(tmp_path, monkeypatch):
    monkeypatch.setenv("CC", str(tmp_path / "no-such-compiler"))
    with pytest.raises(RuntimeError, match="no C compiler"):
        extbuild.build_and_import_extension("never_made", [], build_dir=tmp_path)
