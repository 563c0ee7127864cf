"""The e-book: one EPUB 3 file of the whole book, which opens in any reader and loads nothing from outside.

Sphinx's own EPUB builder gives the translation of pages; everything around them is the press's: the pages themselves
(:mod:`~bookpress.epub.page`), what moves to a chapter's end (:mod:`~bookpress.epub.rearrange`), cover, contents and
package (:mod:`~bookpress.epub.package`), and gates (:mod:`~bookpress.epub.gates`).

Config: ``epub_basename``, ``epub_identifier``, ``epub_description``, ``epub_copyright``, ``epub_publisher`` as in
Sphinx; ``bookpress_notice`` (the line at the foot of every page), ``bookpress_epub_cover`` (an SVG with a ``<desc>``,
relative to the source folder), ``bookpress_epub_accessibility`` (a summary in words).
"""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.config import Config

from bookpress.epub.builder import NAME, BookEpubBuilder
from bookpress.epub.rearrange import Rearrange

# What a cell shows in an e-book: as on a web page, without anything that needs a script.
MIME_TYPES = ("text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/plain")


def _choose_outputs(_app: Sphinx, config: Config) -> None:
    """Tell myst-nb which form of an output this builder takes; it knows Sphinx's own builders alone."""
    if "nb_mime_priority_overrides" in config:
        ours = tuple((NAME, mime, place) for place, mime in enumerate(MIME_TYPES))
        config.nb_mime_priority_overrides = (*config.nb_mime_priority_overrides, *ours)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the builder and its settings."""
    for name, default in (
        ("bookpress_notice", ""),
        ("bookpress_epub_cover", ""),
        ("bookpress_epub_accessibility", ""),
    ):
        if name not in app.config.values:
            app.add_config_value(name, default, "epub", str)
    app.add_builder(BookEpubBuilder)
    app.add_post_transform(Rearrange)
    app.connect("config-inited", _choose_outputs, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
