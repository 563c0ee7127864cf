"""Every page under axe-core, the usual accessibility checker, as it opens and after a reader has used it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Visit, pages

pytestmark = pytest.mark.browser
Opener = Callable[..., Visit]
AXE = ROOT / "vendor" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHECK = """rules => axe.run(document, {resultTypes: ['violations'], runOnly: rules}).then(result =>
  result.violations.map(found => found.id + ': ' + found.help + '\\n' + found.nodes.slice(0, 3).map(node =>
    '  ' + node.target.join(' ') + '\\n  ' + node.html.slice(0, 160)).join('\\n')))"""
USED = [(1280, "dark"), (390, "light")]
# The first answer waits for Python to start, on a busy machine.
PATIENCE_MS = 60_000
# Opens every box, gives the first answer to every question, and has it checked.
ANSWER = """() => {
  document.querySelectorAll('details').forEach(box => { box.open = true; });
  let answered = 0;
  document.querySelectorAll('form.quiz-item').forEach(form => {
    const field = form.querySelector('.quiz-field input');
    const button = form.querySelector('.quiz-check');
    if (!field || !button) return;
    if (field.type === 'number') field.value = '1'; else field.checked = true;
    button.click();
    answered += 1;
  });
  return answered;
}"""


@pytest.mark.parametrize(("width", "mode"), [(1280, "light"), (390, "dark"), (1280, "dark"), (390, "light")])
@pytest.mark.parametrize("name", pages())
def test_axe_finds_nothing(open_page: Opener, name: str, width: int, mode: str) -> None:
    """As it opens in two of the four ways; boxes open, questions answered, calculators used in the others."""
    page = open_page(name, width=width, mode=mode).page
    if (width, mode) in USED:
        use(page)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(CHECK, RULES)
    assert found == [], f"{name} at {width} px, {mode}:\n" + "\n".join(found)


def test_axe_sees_what_is_broken(open_page: Opener) -> None:
    page = open_page("about.html").page
    page.evaluate("document.querySelector('main h1').insertAdjacentHTML('afterend', '<img src=\"data:,\"><h5>x</h5>')")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = {line.split(":")[0] for line in page.evaluate(CHECK, RULES)}
    assert {"image-alt", "heading-order"} <= found


def use(page: Page) -> None:
    """Do what a reader can do on a page: open boxes, answer questions, use calculators."""
    answered = page.evaluate(ANSWER)
    assert page.locator(".quiz-verdict.quiz-is-right, .quiz-verdict.quiz-is-wrong").count() == answered
    for form in page.locator("form.live-calc").all():
        form.locator("button[type=submit]").click()
        expect(form.locator(".live-result")).not_to_be_empty(timeout=PATIENCE_MS)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_axe_finds_nothing_in_an_opened_source(open_page: Opener, mode: str) -> None:
    """Alone: the box lies over the text, and axe would take its ground for the ground of the text below."""
    page = open_page("04-clinical-trials.html", width=390, mode=mode).page
    page.locator("button.fact-value").first.click()
    expect(page.locator(":popover-open")).to_be_visible()
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(CHECK.replace("document,", "document.querySelector(':popover-open'),"), RULES)
    assert found == []
