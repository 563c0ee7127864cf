"""The evidence register: every number of a book, its source, and the places that use it.

``{evidence-register}`` makes one section and one table for each table of evidence; names of tables as its argument
limit it to those, so that a long register may be spread over pages. Each row has the anchor ``fact-<id>``.

Config: ``bookpress_table_titles`` (name of a table to its heading), and those of :mod:`bookpress.facts`.
"""

from __future__ import annotations

import difflib
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from bookpress.citations import linked_citation
from bookpress.discrepancies import links_to_uses
from bookpress.domain import evidence_domain
from bookpress.facts import status_text
from bookpress.providers import Fact, catalog

logger = logging.getLogger(__name__)
COLUMNS = (("What", 28), ("Value", 17), ("Source", 22), ("Status", 15), ("Used in", 18))


class fact_uses(nodes.General, nodes.Element):  # noqa: N801
    """Where a fact is used; replaced by links once all pages are read. Attribute ``fact_id``."""


class fact_citation(nodes.General, nodes.Element):  # noqa: N801
    """The source of a fact; replaced by a link to the bibliography. Attribute ``key``."""


class RegisterDirective(SphinxDirective):
    """``{evidence-register} [table ...]``: all facts, or those of the tables named."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return a section for each table."""
        evidence = catalog(self.env.app)
        wanted = self.arguments[0].split() if self.arguments else list(evidence.tables)
        for name in [one for one in wanted if one not in evidence.tables]:
            near = difflib.get_close_matches(name, evidence.tables, n=3)
            hint = f"; did you mean {', '.join(near)}?" if near else f"; there are {', '.join(evidence.tables)}"
            place = (self.env.docname, self.lineno)
            logger.warning(
                f"unknown table of evidence {name!r}{hint}", location=place, type="bookpress", subtype="register"
            )
        tables = tuple(name for name in wanted if name in evidence.tables)
        evidence_domain(self.env).data["register"][self.env.docname] = (tables, evidence.digest)
        return [self._section(name, evidence.in_table(name)) for name in tables]

    def _section(self, name: str, facts: list[Fact]) -> nodes.section:
        title = table_title(self.env.app, name)
        section = nodes.section(ids=[f"register-{name.replace('_', '-')}"], classes=["fact-register"], from_data=True)
        section += nodes.title("", title)
        rows = "1 row" if len(facts) == 1 else f"{len(facts)} rows"
        caption = f"{title}: every value with its source and the places that use it ({rows})."
        group = nodes.tgroup(cols=len(COLUMNS))
        group += [nodes.colspec(colwidth=width, stub=int(not place)) for place, (_, width) in enumerate(COLUMNS)]
        head = nodes.row("", *(nodes.entry("", nodes.paragraph("", text)) for text, _ in COLUMNS))
        group += nodes.thead("", head)
        group += nodes.tbody("", *(self._row(fact) for fact in facts))
        section += nodes.table("", nodes.title("", caption), group, classes=["fact-register-table"])
        return section

    def _row(self, fact: Fact) -> nodes.row:
        what = [nodes.paragraph("", fact.label or fact.id, ids=[f"fact-{fact.id}"])]
        if fact.label:
            what.append(nodes.paragraph("", "", nodes.literal("", fact.id), classes=["fact-id"]))
        value = nodes.paragraph("", fact.display_interval)
        source = [nodes.paragraph("", "", fact_citation("", key=fact.source))] if fact.source else []
        source += [nodes.paragraph("", fact.locator, classes=["fact-locator"])] if fact.locator else []
        status = [nodes.paragraph("", _sentence(status_text(self.env.app, fact.status)))]
        if fact.interval_text and fact.interval_status not in ("", fact.status):
            status.append(nodes.paragraph("", f"Interval: {status_text(self.env.app, fact.interval_status)}"))
        if fact.checked:
            day = nodes.inline("", fact.checked, classes=["fact-day"])
            status.append(nodes.paragraph("", "", nodes.Text("Checked "), day, classes=["fact-checked"]))
        uses = nodes.paragraph("", "", fact_uses("", fact_id=fact.id))
        cells = (what, [value], source, status, [uses])
        return nodes.row("", *(nodes.entry("", *cell) for cell in cells))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def table_title(app: Sphinx, name: str) -> str:
    """Return the heading of a table of evidence."""
    return str(app.config.bookpress_table_titles.get(name, _sentence(name.replace("_", " "))))


def _resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Fill in what is only known when all pages are read."""
    for cell in list(doctree.findall(fact_citation)):
        cell.replace_self(linked_citation(app.env, app.builder, docname, cell["key"]))
    places = list(doctree.findall(fact_uses))
    domain = evidence_domain(app.env)
    uses, code = (domain.uses("facts"), domain.uses("code")) if places else ({}, {})
    for place in places:
        named = uses.get(place["fact_id"], [])
        pages = {page for page, _ in named}
        computed = [(page, anchors) for page, anchors in code.get(place["fact_id"], []) if page not in pages]
        place.replace_self(links_to_uses(app, docname, [*named, *computed]))


def _stale(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """Name the lists that were read from other evidence than there is now."""
    del added, changed, removed
    domain, now = evidence_domain(env), catalog(app).digest
    pages = [*domain.data["register"].items(), *domain.data["errata"].items()]
    return sorted({doc for doc, (_, digest) in pages if digest != now} & env.found_docs)


def _visit_entry(translator: Any, node: nodes.entry) -> None:
    """Let the header cells of a register say which way they point; all other cells stay as the theme writes them."""
    start = len(translator.body)
    type(translator).visit_entry(translator, node)
    table = node.parent.parent.parent.parent
    if "fact-register-table" in table["classes"]:
        scope = "col" if isinstance(node.parent.parent, nodes.thead) else "row"
        cells = translator.body[start:]
        translator.body[start:] = [cell.replace("<th ", f'<th scope="{scope}" ', 1) for cell in cells]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.setup_extension("bookpress.discrepancies")
    app.add_config_value("bookpress_table_titles", {}, "env", dict)
    app.add_directive("evidence-register", RegisterDirective)
    app.add_node(nodes.entry, override=True, html=(_visit_entry, None))
    app.connect("env-get-outdated", _stale)
    app.connect("doctree-resolved", _resolve)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
