"""GIFT: the plain-text question format of Moodle, with ids and tags in its comments."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bookpress.packs.book import BookInfo
from bookpress.packs.moodle import shares
from bookpress.packs.paper import Paper, Question

SPECIAL = re.compile(r"([\\~=#{}:])")


def gift(papers: Sequence[Paper], book: BookInfo) -> str:
    """Return one file with a category for each chapter."""
    parts = [f"// {_line(book.title)}, version {book.version}. {_line(book.notice)}\n"]
    for paper in papers:
        names = (book.title, f"{paper.chapter[:2]} {paper.title}")
        parts.append("$CATEGORY: " + "/".join(_line(name).replace("/", "//") for name in names) + "\n")
        parts += [_question(question) for question in paper.questions]
    return "\n".join(parts)


def _question(question: Question) -> str:
    tags = " ".join(f"[tag:{label.replace(']', ')')}]" for label in question.labels)
    head = f"// [id:{question.id}] {_line(tags)}\n::{escape(question.id)}::[html]{escape(question.prompt_html())}"
    general = "\t####" + escape(question.review_html())
    if question.number is not None:
        answers = f"#{question.number.value}:{question.number.tolerance}\n"
    elif question.type == "true-false":
        answers = _true_false(question)
    else:
        answers = "\n" + "".join(_choices(question))
    return f"{head} {{{answers}{general}\n}}\n"


def _true_false(question: Question) -> str:
    """Write T or F, then the reason shown for a wrong answer, then that for a right one."""
    key = "TRUE" if question.correct[0].text.plain.lower() == "true" else "FALSE"
    return f"{key}#{escape(question.wrong[0].reason.html)}#{escape(question.correct[0].reason.html)}\n"


def _choices(question: Question) -> list[str]:
    rows = []
    for choice, share in zip(question.choices, shares(question), strict=True):
        plain = "=" if choice.correct else "~"
        sign = plain if question.type == "single" else f"~%{share}%"
        rows.append(f"\t{sign}{escape(choice.text.html)}#{escape(choice.reason.html)}\n")
    return rows


def escape(text: str) -> str:
    r"""Return text on one line, with a backslash before each sign that GIFT reads.

    Examples
    --------
    >>> escape("a = {b}\n~ 5:1")
    'a \\= \\{b\\} \\~ 5\\:1'
    """
    return SPECIAL.sub(r"\\\1", _line(text))


def _line(text: str) -> str:
    return " ".join(text.split())
