"""Short names of sources, and links to their entry in the bibliography, when sphinxcontrib-bibtex is loaded."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode

LONGEST_TITLE = 80


def short_citation(env: BuildEnvironment, key: str) -> str:
    """Return "Brown et al., JAMA 2021" for a key of the bibliography; the key itself when there is no entry."""
    entry = _entry(env, key)
    if entry is None:
        return key
    # Asked for at each value of each page. An entry is kept with its name, so that no other can take its address.
    known = _KNOWN.get(id(entry))
    if known is None or known[0] is not entry:
        known = _KNOWN[id(entry)] = (entry, _short(entry, key))
    return known[1]


_KNOWN: dict[int, tuple[Any, str]] = {}


def _short(entry: Any, key: str) -> str:
    from pybtex.richtext import Text

    def plain(value: str) -> str:
        return str(Text.from_latex(value))

    people = entry.persons.get("author", [])
    # "others" stands for authors the bibliography does not list.
    listed = [person for person in people if str(person) != "others"]
    year = entry.fields.get("year", "")
    journal = plain(entry.fields.get("journal", ""))
    if not listed:
        title = plain(entry.fields.get("title", key))
        short = title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + " …"
        return ", ".join(part for part in (short, year) if part)
    first = plain(" ".join([*listed[0].prelast_names, *listed[0].last_names]))
    named = first if len(people) == 1 else f"{first} et al."
    if len(people) == len(listed) == 2:
        named = f"{first} and {plain(' '.join([*listed[1].prelast_names, *listed[1].last_names]))}"
    where = " ".join(part for part in (journal, year) if part)
    return f"{named}, {where}" if where else named


def linked_citation(env: BuildEnvironment, builder: Builder, docname: str, key: str) -> nodes.Node:
    """Return the short name of a source, linked to its entry if some page of the book lists it."""
    text = nodes.Text(short_citation(env, key))
    for citation in getattr(_cite_domain(env), "citations", ()):
        if citation.entry.key == key:
            page = citation.bibliography_key.docname
            return make_refnode(builder, docname, page, citation.citation_id, text)
    return text


def _cite_domain(env: BuildEnvironment) -> Any:
    return env.domains.get("cite")


def _entry(env: BuildEnvironment, key: str) -> Any:
    domain = _cite_domain(env)
    return domain.bibdata.data.entries.get(key) if domain is not None else None
