"""Blocks as HTML for a page: escaped throughout, without ids, scripts, or style attributes, and without headings.

Where a result lands on a page is not known here, so that a heading of any level could break the page's outline: parts
are named by captions, labeled lists, and summaries instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from bitebook.calculators.blocks import Block, Cell, Lines, Table, Text

_DATE = re.compile(r"\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?\d{4}-\d\d-\d\d\b")
_SIGNS = {"warning": '<span class="calc-sign" aria-hidden="true">⚠</span> <strong>Warning:</strong> '}


def html_of(blocks: Iterable[Block]) -> str:
    """Return blocks as HTML.

    Examples
    --------
    >>> html_of([Text("1 < 2")])
    '<p>1 &lt; 2</p>\\n'
    """
    return "".join(_block(block) for block in blocks)


def _block(block: Block) -> str:
    if isinstance(block, Text):
        named = f' class="calc-{block.role}"' if block.role else ""
        return f"<p{named}>{_SIGNS.get(block.role, '')}{escape(block.text)}</p>\n"
    if isinstance(block, Lines):
        return _lines(block)
    if isinstance(block, Table):
        return _table(block)
    caption = f"<figcaption>{escape(block.title)}</figcaption>"
    return f'<figure class="calc-figure">{block.svg}{caption}</figure>\n'


def _lines(block: Lines) -> str:
    tag = "ol" if block.ordered else "ul"
    items = "".join(f"<li>{escape(line)}</li>" for line in block.lines)
    title = escape(block.title)
    listed = f'<{tag} class="calc-lines" aria-label="{title}">{items}</{tag}>'
    return f'<p class="calc-part">{title}</p>\n{listed}\n'


def _table(block: Table) -> str:
    heads = "".join(f'<th scope="col">{escape(column)}</th>' for column in block.columns)
    rows = "".join(f"<tr>{_row(row, row_heads=block.row_heads)}</tr>" for row in block.rows)
    calendar = any(isinstance(cell, Cell) for row in block.rows for cell in row)
    name = "calc-table calc-calendar" if calendar else "calc-table"
    caption = escape(block.caption)
    table = (
        f'<table class="{name}"><caption>{caption}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )
    # A table that is wider than a phone scrolls by itself, also for those who use the keyboard alone.
    frame = f'<div class="calc-scroll" role="group" tabindex="0" aria-label="{caption}">{table}</div>\n'
    return f'<details class="calc-folded"><summary>{caption}</summary>\n{frame}</details>\n' if block.folded else frame


def _row(row: tuple[str | Cell, ...], *, row_heads: bool) -> str:
    cells = [_cell(cell) for cell in row]
    if row_heads and isinstance(row[0], str):
        cells[0] = f'<th scope="row">{escape(row[0])}</th>'
    return "".join(cells)


def _dates_whole(text: str) -> str:
    """Keep each date and its weekday in one piece: in a narrow column a date would break at its hyphens."""
    return _DATE.sub(r'<span class="calc-date">\g<0></span>', text)


def _cell(cell: str | Cell) -> str:
    if isinstance(cell, str):
        return f"<td>{_dates_whole(escape(cell))}</td>"
    named = f' class="calc-day-{cell.kind}"' if cell.kind else ""
    return f"<td{named}>{'<br/>'.join(escape(line) for line in cell.lines)}</td>"
