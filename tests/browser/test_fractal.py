"""The fractal page from end to end: four pictures, a kernel that is edited, errors at their line, the view."""

from __future__ import annotations

import pytest

from . import chromium
from .test_page import SHOTS

ENGINES = ("interpreter", "scalar", "simd", "webgpu")
PATIENCE = 60_000


def open_page(page, site: str) -> None:
    messages: list[str] = []
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.goto(site + "fractal.html")
    page.wait_for_function("document.body.dataset.done || !document.getElementById('error').hidden", timeout=PATIENCE)
    assert page.locator("#error").is_hidden(), page.locator("#error").inner_text()
    assert not messages


def answered(page, act) -> None:
    """Do something that makes the page paint anew, and wait until every engine has answered."""
    before = page.evaluate("document.body.dataset.done")
    act()
    page.wait_for_function(
        "before => document.body.dataset.done !== before && "
        "document.getElementById('pictures').getAttribute('aria-busy') === 'false'",
        arg=before,
        timeout=PATIENCE,
    )


def states(page) -> dict[str, str]:
    return {name: page.get_attribute(f"#{name}", "data-state") for name in ENGINES}


def pixels(page, engine: str) -> list[int]:
    """The picture of an engine, reduced to the interpreter's 60 columns and 45 rows by taking every eighth pixel."""
    return page.evaluate(
        """id => {
          const canvas = document.querySelector(`#${id} canvas`);
          const {width, height} = canvas;
          const words = new Uint32Array(canvas.getContext("2d").getImageData(0, 0, width, height).data.buffer);
          const step = width / 60;
          const result = [];
          for (let y = step >> 1; y < height; y += step)
            for (let x = step >> 1; x < width; x += step) result.push(words[y * width + x]);
          return result;
        }""",
        engine,
    )


def black(picture: list[int]) -> float:
    """The part of a picture that is in the set."""
    inside = 0xFF0E0806
    return picture.count(inside) / len(picture)


@pytest.fixture(scope="module")
def opened(browser, site):
    """One page with Python ready, for all tests that follow."""
    with chromium.guarded_context(browser, viewport={"width": 1280, "height": 960}) as (context, foreign):
        page = context.new_page()
        open_page(page, site)
        yield page
        assert not foreign, f"requests left this machine: {foreign}"


@pytest.fixture
def fresh(opened):
    """The page as it was when it was opened."""
    answered(opened, lambda: opened.click("#kernels button[value=mandelbrot]"))
    return opened


def test_four_pictures_of_the_same_thing(fresh):
    assert states(fresh) == dict.fromkeys(ENGINES, "painted")
    pictures = {name: pixels(fresh, name) for name in ENGINES}
    assert len(set(pictures["simd"])) > 100
    # The same float32 operations in the same order.
    assert pictures["scalar"] == pictures["simd"]
    # The interpreter has float64, a GPU may contract; at the border of the set that shows.
    for name in ("interpreter", "webgpu"):
        assert black(pictures[name]) == pytest.approx(black(pictures["simd"]), abs=0.02), name
    for name in ENGINES:
        text = fresh.locator(f"#{name} .time").inner_text()
        assert text.endswith((" ms", " s")), f"{name} took {text!r}"
    assert "scaled up from 60 × 45" in fresh.locator("#interpreter .extra").inner_text()
    assert "× Python" in fresh.locator("#simd .ratio").inner_text()
    fresh.screenshot(path=f"{SHOTS}/fractal.png", full_page=True)


def test_editing_recompiles_and_changes_the_pictures(fresh):
    before = {name: pixels(fresh, name) for name in ENGINES}
    source = fresh.input_value("#source")
    assert "2 * a * b + y" in source
    answered(fresh, lambda: fresh.fill("#source", source.replace("2 * a * b + y", "-2 * a * b + y")))
    assert states(fresh) == dict.fromkeys(ENGINES, "painted")
    for name in ENGINES:
        assert pixels(fresh, name) != before[name], name
    assert fresh.get_attribute("#kernels button[value=mandelbrot]", "aria-pressed") == "false"


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("def f(x, y, limit):\n    a = x\n    return nonsense * a\n", 3, "nonsense"),
        ("def f(x, y, limit):\n    return x +\n", 2, "syntax"),
        ("# two parameters\ndef f(x, y):\n    return x\n", 2, "three numbers"),
        ("def f(x, y, limit):\n    z = x\n    z = [y]\n    return z\n", 3, "List"),
    ],
    ids=["name", "syntax", "parameters", "language"],
)
def test_an_error_shows_at_its_line(fresh, text, line, word):
    answered(fresh, lambda: fresh.fill("#source", text))
    message = fresh.locator("#error").inner_text()
    assert message.startswith(f"Line {line}: ") and word in message, message
    assert fresh.locator(".numbers .wrong").inner_text().strip() == str(line)
    mark, first = (fresh.locator(selector).first.bounding_box() for selector in (".mark", ".numbers span"))
    assert mark["y"] == pytest.approx(first["y"] + (line - 1) * mark["height"], abs=4)
    assert fresh.get_attribute("#source", "aria-invalid") == "true"
    if line == 3:
        fresh.screenshot(path=f"{SHOTS}/fractal-error.png", full_page=True)


