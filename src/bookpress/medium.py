"""What the readers of an edition can do: a web page can hold forms and scripts, an e-book and paper cannot."""

from __future__ import annotations

from sphinx.builders import Builder
from sphinx.builders._epub_base import EpubBuilder


def has_forms(builder: Builder) -> bool:
    """Tell whether the pages of a builder can hold forms and scripts."""
    return builder.format == "html" and not isinstance(builder, EpubBuilder)
