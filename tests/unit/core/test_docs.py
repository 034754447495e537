"""Every public object is documented, and every example runs."""

from __future__ import annotations

import doctest
import inspect

import pytest

import wasmnp

PUBLIC = {
    f"{prefix}{name}": getattr(module, name)
    for prefix, module in [
        ("", wasmnp),
        ("fft.", wasmnp.fft),
        ("lib.stride_tricks.", wasmnp.lib.stride_tricks),
        ("exceptions.", wasmnp.exceptions),
        ("dtypes.", wasmnp.dtypes),
        ("jit.", wasmnp.jit),
        ("testing.", wasmnp.testing),
    ]
    for name in module.__all__
}
DOCUMENTED = {n: o for n, o in PUBLIC.items() if callable(o) and not n.startswith("dtypes.")} | {"jit": wasmnp.jit}


@pytest.mark.parametrize("name", DOCUMENTED)
def test_is_documented(name):
    assert (DOCUMENTED[name].__doc__ or "").strip()


@pytest.mark.parametrize("name", [n for n, o in DOCUMENTED.items() if ">>>" in (o.__doc__ or "")])
def test_examples_run(name):
    example = doctest.DocTestParser().get_doctest(DOCUMENTED[name].__doc__, {"np": wasmnp}, name, None, 0)
    output: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(example, out=output.append)
    assert not output, "".join(output)


def test_public_functions_have_signatures():
    for name, thing in DOCUMENTED.items():
        if not isinstance(thing, type) and callable(thing):
            assert inspect.signature(thing) is not None, name
