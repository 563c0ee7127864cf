"""Tables on a small page. A cell cut off at the edge hides part of a number, so nothing may depend on scrolling.

Every table gets a box, whose width decides its form. A table too wide for a phone has cells that carry the head of
their column, and the style sheet shows each row as a card there. The box never scrolls: where pages are turned, a box
that scrolls is not divided over pages, and all rows behind the first page are lost.
"""

from __future__ import annotations

from lxml import etree

from bookpress.epub.xhtml import NS, XHTML, element

WIDE = 5
"""From this many columns on, a table does not fit a small phone, or a phone set to large type."""


def fit_tables(body: etree._Element) -> None:
    """Prepare every table below `body`."""
    for table in body.xpath("//h:table", namespaces=NS):
        for cell in table.xpath(".//h:th[not(@scope)]", namespaces=NS):
            if not _words(cell):  # a head that says nothing is no head
                cell.tag = f"{{{XHTML}}}td"
                continue
            cell.set("scope", "col" if cell.getparent().getparent().tag == f"{{{XHTML}}}thead" else "row")
        heads = [_words(cell) for cell in table.xpath("./h:thead/h:tr[last()]/*", namespaces=NS)]
        is_plain = not table.xpath(".//*[@colspan or @rowspan]")
        if is_plain and (len(heads) >= WIDE or "fact-register-table" in table.get("class", "")):
            _make_cards(table, heads)
        _wrap(table)


def _make_cards(table: etree._Element, heads: list[str]) -> None:
    table.set("class", f"{table.get('class', '')} cards".strip())
    for row in table.xpath("./h:tbody/h:tr", namespaces=NS):
        for head, cell in zip(heads, row, strict=False):
            if _words(cell):
                cell.set("data-head", head)
            else:
                cell.set("class", f"{cell.get('class', '')} empty".strip())
        if len(row) and not _words(row[0]):  # an empty first cell says "as above"
            row.set("class", f"{row.get('class', '')} as-above".strip())


def _words(cell: etree._Element) -> str:
    return " ".join("".join(cell.itertext()).split())


def _wrap(table: etree._Element) -> None:
    box = element("div", class_="wide")
    parent = table.getparent()
    parent.replace(table, box)
    box.tail, table.tail = table.tail, None
    box.append(table)
