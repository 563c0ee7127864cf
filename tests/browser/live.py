"""What the tests of the live pages share: find a cell, run it, wait until it has ended."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import HTML, pages

BOOT_MS = 120_000  # a start of Python takes a second or two; a machine with many tasks may need far more
LIVE_CELL = ".cell.tag_live"


def live_pages() -> list[str]:
    """Return the pages that hold a live cell."""
    return [name for name in pages() if "tag_live" in (HTML / name).read_text(encoding="utf-8")]


def calculator_pages() -> list[str]:
    """Return the pages that hold a calculator."""
    return [name for name in pages() if 'class="live-calc"' in (HTML / name).read_text(encoding="utf-8")]


@dataclass(frozen=True)
class Cell:
    """One live cell of a page."""

    box: Locator

    @property
    def editor(self) -> Locator:
        return self.box.locator("textarea")

    @property
    def status(self) -> Locator:
        return self.box.get_by_role("status")

    @property
    def output(self) -> Locator:
        return self.box.locator(".live-out")

    @property
    def built(self) -> Locator:
        return self.box.locator(".cell_output")

    def button(self, name: str) -> Locator:
        return self.box.get_by_role("button", name=name, exact=True)

    def run(self, code: str | None = None) -> str:
        """Type the code, if any, run the cell, wait for its end, and return its output."""
        if code is not None:
            self.editor.fill(code)
        self.button("Run").click()
        self.ended()
        return self.output.text_content() or ""

    def reset(self) -> None:
        """Bring back the book's code and output, if anything was changed."""
        if self.button("Reset").get_attribute("aria-disabled") == "false":
            self.button("Reset").click()
        self.ended()

    def ended(self) -> None:
        expect(self.button("Run")).not_to_have_attribute("aria-disabled", "true", timeout=BOOT_MS)

    def running(self) -> None:
        """Wait until Python has the cell in hand."""
        expect(self.status).to_have_text("Running…", timeout=BOOT_MS)


def cells(page: Page) -> list[Cell]:
    """Return the live cells of a page, and open the boxes that some of them lie in."""
    page.evaluate("document.querySelectorAll('.toggle-hidden').forEach(box => box.classList.remove('toggle-hidden'))")
    return [Cell(box) for box in page.locator(LIVE_CELL).all()]
