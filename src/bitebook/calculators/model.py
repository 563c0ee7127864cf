"""What a calculator is: a name, fields with units, and a function from what a reader typed to a result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bitebook.calculators import origins
from bitebook.calculators.blocks import DAGGER, Block, Text, is_marked
from bitebook.calculators.entries import Entries
from bitebook.calculators.fields import Field
from bitebook.calculators.markup import html_of
from bitebook.calculators.plain import text_of

EDUCATION = "For education; not for prescribing. Check the current label."
LEGEND = f"{DAGGER} not verified against the current label or paper."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a calculator found: one line that can be read aloud, the blocks, and the rows of evidence it stands on."""

    status: str
    blocks: tuple[Block, ...]
    rule_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """A finished result: HTML for a page, one line for a screen reader, plain text, and the blocks behind them."""

    html: str
    status: str
    text: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Calculator:
    """A form with fields and the function that answers it.

    ``aliases`` names the field to blame where a message of the package speaks of another argument.
    """

    name: str
    title: str
    purpose: str
    fields: tuple[Field, ...]
    compute: Callable[[Entries], Outcome]
    aliases: Mapping[str, str]

    def run(self, fields: Mapping[str, str]) -> Result:
        """Return the result for what a reader typed, one text a field.

        Raises
        ------
        ValueError
            Of the package, or an `EntryError` that names its field, if a text is no number, day, or word it can take.
        """
        entries = Entries(self.fields, fields)
        found = self.compute(entries)
        blocks = [*found.blocks[:1], Text(f"Entered: {entries.echo()}.", role="note"), *found.blocks[1:]]
        if found.rule_ids:
            blocks.append(origins.table_of(found.rule_ids))
        if is_marked(blocks):
            blocks.append(Text(LEGEND, role="note"))
        blocks.append(Text(EDUCATION, role="note"))
        return Result(html_of(blocks), found.status, text_of(blocks), tuple(blocks))

    @property
    def example(self) -> dict[str, str]:
        """The worked example: every field at its default."""
        return {field.name: field.default for field in self.fields}

    def field_of(self, message: str) -> str | None:
        """Return the field that a message of the package speaks of first, or ``None`` if it names none."""
        names = {field.name: field.name for field in self.fields} | dict(self.aliases)
        found = [(place, -len(name), field) for name, field in names.items() if (place := _place(name, message)) >= 0]
        return min(found)[2] if found else None


def _place(name: str, message: str) -> int:
    """Return where `name` stands in `message` as a word of its own, or -1."""
    place = message.find(name)
    while place >= 0:
        before, after = message[place - 1 : place], message[place + len(name) : place + len(name) + 1]
        if not any(sign.isalnum() or sign == "_" for sign in (before, after) if sign):
            return place
        place = message.find(name, place + 1)
    return -1
