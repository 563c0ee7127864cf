"""The words of a pack: what is in it, how to cite it, where each format was tested, and what to be careful about."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from bookpress.packs.book import BookInfo
from bookpress.packs.page import ChapterPage
from bookpress.packs.paper import Paper

# Format, file, who read it, what was found. "Checked by rules" means that no program of that kind was at hand.
TESTED = (
    ("Anki deck", "questions/*.apkg", "imported by Anki 26.9.3 in the tests",
     "new once, not twice, updated by a later release"),
    ("Moodle XML", "questions/*.moodle.xml", "read by moodle-xml-parser 0.3.1 by hand; checked by rules in the tests",
     "keys, shares, reasons, tolerances agree with the questions; imported into no running Moodle"),
    ("GIFT", "questions/*.gift.txt", "read by gift-pegjs 1.0.2 by hand; checked by rules in the tests",
     "all questions, with keys and reasons"),
    ("QTI 2.1", "questions/*-qti21.zip", "converted to QTI 3 by citolab-qti-convert 0.2.0 by hand; checked by rules",
     "references resolve, keys agree; imported into no course system"),
    ("Canvas QTI 1.2", "questions/*-canvas.zip", "checked by rules", "imported into no Canvas"),
    ("Common Cartridge 1.1", "questions/*.imscc", "checked by rules", "imported into no course system"),
    ("SCORM 1.2", "questions/*-scorm12.zip",
     "run in Chromium in the tests; imported into wagtail-lms 0.11.1 and run with scorm-again 3.4.3 by hand",
     "incomplete, then passed; score and suspend data arrive; the summary of wagtail-lms stayed at incomplete"),
    ("PowerPoint", "slides/*.pptx", "opened by LibreOffice 7.4 in the tests where it is installed",
     "no text runs over; not opened in PowerPoint"),
    ("Notebook", "notebook/*.ipynb", "run by nbval in the tests", "every cell gives what it printed in the book"),
)  # fmt: skip
FILES = (
    ("{name}.html", "the chapter in one file; opens by double click, without a network"),
    ("{name}-handout.pdf", "the chapter to print"),
    ("{book}.epub", "the whole book for e-readers"),
    ("slides/", "an editable PowerPoint deck and the same slides as one HTML file (keys: arrows, Home, End)"),
    ("questions/", "the questions for Anki, Moodle, GIFT readers, QTI 2.1, Canvas, Common Cartridge, SCORM 1.2"),
    ("figures/", "every figure as SVG and as PNG of 300 dots an inch; figures.csv: captions, alt texts, licenses"),
    ("data/", "the evidence tables, their description datapackage.json, and rows-of-this-chapter.csv"),
    ("notebook/, src/", "the chapter as a Jupyter notebook, and the helper code that it runs"),
    ("teaching-notes.txt", "time, pitfalls, prompts; which question tests which objective"),
)
CARE = (
    "Whoever opens a question file sees the answers. Use these questions for practice, not for grades.",
    "A value marked † was not verified against the current label or paper.",
    "Common Cartridge and SCORM hold the chapter to read as well.",
    "A Common Cartridge has no type for questions whose answer is a number: take those from the Moodle XML or QTI 2.1.",
    "Import the Anki deck of a later release over an earlier one: cards are updated and keep their history.",
    "The notebook needs Python 3.11 or newer with the packages of src/requirements.txt; start Jupyter in notebook/.",
    "In PowerPoint, the sources of a slide stand in its notes.",
)
WIDTH = 100


def readme(page: ChapterPage, paper: Paper, book: BookInfo, *, epub: str) -> bytes:
    """Return the README.txt of a chapter's pack."""
    files = [(name.format(name=page.name, book=epub.removesuffix(".epub")), text) for name, text in FILES]
    numeric = [question.id for question in paper.questions if question.number is not None]
    parts = [
        f"{book.title}\nChapter {page.number}: {page.title}\n{page.facts}",
        book.notice,
        _about(book),
        "In this pack\n" + _columns(files),
        _tested(),
        "Please note\n" + _bullets(CARE),
    ]
    if numeric:
        parts.append(_wrap(f"Questions with a number, not in the cartridge: {', '.join(numeric)}."))
    return ("\n\n".join(parts) + "\n").encode("utf-8")


def book_readme(papers: Sequence[Paper], book: BookInfo) -> bytes:
    """Return the README.txt of the pack of the whole book."""
    count = sum(len(paper.questions) for paper in papers)
    rows = [
        ("html/", "the book; open html/index.html by double click"),
        ("pdf/, epub/", "the book and each chapter to print, and the book for e-readers"),
        ("questions/", f"all {count} questions in every format; SCORM has one file for each chapter"),
        ("slides/", "the decks of all chapters"),
        ("data/", "the evidence tables with their description"),
    ]
    parts = [book.title, book.notice, _about(book), "In this pack\n" + _columns(rows), _tested(), _bullets(CARE[:5])]
    return ("\n\n".join(parts) + "\n").encode("utf-8")


def teaching_notes(page: ChapterPage, paper: Paper) -> bytes:
    """Return notes, timings, and the questions by objective and level as plain text."""
    rows = []
    for place, (name, text) in enumerate(paper.objectives.items(), start=1):
        asked = [f"{question.id} ({question.level})" for question in paper.questions if question.objective == name]
        rows.append(_wrap(f"{place}. {text}") + "\n" + _wrap(", ".join(asked) or "no question", indent="   "))
    notes = "\n\n".join(_wrap(part) for part in page.teaching_notes.split("\n\n"))
    title = f"Teaching notes: {page.title}\n{page.facts}"
    return "\n\n".join([title, notes, "Objectives and their questions", *rows, ""]).encode("utf-8")


def _about(book: BookInfo) -> str:
    lines = [
        f"Version   {book.version}, {book.released.isoformat()}",
        f"Cite as   {book.citation}",
        f"License   {book.license} {book.license_url}",
        f"Data      {book.data_license}",
    ]
    return "\n".join(lines)


def _tested() -> str:
    rows = [f"{name} ({file})\n" + _wrap(f"{who}: {found}.", indent="    ") for name, file, who, found in TESTED]
    return "Where each format was tested\n" + "\n".join(rows)


def _columns(rows: Sequence[tuple[str, str]]) -> str:
    wide = max(len(name) for name, _ in rows) + 2
    return "\n".join(f"{name.ljust(wide)}{text}" for name, text in rows)


def _bullets(rows: Sequence[str]) -> str:
    return "\n".join(f"- {row}" for row in rows)


def _wrap(text: str, *, indent: str = "") -> str:
    return textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False)
