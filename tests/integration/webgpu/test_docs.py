"""Every public object of device arrays is documented, and every example runs."""

from __future__ import annotations

import doctest

import pytest

import wasmnp

PUBLIC = {name: getattr(wasmnp.webgpu, name) for name in wasmnp.webgpu.__all__}
METHODS = {
    f"DeviceArray.{name}": item
    for name, item in vars(wasmnp.webgpu.DeviceArray).items()
    if not name.startswith("_") and (callable(item) or isinstance(item, property))
}


@pytest.mark.parametrize("name", [*PUBLIC, *METHODS])
def test_is_documented(name):
    assert ({**PUBLIC, **METHODS}[name].__doc__ or "").strip()


@pytest.mark.parametrize("name", ["webgpu", *(n for n, item in PUBLIC.items() if ">>>" in (item.__doc__ or ""))])
def test_examples_run(name):
    text = wasmnp.webgpu.__doc__ if name == "webgpu" else PUBLIC[name].__doc__
    example = doctest.DocTestParser().get_doctest(text, {"np": wasmnp}, name, None, 0)
    output: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(example, out=output.append)
    assert not output, "".join(output)
