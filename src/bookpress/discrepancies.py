"""Where sources disagree: the directive ``{discrepancies}`` and the role ``{discrepancy}``.

The directive lists every discrepancy of the provider. The role, ``{discrepancy}`id` `` or
``{discrepancy}`text <id>` ``, links a sentence of a chapter to its entry. An entry that no chapter links to is a
warning, because a reader who meets the number would not learn that others print another one.

Config: ``bookpress_discrepancies_required`` (True; set False where only a part of the book is built).
"""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import ReferenceRole, SphinxDirective
from sphinx.util.nodes import make_refnode

from bookpress.domain import Use, evidence_domain
from bookpress.locate import line_of
from bookpress.providers import Catalog, Discrepancy, catalog

logger = logging.getLogger(__name__)
LINK_TEXT = "why our number differs"


class discrepancy_reference(nodes.Inline, nodes.TextElement):  # noqa: N801
    """A link to an entry; replaced by an ordinary reference once all pages are read. Attribute ``discrepancy_id``."""


class fact_link(nodes.Inline, nodes.TextElement):  # noqa: N801
    """A link to a row of the register; replaced by an ordinary reference. Attributes ``fact_id``, ``table``."""


class discrepancy_uses(nodes.General, nodes.Element):  # noqa: N801
    """Where an entry is spoken of; replaced by links. Attribute ``discrepancy_id``."""


class DiscrepancyRole(ReferenceRole):
    """``{discrepancy}`id` ``: "why our number differs", linked to the entry."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the link; a wrong id becomes a warning."""
        rows = catalog(self.env.app).discrepancies
        if self.target not in rows:
            near = difflib.get_close_matches(self.target, rows, n=3, cutoff=0.5)
            hint = f"; did you mean {', '.join(near)}?" if near else ""
            path = Path(self.env.doc2path(self.env.docname))
            line = line_of(path, f"`{self.text}`", start=max(self.lineno, 1))
            text = f"unknown discrepancy {self.target!r}{hint}"
            logger.warning(text, location=f"{path}:{line}", type="bookpress", subtype="discrepancy")
            return [nodes.inline(self.rawtext, f"?{self.target}?", classes=["fact-unknown"])], []
        counts = self.env.temp_data.setdefault("bookpress-discrepancy-uses", {})
        counts[self.target] = nth = counts.get(self.target, 0) + 1
        anchor = f"see-{rows[self.target].anchor}" + (f"-{nth}" if nth > 1 else "")
        evidence_domain(self.env).note("discrepancies", self.env.docname, Use(self.target, anchor))
        shown = self.title if self.has_explicit_title else LINK_TEXT
        return [discrepancy_reference(self.rawtext, shown, discrepancy_id=self.target, ids=[anchor])], []


class DiscrepanciesDirective(SphinxDirective):
    """``{discrepancies}``: one section for every place where sources disagree."""

    has_content = False
    option_spec: ClassVar[dict[str, Any]] = {}

    def run(self) -> list[nodes.Node]:
        """Return the sections."""
        evidence = catalog(self.env.app)
        domain = evidence_domain(self.env)
        domain.data["errata"][self.env.docname] = (self.lineno, evidence.digest)
        for row in evidence.discrepancies.values():
            for fact_id in row.fact_ids:
                if fact_id not in evidence.facts:
                    text = f"discrepancy {row.id!r} names the unknown fact {fact_id!r}"
                    place = (self.env.docname, self.lineno)
                    logger.warning(text, location=place, type="bookpress", subtype="discrepancy")
        return [_entry(row, evidence) for row in evidence.discrepancies.values()]


def _entry(row: Discrepancy, evidence: Catalog) -> nodes.section:
    number = f"{row.number}. " if row.number else ""
    section = nodes.section(ids=[row.anchor], classes=["discrepancy"], from_data=True)
    section += nodes.title("", f"{number}{row.topic}")
    where = f" ({row.printed_where})" if row.printed_where else ""
    parts: list[tuple[str, nodes.Node | None]] = [
        (f"Printed{where}", _text(row.printed)),
        ("The source says", _text(row.source_says)),
        ("This book uses", _text(row.book_uses)),
        ("Why", _text(row.why)),
        ("How sure", _text(row.confidence)),
        ("Numbers concerned", _facts(row, evidence)),
        ("Spoken of in", nodes.paragraph("", "", discrepancy_uses("", discrepancy_id=row.id))),
    ]
    listing = nodes.definition_list(classes=["discrepancy-parts"])
    for name, content in parts:
        if content:
            body = nodes.definition("", content)
            listing += nodes.definition_list_item("", nodes.term("", name), body)
    section += listing
    return section


