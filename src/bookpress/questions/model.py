"""What a question is: plain frozen records that every edition reads and none changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LEVELS = ("remember", "understand", "apply", "analyze")
TYPES = ("single", "multiple", "numeric", "true-false")
LETTERS = "ABCDEFGH"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a bank, told in one line."""

    file: str
    item: str
    field: str
    value: str
    rule: str

    def __str__(self) -> str:
        """Return ``file: item id: field: value: rule``, leaving out what does not apply."""
        shown = self.value if len(self.value) <= 80 else self.value[:77] + "..."
        item = f"item {self.item}" if self.item else ""
        parts = [self.file, item, self.field, repr(shown) if shown else "", self.rule]
        return ": ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Value:
    """A number the text asks for by name: a fact of the evidence or the result of a formula."""

    name: str
    fact: str = ""
    formula: str = ""
    format: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice, with the reason why it is right or wrong."""

    text: str
    correct: bool
    reason: str


@dataclass(frozen=True, slots=True)
class NumericAnswer:
    """The key of a numeric item. `number` and `shown` are None and empty until the bank is resolved."""

    value: Value
    tolerance: float
    unit: str
    number: float | None = None
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One question with all that any edition needs."""

    id: str
    chapter: str
    file: str
    objective: str
    level: str
    type: str
    stem: str
    lead_in: str
    options: tuple[Option, ...]
    answer: NumericAnswer | None
    explanation: str
    sources: tuple[str, ...]
    tags: tuple[str, ...]
    values: tuple[Value, ...]

    @property
    def key_letters(self) -> tuple[str, ...]:
        """The letters of the correct options, in order; empty for a numeric item."""
        return tuple(LETTERS[place] for place, option in enumerate(self.options) if option.correct)

    @property
    def key_text(self) -> str:
        """The key as a reader sees it: ``B``, ``A, C``, ``True`` or ``15.4 percentage points``."""
        if self.answer is not None:
            return f"{self.answer.shown} {self.answer.unit}".strip()
        if self.type == "true-false":
            return next(option.text for option in self.options if option.correct)
        return ", ".join(self.key_letters)

    def texts(self) -> tuple[tuple[str, str], ...]:
        """Every text of the item with the name of its field, for checks that read all of them."""
        rows = [("stem", self.stem), ("lead_in", self.lead_in)]
        for place, option in enumerate(self.options):
            rows.append((f"options[{LETTERS[place]}].text", option.text))
            rows.append((f"options[{LETTERS[place]}].reason", option.reason))
        rows.append(("explanation", self.explanation))
        return tuple(rows)


@dataclass(frozen=True, slots=True)
class Bank:
    """The questions of one chapter and the objectives they test."""

    chapter: str
    title: str
    file: str
    objectives: Mapping[str, str]
    items: tuple[Item, ...]

    def item(self, item_id: str) -> Item:
        """Return the item with this id.

        Raises
        ------
        KeyError
            If the bank has no such item; the message lists those it has.
        """
        for item in self.items:
            if item.id == item_id:
                return item
        raise KeyError(f"{self.file} has no item {item_id!r}; it has {', '.join(item.id for item in self.items)}")
