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
    "//*[contains(@class, 'fact-hidden')]",
    "//*[contains(@class, 'quiz-listen') or contains(@class, 'quiz-tools') or contains(@class, 'quiz-check')]",
    "//*[contains(@class, 'exam-tool') or contains(@class, 'progress-tool')]",  # they work with scripts alone
    "//*[contains(@class, 'quiz-letter')]",  # an e-book numbers the list itself
    "//details[contains(@class, 'quiz-answer')]/summary",
    "//details[contains(@class, 'hide')]/summary",
    "//button[contains(@class, 'copybtn')]",
)
OF_THE_BOOK = (
    "//p[contains(@class, 'see-end') or contains(@class, 'code-title') or contains(@class, 'answer-title')]",
    "//section[contains(@class, 'chapter-end')]/h2",
    "//p[@class='run-it']",
    "//p[@class='notice']",
)
CALCULATOR = "//*[contains(concat(' ', @class, ' '), ' calculator ')]"
EVERYWHERE = (
    CALCULATOR,  # a form here, a worked example there: compared by `worked_examples`
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


@cache
def worked_examples(name: str) -> list[str]:
    """Return what the worked examples of the calculators on a web page say, piece by piece, squeezed."""
    page = html.parse(BUILD / "html" / f"{name}.html")
    for sign in page.xpath("//*[contains(@class, 'calc-sign')]"):  # a picture for the eye, hidden from screen readers
        _drop(sign)
    parts = "self::p or self::li or self::td or self::th or self::caption or self::figcaption or self::summary"
    pieces = page.xpath(f"//*[contains(@class, 'calc-worked')]//*[{parts}][not(.//p)]")
    return [squeeze(straight(_text(piece))) for piece in pieces if _text(piece)]


@cache
def calculators_of_book(name: str) -> str:
    """Return the squeezed text of the calculators of a page of the e-book."""
    with zipfile.ZipFile(BUILD / "epub" / "bitebook.epub") as archive:
        tree = etree.fromstring(archive.read(f"EPUB/{name}.xhtml"))
    return "".join(squeeze(straight(_text(box))) for box in tree.xpath(CALCULATOR))


def straight(text: str) -> str:
    """Return a text with straight apostrophes: the markup of a calculator has them, the text of the book curls them."""
    return text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")


def _content(tree: etree._Element, own: tuple[str, ...]) -> Content:
    for pattern in (*own, *EVERYWHERE):
        for node in tree.xpath(pattern):
            _drop(node)
    # By their box: an e-book breaks a long chain of equations over lines.
    boxes = "//*[contains(concat(' ', @class, ' '), ' math ')]"
    formulas = [_squashed(node) for node in tree.xpath(boxes)]
    rows = [" | ".join(_text(cell) for cell in row) for row in tree.xpath("//table//tr")]
    values = _values(tree)
    for node in tree.xpath("//div" + boxes[3:]):
        _drop(node)
    return Content(
        headings=[_text(node) for node in tree.xpath("//*[self::h1 or self::h2 or self::h3 or self::h4]")],
        captions=[_text(node) for node in tree.xpath("//figcaption | //table/caption")],
        values=values,
        rows=rows,
        formulas=formulas,
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
        # The signs around a value are text: they go with it on the web alone.
        bare = shown.strip(GLUE)
        glued_before, _, glued_after = shown.partition(bare)
        found.append(Value((before + glued_before)[-40:], bare, (glued_after + after)[:40], _text(around)))
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


def _squashed(node: etree._Element) -> str:
    return "".join("".join(node.itertext()).split())


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
SOFT = "\x02\xad\ufffe"
"""What a reader of PDF gives for a hyphen at the end of a line, be it the author's or the typesetter's."""
IN_RANGE = re.compile(f"(?<=\\d)[{SOFT}](?=\\d)")
HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u2010\u2011]|[-\u2010\u2011](?=[^\W\d_])")
SECTION = re.compile(r"^((?:\d+\.)*\d+)\. ")


def squeeze(text: str) -> str:
    """Return a text without what setting it on paper changes: blanks, line breaks, hyphens beside a letter.

    A minus stays, and so does the hyphen of a range: to lose it would be to lose the number.
    """
    text = unicodedata.normalize("NFKC", re.sub(r"[ \t]*[\r\n]+", "", IN_RANGE.sub("-", text)))
    text = "".join(sign for sign in text if not sign.isspace() and unicodedata.category(sign) not in ("Cf", "Cc", "Cn"))
    return HYPHEN.sub("", text)


def on_paper(heading: str, text: str) -> str:
    """Return a heading as paper prints it: without the full stop behind the number of a section."""
    whole = squeeze(heading)
    return whole if whole in text else squeeze(SECTION.sub(r"\1 ", heading))


@cache
def of_paper(name: str) -> str:
    """Return the squeezed text of a PDF, without the lines that stand at head or foot of nearly every page."""
    document = pypdfium2.PdfDocument(BUILD / "pdf" / f"{name}.pdf")
    pages = [page.get_textpage().get_text_range().splitlines() for page in document]
    heads = _running([lines[0] for lines in pages if lines])
    feet = _running([lines[-1] for lines in pages if lines])
    kept: list[str] = []
    for lines in pages:
        first = 1 if lines and _shape(lines[0]) in heads else 0
        last = len(lines) - 1 if lines and _shape(lines[-1]) in feet else len(lines)
        kept += lines[first:last]
    return squeeze("\n".join(kept))


def _running(lines: list[str]) -> set[str]:
    """Return the shapes of lines that more than one page has in the same place."""
    return {shape for shape, count in Counter(map(_shape, lines)).items() if count > 1}


def _shape(line: str) -> str:
    return re.sub(r"\d+", "#", line.strip())
