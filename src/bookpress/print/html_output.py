"""HTML that a cell or an author wrote: a table becomes a table, inline SVG a picture; anything else is refused."""

from __future__ import annotations

import hashlib
import re
from html.parser import HTMLParser
from typing import Any, ClassVar

from docutils import nodes

from bookpress.print.grid import Cell, Grid, Row
from bookpress.print.markup import call, content, escape, string

SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL | re.IGNORECASE)
SVG_NAME = re.compile(r"<(desc|title)\b[^>]*>(.*?)</\1>", re.DOTALL | re.IGNORECASE)
WORDS = re.compile(r"<[^>]*>|\s+")


class HtmlTable(HTMLParser):
    """Reads one table of HTML, as pandas and its Styler write it."""

    def __init__(self, html: str) -> None:
        """Read `html`."""
        super().__init__()
        self.head: list[Row] = []
        self.body: list[Row] = []
        self.caption = ""
        self.outside: list[str] = []
        """Text that stands in no cell and no caption, and would be lost."""
        self._row: Row = []
        self._cell: dict[str, Any] | None = None
        self._in_head = self._in_caption = False
        self._silent = 0
        self.feed(html)
        self.close()

    SILENT: ClassVar[set[str]] = {"style", "script"}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a part of the table."""
        given = dict(attrs)
        if tag == "thead":
            self._in_head = True
        elif tag == "tr":
            self._row = []
            (self.head if self._in_head else self.body).append(self._row)
        elif tag in ("td", "th"):
            spans = {name: int(given.get(name) or 1) for name in ("colspan", "rowspan")}
            self._cell = {"text": "", "is_header": tag == "th", **spans}
        elif tag == "br" and self._cell is not None:
            self._cell["text"] += " "
        elif tag == "caption":
            self._in_caption = True
        elif tag in self.SILENT:
            self._silent += 1

    def handle_endtag(self, tag: str) -> None:
        """Close it."""
        if tag == "thead":
            self._in_head = False
        elif tag in ("td", "th") and self._cell is not None:
            text = " ".join(self._cell.pop("text").split())
            self._row.append(Cell(markup=escape(text), text=text, **self._cell))
            self._cell = None
        elif tag == "caption":
            self._in_caption = False
        elif tag in self.SILENT:
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        """Read text."""
        if self._silent:
            return
        if self._cell is not None:
            self._cell["text"] += data
        elif self._in_caption:
            self.caption += data
        elif data.strip():
            self.outside.append(data.strip())

    def grid(self) -> Grid:
        """Return the table."""
        return Grid(head=self.head, body=self.body)


class HtmlOutput:
    """Visitor for HTML; the cells of a chapter use it."""

    printing: Any
    docname: str
    tree: nodes.document

    render: Any
    children: Any
    all: Any
    anchor: Any
    mark: Any
    warn: Any
    number_of: Any

    def html(self, node: nodes.Element, text: str) -> str:
        """Return what of an HTML fragment can be printed; the rest is a warning, never a silent loss."""
        drawn = ""
        for picture in SVG.findall(text):
            drawn += self._inline_svg(node, picture)
        rest = SVG.sub("", text)
        if "<table" in rest:
            table = HtmlTable(rest)
            drawn += self._html_table(node, table)
            lost = " ".join(table.outside)
        else:
            lost = " ".join(WORDS.sub(" ", re.sub(r"<(style|script)\b.*?</\1>", "", rest, flags=re.DOTALL)).split())
        if lost or not drawn:
            self.warn(node, "HTML that is neither a table nor inline SVG cannot be printed: %r", (lost or text)[:80])
        return drawn

    def _html_table(self, node: nodes.Element, table: HtmlTable) -> str:
        drawn = table.grid().typst()
        caption = " ".join(table.caption.split())
        if caption:
            bare = call("fig", string("table"), string(""), string(""), content(escape(caption)), body=drawn)
            return f"{self.mark(node)}{bare}\n"
        return f"{self.mark(node)}{call('bare-table', body=drawn)}\n"

    def _inline_svg(self, node: nodes.Element, picture: str) -> str:
        """Write inline SVG to a file of its own; its description is its alternative text."""
        told = {kind.lower(): " ".join(WORDS.sub(" ", words).split()) for kind, words in SVG_NAME.findall(picture)}
        label = re.search(r'aria-label="([^"]+)"', picture)
        alt = told.get("desc") or told.get("title") or (label[1] if label else "")
        if not alt:
            self.warn(node, "inline SVG has no <desc>, <title>, or aria-label; say what it shows")
            alt = "A picture without a description."
        if "xmlns=" not in picture:
            picture = picture.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
        name = f"{hashlib.sha256(picture.encode()).hexdigest()[:16]}.svg"
        self.printing.gathered.texts[name] = picture
        return f"{self.mark(node)}{call('picture', string(f'images/{name}'), alt=string(alt), width='auto')}\n"
