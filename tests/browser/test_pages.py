"""Every page, as a reader opens it: by double click, without a network, on phone and desktop, light and dark."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest

from tests.browser.conftest import HTML, Visit, pages

pytestmark = pytest.mark.browser
Opener = Callable[..., Visit]
# What makes the page wider than the screen, for a message one can act on.
WIDEST = """() => [...document.querySelectorAll('.bd-main *')]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(e).position !== 'fixed')
  .slice(0, 3).map(e => e.tagName + '.' + e.className)"""


def test_there_is_a_book() -> None:
    assert len(pages()) >= 20, "run `make book` first"


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", pages())
def test_page_opens_clean(open_page: Opener, name: str, width: int, mode: str) -> None:
    visit = open_page(name, width=width, mode=mode)
    visit.page.wait_for_timeout(150)
    assert visit.requests == []
    assert visit.complaints == []
    page = visit.page
    assert page.evaluate("document.documentElement.dataset.theme") == mode
    sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert sideways <= 0, f"{name} scrolls sideways at {width} px: {page.evaluate(WIDEST)}"
    broken = page.evaluate("[...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src)")
    assert broken == []


def test_citations_get_their_tooltips_from_the_list(open_page: Opener) -> None:
    page = open_page("05-toxicity.html").page
    told = page.evaluate("[...document.querySelectorAll('.bibtex-citation a')].map(a => a.title)")
    assert len(told) > 50 and all(text and "all references" not in text for text in told)


def test_a_copy_button_copies_its_cell(open_page: Opener) -> None:
    page = open_page("04-clinical-trials.html").page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    button = page.locator("button.copybtn").first
    wanted = page.locator(str(button.get_attribute("data-clipboard-target"))).inner_text()
    button.click(force=True)
    page.wait_for_function("document.querySelector('button.copybtn.success')")
    assert page.evaluate("navigator.clipboard.readText()").strip() == wanted.strip() != ""


def test_theme_toggle_is_remembered(open_page: Opener) -> None:
    page = open_page("index.html").page
    before = page.evaluate("document.documentElement.dataset.mode")
    page.locator(".theme-switch-button").first.click()
    assert page.evaluate("document.documentElement.dataset.mode") != before


def test_without_scripts_all_is_readable(open_page: Opener) -> None:
    page = open_page("08-dosing-workshop.html", scripts=False).page
    assert page.locator("main h1").inner_text()
    for folded in page.locator("details").all()[:5]:
        folded.locator("summary").first.click()
        assert folded.get_attribute("open") is not None


def test_a_number_opens_its_source_by_keyboard(open_page: Opener) -> None:
    page = open_page("04-clinical-trials.html").page
    value = page.locator("main button[popovertarget]").first
    value.focus()
    page.keyboard.press("Enter")
    note = page.locator(f"#{value.get_attribute('popovertarget')}")
    assert note.is_visible()
    assert note.locator("a[href*='evidence-register']").count() == 1
    page.keyboard.press("Escape")
    assert not note.is_visible()


@pytest.mark.parametrize("name", ["05-toxicity.html", "08-dosing-workshop.html"])
def test_print_opens_folded_boxes(open_page: Opener, name: str, tmp_path: Path) -> None:
    page = open_page(name).page
    page.emulate_media(media="print")
    page.wait_for_timeout(200)
    assert page.locator("main h1").first.is_visible()
    folded = page.locator("main details:not(.quiz-objectives)")  # a tool of the screen alone
    assert folded.count() > 0
    shut = [
        box.locator("summary").first.inner_text()
        for box in folded.all()
        if not box.evaluate("e => [...e.children].slice(1).every(c => c.checkVisibility() || !c.textContent.trim())")
    ]
    assert shut == []


FIGURES = (".svg", ".png")
RAW, GZIP = 450_000, 120_000


@pytest.mark.parametrize("name", [page for page in pages() if re.match(r"[01]\d-", page)])
def test_pages_stay_light(open_page: Opener, name: str) -> None:
    """All that a browser loads of a chapter before the reader does anything, figures aside, raw and by gzip."""
    visit = open_page(name)
    visit.page.wait_for_timeout(1000)
    loads = {address.split("?")[0] for address in visit.loads if not address.split("?")[0].endswith(FIGURES)}
    files = {address: Path(unquote(urlparse(address).path)) for address in loads if address.startswith("file:")}
    parts = {file.name: file.read_bytes() for file in files.values()}
    parts |= {address[:40]: address.encode() for address in loads - set(files)}
    assert {"pages.css", "pages.js", "source-sans-upright.woff2"} <= set(parts), "not all loads were seen"
    sizes = {part: (len(data), len(gzip.compress(data, 6))) for part, data in parts.items()}
    raw, packed = (sum(size[place] for size in sizes.values()) for place in (0, 1))
    assert raw <= RAW and packed <= GZIP, f"{raw} bytes raw, {packed} by gzip: {sizes}"


def test_the_whole_site_is_light_enough_for_an_old_stick() -> None:
    """With the Python runtime, the figures, and the index of the search."""
    size = sum(file.stat().st_size for file in HTML.rglob("*") if file.is_file())
    assert size <= 15_000_000, f"{size} bytes"


LAST_ROWS = """[...document.querySelectorAll('.fact-register-table')]
  .map(table => [...table.querySelectorAll('p[id^=fact-]')].pop().id)"""
SEEN = """id => { const box = document.getElementById(id).getBoundingClientRect();
  return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight; }"""


@pytest.mark.parametrize("width", [390, 1280])
def test_a_link_into_the_register_shows_its_row(open_page: Opener, width: int) -> None:
    """Its tables are laid out late; a link must lead to the row, not to where it was guessed to be."""
    page = open_page("evidence-register.html", width=width).page
    rows = page.evaluate(LAST_ROWS)
    assert len(rows) > 8
    for row in rows[::3]:
        page.goto(f"{(HTML / 'about.html').as_uri()}")
        page.goto(f"{(HTML / 'evidence-register.html').as_uri()}#{row}")
        page.wait_for_timeout(300)
        assert page.evaluate(SEEN, row), f"{row}, opened by a link from another page"
    for row in reversed(rows):
        page.evaluate("row => { location.hash = row; }", row)
        page.wait_for_timeout(150)
        assert page.evaluate(SEEN, row), f"{row}, by a link on the page"


@pytest.mark.parametrize("name", pages())
def test_every_page_says_what_it_is_about(name: str) -> None:
    """One line for search engines and for who shares a link: Lighthouse asks for it."""
    told = re.findall(
        r"<meta (?=[^>]*name=\"description\")[^>]*content=\"([^\"]{20,})\"", HTML.joinpath(name).read_text("utf-8")
    )
    assert len(told) == 1, name
