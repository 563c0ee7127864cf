"""Tables on paper: HTML of a cell becomes a grid, and every grid fits its line."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pypdfium2
import pytest
import typst

from bookpress.print import builder
from bookpress.print.grid import Cell, Grid
from bookpress.print.html_output import HtmlTable

TEMPLATE = Path(builder.__file__).with_name("book.typ")
LINE_PT = 595.28 - 2 * 28 / 25.4 * 72


def test_a_data_frame_becomes_a_grid_with_header_cells() -> None:
    frame = pd.DataFrame({"drug": ["able", "b_ker"], "dose": [5.0, 15.25]})
    grid = HtmlTable(frame.to_html()).grid()
    assert [[cell.text for cell in row] for row in grid.head] == [["", "drug", "dose"]]
    assert [[cell.text for cell in row] for row in grid.body] == [["0", "able", "5.00"], ["1", "b_ker", "15.25"]]
    assert grid.body[0][0].is_header
    written = grid.typst()
    assert "b\\_ker" in written
    assert "aligns: (right, left, right)" in written


def test_spans_of_a_frame_with_two_header_rows_are_kept() -> None:
    columns = pd.MultiIndex.from_tuples([("blina", "n"), ("blina", "%"), ("chemo", "n")])
    grid = HtmlTable(pd.DataFrame([[1, 2, 3]], columns=columns).to_html()).grid()
    assert [cell.colspan for cell in grid.head[0]] == [1, 2, 1]
    assert "table.cell(colspan: 2)" in grid.typst()


def test_a_row_span_does_not_shift_the_columns() -> None:
    grid = HtmlTable("<table><tr><td rowspan='2'>a</td><td>1</td></tr><tr><td>2</td></tr></table>").grid()
    assert 'cells: (("a",), ("1", "2"))' in grid.typst()


def test_caption_is_read_and_text_outside_of_cells_is_noticed() -> None:
    table = HtmlTable("<style>p{}</style><p>lost</p><table><caption>Two kites</caption><tr><td>1</td></tr></table>")
    assert table.caption == "Two kites"
    assert table.outside == ["lost"]


def _pages(tmp_path: Path, markup: str) -> pypdfium2.PdfDocument:
    (tmp_path / "book.typ").write_text(TEMPLATE.read_text(encoding="utf-8"), encoding="utf-8")
    settings = 'title: "T", book: "T", author: "A", version: "1", date: datetime(year: 2026, month: 1, day: 1)'
    head = f'#import "book.typ": *\n#show: handout.with({settings})\n#hd(1, "", "x", top: true)[T];\n'
    (tmp_path / "t.typ").write_text(head + markup, encoding="utf-8")
    typst.compile(str(tmp_path / "t.typ"), output=str(tmp_path / "t.pdf"), pdf_standards=["ua-1"])
    return pypdfium2.PdfDocument(tmp_path / "t.pdf")


def _ink(page: pypdfium2.PdfPage) -> tuple[float, float]:
    """Return the left and right end of what is printed on a page, in points."""
    picture = page.render(scale=2).to_pil().convert("L").point(lambda shade: 255 if shade < 200 else 0)
    left, _, right, _ = picture.getbbox()
    return left / 2, right / 2


@pytest.mark.parametrize("columns", [2, 6, 12, 18, 30])
def test_wide_tables_stay_within_the_margins(tmp_path: Path, columns: int) -> None:
    head = [Cell(f"Heading {place}", f"Heading {place}", is_header=True) for place in range(columns)]
    row = [Cell("neutropenia 12.5%", "neutropenia 12.5%") for _ in range(columns)]
    pdf = _pages(tmp_path, Grid(head=[head], body=[row] * 3).typst())
    text = "".join(page.get_textpage().get_text_range() for page in pdf)
    for place in range(columns):
        assert re.search(rf"Heading\s+{place}\b", text)
    for page in pdf:
        left, right = _ink(page)
        assert left >= 28 / 25.4 * 72 - 1
        assert right <= 28 / 25.4 * 72 + LINE_PT + 1


def test_a_long_table_repeats_its_head_on_each_page(tmp_path: Path) -> None:
    head = [Cell("Kite", "Kite", is_header=True), Cell("Height", "Height", is_header=True)]
    rows = [[Cell(f"kite {place}", f"kite {place}"), Cell("3", "3")] for place in range(120)]
    pdf = _pages(tmp_path, Grid(head=[head], body=rows).typst())
    assert len(pdf) > 2
    for page in pdf:
        assert "Height" in page.get_textpage().get_text_range()


def test_a_cell_that_holds_a_comment_alone_does_not_swallow_its_neighbor(tmp_path: Path) -> None:
    rows = [[Cell("//@ page:3", ""), Cell("second", "second"), Cell("third", "third")] for _ in range(2)]
    head = [Cell(name, name, is_header=True) for name in ("One", "Two", "Three")]
    text = _pages(tmp_path, Grid(head=[head], body=rows).typst())[0].get_textpage().get_text_range()
    assert "//@" not in text
    assert text.count("second") == text.count("third") == 2
