"""The deck for PowerPoint: native text and tables, figures of 300 dots an inch with alt text, sources in the notes."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.util import Inches, Pt

from bookpress.packs import slides_template as look
from bookpress.packs.archive import write_bytes, zip_again
from bookpress.packs.book import BookInfo
from bookpress.packs.fit import largest_size
from bookpress.packs.fit_table import CELL_MARGIN_IN, column_widths, row_heights, table_size
from bookpress.packs.picture import draw
from bookpress.packs.slides import SMALL_SIZES, TEXT_SIZES, Line, Slide, body_size

TITLE_SIZES = (30.0, 28.0, 26.0, 24.0, 22.0, 20.0)
COVER_SIZES = (44.0, 40.0, 36.0)
CAPTION_SIZES = (16.0, 14.0, 13.0, 12.0)
SIDE_BY_SIDE_BELOW = 1.75  # a picture that is not much wider than high stands beside its text
INSET_IN = 0.1
SENTENCE = re.compile(r"(?<=[^.\d][.?!])\s+(?=[A-Z(†])")


def write_pptx(path: Path, slides: Sequence[Slide], book: BookInfo) -> Path:
    """Write the deck; the same slides give the same bytes."""
    deck = look.new_deck(footer=book.notice, language=book.language)
    writers = {"title": _cover, "figure": _figure, "table": _table}
    for slide in slides:
        page = writers.get(slide.kind, _text)(deck, slide)
        if slide.notes:
            page.notes_slide.notes_text_frame.text = slide.notes
    _describe(deck, slides[0].title, book)
    stream = io.BytesIO()
    deck.save(stream)
    unfinished = write_bytes(path.with_name(path.name + ".unfinished"), stream.getvalue())
    zip_again(unfinished, first=("[Content_Types].xml",))
    return unfinished.replace(path)


def _describe(deck: Any, title: str, book: BookInfo) -> None:
    properties = deck.core_properties
    day = datetime.datetime.combine(book.released, datetime.time())
    properties.title, properties.author, properties.subject = title, book.authors, book.title
    properties.language, properties.comments = book.language, f"{book.notice} {book.license}"
    properties.last_modified_by, properties.revision = book.authors, 1
    properties.created = properties.modified = day
    properties.last_printed = day


def _page(deck: Any, layout: str) -> Any:
    return deck.slides.add_slide(next(found for found in deck.slide_layouts if found.name == layout))


def _title(page: Any, text: str, box: look.Box, sizes: Sequence[float] = TITLE_SIZES) -> None:
    size = largest_size([text], sizes_pt=sizes, width=box.width - 2 * INSET_IN, height=box.height - 0.1, bold=True)
    frame = page.shapes.title.text_frame
    _prepare(frame, anchor=MSO_ANCHOR.BOTTOM if box is look.COVER_TITLE else MSO_ANCHOR.TOP)
    if box is look.TITLE:
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    _write(frame.paragraphs[0], text, size or sizes[-1], bold=True, color=look.ACCENT)


def _prepare(frame: Any, *, anchor: Any = MSO_ANCHOR.TOP) -> None:
    frame.word_wrap, frame.auto_size, frame.vertical_anchor = True, MSO_AUTO_SIZE.NONE, anchor
    frame.margin_left = frame.margin_right = Inches(INSET_IN)
    frame.margin_top = frame.margin_bottom = Inches(0.03)


def _write(paragraph: Any, text: str, size_pt: float, *, bold: bool = False, color: Any = look.INK) -> None:
    paragraph.alignment = PP_ALIGN.LEFT
    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold, run.font.color.rgb = Pt(size_pt), bold, color


def _lines(frame: Any, lines: Sequence[Line], size_pt: float) -> None:
    _prepare(frame)
    for place, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        if place:
            paragraph.space_before = Pt(size_pt * 0.35)
        if line.role != "bullet":
            _no_bullet(paragraph)
        strong = line.role in ("strong", "key")
        _write(paragraph, line.text, size_pt, bold=strong, color=look.ACCENT if line.role == "key" else look.INK)


def _no_bullet(paragraph: Any) -> None:
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", "0")
    properties.set("indent", "0")
    properties.insert(0, properties.makeelement("{http://schemas.openxmlformats.org/drawingml/2006/main}buNone", {}))


def _cover(deck: Any, slide: Slide) -> Any:
    page = _page(deck, "Cover")
    _title(page, slide.title, look.COVER_TITLE, COVER_SIZES)
    _lines(page.placeholders[1].text_frame, slide.lines, 20.0)
    return page


def _text(deck: Any, slide: Slide) -> Any:
    page = _page(deck, "Text")
    _title(page, slide.title, look.TITLE)
    small = any(line.role == "small" for line in slide.lines) and slide.kind == "text"
    sizes = SMALL_SIZES if small else TEXT_SIZES
    _lines(page.placeholders[1].text_frame, slide.lines, body_size(slide.lines, sizes) or sizes[-1])
    return page


def finding(caption: str) -> tuple[str, str]:
    """Cut a caption into its first sentence, which states the finding, and the rest.

    Examples
    --------
    >>> finding("The curve falls. Simulated data.")
    ('The curve falls.', 'Simulated data.')
    """
    first, *rest = SENTENCE.split(caption, maxsplit=1)
    return first, " ".join(rest)


def _figure(deck: Any, slide: Slide) -> Any:
    assert slide.figure is not None
    picture = draw(slide.figure.file)
    beside = picture.aspect < SIDE_BY_SIDE_BELOW
    title, rest = finding(slide.title)
    caption = f"{slide.figure.number}. {rest}".strip()
    page = _page(deck, "Figure beside text" if beside else "Figure or table")
    _title(page, title, look.SIDE_TITLE if beside else look.TITLE)
    lines = (Line(caption), *slide.lines)
    if beside:
        frame = next(shape for shape in page.placeholders if shape.placeholder_format.idx != 0).text_frame
        _lines(frame, lines, _caption_size(lines, look.SIDE_TEXT))
    else:
        _caption_box(page, lines, look.WIDE_TEXT)
    _add_picture(page, slide, picture, look.SIDE_PICTURE if beside else look.WIDE_PICTURE)
    return page


def _caption_size(lines: Sequence[Line], box: look.Box) -> float:
    room = {"width": box.width - 2 * INSET_IN, "height": box.height - 0.1}
    return largest_size([line.text for line in lines], sizes_pt=CAPTION_SIZES, **room) or CAPTION_SIZES[-1]


def _caption_box(page: Any, lines: Sequence[Line], box: look.Box) -> None:
    holder = page.shapes.add_textbox(0, 0, 0, 0)
    holder.name = "Caption"
    look.put(holder, box)
    _lines(holder.text_frame, lines, _caption_size(lines, box))


def _add_picture(page: Any, slide: Slide, picture: Any, box: look.Box) -> None:
    """Put the picture in the middle of a box, as large as its shape allows."""
    assert slide.figure is not None
    width = min(box.width, box.height * picture.aspect)
    height = width / picture.aspect
    left, top = box.left + (box.width - width) / 2, box.top + (box.height - height) / 2
    shape = page.shapes.add_picture(io.BytesIO(picture.png), Inches(left), Inches(top), Inches(width), Inches(height))
    shape.name = slide.figure.id
    shape._element.nvPicPr.cNvPr.set("descr", slide.figure.alt)


def _table(deck: Any, slide: Slide) -> Any:
    assert slide.table is not None
    table, size = slide.table, table_size(slide.table) or 12.0
    page = _page(deck, "Figure or table")
    _title(page, slide.title, look.TITLE)
    heights = row_heights(table, size)
    shape = page.shapes.add_table(
        len(table.rows) + 1, len(table.header), Inches(look.BODY.left), Inches(look.BODY.top - 0.1),
        Inches(sum(column_widths(table, size))), Inches(sum(heights)),
    )  # fmt: skip
    shape.name = table.id
    shape._element.nvGraphicFramePr.cNvPr.set("descr", f"{table.number}: {table.caption}")
    for column, width in zip(shape.table.columns, column_widths(table, size), strict=True):
        column.width = Inches(width)
    for place, (cells, height) in enumerate(zip((table.header, *table.rows), heights, strict=True)):
        shape.table.rows[place].height = Inches(height)
        for cell, text, right in zip(shape.table.rows[place].cells, cells, table.numeric, strict=True):
            _cell(cell, text, size, header=place == 0, right=right)
    if slide.lines:
        _caption_box(page, slide.lines, look.TABLE_NOTE)
    return page


def _cell(cell: Any, text: str, size_pt: float, *, header: bool, right: bool) -> None:
    cell.margin_left = cell.margin_right = Inches(CELL_MARGIN_IN[0] / 2)
    cell.margin_top = cell.margin_bottom = Inches(0.04)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    paragraph = cell.text_frame.paragraphs[0]
    white = look.RGBColor(0xFF, 0xFF, 0xFF)
    _write(paragraph, text, size_pt, bold=header, color=white if header else look.INK)
    if right:
        paragraph.alignment = PP_ALIGN.RIGHT
    if header:
        cell.fill.solid()
        cell.fill.fore_color.rgb = look.ACCENT
