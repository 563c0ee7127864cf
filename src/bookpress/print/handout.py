"""The handout of one chapter: the chapter, the terms and sources it uses, and the answers to its questions."""

from __future__ import annotations

from collections.abc import Callable

from docutils import nodes

from bookpress.print.edition import Printing
from bookpress.print.markup import call, escape
from bookpress.print.translator import Translator


def print_back(printing: Printing, docname: str) -> str:
    """Return what stands behind the text of a chapter."""
    parts = []
    asked = [one for listed in printing.gathered.answers.values() for one in listed]
    answers = Translator(printing, docname).answers(asked)
    if answers:
        parts.append(_heading("Answers to the questions") + answers)
    if not any("chapter-references" in one["classes"] for one in printing.trees[docname].findall(nodes.bullet_list)):
        parts += _pages(printing, printing.gathered.cited, "References", Translator.print_citations)
    parts += _pages(printing, printing.gathered.terms, "Terms used in this chapter", Translator.print_terms)
    return "".join(parts)


def _pages(
    printing: Printing, used: set[tuple[str, str]], title: str, method: Callable[[Translator, set[str]], str]
) -> list[str]:
    """Return a heading and, of each page of the back matter, the entries that were used; nothing if none were."""
    found = []
    for page in sorted({docname for docname, _ in used}):
        wanted = {anchor for docname, anchor in used if docname == page}
        found.append(method(Translator(printing, page), wanted))
    text = "".join(found)
    return [_heading(title) + text] if text else []


def _heading(text: str) -> str:
    return f"\n{call('back-heading', body=escape(text))}\n"
