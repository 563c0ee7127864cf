"""Exams and progress as a reader uses them: drawn by number, answered by keyboard, scored by the keys of the bank."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from playwright.sync_api import Locator, Page

from bookpress.questions import Provider, load_banks, resolve_bank
from bookpress.questions.model import LEVELS, Item
from tests.browser.conftest import HTML, ROOT, Visit
from tests.browser.test_accessibility import AXE, CHECK, RULES

pytestmark = pytest.mark.browser
Opener = Callable[..., Visit]
PAGE = "test-yourself.html"
STORE = "bookpress-quiz"
NO_STORAGE = (
    """Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }});"""
)


@cache
def bank() -> dict[str, Item]:
    """Return every question of the book with its numbers, in the order of the files."""
    provider = Provider(facts="bitebook.evidence", compute=["bitebook"])
    banks = load_banks(ROOT / "data" / "questions")
    return {item.id: item for one in banks for item in resolve_bank(one, provider)[0].items}


def dice(seed: int) -> Iterator[int]:
    """Mulberry32 in whole numbers, written from its description."""
    state = seed
    while True:
        state = (state + 0x6D2B79F5) % 2**32
        t = (state ^ state >> 15) * (state | 1) % 2**32
        t ^= (t + (t ^ t >> 7) * (t | 61)) % 2**32
        yield t ^ t >> 14


def oracle(seed: int, *, count: int, chapters: list[str], levels: list[str]) -> list[str]:
    """Draw the paper that a number stands for, from the bank itself."""
    rolls = dice(seed)

    def shuffle(ids: list[str]) -> None:
        for last in range(len(ids) - 1, 0, -1):
            other = next(rolls) % (last + 1)
            ids[last], ids[other] = ids[other], ids[last]

    rest = [name for name, item in bank().items() if item.chapter in chapters and item.level in levels]
    shuffle(rest)
    taken: list[str] = []
    while rest and len(taken) < count:
        kinds = [[getattr(bank()[name], kind) for name in taken] for kind in ("chapter", "objective", "level")]
        best = min(rest, key=lambda name: [
            kinds[0].count(bank()[name].chapter), kinds[1].count(bank()[name].objective),
            kinds[2].count(bank()[name].level),
        ])  # fmt: skip  # `min` takes the first of equals, as the page does
        rest.remove(best)
        taken.append(best)
    shuffle(taken)
    return taken


def draw(page: Page, number: str) -> list[str]:
    page.fill(".exam-number", number)
    page.locator(".exam-draw").press("Enter")
    assert page.evaluate("document.activeElement.className") == "exam-title", "a screen reader hears the new paper"
    return [node.get_attribute("data-item") for node in questions(page)]


def questions(page: Page) -> list[Locator]:
    return page.locator(".exam-questions .quiz-item").all()


def answer(node: Locator, *, right: bool) -> None:
    """Answer one question with the keyboard, by the bank's own key."""
    item = bank()[node.get_attribute("data-item")]
    if item.answer is not None:
        assert item.answer.number is not None
        node.locator("input").focus()
        node.page.keyboard.type(repr(item.answer.number + (0 if right else 1e4)))
        return
    wanted = [option.correct for option in item.options]
    if not right:
        wanted = [not one for one in wanted] if item.type == "multiple" else [*wanted[1:], wanted[0]]
    for field, chosen in zip(node.locator("input").all(), wanted, strict=True):
        if chosen:
            field.focus()
            node.page.keyboard.press("Space")
            assert field.is_checked()


def hand_in(page: Page) -> None:
    page.locator(".exam-submit").press("Enter")


def everything(seed: int, *, count: int = 12) -> str:
    return f"{seed}-{count}-{2 ** len({item.chapter for item in bank().values()}) - 1}-{2 ** len(LEVELS) - 1}"


@pytest.mark.parametrize(("seed", "count"), [(1, 12), (4821, 30), (9999999, 60)])
def test_a_number_stands_for_one_paper(open_page: Opener, seed: int, count: int) -> None:
    chapters = list(dict.fromkeys(item.chapter for item in bank().values()))
    found = draw(open_page(PAGE).page, everything(seed, count=count))
    assert found == oracle(seed, count=count, chapters=chapters, levels=list(LEVELS))
    asked = [sum(bank()[name].chapter == chapter for name in found) for chapter in chapters]
    assert len(set(found)) == count and max(asked) - min(asked) <= 1, "every chapter has its share"


