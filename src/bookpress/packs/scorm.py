"""SCORM 1.2: a zip with the chapter to read and a page of questions that reports a score.

Both pages are self-contained. The course system is told the scores, and nothing else.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lxml import etree

from bookpress.packs.archive import write_zip
from bookpress.packs.book import BookInfo
from bookpress.packs.paper import Paper, Question, escape_text
from bookpress.packs.xml import add, to_bytes

CP = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
ADL = "http://www.adlnet.org/xsd/adlcp_rootv1p2"
STATIC = Path(__file__).resolve().parent / "static"
MAX_MEMORY = 4096
PASS_PERCENT = 70


CHAPTER = "chapter.html"
TO_CHAPTER = (
    f'<p><a href="{CHAPTER}" target="_blank" rel="noopener">Read the chapter</a> (it opens in a new tab).</p>\n'
)


def write_scorm(path: Path, paper: Paper, book: BookInfo, *, page: bytes | None = None) -> Path:
    """Write the zip of one chapter: imsmanifest.xml, the questions index.html, and chapter.html, if a page is given."""
    members = {
        "imsmanifest.xml": to_bytes(_manifest(paper, book, has_page=page is not None)),
        "index.html": quiz_page(paper, book, has_chapter=page is not None).encode("utf-8"),
    }
    if page is not None:
        members[CHAPTER] = page
    return write_zip(path, members, first=("imsmanifest.xml",))


def quiz_page(paper: Paper, book: BookInfo, *, has_chapter: bool = False) -> str:
    """Return the page: native form controls, reasons in a details element, one style sheet, one script.

    With `has_chapter` it links to the chapter, in a tab of its own: leaving the page would end the attempt.

    Raises
    ------
    ValueError
        If the scores of so many questions would not fit into what SCORM 1.2 can remember.
    """
    memory = json.dumps({question.id: 1 for question in paper.questions}, separators=(",", ":"))
    if len(memory) > MAX_MEMORY:
        raise ValueError(
            f"{paper.chapter}: the scores of {len(paper.questions)} questions exceed {MAX_MEMORY} characters"
        )
    items = "\n".join(_question(question, place) for place, question in enumerate(paper.questions, start=1))
    title = escape_text(paper.title)
    return (
        f'<!DOCTYPE html>\n<html lang="{book.language}">\n<head>\n<meta charset="utf-8"/>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
        f"<title>{title}</title>\n<style>\n{_static('scorm.css')}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
        f"<p>{escape_text(book.notice)}</p>\n{TO_CHAPTER if has_chapter else ''}"
        f'<p id="total" role="status"></p>\n{items}\n'
        f"<footer><p>{escape_text(book.citation)} {escape_text(book.license)}</p></footer>\n</main>\n"
        f"<script>\n{_static('scorm.js')}</script>\n</body>\n</html>\n"
    )


def _static(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def _question(question: Question, place: int) -> str:
    kind = f'id="{question.id}" data-type="{question.type}"'
    if question.number is not None:
        kind += f' data-answer="{question.number.value}" data-tolerance="{question.number.tolerance}"'
        unit = f" ({escape_text(question.number.unit)})" if question.number.unit else ""
        fields = f'<p><label>Your answer{unit} <input name="{question.id}" inputmode="decimal"/></label></p>'
    else:
        fields = "\n".join(_option(question, choice.letter, choice.text.html_math, choice.correct)
                           for choice in question.choices)  # fmt: skip
    note = f"<p><small>{question.note}</small></p>" if question.note else ""
    reasons = "".join(
        f"<li><strong>{choice.letter}, {'right' if choice.correct else 'wrong'}.</strong> "
        f"{choice.reason.html_math}</li>"
        for choice in question.choices
    )
    return (
        f'<form {kind} novalidate="novalidate">\n<h2>Question {place}</h2>\n{question.stem.html_math}\n'
        f"<fieldset><legend>{question.lead_in.html_math}</legend>\n{fields}\n</fieldset>\n{note}"
        '<p><button type="submit">Check</button> <span class="verdict" role="status"></span></p>\n'
        "<details><summary>Answer and reasons</summary>\n"
        f"<p>Answer: <strong>{escape_text(question.key_text)}</strong></p>"
        f"{f'<ul>{reasons}</ul>' if reasons else ''}{question.review_html(math=True)}</details>\n</form>"
    )


def _option(question: Question, letter: str, text: str, correct: bool) -> str:
    kind = "checkbox" if question.type == "multiple" else "radio"
    key = "yes" if correct else "no"
    return (
        f'<p><label><input type="{kind}" name="{question.id}" value="{letter}" data-correct="{key}"/> '
        f"<b>{letter}.</b> {text}</label></p>"
    )


def _manifest(paper: Paper, book: BookInfo, *, has_page: bool) -> Any:
    root = etree.Element(f"{{{CP}}}manifest", nsmap={None: CP, "adlcp": ADL})
    root.set("identifier", f"{book.slug}-{paper.chapter}")
    root.set("version", "1.0")
    about = add(root, "metadata")
    add(about, "schema", "ADL SCORM")
    add(about, "schemaversion", "1.2")
    organizations = add(root, "organizations", default="organization")
    organization = add(organizations, "organization", identifier="organization")
    add(organization, "title", f"{book.title}: {paper.title}")
    # A course system begins with the first entry; some, which know one page only, take the first resource instead.
    items = [("item-chapter", "chapter", f"Read: {paper.title}")] if has_page else []
    items.append(("item-page", "page", f"Questions: {paper.title}" if has_page else paper.title))
    for identifier, resource, title in items:
        item = add(organization, "item", identifier=identifier, identifierref=resource, isvisible="true")
        add(item, "title", title)
    etree.SubElement(item, f"{{{ADL}}}masteryscore").text = str(PASS_PERCENT)
    resources = add(root, "resources")
    _resource(resources, "page", "index.html", kind="sco")
    if has_page:  # an asset: it is read, and tells the course system nothing
        _resource(resources, "chapter", CHAPTER, kind="asset")
    return root


def _resource(resources: Any, name: str, file: str, *, kind: str) -> None:
    resource = add(resources, "resource", identifier=name, type="webcontent", href=file)
    resource.set(f"{{{ADL}}}scormtype", kind)
    add(resource, "file", href=file)
