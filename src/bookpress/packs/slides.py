"""What a deck shows, slide by slide, before any program writes it: case, figures, table, questions, sources."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bookpress.packs.book import BookInfo
from bookpress.packs.fit import largest_size
from bookpress.packs.fit_table import table_size
from bookpress.packs.page import ChapterPage, Figure, Table
from bookpress.packs.paper import MARK, Paper, Question
from bookpress.packs.text import PackError
from bookpress.source_file import load_yaml

MAX_FIGURES = 4
MAX_QUESTIONS = 3
TEXT_SIZES = (24.0, 22.0, 20.0, 18.0, 16.0)
SMALL_SIZES = (14.0, 13.0, 12.0)
BODY_IN = (12.1, 5.15)  # width and height of the text of a slide, less a reserve


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph; ``role`` is text, bullet, strong, key, option, note, or small."""

    text: str
    role: str = "text"


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide; at most one of lines, figure, and table fills its body."""

    kind: str
    title: str
    lines: tuple[Line, ...] = ()
    figure: Figure | None = None
    table: Table | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a chapter's deck shows, by id; an empty choice takes what comes first."""

    figures: tuple[str, ...] = ()
    table: str = ""
    questions: tuple[str, ...] = ()


def load_choices(path: Path) -> Mapping[str, Choice]:
    """Read which figures, table, and questions each deck shows; a file that is not there leaves all to the rules.

    Raises
    ------
    SourceFileError
        If the file is damaged.
    PackError
        If a chapter has a field that is not known, or of another kind.
    """
    raw = (load_yaml(path) or {}) if os.path.lexists(path) else {}
    if not isinstance(raw, dict):
        raise PackError(f"{path.name}: must map each chapter to figures, table, questions")
    choices = {}
    for chapter, row in raw.items():
        if not isinstance(row, dict):
            raise PackError(f"{path.name}: {chapter}: must be a mapping of figures, table, questions")
        unknown = sorted(str(field) for field in set(row) - {"figures", "table", "questions"})
        if unknown:
            raise PackError(f"{path.name}: {chapter}: {', '.join(unknown)} is not known; use figures, table, questions")
        for field, kind, word in (("figures", list, "a list"), ("table", str, "one id"), ("questions", list, "a list")):
            if not isinstance(row.get(field, kind()), kind):
                raise PackError(f"{path.name}: {chapter}: {field}: must be {word}, got {row[field]!r}")
        choices[chapter] = Choice(tuple(row.get("figures", ())), row.get("table", ""), tuple(row.get("questions", ())))
    return choices


def make_slides(page: ChapterPage, paper: Paper, book: BookInfo, choice: Choice | None = None) -> tuple[Slide, ...]:
    """Return the slides of a chapter, in order."""
    choice = choice or Choice()
    figures = [page.figure(name) for name in choice.figures] or list(page.figures[:MAX_FIGURES])
    table = page.table(choice.table) if choice.table else next((t for t in page.tables if table_size(t)), None)
    if table is not None and table_size(table) is None:
        raise PackError(f"{page.name}: the table {table.id} is too large for a slide: choose another one for its deck")
    slides = [
        Slide("title", page.title, (Line(book.title), Line(book.notice)), notes=_title_notes(page, book)),
        *_split("Opening case", [Line(text) for text in page.case], notes="Ask before you go on.", last=page.question),
        *_split("Learning objectives", [Line(text, "bullet") for text in page.objectives]),
        *(_figure_slide(figure, page) for figure in figures),
    ]
    if table is not None:
        notes = f"{table.number}: {table.caption}\nFrom chapter {page.number}, {table.section}."
        slides.append(Slide("table", table.caption, table=table, notes=notes))
    slides += _split("Key points", [Line(text, "bullet") for text in page.key_points])
    questions = _questions(paper, choice)
    for place, question in enumerate(questions, start=1):
        slides.append(_question_slide(question, place))
    for place, question in enumerate(questions, start=1):
        slides.append(_answer_slide(question, place))
    slides += _split("References", [Line(text, "small") for text in page.references], sizes=SMALL_SIZES)
    slides.append(_closing(book))
    return tuple(_explain_mark(slide, book) for slide in slides)


def _explain_mark(slide: Slide, book: BookInfo) -> Slide:
    """Say what the mark of unverified values means on every slide that shows it."""
    cells = [cell for row in slide.table.rows for cell in row] if slide.table else []
    shown = [slide.title, *(line.text for line in slide.lines), *cells]
    if not any(MARK in text for text in shown) or any(line.text.startswith(MARK) for line in slide.lines):
        return slide
    return replace(slide, lines=(*slide.lines, Line(f"{MARK} {book.mark_note}", "note")))


def _title_notes(page: ChapterPage, book: BookInfo) -> str:
    return f"{page.facts}\n\nTeaching notes\n{page.teaching_notes}\n\n{book.citation}"


