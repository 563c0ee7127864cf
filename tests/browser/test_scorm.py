"""The SCORM page in Chromium, between a course system that is played by a few lines of script."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from bookpress.packs.scorm import quiz_page
from tests.unit.packs_bank import BOOK, real

pytestmark = pytest.mark.browser
COURSE = """
window.told = JSON.parse(sessionStorage.getItem('told') || '{}'); window.calls = [];
function keep(name, value) { told[name] = value; sessionStorage.setItem('told', JSON.stringify(told)); return 'true'; }
window.API = {
  LMSInitialize: function () { calls.push('init'); return 'true'; },
  LMSGetValue: function (name) { return told[name] || ''; },
  LMSSetValue: keep,
  LMSCommit: function () { calls.push('commit'); return 'true'; },
  LMSFinish: function () { keep('finished', 'yes'); return 'true'; }
};
"""


def answer_all(page: Page, paper: object) -> None:
    """Answer every question rightly, with the keyboard."""
    for question in paper.questions:
        form = page.locator(f"form[id='{question.id}']")
        if question.number is not None:
            form.locator("input").focus()
            page.keyboard.type(question.number.shown.rstrip("†"))
        for choice in question.correct:
            field = form.locator(f"input[value={choice.letter}]")
            field.focus()
            page.keyboard.press("Space")
        form.locator("button").focus()
        page.keyboard.press("Enter")
        assert form.locator(".verdict").inner_text() == "Right.", question.id


@pytest.mark.parametrize("place", [0, 2])
def test_a_course_system_gets_scores_and_nothing_else(browser: Browser, tmp_path: Path, place: int) -> None:
    paper = real().papers[place]
    file = tmp_path / "index.html"
    file.write_text(quiz_page(paper, BOOK), encoding="utf-8")
    context = browser.new_context(offline=True)
    context.add_init_script(COURSE)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(file.as_uri())
    assert page.evaluate("told['cmi.core.lesson_status']") == "incomplete"
    answer_all(page, paper)
    told = page.evaluate("told")
    assert told["cmi.core.lesson_status"] == "passed" and told["cmi.core.score.raw"] == "100"
    assert json.loads(told["cmi.suspend_data"]) == {question.id: 1 for question in paper.questions}
    page.reload()
    count = len(paper.questions)
    assert page.locator("#total").inner_text() == f"{count} of {count} answered, {count} right."
    assert page.evaluate("told['finished']") == "yes"
    assert complaints == []
    context.close()


def test_the_page_works_without_a_course_system(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "index.html"
    file.write_text(quiz_page(real().papers[0], BOOK), encoding="utf-8")
    page = browser.new_context(offline=True).new_page()
    page.goto(file.as_uri())
    form = page.locator("form").first
    form.locator("button").click()
    assert "first" in form.locator(".verdict").inner_text()
    form.locator("input").first.check()
    form.locator("button").click()
    assert form.locator("details").get_attribute("open") is not None
    page.close()
