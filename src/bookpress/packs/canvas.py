"""Canvas: a QTI 1.2 zip with one quiz for each chapter."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lxml import etree

from bookpress.packs.archive import write_zip
from bookpress.packs.book import BookInfo
from bookpress.packs.paper import Paper, escape_text
from bookpress.packs.qti12 import CANVAS, assessment
from bookpress.packs.xml import add, to_bytes

CP = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
MD = "http://www.imsglobal.org/xsd/imsmd_v1p2"
LAR = "http://canvas.instructure.com/xsd/cccv1p0"


def write_canvas(path: Path, papers: Sequence[Paper], book: BookInfo) -> Path:
    """Write the zip: imsmanifest.xml, and for each quiz its questions and its settings."""
    members = {"imsmanifest.xml": to_bytes(_manifest(papers, book))}
    for paper in papers:
        name = _name(paper, book)
        quiz = assessment(identifier=name, title=paper.title, questions=paper.questions, dialect=CANVAS)
        members[f"{name}/{name}.xml"] = to_bytes(quiz)
        members[f"{name}/assessment_meta.xml"] = to_bytes(_settings(paper, book))
    return write_zip(path, members, first=("imsmanifest.xml",))


def _name(paper: Paper, book: BookInfo) -> str:
    return f"{book.slug}-{paper.chapter}"


def _settings(paper: Paper, book: BookInfo) -> Any:
    root = etree.Element(f"{{{LAR}}}quiz", nsmap={None: LAR})
    root.set("identifier", _name(paper, book))
    add(root, "title", paper.title)
    add(root, "description", f"<p>{escape_text(book.notice)}</p>")
    add(root, "shuffle_answers", "true")
    add(root, "scoring_policy", "keep_highest")
    add(root, "quiz_type", "practice_quiz")
    add(root, "points_possible", str(len(paper.questions)))
    add(root, "show_correct_answers", "true")
    add(root, "allowed_attempts", "-1")
    return root


def _manifest(papers: Sequence[Paper], book: BookInfo) -> Any:
    root = etree.Element(f"{{{CP}}}manifest", nsmap={None: CP, "imsmd": MD})
    root.set("identifier", f"manifest-{book.slug}")
    about = add(root, "metadata")
    add(about, "schema", "IMS Content")
    add(about, "schemaversion", "1.1.3")
    describe(about, book, MD)
    add(root, "organizations")
    resources = add(root, "resources")
    for paper in papers:
        name = _name(paper, book)
        quiz = add(resources, "resource", identifier=name, type="imsqti_xmlv1p2", href=f"{name}/{name}.xml")
        add(quiz, "file", href=f"{name}/{name}.xml")
        add(quiz, "dependency", identifierref=f"{name}-settings")
        settings = add(
            resources, "resource", identifier=f"{name}-settings", href=f"{name}/assessment_meta.xml",
            type="associatedcontent/imscc_xmlv1p1/learning-application-resource",
        )  # fmt: skip
        add(settings, "file", href=f"{name}/assessment_meta.xml")
    return root


def describe(metadata: Any, book: BookInfo, namespace: str) -> None:
    """Add title, license, and citation as learning-object metadata (IMS MD 1.2)."""

    def put(parent: Any, tag: str, text: str | None = None, **attributes: str) -> Any:
        element = etree.SubElement(parent, f"{{{namespace}}}{tag}")
        for name, value in attributes.items():
            element.set("{http://www.w3.org/XML/1998/namespace}lang" if name == "lang" else name, value)
        element.text = text
        return element

    lom = put(metadata, "lom")
    general = put(lom, "general")
    put(put(general, "title"), "langstring", book.title, lang=book.language)
    put(general, "language", book.language)
    put(put(general, "description"), "langstring", f"{book.notice} {book.citation}", lang=book.language)
    rights = put(lom, "rights")
    copyright_ = put(rights, "copyrightandotherrestrictions")
    put(put(copyright_, "value"), "langstring", "yes", lang=book.language)
    put(put(rights, "description"), "langstring", f"{book.license} {book.license_url}", lang=book.language)
