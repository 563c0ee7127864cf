"""What a chapter says, read out of each edition, so that editions can be compared.

The readers share nothing with the press: they take the finished files as a reader gets them.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pypdfium2
from lxml import etree, html

BUILD = Path(__file__).resolve().parents[2] / "_build"

GLUE = ".,;:!?()[]‘’“”'\"/–— "
"""Signs that a web page keeps on the line of a value by taking them into its element."""

# What only one edition has, because of how it is used. Everything else must be the same.
OF_THE_WEB = (
    "//a[contains(@class, 'headerlink')]",
    "//*[@popover]",  # where a number comes from; an e-book links to the register instead
    "//*[contains(@class, 'fact-fallback') or contains(@class, 'fact-hidden')]",
    "//*[contains(@class, 'quiz-listen') or contains(@class, 'quiz-tools') or contains(@class, 'quiz-check')]",
    "//*[contains(@class, 'quiz-letter')]",  # an e-book numbers the list itself
    "//details[contains(@class, 'quiz-answer')]/summary",
    "//details[contains(@class, 'hide')]/summary",
    "//button[contains(@class, 'copybtn')]",
)
OF_THE_BOOK = (
    "//p[contains(@class, 'see-end') or contains(@class, 'code-title') or contains(@class, 'answer-title')]",
    "//section[contains(@class, 'chapter-end')]/h2",
    "//p[@class='notice']",
)
EVERYWHERE = (
    "//*[local-name()='annotation']",  # the TeX of a formula, kept for copying
    "//*[contains(@class, 'quiz-number-field')]",  # a field here, a line to write on there
    "//script",
)


@dataclass(frozen=True, slots=True)
class Value:
    """One value of the evidence as printed, with a little of the text around it, and its whole paragraph."""

    before: str
    shown: str
    after: str
    block: str


@dataclass(frozen=True, slots=True)
class Content:
    """One chapter of one edition."""

    headings: list[str]
    captions: list[str]
    values: list[Value]
    rows: list[str]
    formulas: list[str]
    words: Counter[str]


def chapters() -> list[str]:
    """Return the names of all pages with content."""
    pages = (page.stem for page in (BUILD / "html").glob("*.html"))
    return sorted(name for name in pages if name not in {"search", "genindex"})


@cache
def of_web(name: str) -> Content:
    """Read a chapter of the web edition."""
    article = html.parse(BUILD / "html" / f"{name}.html").xpath("//article")[0]
    return _content(etree.fromstring(etree.tostring(article, method="xml")), OF_THE_WEB)


@cache
def of_book(name: str) -> Content:
    """Read a chapter of the e-book."""
    with zipfile.ZipFile(BUILD / "epub" / "bitebook.epub") as archive:
        tree = etree.fromstring(archive.read(f"EPUB/{name}.xhtml"))
    for node in tree.iter("*"):
        node.tag = etree.QName(node).localname
    return _content(tree.find("body"), OF_THE_BOOK)


def _content(tree: etree._Element, own: tuple[str, ...]) -> Content:
    for pattern in (*own, *EVERYWHERE):
        for node in tree.xpath(pattern):
            _drop(node)
    # The main text first: what an e-book moves to the end of a chapter is compared on its own.
    return Content(
        headings=[_text(node) for node in tree.xpath("//*[self::h1 or self::h2 or self::h3 or self::h4]")],
        captions=[_text(node) for node in tree.xpath("//figcaption | //table/caption")],
        values=_values(tree),
        rows=[" | ".join(_text(cell) for cell in row) for row in tree.xpath("//table//tr")],
        formulas=[_text(node) for node in tree.xpath("//*[local-name()='math']")],
        words=Counter(_text(tree).split()),  # with every sign: a lost minus is a lost number
    )


def _values(tree: etree._Element) -> list[Value]:
    found = []
    for node in tree.xpath("//span[contains(concat(' ', @class, ' '), ' fact ')]"):
        block = node.xpath("ancestor::*[self::p or self::td or self::th or self::li or self::dd or self::dt][1]")
        around = block[0] if block else node.getparent()
        mark = "\ue000"
        marked = _marked_text(around, node, mark)
        before, shown, after = marked.partition(mark)[0], _text(node), marked.rpartition(mark)[2]
        found.append(Value(before[-40:], shown.strip(GLUE), after[:40], _text(around)))
    return found


def _marked_text(block: etree._Element, node: etree._Element, mark: str) -> str:
    """Return the text of a block with a mark before and behind one node of it."""
    parts: list[str] = []

    def walk(one: etree._Element) -> None:
        if one is node:
            parts.append(mark)
        parts.append(one.text or "")
        for child in one:
            walk(child)
            parts.append(child.tail or "")
        if one is node:
            parts.append(mark)

    walk(block)
    return " ".join("".join(parts).split())


def _text(node: etree._Element) -> str:
    return " ".join("".join(node.itertext()).split())


def _drop(node: etree._Element) -> None:
    parent, before = node.getparent(), node.getprevious()
    if parent is None:
        return
    if node.tail and before is not None:
        before.tail = (before.tail or "") + node.tail
    elif node.tail:
        parent.text = (parent.text or "") + node.tail
    parent.remove(node)


# --- paper ------------------------------------------------------------------------------------------------------------
LINE_END = "\x02\xad\ufffe\u2010\u2011"
BESIDE_LETTER = re.compile(r"(?<=[^\W\d_])-|-(?=[^\W\d_])")


def squeeze(text: str) -> str:
    """Return a text without what setting it on paper changes: blanks, line breaks, hyphens beside a letter.

    A minus before a digit stays: to lose it would be to lose the number.
    """
    text = unicodedata.normalize("NFKC", text)
    for sign in LINE_END:
        text = text.replace(sign, "")
    text = re.sub(r"\s+", "", text)
    return BESIDE_LETTER.sub("", text)


@cache
def of_paper(name: str) -> str:
    """Return the squeezed text of a chapter's PDF, without the lines that stand on nearly every page."""
    document = pypdfium2.PdfDocument(BUILD / "pdf" / f"{name}.pdf")
    pages = [page.get_textpage().get_text_range().splitlines() for page in document]
    often = Counter(line for lines in pages for line in {_without_digits(line) for line in (*lines[:3], *lines[-3:])})
    running = {line for line, count in often.items() if len(pages) > 2 and count >= len(pages) / 2}
    kept = [
        line
        for lines in pages
        for place, line in enumerate(lines)
        if not ((place < 3 or place >= len(lines) - 3) and _without_digits(line) in running)
    ]
    return squeeze("\n".join(kept))


def _without_digits(line: str) -> str:
    return re.sub(r"\d+", "#", line.strip())