def _text(text: str) -> nodes.paragraph | None:
    return nodes.paragraph("", text) if text else None


def _facts(row: Discrepancy, evidence: Catalog) -> nodes.bullet_list | None:
    found = nodes.bullet_list(bullet="-")
    for fact_id in row.fact_ids:
        fact = evidence.facts.get(fact_id)
        if fact:
            text = f"{fact.label or fact.id}: {fact.display_interval}"
            link = fact_link("", text, fact_id=fact.id, table=fact.table)
            found += nodes.list_item("", nodes.paragraph("", "", link))
    return found if found.children else None


def _resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Turn the links into ordinary references."""
    domain = evidence_domain(app.env)
    for node in list(doctree.findall(discrepancy_reference)):
        place = domain.errata_page()
        anchor = catalog(app).discrepancies[node["discrepancy_id"]].anchor
        _replace(app, node, docname, place, anchor, "discrepancy-link")
    for link in list(doctree.findall(fact_link)):
        place = domain.register_page(link["table"])
        _replace(app, link, docname, place, f"fact-{link['fact_id']}", "fact-row-link")
    if places := list(doctree.findall(discrepancy_uses)):
        uses = domain.uses("discrepancies")
        for node in places:
            node.replace_self(links_to_uses(app, docname, uses.get(node["discrepancy_id"], [])))


def _replace(app: Sphinx, node: nodes.Element, docname: str, page: str | None, anchor: str, kind: str) -> None:
    text = nodes.Text(node.astext())
    if page:
        new: nodes.Element = make_refnode(app.builder, docname, page, anchor, text)
    else:  # a part of the book is built, without the page that lists it
        new = nodes.inline("", "", text)
    new["ids"], new["classes"] = node["ids"], [*new["classes"], kind]
    node.replace_self(new)


def links_to_uses(app: Sphinx, docname: str, uses: list[tuple[str, list[str]]]) -> list[nodes.Node]:
    """Return links to all places that use something: the page's title, then "place 2" and so on.

    A use without an anchor is in the code of a page: the link leads to the page and says so.
    """
    found: list[nodes.Node] = []
    for page, anchors in uses:
        title = app.env.titles[page].astext() if page in app.env.titles else page
        for nth, anchor in enumerate(anchors, start=1):
            named = title if anchor else f"{title} (computed)"
            text = nodes.Text(named if nth == 1 else f"place {nth}")
            found += [nodes.Text("; " if nth == 1 else ", ")] if found else []
            found.append(make_refnode(app.builder, docname, page, anchor, text))
    return found or [nodes.Text("not named in the text")]


def _check(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of every discrepancy that no chapter links to."""
    if not app.config.bookpress_discrepancies_required:
        return
    domain = evidence_domain(env)
    lists = domain.data["errata"]
    named = {use.id for doc, uses in domain.data["discrepancies"].items() if doc not in lists for use in uses}
    page = domain.errata_page()
    place = (page, lists[page][0]) if page else None
    for row in catalog(app).discrepancies.values():
        if row.id not in named:
            text = f"unused discrepancy {row.id!r} ({row.topic}): no chapter has {{discrepancy}}`{row.id}`"
            logger.warning(text, location=place, type="bookpress", subtype="discrepancy")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the role, the directive and the check."""
    app.setup_extension("bookpress.facts")
    app.add_config_value("bookpress_discrepancies_required", True, "", bool)
    app.add_role("discrepancy", DiscrepancyRole())
    app.add_directive("discrepancies", DiscrepanciesDirective)
    app.connect("doctree-resolved", _resolve)
    app.connect("env-check-consistency", _check)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
