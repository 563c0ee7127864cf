"""The quiz on a page: real nodes, forms that work without scripts, and an assignment that holds no key."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from docutils import nodes
from lxml import etree
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from bookpress.quiz import elements

BANK = """
chapter: 01-chapter
title: First
objectives: {goal-1: Name it., goal-2: Judge it.}
items:
  - id: one
    objective: goal-1
    level: apply
    type: single
    stem: "A fictional child weighs {given}`21 kg`; the rate is {{ rate }} & $x < 2$."
    lead_in: Which *one* is it?
    options:
      - {text: "alpha < beta", reason: "Wrong-reason-a."}
      - {text: "**gamma**", correct: true, reason: "Right-reason-b, see {ref}`target`."}
      - {text: delta, reason: "Wrong-reason-c."}
    explanation: Explanation-one.
    sources: [smith2020]
    tags: [easy]
    values: {rate: {fact: a-rate}}
  - id: two
    objective: goal-2
    level: remember
    type: multiple
    lead_in: Which are in it?
    options:
      - {text: red, correct: true, reason: "Right-reason-red."}
      - {text: green, reason: "Wrong-reason-green."}
      - {text: blue, correct: true, reason: "Right-reason-blue."}
    explanation: Explanation-two.
    sources: [smith2020]
    tags: [hard]
  - id: three
    objective: goal-2
    level: apply
    type: numeric
    stem: Read the table.
    lead_in: How many points lie between them?
    answer: {formula: "fact('a-rate') - 39.0", format: "{:.1f}", tolerance: 0.06, unit: points}
    explanation: Explanation-three.
    sources: [smith2020]
  - id: four
    objective: goal-2
    level: understand
    type: true-false
    stem: Statement-four.
    lead_in: Is the statement true?
    options:
      - {text: "True", correct: true, reason: "Right-reason-true."}
      - {text: "False", reason: "Wrong-reason-false."}
    explanation: Explanation-four.
    sources: [smith2020]
