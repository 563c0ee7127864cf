"""Exam and progress: all questions wait in the page, closed; other media, and the edition without keys, hold words."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from bookpress.exam.elements import exam, exam_back, progress
from tests.unit.test_quiz_directive import BANK, SECRETS, Built, build, evidence

__all__ = ["evidence"]  # a fixture
BODY = """
## Learning objectives

{goals}

```{{exam}}
:count: 3
Words for {{ref}}`target`.
```

```{{progress}}
Words for progress.
```
"""
GOALS = "1. Name it.\n2. Judge it."


def build_exam(folder: Path, *, goals: str = GOALS, **how: object) -> Built:
    extensions = ["myst_parser", "bookpress.quiz", "bookpress.exam"]
    bank = BANK.replace("chapter: 01-chapter", "chapter: index")
    source = folder / "book" / "questions"
    source.mkdir(parents=True)
    (source / "index.yaml").write_text(bank, encoding="utf-8")
    other = BANK.replace(": one", ": five").replace(": two", ": six").replace(": three", ": seven")
    return build(
        folder, BODY.format(goals=goals), extensions=extensions, bank=other.replace(": four", ": eight"), **how
    )


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build_exam(tmp_path_factory.mktemp("exam"))


def test_every_question_of_every_bank_waits_in_the_template(reader: Built) -> None:
    page = html.fromstring(reader.page)
    items = page.xpath("//template//div[contains(@class, 'quiz-item')]/@data-item")
    assert sorted(items) == ["eight", "five", "four", "one", "seven", "six", "three", "two"]
    assert page.xpath("//template//form | //template//button") == [], "one form holds them all"
    assert page.xpath("//form[@class='exam-paper']//input") == []
    assert page.xpath("//input[@name='chapter']/@value") == ["01-chapter", "index"]
    assert [label.text_content().strip() for label in page.xpath("//label[.//input[@name='level']]")] == [
        "recall (2)", "understanding (2)", "application (4)",
    ]  # fmt: skip
    assert page.xpath("//input[@name='count']/@value") == ["3"]
    for script in ("quiz.js", "exam-draw.js", "exam.js"):
        assert any(script in source for source in page.xpath("//script/@src"))
    assert "exam.js" not in (reader.out / "other.html").read_text(encoding="utf-8")


def test_each_question_leads_back_to_its_objective(reader: Built) -> None:
    page = html.fromstring(reader.page)
    links = page.xpath("//template//*[@data-item='two']//p[@class='exam-back']/a/@href")
    assert links == ["#objective-goal-2"] and "objective 2" in page.text_content()
    assert [item.text_content().strip() for item in page.xpath("//li[starts-with(@id, 'objective-')]")] == [
        "Name it.", "Judge it.",
    ]  # fmt: skip
    rows = page.xpath("//table[@class='progress-table'][caption]//tr[@data-items]/@data-items")
    assert rows == ["five", "six seven eight", "one", "two three four"]


def test_an_objective_that_the_bank_does_not_know_is_told(tmp_path: Path) -> None:
    built = build_exam(tmp_path, goals="1. Name it.")
    assert "the page lists 1 objectives, its bank index.yaml has 2" in built.warnings


def test_the_lecturer_gets_closed_questions_too(tmp_path: Path) -> None:
    page = build_exam(tmp_path, bookpress_edition="lecturer").page
    assert "quiz-is-key" not in page and "open=" not in page.split("<template")[1].split("</template>")[0]


def test_the_edition_without_keys_holds_no_exam(tmp_path: Path) -> None:
    built = build_exam(tmp_path, bookpress_edition="assignment")
    assert not [secret for secret in SECRETS if secret in built.page]
    assert "<template" not in built.page and "exam.js" not in built.page
    assert "Words for" in built.page and "it can check no answer" in built.page


def test_other_media_get_the_words(tmp_path: Path) -> None:
    built = build_exam(tmp_path, builder="text")
    text = (built.out / "index.txt").read_text(encoding="utf-8")
    assert "Words for Title." in text and "Words for progress." in text
    assert not [secret for secret in SECRETS if secret in text]
    assert any(built.doctree.findall(exam)) and any(built.doctree.findall(progress))
    assert len(list(built.doctree.findall(exam_back))) == 8
