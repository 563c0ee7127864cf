"""Every page walked through with the Tab key: each control reached once, focus always seen, no trap, Escape closes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Visit, pages

pytestmark = pytest.mark.browser
Opener = Callable[..., Visit]
# What the Tab key should reach, by its own account: shown, enabled, not taken out of the order. A group of radio
# buttons is one stop. Marks each control, so that the walk can tick it off.
MARK = """() => {
  const groups = new Set(), wanted = [];
  for (const e of document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')) {
    // What is laid out only when it comes near the window is within reach all the same.
    const shown = e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length > 0;
    if (!shown || e.disabled || e.tabIndex < 0 || e.closest('[inert]')) continue;
    if (e.type === 'radio') {
      const group = (e.form ? e.form.id : '') + '/' + e.name;
      if (groups.has(group)) continue;
      groups.add(group);
    }
    e.dataset.walk = wanted.length;
    const name = (e.getAttribute('aria-label') || e.textContent).trim();
    wanted.push(name.slice(0, 50) || e.outerHTML.slice(0, 80));
  }
  return wanted;
}"""
# Where the focus is, and whether one can see it: an outline, or a shadow in its place.
FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const style = getComputedStyle(e);
  const box = e.getBoundingClientRect();
  return {
    mark: e.dataset.walk === undefined ? null : Number(e.dataset.walk),
    editor: e.tagName === 'TEXTAREA',
    what: e.outerHTML.slice(0, 120),
    visible: ((style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none')
      && box.width > 0 && box.bottom > 0 && box.top < innerHeight,
  };
}"""


@pytest.mark.parametrize("name", pages())
def test_the_tab_key_reaches_all_and_is_never_lost(open_page: Opener, name: str) -> None:
    page = open_page(name).page
    page.wait_for_timeout(300)  # scripts add their buttons
    wanted = page.evaluate(MARK)
    reached: list[int] = []
    unseen: list[str] = []

    def note() -> dict[str, Any] | None:
        focus = page.evaluate(FOCUS)
        if focus and not focus["visible"]:
            unseen.append(focus["what"])
        # the parts of a date field (day, month, year, its calendar) are stops of their own inside one control
        if focus and focus["mark"] is not None and focus["mark"] not in reached[-1:]:
            reached.append(focus["mark"])
        return focus

    focus: dict[str, Any] | None = None
    for step in range(len(wanted) + 60):
        if focus and focus["editor"]:
            page.keyboard.press("Escape")  # in a code cell Tab indents; its description says that Escape lets it go
            note()
        page.keyboard.press("Tab")
        page.wait_for_timeout(250 if step == 0 else 0)  # the skip link slides in
        focus = note()
        if focus is None:  # past the last control, back at the browser: no trap
            break
        if step == 0:
            assert "skip" in focus["what"].lower(), f"the first stop is {focus['what']}"
    else:
        pytest.fail(f"{name}: the focus never leaves the page; it ends at {focus}")
    assert unseen == []
    assert [wanted[mark] for mark in range(len(wanted)) if mark not in reached] == []
    assert len(reached) == len(set(reached))