"""
SECRETS = (
    "Wrong-reason",
    "Right-reason",
    "Explanation",
    "data-correct",
    "data-answer",
    "data-tolerance",
    "15.4",
    "smith2020",
)


@dataclass(frozen=True)
class Built:
    """A small book and what Sphinx said while it was built."""

    out: Path
    doctree: nodes.document
    warnings: str

    @property
    def page(self) -> str:
        return next(self.out.glob("index.*html")).read_text(encoding="utf-8")


def build(folder: Path, body: str, *, builder: str = "html", bank: str = BANK, **config: Any) -> Built:
    source = folder / "book"
    (source / "questions").mkdir(parents=True, exist_ok=True)
    (source / "questions" / "01-chapter.yaml").write_text(bank, encoding="utf-8")
    (source / "index.md").write_text(f"(target)=\n# Title\n\n{body}\n", encoding="utf-8")
    (source / "other.md").write_text("---\norphan: true\n---\n# Other\n\nNo quiz here.\n", encoding="utf-8")
    settings = {
        "extensions": ["myst_parser", "bookpress.quiz"],
        "myst_enable_extensions": ["dollarmath"],
        "project": "Test",
        "version": "1",
        "copyright": "none",
        "language": "en",
        "html_theme": "basic",
        "bookpress_facts": "quizbook_evidence",
        "bookpress_questions": "questions",
    }
    warnings = StringIO()
    with patch_docutils(), docutils_namespace():
        app = Sphinx(
            str(source), None, str(folder / "out"), str(folder / "trees"), builder,
            confoverrides=settings | config, status=None, warning=warnings, freshenv=True,
        )  # fmt: skip
        app.add_role("given", lambda _n, raw, text, *_rest: ([nodes.inline(raw, text, classes=["given"])], []))
        app.build()
        doctree = app.env.get_doctree("index")
    return Built(folder / "out", doctree, warnings.getvalue())


@pytest.fixture(scope="module", autouse=True)
def evidence() -> Iterator[None]:
    module = ModuleType("quizbook_evidence")
    fact = SimpleNamespace(table="t", value=54.4, text="54.4%", mark="†", interval_text="")
    module.fact = {"a-rate": fact}.__getitem__  # type: ignore[attr-defined]
    sys.modules["quizbook_evidence"] = module
    yield
    del sys.modules["quizbook_evidence"]


ALL = "```{quiz} 01-chapter\n```\n"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("reader"), ALL)


@pytest.fixture(scope="module")
def assignment(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("assignment"), ALL, bookpress_edition="assignment")


@pytest.fixture(scope="module")
def lecturer(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("lecturer"), ALL, bookpress_edition="lecturer")


def form(built: Built, item_id: str) -> str:
    found = re.search(rf'<form [^>]*id="question-{item_id}".*?</form>', built.page, re.DOTALL)
    assert found
    return found[0]


def test_the_build_has_nothing_to_complain_about(reader: Built, assignment: Built, lecturer: Built) -> None:
    assert reader.warnings == assignment.warnings == lecturer.warnings == ""


def test_a_single_choice_question_is_a_native_form(reader: Built) -> None:
    html = form(reader, "one")
    assert '<fieldset class="quiz-field">\n<legend class="quiz-lead-in">Which <em>one</em> is it?</legend>' in html
    assert (
        '<div class="quiz-option"><label><input type="radio" name="answer-one" value="A" data-correct="no"/> '
        '<span class="quiz-letter">A</span> <span class="quiz-text">alpha &lt; beta</span></label></div>'
    ) in html
    assert 'value="B" data-correct="yes"/>' in html
    assert '<span class="quiz-text"><strong>gamma</strong></span>' in html
    assert 'data-objective="goal-1" data-level="apply"' in html
    # Before a script turns it on, the button neither shows nor reacts to Enter.
    assert '<button type="submit" class="quiz-check" disabled="disabled" hidden="hidden">' in html
    assert '<p class="quiz-verdict" role="status"></p>' in html
    assert '<details class="quiz-answer"><summary>' in html


def test_attributes_are_escaped(tmp_path: Path) -> None:
    bank = BANK.replace("goal-2: Judge it.", "'goal \"2\"': Judge it.").replace(
        "objective: goal-2", "objective: 'goal \"2\"'"
    )
    assert 'data-objective="goal &quot;2&quot;"' in build(tmp_path, ALL, bank=bank).page


def test_text_is_parsed_as_myst_and_numbers_are_filled(reader: Built) -> None:
    html = form(reader, "one")
    assert '<span class="given">21 kg</span>' in html
    assert "the rate is 54.4%† &amp; <span" in html
    assert 'class="math' in html
    assert re.search(r'Right-reason-b, see <a [^>]*href="#target"', html)


def test_an_unverified_value_is_explained_below_the_quiz(reader: Built) -> None:
    assert '<p class="fact-legend">† Not verified against the source.</p>' in reader.page


def test_every_option_has_its_reason_with_sign_and_word(reader: Built) -> None:
    html = form(reader, "two")
    assert html.count("<li ") == 3
    assert (
        '<li class="quiz-is-wrong" data-letter="B"><span class="quiz-sign" aria-hidden="true">✗</span> '
        '<strong>B</strong> <span class="quiz-word">wrong</span> <span class="quiz-why">Wrong-reason-green.</span></li>'
    ) in html
    assert '<p class="quiz-key">Answer: <strong>A, C</strong></p>' in html
    assert '<p class="quiz-sources">Sources: smith2020</p>' in html


def test_other_kinds_of_question(reader: Built) -> None:
    assert form(reader, "two").count('type="checkbox"') == 3
    assert "Choose every option that applies." in form(reader, "two")
    numeric = form(reader, "three")
    assert 'Your answer (points) <input type="number" step="any" name="answer-three" data-answer="15.39' in numeric
    assert 'data-tolerance="0.06"' in numeric
    assert "Answer: <strong>15.4† points</strong>" in numeric
    true_false = form(reader, "four")
    assert "quiz-letter" not in true_false
    assert "Answer: <strong>True</strong>" in true_false


def test_nothing_is_asked_from_the_reader_until_a_script_can_serve(reader: Built) -> None:
    assert reader.page.count('<div class="quiz-tools" hidden="hidden">') == 1
    assert 'type="checkbox" checked' not in reader.page


def test_style_and_script_come_only_with_a_quiz(reader: Built) -> None:
    other = (reader.out / "other.html").read_text(encoding="utf-8")
    for name in ("quiz.css", "quiz.js"):
        assert name in reader.page
        assert name not in other
        assert (reader.out / "_static" / name).is_file()
    assert re.search(r'<script defer="defer" src="_static/quiz.js', reader.page)


def test_the_assignment_holds_no_key_anywhere(assignment: Built) -> None:
    files = [path for path in assignment.out.rglob("*") if path.suffix in {".html", ".js", ".txt", ".inv"}]
    published = "".join(path.read_text(encoding="utf-8", errors="ignore") for path in files if path.name != "quiz.js")
    assert "Statement-four." in published
    assert [secret for secret in SECRETS if secret.lower() in published.lower()] == []
    assert "<details" not in assignment.page
    assert "quiz-check" not in assignment.page
    assert "Which <em>one</em> is it?" in assignment.page
    tree = assignment.doctree.pformat()
    assert [word for word in (*SECRETS, "correct=", "key=", "answer=", "tolerance=") if word in tree] == []


def test_the_reader_edition_does_hold_the_key(reader: Built) -> None:
    """The other half of the test above: the words it looks for are the right ones."""
    assert [secret for secret in SECRETS if secret.lower() not in reader.page.lower()] == []


def test_the_lecturer_sees_everything_open(lecturer: Built) -> None:
    assert lecturer.page.count('<details class="quiz-answer" open="open">') == 4
    assert lecturer.page.count('<span class="quiz-is-key">✓ key</span>') == 4


def test_other_builders_find_real_nodes(reader: Built) -> None:
    box = next(reader.doctree.findall(elements.quiz))
    assert (box["chapter"], box["edition"], box["from_data"]) == ("01-chapter", "reader", True)
    first = next(box.findall(elements.quiz_item))
    assert [first[name] for name in ("item_id", "number", "qtype", "level", "objective", "tags", "key")] == [
        "one", 1, "single", "apply", "goal-1", ["easy"], "B",
    ]  # fmt: skip
    assert [type(child).__name__ for child in first.children] == [
        "quiz_stem", "quiz_lead_in", "quiz_options", "quiz_answer",
    ]  # fmt: skip
    choices = list(first.findall(elements.quiz_option))
    assert [(choice["letter"], choice["correct"], choice.astext()) for choice in choices] == [
        ("A", "no", "alpha < beta"),
        ("B", "yes", "gamma"),
        ("C", "no", "delta"),
    ]
    field = next(box.findall(elements.quiz_numeric))
    assert field["unit"] == "points"
    assert float(field["answer"]) == pytest.approx(15.4)


def test_items_tags_and_count_choose_questions(tmp_path: Path) -> None:
    body = "```{quiz} 01-chapter\n:items: four, two\n```\n\n```{quiz} 01-chapter\n:tags: easy\n```\n\n"
    built = build(tmp_path, body)
    ids = re.findall(r'<form [^>]*id="question-(\w+)"', built.page)
    assert ids == ["four", "two", "one"]
    assert re.findall(r"Question (\d)", built.page) == ["1", "2", "3"]
    assert built.warnings == ""
    counted = build(tmp_path / "b", "```{quiz} 01-chapter\n:count: 2\n```\n")
    assert re.findall(r'<form [^>]*id="question-(\w+)"', counted.page) == ["one", "two"]


MISTAKES = {
    "unknown bank": ("```{quiz} 99-none\n```\n", BANK, r"questions/99-none\.yaml: cannot be read"),
    "unknown item": ("```{quiz} 01-chapter\n:items: nine\n```\n", BANK, "has no item 'nine'; it has one, two"),
    "no match": ("```{quiz} 01-chapter\n:tags: absent\n```\n", BANK, "no item of .* fits the options"),
    "twice": (ALL + "\n" + ALL, BANK, "question 'one' stands twice on this page"),
    "bad bank": (ALL, BANK.replace("level: apply", "level: create"), "item one: level: 'create': must be one of"),
    "bad fact": (ALL, BANK.replace("{fact: a-rate}", "{fact: b-rate}"), "item one: values.rate: 'b-rate'"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_a_warning_with_the_place(tmp_path: Path, name: str) -> None:
    body, bank, expected = MISTAKES[name]
    warnings = build(tmp_path, body, bank=bank).warnings
    assert re.search(rf"index\.md:\d+: WARNING: .*{expected}", warnings), warnings


def test_epub_has_the_questions_without_form_or_script(tmp_path: Path) -> None:
    built = build(tmp_path, ALL, builder="epub", epub_show_urls="no")
    root = etree.fromstring(built.page.encode())
    names = {etree.QName(node).localname for node in root.iter(etree.Element)}
    assert not names & {"form", "input", "button", "fieldset", "script"}
    assert {"details", "ol"} <= names
    assert "Right-reason-b" in built.page


def test_plain_text_has_everything(tmp_path: Path) -> None:
    text = (build(tmp_path, ALL, builder="text").out / "index.txt").read_text(encoding="utf-8")
    for line in ("Question 1", "A. alpha < beta", "Answer: B", "C (wrong): Wrong-reason-c.", "Answer (points): ____"):
        assert line in text


# --- in a browser ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    path = next((p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None)
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium found; install it, the quiz must be tested in CI")
        pytest.skip("no Chromium found: install chromium to run this test")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any, reader: Built) -> Iterator[Any]:
    context = chromium.new_context(offline=True)
    opened = context.new_page()
    opened.goto((reader.out / "index.html").as_uri())
    yield opened
    context.close()


def verdict(page: Any, item_id: str) -> str:
    return str(page.inner_text(f"#question-{item_id} [role=status]"))


@pytest.mark.browser
def test_every_kind_is_answered_by_keyboard_and_the_verdict_is_spoken(page: Any) -> None:
    page.focus("#question-one input[value=A]")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    assert verdict(page, "one").startswith("✗ Not yet.")
    assert page.inner_text("#question-one .quiz-told") == "✗ wrong. Wrong-reason-a."
    assert page.get_attribute("#question-one input[value=A]", "aria-describedby") == "question-one-told-A"
    page.keyboard.press("ArrowDown")
    assert verdict(page, "one") == ""
    page.keyboard.press("Enter")
    assert verdict(page, "one") == "✓ Correct."
    assert page.is_visible("text=Explanation-one.")

    page.focus("#question-two input[value=A]")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    assert verdict(page, "two").startswith("✗ Not yet: 1 right, 1 wrong, 1 missing.")

    page.focus("#question-three input")
    for typed, said in (("0.154", "a factor of 100"), ("-15.4", "the sign is not"), ("9", "Try again"), ("15.4", "✓")):
        page.keyboard.press("Control+A")
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        assert said in verdict(page, "three")

    page.focus("#question-four input[value=B]")
    page.keyboard.press("Enter")
    assert verdict(page, "four") == "Choose an answer first."
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    assert verdict(page, "four").startswith("✗")
    assert page.inner_text(".quiz-progress") == "2 of 4 answered correctly."


@pytest.mark.browser
def test_nothing_is_remembered_unless_the_reader_asks(page: Any) -> None:
    stored = "JSON.stringify(Object.keys(localStorage).filter(key => key.startsWith('bookpress')))"
    page.check("#question-one input[value=B]")
    page.click("#question-one .quiz-check")
    assert page.evaluate(stored) == "[]"
    page.reload()
    assert not page.is_checked("#question-one input[value=B]")

    page.check(".quiz-remember input")
    page.check("#question-one input[value=B]")
    page.click("#question-one .quiz-check")
    page.reload()
    assert page.is_checked("#question-one input[value=B]")
    assert verdict(page, "one") == "✓ Correct."
    page.click(".quiz-clear")
    page.reload()
    assert not page.is_checked("#question-one input[value=B]")
    page.uncheck(".quiz-remember input")
    assert page.evaluate(stored) == "[]"


@pytest.mark.browser
def test_without_scripts_the_answer_opens_and_enter_leaves_the_page_alone(chromium: Any, reader: Built) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((reader.out / "index.html").as_uri())
    page.click("#question-one summary")
    assert page.is_visible("text=Explanation-one.")
    page.fill("#question-three input", "15")
    page.press("#question-three input", "Enter")
    assert "?" not in page.url
    assert not page.is_visible(".quiz-check >> nth=0")
    assert not page.is_visible(".quiz-tools")
    context.close()
