"""``{chapter-references}``: the sources a chapter cites, listed at its end and linked to the book's bibliography.

A second ``{bibliography}`` would define every citation twice. This lists the formatted entries instead; the one
bibliography of the book stays the only target. On such a web page a citation does not carry the whole entry once more,
as its tooltip: ``citations.js`` takes it from the list.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode
from sphinxcontrib.bibtex.transforms import BibliographyTransform, node_text_transform

from bookpress.static_files import offer_static_files

logger = logging.getLogger(__name__)


class chapter_references(nodes.General, nodes.Element):  # noqa: N801 (docutils names its nodes so)
    """Stands where the list will be."""


class ChapterReferences(SphinxDirective):
    """Mark the place of the list."""

    def run(self) -> list[nodes.Node]:
        """Return the mark."""
        return [chapter_references(docname=self.env.docname, line=self.lineno)]


class ListChapterReferences(SphinxPostTransform):
    """Replace the mark by the list, once every page has said what it cites."""

    default_priority = 6

    def run(self, **_options: Any) -> None:
        """Replace every mark of the page."""
        for mark in list(self.document.findall(chapter_references)):
            entries = self._entries(mark["docname"])
            if not entries:
                logger.warning("this chapter lists references but cites nothing", location=mark, type="bookpress")
            mark.replace_self(nodes.bullet_list("", *entries, classes=["chapter-references"]) if entries else [])

    def _entries(self, docname: str) -> list[nodes.list_item]:
        domain: Any = self.env.get_domain("cite")
        cited = {target.key for ref in domain.citation_refs if ref.docname == docname for target in ref.targets}
        found = [citation for citation in domain.citations if citation.key in cited]
        return [self._item(docname, citation) for citation in sorted(found, key=_order)]

    def _item(self, docname: str, citation: Any) -> nodes.list_item:
        paragraph = BibliographyTransform.backend.paragraph(citation.formatted_entry)
        node_text_transform(paragraph)
        home = citation.bibliography_key.docname
        link = make_refnode(self.app.builder, docname, home, citation.citation_id, nodes.Text("all references"))
        paragraph += [nodes.Text(" ("), link, nodes.Text(")")]
        return nodes.list_item("", paragraph)


class TooltipsFromTheList(SphinxPostTransform):
    """Take the tooltips of citations from pages that list what they cite."""

    default_priority = 900  # after citations have become links
    builders = ("html",)

    def run(self, **_options: Any) -> None:
        """Drop every tooltip whose text stands in the list."""
        lists = [one for one in self.document.findall(nodes.bullet_list) if "chapter-references" in one["classes"]]
        listed = {link.get("refuri") for one in lists for link in one.findall(nodes.reference)}
        for link in self.document.findall(nodes.reference):
            if link.get("refuri") in listed:
                link.attributes.pop("reftitle", None)


def _link_script(
    app: Sphinx, _page: str, _template: str, _context: dict[str, Any], doctree: nodes.document | None
) -> None:
    if doctree is not None and any(
        "chapter-references" in one["classes"] for one in doctree.findall(nodes.bullet_list)
    ):
        app.add_js_file("citations.js", loading_method="defer")


def _order(citation: Any) -> str:
    return str(citation.formatted_entry.label).lower()


def setup(app: Sphinx) -> dict[str, bool]:
    """Register directive, mark, and transform."""
    app.add_node(chapter_references)
    app.add_directive("chapter-references", ChapterReferences)
    app.add_post_transform(ListChapterReferences)
    app.add_post_transform(TooltipsFromTheList)
    app.connect("builder-inited", offer_static_files)
    app.connect("html-page-context", _link_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
