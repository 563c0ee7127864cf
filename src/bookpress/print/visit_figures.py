"""Figures and pictures, with the numbers of the web edition."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docutils import nodes

from bookpress.print.markup import boolean, call, content, string

# myst-nb falls back to the file name where the author gave no description.
FILE_NAME = re.compile(r"\S+\.(?:png|svg|jpe?g|gif)")
# What a figure may stand in and still float to another place of the page.
FLOWING = (nodes.section, nodes.container, nodes.document)
PRINTABLE = {".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp"}


class FigureVisitors:
    """Figures, their captions, and pictures."""

    printing: Any
    docname: str
    figure_numbers: dict[str, dict[str, tuple[int, ...]]]

    render: Any
    children: Any
    all: Any
    anchor: Any
    label_of: Any
    mark: Any
    warn: Any

    def number_of(self, node: nodes.Element) -> str:
        """Return the name and number of a figure, table or listing as the web edition prints it, such as "Fig. 4.1"."""
        kind = {"figure": "figure", "table": "table"}.get(node.tagname, "code-block")
        known = self.figure_numbers.get(kind, {})
        number = next((known[one] for one in node["ids"] if one in known), ())
        if not number:
            return ""
        return str(self.printing.config.numfig_format.get(kind, "%s") % ".".join(map(str, number)))

    def captioned(self, node: nodes.Element, kind: str, caption: str, body: str, legend: str = "") -> str:
        """Return a figure, table, or listing with its caption."""
        name = self.number_of(node)
        lines = call(
            "fig",
            string(kind),
            string(name),
            string(self.label_of(node)),
            content(caption),
            floats=boolean(kind == "figure" and self._is_free(node)),
            body=body + (call("legend", body=legend) if legend else ""),
        )
        return f"{self.mark(node)}{lines}\n"

    def _is_free(self, node: nodes.Element) -> bool:
        """Tell whether a figure stands in the running text, and not in a box, a list, or a table."""
        if self.docname == self.printing.config.root_doc:
            return False  # the title of the book comes first
        parent = node.parent
        while parent is not None:
            if not isinstance(parent, FLOWING) or "solution-content" in parent["ids"] or parent.get("design_component"):
                return False
            parent = parent.parent
        return True

    def print_figure(self, node: nodes.figure) -> str:
        """A figure with its caption and legend."""
        caption, legend, body = [], [], []
        for child in node.children:
            kind = caption if isinstance(child, nodes.caption) else legend if isinstance(child, nodes.legend) else body
            kind.append(child)
        told = "".join(self.children(one) for one in caption)
        return self.captioned(node, "figure", told, self.all(body), "".join(map(self.children, legend)))

    def print_image(self, node: nodes.image) -> str:
        """A picture with its alternative text. One without it, or one that is missing, is refused."""
        alt = node.get("alt", "").strip()
        if not alt or FILE_NAME.fullmatch(alt):
            self.warn(node, "the picture %s has no alternative text; say what it shows", node["uri"])
            alt = "A picture without a description."
        file = Path(self.printing.builder.srcdir, node["uri"])
        if not file.is_file() or file.suffix.lower() not in PRINTABLE:
            self.warn(
                node, "the picture %s is missing or cannot be printed (%s can)", node["uri"], ", ".join(PRINTABLE)
            )
            return ""
        name = self.printing.add_image(file)
        is_block = isinstance(node.parent, (nodes.figure, nodes.section, nodes.container, nodes.document))
        width = node.get("width", "")
        return call(
            "picture" if is_block else "inline-picture",
            string(f"images/{name}"),
            alt=string(" ".join(alt.split())),
            width=width if re.fullmatch(r"\d+(?:\.\d+)?%", width) else "auto",
        )

    def print_caption(self, node: nodes.Element) -> str:
        """A caption that no figure, table, or listing has taken."""
        return f"\n{call('strong', body=self.children(node))}\n"

    def print_legend(self, node: nodes.Element) -> str:
        """A legend outside a figure."""
        return f"\n{call('legend', body=self.children(node))}\n"
