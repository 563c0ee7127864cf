"""One page of the e-book: strict XHTML from the body that the translator wrote."""

from __future__ import annotations

import re
from html import unescape

from lxml import etree

from bookpress.epub.formulas import UnsayableError, fit_formulas
from bookpress.epub.tables import fit_tables
from bookpress.epub.xhtml import NS, OPS, XHTML, skeleton
from bookpress.site.markup import COLORLESS

ENTITY = re.compile(r"&(?!amp;|lt;|gt;|quot;|apos;)([A-Za-z][A-Za-z0-9]*);")
ROLES = {
    "chapter": "doc-chapter",
    "appendix": "doc-appendix",
    "preamble": "doc-introduction",
    "glossary": "doc-glossary",
    "bibliography": "doc-bibliography",
}
SPECIAL = {"glossary": "//h:dl[contains(@class, 'glossary')]", "bibliography": "//*[contains(@class, 'citation-list')]"}
"""What an appendix is if it holds this."""


class MalformedPageError(ValueError):
    """The body is not XML; the text says where."""


def make_page(body: str, *, name: str, kind: str, language: str, notice: str) -> bytes:
    """Return a page as XHTML, its markup mended to what EPUB allows.

    Raises
    ------
    MalformedPageError
        If the body is no well-formed XML, with the text around the fault, or holds a formula that has no words.
    """
    content = _parse(body)
    mend(content)
    fit_tables(content)
    try:
        fit_formulas(content)
    except UnsayableError as error:
        raise MalformedPageError(str(error)) from error
    section = content.find("h:section", NS)
    if section is not None:
        if kind == "appendix":
            kind = next((name for name, inside in SPECIAL.items() if content.xpath(inside, namespaces=NS)), kind)
        section.set(f"{{{OPS}}}type", kind)
        section.set("role", ROLES[kind])
    first = content.find(".//h:h1", NS)
    title = " ".join("".join(first.itertext()).split()) if first is not None else name
    return skeleton(content, title=title, language=language, up="../" * name.count("/"), notice=notice)


def _parse(body: str) -> etree._Element:
    text = ENTITY.sub(lambda match: unescape(match[0]), COLORLESS.sub(r"\1", body))
    wrapped = f'<body xmlns="{XHTML}" xmlns:epub="{OPS}">{text}</body>'
    try:
        return etree.fromstring(wrapped.encode("utf-8"))
    except etree.XMLSyntaxError as error:
        line, column = error.position
        around = wrapped.splitlines()[line - 1][max(column - 60, 0) : column + 20]
        raise MalformedPageError(f"its XHTML is not well-formed: {error.msg}; near: {around}") from error


def mend(body: etree._Element) -> None:
    """Take out what EPUB or a simple reader does not take; each line says why."""
    for node in body.iter(etree.Comment):
        _drop(node)
    for node in body.xpath("//h:script | //h:style | //h:link", namespaces=NS):  # nothing runs, styles are ours alone
        _drop(node)
    for node in body.xpath("//h:table[@border or @align]", namespaces=NS):  # looks belong to the style sheet
        node.attrib.pop("border", None)
        node.attrib.pop("align", None)
    for node in body.xpath("//*[@role='doc-biblioentry']"):  # deprecated in DPUB-ARIA 1.1; its list is one already
        node.set("role", "listitem")
    for node in body.xpath("//*[@role='heading' and not(@aria-level)]"):  # the name of a part in a list of pages
        node.set("aria-level", "3")
    for node in body.xpath("//*[@id='exercise-content' or @id='solution-content']"):  # every exercise has the same
        del node.attrib["id"]
    # A section made for the end of a chapter has no number on the web, so none here.
    number = "//h:section[contains(@class, 'chapter-end')]//h:span[@class='section-number']"
    for node in body.xpath(number, namespaces=NS):
        _drop(node)


def _drop(node: etree._Element) -> None:
    """Remove an element or a comment, and keep the text behind it."""
    parent, before = node.getparent(), node.getprevious()
    if node.tail:
        if before is not None:
            before.tail = (before.tail or "") + node.tail
        else:
            parent.text = (parent.text or "") + node.tail
    parent.remove(node)
