"""Tables of the text and tables that a cell made as Markdown."""

from __future__ import annotations

from typing import Any

from docutils import nodes

from bookpress.print.grid import Cell, Grid, Row
from bookpress.print.markup import call


class TableVisitors:
    """Tables with their captions."""

    printing: Any

    children: Any
    all: Any
    anchor: Any
    captioned: Any
    render: Any
    is_in_cell: bool
    mark: Any

    def print_table(self, node: nodes.table) -> str:
        """A table, with its caption above it where it has one."""
        groups = [child for child in node.children if isinstance(child, nodes.tgroup)]
        drawn = "".join(self._grid(group, node).typst() for group in groups)
        titles = [child for child in node.children if isinstance(child, nodes.title)]
        if titles:
            return str(self.captioned(node, "table", self.children(titles[0]), drawn))
        return f"{self.mark(node)}{self.anchor(node)}{call('bare-table', body=drawn)}\n"

    def _grid(self, group: nodes.tgroup, table: nodes.table) -> Grid:
        head = [row for part in group.findall(nodes.thead) for row in part.children]
        body = [row for part in group.findall(nodes.tbody) for row in part.children]
        widths = tuple(int(spec["colwidth"]) for spec in group.findall(nodes.colspec))
        has_widths = "colwidths-given" in table["classes"] or "fact-register-table" in table["classes"]
        stubs = [bool(spec.get("stub")) for spec in group.findall(nodes.colspec)]
        return Grid(
            head=[self._row(row, [True] * len(widths)) for row in head],
            body=[self._row(row, stubs if "fact-register-table" not in table["classes"] else []) for row in body],
            shares=widths if has_widths else (),
            kind="register" if "fact-register-table" in table["classes"] else "plain",
            aligns=self._aligns(body or head, len(widths)),
        )

    def _row(self, row: nodes.Element, headers: list[bool]) -> Row:
        cells = []
        for place, entry in enumerate(row.children):
            is_header = place < len(headers) and headers[place]
            cells.append(
                Cell(
                    markup=self._cell(entry),
                    text=" ".join(entry.astext().split()),
                    is_header=is_header,
                    colspan=entry.get("morecols", 0) + 1,
                    rowspan=entry.get("morerows", 0) + 1,
                )
            )
        return cells

    def _cell(self, entry: nodes.Element) -> str:
        """Return what stands in a cell. Paragraphs of a cell are lines: a paragraph each would swell the tag tree."""
        self.is_in_cell = True
        if all(isinstance(child, nodes.paragraph) for child in entry.children):
            markup = call("linebreak").join(self.render(child).strip() for child in entry.children)
        else:
            markup = self.children(entry).strip()
        self.is_in_cell = False
        return str(self.anchor(entry) + markup)

    def _aligns(self, rows: list[nodes.Element], columns: int) -> tuple[str, ...]:
        """Return how each column is aligned, where its cells say so."""
        found = [""] * columns
        for row in rows[:1]:
            for place, entry in enumerate(row.children):
                said = [one.removeprefix("text-") for one in entry["classes"] if one.startswith("text-")]
                if said and place < columns:
                    found[place] = said[0]
        return tuple(found)
