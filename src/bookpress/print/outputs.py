"""Which form of a cell's output is printed, and the gate against outputs that would vanish on paper."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

logger = logging.getLogger(__name__)
PREFERRED = (
    "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/html", "text/latex", "text/plain",
)  # fmt: skip
FALLBACK = "text/plain"


class CheckOutputs(SphinxPostTransform):
    """Refuse an output whose only printable form is the plain text that stands in for something richer."""

    default_priority = 3  # before myst-nb chooses one form and drops the others
    formats = ("typst",)

    def run(self, **_options: Any) -> None:
        """Look at every output that comes in several forms."""
        for bundle in self.document.findall(nodes.container):
            if bundle.get("nb_element") != "mime_bundle":
                continue
            kinds = [child["mime_type"] for child in bundle.children if isinstance(child, nodes.Element)]
            unknown = [kind for kind in kinds if kind not in PREFERRED]
            if unknown and all(kind not in PREFERRED or kind == FALLBACK for kind in kinds):
                text = (
                    "an output of the type %s cannot be printed; let the cell also give SVG, Markdown, or an HTML table"
                )
                logger.warning(text, ", ".join(unknown), location=bundle, type="bookpress", subtype="print")
