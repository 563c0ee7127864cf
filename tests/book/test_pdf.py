"""The PDF files as a screen reader and a reader with a search field meet them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from lxml import html

ROOT = Path(__file__).resolve().parents[2]
PDF, WEB = ROOT / "_build" / "pdf", ROOT / "_build" / "html"
CHAPTERS = sorted(file.stem for file in (ROOT / "chapters").glob("[0-9][0-9]-*.md"))
BOOK = "bitebook"
FILES = [BOOK, *CHAPTERS]
HEADING = re.compile(r"H([1-6])$")
pytestmark = pytest.mark.book


@cache
def opened(name: str) -> pikepdf.Pdf:
    return pikepdf.open(PDF / f"{name}.pdf")


@cache
def text_of(name: str) -> str:
    pdf = pypdfium2.PdfDocument(PDF / f"{name}.pdf")
    return "\n".join(page.get_textpage().get_text_range() for page in pdf)


def squeezed(text: str) -> str:
    """Return text without blanks and hyphens, which line breaks change; pdfium reports a hyphen there as U+FFFE.

    An apostrophe is one sign: a calculator's own markup keeps it straight, the text of the book curls it.
    """
    text = text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return re.sub(r"[\s\-\u2010\u2011\u2060\u00ad\ufffe\u200b]+", "", text)


def tags(node: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    """Yield every element of a tag tree, in reading order."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Array):
            waiting.extend(reversed(list(one)))
        elif isinstance(one, pikepdf.Dictionary):
            if "/S" in one and "/P" in one:
                yield one
            if "/K" in one:
                waiting.append(one.K)


def kind(tag: pikepdf.Dictionary) -> str:
    return str(tag.S).removeprefix("/")


def test_there_is_a_pdf_for_the_book_and_each_chapter() -> None:
    assert sorted(file.name for file in PDF.iterdir()) == sorted(f"{name}.pdf" for name in FILES)


@pytest.mark.parametrize("name", FILES)
def test_title_language_outline_and_page_labels(name: str) -> None:
    pdf = opened(name)
    assert str(pdf.Root.Lang) == "en"
    assert bool(pdf.Root.MarkInfo.Marked)
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert "/PageLabels" in pdf.Root
    with pdf.open_outline() as outline:
        assert outline.root
    meta = pdf.open_metadata()
    assert meta["pdfuaid:part"] == "1"
    assert len(meta["dc:title"]) > 5
    assert "0.1" in meta["dc:description"]


@pytest.mark.parametrize("name", FILES)
def test_the_tag_tree(name: str) -> None:
    levels, without_header, without_alt = [], [], []
    for tag in tags(opened(name).Root.StructTreeRoot):
        if match := HEADING.match(kind(tag)):
            levels.append(int(match[1]))
        if kind(tag) == "Table" and not any(kind(one) == "TH" for one in tags(tag.K)):
            without_header.append(tag)
        if kind(tag) in ("Figure", "Formula") and not str(tag.get("/Alt", "")).strip():
            without_alt.append(tag)
    assert levels[0] == 1
    jumps = [(before, after) for before, after in pairwise(levels) if after > before + 1]
    assert jumps == []
    assert len(levels) > 10
    assert without_header == []
    assert without_alt == []


@pytest.mark.parametrize("name", FILES)
def test_no_formula_is_read_out_as_tex_and_no_picture_by_its_file_name(name: str) -> None:
    alts = [str(tag.Alt) for tag in tags(opened(name).Root.StructTreeRoot) if "/Alt" in tag]
    assert [alt for alt in alts if re.search(r"[\\{}$]|\.(svg|png)$", alt)] == []


@pytest.mark.parametrize("name", FILES)
def test_every_link_inside_leads_somewhere(name: str) -> None:
    pdf = opened(name)
    pages = {page.obj.objgen for page in pdf.pages}
    places = _named_places(pdf.Root.get("/Names", {}).get("/Dests"))
    places |= {str(key): value for key, value in pdf.Root.get("/Dests", pikepdf.Dictionary()).items()}
    found = 0
    for page in pdf.pages:
        for note in page.obj.get("/Annots", []):
            action = note.get("/A", {})
            if note.Subtype != "/Link" or action.get("/S") == "/URI":
                continue
            target = note.get("/Dest", action.get("/D"))
            if isinstance(target, (pikepdf.String, pikepdf.Name)):
                target = places[str(target)]
            if isinstance(target, pikepdf.Dictionary):
                target = target.D
            assert target[0].objgen in pages
            assert "/StructParent" in note
            found += 1
    assert found > 5


