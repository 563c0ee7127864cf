"""The same slides as one HTML file: opens from file://, turns by keyboard, prints one slide a page, needs no script."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

from bookpress.packs.archive import write_bytes
from bookpress.packs.book import BookInfo
from bookpress.packs.page import Table
from bookpress.packs.picture import aspect, svg_bytes
from bookpress.packs.slides import Line, Slide
from bookpress.packs.slides_pptx import SIDE_BY_SIDE_BELOW, finding

STATIC = Path(__file__).resolve().parent / "static"


def write_html_deck(path: Path, slides: Sequence[Slide], book: BookInfo) -> Path:
    """Write the deck as one file with its pictures, style, and the few lines of script inside."""
    return write_bytes(path, html_deck(slides, book).encode("utf-8"))


def html_deck(slides: Sequence[Slide], book: BookInfo) -> str:
    """Return the page."""
    total = len(slides)
    sections = "\n".join(_section(slide, place, total, book) for place, slide in enumerate(slides, start=1))
    style, script = ((STATIC / name).read_text(encoding="utf-8") for name in ("deck.css", "deck.js"))
    return (
        f'<!DOCTYPE html>\n<html lang="{book.language}">\n<head>\n<meta charset="utf-8"/>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
        f"<title>{escape(slides[0].title)}: slides</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n"
        f"{sections}\n</main>\n<script>\n{script}</script>\n</body>\n</html>\n"
    )


def _section(slide: Slide, place: int, total: int, book: BookInfo) -> str:
    makers: dict[str, Callable[[Slide], str]] = {"figure": _figure, "table": _table}
    body = makers.get(slide.kind, _lines)(slide)
    level = "h1" if slide.kind == "title" else "h2"
    title, _ = finding(slide.title) if slide.kind == "figure" else (slide.title, "")
    notes = "".join(f"<p>{escape(part)}</p>" for part in slide.notes.split("\n") if part.strip())
    notes = f'<details class="notes"><summary>Notes</summary>{notes}</details>' if notes else ""
    return (
        f'<section class="slide {_kind(slide)}" id="slide-{place}" tabindex="-1" '
        f'aria-label="Slide {place} of {total}">\n'
        f'<{level}>{escape(title)}</{level}>\n<div class="body">\n{body}\n</div>\n{notes}\n'
        f'<p class="foot"><span>{escape(book.notice)}</span> <span>{place} of {total}</span></p>\n</section>'
    )


def _kind(slide: Slide) -> str:
    if slide.figure is None:
        small = slide.kind == "text" and any(line.role == "small" for line in slide.lines)
        return f"{slide.kind} small" if small else slide.kind
    return "figure beside" if aspect(slide.figure.file) < SIDE_BY_SIDE_BELOW else "figure wide"


def _lines(slide: Slide) -> str:
    rows: list[str] = []
    for line in slide.lines:
        if line.role == "bullet":
            if rows and rows[-1].endswith("</ul>"):
                rows[-1] = rows[-1].removesuffix("</ul>") + f"<li>{escape(line.text)}</li></ul>"
            else:
                rows.append(f"<ul><li>{escape(line.text)}</li></ul>")
        else:
            rows.append(_paragraph(line))
    return "\n".join(rows)


def _paragraph(line: Line) -> str:
    text = escape(line.text)
    return f'<p class="{line.role}">{f"<strong>{text}</strong>" if line.role in ("strong", "key") else text}</p>'


def _figure(slide: Slide) -> str:
    assert slide.figure is not None
    _, rest = finding(slide.title)
    data = base64.b64encode(svg_bytes(slide.figure.file)).decode("ascii")
    image = f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(slide.figure.alt)}"/>'
    caption = f"{slide.figure.number}. {rest}".strip()
    notes = "".join(_paragraph(line) for line in slide.lines)
    return f"<figure>{image}<figcaption>{escape(caption)}</figcaption></figure>{notes}"


def _table(slide: Slide) -> str:
    assert slide.table is not None
    return table_html(slide.table) + "".join(_paragraph(line) for line in slide.lines)


def table_html(table: Table) -> str:
    """Return a table with header cells and its number."""

    def row(cells: Sequence[str], tag: str) -> str:
        parts = (
            f"<{tag}{' scope=' + chr(34) + 'col' + chr(34) if tag == 'th' else ''}"
            f"{' class=' + chr(34) + 'number' + chr(34) if right else ''}>{escape(cell)}</{tag}>"
            for cell, right in zip(cells, table.numeric, strict=True)
        )
        return f"<tr>{''.join(parts)}</tr>"

    body = "\n".join(row(cells, "td") for cells in table.rows)
    return (
        f"<table><caption>{escape(table.number)}</caption>\n<thead>{row(table.header, 'th')}</thead>\n"
        f"<tbody>{body}</tbody></table>"
    )
