"""The print edition: the whole book and a handout for each chapter, as accessible PDF, by pip alone.

Config: ``bookpdf_name`` (file name of the whole book), ``bookpdf_cover`` (an SVG with a ``<desc>``), ``bookpdf_notice``
(a line at the foot of every page), ``bookpdf_license`` (a line of the imprint).
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

from bookpress.print.builder import BookPdfBuilder
from bookpress.print.outputs import PREFERRED, CheckOutputs


def _prefer_vector_pictures(_app: Sphinx, config: Config) -> None:
    """Tell myst-nb which of the forms of a cell's output this builder prints."""
    if "nb_mime_priority_overrides" in config.values:
        given = list(config.nb_mime_priority_overrides)
        ours = [(BookPdfBuilder.name, kind, place) for place, kind in enumerate(PREFERRED, start=1)]
        config.nb_mime_priority_overrides = [*given, *(one for one in ours if one not in given)]


def _clear(app: Sphinx, _error: Exception | None) -> None:
    """Leave nothing but the PDF files: other extensions put their web files into every builder's folder."""
    if app.builder.name == BookPdfBuilder.name:
        for folder in Path(app.outdir).iterdir():
            if folder.is_dir():
                shutil.rmtree(folder)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the builder and what a book may configure."""
    app.add_config_value("bookpdf_name", "book", "", str)
    app.add_config_value("bookpdf_cover", "", "", str)
    app.add_config_value("bookpdf_notice", "", "", str)
    app.add_config_value("bookpdf_license", "", "", str)
    app.add_builder(BookPdfBuilder)
    app.add_post_transform(CheckOutputs)
    app.connect("build-finished", _clear, priority=999)
    app.connect("config-inited", _prefer_vector_pictures)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