def _named_places(node: pikepdf.Object | None) -> dict[str, pikepdf.Object]:
    if node is None:
        return {}
    found = {}
    for child in node.get("/Kids", []):
        found |= _named_places(child)
    names = list(node.get("/Names", []))
    return found | {str(key): value for key, value in zip(names[::2], names[1::2], strict=True)}


@cache
def page_of(name: str) -> html.HtmlElement:
    return html.fromstring((WEB / f"{name}.html").read_text(encoding="utf-8"))


def article(name: str) -> html.HtmlElement:
    return page_of(name).xpath("//article[contains(@class, 'bd-article')]")[0]


@pytest.mark.parametrize("name", CHAPTERS)
@pytest.mark.parametrize("edition", ["book", "handout"])
def test_headings_captions_and_values_are_those_of_the_web(name: str, edition: str) -> None:
    printed = squeezed(text_of(BOOK if edition == "book" else name))
    headings = article(name).xpath(".//h1 | .//h2 | .//h3")
    captions = article(name).xpath(".//figcaption | .//caption")
    values = article(name).xpath(".//span[contains(@class, 'fact-whole')]/button")
    assert len(headings) > 10
    assert captions
    assert values
    for heading in headings:
        words = "".join(part for part in heading.itertext()).replace("#", "").replace("\N{PILCROW SIGN}", "")
        number, _, rest = words.strip().partition(". ")
        whole = number + rest if re.fullmatch(r"[\d.]+", number) else words
        assert squeezed(whole) in printed, words
    for caption in captions:
        words = "".join(caption.itertext()).replace("#", "").split("\n\n")[0]
        assert squeezed(_own_words(words)) in printed, words
    for value in values:
        words = value.get("aria-label") or value.text_content()
        assert squeezed(words) in printed, words


def _own_words(text: str) -> str:
    """Return a caption without the sign that links to it."""
    return text.replace("\N{PILCROW SIGN}", "")


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_question_is_printed_and_answered_only_at_the_back(name: str) -> None:
    printed = squeezed(text_of(name))
    items = article(name).xpath(".//form[contains(@class, 'quiz-item')]")
    assert items
    back = printed.index("Answerstothequestions")
    for item in items:
        question = squeezed(item.xpath(".//*[contains(@class, 'quiz-lead-in')]")[0].text_content())
        assert question in printed[:back], question
        for reason in item.xpath(".//*[contains(@class, 'quiz-why')]"):
            words = squeezed(reason.text_content())
            assert words not in printed[:back]
            assert words in printed[back:], words


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_handout_holds_the_terms_it_uses_and_no_others(name: str) -> None:
    used = {link.rpartition("#")[2] for link in article(name).xpath(".//a[contains(@href, 'glossary.html#')]/@href")}
    printed = squeezed(text_of(name))
    back = printed[printed.index("Termsusedinthischapter") :]
    for entry in page_of("glossary").xpath("//dl[contains(@class, 'glossary')]/dt"):
        meaning = squeezed(entry.getnext().text_content())[:60]
        assert (meaning in back) == (entry.get("id") in used), entry.get("id")


def test_every_page_says_what_the_book_is_for() -> None:
    for name in FILES:
        pdf = pypdfium2.PdfDocument(PDF / f"{name}.pdf")
        for number, page in enumerate(pdf, start=1):
            if name == BOOK and number == 1:
                continue  # the cover
            assert "not for prescribing" in page.get_textpage().get_text_range(), (name, number)


def test_version_and_date_of_the_evidence_are_visible() -> None:
    assert re.search(r"Version 0\.1\.0\s+Evidence to June 30, 2026", text_of(BOOK))
    for name in CHAPTERS:
        first = pypdfium2.PdfDocument(PDF / f"{name}.pdf")[0].get_textpage().get_text_range()
        assert "version 0.1.0" in first
        told = article(name).xpath(".//p[contains(@class, 'chapter-facts')]")[0].text_content()
        assert squeezed(re.search(r"Evidence to \w+ \d+, \d{4}", told)[0]) in squeezed(first[:400])


def test_the_index_gives_pages() -> None:
    back = text_of(BOOK)[-12000:]
    assert re.search(r"(?m)^blinatumomab(?:, \d+)+", back)
    assert re.search(r"(?m)^clearance(?:, \d+)+", back)


def test_all_fonts_are_embedded_and_text_can_be_searched() -> None:
    for name in FILES:
        for one in opened(name).objects:
            if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Font" and one.Subtype == "/Type0":
                assert "/ToUnicode" in one
                below = one.DescendantFonts[0].FontDescriptor
                assert any(key in below for key in ("/FontFile2", "/FontFile3")), one.BaseFont
        assert "/Image" not in {
            str(one.get("/Subtype")) for one in opened(name).objects if isinstance(one, pikepdf.Stream)
        }
