"""How a table fills a slide: widths of columns, heights of rows, and the largest letters that fit."""

from __future__ import annotations

from bookpress.packs.fit import height_in, width_in
from bookpress.packs.page import Table

TABLE_IN = (12.13, 5.05)
TABLE_SIZES = (20.0, 18.0, 16.0, 14.0, 13.0, 12.0)
CELL_MARGIN_IN = (0.24, 0.1)  # left and right, top and bottom together


def column_widths(table: Table, size_pt: float) -> list[float]:
    """Return the widths of the columns in inches: the longest word of each fits, the rest goes where the text is."""
    columns = list(zip(table.header, *table.rows, strict=True))
    least = [
        max(width_in(word, size_pt, bold=True) for cell in column for word in [*cell.split(), "x"]) + CELL_MARGIN_IN[0]
        for column in columns
    ]
    weights = [max(len(cell) for cell in column) ** 0.75 for column in columns]
    spare = max(TABLE_IN[0] - sum(least), 0.0)
    return [low + spare * weight / sum(weights) for low, weight in zip(least, weights, strict=True)]


def row_heights(table: Table, size_pt: float) -> list[float]:
    """Return the heights of all rows in inches, the header first."""
    widths = column_widths(table, size_pt)
    across, down = CELL_MARGIN_IN
    return [
        max(
            height_in([cell], size_pt, width - across, bold=place == 0) + down
            for cell, width in zip(row, widths, strict=True)
        )
        for place, row in enumerate((table.header, *table.rows))
    ]


def table_size(table: Table) -> float | None:
    """Return the size of the letters at which a table fits on a slide, or None."""
    for size in TABLE_SIZES:
        if sum(column_widths(table, size)) <= TABLE_IN[0] + 0.01 and sum(row_heights(table, size)) <= TABLE_IN[1]:
            return size
    return None
