"""What a result is made of: plain blocks that a page, a book on paper, and a terminal can each draw their own way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

DAGGER = "†"
#: Cells of a calendar: an infusion-free day, a day at the lower dose of a cycle, a day at its highest dose.
CELL_KINDS = ("", "rest", "step", "full")


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph. ``role`` is "result", "warning", "note", or empty."""

    kind: ClassVar[str] = "text"
    text: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """A titled list; ``ordered`` for steps of a calculation."""

    kind: ClassVar[str] = "lines"
    title: str
    lines: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a calendar: a few short lines, and what kind of day it is (see `CELL_KINDS`)."""

    lines: tuple[str, ...] = ()
    kind: str = ""

    def __str__(self) -> str:
        """Return the cell as one line of text."""
        return " ".join(self.lines)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption and one row of column heads.

    With ``row_heads`` the first cell of a row names the row. ``folded`` asks a page to show the caption alone at first.
    """

    kind: ClassVar[str] = "table"
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | Cell, ...], ...]
    row_heads: bool = True
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawn figure as SVG; ``description`` says in words what it shows."""

    kind: ClassVar[str] = "drawing"
    title: str
    description: str
    svg: str


Block = Text | Lines | Table | Drawing


def words(block: Block) -> Iterable[str]:
    """Yield every text of a block that a reader sees, so that marks can be looked for.

    Examples
    --------
    >>> list(words(Text("4.1 mcg/day†")))
    ['4.1 mcg/day†']
    """
    if isinstance(block, Text):
        yield block.text
    elif isinstance(block, Lines):
        yield block.title
        yield from block.lines
    elif isinstance(block, Table):
        yield from (block.caption, *block.columns)
        yield from (str(cell) for row in block.rows for cell in row)
    else:
        yield from (block.title, block.description)


def is_marked(blocks: Iterable[Block]) -> bool:
    """Return True if any text of the blocks carries the dagger of an unverified value."""
    return any(DAGGER in text for block in blocks for text in words(block))