def test_a_number_brings_its_choices_and_a_bare_one_takes_those_of_the_form(open_page: Opener) -> None:
    page = open_page(PAGE).page
    assert draw(page, f"77-5-{2**1 + 2**4}-{2**2}") == oracle(
        77, count=5, chapters=["02-mechanism", "05-toxicity"], levels=["apply"]
    )
    page.click(".exam-again")
    page.click(".exam-none")
    assert page.inner_text(".exam-status") == "Choose a chapter first."
    page.check("input[value='08-dosing-workshop']")
    page.fill(".exam-count", "3")
    found = draw(page, "77")
    assert found == oracle(77, count=3, chapters=["08-dosing-workshop"], levels=list(LEVELS))
    assert page.inner_text(".exam-title") == f"Paper 77-3-{2**7}-15"


@pytest.mark.parametrize(
    ("field", "entry", "told"),
    [
        ("number", "12-0-1-1", "no number of a paper"),
        ("number", "12-5-1024-15", "no number of a paper"),
        ("number", "twelve", "no number of a paper"),
        ("count", "0", "whole number"),
        ("count", "2.5", "whole number"),
        ("count", "", "whole number"),
    ],
)
def test_a_wrong_entry_is_told_and_draws_nothing(open_page: Opener, field: str, entry: str, told: str) -> None:
    page = open_page(PAGE).page
    page.fill(f".exam-{field}", entry)
    page.locator(".exam-draw").press("Enter")
    assert told in page.inner_text(".exam-status") and page.locator(".exam-paper").is_hidden()


def test_a_paper_is_answered_by_keyboard_scored_and_reviewed(open_page: Opener) -> None:
    visit = open_page(PAGE)
    page = visit.page
    draw(page, everything(7, count=20))
    nodes = questions(page)
    kinds = {node.get_attribute("data-type") for node in nodes}
    assert kinds == {"single", "multiple", "numeric", "true-false"}, (
        "the paper holds each type: else choose another seed"
    )
    wrong = [3, 8]
    for place, node in enumerate(nodes, start=1):
        if place != 20:
            answer(node, right=place not in wrong)
    hand_in(page)
    assert page.inner_text(".exam-open") == "Without an answer: 20. Press again to hand in all the same."
    assert page.locator(".exam-result").is_hidden()
    hand_in(page)
    assert page.inner_text(".exam-score") == "17 of 20 right (85%)"
    assert page.evaluate("document.activeElement.className") == "exam-score"
    for kind, of in (("By chapter", "chapter"), ("By level", "level")):
        rows = page.locator(".exam-table", has_text=kind).locator("tbody tr").all()
        counts = [[int(cell) for cell in row.locator("td").all_inner_texts()] for row in rows]
        assert len(rows) == len({getattr(bank()[node.get_attribute("data-item")], of) for node in nodes})
        assert [sum(column) for column in zip(*counts, strict=True)] == [17, 20]
    assert page.locator(".exam-wrong a").all_inner_texts() == ["question 3", "question 8", "question 20"]
    for place, node in enumerate(nodes, start=1):
        right = place not in [*wrong, 20]
        assert node.locator(".quiz-verdict").inner_text().startswith("✓ Right" if right else "✗ Not")
        link = node.locator(".exam-back a").get_attribute("href")
        file, anchor = link.split("#")
        item = bank()[node.get_attribute("data-item")]
        assert (file, anchor) == (f"{item.chapter}.html", f"objective-{item.objective}")
        assert f'id="{anchor}"' in (HTML / file).read_text(encoding="utf-8")
    assert visit.complaints == [] and visit.requests == []
    page.locator(".exam-again").press("Enter")
    assert page.locator(".exam-setup").is_visible() and page.locator(".exam-paper").is_hidden()


def test_before_it_is_handed_in_a_paper_shows_no_answer_not_even_on_paper(open_page: Opener) -> None:
    page = open_page(PAGE).page
    draw(page, everything(3))
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        shown = page.inner_text(".exam-paper")
        assert "Question 12" in shown
        assert not re.search(r"Answer and reasons|Answer:|Read again|Sources:", shown)
        assert page.locator(".exam-setup").is_hidden()
        assert page.locator(".progress-table").first.is_visible() == (media == "screen"), "it is printed alone"
    page.emulate_media(media="screen")
    for node in questions(page):
        answer(node, right=True)
    hand_in(page)
    page.emulate_media(media="print")
    assert page.inner_text(".exam-score") == "12 of 12 right (100%)"
    assert page.locator(".exam-paper .exam-back").first.is_visible() and page.locator(".exam-submit").is_hidden()


