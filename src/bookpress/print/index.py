"""The index at the back: each term of the glossary and each index entry, with the pages that use it."""

from __future__ import annotations

from sphinx.environment.adapters.indexentries import IndexEntries

from bookpress.print.edition import Printing
from bookpress.print.markup import array, call, content, escape, string


def print_index(printing: Printing) -> str:
    """Return the index. A term of the glossary lists the places that use it; the page of its entry comes in bold."""
    groups = []
    for letter, entries in IndexEntries(printing.env).create_index(printing.builder):
        lines = []
        for name, (links, subentries, _) in entries:
            lines.append(_line(printing, name, links, is_sub=False))
            lines += [_line(printing, subname, sublinks, is_sub=True) for subname, sublinks in subentries]
        groups.append(f"({content(escape(letter))}, {array([line for line in lines if line])})")
    return call("index", *groups) + "\n" if groups else ""


def _line(printing: Printing, name: str, links: list[tuple[str, str]], *, is_sub: bool) -> str:
    main: list[str] = []
    uses: list[str] = []
    for _, address in links:
        docname, _, anchor = address.removeprefix("%").partition("#")
        label = printing.names.label(docname, anchor)
        if label in printing.gathered.made:
            (main if (docname, anchor) in printing.glossary else uses).append(label)
        uses += printing.gathered.term_uses.get(label, [])
    places = [f"({string(one)}, false)" for one in uses] + [f"({string(one)}, true)" for one in main]
    return f"({content(escape(name))}, {array(places)}, {'true' if is_sub else 'false'})"
