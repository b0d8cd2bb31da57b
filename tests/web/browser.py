"""Headless Chromium, as tests and screenshots use it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.patience import LONG

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; raises when it is not installed."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "chromium is not installed: make browser"
    with sync_playwright() as playwright:
        expect.set_options(timeout=LONG * 1000)
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def opened(browser: Browser, **options: Any) -> BrowserContext:
    """A context in English whose pages wait as long as it takes."""
    context = browser.new_context(locale="en-US", **options)
    context.set_default_timeout(LONG * 1000)
    return context


@dataclass
class Watch:
    """What a context's pages complained of, and what they asked of other hosts."""

    address: str
    complaints: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def on(self, page: Page) -> Page:
        """Watch a page."""
        page.on("console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda r: None if r.url.startswith((self.address, "data:")) else self.outside.append(r.url))
        return page


def reader(
    browser: Browser,
    address: str,
    session: dict[str, str],
    *,
    lang: str = "en",
    theme: str = "light",
    width: int = 1280,
    height: int = 860,
) -> BrowserContext:
    """A context with a session's cookies, a language and a theme."""
    context = opened(browser, viewport={"width": width, "height": height}, timezone_id="UTC")
    told = session | {"lang": lang, "theme": theme}
    context.add_cookies([{"name": n, "value": v, "url": address} for n, v in told.items()])
    return context
