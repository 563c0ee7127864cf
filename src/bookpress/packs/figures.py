"""The figures of a chapter as files: SVG, PNG of 300 dots an inch, and a table of captions, alt texts, and licenses."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from bookpress.packs.book import BookInfo
from bookpress.packs.page import ChapterPage
from bookpress.packs.picture import draw, svg_bytes

COLUMNS = ("id", "number", "svg", "png", "caption", "alt", "license", "citation", "data")
FIGURE_NAME = re.compile(r"\bname:\s*([\w-]+)")
# What makes a spreadsheet take a cell for a formula; the wide forms count in some languages.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
NUMBER = re.compile(r"[-+]?\d[\d.,]*(e[-+]?\d+)?%?")


def figure_files(page: ChapterPage, book: BookInfo, *, data: Mapping[str, str]) -> dict[str, bytes]:
    """Return the members of the folder ``figures``.

    Parameters
    ----------
    data
        For each figure id, what it was drawn from.
    """
    files: dict[str, bytes] = {}
    rows = []
    for figure in page.figures:
        files[f"figures/{figure.id}.svg"] = svg_bytes(figure.file)
        files[f"figures/{figure.id}.png"] = draw(figure.file).png
        citation = f"{figure.number} of chapter {page.number}, {page.title}. In: {book.citation}"
        rows.append(
            (figure.id, figure.number, f"{figure.id}.svg", f"{figure.id}.png", figure.caption, figure.alt, book.license,
             citation, data.get(figure.id, "drawn by hand"))
        )  # fmt: skip
    return {**files, "figures/figures.csv": csv_bytes(COLUMNS, rows)}


def sources_of_figures(notebook: Any, *, tables: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """Return which evidence tables each figure of a notebook's cells names, by figure id.

    Parameters
    ----------
    tables
        The ids of the rows of each table, by the table's name.
    """
    found = {}
    for cell in notebook.cells:
        name = cell.metadata.get("mystnb", {}).get("figure", {}).get("name") if cell.cell_type == "code" else None
        if not name:
            continue
        words = set(re.findall(r"[\"']([\w.-]+)[\"']", cell.source))
        named = [table for table, ids in tables.items() if table in words or ids & words]
        told = ", ".join(f"data/{table}.csv" for table in named)
        found[name] = f"computed in the notebook{f' from {told}' if told else ''}"
    return found


def csv_bytes(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Return a CSV file; text that a spreadsheet would run as a formula gets an apostrophe before it.

    Examples
    --------
    >>> csv_bytes(("a", "b"), [("=1+1", "-0.5")])
    b"a,b\\r\\n'=1+1,-0.5\\r\\n"
    """
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(header)
    writer.writerows([[_harmless(cell) for cell in row] for row in rows])
    return stream.getvalue().encode("utf-8")


def _harmless(cell: str) -> str:
    risky = cell.startswith(FORMULA_SIGNS) and not NUMBER.fullmatch(cell)
    return f"'{cell}" if risky else cell
