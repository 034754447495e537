"""Chromium through playwright, and a guard that no request leaves this machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, sync_playwright

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
]
WEBGPU_FLAGS = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"]
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def executable() -> str:
    """The Debian package's browser; a missing one is a failure, not a skip."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        raise FileNotFoundError("chromium is not installed (Debian package chromium)")
    return found


@contextmanager
def launched() -> Iterator[Browser]:
    """A headless browser with WebGPU on a software adapter."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=FLAGS + WEBGPU_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def launched_without_webgpu(beside: Browser) -> Iterator[Browser]:
    """A headless browser that has no adapter, beside another one."""
    browser = beside.browser_type.launch(executable_path=executable(), args=FLAGS)
    try:
        yield browser
    finally:
        browser.close()


@contextmanager
def guarded_context(browser: Browser, **options) -> Iterator[tuple[BrowserContext, list[str]]]:
    """A fresh profile, and the list of requests that were stopped because they would have left this machine."""
    context = browser.new_context(**options)
    foreign: list[str] = []

    def check(route) -> None:
        address = urlsplit(route.request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.hostname not in LOOPBACK:
            foreign.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    context.route("**/*", check)
    try:
        yield context, foreign
    finally:
        context.close()


def readable(text: str, limit: int = 3000) -> str:
    """An error text without the engine's stack lines, of which Pyodide's carry megabytes."""
    lines = [line for line in text.splitlines() if "wasm-function" not in line and "asm.mjs" not in line]
    return "\n".join(lines)[:limit]
