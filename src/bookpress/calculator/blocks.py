"""The blocks of a result as ordinary document nodes, so that paper and EPUB print them without knowing calculators.

A block is any object whose ``kind`` is "text" (text, role), "lines" (title, lines, ordered), "table" (caption, columns,
rows) or "drawing" (title, description, svg). A cell of a table is a text or an object with ``lines``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from docutils import nodes

SaveDrawing = Callable[[str], str]


def nodes_of(blocks: Iterable[Any], save_drawing: SaveDrawing) -> list[nodes.Node]:
    """Return blocks as nodes; `save_drawing` keeps an SVG and returns its address."""
    found: list[nodes.Node] = []
    for block in blocks:
        if block.kind == "drawing":
            found += [heading(block.title), _drawing(block, save_drawing)]
        else:
            found += {"text": _text, "lines": _lines, "table": _table}[block.kind](block)
    return found


def heading(text: str) -> nodes.paragraph:
    """Return a line that names what follows. No caption: those are numbered, and the web edition has none here."""
    return nodes.paragraph("", "", nodes.strong("", text), classes=["names-next"])


def _text(block: Any) -> list[nodes.Node]:
    if block.role == "result":
        return [heading(block.text)]
    if block.role == "warning":
        return [nodes.paragraph("", "", nodes.strong("", "Warning:"), nodes.Text(f" {block.text}"))]
    return [nodes.paragraph("", block.text)]


def _lines(block: Any) -> list[nodes.Node]:
    if block.ordered:
        listed: nodes.Element = nodes.enumerated_list(enumtype="arabic", prefix="", suffix=".")
    else:
        listed = nodes.bullet_list(bullet="-")
    listed += [nodes.list_item("", nodes.paragraph("", line)) for line in block.lines]
    return [heading(block.title), listed]


def _table(block: Any) -> list[nodes.Node]:
    widths = _widths(block)
    group = nodes.tgroup("", *(nodes.colspec(colwidth=width) for width in widths), cols=len(widths))
    group += nodes.thead("", _row(block.columns))
    group += nodes.tbody("", *(_row(row) for row in block.rows))
    return [heading(block.caption), nodes.table("", group)]


def _widths(block: Any) -> list[int]:
    """Return the share of each column: its longest line, within reason."""
    columns = zip(block.columns, *block.rows, strict=True)
    return [min(40, max(4, *(len(line) for cell in column for line in _lines_of(cell)))) for column in columns]


def _row(cells: Iterable[Any]) -> nodes.row:
    # An empty cell holds no paragraph at all: a builder may stumble over a paragraph without words.
    return nodes.row("", *(nodes.entry("", *map(_paragraph, filter(None, _lines_of(cell)))) for cell in cells))


def _paragraph(line: str) -> nodes.paragraph:
    return nodes.paragraph("", line)


def _lines_of(cell: Any) -> tuple[str, ...]:
    return (cell,) if isinstance(cell, str) else tuple(cell.lines) or ("",)


def _drawing(block: Any, save_drawing: SaveDrawing) -> nodes.container:
    # The gate on typed numbers reads alternative texts; this one is computed.
    described = f"{block.title}. {block.description}"
    image = nodes.image(uri=save_drawing(block.svg), alt=described, typed_alt="")
    return nodes.container("", image, classes=["calc-drawing"])  # a picture of its own, not one within a line
