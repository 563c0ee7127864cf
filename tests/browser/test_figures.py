"""The type of every drawing, measured on a phone: nothing smaller than one can read without zooming."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import HTML, Visit, pages

pytestmark = pytest.mark.browser
Opener = Callable[..., Visit]
SMALLEST_PX = 10.0
SMALLEST_CALCULATOR_PX = 9.9  # a drawing inside the frame of a calculator
# A drawing shown by <img> is a document of its own: its type is measured in a copy of the size the page shows.
SHOWN = """() => [...document.querySelectorAll('main img')].filter(e => e.src.endsWith('.svg'))
  .map(e => [e.src, e.getBoundingClientRect().width, e.alt])"""
TYPE = """([text, width]) => {
  const drawing = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
  drawing.setAttribute('width', width);
  drawing.removeAttribute('height');
  document.body.replaceChildren(drawing);
  const sizes = [];
  for (const e of drawing.querySelectorAll('text, tspan')) {
    if (![...e.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue;
    const size = parseFloat(getComputedStyle(e).fontSize);
    const m = e.getScreenCTM();
    sizes.push([size * Math.sqrt(Math.abs(m.a * m.d - m.b * m.c)), e.textContent]);
  }
  return sizes;
}"""
INLINE = """() => [...document.querySelectorAll('main svg text')].filter(e => e.getClientRects().length)
  .map(e => [parseFloat(getComputedStyle(e).fontSize) * e.getScreenCTM().a, e.textContent])"""


def too_small(sizes: list[list], floor: float) -> list[str]:
    return [f"{text!r} is {size:.2f} px" for size, text in sizes if size < floor]


@pytest.mark.parametrize("name", [name for name in pages() if ".svg" in (HTML / name).read_text(encoding="utf-8")])
def test_type_of_drawings_can_be_read_on_a_phone(browser: Browser, open_page: Opener, name: str) -> None:
    page = open_page(name, width=390, mode="dark").page
    copy = browser.new_page()
    for address, width, alt in page.evaluate(SHOWN):
        if not width:  # in a folded box
            continue
        text = Path(unquote(urlparse(address).path)).read_text(encoding="utf-8")
        # Exponents count as well: Matplotlib sets those of a logarithmic axis at 70% of their base. Write words there.
        assert too_small(copy.evaluate(TYPE, [text, width]), SMALLEST_PX) == [], alt
    copy.close()
    page.evaluate("document.querySelectorAll('main details').forEach(box => { box.open = true; })")
    assert too_small(page.evaluate(INLINE), SMALLEST_CALCULATOR_PX) == []


def test_figures_keep_their_place_on_a_wide_page(open_page: Opener) -> None:
    page = open_page("04-clinical-trials.html", width=1280).page
    outside = page.evaluate(
        """() => [...document.querySelectorAll('main figure img')].filter(e => {
             const box = e.getBoundingClientRect(), frame = e.closest('article').getBoundingClientRect();
             return box.left < frame.left - 1 || box.right > frame.right + 1; }).map(e => e.alt)"""
    )
    assert outside == []
