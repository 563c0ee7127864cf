"""A chapter as the built page shows it: case, objectives, figures, tables, key points, references, by their ids.

The built page is read, not the source: there every number is filled in and every figure has its file and its number.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree, html

from bookpress.packs.text import PackError, linear_math, plain_text

# What belongs to the screen alone: link marks, the pop-up behind a number, buttons.
SCREEN_ONLY = (
    ".//*[contains(concat(' ', @class, ' '), ' %s ')]",
    (
        "headerlink",
        "fact-source",
        "quiz-tools",
        "copybtn",
        "section-number",
        "sd-summary-state-marker",
    ),
)
ALL_REFERENCES = re.compile(r"\s*\((?:all references)\)\s*$")


@dataclass(frozen=True, slots=True)
class Figure:
    """A numbered figure: its file, its words, and the heading it stands under."""

    id: str
    number: str
    caption: str
    alt: str
    file: Path
    section: str


@dataclass(frozen=True, slots=True)
class Table:
    """A numbered table as text; `numeric` tells which columns are set to the right."""

    id: str
    number: str
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    section: str


@dataclass(frozen=True, slots=True)
class ChapterPage:
    """What slides and packs take from a chapter."""

    name: str
    number: str
    title: str
    facts: str
    case: tuple[str, ...]
    question: str
    objectives: tuple[str, ...]
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...]
    key_points: tuple[str, ...]
    references: tuple[str, ...]
    teaching_notes: str

    def figure(self, figure_id: str) -> Figure:
        """Return a figure by its id, or say which there are."""
        return _by_id(self.name, "figure", self.figures, figure_id)

    def table(self, table_id: str) -> Table:
        """Return a table by its id, or say which there are."""
        return _by_id(self.name, "table", self.tables, table_id)


def _by_id(page: str, kind: str, things: Any, wanted: str) -> Any:
    for thing in things:
        if thing.id == wanted:
            return thing
    raise PackError(f"{page} has no {kind} {wanted!r}; it has {', '.join(thing.id for thing in things) or 'none'}")


def read_page(path: Path) -> ChapterPage:
    """Read a built chapter.

    Raises
    ------
    PackError
        If the page is not there or one of its ten parts is missing; the text says what to do.
    """
    if not path.is_file():
        raise PackError(f"{path.name} is not built: run `make book` first")
    article = _article(path)
    pattern, classes = SCREEN_ONLY
    number = article.xpath("string(.//h1/span[@class='section-number'])").strip(" .")
    for name in classes:
        for node in article.xpath(pattern % name):
            node.drop_tree()
    case = _section(article, "opening-case", path)
    return ChapterPage(
        name=path.stem,
        number=number,
        title=text_of(article.find(".//h1")),
        facts=text_of(article.find(".//p[@class='chapter-facts']")),
        case=tuple(text_of(node) for node in case.xpath("./div[contains(@class, 'admonition')]/p[not(@class)]")),
        question=" ".join(text_of(node) for node in case.xpath("./p")),
        objectives=_items(_section(article, "learning-objectives", path)),
        figures=tuple(_figure(node, path) for node in article.iter("figure") if node.get("id")),
        tables=tuple(
            _table(node) for node in article.iter("table") if node.get("id") and node.find("caption") is not None
        ),
        key_points=_items(_without_links(_section(article, "key-points", path))),
        references=tuple(ALL_REFERENCES.sub("", row) for row in _items(_section(article, "references", path))),
        teaching_notes=_notes(_section(article, "for-lecturers", path)),
    )


def parse(path: Path) -> Any:
    """Return the root element of a built page, which is UTF-8."""
    return html.parse(str(path), parser=html.HTMLParser(encoding="utf-8")).getroot()


def _article(path: Path) -> Any:
    article = parse(path).find(".//article")
    if article is None:
        raise PackError(f"{path.name} holds no article: it is not a built chapter; run `make book` again")
    return article


def text_of(node: Any) -> str:
    """Return the text of an element on one line, formulas written out."""
    if node is None:
        return ""
    node = copy.deepcopy(node)
    for formula in list(node.iter("math", "{http://www.w3.org/1998/Math/MathML}math")):
        plain = etree.Element("span")
        plain.text = plain_text(linear_math(etree.tostring(formula, with_tail=False, encoding="unicode")))
        plain.tail = formula.tail
        formula.getparent().replace(formula, plain)
    return " ".join(plain_text(etree.tostring(node, with_tail=False, encoding="unicode", method="html")).split())


def _section(article: Any, section_id: str, path: Path) -> Any:
    found = article.xpath(f".//section[@id='{section_id}']")
    if not found:
        raise PackError(f"{path.name} has no part {section_id!r}: every chapter needs its ten parts (CONTRIBUTING.md)")
    return found[0]


def _items(section: Any) -> tuple[str, ...]:
    items = section.xpath("./ol/li | ./ul/li")
    for item in items:
        item.tag = "div"  # else each would begin with the dash of a list
    return tuple(text_of(item) for item in items)


def _without_links(section: Any) -> Any:
    """Drop the link at the end of a key point: it leads to a heading of the page."""
    for link in section.xpath(".//li//a[contains(@class, 'internal')]"):
        if not (link.tail or "").strip() and link.getnext() is None:
            link.drop_tree()
    return section


def _heading(node: Any) -> str:
    section = node.xpath("ancestor::section[1]/*[self::h1 or self::h2 or self::h3]")
    return text_of(section[0]) if section else ""


def _caption(node: Any) -> tuple[str, str]:
    number = node.xpath("string(.//span[@class='caption-number'])").strip()
    return number, text_of(node.xpath(".//span[@class='caption-text']")[0])


def _figure(node: Any, path: Path) -> Figure:
    image = node.find(".//img")
    number, caption = _caption(node.find("figcaption"))
    file = (path.parent / image.get("src")).resolve()
    return Figure(node.get("id"), number, caption, image.get("alt", ""), file, _heading(node))


def _table(node: Any) -> Table:
    number, caption = _caption(node.find("caption"))
    cells = [[text_of(cell) for cell in row.xpath("./th | ./td")] for row in node.iter("tr")]
    first = node.find(".//tr")
    numeric = tuple("text-right" in (cell.get("class") or "") for cell in first.xpath("./th | ./td"))
    rows = tuple(tuple(row) for row in cells[1:])
    return Table(node.get("id"), number, caption, tuple(cells[0]), rows, numeric, _heading(node))


def _notes(section: Any) -> str:
    """Return the teaching notes, one paragraph each."""
    blocks = section.xpath(".//details//p | .//details//li")
    return "\n\n".join(text for block in blocks if block.getparent().tag != "li" and (text := text_of(block)))
