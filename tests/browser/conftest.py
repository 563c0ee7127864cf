"""Chromium on the built book, opened from file:// with the network refused."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from tests.outside import chromium

ROOT = Path(__file__).resolve().parents[2]
HTML = ROOT / "_build" / "html"
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
LOCAL = ("file:", "data:", "blob:")


def pages() -> list[str]:
    """Return every page of the built book."""
    return sorted(page.relative_to(HTML).as_posix() for page in HTML.rglob("*.html") if "_static" not in page.parts)


@dataclass
class Visit:
    """One page, opened as a reader opens it, and what went wrong on it."""

    page: Page
    loads: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None and os.environ.get("CI") == "true":
        pytest.fail("no Chromium found; install it, the page tests must run in CI")
    if path is None:
        pytest.skip("no Chromium found: the page tests are skipped; install chromium to run them")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield launched
        launched.close()


def open_visit(
    browser: Browser, name: str, *, width: int = 1280, mode: str = "light", scripts: bool = True, before: str = ""
) -> Visit:
    """Open a page and keep lists of what it loads, of remote requests, and of console errors.

    The text `before` runs in the page ahead of its own scripts.
    """
    context = browser.new_context(viewport={"width": width, "height": 900}, offline=True, java_script_enabled=scripts)
    context.add_init_script(f"localStorage.setItem('mode','{mode}');localStorage.setItem('theme','{mode}');{before}")
    visit = Visit(context.new_page())

    def gate(route: Route) -> None:
        if route.request.url.startswith(LOCAL):
            visit.loads.append(route.request.url)
            route.continue_()
        else:
            visit.requests.append(route.request.url)
            route.abort()

    context.route("**/*", gate)
    visit.page.on("console", lambda m: visit.complaints.append(m.text) if m.type == "error" else None)
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    visit.page.on("requestfailed", lambda request: visit.complaints.append(f"failed: {request.url}"))
    visit.page.goto((HTML / name).as_uri() if "?" not in name else HTML.as_uri() + "/" + name, wait_until="load")
    return visit


@pytest.fixture
def open_page(browser: Browser) -> Iterator[object]:
    """Return `open_visit` for this browser; what it opened is closed after the test."""
    contexts: list[BrowserContext] = []

    def opener(name: str, **how: Any) -> Visit:
        visit = open_visit(browser, name, **how)
        contexts.append(visit.page.context)
        return visit

    yield opener
    for context in contexts:
        context.close()
