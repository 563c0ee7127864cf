"""Python in the page: live cells and calculators that run the book's own modules, with no server and no network.

Three scripts do it. ``live.js`` is linked on pages that need it, and small. On the reader's first click it loads two
more from ``live/``, beside the pages: the Python runtime of ``vendor/pyodide``, and the book's modules byte for byte.
Which modules travel is said in ``bookpress_live_files``; the press knows none of them.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from bookpress.live.bundle import BundleError, script
from bookpress.static_files import offer_static_files

RUNTIME = Path(__file__).resolve().parents[3] / "vendor" / "pyodide" / "python-runtime.js"
NEEDED_BY = ("tag_live", "live-calc")


def _prepare(app: Sphinx) -> None:
    """Put the press's small scripts among the static files, and make the script of the book's modules."""
    if app.builder.name != "html":
        return
    # Written last of all: the trimming of the pages would read through it, and take its words for names of styles.
    shutil.rmtree(Path(app.outdir) / "live", ignore_errors=True)
    offer_static_files(app)
    try:
        app.bookpress_modules = script(  # type: ignore[attr-defined]
            Path(app.srcdir).parent,
            patterns=list(app.config.bookpress_live_files),
            path=list(app.config.bookpress_live_path),
            calculators=app.config.bookpress_calculators,
        )
    except BundleError as error:
        raise ExtensionError(str(error)) from error


def runs_python(markup: str) -> bool:
    """Return True if a page holds a live cell or a calculator."""
    return any(name in markup for name in NEEDED_BY)


def _link_files(
    app: Sphinx, _page: str, _template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    if doctree is None or app.builder.name != "html" or not runs_python(context.get("body", "")):
        return
    app.add_css_file("live.css")
    # The stamps keep a browser from mixing two editions: these two files are not named in the page's own markup.
    stamps = {"data-runtime": _stamp(RUNTIME.read_bytes()), "data-modules": _stamp(app.bookpress_modules.encode())}  # type: ignore[attr-defined]
    app.add_js_file("live.js", loading_method="defer", **stamps)


def _stamp(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:8]


def _ship(app: Sphinx, exception: Exception | None) -> None:
    """Write both scripts beside the pages. Not in ``_static``: what lies there is linked on every page."""
    if exception is not None or app.builder.name != "html":
        return
    folder = Path(app.outdir) / "live"
    folder.mkdir(exist_ok=True)
    folder.joinpath("book-modules.js").write_text(app.bookpress_modules, encoding="utf-8")  # type: ignore[attr-defined]
    for file in sorted(RUNTIME.parent.iterdir()):
        shutil.copy(file, folder / file.name)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the settings and connect to the build of the pages."""
    for name, default in (("bookpress_live_files", []), ("bookpress_live_path", []), ("bookpress_calculators", "")):
        if name not in app.config.values:  # the calculators' own extension may have asked for the same setting
            app.add_config_value(name, default, "html", (str, list, tuple))
    app.connect("builder-inited", _prepare)
    app.connect("html-page-context", _link_files)
    app.connect("build-finished", _ship, priority=600)  # after `bookpress.site`, see _prepare
    return {"parallel_read_safe": True, "parallel_write_safe": True}
