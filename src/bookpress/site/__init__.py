"""The finished web edition: markup mended, assets trimmed and joined, no network allowed, and gates.

The gates refuse a page that would not work offline.
"""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

from bookpress.site.assets import trim_assets
from bookpress.site.bundle import bundle_pages
from bookpress.site.first_view import hasten_pages
from bookpress.site.gates import check_pages
from bookpress.site.markup import mend_pages
from bookpress.site.policy import set_policies
from bookpress.site.stamp import stamp_pages


def _finish(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.name != "html":
        return
    out = Path(app.outdir)
    mend_pages(out)
    trim_assets(out)
    hasten_pages(out)
    bundle_pages(out)
    stamp_pages(out)
    set_policies(out)
    check_pages(out)


def setup(app: Sphinx) -> dict[str, bool]:
    """Run after the HTML builder; register a value that Jupyter Book sets even without its comments extension."""
    app.add_config_value("comments_config", {}, "html", dict)
    # After the theme, which writes its colors of code last of all; before `bookpress.live` ships its parts at 600.
    app.connect("build-finished", _finish, priority=550)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