def test_an_error_goes_when_it_is_mended(fresh):
    answered(fresh, lambda: fresh.fill("#source", "def f(x, y, limit):\n    return nothing\n"))
    assert fresh.locator("#error").is_visible()
    answered(fresh, lambda: fresh.fill("#source", "def f(x, y, limit):\n    return x * x + y * y\n"))
    assert fresh.locator("#error").is_hidden()
    assert fresh.get_attribute("#source", "aria-invalid") == "false"
    assert states(fresh) == dict.fromkeys(ENGINES, "painted")


@pytest.mark.parametrize("name", ["valley", "julia", "ship"])
def test_presets(fresh, name):
    answered(fresh, lambda: fresh.click(f"#kernels button[value={name}]"))
    assert states(fresh) == dict.fromkeys(ENGINES, "painted")
    assert len(set(pixels(fresh, "simd"))) > 100
    assert fresh.get_attribute(f"#kernels button[value={name}]", "aria-pressed") == "true"
    fresh.screenshot(path=f"{SHOTS}/fractal-{name}.png", full_page=True)


def width_of(page) -> float:
    return float(page.locator("#place").inner_text().rstrip(".").split()[-1])


def test_click_drag_and_keys_change_the_view(fresh):
    whole = width_of(fresh)
    canvas = fresh.locator("#simd canvas")
    answered(fresh, canvas.click)
    assert width_of(fresh) == pytest.approx(whole / 2, rel=0.01)
    answered(fresh, lambda: canvas.click(modifiers=["Shift"]))
    assert width_of(fresh) == pytest.approx(whole, rel=0.01)
    box = canvas.bounding_box()

    def drag() -> None:
        fresh.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.25)
        fresh.mouse.down()
        fresh.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5, steps=4)
        fresh.mouse.up()

    answered(fresh, drag)
    assert width_of(fresh) == pytest.approx(whole / 4, rel=0.02)
    fresh.focus("#scalar canvas")
    before = pixels(fresh, "simd")
    answered(fresh, lambda: fresh.keyboard.press("ArrowRight"))
    assert pixels(fresh, "simd") != before
    answered(fresh, lambda: fresh.keyboard.press("0"))
    assert width_of(fresh) == pytest.approx(whole, rel=0.01)


def test_limit(fresh):
    before = pixels(fresh, "simd")

    def lower() -> None:
        fresh.fill("#limit", "8")
        fresh.press("#limit", "Enter")

    answered(fresh, lower)
    after = pixels(fresh, "simd")
    assert black(after) > black(before)


def test_the_editor_keeps_indentation_and_lets_tab_go(fresh):
    fresh.focus("#source")
    fresh.keyboard.press("Control+End")
    fresh.keyboard.type("if x:")
    fresh.keyboard.press("Enter")
    fresh.keyboard.type("y")
    assert fresh.input_value("#source").endswith("if x:\n    y")
    fresh.keyboard.press("Backspace")
    fresh.keyboard.press("Backspace")
    assert fresh.input_value("#source").endswith("if x:\n")
    fresh.keyboard.press("Tab")
    assert fresh.evaluate("document.activeElement.tagName") == "CANVAS"


def test_an_endless_kernel_can_be_stopped(browser, site):
    with chromium.guarded_context(browser, viewport={"width": 1280, "height": 960}) as (context, foreign):
        page = context.new_page()
        open_page(page, site)
        endless = "def f(x, y, limit):\n    n = 1\n    while n > 0:\n        n = 1\n    return x\n"
        page.fill("#source", endless)
        page.wait_for_selector("#stop:not([hidden])", timeout=PATIENCE)
        page.click("#stop")
        page.wait_for_function("document.body.dataset.ready", timeout=PATIENCE)
        answered(page, lambda: page.fill("#source", "def f(x, y, limit):\n    return x * x\n"))
        assert set(states(page).values()) == {"painted"}
        assert not foreign


def test_without_webgpu_there_are_three_pictures_and_a_note(browser, site):
    options = {"viewport": {"width": 380, "height": 800}, "color_scheme": "dark", "device_scale_factor": 2}
    with (
        chromium.launched_without_webgpu(browser) as plain,
        chromium.guarded_context(plain, **options) as (context, foreign),
    ):
        page = context.new_page()
        open_page(page, site)
        assert states(page) == {"interpreter": "painted", "scalar": "painted", "simd": "painted", "webgpu": "missing"}
        assert "WebGPU" in page.locator("#webgpu .note").inner_text()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.screenshot(path=f"{SHOTS}/fractal-narrow-dark.png", full_page=True)
        assert not foreign


def test_the_pages_lead_to_each_other(page, site):
    page.goto(site)
    page.click("nav a[href='fractal.html']")
    page.wait_for_url("**/fractal.html")
    page.click("nav a[href='index.html']")
    page.wait_for_url("**/index.html")
    assert page.locator("h1").inner_text() == "wasmnp"
