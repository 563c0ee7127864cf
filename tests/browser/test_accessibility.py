"""Every page under axe-core, the usual accessibility checker, and four pages walked through with the Tab key."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import ROOT, Visit, pages

pytestmark = pytest.mark.browser
Opener = Callable[..., Visit]
AXE = ROOT / "vendor" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHECK = """rules => axe.run(document, {resultTypes: ['violations'], runOnly: rules}).then(result =>
  result.violations.map(found => found.id + ': ' + found.help + '\\n' + found.nodes.slice(0, 3).map(node =>
    '  ' + node.target.join(' ') + '\\n  ' + node.html.slice(0, 160)).join('\\n')))"""
# More than a thousand rows: slow to check, and one look tells as much as two.
ONCE = {"evidence-register.html"}
WALKED = ["index.html", "04-clinical-trials.html", "where-sources-disagree.html", "test-yourself.html"]
# What the Tab key should reach, by its own account: shown, enabled, not taken out of the order. A group of radio
# buttons is one stop. Marks each control, so that the walk can tick it off.
MARK = """() => {
  const groups = new Set(), wanted = [];
  for (const e of document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')) {
    const shown = e.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true})
      && e.getClientRects().length > 0;
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
    what: e.outerHTML.slice(0, 120),
    visible: ((style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none')
      && box.width > 0 && box.bottom > 0 && box.top < innerHeight,
  };
}"""


@pytest.mark.parametrize(("width", "mode"), [(1280, "light"), (390, "dark")])
@pytest.mark.parametrize("name", pages())
def test_axe_finds_nothing(open_page: Opener, name: str, width: int, mode: str) -> None:
    if name in ONCE and width == 390:
        pytest.skip("checked once, at 1280 px")
    page = open_page(name, width=width, mode=mode).page
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(CHECK, RULES)
    assert found == [], f"{name} at {width} px, {mode}:\n" + "\n".join(found)


def test_axe_sees_what_is_broken(open_page: Opener) -> None:
    page = open_page("about.html").page
    page.evaluate("document.querySelector('main h1').insertAdjacentHTML('afterend', '<img src=\"data:,\"><h5>x</h5>')")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = {line.split(":")[0] for line in page.evaluate(CHECK, RULES)}
    assert {"image-alt", "heading-order"} <= found


@pytest.mark.parametrize("name", WALKED)
def test_the_tab_key_reaches_all_and_is_never_lost(open_page: Opener, name: str) -> None:
    page = open_page(name).page
    page.wait_for_timeout(300)  # scripts add their buttons
    wanted = page.evaluate(MARK)
    reached: list[int] = []
    unseen: list[str] = []
    for step in range(len(wanted) + 40):
        if page.evaluate("document.activeElement.tagName") == "TEXTAREA":
            page.keyboard.press("Escape")  # in a code cell Tab indents; its description says that Escape lets it go
        page.keyboard.press("Tab")
        page.wait_for_timeout(250 if step == 0 else 0)  # the skip link slides in
        focus = page.evaluate(FOCUS)
        if focus is None:  # past the last control, back at the browser: no trap
            break
        if step == 0:
            assert "skip" in focus["what"].lower(), f"the first stop is {focus['what']}"
        if not focus["visible"]:
            unseen.append(focus["what"])
        if focus["mark"] is not None:
            reached.append(focus["mark"])
    else:
        pytest.fail(f"{name}: the focus never leaves the page; it ends at {focus['what']}")
    assert unseen == []
    assert [wanted[mark] for mark in range(len(wanted)) if mark not in reached] == []
    assert len(reached) == len(set(reached))
