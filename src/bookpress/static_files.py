"""The press's own style sheets and scripts, in ``static/``, offered to every edition made of web pages."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

STATIC = Path(__file__).resolve().with_name("static")


def offer_static_files(app: Sphinx) -> None:
    """Let the pages find them. Any extension may ask for it, when the builder is there; it is done once."""
    if app.builder.format == "html" and str(STATIC) not in app.config.html_static_path:
        app.config.html_static_path.append(str(STATIC))
