"""The press's memory of a build: which page uses which fact and which discrepancy, and which page lists them.

A Sphinx domain, because Sphinx then forgets a page that is read again and gathers what parallel readers found.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Any, NamedTuple

from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment


class Use(NamedTuple):
    """One place of a page that names a fact or a discrepancy."""

    id: str
    anchor: str


class EvidenceDomain(Domain):
    """Uses of facts and discrepancies, by page."""

    name = "evidence"
    label = "Evidence"
    data_version = 2
    initial_data = {  # noqa: RUF012 (Sphinx reads it as a class attribute and copies it)
        "facts": {},  # page -> list of Use
        "code": {},  # page -> list of Use without anchor: named by the code of a cell
        "seen": {},  # page -> {fact id: digest when the page was read}
        "discrepancies": {},  # page -> list of Use
        "register": {},  # page with a register -> (tables, digest of the catalog)
        "errata": {},  # page with the list of discrepancies -> (line, digest of the catalog)
    }

    def clear_doc(self, docname: str) -> None:
        """Forget a page that is about to be read again or is gone."""
        for part in self.initial_data:
            self.data[part].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over what a parallel reader found."""
        for part in self.initial_data:
            self.data[part].update({doc: what for doc, what in otherdata[part].items() if doc in docnames})

    def resolve_any_xref(self, *args: object, **kwargs: object) -> list[Any]:
        """Return nothing: facts are named by their role only."""
        del args, kwargs
        return []

    def note(self, part: str, docname: str, found: Use) -> None:
        """Remember that a page uses something."""
        self.data[part].setdefault(docname, []).append(found)

    def note_seen(self, docname: str, fact_id: str, digest: str) -> None:
        """Remember what a fact looked like when the page was read."""
        self.data["seen"].setdefault(docname, {})[fact_id] = digest

    def uses(self, part: str) -> dict[str, list[tuple[str, list[str]]]]:
        """Return, for each id, the pages that use it with the anchors there, in the order of the table of contents."""
        found: dict[str, list[tuple[str, list[str]]]] = {}
        for docname in reading_order(self.env):
            here: dict[str, list[str]] = {}
            for use in self.data[part].get(docname, ()):
                here.setdefault(use.id, []).append(use.anchor)
            for one, anchors in here.items():
                found.setdefault(one, []).append((docname, anchors))
        return found

    def register_page(self, table: str) -> str | None:
        """Return the page whose register holds a table."""
        pages = sorted(doc for doc, (tables, _) in self.data["register"].items() if table in tables)
        return pages[0] if pages else None

    def errata_page(self) -> str | None:
        """Return the page that lists the discrepancies."""
        pages = sorted(self.data["errata"])
        return pages[0] if pages else None


def evidence_domain(env: BuildEnvironment) -> EvidenceDomain:
    """Return the domain of an environment."""
    domain = env.get_domain(EvidenceDomain.name)
    assert isinstance(domain, EvidenceDomain)
    return domain


def reading_order(env: BuildEnvironment) -> list[str]:
    """Return all pages, as the table of contents has them; pages outside it come last."""
    order: dict[str, None] = {}

    def walk(docname: str) -> None:
        if docname not in order and docname in env.found_docs:
            order[docname] = None
            for child in env.toctree_includes.get(docname, []):
                walk(child)

    walk(env.config.root_doc)
    return [*order, *sorted(env.found_docs - order.keys())]
