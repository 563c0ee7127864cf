"""Numbers that come from the evidence: the roles ``fact`` and ``given``.

``{fact}`id` `` prints the value of a row of evidence with its unit, ``{fact}`id interval` `` adds its interval in
parentheses, ``{fact}`id comma` `` adds it behind a comma, for use inside parentheses. On a web page the value opens
where it comes from; every other edition prints plain text. ``{given}`21 kg` `` marks a number the author made up for a
fictional patient or an exercise. Alternative texts of images may hold ``{fact}`id` `` too.

Config: ``bookpress_facts`` (dotted name of the provider, see :mod:`bookpress.providers`), ``bookpress_status_text``
(what each status means, in words), ``bookpress_unverified_note`` (the line below a page with unverified values).
"""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from bookpress.citations import short_citation
from bookpress.domain import EvidenceDomain, Use, evidence_domain
from bookpress.fact_html import GluePunctuation, depart_fact, fact_reference, visit_fact
from bookpress.locate import first_line, line_of, source_path
from bookpress.providers import MARK, Catalog, Fact, catalog
from bookpress.static_files import offer_static_files

logger = logging.getLogger(__name__)
FORMS = ("value", "interval", "comma")
STATUS_TEXT = {
    "primary": "seen in the primary source",
    "secondary": "seen in a source that quotes the primary one",
    "review": "as printed in a review; the primary source was not seen",
    "unverified": "not verified against the source",
}
UNVERIFIED_NOTE = "Not verified against the source."
IN_ALT = re.compile(r"\{fact\}`([^`]+)`")
IN_CODE = re.compile(r"""(["'])([A-Za-z0-9][\w.-]*)\1""")


class FactRole(SphinxRole):
    """``{fact}`id` ``, ``{fact}`id interval` `` or ``{fact}`id comma` ``: a value of the evidence."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the node of the value; a wrong id becomes a warning and shows as such."""
        fact_id, form, problem = parse_target(self.text, catalog(self.env.app))
        if problem:
            self._warn(problem)
            return [nodes.inline(self.rawtext, f"?{self.text}?", classes=["fact-unknown"])], []
        fact = catalog(self.env.app).facts[fact_id]
        node = fact_node(fact, form=form)
        node["ids"] = [note_use(self.env, fact)]
        node.source, node.line = self.get_source_info()
        return [node], []

    def _warn(self, problem: str) -> None:
        # The same wrong text may stand in a paragraph more than once: each warning names its own line.
        told = self.env.temp_data.setdefault("bookpress-unknown", {})
        nth = told[self.lineno, self.text] = told.get((self.lineno, self.text), -1) + 1
        page = Path(self.env.doc2path(self.env.docname))
        named = Path(str(self.get_source_info()[0]))
        path = named if named.is_file() else page
        line = line_of(path, f"`{self.text}`", start=max(self.lineno, 1), nth=nth)
        logger.warning(problem, location=f"{path}:{line}", type="bookpress", subtype="fact")


class GivenRole(SphinxRole):
    """``{given}`21 kg` ``: a number the author made up; never evidence."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the text in a span of class ``given``."""
        return [nodes.inline(self.rawtext, self.text, classes=["given"])], []


def parse_target(text: str, evidence: Catalog) -> tuple[str, str, str]:
    """Split what a role says into id and form; the third member says what is wrong, or is empty."""
    fact_id, _, form = text.strip().partition(" ")
    form = form.strip() or "value"
    if fact_id not in evidence.facts:
        near = difflib.get_close_matches(fact_id, evidence.facts, n=3, cutoff=0.6)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        return fact_id, form, f"unknown fact {fact_id!r}{hint}"
    if form not in FORMS:
        return fact_id, form, f"fact {fact_id!r}: unknown form {form!r}; write nothing, 'interval' or 'comma'"
    if form != "value" and not evidence.facts[fact_id].interval_text:
        return fact_id, form, f"fact {fact_id!r} has no interval; leave the word {form!r} out"
    return fact_id, form, ""


def fact_node(fact: Fact, *, form: str) -> fact_reference:
    """Return the node of a value, with the printed text as its only child and where it comes from as attributes."""
    return fact_reference(
        "",
        fact.shown(form),
        fact_id=fact.id,
        form=form,
        table=fact.table,
        fact_label=fact.label,
        value=fact.text,
        mark=fact.mark,
        interval=fact.interval_text,
        interval_mark=fact.interval_mark,
        fact_source=fact.source,
        locator=fact.locator,
        status=fact.status,
        interval_status=fact.interval_status,
        checked=fact.checked,
    )


def note_use(env: BuildEnvironment, fact: Fact) -> str:
    """Record that the page being read uses a fact; return the anchor of this use."""
    counts = env.temp_data.setdefault("bookpress-fact-uses", {})
    counts[fact.id] = counts.get(fact.id, 0) + 1
    anchor = f"use-{fact.id}" if counts[fact.id] == 1 else f"use-{fact.id}-{counts[fact.id]}"
    domain = evidence_domain(env)
    domain.note("facts", env.docname, Use(fact.id, anchor))
    domain.note_seen(env.docname, fact.id, fact.digest)
    return anchor


