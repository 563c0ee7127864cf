"""How the pages look: the press's own style sheets and the style of formulas, all served from the book's folder."""

from __future__ import annotations

import re
from pathlib import Path

from sphinx.application import Sphinx

from bookpress.static_files import offer_static_files

TEMML_STYLE = Path(__file__).resolve().parents[2] / "vendor" / "temml" / "Temml-Local.css"
FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")


def formula_style(font: str) -> str:
    """Return the style sheet of formulas; `font` is where the math font lies, as seen from it."""
    # Temml's style without its own script-letter font, which no formula of a book like this needs.
    style = FONT_FACE.sub("", TEMML_STYLE.read_text(encoding="utf-8"))
    face = f"@font-face{{font-family:'STIXTwoMath-Regular';src:url('{font}') format('woff2');font-display:swap}}\n"
    return face + style


def _static_files(app: Sphinx) -> None:
    if app.builder.format != "html" or getattr(app.builder, "embedded", False):  # an e-book packs its own files
        return
    offer_static_files(app)
    target = Path(app.outdir) / "_static" / "formulas.css"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(formula_style("fonts/stix-two-math.woff2"), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the style sheets; each other extension of the press adds its own."""
    app.connect("builder-inited", _static_files)
    app.add_css_file("formulas.css")
    app.add_css_file("book.css", priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
