"""Slides: what they take from the page, native PowerPoint content, nothing that runs over, the same bytes."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from pptx import Presentation
from pptx.util import Emu

from bookpress.packs.fit import count_lines, largest_size
from bookpress.packs.page import read_page
from bookpress.packs.slides import Choice, Line, Slide, load_choices, make_slides
from bookpress.packs.slides_html import html_deck
from bookpress.packs.slides_pptx import write_pptx
from bookpress.packs.text import PackError
from tests.unit.packs_bank import BOOK, hostile, real
from tests.unit.packs_page import build_page


@pytest.fixture
def slides(tmp_path: Path) -> tuple[Slide, ...]:
    return make_slides(read_page(build_page(tmp_path / "html")), hostile(tmp_path).papers[0], BOOK)


def test_the_page_is_read_as_a_reader_sees_it(tmp_path: Path) -> None:
    page = read_page(build_page(tmp_path))
    assert (page.number, page.title, page.question) == ("9", "A title", "What now?")
    assert page.case == ("Ann is 9 years old and got 54%†.",)
    assert page.objectives == ("Tell a from b.", "Compute 1/x.")
    assert [(figure.id, figure.number, figure.alt) for figure in page.figures] == [
        ("fig-wide", "Fig. 9.1", "A wide curve & a dot"), ("fig-tall", "Fig. 9.2", "A tall curve"),
    ]  # fmt: skip
    assert page.figures[0].caption == "The curve falls. Simulated data."
    assert page.tables[0].rows == (("a", "1†"), ("b", "2")) and page.tables[0].numeric == (False, True)
    assert page.key_points == ("One point.", "Another point.")
    assert page.references == ("Able. Title. 2001.",)
    assert page.teaching_notes.startswith("Fifty minutes.") and "A pitfall." in page.teaching_notes


def test_a_missing_page_or_id_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="is not built: run `make book` first"):
        read_page(tmp_path / "none.html")
    page = read_page(build_page(tmp_path))
    with pytest.raises(PackError, match="no figure 'fig-none'; it has fig-wide, fig-tall"):
        make_slides(page, real().papers[0], BOOK, Choice(figures=("fig-none",)))
    with pytest.raises(PackError, match="no question nope"):
        make_slides(page, real().papers[0], BOOK, Choice(questions=("nope",)))
    (tmp_path / "slides.yaml").write_text("x: {figure: [a]}")
    with pytest.raises(PackError, match="figure is not known; use figures, table, questions"):
        load_choices(tmp_path / "slides.yaml")


def test_a_table_that_is_too_large_is_refused_by_name(tmp_path: Path) -> None:
    page = read_page(build_page(tmp_path, table_rows=40))
    with pytest.raises(PackError, match="table tab-one is too large"):
        make_slides(page, real().papers[0], BOOK, Choice(table="tab-one"))


def test_the_mark_of_unverified_values_is_explained_where_it_shows(slides: tuple[Slide, ...]) -> None:
    marked = [slide for slide in slides if "†" in repr((slide.title, slide.lines, slide.table))]
    assert {slide.kind for slide in marked} >= {"text", "table"}
    assert all(slide.lines[-1].text == "† Not verified." for slide in marked)


def texts(shape: Any) -> str:
    return shape.text_frame.text if shape.has_text_frame else ""


def test_powerpoint_gets_native_text_tables_pictures_and_notes(slides: tuple[Slide, ...], tmp_path: Path) -> None:
    deck = Presentation(write_pptx(tmp_path / "x.pptx", slides, BOOK))
    assert (Emu(deck.slide_width).inches, Emu(deck.slide_height).inches) == (pytest.approx(13.333, abs=0.001), 7.5)
    assert len(deck.slides) == len(slides)
    kinds = [slide.kind for slide in slides]
    for slide, page in zip(slides, deck.slides, strict=True):
        assert page.shapes.title.text_frame.text.strip(), "every slide has a title in its title placeholder"
        if slide.notes:
            assert page.notes_slide.notes_text_frame.text == slide.notes
        if slide.kind == "figure":
            picture = next(shape for shape in page.shapes if shape.shape_type == 13)
            assert picture._element.nvPicPr.cNvPr.get("descr") == slide.figure.alt
            assert picture.image.dpi == (300, 300)
            assert picture.width / picture.height == pytest.approx(
                picture.image.size[0] / picture.image.size[1], rel=0.01
            )
        if slide.kind == "table":
            table = next(shape.table for shape in page.shapes if shape.has_table)
            cells = [[cell.text for cell in row.cells] for row in table.rows]
            assert cells == [list(slide.table.header), *map(list, slide.table.rows)]
    assert kinds.index("answer") > max(place for place, kind in enumerate(kinds) if kind == "question")
    assert deck.core_properties.title == "A title"


def check_geometry(deck: Any) -> list[str]:
    """Return every text that would leave its box, by a plain rule: letters of Arial are half as wide as high."""
    faults = []
    for number, page in enumerate(deck.slides, start=1):
        boxes = []
        for shape in page.shapes:
            right, bottom = shape.left + shape.width, shape.top + shape.height
            if min(shape.left, shape.top) < 0 or right > deck.slide_width or bottom > deck.slide_height - Emu(400000):
                faults.append(f"slide {number}: {shape.name} leaves the slide")
            boxes.append((shape.left, shape.top, right, bottom, shape.name))
            if shape.has_text_frame:
                need = sum(
                    -(-len(p.text) * 0.5 * p.runs[0].font.size // (shape.width - 190000)) * p.runs[0].font.size * 1.2
                    for p in shape.text_frame.paragraphs if p.runs
                )  # fmt: skip
                smallest = min((run.font.size.pt for p in shape.text_frame.paragraphs for run in p.runs), default=99)
                if need > shape.height * 1.02 or smallest < 12:
                    faults.append(f"slide {number}: {shape.name} runs over or is too small")
        for place, one in enumerate(boxes):
            for two in boxes[place + 1 :]:
                if one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]:
                    faults.append(f"slide {number}: {one[4]} lies over {two[4]}")
    return faults


def test_nothing_runs_over_and_nothing_overlaps(slides: tuple[Slide, ...], tmp_path: Path) -> None:
    assert check_geometry(Presentation(write_pptx(tmp_path / "x.pptx", slides, BOOK))) == []


def test_the_check_for_overflow_can_fail(slides: tuple[Slide, ...], tmp_path: Path) -> None:
    long = replace(slides[1], lines=tuple(Line("many words " * 40) for _ in range(9)))
    assert check_geometry(Presentation(write_pptx(tmp_path / "x.pptx", [*slides, long], BOOK)))


def test_long_lists_go_on_on_a_second_slide(tmp_path: Path) -> None:
    page = replace(read_page(build_page(tmp_path)), key_points=tuple(f"Point {n}: " + "word " * 40 for n in range(12)))
    made = [slide for slide in make_slides(page, real().papers[0], BOOK) if slide.title.startswith("Key points")]
    assert len(made) > 1 and made[0].title == f"Key points (1 of {len(made)})"
    assert [line.text for slide in made for line in slide.lines] == list(page.key_points)


def test_the_same_slides_give_the_same_bytes(slides: tuple[Slide, ...], tmp_path: Path) -> None:
    one, two = (write_pptx(tmp_path / name, slides, BOOK).read_bytes() for name in ("1.pptx", "2.pptx"))
    assert one == two
    with zipfile.ZipFile(tmp_path / "1.pptx") as archive:
        assert {info.date_time for info in archive.infolist()} == {(2026, 1, 1, 0, 0, 0)}
        assert b"python-pptx" not in archive.read("docProps/core.xml")


def test_the_html_deck_holds_the_same_and_asks_for_nothing(slides: tuple[Slide, ...]) -> None:
    text = html_deck(slides, BOOK)
    deck = html.fromstring(text)
    assert len(deck.xpath("//section")) == len(slides)
    assert not re.search(r'(src|href)="(?!data:)', text) and "url(" not in text
    assert [image.get("alt") for image in deck.iter("img")] == [s.figure.alt for s in slides if s.figure]
    assert {cell.get("scope") for cell in deck.iter("th")} == {"col"}
    assert not deck.xpath("//b | //script[@src] | //i")
    for slide, section in zip(slides, deck.xpath("//section"), strict=True):
        for line in slide.lines:
            assert " ".join(line.text.split()) in " ".join(section.text_content().split())


def test_text_is_measured_with_a_font_that_is_wide() -> None:
    assert count_lines("word " * 40, 20, 5.0) > count_lines("word " * 40, 20, 10.0)
    assert count_lines("W" * 100, 20, 5.0) > 1
    assert largest_size(["x"], sizes_pt=(24, 12), width=5, height=1) == 24
    assert largest_size(["word " * 500], sizes_pt=(24, 12), width=5, height=1) is None
