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

    def add_page(self, docname: str, tree: nodes.document) -> None:
        """Learn the ids of a page."""
        top = next(iter(tree.findall(nodes.section)), None)
        if top is not None:
            self._labels[docname, ""] = f"{docname}#{top['ids'][0]}"
        for place, node in enumerate(tree.findall(nodes.Element)):
            ids = node.get("ids", [])
            if not ids:
                continue
            # An equation without a name has a random id; its place gives one that stays.
            first = f"{node.tagname}-{place}" if UUID.search(ids[0]) else ids[0]
            for one in ids:
                self._labels.setdefault((docname, one), f"{docname}#{first}")
        for title in tree.findall(nodes.title):
            if isinstance(title.parent, nodes.section):  # a heading is copied into the contents: no label inside it
                for node in title.findall(nodes.Element):
                    for one in node.get("ids", []):
                        self._labels[docname, one] = self._labels[docname, title.parent["ids"][0]]

    def label(self, docname: str, anchor: str) -> str:
        """Return the label of an id; an unknown one keeps its own name, and no label will answer to it."""
        return self._labels.get((docname, anchor), f"{docname}#{anchor}")
