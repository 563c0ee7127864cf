"""The package of the e-book: metadata, gates, and bytes that follow the content alone."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest
from lxml import etree
from sphinx.errors import ExtensionError

from bookpress.epub.contents import entries
from bookpress.epub.cover import describe_cover, render_cover
from bookpress.epub.gates import problems
from bookpress.epub.package import Book, Page, package_document, write
from bookpress.epub.page import make_page

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 4"><desc>A kite.</desc><rect width="3" height="4"/></svg>'
ABOUT = {
    "title": "Kites & <strings>",
    "author": "Able",
    "publisher": "Able",
    "language": "en",
    "description": "Kites.",
    "rights": "CC BY",
    "identifier": "urn:uuid:1",
    "version": "1",
    "edition": "reader",
    "modified": "2026-01-01T00:00:00Z",
    "checked": "2026-02-03",
    "accessibility": "All can be read.",
}


def book(body: str, files: dict[str, bytes] | None = None) -> Book:
    data = make_page(f"<section id='s'><h1>T</h1>{body}</section>", name="p", kind="chapter", language="en", notice="")
    return Book([Page("p.xhtml", data, etree.fromstring(data))], files or {}, ABOUT)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<img src='a.png' alt='A kite'/>", "not in the book"),
        ("<p><a href='#gone'>x</a></p>", "#gone, which is not in the book"),
        ("<p><a href='other.xhtml'>x</a></p>", "other.xhtml, which is not in the book"),
        ("<form><input/></form>", "<form>"),
        ("<p id='s'>x</p>", "the id s twice"),
    ],
)
def test_a_fault_of_a_page_is_named(body: str, said: str) -> None:
    assert any(said in one for one in problems(book(body)))


def test_a_picture_without_description_is_named() -> None:
    told = list(problems(book("<img src='a.png'/>", {"a.png": b""})))
    assert told == ["p.xhtml shows a.png without alternative text"]


def test_a_style_that_loads_from_outside_is_named() -> None:
    told = list(problems(book("", {"styles/a.css": b"p{background:url(https://example.org/x)}"})))
    assert told == ["styles/a.css loads from outside; an e-book must work without a network"]


def test_a_sound_book_has_no_problems() -> None:
    body = "<p><a href='#s'>x</a> <a href='https://example.org'>y</a></p><img src='a.png' alt='A kite'/>"
    assert list(problems(book(body, {"a.png": b""}))) == []


def test_the_package_document_escapes_and_lists_every_file() -> None:
    tree = etree.fromstring(package_document(book("", {"a.png": b"", "images/cover.png": b""})).encode())
    assert tree.findtext(".//{http://purl.org/dc/elements/1.1/}title") == "Kites & <strings>"
    assert tree.xpath("//*[local-name()='item']/@href") == ["p.xhtml", "a.png", "images/cover.png"]
    assert tree.xpath("//*[@properties='cover-image']/@href") == ["images/cover.png"]


def test_a_file_of_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError, match="exe"):
        package_document(book("", {"a.exe": b""}))


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    one, other = tmp_path / "one.epub", tmp_path / "other.epub"
    write(book("", {"b.png": b"1", "a.png": b"2"}), one)
    write(book("", {"a.png": b"2", "b.png": b"1"}), other)
    assert hashlib.sha256(one.read_bytes()).digest() == hashlib.sha256(other.read_bytes()).digest()
    with zipfile.ZipFile(one) as archive:
        first = archive.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)


def test_the_contents_leave_the_tex_of_a_formula_out() -> None:
    formula = (
        '<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mi>V</mi>'
        '<annotation encoding="application/x-tex">\\V</annotation></semantics></math>'
    )
    body = f"<section id='t'><h2>1.1. Volume {formula}</h2></section>"
    entry = entries("p.xhtml", book(body).pages[0].tree)
    assert (entry.title, entry.below[0].title, entry.below[0].href) == ("T", "1.1. Volume V", "p.xhtml#t")


def test_a_cover_is_drawn_and_described(tmp_path: Path) -> None:
    svg = tmp_path / "cover.svg"
    svg.write_text(SVG, encoding="utf-8")
    assert describe_cover(svg) == "A kite."
    made = render_cover(svg)
    assert made.startswith(b"\x89PNG") and made == render_cover(svg)


@pytest.mark.parametrize(("text", "said"), [(None, "does not exist"), ("<svg", "no SVG"), ("<svg/>", "no <desc>")])
def test_a_bad_cover_is_refused(tmp_path: Path, text: str | None, said: str) -> None:
    svg = tmp_path / "cover.svg"
    if text is not None:
        svg.write_text(text, encoding="utf-8")
    with pytest.raises(ExtensionError, match=said):
        describe_cover(svg)