def _fill_alternative_texts(app: Sphinx, doctree: nodes.document) -> None:
    """Replace ``{fact}`id` `` in the alternative texts of images, where no role is parsed."""
    env = app.env
    for image in doctree.findall(nodes.image):
        alt = image.get("alt", "")
        for match in list(IN_ALT.finditer(alt)):
            fact_id, form, problem = parse_target(match[1], catalog(app))
            if problem:
                path = source_path(image, env, env.docname)
                line = line_of(path, match[0], start=first_line(image))
                logger.warning(problem, location=f"{path}:{line}", type="bookpress", subtype="fact")
                continue
            fact = catalog(app).facts[fact_id]
            alt = alt.replace(match[0], fact.shown(form))
            evidence_domain(env).note_seen(env.docname, fact.id, fact.digest)
        # Numbers that were filled in are not typed; the gate reads what the author wrote.
        if alt != image.get("alt", ""):
            image["typed_alt"] = IN_ALT.sub("\ufffc", image["alt"])
            image["alt"] = alt


def _note_code(app: Sphinx, docname: str, source: list[str]) -> None:
    """Remember the facts that the code of a page names, as ``fact("able-share")``: they are used there as well."""
    named = dict.fromkeys(match[2] for match in IN_CODE.finditer(source[0]))
    for fact_id in named:
        fact = catalog(app).facts.get(fact_id)
        if fact:
            evidence_domain(app.env).note("code", docname, Use(fact.id, ""))
            evidence_domain(app.env).note_seen(docname, fact.id, fact.digest)


def _add_note(app: Sphinx, doctree: nodes.document) -> None:
    """Say below a page with unverified values what their mark means."""
    marked = [node for node in doctree.findall(fact_reference) if node["mark"] or node["interval_mark"]]
    if not marked:
        return
    sections = [child for child in doctree.children if isinstance(child, nodes.section)]
    place: nodes.Element = sections[-1] if sections else doctree
    text = f"{MARK} {app.config.bookpress_unverified_note}"
    place += nodes.paragraph("", text, classes=["fact-legend"], from_data=True)


def _resolve(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Give each value what is only known when all pages are read: the names of sources, and where its row stands."""
    domain = evidence_domain(app.env)
    for node in doctree.findall(fact_reference):
        node["source_text"] = short_citation(app.env, node["fact_source"])
        node["status_text"] = status_text(app, node["status"])
        node["interval_status_text"] = status_text(app, node["interval_status"])
        node["register_docname"] = domain.register_page(node["table"]) or ""
        disputed = catalog(app).disputed(node["fact_id"])
        node["discrepancy_docname"] = (domain.errata_page() or "") if disputed else ""
        node["discrepancy_anchor"] = disputed.anchor if disputed else ""


def status_text(app: Sphinx, status: str) -> str:
    """Return a status in words."""
    known: dict[str, str] = STATUS_TEXT | app.config.bookpress_status_text
    return known.get(status, status)


def _stale(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """Return the pages that print a fact which has changed or gone since they were read."""
    del added, changed, removed
    now = {fact.id: fact.digest for fact in catalog(app).facts.values()}
    seen: dict[str, dict[str, str]] = evidence_domain(env).data["seen"]
    stale = {doc for doc, facts in seen.items() if any(now.get(one) != digest for one, digest in facts.items())}
    return sorted(stale & env.found_docs)


def _free_escape_key(_app: Sphinx, config: Config) -> None:
    """Switch Sphinx's own search keys off: their script takes the Escape key, which must close an open note."""
    config.html_theme_options.setdefault("enable_search_shortcuts", False)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the roles, their node, and what a book may configure."""
    app.add_config_value("bookpress_facts", "", "env", str)
    app.add_config_value("bookpress_status_text", {}, "env", dict)
    app.add_config_value("bookpress_unverified_note", UNVERIFIED_NOTE, "env", str)
    app.add_domain(EvidenceDomain)
    # One handler for every builder that writes HTML: a handler for "epub" alone would hide all other "html" handlers.
    plain = (depart_fact, depart_fact)
    app.add_node(fact_reference, html=(visit_fact, depart_fact), text=plain, latex=plain, man=plain, texinfo=plain)
    app.add_role("fact", FactRole())
    app.add_role("given", GivenRole())
    app.add_post_transform(GluePunctuation)
    app.add_css_file("facts.css")
    app.connect("config-inited", _free_escape_key)
    app.connect("builder-inited", offer_static_files)
    app.connect("env-get-outdated", _stale)
    app.connect("source-read", _note_code)
    app.connect("doctree-read", _fill_alternative_texts, priority=400)
    app.connect("doctree-read", _add_note, priority=600)
    app.connect("doctree-resolved", _resolve)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
