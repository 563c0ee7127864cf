"""Every page enlarged: at 200 % and at 400 % zoom, and with its text alone at twice the size, nothing is lost.

A window of 1280 px at 200 % is one of 640 px to the page, at 400 % one of 320 px (WCAG 2.2, 1.4.4 and 1.4.10).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit, pages

pytestmark = pytest.mark.browser
Opener = Callable[..., Visit]
HEIGHT = 512
OPEN_ALL = """() => { document.querySelectorAll('main details').forEach(box => { box.open = true; });
  document.querySelectorAll('.toggle-hidden').forEach(box => box.classList.remove('toggle-hidden')); }"""
TWICE = "html{font-size:200%!important}"
# What is lost: a page that scrolls sideways; words cut off by a box that hides what does not fit; a control that lies
# outside of the page and of every box that scrolls.
LOST = """() => {
  const lost = [], wide = document.documentElement;
  const told = (what, e) =>
    lost.push(what + ': ' + e.tagName + '.' + e.className + ' ' + e.textContent.trim().slice(0, 60));
  const hides = (value) => value === 'hidden' || value === 'clip';
  const read_aloud_only = (box) => box.width <= 1 || box.height <= 1;
  if (wide.scrollWidth > wide.clientWidth) {
    lost.push('the page scrolls sideways by ' + (wide.scrollWidth - wide.clientWidth) + ' px');
  }
  for (const e of document.querySelectorAll('body *')) {
    if (e.namespaceURI !== 'http://www.w3.org/1999/xhtml' || !e.checkVisibility({ visibilityProperty: true })) continue;
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    if (read_aloud_only(box)) continue;
    const words = e.textContent.trim() !== '';
    if (words && hides(style.overflowX) && e.scrollWidth > e.clientWidth + 1) told('cut at its side', e);
    if (words && hides(style.overflowY) && e.scrollHeight > e.clientHeight + 1) told('cut below', e);
    if (!e.matches('a[href], button, input, select, textarea, summary')) continue;
    let scrolls = false;
    for (let p = e.parentElement; p && !scrolls; p = p.parentElement) {
      scrolls = /auto|scroll/.test(getComputedStyle(p).overflowX) || getComputedStyle(p).position === 'fixed';
    }
    if (!scrolls && style.position !== 'fixed' && !e.closest('.skip-link')
        && (box.left < -1 || box.right > wide.clientWidth + 1)) told('out of reach', e);
  }
  return [...new Set(lost)].slice(0, 6);
}"""
# A heading, a button, a field, or a line of an answer that lies on its neighbor.
OVERLAPPING = """() => {
  const afloat = (e) => e !== document.body
    && (/absolute|fixed|sticky/.test(getComputedStyle(e).position) || afloat(e.parentElement));
  const kinds = 'main :is(h1, h2, h3, p, summary, button, label, figcaption, input, select)';
  const parts = [...document.querySelectorAll(kinds)]
    .filter(e => e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().height > 1
      && !afloat(e) && !e.closest('[popover], .headerlink'));
  const boxes = parts.map(e => e.getBoundingClientRect()), found = [];
  for (let i = 0; i < parts.length; i += 1) {
    for (let j = i + 1; j < Math.min(parts.length, i + 12); j += 1) {
      if (parts[i].contains(parts[j]) || parts[j].contains(parts[i])) continue;
      const across = Math.min(boxes[i].right, boxes[j].right) - Math.max(boxes[i].left, boxes[j].left);
      const down = Math.min(boxes[i].bottom, boxes[j].bottom) - Math.max(boxes[i].top, boxes[j].top);
      if (across > 4 && down > 4) {
        found.push(parts[i].textContent.trim().slice(0, 50) + ' <> ' + parts[j].textContent.trim().slice(0, 50));
      }
    }
  }
  return found.slice(0, 4);
}"""


def losses(page: Page) -> list[str]:
    """Return what is lost on the page as it is now, with every box open."""
    page.evaluate(OPEN_ALL)
    return page.evaluate(LOST) + [f"overlap: {pair}" for pair in page.evaluate(OVERLAPPING)]


@pytest.mark.parametrize("name", pages())
def test_nothing_is_lost_when_enlarged(open_page: Opener, name: str) -> None:
    """One visit for all sizes: the window is made smaller, then the text larger."""
    page = open_page(name, width=1280).page
    larger = page.add_style_tag(content=TWICE)
    found = {"text at twice its size": losses(page)}
    larger.evaluate("sheet => sheet.remove()")
    page.set_viewport_size({"width": 640, "height": HEIGHT})
    found["200 %"] = losses(page)
    page.set_viewport_size({"width": 320, "height": HEIGHT // 2})
    found["400 %"] = losses(page)
    assert {size: lost for size, lost in found.items() if lost} == {}, name


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("main h1{width:2000px}", "the page scrolls sideways"),
        ("main section p{overflow:hidden;white-space:nowrap}", "cut at its side"),
        ("main section p{overflow:hidden;height:8px}", "cut below"),
        ("main summary{position:relative;left:-900px}", "out of reach"),
        ("main h2{margin-bottom:-40px}", "overlap"),
    ],
)
def test_a_loss_is_seen(open_page: Opener, fault: str, told: str) -> None:
    page = open_page("02-mechanism.html", width=640).page
    page.add_style_tag(content=fault)
    assert any(line.startswith(told) for line in losses(page)), losses(page)
