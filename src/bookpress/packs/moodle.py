"""Moodle XML: every type of question, with a reason for each option, id numbers, tags, and tolerance."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lxml import etree

from bookpress.packs.book import BookInfo
from bookpress.packs.paper import Paper, Question, escape_text
from bookpress.packs.xml import add, to_bytes

KINDS = {"single": "multichoice", "multiple": "multichoice", "numeric": "numerical", "true-false": "truefalse"}


def moodle_xml(papers: Sequence[Paper], book: BookInfo) -> bytes:
    """Return one file with a category for each chapter."""
    root = etree.Element("quiz")
    for paper in papers:
        category = add(root, "question", type="category")
        place = "/".join(name.replace("/", "//") for name in (book.title, f"{paper.chapter[:2]} {paper.title}"))
        _text(category, "category", f"$course$/top/{place}")
        _text(category, "info", f"<p>{escape_text(book.notice)}</p>", format="html")
        for question in paper.questions:
            _question(root, question)
    return to_bytes(root)


def _question(root: Any, question: Question) -> None:
    element = add(root, "question", type=KINDS[question.type])
    _text(element, "name", question.id)
    _text(element, "questiontext", question.prompt_html(), format="html")
    _text(element, "generalfeedback", question.review_html(), format="html")
    add(element, "defaultgrade", "1")
    add(element, "penalty", "1" if question.type == "true-false" else "0.3333333")
    add(element, "hidden", "0")
    add(element, "idnumber", question.id)
    if question.number is not None:
        answer = _text(element, "answer", question.number.value, fraction="100", format="moodle_auto_format")
        _text(answer, "feedback", "", format="html")
        add(answer, "tolerance", question.number.tolerance)
    elif question.type == "true-false":
        for choice in question.choices:
            answer = _text(
                element, "answer", choice.text.plain.lower(), fraction="100" if choice.correct else "0",
                format="moodle_auto_format",
            )  # fmt: skip
            _text(answer, "feedback", choice.reason.html, format="html")
    else:
        _choices(element, question)
    tags = add(element, "tags")
    for label in question.labels:
        _text(tags, "tag", label)


def _choices(element: Any, question: Question) -> None:
    single = question.type == "single"
    add(element, "single", "true" if single else "false")
    add(element, "shuffleanswers", "true")
    add(element, "answernumbering", "ABCD")
    for name, text in (("correctfeedback", "Right."), ("incorrectfeedback", "Not right.")):
        _text(element, name, text, format="html")
    for choice, share in zip(question.choices, shares(question), strict=True):
        answer = _text(element, "answer", choice.text.html, fraction=share, format="html")
        _text(answer, "feedback", choice.reason.html, format="html")


def shares(question: Question) -> list[str]:
    """Return what each option adds to the grade, in percent: the key adds up to 100, and guessing all of it to 0.

    Moodle knows a fixed list of shares, with five digits after the point.
    """
    right = Fraction(100, len(question.correct))
    wrong = Fraction(0) if question.type == "single" or not question.wrong else Fraction(-100, len(question.wrong))
    return [f"{float(right if choice.correct else wrong):.5f}".rstrip("0").rstrip(".") for choice in question.choices]


def _text(parent: Any, tag: str, text: str, **attributes: str) -> Any:
    element = add(parent, tag, **attributes)
    add(element, "text", text)
    return element
