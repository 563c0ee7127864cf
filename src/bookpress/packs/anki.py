"""Anki: one deck (.apkg) whose cards are known by the id of their question, so that importing again updates them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import genanki

from bookpress.packs.archive import zip_again
from bookpress.packs.book import BookInfo
from bookpress.packs.paper import Paper, Question, escape_text

FIELDS = ("Id", "Front", "Back", "Sources")
CARD_STYLE = """\
.card { font: 18px/1.45 sans-serif; text-align: left; max-width: 42em; margin: 0 auto; }
ol.options { list-style-type: upper-alpha; }
.key { font-weight: bold; }
.sources, .notice { font-size: 80%; opacity: 0.85; }
"""
BACK = '{{FrontSide}}<hr id="answer">{{Back}}<p class="sources">Sources: {{Sources}}</p>'


class _Note(genanki.Note):  # type: ignore[misc]
    """A note that Anki knows by the book and the id of the question, never by its text."""

    @property
    def guid(self) -> str:
        return str(genanki.guid_for(*self.identity))


def write_deck(path: Path, papers: Sequence[Paper], book: BookInfo) -> Path:
    """Write one package with a subdeck for each chapter; the day of release is the time stamp of every card."""
    model = genanki.Model(
        _number(f"{book.slug} model 1"),
        f"{book.slug}: question",
        fields=[{"name": name} for name in FIELDS],
        templates=[{"name": "Card", "qfmt": "{{Front}}", "afmt": BACK}],
        css=CARD_STYLE,
    )
    decks = [_deck(paper, model, book) for paper in papers]
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".unfinished")
    genanki.Package(decks).write_to_file(str(unfinished), timestamp=book.timestamp_s)
    zip_again(unfinished)
    return unfinished.replace(path)


def _deck(paper: Paper, model: genanki.Model, book: BookInfo) -> genanki.Deck:
    name = f"{book.title.replace('::', ': ')}::{paper.chapter[:2]} {paper.title}"
    deck = genanki.Deck(_number(f"{book.slug} deck {paper.chapter}"), name, escape_text(book.notice))
    for question in paper.questions:
        fields = [question.id, _front(question), _back(question), question.sources_html]
        note = _Note(model=model, fields=[_inert(field) for field in fields], tags=_tags(question, book))
        note.identity = (book.slug, question.id)
        deck.add_note(note)
    return deck


def _front(question: Question) -> str:
    options = "".join(f"<li>{choice.text.html}</li>" for choice in question.choices)
    hint = "<p>More than one option may be right.</p>" if question.type == "multiple" else ""
    unit = f"<p>Answer in {escape_text(question.number.unit)}.</p>" if question.number and question.number.unit else ""
    return question.prompt_html() + hint + unit + (f'<ol class="options">{options}</ol>' if options else "")


def _back(question: Question) -> str:
    reasons = "".join(
        f"<li>{'Right' if choice.correct else 'Wrong'}: {choice.reason.html}</li>" for choice in question.choices
    )
    reasons = f'<ol class="options">{reasons}</ol>' if reasons else ""
    return f'<p class="key">{escape_text(question.key_text)}</p>{reasons}{question.explanation.html}'


def _tags(question: Question, book: BookInfo) -> list[str]:
    return ["_".join(f"{book.slug}::{label.replace(':', '::')}".split()) for label in question.labels]


def _inert(field: str) -> str:
    """Keep Anki from reading text as a command such as [sound:...] or [latex]."""
    return field.replace("[", "&#91;").replace("{{", "&#123;&#123;")


def _number(name: str) -> int:
    """Return the number that stands for a name in every build: Anki knows decks and models by numbers."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:12], 16) % (1 << 31) or 1
