"""The questions of a chapter as every exporter reads them: numbers filled in, texts rendered, sources named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bookpress.packs.sources import Source
from bookpress.packs.text import EMPTY, PackError, Renderer, Text
from bookpress.questions.model import LETTERS, Bank, Item
from bookpress.questions.values import Provider, resolve_bank

MARK = "†"


@dataclass(frozen=True, slots=True)
class Choice:
    """One option with its letter, and the reason why it is right or wrong."""

    letter: str
    text: Text
    correct: bool
    reason: Text


@dataclass(frozen=True, slots=True)
class Number:
    """The key of a numeric question: exact value, as printed, tolerance, unit."""

    value: str
    shown: str
    tolerance: str
    unit: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question, ready to be written in any format.

    ``type`` is single, multiple, numeric, or true-false; ``objective`` is an id of the paper's objectives. ``note``
    explains the mark of unverified values and is empty where none is shown.
    """

    id: str
    chapter: str
    type: str
    level: str
    objective: str
    tags: tuple[str, ...]
    stem: Text
    lead_in: Text
    choices: tuple[Choice, ...]
    number: Number | None
    key_text: str
    explanation: Text
    sources: tuple[Source, ...]
    note: str

    @property
    def correct(self) -> tuple[Choice, ...]:
        """The choices of the key, in order."""
        return tuple(choice for choice in self.choices if choice.correct)

    @property
    def wrong(self) -> tuple[Choice, ...]:
        """The choices that are not in the key."""
        return tuple(choice for choice in self.choices if not choice.correct)

    @property
    def labels(self) -> tuple[str, ...]:
        """Short machine-readable words: chapter, objective, level, tags."""
        return (self.chapter, f"objective:{self.objective}", f"level:{self.level}", *self.tags)

    def prompt_html(self, *, math: bool = False) -> str:
        """Return case, question, and the note on unverified values as HTML blocks."""
        note = f"<p><small>{self.note}</small></p>" if self.note else ""
        return f"{_form(self.stem, math)}<p><strong>{_form(self.lead_in, math)}</strong></p>{note}"

    def review_html(self, *, math: bool = False) -> str:
        """Return explanation and sources as HTML blocks, without the key."""
        return f"{_form(self.explanation, math)}<p>Sources: {self.sources_html}</p>"

    @property
    def sources_html(self) -> str:
        """The short names of the sources, escaped."""
        return "; ".join(escape_text(source.short) for source in self.sources)


@dataclass(frozen=True, slots=True)
class Paper:
    """The questions of one chapter and the objectives they test."""

    chapter: str
    title: str
    objectives: Mapping[str, str]
    questions: tuple[Question, ...]


def escape_text(text: str) -> str:
    """Escape what HTML and XML would take for markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _form(text: Text, math: bool) -> str:
    return text.html_math if math else text.html


def make_paper(bank: Bank, *, provider: Provider, sources: Mapping[str, Source], mark_note: str = "") -> Paper:
    """Compute the numbers of a bank and render its texts.

    Raises
    ------
    PackError
        With one line for each item that cannot be resolved.
    """
    resolved, problems = resolve_bank(bank, provider)
    if problems:
        raise PackError("\n".join(str(problem) for problem in problems))
    missing = sorted({key for item in bank.items for key in item.sources} - set(sources))
    if missing:
        raise PackError(f"{bank.file}: the sources {', '.join(missing)} are not in the bibliography")
    renderer = Renderer(fact=provider.fact, cite=lambda key: sources[key].short if key in sources else key)
    questions = tuple(_question(item, renderer, sources, mark_note) for item in resolved.items)
    return Paper(bank.chapter, bank.title, dict(bank.objectives), questions)


def _question(item: Item, renderer: Renderer, sources: Mapping[str, Source], mark_note: str) -> Question:
    inline = _named(item, renderer.inline)
    block = _named(item, renderer.block)
    choices = tuple(
        Choice(letter, inline(option.text), option.correct, inline(option.reason))
        for letter, option in zip(LETTERS, item.options, strict=False)
    )
    stem, lead_in, explanation = block(item.stem) if item.stem else EMPTY, inline(item.lead_in), block(item.explanation)
    shown = [stem, lead_in, explanation, *(text for choice in choices for text in (choice.text, choice.reason))]
    marked = any(MARK in text.plain for text in shown)
    return Question(
        id=item.id, chapter=item.chapter, type=item.type, level=item.level, objective=item.objective, tags=item.tags,
        stem=stem, lead_in=lead_in, choices=choices, number=_number(item), key_text=item.key_text,
        explanation=explanation, sources=tuple(sources[key] for key in item.sources),
        note=escape_text(f"{MARK} {mark_note}") if marked and mark_note else "",
    )  # fmt: skip


def _named(item: Item, render: Callable[[str], Text]) -> Callable[[str], Text]:
    """Let a failure name file and item."""

    def rendered(source: str) -> Text:
        try:
            return render(source)
        except (PackError, ValueError) as error:
            raise PackError(f"{item.file}: item {item.id}: {error}") from error

    return rendered


def _number(item: Item) -> Number | None:
    answer: Any = item.answer
    if answer is None:
        return None
    return Number(f"{answer.number:.10g}", answer.shown, f"{answer.tolerance:.10g}", answer.unit)
