"""Device arrays in Chromium: in a page and in a Web Worker, waiting and awaited, and what goes wrong."""

from __future__ import annotations

import importlib.util
import sys
import textwrap
from pathlib import Path

import pytest

CASE_FILE = Path(__file__).resolve().parents[1] / "integration" / "webgpu" / "device_cases.py"


def load_cases():
    specification = importlib.util.spec_from_file_location("device_cases", CASE_FILE)
    module = sys.modules["device_cases"] = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module.CASES


CASES = load_cases()
ARRAYS = """
    import asyncio
    import wasmnp as np
    from wasmnp import webgpu
    x = webgpu.asarray(np.arange(6, dtype=np.float32))
"""


def program(setup: str, code: str) -> str:
    return f"{textwrap.dedent(setup).strip()}\n{textwrap.dedent(code).strip()}"


@pytest.fixture(params=["python", "worker_python"], ids=["page", "worker"])
def place(request):
    """Python in a page, and Python in a Web Worker; each is started once."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def with_cases(python, worker_python):
    """Both places, with the shared cases loaded."""
    for place in (python, worker_python):
        place.run(
            program(
                f"""
                from pathlib import Path
                Path("device_cases.py").write_text({CASE_FILE.read_text()!r})
                """,
                "import device_cases\nlen(device_cases.CASES)",
            )
        )
    return {"page": python, "worker": worker_python}


# Each case once in each place, and once in each form; the tests below do the rest of the combinations.
@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda number: CASES[number].name)
@pytest.mark.parametrize(("where", "form"), [("page", "check"), ("worker", "await check_async")])
def test_same_on_host_and_device(with_cases, where, form, number):
    check = form.replace("check", "device_cases.check")
    kind, text = with_cases[where].answer(f"import device_cases\n{check}(device_cases.CASES[{number}])")
    assert kind == "ok", text


def test_waiting(place):
    assert place.run(program(ARRAYS, "(x * 2 + 1).to_device('cpu').tolist()")) == [1.0, 3.0, 5.0, 7.0, 9.0, 11.0]
    assert place.run(program(ARRAYS, "float(x.sum())")) == 15.0
    assert place.run(program(ARRAYS, "repr(x[:2])")) == "array([0., 1.], dtype=float32, device='webgpu')"


def test_awaited(place):
    assert place.run(program(ARRAYS, "(await (x - 1).to_host_async()).tolist()")) == [-1.0, 0.0, 1.0, 2.0, 3.0, 4.0]
    code = """
        parts = await asyncio.gather(*[(x + i).to_host_async() for i in range(5)])
        [part.tolist()[0] for part in parts]
    """
    assert place.run(program(ARRAYS, code)) == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_where_python_cannot_wait_the_error_names_the_form_that_is_awaited(place):
    place.run(program(ARRAYS, "float(x[0])"))  # the device is open
    kind, text = place.answer(program(ARRAYS, "(x + 1).to_device('cpu').tolist()"), "runPython")
    assert kind == "error"
    assert "CannotWaitError" in text and "await x.to_host_async()" in text
    # What does not wait works there too.
    code = program(ARRAYS, "webgpu.compute(x + 1)\n[*x.shape, str(x.dtype)]")
    assert place.answer(code, "runPython") == ("ok", [6, "float32"])


def test_uploads_and_downloads_keep_every_byte(place):
    code = """
        found = []
        for count in (1, 2, 3, 63, 64, 65, 4097, 1 << 20):
            a = (np.arange(count) % 65521).astype(np.int32)
            back = webgpu.asarray(a).to_device("cpu")
            found.append(back.tobytes() == a.tobytes() and back.shape == a.shape)
        found
    """
    assert place.run(program(ARRAYS, code)) == [True] * 8


HOST = """
    from wasmnp.webgpu.browser_host import BrowserHost
    from wasmnp.webgpu import errors, host as protocol
    browser = BrowserHost()
    gpu = browser.open(protocol.RAISED_LIMITS)
    def readable(size, usage=0):
        return gpu.create_buffer(size=size, usage=protocol.MAP_READ | protocol.COPY_DST | usage)
    def raised(act):
        try:
            act()
        except Exception as error:
            return [type(error).__name__, str(error)]
