"""Common Cartridge 1.1 (.imscc): for each chapter its page and its quiz, and a page that says what it cannot hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lxml import etree

from bookpress.packs.archive import write_zip
from bookpress.packs.book import BookInfo
from bookpress.packs.paper import Paper, Question, escape_text
from bookpress.packs.qti12 import CARTRIDGE, assessment
from bookpress.packs.xml import add, to_bytes

CC = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
LOMM = "http://ltsc.ieee.org/xsd/imsccv1p1/LOM/manifest"
QUIZ = "imsqti_xmlv1p2/imscc_xmlv1p1/assessment"
PAGE = """\
<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>About these questions</title></head><body>
<h1>About these questions</h1>
<p>{notice}</p>
<p>{citation} {license}</p>
{left_out}
</body></html>
"""
LEFT_OUT = """\
<p>A Common Cartridge has no type for questions whose answer is a number, so that {count} of this book are not in it.
Import them from the Moodle XML or the QTI 2.1 file of the same pack: {ids}.</p>"""


def write_cartridge(
    path: Path, papers: Sequence[Paper], book: BookInfo, *, pages: Mapping[str, bytes] | None = None
) -> Path:
    """Write the cartridge: imsmanifest.xml, about.html, and for each chapter its page, if given, and its quiz."""
    pages = pages or {}
    quizzes = [(paper, kept) for paper in papers if (kept := _kept(paper))]
    left_out = [question.id for paper in papers for question in paper.questions if question.number is not None]
    members = {
        "about.html": _page(left_out, book).encode(),
        "imsmanifest.xml": to_bytes(_manifest(papers, {paper.chapter for paper, _ in quizzes}, set(pages), book)),
        **{_place(paper): pages[paper.chapter] for paper in papers if paper.chapter in pages},
    }
    for paper, questions in quizzes:
        name = f"quiz-{paper.chapter}"
        quiz = assessment(identifier=name, title=paper.title, questions=questions, dialect=CARTRIDGE)
        members[f"{name}/assessment.xml"] = to_bytes(quiz)
    return write_zip(path, members, first=("imsmanifest.xml",))


def _kept(paper: Paper) -> list[Question]:
    return [question for question in paper.questions if question.type in CARTRIDGE.types]


def _place(paper: Paper) -> str:
    return f"chapters/{paper.chapter}.html"


def _page(left_out: Sequence[str], book: BookInfo) -> str:
    gap = LEFT_OUT.format(count=len(left_out), ids=", ".join(left_out)) if left_out else ""
    texts = (book.notice, book.citation, f"{book.license} {book.license_url}")
    notice, citation, license_line = (escape_text(text) for text in texts)
    return PAGE.format(language=book.language, notice=notice, citation=citation, license=license_line, left_out=gap)


def _manifest(papers: Sequence[Paper], asked: set[str], read: set[str], book: BookInfo) -> Any:
    """Return the manifest; `asked` and `read` name the chapters that have a quiz and a page."""
    root = etree.Element(f"{{{CC}}}manifest", nsmap={None: CC, "lomm": LOMM})
    root.set("identifier", f"manifest-{book.slug}")
    about = add(root, "metadata")
    add(about, "schema", "IMS Common Cartridge")
    add(about, "schemaversion", "1.1.0")
    _describe(about, book)
    organization = add(
        add(root, "organizations"), "organization", identifier="organization", structure="rooted-hierarchy"
    )
    top = add(organization, "item", identifier="top")
    module = add(top, "item", identifier="module")
    add(module, "title", book.title)
    resources = add(root, "resources")
    _entry(module, resources, "about", "About these questions", "webcontent", "about.html")
    for paper in papers:
        if paper.chapter in read:
            _entry(module, resources, f"page-{paper.chapter}", f"Read: {paper.title}", "webcontent", _place(paper))
        if paper.chapter in asked:
            name = f"quiz-{paper.chapter}"
            _entry(module, resources, name, f"Questions: {paper.title}", QUIZ, f"{name}/assessment.xml")
    return root


def _entry(module: Any, resources: Any, name: str, title: str, kind: str, place: str) -> None:
    item = add(module, "item", identifier=f"item-{name}", identifierref=f"resource-{name}")
    add(item, "title", title)
    resource = add(resources, "resource", identifier=f"resource-{name}", type=kind)
    if kind == "webcontent":
        resource.set("href", place)
    add(resource, "file", href=place)


def _describe(metadata: Any, book: BookInfo) -> None:
    def put(parent: Any, tag: str, text: str | None = None, **attributes: str) -> Any:
        element = etree.SubElement(parent, f"{{{LOMM}}}{tag}", attributes)
        element.text = text
        return element

    lom = put(metadata, "lom")
    general = put(lom, "general")
    put(put(general, "title"), "string", book.title, language=book.language)
    put(general, "language", book.language)
    put(put(general, "description"), "string", f"{book.notice} {book.citation}", language=book.language)
    rights = put(lom, "rights")
    put(put(rights, "copyrightAndOtherRestrictions"), "value", "yes")
    put(put(rights, "description"), "string", f"{book.license} {book.license_url}", language=book.language)