def _split(
    title: str, lines: Sequence[Line], *, notes: str = "", last: str = "", sizes: Sequence[float] = TEXT_SIZES
) -> list[Slide]:
    """Spread lines over as few slides as hold them, as evenly as their order allows."""
    rows = [*lines, *([Line(last, "strong")] if last else [])]
    groups = _parts(rows, 1)
    while not all(fits(group, sizes) for group in groups) and len(groups) < len(rows):
        groups = _parts(rows, len(groups) + 1)
    many = len(groups) > 1
    return [
        Slide("text", f"{title} ({place} of {len(groups)})" if many else title, tuple(group), notes=notes)
        for place, group in enumerate(groups, start=1)
    ]


def _parts(rows: Sequence[Line], parts: int) -> list[Sequence[Line]]:
    """Cut a list into parts of nearly the same amount of text."""
    total = sum(len(row.text) for row in rows)
    groups: list[list[Line]] = [[]]
    used = 0
    for place, row in enumerate(rows):
        left = len(rows) - place
        if (
            groups[-1]
            and len(groups) < parts
            and (used + len(row.text) / 2 > total * len(groups) / parts or left <= parts - len(groups))
        ):
            groups.append([])
        groups[-1].append(row)
        used += len(row.text)
    return [group for group in groups if group]


def fits(lines: Sequence[Line], sizes: Sequence[float] = TEXT_SIZES) -> bool:
    """Tell whether lines fit on one slide at a size that can be read from the last row."""
    return body_size(lines, sizes) is not None


def body_size(lines: Sequence[Line], sizes: Sequence[float] = TEXT_SIZES) -> float | None:
    """Return the size of the letters of a text slide, or None if nothing fits."""
    width, height = BODY_IN
    return largest_size([line.text for line in lines], sizes_pt=sizes, width=width - 0.4, height=height)


def _figure_slide(figure: Figure, page: ChapterPage) -> Slide:
    where = f"From chapter {page.number}, {figure.section}."
    notes = f"{figure.number}: {figure.caption}\n\nWhat it shows: {figure.alt}\n\n{where}"
    return Slide("figure", figure.caption, figure=figure, notes=notes)


def _questions(paper: Paper, choice: Choice) -> list[Question]:
    known = {question.id: question for question in paper.questions}
    missing = [name for name in choice.questions if name not in known]
    if missing:
        raise PackError(f"{paper.chapter} has no question {', '.join(missing)}; it has {', '.join(known)}")
    if choice.questions:
        return [known[name] for name in choice.questions]
    fitting = [q for q in paper.questions if fits(_question_lines(q)) and fits(_answer_lines(q))]
    by_objective: dict[str, Question] = {}
    for question in fitting:
        by_objective.setdefault(question.objective, question)
    return [*by_objective.values()][:MAX_QUESTIONS]


def _question_lines(question: Question) -> list[Line]:
    stem = [Line(" ".join(part.split())) for part in question.stem.plain.split("\n\n") if part]
    options = [Line(f"{choice.letter}.  {choice.text.plain}", "option") for choice in question.choices]
    note = [Line(question.note, "note")] if question.note else []
    unit = question.number.unit if question.number else ""
    ask = question.lead_in.plain
    wanted = [Line(f"Answer in {unit}.")] if unit and unit not in ask else []
    return [*stem, Line(ask, "strong"), *wanted, *options, *note]


def _question_slide(question: Question, place: int) -> Slide:
    about = f"Level: {question.level}. Objective: {question.objective}. Id: {question.id}."
    notes = f"{about} The answer has a slide of its own."
    return Slide("question", f"Question {place}", tuple(_question_lines(question)), notes=notes)


def _answer_lines(question: Question) -> list[Line]:
    options = [
        Line(f"{choice.letter}.  {choice.text.plain}" + ("  ✓" if choice.correct else ""),
             "key" if choice.correct else "option")
        for choice in question.choices
    ]  # fmt: skip
    if question.number:
        options = [Line(f"Answer: {question.key_text}", "key")]
    return [Line(question.lead_in.plain, "strong"), *options, Line(" ".join(question.explanation.plain.split()))]


def _answer_slide(question: Question, place: int) -> Slide:
    reasons = "\n".join(
        f"{choice.letter} ({'right' if choice.correct else 'wrong'}): {choice.reason.plain}"
        for choice in question.choices
    )
    sources = "; ".join(source.full for source in question.sources)
    notes = f"{reasons}\n\nSources: {sources}".strip()
    return Slide(
        "answer", f"Answer to question {place}: {question.key_text}", tuple(_answer_lines(question)), notes=notes
    )


def _closing(book: BookInfo) -> Slide:
    lines = (
        Line(book.notice, "strong"),
        Line(f"Cite as: {book.citation}"),
        Line(f"{book.license} {book.license_url}"),
        Line("You may change these slides. Say what you changed, and check every number that you change."),
    )
    return Slide("text", "Before you use this", lines)
