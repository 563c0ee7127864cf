"""A table as the print edition sees it, wherever it came from: cells with markup, and what their widths depend on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bookpress.print.markup import array, call, content, string

NUMBER = re.compile(r"[\s<>≤≥~−+-]*[\d.,]+(?:e[+-]?\d+)?\s*[%†]*|nan|NaN|–|-|", re.IGNORECASE)
# Where Typst may break a line: behind a blank, a hyphen, or a dash.
UNBROKEN = re.compile(r"[^\s\-–—/]+[-–—/]?")
LONGEST = 3
"""How many of a column's longest words and cells are measured."""


@dataclass(frozen=True)
class Cell:
    """One cell: its markup, the same as plain text, and how it lies in the grid."""

    markup: str
    text: str
    is_header: bool = False
    colspan: int = 1
    rowspan: int = 1
    align: str = ""

    def typst(self) -> str:
        """Return the cell as an argument of a table."""
        options = {"colspan": self.colspan, "rowspan": self.rowspan}
        given = [f"{name}: {count}" for name, count in options.items() if count > 1]
        given += [f"align: {self.align}"] if self.align else []
        body = call("strong", body=self.markup) if self.is_header and self.markup.strip() else self.markup
        return f"table.cell({', '.join(given)}){content(body)}" if given else content(body)


Row = list[Cell]


@dataclass(frozen=True)
class Grid:
    """All rows. `shares` are the widths of the columns, if the table says them; `kind` names a look of the template."""

    head: list[Row]
    body: list[Row]
    shares: tuple[int, ...] = ()
    kind: str = "plain"
    aligns: tuple[str, ...] = field(default=())

    def typst(self) -> str:
        """Return the call that draws the table, fitted to the line."""
        places = self._placed()
        words = [_longest(UNBROKEN.findall(" ".join(column))) for column in places]
        cells = [_longest(column) for column in places]
        rows = [array([cell.typst() for cell in row]) for row in self.body]
        head = [array([cell.typst() for cell in row]) for row in self.head]
        return call(
            "grid-table",
            columns=str(len(places)),
            kind=string(self.kind),
            aligns=array([self._align(place, column) for place, column in enumerate(places)]),
            shares=array([str(share) for share in self.shares]) if self.shares else "none",
            words=array([array([string(one) for one in column]) for column in words]),
            cells=array([array([string(one) for one in column]) for column in cells]),
            head=array(head),
            rows=array(rows),
        )

    def _placed(self) -> list[list[str]]:
        """Return the plain text of each column; a cell that spans several columns counts for none."""
        rows = [*self.head, *self.body]
        count = max((sum(cell.colspan for cell in row) for row in rows), default=0)
        columns: list[list[str]] = [[] for _ in range(count)]
        waiting = [0] * count  # how many rows below a cell still reaches into each column
        for row in rows:
            place = 0
            for cell in row:
                while place < count and waiting[place]:
                    waiting[place] -= 1
                    place += 1
                for step in range(cell.colspan):
                    if place + step < count:
                        waiting[place + step] = cell.rowspan - 1
                if cell.colspan == 1 and place < count:
                    columns[place].append(cell.text)
                place += cell.colspan
            while place < count:
                waiting[place] = max(waiting[place] - 1, 0)
                place += 1
        return columns

    def _align(self, place: int, column: list[str]) -> str:
        if place < len(self.aligns) and self.aligns[place]:
            return self.aligns[place]
        told = [text.strip() for text in column[len(self.head) :]]
        return "right" if any(told) and all(NUMBER.fullmatch(text) for text in told) else "left"


def _longest(texts: list[str]) -> list[str]:
    """Return the few longest texts, longest first; equal ones once."""
    return sorted(dict.fromkeys(text.strip() for text in texts), key=len, reverse=True)[:LONGEST]
