"""The names of places: one Typst label for each node that something can refer to.

A node may have several ids; all of them mean the label made from its first. Labels of one book must differ, so each
begins with the page's name.
"""

from __future__ import annotations

import re

from docutils import nodes

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class Names:
    """Which label stands for which id of which page."""

    def __init__(self) -> None:
        """Know no page yet."""
        self._labels: dict[tuple[str, str], str] = {}

    def add_page(self, docname: str, labels: dict[str, str]) -> None:
        """Learn the ids of a page, as :func:`labels_of` finds them."""
        self._labels.update(((docname, one), label) for one, label in labels.items())

    def label(self, docname: str, anchor: str) -> str:
        """Return the label of an id; an unknown one keeps its own name, and no label will answer to it."""
        return self._labels.get((docname, anchor), f"{docname}#{anchor}")


def labels_of(docname: str, tree: nodes.document) -> dict[str, str]:
    """Return the label for each id of a page; the page itself has an empty id."""
    labels: dict[str, str] = {}
    top = next(iter(tree.findall(nodes.section)), None)
    if top is not None:
        labels[""] = f"{docname}#{top['ids'][0]}"
    for place, node in enumerate(tree.findall(nodes.Element)):
        ids = node.get("ids", [])
        if not ids:
            continue
        # An equation without a name has a random id; its place gives one that stays.
        first = f"{node.tagname}-{place}" if UUID.search(ids[0]) else ids[0]
        for one in ids:
            labels.setdefault(one, f"{docname}#{first}")
    for title in tree.findall(nodes.title):
        if isinstance(title.parent, nodes.section):  # a heading is copied into the contents: no label inside it
            for node in title.findall(nodes.Element):
                for one in node.get("ids", []):
                    labels[one] = labels[title.parent["ids"][0]]
    return labels
