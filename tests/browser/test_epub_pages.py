"""Pages of the e-book on a phone: nothing is cut off at an edge, for a program that turns pages cannot scroll to it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser

EPUB = Path(__file__).resolve().parents[2] / "_build" / "epub" / "bitebook.epub"
CUT = """() => [...document.querySelectorAll("body *")]
    .filter(one => one.getClientRects().length)
    .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map(one => one.localName + ": " + one.textContent.slice(0, 60))"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("epub")
    with zipfile.ZipFile(EPUB) as archive:
        archive.extractall(folder)
    return folder / "EPUB"


@pytest.mark.parametrize("width", [390, 320])
def test_nothing_is_cut_off_on_a_phone(browser: Browser, unpacked: Path, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 700}, offline=True)
    cut = {}
    for file in sorted(unpacked.glob("*.xhtml")):
        page.goto(file.as_uri())
        if found := page.evaluate(CUT):
            cut[file.name] = found[:3]
    page.close()
    assert cut == {}


# How such a program works: the text flows in columns of the page's height, one beside the other.
TURNED = "html { height: 700px; column-width: 390px; column-gap: 0; column-fill: auto } html, body { margin: 0 }"
LOST = """() => [...document.querySelectorAll("tr, p, pre, img, math")]
    .filter(one => [...one.getClientRects()].some(box => box.bottom > 702))
    .map(one => one.localName + ": " + one.textContent.slice(0, 60))"""


def test_no_row_is_lost_where_pages_are_turned(browser: Browser, unpacked: Path) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 700}, offline=True)
    lost = {}
    for file in sorted(unpacked.glob("*.xhtml")):
        page.goto(file.as_uri())
        page.add_style_tag(content=TURNED)
        if found := page.evaluate(LOST):
            lost[file.name] = found[:3]
    page.close()
    assert lost == {}