def test_the_clock_tells_and_never_locks(open_page: Opener) -> None:
    page = open_page(PAGE).page
    page.clock.install()
    page.reload()
    assert page.locator(".exam-clock").is_hidden()
    page.fill(".exam-minutes", "20")
    draw(page, everything(5))
    assert page.inner_text(".exam-clock") == "Time: 0 of 20 minutes"
    page.clock.fast_forward("25:00")
    assert page.inner_text(".exam-clock") == "Time: 25 of 20 minutes. Go on as long as you like."
    for node in questions(page):
        answer(node, right=True)
    hand_in(page)
    assert page.inner_text(".exam-score").startswith("12 of 12") and "In 25 minutes" in page.inner_text(".exam-result")


def stored(page: Page) -> dict[str, object]:
    return json.loads(page.evaluate(f"localStorage.getItem('{STORE}')") or "{}")


def sum_of(page: Page) -> tuple[int, int]:
    rows = page.locator("[data-items] .quiz-tally").all_text_contents()
    found = [[int(number) for number in re.findall(r"\d+", row)] for row in rows]
    return sum(right for right, _ in found), sum(asked for _, asked in found)


def test_nothing_is_remembered_until_the_reader_allows_it_and_then_only_answers(open_page: Opener) -> None:
    page = open_page(PAGE).page
    draw(page, everything(11))
    for node in questions(page):
        answer(node, right=True)
    hand_in(page)
    assert stored(page) == {} and "Nothing is remembered" in page.inner_text(".exam-result")
    assert sum_of(page) == (0, len(bank()))
    page.check(".quiz-remember input")
    page.click(".exam-again")
    drawn = draw(page, everything(12))
    for place, node in enumerate(questions(page)):
        answer(node, right=place > 0)
    hand_in(page)
    kept = stored(page)
    assert set(kept["items"]) == set(drawn) and all(set(row) == {"answer", "result"} for row in kept["items"].values())
    assert sum_of(page) == (11, len(bank()))
    page.reload()
    assert page.is_checked(".quiz-remember input") and sum_of(page) == (11, len(bank()))
    page.uncheck(".quiz-remember input")
    assert stored(page) == {} and sum_of(page) == (0, len(bank()))
    assert page.inner_text(".quiz-progress") == "Nothing is remembered any more."


def test_a_chapter_shows_its_objectives_and_clears_its_own_answers_alone(open_page: Opener) -> None:
    page = open_page("02-mechanism.html").page
    forms = page.locator("form.quiz-item").all()
    objectives = page.locator(".quiz-objectives li")
    named = [name for row in objectives.all() for name in row.get_attribute("data-items").split()]
    assert sorted(named) == sorted(form.get_attribute("data-item") for form in forms)
    page.check(".quiz-remember input")
    answer(forms[0], right=True)
    forms[0].locator(".quiz-check").press("Enter")
    first = page.locator(f"[data-items~='{forms[0].get_attribute('data-item')}'] .quiz-tally")
    assert first.text_content().lstrip("✓ ").startswith("1 of")
    page.goto((HTML / PAGE).as_uri())
    assert sum_of(page) == (1, len(bank()))
    page.goto((HTML / "03-reading-trials.html").as_uri())
    other = page.locator("form.quiz-item").first
    answer(other, right=True)
    other.locator(".quiz-check").press("Enter")
    page.click(".quiz-clear")
    assert list(stored(page)["items"]) == ["mechanism-q01"]
    page.goto((HTML / "02-mechanism.html").as_uri())
    assert sum_of(page)[0] == 1, "the answer of the other chapter is still there"


def test_a_browser_that_refuses_a_memory_gets_a_sentence(open_page: Opener) -> None:
    page = open_page(PAGE, before=NO_STORAGE).page
    draw(page, everything(2))
    for node in questions(page):
        answer(node, right=True)
    hand_in(page)
    assert page.inner_text(".exam-score").startswith("12 of 12")
    page.locator(".quiz-remember input").click()
    assert not page.is_checked(".quiz-remember input")
    assert page.inner_text(".quiz-progress") == "This browser does not let the page remember. All else works."


def test_without_scripts_the_page_says_where_the_questions_are(open_page: Opener) -> None:
    page = open_page(PAGE, scripts=False).page
    words = page.locator(".exam-fallback").first
    assert words.is_visible() and words.locator("a[href^='answers.html']").count() == 1
    for hidden in (".exam-setup", ".exam-paper", ".progress-tool"):
        assert page.locator(hidden).is_hidden()


@pytest.mark.parametrize(("width", "mode"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_in_a_paper_and_in_its_review(open_page: Opener, width: int, mode: str) -> None:
    page = open_page(PAGE, width=width, mode=mode).page
    page.evaluate(AXE.read_text(encoding="utf-8"))
    draw(page, everything(7, count=20))
    assert page.evaluate(CHECK, RULES) == []
    for place, node in enumerate(questions(page)):
        answer(node, right=place % 2 == 0)
    hand_in(page)
    assert page.evaluate(CHECK, RULES) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