"""


def test_the_host_opens_with_raised_limits(place):
    limits, info, defaults = place.run(
        program(HOST, "[dict(gpu.limits), dict(gpu.adapter_info), browser.open(()).limits]")
    )
    assert info["architecture"] == "swiftshader" and info["backend_type"] == "browser"
    for name in ("max-buffer-size", "max-storage-buffer-binding-size"):
        assert limits[name] > defaults[name], name
    assert defaults["max-texture-dimension-1d"] == 8192  # the specification's default


def test_a_shader_that_is_invalid_is_reported_by_the_next_wait(place):
    code = """
        gpu.create_shader_module(code="fn main( {")
        before = browser.take_errors(gpu)
        browser.wait(readable(8).map_async("READ"))
        found = browser.take_errors(gpu)
        [len(before), [[type(error).__name__, str(error)] for error in found], len(browser.take_errors(gpu))]
    """
    before, found, after = place.run(program(HOST, code))
    assert before == after == 0
    ((kind, text),) = found
    assert kind == "ValidationError" and "WGSL" in text and "\n" not in text


def test_errors_of_the_promise_and_of_the_call(place):
    code = """
        buffer = readable(8)
        browser.wait(buffer.map_async("READ"))
        huge = gpu.create_buffer(size=1 << 40, usage=protocol.MAP_READ)
        found = [
            raised(lambda: browser.wait(huge.map_async("READ", 0, 8))),
            raised(lambda: browser.wait(buffer.map_async("READ"))),
            raised(lambda: buffer.map_async("WRITE")),
            len(browser.take_errors(gpu)),
        ]
        found
    """
    huge, mapped, write, left = place.run(program(HOST, code))
    assert huge[0] == "ValidationError" and "1099511627776" in huge[1]
    assert mapped[0] == "ValidationError" and "already mapped" in mapped[1]
    assert write[0] == "ValueError" and "'READ'" in write[1]
    assert left == 0


def test_exceptions_of_javascript_are_translated(place):
    code = """
        def short():
            try:
                gpu.queue.write_buffer(readable(8), 0, b"abc")
            except Exception as error:
                raise browser.translated(error)
        other = KeyError("x")
        [raised(short), browser.translated(other) is other]
    """
    (kind, text), same = place.run(program(HOST, code))
    assert kind == "ValidationError" and "multiple of 4" in text and same


def test_a_lost_device_says_so(place):
    code = """
        buffer = readable(8)
        gpu.destroy()
        [raised(lambda: browser.wait(buffer.map_async("READ"))), raised(lambda: browser.wait(buffer.map_async("READ")))]
    """
    for kind, text in place.run(program(HOST, code)):
        assert kind == "DeviceLostError" and "destroyed" in text


def test_arrays_after_the_device_is_lost(place):
    code = """
        from wasmnp.webgpu.device import current_device
        current_device().gpu.destroy()
        await asyncio.sleep(0.05)
        kinds = []
        try:
            x.to_device("cpu")
        except webgpu.DeviceLostError:
            kinds.append("lost")
        y = webgpu.asarray(np.arange(3, dtype=np.float32))
        [kinds, (y + 1).to_device("cpu").tolist()]
    """
    assert place.run(program(ARRAYS, code)) == [["lost"], [1.0, 2.0, 3.0]]


def test_nothing_stays_on_the_side_of_javascript(place):
    """JavaScript that holds a Python object keeps it alive, so what is held can be counted from here."""
    code = """
        import gc
        from pyodide.ffi import create_proxy
        def held():
            gc.collect()
            names = [type(item).__name__ for item in gc.get_objects()]
            return [names.count("memoryview"), len(names)]
        def work():
            for _ in range(20):
                (webgpu.asarray(np.arange(64, dtype=np.float32)) * 2).to_device("cpu")
        async def work_async():
            for _ in range(20):
                await (webgpu.asarray(np.arange(64, dtype=np.float32)) * 2).to_host_async()
        work()
        await work_async()
        before = held()
        work()
        await work_async()
        after = held()
        leaked = [create_proxy(memoryview(bytearray(8))) for _ in range(20)]
        views = held()[0] - after[0]
        for proxy in leaked:
            proxy.destroy()
        [before, after, views]
    """
    before, after, views = place.run(program(ARRAYS, code))
    assert views == 20, "a proxy that is not destroyed does not show: this test is blind"
    for name, first, second, allowed in zip(("memoryview", "object"), before, after, (0, 40), strict=True):
        assert second - first <= allowed, f"40 turns leave {second - first} {name}s"
